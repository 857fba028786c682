//! One attempt to send a parcel, and what follows from it.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::time::timeout;
use voicera::ports::chain;

use super::health::grown;
use super::{Courier, SendError, Settings};
use crate::outbox::{Outcome, Parcel};

/// How often an event is tried in any case, however old it is: the server may have been off for
/// long, or somebody may have asked for another try.
const FEW: u32 = 5;

pub(super) struct Attempt {
    pub(super) courier: Arc<dyn Courier>,
    pub(super) settings: Settings,
    pub(super) now: fn() -> SystemTime,
}

/// How it went.
#[derive(Debug)]
pub(super) enum Verdict {
    Delivered,
    /// Once more after a pause, and nothing else before `rest` is over.
    Failed {
        trouble: String,
        pause: Duration,
        rest: Option<Duration>,
    },
    /// It failed for the last time.
    Exhausted {
        trouble: String,
    },
    Refused {
        trouble: String,
    },
}

#[derive(Debug, thiserror::Error)]
#[error("no answer within {}", humantime::format_duration(self.0))]
struct TooSlow(Duration);

impl Attempt {
    pub(super) async fn make(&self, parcel: &Parcel) -> Verdict {
        let patience = self.settings.timeout;
        let sent = timeout(patience, self.courier.send(parcel)).await;
        let sent = sent.unwrap_or_else(|_| Err(SendError::Unavailable(TooSlow(patience).into())));
        let Err(error) = sent else {
            return Verdict::Delivered;
        };
        let trouble = chain(&error);
        let rest = match error {
            SendError::Refused(_) => return Verdict::Refused { trouble },
            SendError::Unavailable(_) => None,
            SendError::Busy { retry_after, .. } => retry_after,
        };
        let attempts = parcel.attempts.saturating_add(1);
        let age = (self.now)().duration_since(parcel.written);
        let is_old = age.unwrap_or_default() >= self.settings.age && attempts >= FEW;
        if is_old || attempts >= self.settings.attempts {
            return Verdict::Exhausted { trouble };
        }
        let longest = self.settings.longest_pause;
        let rest = rest.map(|rest| rest.min(longest));
        let pause = grown(self.settings.first_pause, parcel.attempts, longest);
        Verdict::Failed {
            trouble,
            pause: some_of(pause).max(rest.unwrap_or_default()),
            rest,
        }
    }
}

impl Verdict {
    pub(super) fn outcome(&self, now: SystemTime) -> Outcome {
        match self {
            Self::Delivered => Outcome::Delivered,
            Self::Failed { trouble, pause, .. } => Outcome::Later {
                due: now + *pause,
                trouble: trouble.clone(),
            },
            Self::Exhausted { trouble } | Self::Refused { trouble } => Outcome::Dead {
                trouble: trouble.clone(),
            },
        }
    }
}

/// A random part, so that what failed together does not come back together.
fn some_of(pause: Duration) -> Duration {
    // Without randomness it is the whole pause.
    let part = getrandom::u64().map_or(1.0, |random| random as f64 / u64::MAX as f64);
    pause.mul_f64(part)
}
