//! What the reloading thread is asked, gathered while it is busy.

use std::ops::ControlFlow;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use super::Outcome;
use crate::index::update::Progress;

/// Holds one wish of each kind, however often it is asked.
pub(super) struct Inbox {
    settle: Duration,
    asked: Mutex<Asked>,
    bell: Condvar,
}

#[derive(Default)]
struct Asked {
    /// Somebody asked: at once.
    now: bool,
    /// Files were touched: when they have settled.
    documents: Option<Burst>,
    index: Option<Burst>,
    answers: Vec<Answer>,
    stop: bool,
}

/// Where somebody waits.
pub(super) type Answer = oneshot::Sender<Outcome>;

/// Files that are being touched, since when and until when.
#[derive(Clone, Copy)]
struct Burst {
    first: Instant,
    last: Instant,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Touched {
    Documents,
    Index,
}

/// What the thread has to do.
pub(super) enum Task {
    /// Read the documents again, for those who wait.
    Update(Vec<Answer>),
    /// See whether another process committed.
    Look,
    Stop,
}

/// Files that are touched all the time are read all the same, after this many times the time to
/// settle.
const RESTLESS: u32 = 10;

impl Inbox {
    /// Files that are touched have to be left alone for `settle`.
    pub(super) fn new(settle: Duration) -> Self {
        Self {
            settle,
            asked: Mutex::default(),
            bell: Condvar::new(),
        }
    }

    pub(super) fn ask(&self) {
        self.asked().now = true;
        self.bell.notify_all();
    }

    /// Asks, and has the outcome sent; the answer is dropped where nobody works any more.
    pub(super) fn ask_for(&self, answer: Answer) {
        let mut asked = self.asked();
        if !asked.stop {
            asked.now = true;
            asked.answers.push(answer);
            self.bell.notify_all();
        }
    }

    pub(super) fn touch(&self, what: Touched) {
        let now = Instant::now();
        let mut asked = self.asked();
        let burst = match what {
            Touched::Documents => &mut asked.documents,
            Touched::Index => &mut asked.index,
        };
        let first = burst.map_or(now, |burst| burst.first);
        *burst = Some(Burst { first, last: now });
        self.bell.notify_all();
    }

    /// From now on there is only [`Task::Stop`].
    pub(super) fn stop(&self) {
        let mut asked = self.asked();
        asked.stop = true;
        asked.answers.clear();
        self.bell.notify_all();
    }

    /// Waits for a task, and takes all that it settles. `again` is when to update though nobody
    /// asks.
    pub(super) fn next(&self, again: Option<Instant>) -> Task {
        let mut asked = self.asked();
        loop {
            let now = Instant::now();
            if asked.stop {
                return Task::Stop;
            }
            let documents = asked.documents.map(|burst| self.settled(burst));
            let update = [documents, again, asked.now.then_some(now)];
            let update = update.into_iter().flatten().min();
            if update.is_some_and(|at| at <= now) {
                return Task::Update(std::mem::take(&mut *asked).answers);
            }
            let look = asked.index.map(|burst| self.settled(burst));
            if look.is_some_and(|at| at <= now) {
                asked.index = None;
                return Task::Look;
            }
            asked = match update.into_iter().chain(look).min() {
                None => (self.bell.wait(asked)).unwrap_or_else(PoisonError::into_inner),
                Some(at) => {
                    let waited = self.bell.wait_timeout(asked, at.duration_since(now));
                    waited.unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
    }

    /// Stops an update when the thread is to stop.
    pub(super) fn watcher(&self) -> impl FnMut(Progress<'_>) -> ControlFlow<()> {
        |_| match self.asked().stop {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        }
    }

    fn settled(&self, burst: Burst) -> Instant {
        (burst.last + self.settle).min(burst.first + self.settle * RESTLESS)
    }

    fn asked(&self) -> MutexGuard<'_, Asked> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
