//! Sends what waits in an [`Outbox`] to one destination, at least once.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use serde::Deserialize;
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use voicera::ports::Cause;

use crate::outbox::{Outbox, Parcel};

mod attempt;

mod health;

mod rounds;

use rounds::Rounds;

/// What a user sets for a destination.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// How often an event is tried before it is given up. Default: 100.
    pub attempts: u32,
    /// How old an event may be when it is tried once more after five failures. Default: `3days`.
    #[serde(with = "humantime_serde")]
    pub age: Duration,
    /// The longest pause after the first failure of an event; the pause is a random part of it,
    /// and it doubles with each failure. Default: `2s`.
    #[serde(with = "humantime_serde")]
    pub first_pause: Duration,
    /// The longest pause after any failure, and the longest that the receiver may ask for.
    /// Default: `1h`.
    #[serde(with = "humantime_serde")]
    pub longest_pause: Duration,
    /// How long one attempt may take. Default: `20s`.
    #[serde(with = "humantime_serde")]
    pub timeout: Duration,
    /// How many events are sent at the same time. Default: 8.
    pub concurrency: usize,
    /// For how long what is about to be sent is kept from other servers with the same archive.
    /// When this one is killed, its events are sent after that. At least three times `timeout`.
    /// Default: `1m`.
    #[serde(with = "humantime_serde")]
    pub lease: Duration,
    /// How often the archive is asked without a sign that something is there: other servers write
    /// to it, too. Default: `15s`.
    #[serde(with = "humantime_serde")]
    pub poll: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            attempts: 100,
            age: Duration::from_secs(3 * 24 * 60 * 60),
            first_pause: Duration::from_secs(2),
            longest_pause: Duration::from_secs(60 * 60),
            timeout: Duration::from_secs(20),
            concurrency: 8,
            lease: Duration::from_secs(60),
            poll: Duration::from_secs(15),
        }
    }
}

/// Brings parcels to one destination.
///
/// # Contract
///
/// - `Ok` means that the destination has the parcel, or that there is nothing left to send because
///   what it is about was forgotten.
/// - The same parcel may come again, always with the same id.
/// - `send` may be dropped at any point.
#[async_trait]
pub trait Courier: fmt::Debug + Send + Sync + 'static {
    async fn send(&self, parcel: &Parcel) -> Result<(), SendError>;
}

/// Why a parcel was not taken, by what to do next.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// Sending it again may work.
    #[error("it cannot be sent for now")]
    Unavailable(#[source] Cause),
    /// Nothing should be sent for a while.
    #[error("the destination has too much to do")]
    Busy {
        retry_after: Option<Duration>,
        #[source]
        cause: Cause,
    },
    /// Sending it again will not work until somebody mends something.
    #[error("the destination refuses it")]
    Refused(#[source] Cause),
}

/// What goes where.
#[derive(Clone, Debug)]
pub struct Route {
    /// As in [`Subscription`](crate::outbox::Subscription).
    pub destination: String,
    pub outbox: Arc<dyn Outbox>,
    pub courier: Arc<dyn Courier>,
    /// Woken with [`Notify::notify_waiters`] when something was written to the outbox. Several
    /// deliverers may share it.
    pub written: Arc<Notify>,
}

/// The task that sends to one destination. Dropping it stops it at once: what was on its way is
/// sent again after the lease, under the same id.
///
/// # What is promised
///
/// - Every parcel is delivered at least once, or is given up after [`Settings::attempts`] or
///   [`Settings::age`], or at once when it is refused. Nothing is lost when the process is killed.
/// - The parcels of one call are sent one after the other, in the order they were written. One
///   that fails does not hold up those behind it: it comes later than they do. Two servers that
///   share an archive do not wait for each other either.
/// - A destination that fails again and again is asked for one parcel at a time, with pauses of
///   at most half a minute; the others wait as they are, and go in order when it works again.
/// - While the outbox itself cannot be read, it is asked at most every second, then less often.
#[derive(Debug)]
pub struct Deliverer {
    stopping: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Deliverer {
    /// # Panics
    ///
    /// Outside of a Tokio runtime.
    pub fn start(route: Route, settings: &Settings) -> Self {
        Self::start_at(route, settings, SystemTime::now)
    }

    fn start_at(route: Route, settings: &Settings, now: fn() -> SystemTime) -> Self {
        let (stopping, told) = watch::channel(false);
        let rounds = Rounds::new(route, settings.clone(), now);
        Self {
            stopping,
            task: tokio::spawn(rounds.run(told)),
        }
    }

    /// Begins nothing new and waits for what is on its way, at most `within`. What has not been
    /// sent then stays in the outbox.
    pub async fn stop(mut self, within: Duration) {
        self.stopping.send_replace(true);
        // What takes longer is cut off, which loses nothing.
        let _ = timeout(within, &mut self.task).await;
    }
}

impl Drop for Deliverer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

#[cfg(test)]
mod tests;
