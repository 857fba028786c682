//! `[log]` and `[shutdown]`: how the server runs.

use std::time::Duration;

use serde::Deserialize;

use super::reader::Reader;

/// What is logged, to standard error.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Log {
    /// The least level; `RUST_LOG` has the last word. Default `info`. What callers say is
    /// never logged above `debug`.
    pub level: Level,
    /// Default `auto`.
    pub format: Format,
}

/// How important a line must be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    Error,
    Warn,
    #[default]
    Info,
    Debug,
    Trace,
}

impl Level {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Debug => "debug",
            Self::Trace => "trace",
        }
    }
}

/// What a line looks like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
    /// Text in a terminal, JSON elsewhere.
    #[default]
    Auto,
}

/// How the server stops.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Shutdown {
    /// How long calls may go on before they are told goodbye. Default 30 s.
    #[serde(with = "humantime_serde")]
    pub grace: Duration,
    /// How long the goodbye may take before the lines are cut. Default 20 s.
    #[serde(with = "humantime_serde")]
    pub farewell: Duration,
}

impl Default for Shutdown {
    fn default() -> Self {
        Self {
            grace: Duration::from_secs(30),
            farewell: Duration::from_secs(20),
        }
    }
}

impl Shutdown {
    pub(super) fn check(&self, reader: &mut Reader<'_>) {
        let range = Duration::ZERO..=Duration::from_secs(24 * 3600);
        reader.within("shutdown.grace", &self.grace, range, super::in_words);
        let range = Duration::ZERO..=Duration::from_secs(600);
        reader.within("shutdown.farewell", &self.farewell, range, super::in_words);
    }
}
