//! What a transport hears and what it is told to do, in the words of the core.
//!
//! A transport translates its own protocol to and from these two enums and nothing else, so the
//! session never learns which carrier it talks through.

use std::time::Duration;

use crate::words::{Ending, Language, Turn, Utterance};

/// What a transport noticed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// The caller finished an utterance.
    Utterance(Utterance),
    /// The caller has begun to speak, or goes on.
    Speaking,
    /// The caller's voice stopped; what was said may follow as an utterance.
    Quiet,
    /// The caller spoke over the agent, and the carrier stopped the agent's voice.
    Interrupted {
        /// What was spoken of the current clause, where the carrier says so.
        heard: Option<String>,
        /// How long the agent had been speaking.
        after: Option<Duration>,
    },
    /// A piece of speech has been played to the caller, as it was sent.
    Played(String),
    /// The agent's voice began.
    VoiceStarted,
    /// The agent's voice stopped: nothing is left to play.
    VoiceStopped,
    /// The caller pressed a key: `0` to `9`, `*` or `#`.
    Key(char),
    /// The carrier says something is wrong and the call goes on.
    Trouble(String),
    /// The server asks the call to end: the session says goodbye first.
    Close,
    /// The caller is gone.
    HungUp,
    /// The transport broke.
    Lost(String),
}

/// What a transport has to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// Speak this after everything said before it.
    Say(Say),
    /// Nothing more follows in this turn: the carrier may flush its buffers.
    Finish(Turn),
    /// Nothing more follows, and what has not left yet must not: the turn was abandoned.
    Abandon(Turn),
    /// Speak and listen in another language from here on.
    Language(Language),
    /// Play a sound until the next words.
    Play(String),
    /// Press keys on the caller's side of the line: `0` to `9`, `*`, `#`, and `w` for half a second.
    Press(String),
    /// End the call. Nothing follows.
    End(Ending),
}

/// A piece of speech.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Say {
    pub turn: Turn,
    /// Speakable text; pieces of a turn are spoken as one, so spaces matter.
    pub text: String,
    /// Whether the caller's voice stops it.
    pub interruptible: bool,
}
