//! What a user writes about a vendor in `voicera.toml`, and what holds when it is left out.

use std::time::Duration;

use reqwest::Url;
use serde::Deserialize;
use serde_json::{Map, Value};

/// Who serves the model; decides the defaults and the vendor's own fields of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vendor {
    Groq,
    OpenAi,
    /// Any other server of the same wire, such as vLLM, Ollama or llama.cpp.
    Compatible,
}

/// One model behind the OpenAI chat-completions wire.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// The model to ask. Default: `qwen/qwen3-32b` for groq, `gpt-4.1-mini` for openai; a
    /// compatible server needs it.
    pub model: Option<String>,
    /// Where the vendor's API begins, without `/chat/completions`. Default:
    /// `https://api.groq.com/openai/v1` for groq, `https://api.openai.com/v1` for openai; a
    /// compatible server needs it.
    pub base_url: Option<String>,
    /// The name of the environment variable that holds the key. Default: `GROQ_API_KEY` for
    /// groq, `OPENAI_API_KEY` for openai, no key for a compatible server.
    pub key: Option<String>,
    /// How freely the model words its reply, 0 to 2. Default: the vendor's.
    pub temperature: Option<f64>,
    /// The longest reply in tokens, the model's reasoning included. Default: the vendor's.
    pub max_tokens: Option<u32>,
    /// What to ask of a model that reasons before it speaks: `"off"`, `"hidden"`, `"none"` or
    /// `{ effort = "low" }`. Default, at groq: `"off"` for Qwen 3, `"hidden"` for QwQ and DeepSeek;
    /// `"none"` otherwise.
    pub reasoning: Option<Reasoning>,
    /// How long the first word may take before the next model is asked. Default: `2500ms`.
    #[serde(with = "humantime_serde")]
    pub first_word: Duration,
    /// How long the reply may pause between two words before the next model goes on with it.
    /// Default: `3s`.
    #[serde(with = "humantime_serde")]
    pub next_word: Duration,
    /// How long opening a connection may take. Default: `2s`.
    #[serde(with = "humantime_serde")]
    pub connect_timeout: Duration,
    /// Further fields of every request, as the vendor documents them, such as
    /// `{ service_tier = "flex", stream_options = { include_usage = true } }`. Default: none.
    pub extra: Map<String, Value>,
}

/// What a request says about reasoning. Reasoning is never spoken, whatever is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reasoning {
    /// `reasoning_effort = "none"`, and hidden should there be any: the model speaks at once, as
    /// a caller on the telephone needs it.
    Off,
    /// `reasoning_format = "hidden"`: the model reasons, the vendor keeps it to itself.
    Hidden,
    /// Nothing.
    None,
    /// `reasoning_effort`: how much, in the vendor's words.
    Effort(String),
}

/// Why a vendor cannot be asked with these settings.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    #[error("`{setting}` is missing: {fix}")]
    Missing {
        setting: &'static str,
        fix: &'static str,
    },
    #[error("`{setting} = {value}` does not work: {fix}")]
    Invalid {
        setting: &'static str,
        value: String,
        fix: &'static str,
    },
    #[error("the environment variable {0} is not set or empty: put the vendor's key into it")]
    KeyMissing(String),
    #[error("the environment variable {0} holds characters that no key has: copy the key again")]
    KeyMalformed(String),
    #[error("secure connections cannot be made: install the system's CA certificates")]
    Tls(#[source] reqwest::Error),
}

/// The longest time that a setting can name.
const LONGEST: Duration = Duration::from_secs(3600);

impl Default for Settings {
    fn default() -> Self {
        Self {
            model: None,
            base_url: None,
            key: None,
            temperature: None,
            max_tokens: None,
            reasoning: None,
            first_word: Duration::from_millis(2500),
            next_word: Duration::from_secs(3),
            connect_timeout: Duration::from_secs(2),
            extra: Map::new(),
        }
    }
}

impl Settings {
    /// The model to ask; nothing when a compatible server's is not named.
    pub fn model(&self, vendor: Vendor) -> Option<&str> {
        let default = match vendor {
            Vendor::Groq => Some("qwen/qwen3-32b"),
            Vendor::OpenAi => Some("gpt-4.1-mini"),
            Vendor::Compatible => None,
        };
        self.model.as_deref().or(default)
    }

    /// Where the vendor's API begins; nothing when a compatible server's is not named.
    pub fn base_url(&self, vendor: Vendor) -> Option<&str> {
        let default = match vendor {
            Vendor::Groq => Some("https://api.groq.com/openai/v1"),
            Vendor::OpenAi => Some("https://api.openai.com/v1"),
            Vendor::Compatible => None,
        };
        self.base_url.as_deref().or(default)
    }

    /// The environment variable that holds the key; nothing when no key is sent.
    pub fn key_name(&self, vendor: Vendor) -> Option<&str> {
        let default = match vendor {
            Vendor::Groq => Some("GROQ_API_KEY"),
            Vendor::OpenAi => Some("OPENAI_API_KEY"),
            Vendor::Compatible => None,
        };
        self.key.as_deref().or(default)
    }

    /// What a request says about reasoning.
    pub fn reasoning(&self, vendor: Vendor) -> Reasoning {
        if let Some(reasoning) = &self.reasoning {
            return reasoning.clone();
        }
        // Groq refuses the fields for a model that does not know them.
        let model = self.model(vendor).unwrap_or_default();
        match vendor {
            Vendor::Groq if model.contains("qwen3") => Reasoning::Off,
            Vendor::Groq if model.contains("qwq") || model.contains("deepseek") => {
                Reasoning::Hidden
            }
            Vendor::Groq | Vendor::OpenAi | Vendor::Compatible => Reasoning::None,
        }
    }

    /// Whether the vendor can be asked with these settings; opens nothing.
    ///
    /// # Errors
    ///
    /// When a setting is missing or out of its range; the message names it and the fix.
    pub fn check(&self, vendor: Vendor) -> Result<(), BuildError> {
        self.endpoint(vendor)?;
        let model = self.model(vendor).ok_or(BuildError::Missing {
            setting: "model",
            fix: "name a model that the server at `base_url` has",
        })?;
        let invalid = |setting, value, fix| {
            Err(BuildError::Invalid {
                setting,
                value,
                fix,
            })
        };
        if model.trim().is_empty() {
            return invalid("model", quoted(model), "name a model of the vendor's");
        }
        if let Some(key) = self.key.as_deref().filter(|key| !is_variable_name(key)) {
            // Somebody may have written the key itself.
            let value = format!("\"{}…\"", key.chars().take(3).collect::<String>());
            return invalid("key", value, "write the name of an environment variable");
        }
        match self.temperature {
            Some(value) if !(0.0..=2.0).contains(&value) => {
                return invalid("temperature", value.to_string(), "write 0 to 2");
            }
            Some(_) | None => {}
        }
        if self.max_tokens == Some(0) {
            return invalid("max_tokens", "0".to_owned(), "write 1 or more");
        }
        let durations = [
            ("first_word", self.first_word),
            ("next_word", self.next_word),
            ("connect_timeout", self.connect_timeout),
        ];
        for (setting, value) in durations {
            if value.is_zero() || value > LONGEST {
                let value = humantime_serde::re::humantime::format_duration(value);
                let fix = "write a time up to an hour, such as \"2s\"";
                return invalid(setting, format!("\"{value}\""), fix);
            }
        }
        for setting in ["messages", "model", "n", "stream", "tools"] {
            if let Some(value) = self.extra.get(setting) {
                let value = format!("{{ {setting} = {value} }}");
                return invalid("extra", value, "leave out what every request sets itself");
            }
        }
        Ok(())
    }

    /// `base_url` without a trailing slash.
    pub(super) fn endpoint(&self, vendor: Vendor) -> Result<Url, BuildError> {
        let value = self.base_url(vendor).ok_or(BuildError::Missing {
            setting: "base_url",
            fix: "write where the server's API begins, such as \"http://127.0.0.1:11434/v1\"",
        })?;
        let invalid = |value: &str, fix| BuildError::Invalid {
            setting: "base_url",
            value: quoted(value),
            fix,
        };
        let web = "write a web address, such as \"http://127.0.0.1:11434/v1\"";
        let mut url = Url::parse(value.trim()).map_err(|_| invalid(value, web))?;
        if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
            return Err(invalid(value, web));
        }
        if !url.username().is_empty() || url.password().is_some() {
            let fix = "leave user and password out, and name the key's variable as `key`";
            return Err(invalid("http…@…", fix));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(invalid(value, "leave out what follows `?` or `#`"));
        }
        let path = url.path().trim_end_matches('/').to_owned();
        if path.ends_with("/chat/completions") {
            return Err(invalid(value, "leave out `/chat/completions`"));
        }
        url.set_path(&path);
        Ok(url)
    }
}

fn quoted(value: &str) -> String {
    format!("{value:?}")
}

fn is_variable_name(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes
        .next()
        .is_some_and(|b| b.is_ascii_alphabetic() || b == b'_')
        && bytes.all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

#[cfg(test)]
mod tests;
