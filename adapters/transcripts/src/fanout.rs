//! Several sinks as one: the first keeps the transcript, the others are copies that nobody waits
//! for.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use serde::Deserialize;
use voicera::insight::Analysis;
use voicera::ports::TranscriptSink;
use voicera::ports::transcript_sink::{Entry, SinkError};
use voicera::words::CallId;

use crate::unkept::Unkept;

mod follower;

use follower::{Follower, News};

/// What a user sets.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// How many entries and analyses wait for a copy that is slow; what comes beyond it is missing
    /// in that copy. Default: 4096.
    pub queue: usize,
    /// How often an entry is offered to a copy that cannot take it for now. Default: 5.
    pub tries: u32,
    /// How long a copy is left alone after its first failure; doubles with each. Default: `500ms`.
    #[serde(with = "humantime_serde")]
    pub pause: Duration,
    /// How long copies may take for what waits for them when the server stops. Default: `3s`.
    #[serde(with = "humantime_serde")]
    pub drain: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            queue: 4096,
            tries: 5,
            pause: Duration::from_millis(500),
            drain: Duration::from_secs(3),
        }
    }
}

/// Hands what is appended to all of its sinks.
///
/// The first sink is the one that counts: `Ok` means that it kept the entry, and its error is the
/// fanout's. The others are copies, each with a queue and a task of its own, so that one that is
/// slow or dead delays neither the first nor another copy. A copy gets the entries of a call in
/// order, also those that the first sink could not keep, and each of them once.
///
/// A copy misses what comes while its queue is full, what it refuses, what it still cannot take
/// after some tries, and what waits for it when the process is killed or when stopping takes too
/// long. The log says when a copy begins to miss entries and, with their number, when it works
/// again; nothing is sent to it later. What must not be missed belongs into the first sink, or
/// behind an [`Outbox`](crate::outbox::Outbox).
#[derive(Debug)]
pub struct Fanout {
    first: Option<Arc<dyn TranscriptSink>>,
    copies: Vec<Follower>,
    /// By the first sink, where the copies have it.
    unkept: Unkept,
}

impl Fanout {
    /// Without any sink every entry is kept nowhere, which is what was asked for.
    ///
    /// # Panics
    ///
    /// Outside of a Tokio runtime, when there are copies.
    pub fn new(sinks: Vec<(String, Arc<dyn TranscriptSink>)>) -> Self {
        Self::with(sinks, &Settings::default())
    }

    /// # Panics
    ///
    /// Outside of a Tokio runtime, when there are copies.
    pub fn with(sinks: Vec<(String, Arc<dyn TranscriptSink>)>, settings: &Settings) -> Self {
        let mut sinks = sinks.into_iter();
        Self {
            first: sinks.next().map(|(_, sink)| sink),
            copies: sinks
                .map(|(name, sink)| Follower::start(name, sink, settings))
                .collect(),
            unkept: Unkept::default(),
        }
    }

    /// Waits until the copies have what was appended so far, at most [`Settings::drain`]. From now
    /// on only the first sink gets entries. Dropping a fanout gives its copies the same time, but
    /// nobody waits for them.
    pub async fn close(&self) {
        let closed = self.copies.iter().map(Follower::close);
        futures_util::future::join_all(closed).await;
    }
}

#[async_trait]
impl TranscriptSink for Fanout {
    async fn append(&self, entry: &Entry) -> Result<(), SinkError> {
        if !self.copies.is_empty() && !self.unkept.is_repetition(entry) {
            let shared = Arc::new(entry.clone());
            for copy in &self.copies {
                copy.tell(News::Entry(Arc::clone(&shared)));
            }
        }
        let Some(first) = &self.first else {
            return Ok(());
        };
        let outcome = first.append(entry).await;
        if !self.copies.is_empty() {
            self.unkept.note(entry, &outcome);
        }
        outcome
    }

    async fn conclude(&self, call: &CallId, analysis: &Analysis) -> Result<(), SinkError> {
        if !self.copies.is_empty() {
            let shared = Arc::new(analysis.clone());
            for copy in &self.copies {
                copy.tell(News::Analysis(call.clone(), Arc::clone(&shared)));
            }
        }
        match &self.first {
            Some(first) => first.conclude(call, analysis).await,
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
