//! The work of a [`Deliverer`](super::Deliverer): claim, send, settle, and when to do it again.

use std::collections::{BTreeSet, HashSet, VecDeque};
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use futures_util::StreamExt as _;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};
use voicera::ports::archive::ArchiveError;
use voicera::words::CallId;

use super::attempt::{Attempt, Verdict};
use super::health::Health;
use super::{Route, Settings};
use crate::outbox::{Claim, Parcel};

/// How long a written parcel waits for others, so that a busy server asks the archive for many at
/// a time.
const GATHER: Duration = Duration::from_millis(50);

/// How many times the concurrency is claimed, so that the parcels of one call, which wait for each
/// other, do not leave the rest idle.
const AHEAD: usize = 2;

/// The longest time that a setting can ask for: no clock overflows.
const LONGEST: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// The most moments that are known in advance; beyond them the poll finds what is due.
const MOMENTS: usize = 1024;

pub(super) struct Rounds {
    route: Route,
    settings: Settings,
    now: fn() -> SystemTime,
    health: Health,
    steps: FuturesUnordered<BoxFuture<'static, Step>>,
    claiming: bool,
    /// The oldest first.
    claimed: VecDeque<Claimed>,
    sending: HashSet<CallId>,
    /// When to claim next.
    next: Instant,
    /// Nothing is claimed or sent before.
    rest: Instant,
    /// When parcels that failed are due.
    dues: BTreeSet<Instant>,
}

struct Claimed {
    parcel: Parcel,
    /// Later than this another server may send it, too.
    until: Instant,
}

enum Step {
    Claimed {
        limit: usize,
        until: Instant,
        parcels: Result<Vec<Parcel>, ArchiveError>,
    },
    Sent {
        parcel: Parcel,
        verdict: Verdict,
        settled: Result<(), ArchiveError>,
    },
}

impl Rounds {
    pub(super) fn new(route: Route, mut settings: Settings, now: fn() -> SystemTime) -> Self {
        for time in [
            &mut settings.first_pause,
            &mut settings.longest_pause,
            &mut settings.timeout,
            &mut settings.lease,
            &mut settings.poll,
        ] {
            *time = (*time).min(LONGEST);
        }
        Self {
            health: Health::new(route.destination.clone()),
            route,
            settings,
            now,
            steps: FuturesUnordered::new(),
            claiming: false,
            claimed: VecDeque::new(),
            sending: HashSet::new(),
            next: Instant::now(),
            rest: Instant::now(),
            dues: BTreeSet::new(),
        }
    }

    pub(super) async fn run(mut self, mut told: watch::Receiver<bool>) {
        // An error means that the deliverer is gone, and this task is being aborted.
        let mut stopping = pin!(told.wait_for(|stopping| *stopping));
        // It hears of what is written from here on, whatever this task is doing.
        let mut written = pin!(Arc::clone(&self.route.written).notified_owned());
        loop {
            self.send();
            self.claim();
            let wake = self.wake();
            tokio::select! {
                biased;
                _ = &mut stopping => break,
                Some(step) = self.steps.next() => self.take(step),
                () = &mut written => {
                    written.set(Arc::clone(&self.route.written).notified_owned());
                    self.next = self.next.min(Instant::now() + GATHER);
                }
                () = sleep_until(wake.unwrap_or_else(Instant::now)), if wake.is_some() => {}
            }
        }
        while let Some(step) = self.steps.next().await {
            self.take(step);
        }
    }

    /// Begins to send what is claimed, one parcel of a call at a time.
    fn send(&mut self) {
        let now = Instant::now();
        if now < self.rest {
            return;
        }
        self.claimed.retain(|claimed| now < claimed.until);
        while self.sending.len() < self.concurrency() {
            let ready = |claimed: &Claimed| !self.sending.contains(claimed.parcel.subject.call());
            let Some(index) = self.claimed.iter().position(ready) else {
                return;
            };
            let Some(Claimed { parcel, .. }) = self.claimed.remove(index) else {
                return;
            };
            self.sending.insert(parcel.subject.call().clone());
            let attempt = Attempt {
                courier: Arc::clone(&self.route.courier),
                settings: self.settings.clone(),
                now: self.now,
            };
            let (outbox, clock) = (Arc::clone(&self.route.outbox), self.now);
            self.steps.push(Box::pin(async move {
                let verdict = attempt.make(&parcel).await;
                let settled = outbox.settle(&parcel, &verdict.outcome(clock())).await;
                Step::Sent {
                    parcel,
                    verdict,
                    settled,
                }
            }));
        }
    }

    /// Asks the outbox for as much as there is room, when it is time to.
    fn claim(&mut self) {
        let now = Instant::now();
        let limit = self.room();
        if limit == 0 || now < self.next.max(self.rest) {
            return;
        }
        self.claiming = true;
        self.dues = self.dues.split_off(&(now + Duration::from_nanos(1)));
        let poll = now + self.settings.poll.max(GATHER);
        self.next = self.dues.first().map_or(poll, |due| poll.min(*due));
        let patience = self.settings.timeout;
        let lease = self.settings.lease.max(3 * patience);
        // Time to send it, and to settle it.
        let until = now + (lease - 2 * patience);
        let claim = Claim {
            destination: self.route.destination.clone(),
            now: (self.now)(),
            lease,
            limit,
        };
        let outbox = Arc::clone(&self.route.outbox);
        self.steps.push(Box::pin(async move {
            Step::Claimed {
                limit,
                until,
                parcels: outbox.claim(&claim).await,
            }
        }));
    }

    fn take(&mut self, step: Step) {
        match step {
            Step::Claimed {
                limit,
                until,
                parcels,
            } => self.take_claimed(limit, until, parcels),
            Step::Sent {
                parcel,
                verdict,
                settled,
            } => self.take_sent(&parcel, verdict, settled),
        }
    }

    fn take_claimed(
        &mut self,
        limit: usize,
        until: Instant,
        parcels: Result<Vec<Parcel>, ArchiveError>,
    ) {
        self.claiming = false;
        match parcels {
            Ok(parcels) => {
                self.health.outbox_works();
                if parcels.len() >= limit {
                    self.next = Instant::now();
                }
                let claimed = |parcel| Claimed { parcel, until };
                self.claimed.extend(parcels.into_iter().map(claimed));
            }
            Err(error) => self.leave_outbox_alone(&error),
        }
    }

    fn take_sent(&mut self, parcel: &Parcel, verdict: Verdict, settled: Result<(), ArchiveError>) {
        self.sending.remove(parcel.subject.call());
        let others = self.sending.len();
        match verdict {
            Verdict::Delivered => self.health.delivered(),
            Verdict::Refused { trouble } => self.health.gave_up(parcel, &trouble),
            Verdict::Exhausted { trouble } => {
                self.health.failed(&trouble, others);
                self.health.gave_up(parcel, &trouble);
            }
            Verdict::Failed {
                trouble,
                pause,
                rest,
            } => {
                self.health.failed(&trouble, others);
                self.remember(Instant::now() + pause + GATHER);
                self.rest_for(rest.unwrap_or_default());
            }
        }
        if self.health.is_down() {
            self.rest_for(self.health.rest());
        }
        if let Err(error) = settled {
            self.leave_outbox_alone(&error);
        }
    }

    fn remember(&mut self, due: Instant) {
        self.next = self.next.min(due);
        self.dues.insert(due);
        if self.dues.len() > MOMENTS {
            self.dues.pop_last();
        }
    }

    fn leave_outbox_alone(&mut self, error: &ArchiveError) {
        let wait = self.health.outbox_failed(error);
        self.rest_for(wait);
        self.next = self.next.min(Instant::now() + wait);
    }

    fn rest_for(&mut self, rest: Duration) {
        self.rest = self.rest.max(Instant::now() + rest);
    }

    fn concurrency(&self) -> usize {
        match self.health.is_down() {
            true => 1,
            false => self.settings.concurrency.max(1),
        }
    }

    /// How many parcels may be claimed.
    fn room(&self) -> usize {
        if self.claiming {
            return 0;
        }
        let most = match self.health.is_down() {
            true => 1,
            false => AHEAD * self.concurrency(),
        };
        most.saturating_sub(self.sending.len() + self.claimed.len())
    }

    /// When there is something to do, if nothing happens before.
    fn wake(&self) -> Option<Instant> {
        let claim = (self.room() > 0).then(|| self.next.max(self.rest));
        let resting = !self.claimed.is_empty() && Instant::now() < self.rest;
        let send = resting.then_some(self.rest);
        claim.into_iter().chain(send).min()
    }
}
