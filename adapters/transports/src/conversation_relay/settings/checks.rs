//! What is wrong with the settings, before a carrier ends calls over it.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;
use std::time::Duration;

use super::{LanguageSettings, Settings, SpeechTimeout, TranscriptionProvider, TtsProvider};
use crate::conversation_relay::token;

/// A setting that cannot work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The setting, as in `languages.es-US.voice`.
    pub key: String,
    /// Names the setting, its value and what to do.
    pub message: String,
}

/// The carrier's default, where `eot_threshold` is not set.
const EOT_THRESHOLD: f64 = 0.8;

/// The most phrases in `hints`, and the longest.
const HINTS: usize = 500;
const HINT_CHARS: usize = 100;

impl Settings {
    /// What is wrong, in the order of the settings. Empty when nothing is.
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Problems::default();
        self.check_speech(&mut problems);
        self.check_listening(&mut problems);
        self.check_languages(&mut problems);
        self.check_parameters(&mut problems);
        problems.0
    }

    fn check_speech(&self, problems: &mut Problems) {
        problems.within("pace", Some(self.pace), 1.0..=100.0);
        problems.tag("language", self.language.as_deref());
        problems.tag("tts_language", self.tts_language.as_deref());
        let speaker = Speaker {
            at: "",
            language: self.tts_language.as_ref().or(self.language.as_ref()),
            provider: self.speaker(),
            voice: self.voice.as_deref(),
        };
        speaker.check(problems);
        if self.elevenlabs_text_normalization.is_some() && self.speaker() != TtsProvider::ElevenLabs
        {
            problems.add(
                "elevenlabs_text_normalization",
                format!(
                    "does nothing while tts_provider is {}: use tts_text_normalization",
                    self.speaker().as_str()
                ),
            );
        }
    }

    fn check_listening(&self, problems: &mut Problems) {
        problems.tag(
            "transcription_language",
            self.transcription_language.as_deref(),
        );
        let language = self.transcription_language.as_ref();
        let listener = Listener {
            at: "",
            language: language.or(self.language.as_ref()),
            provider: self.listener(),
            model: self.speech_model.as_deref(),
        };
        listener.check(problems);
        if self.deepgram_smart_format.is_some()
            && self.listener() != TranscriptionProvider::Deepgram
        {
            problems.add(
                "deepgram_smart_format",
                "does nothing while transcription_provider is Google: use asr_smart_format",
            );
        }
        problems.hints("hints", &self.hints);
        if let Some(SpeechTimeout::After(time)) = self.speech_timeout
            && !(Duration::from_millis(600)..=Duration::from_secs(5)).contains(&time)
        {
            problems.add(
                "speech_timeout",
                format!("is {time:?}: choose \"auto\" or 600ms to 5s"),
            );
        }
        self.check_flux(problems);
        for (key, text) in [
            (
                "background_noise_reduction",
                &self.background_noise_reduction,
            ),
            ("customer_name", &self.customer_name),
            (
                "conversation_configuration",
                &self.conversation_configuration,
            ),
            ("conversation_id", &self.conversation_id),
        ] {
            problems.text(key, text.as_deref());
        }
    }

    fn check_flux(&self, problems: &mut Problems) {
        let models = self.languages.iter().map(|l| &l.speech_model);
        let mut models = models.chain([&self.speech_model]).flatten();
        let flux = models.any(|model| is_flux(model));
        for (key, value, range) in [
            ("eot_threshold", self.eot_threshold, 0.5..=0.9),
            ("eager_eot_threshold", self.eager_eot_threshold, 0.3..=0.9),
        ] {
            problems.within(key, value, range);
            if let Some(value) = value
                && !flux
            {
                problems.add(
                    key,
                    format!("is {value} but works with Deepgram Flux only: set speech_model = \"flux\", or remove it"),
                );
            }
        }
        let sure = self.eot_threshold.unwrap_or(EOT_THRESHOLD);
        if let Some(eager) = self.eager_eot_threshold
            && eager >= sure
        {
            problems.add(
                "eager_eot_threshold",
                format!("is {eager}, not below eot_threshold, which is {sure}: lower it"),
            );
        }
    }

    fn check_languages(&self, problems: &mut Problems) {
        let mut seen = BTreeSet::new();
        for (place, language) in self.languages.iter().enumerate() {
            if language.code.trim().is_empty() {
                let key = format!("languages.{place}.code");
                problems.add(
                    &key,
                    "is missing or empty: give a language tag such as \"es-US\"",
                );
                continue;
            }
            let at = format!("languages.{}.", language.code);
            if !seen.insert(language.code.to_ascii_lowercase()) {
                problems.add(
                    &format!("{at}code"),
                    format!("is \"{}\" a second time: remove one", language.code),
                );
            }
            self.check_language(&at, language, problems);
        }
    }

    fn check_language(&self, at: &str, language: &LanguageSettings, problems: &mut Problems) {
        problems.tag(&format!("{at}code"), Some(&language.code));
        let speaker = Speaker {
            at,
            language: Some(&language.code),
            provider: language.tts_provider.unwrap_or(self.speaker()),
            voice: match &language.voice {
                Some(voice) => Some(voice),
                // Inherited, and wrong only where the provider is another one.
                None => language.tts_provider.and(self.voice.as_deref()),
            },
        };
        speaker.check(problems);
        let listener = Listener {
            at,
            language: Some(&language.code),
            provider: language.transcription_provider.unwrap_or(self.listener()),
            model: match &language.speech_model {
                Some(model) => Some(model),
                None => language
                    .transcription_provider
                    .and(self.speech_model.as_deref()),
            },
        };
        listener.check(problems);
        problems.hints(&format!("{at}hints"), &language.hints);
    }

    fn check_parameters(&self, problems: &mut Problems) {
        for (name, value) in &self.parameters {
            let key = format!("parameters.{name}");
            if name.trim().is_empty() {
                problems.add("parameters", "has an empty name: remove it or name it");
            } else if name == token::PARAMETER {
                problems.add(
                    &key,
                    "is taken by the token of each call: choose another name",
                );
            }
            problems.text(&key, Some(value));
        }
    }

    fn speaker(&self) -> TtsProvider {
        self.tts_provider.unwrap_or(TtsProvider::ElevenLabs)
    }

    fn listener(&self) -> TranscriptionProvider {
        self.transcription_provider
            .unwrap_or(TranscriptionProvider::Deepgram)
    }
}

/// What speaks a language, for the table and for each of `languages`.
struct Speaker<'a> {
    at: &'a str,
    language: Option<&'a String>,
    provider: TtsProvider,
    voice: Option<&'a str>,
}

impl Speaker<'_> {
    fn check(&self, problems: &mut Problems) {
        let (at, provider) = (self.at, self.provider);
        if self.language.is_some_and(super::is_multi) && provider != TtsProvider::ElevenLabs {
            problems.add(
                &format!("{at}tts_provider"),
                format!(
                    "is {}, but the language \"multi\" is spoken by ElevenLabs only: set tts_provider = \"ElevenLabs\", or name the language",
                    provider.as_str()
                ),
            );
        }
        let key = format!("{at}voice");
        problems.text(&key, self.voice);
        if let Some(voice) = self.voice
            && let Some(owner) = owner(voice)
            && owner != provider
        {
            let (owner, provider) = (owner.as_str(), provider.as_str());
            problems.add(
                &key,
                format!("is \"{voice}\", a voice of {owner}, but the provider is {provider}: set tts_provider = \"{owner}\", or choose a voice of {provider}"),
            );
        }
    }
}

/// What listens to a language, for the table and for each of `languages`.
struct Listener<'a> {
    at: &'a str,
    language: Option<&'a String>,
    provider: TranscriptionProvider,
    model: Option<&'a str>,
}

impl Listener<'_> {
    fn check(&self, problems: &mut Problems) {
        let (at, provider) = (self.at, self.provider);
        let multi = self.language.is_some_and(super::is_multi);
        if multi && provider != TranscriptionProvider::Deepgram {
            problems.add(
                &format!("{at}transcription_provider"),
                "is Google, but the language \"multi\" is detected by Deepgram only: set transcription_provider = \"Deepgram\", or name the language",
            );
        }
        let key = format!("{at}speech_model");
        problems.text(&key, self.model);
        let Some(model) = self.model else { return };
        if let Some(owner) = model_owner(model)
            && owner != provider
        {
            let (owner, provider) = (owner.as_str(), provider.as_str());
            problems.add(
                &key,
                format!("is \"{model}\", a model of {owner}, but the provider is {provider}: set transcription_provider = \"{owner}\", or choose a model of {provider}"),
            );
        } else if multi && !detects(model) {
            problems.add(
                &key,
                format!("is \"{model}\", which does not detect the language \"multi\": choose nova-3-general, nova-2-general or flux"),
            );
        }
    }
}

/// Whose voice has this form, where the form tells.
fn owner(voice: &str) -> Option<TtsProvider> {
    let (first, rest) = voice.split_once('-').unwrap_or((voice, ""));
    let region = rest.split('-').next().unwrap_or_default();
    if voice.starts_with("Google.") || is_language(first) && is_region(region) {
        return Some(TtsProvider::Google);
    }
    if first.len() == 20 && first.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return Some(TtsProvider::ElevenLabs);
    }
    let style = ["Neural", "Generative", "Standard", "Long-Form"].contains(&rest);
    let name = first.len() < 20 && first.chars().all(char::is_alphabetic);
    (voice.starts_with("Polly.") || name && style).then_some(TtsProvider::Amazon)
}

fn is_language(subtag: &str) -> bool {
    (2..=3).contains(&subtag.len()) && subtag.bytes().all(|b| b.is_ascii_lowercase())
}

fn is_region(subtag: &str) -> bool {
    subtag.len() == 2 && subtag.bytes().all(|b| b.is_ascii_uppercase())
}

fn model_owner(model: &str) -> Option<TranscriptionProvider> {
    if model.starts_with("nova-") || is_flux(model) {
        Some(TranscriptionProvider::Deepgram)
    } else if model.starts_with("telephony") {
        Some(TranscriptionProvider::Google)
    } else {
        None
    }
}

fn is_flux(model: &str) -> bool {
    model == "flux" || model.starts_with("flux-")
}

fn detects(model: &str) -> bool {
    is_flux(model) || ["nova-2-general", "nova-3-general"].contains(&model)
}

#[derive(Default)]
struct Problems(Vec<Problem>);

impl Problems {
    fn add(&mut self, key: &str, what: impl std::fmt::Display) {
        self.0.push(Problem {
            key: key.to_owned(),
            message: format!("{key} {what}"),
        });
    }

    fn text(&mut self, key: &str, text: Option<&str>) {
        if text.is_some_and(|text| text.trim().is_empty()) {
            self.add(key, "is empty: give it a value, or remove it");
        }
    }

    fn tag(&mut self, key: &str, tag: Option<&str>) {
        let Some(tag) = tag else { return };
        let mut subtags = tag.split('-');
        let well_formed = subtags.next().is_some_and(|first| {
            (2..=3).contains(&first.len()) && first.bytes().all(|b| b.is_ascii_alphabetic())
        }) && subtags.all(|subtag| {
            (1..=8).contains(&subtag.len()) && subtag.bytes().all(|b| b.is_ascii_alphanumeric())
        });
        if !well_formed && tag != "multi" {
            self.add(
                key,
                format!("is \"{tag}\", not a language tag: write \"en-US\", say, or \"multi\""),
            );
        }
    }

    fn within(&mut self, key: &str, value: Option<f64>, range: RangeInclusive<f64>) {
        let Some(value) = value else { return };
        if !range.contains(&value) {
            let (least, most) = range.into_inner();
            self.add(key, format!("is {value}: choose {least} to {most}"));
        }
    }

    fn hints(&mut self, key: &str, hints: &[String]) {
        if hints.len() > HINTS {
            self.add(
                key,
                format!("has {} phrases: keep the best {HINTS}", hints.len()),
            );
        }
        for hint in hints {
            if hint.trim().is_empty() {
                self.add(key, "has an empty phrase: remove it");
            } else if hint.contains(',') {
                self.add(
                    key,
                    format!("has \"{hint}\", and a comma separates phrases: split it in two"),
                );
            } else if hint.chars().count() > HINT_CHARS {
                self.add(
                    key,
                    format!(
                        "has \"{hint}\", which is longer than {HINT_CHARS} characters: shorten it"
                    ),
                );
            }
        }
    }
}
