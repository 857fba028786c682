//! What waits to be sent to other systems: written in one step with what it is about, sent later,
//! at least once, and always under the same id.

use std::fmt;
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use voicera::insight::{Analysis, Origin};
use voicera::ports::archive::ArchiveError;
use voicera::words::{Call, CallId};

/// Parcels on their way to other systems, held by an archive.
///
/// # Contract
///
/// - A parcel is written in the same step as what it is about, once for each [`Subscription`] that
///   wants it: neither is there without the other, even if the process is killed between.
/// - `claim` answers parcels of one destination that are due, those that have been due for longest,
///   in the order they were written, and keeps them from every other claim until `lease` is over. Who claims and is killed delays its parcels by that.
/// - A parcel that is settled as delivered is gone; one that is settled otherwise was tried once
///   more. One that is not there any more is settled already.
/// - What is retried has all its attempts again. What was given up is kept until it is retried,
///   discarded or forgotten with its call.
/// - A parcel has the id `entry:{call}:{session}:{sequence}`, `call:{call}:{number of entries}`,
///   or `analysis:{call}:{kind of origin}:{when, in milliseconds since 1970}`. While it waits, what
///   it is about may be written again without a second parcel.
#[async_trait]
pub trait Outbox: fmt::Debug + Send + Sync + 'static {
    async fn claim(&self, claim: &Claim) -> Result<Vec<Parcel>, ArchiveError>;

    async fn settle(&self, parcel: &Parcel, outcome: &Outcome) -> Result<(), ArchiveError>;

    /// What waits and what was given up, the oldest first, at most `limit`.
    async fn parcels(
        &self,
        state: Option<State>,
        limit: usize,
    ) -> Result<Vec<Parcel>, ArchiveError>;

    /// Makes what was given up due at once, all of it or one by its id; answers how many.
    async fn retry(&self, id: Option<&str>) -> Result<u64, ArchiveError>;

    /// How many parcels wait for each destination, by its name.
    async fn waiting(&self) -> Result<Vec<(String, u64)>, ArchiveError>;

    /// Gives up what waits for a destination; answers how many. That counts as no attempt.
    async fn give_up(&self, destination: &str, trouble: &str) -> Result<u64, ArchiveError>;

    /// Removes what was given up for a destination; answers how many.
    async fn discard(&self, destination: &str) -> Result<u64, ArchiveError>;
}

/// Who is sent what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    pub destination: String,
    pub wants: Wants,
}

/// What a destination wants to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wants {
    /// Each entry, and each analysis.
    Entries,
    /// Each finished call, and each analysis that comes after.
    Calls,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    pub destination: String,
    pub now: SystemTime,
    pub lease: Duration,
    pub limit: usize,
}

/// Something to be sent to one destination.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parcel {
    /// Of the event: the same for every destination and every attempt.
    pub id: String,
    pub destination: String,
    pub subject: Subject,
    pub state: State,
    /// How often it was tried.
    pub attempts: u32,
    pub written: SystemTime,
    /// When it is tried next.
    pub due: SystemTime,
    /// Why the last attempt failed.
    pub trouble: Option<String>,
}

/// What a parcel is about; its words are read from the archive when it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    Entry {
        call: CallId,
        session: Option<String>,
        sequence: u32,
    },
    /// The call has ended and the operators have looked at it.
    Finished { call: CallId },
    /// Another origin, by its kind, has analysed the call.
    Analysed { call: CallId, origin: String },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Waiting,
    /// Tried for the last time; somebody has to look at it.
    Dead,
}

/// How an attempt went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Delivered,
    /// Once more, not before the time given.
    Later {
        due: SystemTime,
        trouble: String,
    },
    Dead {
        trouble: String,
    },
}

/// What parcels about an entry are called.
pub(crate) fn entry_id(call: &Call, sequence: u32) -> String {
    let session = call.session.as_deref().unwrap_or_default();
    format!("entry:{}:{session}:{sequence}", call.id)
}

/// What parcels about an analysis are called; `entries` is how many the call has.
pub(crate) fn analysis_id(call: &CallId, analysis: &Analysis, entries: i64) -> String {
    match &analysis.origin {
        Origin::Operators => format!("call:{call}:{entries}"),
        Origin::Model(_) | Origin::Carrier(_) => {
            let at = analysis.at.duration_since(SystemTime::UNIX_EPOCH);
            let at = at.unwrap_or_default().as_millis();
            format!("analysis:{call}:{}:{at}", analysis.origin.name())
        }
    }
}

impl Subject {
    pub fn call(&self) -> &CallId {
        match self {
            Self::Entry { call, .. } | Self::Finished { call } | Self::Analysed { call, .. } => {
                call
            }
        }
    }
}
