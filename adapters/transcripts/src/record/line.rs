//! The line of an entry as archives write it, with what they look at to place it.

use std::sync::Arc;

use voicera::ports::transcript_sink::{Content, Entry};
use voicera::words::Call;

use super::Record;

/// An entry as it is written.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) call: Arc<Call>,
    pub(crate) sequence: u32,
    pub(crate) record: String,
    /// The name of the ending, of the entry that is one.
    pub(crate) ending: Option<&'static str>,
}

impl Line {
    pub(crate) fn of(entry: &Entry) -> serde_json::Result<Self> {
        Ok(Self {
            call: Arc::clone(&entry.call),
            sequence: entry.sequence,
            record: serde_json::to_string(&Record::of(entry))?,
            ending: match &entry.content {
                Content::Ended(line) => Some(line.ending.name()),
                Content::Started | Content::Caller(_) | Content::Agent(_) => None,
            },
        })
    }

    pub(crate) fn size(&self) -> usize {
        self.record.len()
    }

    /// The session as archives name it.
    pub(crate) fn session(&self) -> &str {
        self.call.session.as_deref().unwrap_or_default()
    }
}
