//! The values that settings choose from, each with the carrier's word for it.

use serde::Deserialize;

/// Declares a choice: a setting writes, and the carrier reads, the word after `=>`.
macro_rules! words {
    ($(#[$about:meta])* $name:ident {
        $($(#[$meta:meta])* $choice:ident => $word:literal,)+
    }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
        pub enum $name {
            $($(#[$meta])* #[serde(rename = $word)] $choice,)+
        }

        impl $name {
            /// The carrier's word.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$choice => $word,)+
                }
            }
        }
    };
}

words! {
    /// Who speaks.
    TtsProvider {
        #[serde(alias = "elevenlabs")]
        ElevenLabs => "ElevenLabs",
        #[serde(alias = "google")]
        Google => "Google",
        #[serde(alias = "amazon")]
        Amazon => "Amazon",
    }
}

words! {
    /// Who listens.
    TranscriptionProvider {
        #[serde(alias = "deepgram")]
        Deepgram => "Deepgram",
        #[serde(alias = "google")]
        Google => "Google",
    }
}

words! {
    /// What the caller does.
    InputKind {
        None => "none",
        Dtmf => "dtmf",
        Speech => "speech",
        Any => "any",
    }
}

words! {
    /// How easily something happens.
    Sensitivity {
        Low => "low",
        Medium => "medium",
        High => "high",
    }
}

words! {
    /// Whether something is done.
    Switch {
        On => "on",
        Auto => "auto",
        Off => "off",
    }
}

words! {
    /// What the carrier reports of a call.
    Events {
        SpeakerEvents => "speaker-events",
        TokensPlayed => "tokens-played",
        ConfigUpdated => "config-updated",
    }
}

words! {
    /// What the carrier reports for debugging.
    DebugEvents {
        Debugging => "debugging",
        SpeakerEvents => "speaker-events",
        TokensPlayed => "tokens-played",
    }
}

words! {
    /// What the carrier adds to an utterance.
    PromptPart {
        TurnState => "turn-state",
        PromptSegments => "prompt-segments",
    }
}
