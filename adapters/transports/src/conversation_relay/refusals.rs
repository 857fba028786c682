//! Tells the operator what was refused, seldom enough that nobody can flood the log.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use tracing::warn;

/// How often a refusal is logged at the most.
const PERIOD: Duration = Duration::from_secs(1);

/// The refusals of a process.
#[derive(Debug, Default)]
pub(super) struct Refusals(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    logged: Option<Instant>,
    unlogged: u64,
}

impl Refusals {
    /// Logs why something was refused, or counts it.
    pub(super) fn note(&self, why: &str) {
        if let Some(unlogged) = self.due(Instant::now()) {
            warn!(why, unlogged, "refused");
        }
    }

    /// How many refusals were not logged since the last one that was, if one is due now.
    fn due(&self, now: Instant) -> Option<u64> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let due = state.logged.is_none_or(|logged| now >= logged + PERIOD);
        if due {
            state.logged = Some(now);
            return Some(std::mem::take(&mut state.unlogged));
        }
        state.unlogged += 1;
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_is_counted_and_logged_once_a_second() {
        let (refusals, start) = (Refusals::default(), Instant::now());
        let due = |ms| refusals.due(start + Duration::from_millis(ms));
        assert_eq!(due(0), Some(0));
        assert_eq!([due(1), due(2), due(999)], [None; 3]);
        assert_eq!(due(1000), Some(3));
        assert_eq!(due(1999), None);
        assert_eq!(due(60_000), Some(1));
    }
}
