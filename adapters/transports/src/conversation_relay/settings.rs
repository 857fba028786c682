//! How the carrier speaks and listens: the user's `[speech]` table, attribute for attribute.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Deserializer};
use voicera::speech::Style;

pub use checks::Problem;
pub use words::{
    DebugEvents, Events, InputKind, PromptPart, Sensitivity, Switch, TranscriptionProvider,
    TtsProvider,
};

mod checks;
mod words;

/// The `[speech]` table. Every setting but the first two is the TwiML attribute of the same name;
/// one that is not set is left to the carrier's default.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Turn written text into speakable text: symbols, prices and lists become words.
    /// Default `true`.
    pub format: bool,
    /// How fast the agent's voice speaks, in characters a second, to estimate what was heard
    /// where the carrier does not say. Default 15.
    pub pace: f64,

    /// The language to speak and listen in, as a BCP 47 tag, or `multi`. Default: the agent's.
    pub language: Option<String>,
    /// The language to speak in, where it differs. `multi` needs ElevenLabs.
    pub tts_language: Option<String>,
    /// Who speaks: `ElevenLabs`, `Google` or `Amazon`. The carrier's default is ElevenLabs.
    pub tts_provider: Option<TtsProvider>,
    /// The voice, in the form of its provider: `UgBBYS2sOqTuMpoF3BR0` (ElevenLabs),
    /// `en-US-Journey-O` (Google), `Joanna-Neural` (Amazon).
    pub voice: Option<String>,
    /// Whether the voice's provider writes out figures and signs. Best left alone with
    /// `format = true`, which does it first.
    pub tts_text_normalization: Option<Switch>,
    /// Whether that follows the language.
    pub tts_language_text_normalization: Option<bool>,
    /// The older form of `tts_text_normalization`, for ElevenLabs only.
    pub elevenlabs_text_normalization: Option<Switch>,

    /// The language to listen in, where it differs. `multi` detects it and needs Deepgram.
    pub transcription_language: Option<String>,
    /// Who listens: `Deepgram` or `Google`. Default `Deepgram`: the carrier's own default
    /// depends on the age of the account.
    pub transcription_provider: Option<TranscriptionProvider>,
    /// The recogniser's model: `nova-3-general`, `nova-2-general` or `flux` (Deepgram),
    /// `telephony` (Google).
    pub speech_model: Option<String>,
    /// Numbers, dates and money in written form in what the caller said.
    pub asr_smart_format: Option<bool>,
    /// The older form of `asr_smart_format`, for Deepgram only.
    pub deepgram_smart_format: Option<bool>,
    /// Words the recogniser should expect: names of products and places. None by default.
    pub hints: Vec<String>,
    /// Masks strong language in what the caller said.
    pub profanity_filter: Option<bool>,
    /// Also hear unfinished utterances. Most carriers send them only with Flux.
    pub partial_prompts: Option<bool>,
    /// Hear the unfinished utterance when the caller hangs up in the middle of it.
    pub partial_prompt_on_hangup: Option<bool>,
    /// The silence that ends an utterance: `"auto"` or 600 ms to 5 s, as `"900ms"`. It adds
    /// directly to what the caller waits.
    pub speech_timeout: Option<SpeechTimeout>,
    /// How sure Flux must be that the caller has finished: 0.5 to 0.9.
    pub eot_threshold: Option<f64>,
    /// How sure Flux must be to say so early: 0.3 to 0.9, below `eot_threshold`.
    pub eager_eot_threshold: Option<f64>,
    /// Let the carrier detect the end of the caller's turn.
    pub turn_detection: Option<bool>,
    /// More fields in what is heard: `turn-state`, `prompt-segments`. They are not read.
    pub include_in_prompt: Vec<PromptPart>,
    /// Drop what the recogniser hears of the agent's own voice.
    pub echo_prompt_filtering: Option<bool>,
    /// The noise filter in front of the recogniser, by the carrier's name.
    pub background_noise_reduction: Option<String>,

    /// What stops the agent's voice: `none`, `dtmf`, `speech` or `any`. Default `any`.
    pub interruptible: InputKind,
    /// What stops the greeting. The carrier's default is `any`.
    pub welcome_greeting_interruptible: Option<InputKind>,
    /// How easily the caller's voice counts as an interruption: `low`, `medium` or `high`.
    pub interrupt_sensitivity: Option<Sensitivity>,
    /// "Uh-huh" does not stop the agent's voice. Default `true`: once the carrier has stopped
    /// it, nothing can make it go on.
    pub ignore_backchannel: Option<bool>,
    /// Hear the keys the caller presses. Default `true`.
    pub dtmf_detection: Option<bool>,
    /// What is heard while the agent speaks: `none`, `dtmf`, `speech` or `any`. Default `any`:
    /// with `none` the key that interrupts, and words spoken over a sentence that cannot be
    /// interrupted, would be lost. The session tells a question from an "uh-huh".
    pub report_input_during_agent_speech: InputKind,
    /// Whether the next reply may cut the one that is being spoken.
    pub preemptible: Option<bool>,

    /// What the carrier reports: `speaker-events`, `tokens-played`, `config-updated`. Default
    /// the first two: from them it is known what the caller heard.
    pub events: Vec<Events>,
    /// What it reports for debugging: `debugging`; `speaker-events` and `tokens-played` are the
    /// older place of the events. None by default.
    pub debug: Vec<DebugEvents>,
    /// Let the carrier hold the call and connect again when the socket breaks.
    pub application_reconnect: Option<bool>,
    /// The caller's name for the carrier's conversation products.
    pub customer_name: Option<String>,
    /// The carrier's conversation configuration, `conv_configuration_…`.
    pub conversation_configuration: Option<String>,
    /// The carrier's conversation to attach every call to.
    pub conversation_id: Option<String>,

    /// Other languages and how to speak and listen in them. The agent's other languages are
    /// declared even where they are missing here.
    pub languages: Vec<LanguageSettings>,
    /// Names and values that every call carries. `token` is taken.
    pub parameters: BTreeMap<String, String>,
}

/// One of `languages`: a `<Language>`. What is not set is as in the table around it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LanguageSettings {
    /// A BCP 47 tag, or `multi`. Required.
    pub code: String,
    pub tts_provider: Option<TtsProvider>,
    pub voice: Option<String>,
    pub tts_text_normalization: Option<Switch>,
    pub tts_language_text_normalization: Option<bool>,
    pub transcription_provider: Option<TranscriptionProvider>,
    pub speech_model: Option<String>,
    pub asr_smart_format: Option<bool>,
    pub hints: Vec<String>,
}

/// The silence that ends an utterance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpeechTimeout {
    /// The carrier judges.
    Auto,
    After(Duration),
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            format: true,
            pace: 15.0,
            language: None,
            tts_language: None,
            tts_provider: None,
            voice: None,
            tts_text_normalization: None,
            tts_language_text_normalization: None,
            elevenlabs_text_normalization: None,
            transcription_language: None,
            transcription_provider: Some(TranscriptionProvider::Deepgram),
            speech_model: None,
            asr_smart_format: None,
            deepgram_smart_format: None,
            hints: Vec::new(),
            profanity_filter: None,
            partial_prompts: None,
            partial_prompt_on_hangup: None,
            speech_timeout: None,
            eot_threshold: None,
            eager_eot_threshold: None,
            turn_detection: None,
            include_in_prompt: Vec::new(),
            echo_prompt_filtering: None,
            background_noise_reduction: None,
            interruptible: InputKind::Any,
            welcome_greeting_interruptible: None,
            interrupt_sensitivity: None,
            ignore_backchannel: Some(true),
            dtmf_detection: Some(true),
            report_input_during_agent_speech: InputKind::Any,
            preemptible: None,
            events: vec![Events::SpeakerEvents, Events::TokensPlayed],
            debug: Vec::new(),
            application_reconnect: None,
            customer_name: None,
            conversation_configuration: None,
            conversation_id: None,
            languages: Vec::new(),
            parameters: BTreeMap::new(),
        }
    }
}

impl Settings {
    /// The part of the table that the core reads.
    pub fn style(&self) -> Style {
        Style {
            format: self.format,
            pace: self.pace,
        }
    }

    /// Whether the recogniser detects the language, so that none may be set during the call.
    pub(super) fn detects_language(&self) -> bool {
        let language = self.transcription_language.as_ref();
        language.or(self.language.as_ref()).is_some_and(is_multi)
    }

    /// Whether the carrier connects again by itself when the socket breaks.
    pub(super) fn reconnects(&self) -> bool {
        self.application_reconnect == Some(true)
    }
}

fn is_multi(language: &String) -> bool {
    language == "multi"
}

impl<'de> Deserialize<'de> for SpeechTimeout {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = String::deserialize(deserializer)?;
        if written == "auto" {
            return Ok(Self::Auto);
        }
        match humantime_serde::re::humantime::parse_duration(&written) {
            Ok(time) => Ok(Self::After(time)),
            Err(error) => Err(serde::de::Error::custom(format!(
                "\"{written}\" is neither \"auto\" nor a time such as \"900ms\": {error}"
            ))),
        }
    }
}

#[cfg(test)]
mod tests;
