//! Keeps what was said.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use super::Cause;
use super::language_model::Usage;
use super::retriever::{Search, Source};
use crate::insight::Analysis;
use crate::words::{Call, CallId, Ending, Language, Offset, Speaker, Turn};

/// Keeps the entries of calls.
///
/// # Contract
///
/// - The entries of one call arrive one after the other, in order; those of different calls
///   interleave.
/// - `Ok` means that this sink will not lose the entry, even if the process is killed next.
/// - A sink takes an entry when `append` is first polled, or fails. Dropping the future after that
///   takes nothing back: the end of a call does not wait for a disk that is full. So a sink holds
///   what it cannot write for now, in order, up to a bound of its own.
/// - What is wrong with a sink is the same for all calls: it logs itself, once, why it cannot write
///   and what to do, and when it can again. Who appends logs what is refused.
/// - After an error the entry may or may not be kept; appending it again must not keep it twice
///   where the sink can tell (an entry is named by its call, session and sequence).
/// - The first entry of a session is [`Content::Started`], the last is [`Content::Ended`].
/// - `conclude` comes after an ending, for each origin that analysed the call, and may come again:
///   the newest of a kind of origin counts. A sink that keeps no analyses has nothing to do; one
///   that does refuses that of a call it does not know.
#[async_trait]
pub trait TranscriptSink: fmt::Debug + Send + Sync + 'static {
    async fn append(&self, entry: &Entry) -> Result<(), SinkError>;

    async fn conclude(&self, _call: &CallId, _analysis: &Analysis) -> Result<(), SinkError> {
        Ok(())
    }
}

/// One line of a transcript.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub call: Arc<Call>,
    /// Counts the entries of a session from 0. A gap means that an entry was lost.
    pub sequence: u32,
    pub turn: Turn,
    /// For the agent's words when the first of them was said, otherwise when it was known.
    pub at: Offset,
    pub content: Content,
}

impl Entry {
    /// The words of the line as they were said, and by whom: all of the caller's, and of the
    /// agent's those that were heard.
    pub fn said(&self) -> Option<(Speaker, &str)> {
        match &self.content {
            Content::Caller(line) => Some((Speaker::Caller, &line.text)),
            Content::Agent(line) => Some((Speaker::Agent, &line.heard)),
            Content::Started | Content::Ended(_) => None,
        }
    }
}

/// What a line says.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// The call is answered, or goes on in a new session.
    Started,
    Caller(CallerLine),
    Agent(AgentLine),
    Ended(EndedLine),
}

/// What the caller said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallerLine {
    pub text: String,
    pub language: Option<Language>,
    pub kind: CallerKind,
}

/// How an utterance was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallerKind {
    /// It drew a reply.
    Asked,
    /// "uh-huh" while the agent spoke: noted, and the agent went on.
    Backchannel,
    /// "hello?" while a reply was on its way, or words while the call was ending: noted, and
    /// nothing changed.
    Waiting,
    /// Keys pressed on the phone.
    Keys,
}

/// What the agent said.
#[derive(Clone, Debug, PartialEq)]
pub struct AgentLine {
    pub kind: AgentKind,
    /// The reply as it was written, whole.
    pub planned: String,
    /// The part of it the caller heard.
    pub heard: String,
    pub interrupted: bool,
    /// How `heard` is known.
    pub basis: Basis,
    /// The passages of the prompt: those found for this turn, best first, then those of earlier
    /// turns.
    pub sources: Vec<Evidence>,
    /// What was searched for them, and what was left out.
    pub searches: Vec<Search>,
    /// What each model that wrote cost.
    pub usage: Vec<Usage>,
    pub latency: Latency,
}

/// Where a line of the agent comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AgentKind {
    Greeting,
    Reply,
    Nudge,
    /// The model failed, and the agent said that it is sorry.
    Apology,
    Farewell,
}

/// How the part of a reply that was heard is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// The carrier reported every piece it played.
    Played,
    /// The carrier reported the clause it was in when it was interrupted.
    Reported,
    /// From the pace of speech.
    Estimated,
    /// Nothing stopped it.
    Whole,
}

/// A passage that was in the prompt.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// The turn that found it.
    pub turn: Turn,
    /// The passage's id.
    pub passage: String,
    pub source: Source,
    pub score: f32,
}

/// Where the time of a turn went, counted from the end of the utterance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Latency {
    /// Until the knowledge was there, or was given up.
    pub knowledge: Option<Duration>,
    /// Until the model's first text.
    pub first_text: Option<Duration>,
    /// Until the first words were handed to the transport: what the caller waits.
    pub first_words: Option<Duration>,
    /// Until the reply was written.
    pub written: Option<Duration>,
}

/// How a call went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndedLine {
    pub ending: Ending,
    pub turns: u32,
    pub duration: Duration,
}

/// Why an entry is not kept.
#[derive(Debug, thiserror::Error)]
pub enum SinkError {
    /// Appending it again may work. The sink holds as much as it can already, or will not be well
    /// again by itself.
    #[error("the transcript cannot be written for now")]
    Unavailable(#[source] Cause),
    /// Appending it again will not.
    #[error("the transcript refuses the entry")]
    Refused(#[source] Cause),
}
