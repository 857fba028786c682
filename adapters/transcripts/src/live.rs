//! What is said now, for who listens.

use std::sync::Arc;

use async_trait::async_trait;
use futures_util::stream::{self, BoxStream, StreamExt as _};
use serde::Deserialize;
use tokio::sync::broadcast::{self, error::RecvError};
use voicera::insight::Analysis;
use voicera::ports::TranscriptSink;
use voicera::ports::transcript_sink::{Entry, SinkError};
use voicera::words::CallId;

use crate::record::Record;
use crate::record::analysis::AnalysisRecord;

/// What a user sets.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// How many events a listener may be behind before it misses the oldest. Default: 1024.
    pub behind: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self { behind: 1024 }
    }
}

/// Hands entries and analyses to any number of listeners. It keeps nothing, waits for nobody, and
/// has next to nothing to do while nobody listens.
#[derive(Debug)]
pub struct Live {
    events: broadcast::Sender<Event>,
}

/// What a listener hears.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    Event(Event),
    /// The listener was too slow for that many events, of whatever call.
    Missed(u64),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub kind: Kind,
    pub call: CallId,
    /// A line of [`crate::record`], without its end.
    pub json: Arc<str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Entry,
    Analysis,
}

impl Live {
    pub fn new(settings: &Settings) -> Self {
        // The channel takes no other sizes.
        let behind = settings.behind.clamp(1, usize::MAX / 4);
        Self {
            events: broadcast::Sender::new(behind),
        }
    }

    /// What is said from now on, in one call or in all of them. It ends with the feed.
    pub fn listen(&self, call: Option<CallId>) -> BoxStream<'static, Heard> {
        let heard = stream::unfold(self.events.subscribe(), |mut events| async {
            let heard = match events.recv().await {
                Ok(event) => Heard::Event(event),
                Err(RecvError::Lagged(missed)) => Heard::Missed(missed),
                Err(RecvError::Closed) => return None,
            };
            Some((heard, events))
        });
        let wanted = move |heard: &Heard| match (heard, &call) {
            (Heard::Event(event), Some(call)) => event.call == *call,
            (Heard::Event(_), None) | (Heard::Missed(_), _) => true,
        };
        heard
            .filter(move |heard| std::future::ready(wanted(heard)))
            .boxed()
    }

    fn tell(
        &self,
        kind: Kind,
        call: &CallId,
        line: impl FnOnce() -> serde_json::Result<Vec<u8>>,
    ) -> Result<(), SinkError> {
        if self.events.receiver_count() == 0 {
            return Ok(());
        }
        let line = line().map_err(|error| SinkError::Refused(error.into()))?;
        // Whoever listened may just have left.
        let _ = self.events.send(Event {
            kind,
            call: call.clone(),
            json: String::from_utf8_lossy(line.trim_ascii_end()).into(),
        });
        Ok(())
    }
}

#[async_trait]
impl TranscriptSink for Live {
    async fn append(&self, entry: &Entry) -> Result<(), SinkError> {
        self.tell(Kind::Entry, &entry.call.id, || Record::of(entry).line())
    }

    async fn conclude(&self, call: &CallId, analysis: &Analysis) -> Result<(), SinkError> {
        self.tell(Kind::Analysis, call, || {
            AnalysisRecord::of(analysis).line(call)
        })
    }
}

#[cfg(test)]
mod tests;
