//! How a destination and its outbox are doing: what the log says of it, and when to rest.

use std::time::Duration;

use voicera::ports::archive::ArchiveError;
use voicera::ports::chain;

use crate::outbox::Parcel;

/// How many failures in a row are the destination's and not those of single parcels.
const SUSPICIOUS: u32 = 4;

/// The longest rest between two attempts at a destination that is down, so that it is soon noticed
/// when it is back.
const LONGEST_REST: Duration = Duration::from_secs(30);

/// The longest pause before a failing outbox is asked again.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

#[derive(Debug)]
pub(super) struct Health {
    destination: String,
    /// Attempts that failed since the last that worked.
    failures: u32,
    /// Parcels given up since the last one that was delivered.
    given_up: u64,
    /// How often in a row the outbox did not answer.
    outbox_failures: u32,
}

impl Health {
    pub(super) fn new(destination: String) -> Self {
        Self {
            destination,
            failures: 0,
            given_up: 0,
            outbox_failures: 0,
        }
    }

    /// Too many attempts failed for it to be the parcels.
    pub(super) fn is_down(&self) -> bool {
        self.failures >= SUSPICIOUS
    }

    /// How long a destination that is down is left alone.
    pub(super) fn rest(&self) -> Duration {
        let beyond = self.failures.saturating_sub(SUSPICIOUS);
        grown(Duration::from_secs(1), beyond, LONGEST_REST)
    }

    pub(super) fn delivered(&mut self) {
        if self.failures > 0 || self.given_up > 0 {
            tracing::info!(
                destination = %self.destination,
                given_up = self.given_up,
                "the destination takes events again"
            );
        }
        self.failures = 0;
        self.given_up = 0;
    }

    /// While `others` are still on their way. Those that were sent together with the one that made
    /// it look down tell nothing new.
    pub(super) fn failed(&mut self, trouble: &str, others: usize) {
        if self.failures == 0 {
            tracing::warn!(
                destination = %self.destination,
                error = trouble,
                "an event could not be delivered and is tried again later"
            );
        }
        if !self.is_down() || others == 0 {
            self.failures = self.failures.saturating_add(1);
        }
    }

    pub(super) fn gave_up(&mut self, parcel: &Parcel, trouble: &str) {
        if self.given_up == 0 {
            tracing::error!(
                destination = %self.destination,
                event.id = %parcel.id,
                error = trouble,
                "events are given up; mend the cause, then `voicera calls outbox` shows them \
                 and sends them again"
            );
        }
        self.given_up = self.given_up.saturating_add(1);
    }

    pub(super) fn outbox_works(&mut self) {
        if std::mem::take(&mut self.outbox_failures) > 0 {
            tracing::info!(destination = %self.destination, "the outbox works again");
        }
    }

    /// How long to leave it alone.
    pub(super) fn outbox_failed(&mut self, error: &ArchiveError) -> Duration {
        if self.outbox_failures == 0 {
            tracing::error!(
                destination = %self.destination,
                error = chain(error),
                "nothing is delivered until the archive works again; what waits in it is kept"
            );
        }
        let wait = grown(Duration::from_secs(1), self.outbox_failures, LONGEST_WAIT);
        self.outbox_failures = self.outbox_failures.saturating_add(1);
        wait
    }
}

/// `first`, doubled as often as said, but not beyond `longest`.
pub(super) fn grown(first: Duration, doublings: u32, longest: Duration) -> Duration {
    let factor = 2_u32.checked_pow(doublings).unwrap_or(u32::MAX);
    first.saturating_mul(factor).min(longest)
}
