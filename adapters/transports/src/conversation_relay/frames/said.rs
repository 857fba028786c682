//! Frames to the carrier, strict: it counts malformed ones and closes the socket over ten.

use serde::Serialize;
use voicera::transport::{Output, Say};

use crate::conversation_relay::handoff;
use crate::conversation_relay::settings::Settings;

/// What the carrier is told. Only what the reference names; nothing is sent as an extra.
#[derive(Debug, Serialize)]
#[serde(
    tag = "type",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub(super) enum Said<'a> {
    /// Words, spoken after everything before them. `last` closes the talk cycle.
    Text {
        token: &'a str,
        last: bool,
        /// Only to differ from the session's own setting.
        #[serde(skip_serializing_if = "Option::is_none")]
        interruptible: Option<bool>,
    },
    /// A sound. `loop_` 0 is as long as the carrier allows.
    Play {
        source: &'a str,
        #[serde(rename = "loop")]
        loop_: u32,
        preemptible: bool,
        interruptible: bool,
    },
    SendDigits {
        digits: &'a str,
    },
    Language {
        #[serde(skip_serializing_if = "Option::is_none")]
        tts_language: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        transcription_language: Option<&'a str>,
    },
    End {
        #[serde(skip_serializing_if = "Option::is_none")]
        handoff_data: Option<&'a str>,
    },
}

/// Turns outputs into frames. The last words are kept back until something follows them or they
/// have to leave, so that the end of a reply travels with its last words.
#[derive(Debug, Default)]
pub(in crate::conversation_relay) struct Speaker {
    kept: Option<Say>,
    /// The carrier detects what the caller speaks, so nothing is to be said about that.
    detects_language: bool,
    ended: bool,
}

/// Closes a talk cycle and says nothing.
const END: Said<'_> = Said::Text {
    token: "",
    last: true,
    interruptible: None,
};

/// Whether a talk cycle is over.
#[derive(Clone, Copy, PartialEq)]
enum Cycle {
    GoesOn,
    Ends,
}

impl Speaker {
    pub(in crate::conversation_relay) fn new(settings: &Settings) -> Self {
        Self {
            detects_language: settings.detects_language(),
            ..Self::default()
        }
    }

    /// The frames, in order, that are due because of `output`.
    pub(in crate::conversation_relay) fn take(&mut self, output: Output) -> [Option<String>; 2] {
        let frame = match output {
            Output::Say(say) => {
                let before = self.release(Cycle::GoesOn);
                self.kept = Some(say).filter(|say| !say.text.is_empty());
                return [before, None];
            }
            Output::Finish(turn) if self.kept.as_ref().is_some_and(|k| k.turn == turn) => {
                return [self.release(Cycle::Ends), None];
            }
            Output::Abandon(_) => {
                self.kept = None;
                frame(&END)
            }
            Output::Finish(_) => frame(&END),
            Output::Language(language) => frame(&Said::Language {
                tts_language: Some(language.as_str()),
                transcription_language: (!self.detects_language).then_some(language.as_str()),
            }),
            // The next words stop it, and the caller's voice does not: it is no speech of the
            // agent that could be interrupted.
            Output::Play(source) => frame(&Said::Play {
                source: &source,
                loop_: 0,
                preemptible: true,
                interruptible: false,
            }),
            Output::Press(keys) => press(&keys),
            Output::End(ending) => {
                let note = handoff::note(&ending);
                self.ended = note.is_some();
                let handoff_data = note.as_deref();
                handoff_data.and_then(|_| frame(&Said::End { handoff_data }))
            }
        };
        [self.release(Cycle::GoesOn), frame]
    }

    /// The frame that is kept back, if any: it has to leave now.
    pub(in crate::conversation_relay) fn flush(&mut self) -> Option<String> {
        self.release(Cycle::GoesOn)
    }

    /// The carrier was told to end the session.
    pub(in crate::conversation_relay) fn has_ended(&self) -> bool {
        self.ended
    }

    fn release(&mut self, cycle: Cycle) -> Option<String> {
        let say = self.kept.take()?;
        frame(&Said::Text {
            token: &say.text,
            last: cycle == Cycle::Ends,
            interruptible: (!say.interruptible).then_some(false),
        })
    }
}

fn press(keys: &str) -> Option<String> {
    let is_key = |key: &char| matches!(key, '0'..='9' | '#' | '*' | 'w');
    let digits = keys.chars().filter(is_key).collect::<String>();
    let frame = frame(&Said::SendDigits { digits: &digits });
    frame.filter(|_| !digits.is_empty())
}

fn frame(said: &Said<'_>) -> Option<String> {
    // Strings and numbers always have a JSON form.
    serde_json::to_string(said).ok()
}
