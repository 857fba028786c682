//! What the core asks of the outside. Adapters implement these traits.
//!
//! Each trait has a `# Contract`, and `testing` holds the same contract as a test suite
//! that every adapter runs.

use std::sync::Arc;

pub mod retriever;

pub mod language_model;

pub mod transcript_sink;

pub mod archive;

pub use archive::Archive;
pub use language_model::LanguageModel;
pub use retriever::Retriever;
pub use transcript_sink::TranscriptSink;

/// What adapters may put into a port's error as its cause.
pub type Cause = Box<dyn std::error::Error + Send + Sync>;

/// An error with its causes, on one line: for who handles it.
pub fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    let causes = causes.map(ToString::to_string);
    causes.collect::<Vec<_>>().join(": ")
}

/// The adapters chosen at startup, shared by every call.
#[derive(Clone, Debug)]
pub struct Ports {
    pub retriever: Arc<dyn Retriever>,
    pub model: Arc<dyn LanguageModel>,
    pub transcript: Arc<dyn TranscriptSink>,
    briefing: Arc<str>,
}

impl Ports {
    pub fn new(
        retriever: Arc<dyn Retriever>,
        model: Arc<dyn LanguageModel>,
        transcript: Arc<dyn TranscriptSink>,
    ) -> Self {
        let briefing = retriever.briefing().into();
        Self {
            retriever,
            model,
            transcript,
            briefing,
        }
    }

    /// The retriever's briefing, held once for all calls.
    pub fn briefing(&self) -> &Arc<str> {
        &self.briefing
    }
}
