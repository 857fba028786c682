//! The vocabulary every other module speaks.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// Names one phone call, from answer to ending. Twilio's `callSid`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CallId(Arc<str>);

impl CallId {
    pub fn new(id: &str) -> Self {
        Self(id.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CallId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Numbers one utterance and the reply it drew. The greeting is turn 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Turn(pub u32);

impl Turn {
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

impl fmt::Display for Turn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A language as a BCP 47 tag, such as `en-US`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Language(Arc<str>);

impl Language {
    pub fn new(tag: &str) -> Self {
        Self(tag.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The primary subtag in lower case: `en` of `en-US`.
    pub fn primary(&self) -> String {
        let primary = self.0.split(['-', '_']).next().unwrap_or_default();
        primary.to_ascii_lowercase()
    }

    /// Whether two tags name the same language, whatever the region.
    pub fn speaks(&self, other: &Language) -> bool {
        self.primary() == other.primary()
    }
}

impl Default for Language {
    fn default() -> Self {
        Self::new("en-US")
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What the caller said, complete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Utterance {
    pub text: String,
    /// What the recogniser heard it in, where it says so.
    pub language: Option<Language>,
}

impl Utterance {
    pub fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            language: None,
        }
    }
}

/// Who spoke.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Speaker {
    Caller,
    Agent,
}

/// What a transport knows of a call when it is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    pub id: CallId,
    /// The carrier's name for this stretch of the call; a reconnected call has a new one.
    pub session: Option<String>,
    /// Who calls and who was called, in the carrier's form. Personal data.
    pub from: Option<String>,
    pub to: Option<String>,
    pub started: SystemTime,
    /// What the operator attached to the call (TwiML `<Parameter>`), without the call's token.
    pub parameters: BTreeMap<String, String>,
}

/// How the conversation begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opening {
    /// The carrier speaks the greeting as soon as the line is up; the session only has to know.
    GreetedByCarrier,
    /// The session says the greeting.
    Greet,
    /// The call goes on after its socket was lost: the session says that it is back.
    Resume(Memory),
}

/// What a session remembers of a call, for the session that continues it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Memory {
    pub turn: Turn,
    /// How many utterances there were.
    pub turns: u32,
    /// How long the call has lasted.
    pub lasted: Duration,
    /// What the agent spoke, where not its first language.
    pub language: Option<Language>,
    pub history: Vec<Line>,
}

/// One side of an exchange, as the prompt repeats it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub speaker: Speaker,
    /// As written. Of the agent's words only those the caller heard.
    pub text: Arc<str>,
    /// The caller spoke over the agent after these words.
    pub cut_off: bool,
}

/// Why a call is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The caller hung up, or the carrier ended the call.
    HungUp,
    /// The agent or the caller said goodbye and the agent closed the call.
    Goodbye,
    /// The caller is passed to a person.
    HandedOff(Handoff),
    /// The caller stayed silent through every nudge.
    Silent,
    /// The call reached its longest duration or its last turn.
    Exhausted,
    /// The server is stopping.
    Shutdown,
    /// The transport broke; the text says how, for the operator.
    Failed(String),
}

impl Ending {
    /// Nobody is there any more to hear anything.
    pub fn is_gone(&self) -> bool {
        match self {
            Self::HungUp | Self::Failed(_) => true,
            Self::Goodbye
            | Self::HandedOff(_)
            | Self::Silent
            | Self::Exhausted
            | Self::Shutdown => false,
        }
    }

    /// The field's short name of this ending, as transcripts and logs carry it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::HungUp => "hung_up",
            Self::Goodbye => "goodbye",
            Self::HandedOff(_) => "handed_off",
            Self::Silent => "silent",
            Self::Exhausted => "exhausted",
            Self::Shutdown => "shutdown",
            Self::Failed(_) => "failed",
        }
    }
}

/// What the person who takes the call is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handoff {
    /// Why the caller is passed on, in a few words.
    pub reason: String,
    /// The last utterances of the caller and the gist of the replies, oldest first.
    pub summary: String,
}

/// When something happened, counted from the moment the session of the call began.
pub type Offset = Duration;
