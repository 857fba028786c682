//! Frames from the carrier, read with tolerance: what is unknown is passed over, what is missing
//! has a default, and only what cannot be understood at all is malformed.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Deserializer};
use voicera::transport::Input;
use voicera::words::{Language, Utterance};

/// What a frame says.
#[derive(Debug, PartialEq)]
pub(in crate::conversation_relay) enum Heard {
    Setup(Box<Setup>),
    Input(Input),
    /// Understood, and of no interest to a session.
    Nothing,
    /// Of a type that nobody has told us about.
    Unknown(String),
}

/// The first frame of a session.
#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(in crate::conversation_relay) struct Setup {
    #[serde(deserialize_with = "text")]
    pub(in crate::conversation_relay) call_sid: String,
    #[serde(deserialize_with = "text")]
    pub(in crate::conversation_relay) session_id: String,
    #[serde(deserialize_with = "text")]
    pub(in crate::conversation_relay) from: String,
    #[serde(deserialize_with = "text")]
    pub(in crate::conversation_relay) to: String,
    #[serde(deserialize_with = "texts")]
    pub(in crate::conversation_relay) custom_parameters: BTreeMap<String, String>,
}

/// Reads a frame.
pub(in crate::conversation_relay) fn read(frame: &str) -> Result<Heard, serde_json::Error> {
    let Head { kind } = serde_json::from_str(frame)?;
    let heard = match &*kind {
        "prompt" => serde_json::from_str::<Prompt>(frame)?.heard(),
        "info" => serde_json::from_str::<Info<'_>>(frame)?.heard(),
        "interrupt" => serde_json::from_str::<Interrupt>(frame)?.heard(),
        "dtmf" => serde_json::from_str::<Dtmf>(frame)?.heard()?,
        "error" => serde_json::from_str::<Trouble>(frame)?.heard(),
        "setup" => Heard::Setup(serde_json::from_str(frame)?),
        unknown => Heard::Unknown(unknown.to_owned()),
    };
    Ok(heard)
}

#[derive(Deserialize)]
struct Head<'a> {
    #[serde(rename = "type", borrow)]
    kind: Cow<'a, str>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Prompt {
    voice_prompt: String,
    #[serde(default)]
    lang: serde_json::Value,
    #[serde(default, deserialize_with = "text")]
    last: String,
}

impl Prompt {
    fn heard(self) -> Heard {
        if self.voice_prompt.trim().is_empty() {
            return Heard::Nothing;
        }
        // What says nothing we know is complete: better heard early than not at all.
        if ["false", "0"].contains(&self.last.trim().to_ascii_lowercase().as_str()) {
            return Heard::Input(Input::Speaking);
        }
        // What the recogniser detects has a name of its own, but not yet before it has.
        let language = self.lang.as_str();
        let language = language.filter(|lang| !["", "multi"].contains(lang));
        Heard::Input(Input::Utterance(Utterance {
            text: self.voice_prompt,
            language: language.map(Language::new),
        }))
    }
}

#[derive(Deserialize)]
struct Info<'a> {
    #[serde(borrow)]
    name: Cow<'a, str>,
    /// A string in all that is read here; other shapes belong to names that are not.
    #[serde(default)]
    value: serde_json::Value,
}

impl Info<'_> {
    fn heard(self) -> Heard {
        let serde_json::Value::String(value) = self.value else {
            return Heard::Nothing;
        };
        Heard::Input(match (&*self.name, &*value) {
            ("tokensPlayed", _) => Input::Played(value),
            ("agentSpeaking", "on") => Input::VoiceStarted,
            ("agentSpeaking", "off") => Input::VoiceStopped,
            ("clientSpeaking", "on") => Input::Speaking,
            ("clientSpeaking", "off") => Input::Quiet,
            _ => return Heard::Nothing,
        })
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[derive(Default)]
struct Interrupt {
    #[serde(deserialize_with = "text")]
    utterance_until_interrupt: String,
    #[serde(deserialize_with = "text")]
    duration_until_interrupt_ms: String,
}

impl Interrupt {
    fn heard(self) -> Heard {
        let milliseconds = self.duration_until_interrupt_ms.trim().parse::<f64>();
        let after = milliseconds
            .ok()
            .and_then(|ms| Duration::try_from_secs_f64(ms / 1000.0).ok());
        let clause = self.utterance_until_interrupt;
        Heard::Input(Input::Interrupted {
            heard: (!clause.trim().is_empty()).then_some(clause),
            after,
        })
    }
}

#[derive(Deserialize)]
struct Dtmf {
    #[serde(deserialize_with = "text")]
    digit: String,
}

impl Dtmf {
    fn heard(&self) -> Result<Heard, serde_json::Error> {
        let mut keys = self.digit.chars();
        match (keys.next(), keys.next()) {
            (Some(key @ ('0'..='9' | '*' | '#')), None) => Ok(Heard::Input(Input::Key(key))),
            _ => Err(serde::de::Error::custom("digit is not a key")),
        }
    }
}

#[derive(Deserialize)]
struct Trouble {
    #[serde(default, deserialize_with = "text")]
    description: String,
}

impl Trouble {
    fn heard(self) -> Heard {
        // The carrier quotes the frame it did not take, and with it the words of the call.
        let what = self.description.split('{').next().unwrap_or_default();
        Heard::Input(Input::Trouble(what.trim_end().to_owned()))
    }
}

/// A string, or what some server writes in its place: a number, `null`.
fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let value = serde_json::Value::deserialize(deserializer)?;
    Ok(plain(value))
}

fn texts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, String>, D::Error> {
    let values = Option::<BTreeMap<String, serde_json::Value>>::deserialize(deserializer)?;
    let values = values.unwrap_or_default().into_iter();
    Ok(values.map(|(name, value)| (name, plain(value))).collect())
}

fn plain(value: serde_json::Value) -> String {
    match value {
        serde_json::Value::String(text) => text,
        serde_json::Value::Null => String::new(),
        other => other.to_string(),
    }
}
