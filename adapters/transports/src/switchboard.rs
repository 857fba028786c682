//! Which calls are live: admits them up to a bound, tells them to close, and remembers what a
//! call that lost its line has to know when it comes back. Knows no carrier.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::task::AtomicWaker;
use serde::Deserialize;
use tokio::sync::Notify;
use tokio::time::{Instant, timeout};
use voicera::words::{CallId, Memory};

/// How long calls that are cut off may take to keep their last entries and close their lines.
const LAST_ENTRIES: Duration = Duration::from_secs(3);

/// How many calls there may be.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// The most calls at a time; the next caller hears that all lines are busy. Default 5000.
    pub calls: usize,
    /// The most calls that lost their line and are remembered. Default 1000.
    pub remembered: usize,
    /// How long they are remembered. Default `"10m"`.
    #[serde(with = "humantime_serde")]
    pub remembered_for: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            calls: 5000,
            remembered: 1000,
            remembered_for: Duration::from_secs(600),
        }
    }
}

/// The calls of a process.
#[derive(Debug)]
pub struct Switchboard {
    settings: Settings,
    state: Mutex<State>,
    /// Somebody left.
    left: Notify,
}

#[derive(Debug, Default)]
struct State {
    live: HashMap<CallId, Arc<Bell>>,
    lost: VecDeque<Lost>,
    closed: bool,
}

/// A call that lost its line.
#[derive(Debug)]
struct Lost {
    call: CallId,
    since: Instant,
    memory: Memory,
}

/// What to do with a call whose id is live already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rival {
    /// The live one stays, and the new one is refused.
    Stays,
    /// The live one has lost its line and may not know yet: it goes, within the given time.
    Goes(Duration),
}

/// Why a call is not admitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("all lines are busy")]
    Full,
    #[error("the server is stopping")]
    Closed,
    #[error("the call is live already")]
    Live,
}

/// What a live call is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// Say goodbye and end.
    Close,
    /// The line is lost: the caller is back on another one.
    Replaced,
    /// There is no time left: end now.
    CutOff,
}

/// A live call's place; dropping it makes room.
#[derive(Debug)]
pub struct Seat {
    board: Arc<Switchboard>,
    call: CallId,
    bell: Arc<Bell>,
}

/// Carries a notice to a live call.
#[derive(Debug, Default)]
struct Bell {
    /// Which notices were rung, as bits.
    rung: AtomicU8,
    waker: AtomicWaker,
}

impl Switchboard {
    pub fn new(settings: Settings) -> Arc<Self> {
        Arc::new(Self {
            settings,
            state: Mutex::default(),
            left: Notify::new(),
        })
    }

    /// How many calls are live.
    pub fn live(&self) -> usize {
        self.state().live.len()
    }

    /// Whether the next call would be admitted.
    pub fn has_room(&self) -> bool {
        let state = self.state();
        !state.closed && state.live.len() < self.settings.calls
    }

    /// Whether this call would be admitted, if need be in its own place.
    pub fn has_room_for(&self, call: &CallId) -> bool {
        let state = self.state();
        let fits = state.live.len() < self.settings.calls || state.live.contains_key(call);
        fits && !state.closed
    }

    /// Whether the call is live, or lost its line a moment ago.
    pub fn knows(&self, call: &CallId) -> bool {
        let mut state = self.state();
        self.forget_old(&mut state);
        state.live.contains_key(call) || state.lost.iter().any(|lost| lost.call == *call)
    }

    /// Takes a call in.
    ///
    /// # Errors
    ///
    /// Says why it is not taken in.
    pub async fn admit(self: &Arc<Self>, call: &CallId, rival: Rival) -> Result<Seat, Refusal> {
        if let Rival::Goes(patience) = rival {
            self.lose(call);
            let gone = async {
                loop {
                    let left = self.left.notified();
                    if !self.state().live.contains_key(call) {
                        return;
                    }
                    left.await;
                }
            };
            // Whoever stays beyond that is refused below.
            let _ = timeout(patience, gone).await;
        }
        let mut state = self.state();
        if state.closed {
            return Err(Refusal::Closed);
        }
        if state.live.contains_key(call) {
            return Err(Refusal::Live);
        }
        if state.live.len() >= self.settings.calls {
            return Err(Refusal::Full);
        }
        let bell = Arc::<Bell>::default();
        state.live.insert(call.clone(), Arc::clone(&bell));
        Ok(Seat {
            board: Arc::clone(self),
            call: call.clone(),
            bell,
        })
    }

    /// The carrier says that the call has lost its line: its seat is told, if it is taken.
    pub fn lose(&self, call: &CallId) {
        if let Some(bell) = self.state().live.get(call) {
            bell.ring(Notice::Replaced);
        }
    }

    /// What the call has to know to go on, once.
    pub fn recall(&self, call: &CallId) -> Option<Memory> {
        let mut state = self.state();
        self.forget_old(&mut state);
        let place = state.lost.iter().position(|lost| lost.call == *call)?;
        state.lost.remove(place).map(|lost| lost.memory)
    }

    /// Admits nobody any more, lets the live calls finish for `grace`, then tells the rest to
    /// close and waits for them for `goodbye`. Cuts off who is still there, and answers how many
    /// those were.
    pub async fn close(&self, grace: Duration, goodbye: Duration) -> usize {
        self.state().closed = true;
        if timeout(grace, self.empty()).await.is_err() {
            for bell in self.state().live.values() {
                bell.ring(Notice::Close);
            }
            // Whoever stays beyond that is counted below.
            let _ = timeout(goodbye, self.empty()).await;
        }
        let left = self.live();
        for bell in self.state().live.values() {
            bell.ring(Notice::CutOff);
        }
        // Whoever stays beyond that goes with the process.
        let _ = timeout(LAST_ENTRIES, self.empty()).await;
        left
    }

    async fn empty(&self) {
        loop {
            let left = self.left.notified();
            if self.live() == 0 {
                return;
            }
            left.await;
        }
    }

    fn forget_old(&self, state: &mut State) {
        let is_old = |lost: &Lost| lost.since.elapsed() >= self.settings.remembered_for;
        while state.lost.front().is_some_and(is_old) || state.lost.len() > self.settings.remembered
        {
            state.lost.pop_front();
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seat {
    pub fn call(&self) -> &CallId {
        &self.call
    }

    /// Waits for the next notice; each comes once.
    pub fn poll_notice(&self, cx: &mut Context<'_>) -> Poll<Notice> {
        self.bell.waker.register(cx.waker());
        match self.bell.answer() {
            Some(notice) => Poll::Ready(notice),
            None => Poll::Pending,
        }
    }

    /// The line is lost: leaves what the call has to know when it comes back.
    pub fn leave(self, memory: Memory) {
        let mut state = self.board.state();
        state.lost.retain(|lost| lost.call != self.call);
        state.lost.push_back(Lost {
            call: self.call.clone(),
            since: Instant::now(),
            memory,
        });
        self.board.forget_old(&mut state);
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.board.state().live.remove(&self.call);
        self.board.left.notify_waiters();
    }
}

impl Bell {
    fn ring(&self, notice: Notice) {
        self.rung.fetch_or(notice.bit(), Ordering::AcqRel);
        self.waker.wake();
    }

    /// Takes the most urgent notice.
    fn answer(&self) -> Option<Notice> {
        // Hardly ever is there one, and this is asked for every word.
        if self.rung.load(Ordering::Acquire) == 0 {
            return None;
        }
        [Notice::CutOff, Notice::Replaced, Notice::Close]
            .into_iter()
            .find(|notice| self.rung.fetch_and(!notice.bit(), Ordering::AcqRel) & notice.bit() != 0)
    }
}

impl Notice {
    fn bit(self) -> u8 {
        match self {
            Self::Close => 1,
            Self::Replaced => 2,
            Self::CutOff => 4,
        }
    }
}

#[cfg(test)]
mod tests;
