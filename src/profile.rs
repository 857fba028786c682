//! Who the agent is and how patient it is. Plain data; the server reads it from configuration.

use std::sync::Arc;
use std::time::Duration;

use crate::prompt::Tool;
use crate::speech::Style;
use crate::words::Language;

/// Everything a session knows of itself before the call.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    /// The persona and its rules, the first part of every prompt. Stable, so a vendor can cache it.
    pub instructions: Arc<str>,
    /// What the agent speaks unless the caller speaks another of `languages`.
    pub language: Language,
    /// The other languages the agent may be spoken to in.
    pub languages: Vec<Language>,
    pub lines: Lines,
    pub phrases: Phrases,
    pub patience: Patience,
    pub bounds: Bounds,
    pub style: Style,
    /// What the model may ask for. Empty: words only.
    pub tools: Arc<[Tool]>,
    /// A key that passes the caller to a person, where there is one.
    pub handoff_key: Option<char>,
    /// A sound to play while a reply is slow to come.
    pub waiting_sound: Option<String>,
}

/// The sentences the agent has ready.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lines {
    pub greeting: String,
    /// The documents have no answer. Models are told to say exactly this.
    pub fallback: String,
    /// No model could answer.
    pub apology: String,
    /// The caller has been silent.
    pub nudge: String,
    /// The caller said goodbye, or stayed silent.
    pub farewell: String,
    /// A person takes over.
    pub handoff: String,
    /// The call has reached its bounds, or the server stops.
    pub closing: String,
    /// The call goes on after the line broke.
    pub resume: String,
}

/// What callers say that is not a question. Compared without case and punctuation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Phrases {
    /// "uh-huh": the caller listens.
    pub backchannel: Vec<String>,
    /// "hello?": the caller wonders whether somebody is there.
    pub waiting: Vec<String>,
    /// "goodbye": the caller is about to hang up.
    pub farewell: Vec<String>,
    /// "a real person": the caller wants somebody else. Empty where nobody takes calls.
    pub handoff: Vec<String>,
}

/// How long the agent waits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Patience {
    /// For knowledge; afterwards the turn goes on without.
    pub knowledge: Duration,
    /// From the end of an utterance to the first word of any model; afterwards the apology.
    pub first_word: Duration,
    /// Between two words of a reply that has begun; afterwards the apology.
    pub next_word: Duration,
    /// From the end of an utterance to the waiting sound, where there is one.
    pub waiting_sound: Duration,
    /// After an interruption that no words follow: then it was noise, and the reply goes on.
    pub resume: Duration,
    /// Of the caller's silence, to a nudge.
    pub nudge: Duration,
    /// How often to nudge before the farewell.
    pub nudges: u32,
    /// After a pressed key, for the next one.
    pub keys: Duration,
    /// For the words of a farewell to be spoken, beyond the estimate, before the line is cut.
    pub farewell: Duration,
}

/// How much of everything one call may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// The longest call.
    pub duration: Duration,
    /// The most turns in a call.
    pub turns: u32,
    /// The most exchanges a prompt repeats.
    pub history_turns: usize,
    /// The longest utterance, in bytes; the rest is not read.
    pub utterance_bytes: usize,
    /// The longest reply, in bytes as written; the rest is not said.
    pub reply_bytes: usize,
    /// The most passages a turn asks for.
    pub passages: usize,
    /// The most passages of earlier turns that a prompt repeats.
    pub recalled_passages: usize,
    /// How many turns back they may have been found.
    pub recalled_turns: u32,
    /// The most keys pressed in a row.
    pub keys: usize,
    /// The most outputs waiting for a slow line; beyond it the call is given up.
    pub outgoing: usize,
    /// The most entries waiting for a slow sink; beyond it entries are dropped, and that is logged.
    pub entries: usize,
    /// How long a line may take nothing; beyond it the call is given up.
    pub stuck: Duration,
    /// How long the last entries may take once the call is over.
    pub drain: Duration,
}
