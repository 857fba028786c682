//! Reads the transcripts that were kept.

use std::fmt;
use std::time::SystemTime;

use async_trait::async_trait;

use super::Cause;
use super::transcript_sink::Entry;
use crate::digest::Digest;
use crate::insight::{Analysis, Mood};
use crate::words::CallId;

/// Reads, and forgets, what a [`TranscriptSink`](super::TranscriptSink) of the same store kept.
///
/// # Contract
///
/// - What was acknowledged before a question was asked is in its answer.
/// - `calls` answers the latest first, at most [`Wanted::limit`] of them. A call that matches is in
///   exactly one page when the next page is asked for with the last call of the page before, even
///   if calls begin meanwhile.
/// - `call` answers all sessions of the call in the order they began, and within each its entries
///   in order; nothing is there twice.
/// - `forget` removes entries, analyses, what search knows of them, and what waits to be sent. It
///   does not touch calls that go on, and answers how many calls it removed. A store may take a
///   call without an ending that began more than a day ago for one whose process was killed.
#[async_trait]
pub trait Archive: fmt::Debug + Send + Sync + 'static {
    async fn calls(&self, wanted: &Wanted) -> Result<Vec<Digest>, ArchiveError>;

    async fn call(&self, id: &CallId) -> Result<Option<Transcript>, ArchiveError>;

    async fn forget(&self, which: &Which) -> Result<u64, ArchiveError>;
}

/// Which calls are wanted. Every condition that is given must hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Wanted {
    /// Began at or after.
    pub since: Option<SystemTime>,
    /// Began before.
    pub until: Option<SystemTime>,
    /// Words that were said in the call, all of them, in any form of the word where the store
    /// knows the language, and English is known. Never a query language: the text is only words,
    /// and a text without any is no condition.
    pub text: Option<String>,
    /// The caller's number, as it is stored.
    pub caller: Option<String>,
    pub sentiment: Option<Mood>,
    /// The label of a service that the caller is interested in.
    pub service: Option<String>,
    /// The short name of an ending, as in [`Ending::name`](crate::words::Ending::name).
    pub ending: Option<String>,
    pub state: State,
    /// Only what comes after this one in the list: the last call of the page before.
    pub after: Option<Cursor>,
    pub limit: usize,
}

impl Wanted {
    /// The latest calls of all.
    pub fn latest(limit: usize) -> Self {
        Self {
            since: None,
            until: None,
            text: None,
            caller: None,
            sentiment: None,
            service: None,
            ending: None,
            state: State::Any,
            after: None,
            limit,
        }
    }
}

/// How far a call is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum State {
    #[default]
    Any,
    /// Without an ending: it goes on, or the process was killed in it.
    Open,
    /// Ended, and the operators have not looked at it yet.
    Unanalysed,
}

/// A place in the list of calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    pub started: SystemTime,
    pub call: CallId,
}

/// All that is kept of a call.
#[derive(Clone, Debug, PartialEq)]
pub struct Transcript {
    pub entries: Vec<Entry>,
    /// At most one of each kind of origin.
    pub analyses: Vec<Analysis>,
}

/// What is to be forgotten.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// Calls that began before.
    Before(SystemTime),
    /// All calls of a caller, by the number as it is stored.
    Caller(String),
    Call(CallId),
}

/// Why an archive does not answer.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// Asking again may work.
    #[error("the archive cannot be read for now")]
    Unavailable(#[source] Cause),
    /// Somebody has to mend it.
    #[error("the archive is damaged")]
    Damaged(#[source] Cause),
}
