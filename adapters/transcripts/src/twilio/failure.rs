//! Why Twilio does not do what it is asked, in Twilio's words, and what to do about it.

use std::fmt;
use std::time::{Duration, SystemTime};

use reqwest::header::{HeaderMap, RETRY_AFTER};
use serde_json::Value;

/// Why a request drew no answer that can be used.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// Twilio answers with an error.
    #[error("{0}")]
    Refused(Box<Refusal>),
    #[error("twilio cannot be reached at {host}: check the connection and the base URLs")]
    Unreachable {
        host: String,
        #[source]
        cause: reqwest::Error,
    },
    #[error("twilio's answer to {path} is not what its API describes: {what}")]
    Malformed { path: String, what: String },
    #[error("twilio's answer to {path} is longer than {limit} bytes")]
    TooLong { path: String, limit: usize },
    #[error("the next page of {path} is at {host}, where the login is not sent")]
    Elsewhere { path: String, host: String },
    #[error("the pages of {path} have no end")]
    Endless { path: String },
}

/// An error that Twilio answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Of HTTP.
    pub status: u16,
    /// Twilio's own number of the error.
    pub code: Option<u64>,
    /// Twilio's words, on one line and without secrets; empty where it has none.
    pub message: String,
    /// Where Twilio explains the error.
    pub more_info: Option<String>,
    /// When to ask again.
    pub retry_after: Option<Duration>,
    /// What to do; empty where Twilio's words have to do.
    pub fix: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "twilio answers {}", self.status)?;
        if let Some(code) = self.code {
            write!(f, ", error {code}")?;
        }
        for part in [&self.message, &self.fix] {
            if !part.is_empty() {
                write!(f, ": {}", part.trim_end_matches('.'))?;
            }
        }
        match &self.more_info {
            Some(more) => write!(f, " (see {more})"),
            None => Ok(()),
        }
    }
}

impl ApiError {
    /// The status of Twilio's answer, where it is one of an error.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Refused(refusal) => Some(refusal.status),
            Self::Unreachable { .. }
            | Self::Malformed { .. }
            | Self::TooLong { .. }
            | Self::Elsewhere { .. }
            | Self::Endless { .. } => None,
        }
    }

    /// Whether the same request may fare better later, or once somebody has mended the login.
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Refused(refusal) => {
                matches!(refusal.status, 401 | 403 | 408 | 429 | 500..=599)
            }
            // Something on the way may have answered in Twilio's place.
            Self::Unreachable { .. } | Self::Malformed { .. } => true,
            Self::TooLong { .. } | Self::Elsewhere { .. } | Self::Endless { .. } => false,
        }
    }
}

impl Refusal {
    /// From what Twilio answers. `named` is what to check when it refuses the login.
    pub(super) fn read(
        status: u16,
        headers: &HeaderMap,
        body: &[u8],
        named: &str,
        secret: &str,
    ) -> Self {
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        let text = |field| body.get(field).and_then(Value::as_str).unwrap_or_default();
        let retry_after = retry_after(headers, SystemTime::now());
        let code = body.get("code").and_then(Value::as_u64);
        let more_info = Some(said(text("more_info"), secret)).filter(|more| !more.is_empty());
        Self {
            status,
            code,
            message: said(text("message"), secret),
            more_info,
            retry_after,
            fix: fix(status, retry_after, named),
        }
    }
}

fn fix(status: u16, retry_after: Option<Duration>, named: &str) -> String {
    let later = || match retry_after {
        Some(after) => format!("try again in {}", humantime::format_duration(after)),
        None => "try again later".to_owned(),
    };
    match status {
        401 => format!("check {named}"),
        403 => format!("check {named}, and whether they may do this"),
        404 => "check the id, and whether it belongs to this account".to_owned(),
        409 => "there is one of that name already, run it again".to_owned(),
        412 => "somebody else has changed it meanwhile, run it again".to_owned(),
        429 | 500..=599 => later(),
        300..=399 => "check the base URLs".to_owned(),
        _ => String::new(),
    }
}

/// Twilio's words on one line, short, and without the secret.
fn said(text: &str, secret: &str) -> String {
    const LONGEST: usize = 300;
    let text = match secret {
        "" => text.to_owned(),
        secret => text.replace(secret, "[secret]"),
    };
    let text: Vec<&str> = text
        .split(|c: char| c.is_control() || c.is_whitespace())
        .filter(|word| !word.is_empty())
        .collect();
    text.join(" ").chars().take(LONGEST).collect()
}

/// When to ask again: in seconds, or as a date.
fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = value.parse::<f64>() {
        return Duration::try_from_secs_f64(seconds).ok();
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Some(date.duration_since(now).unwrap_or_default())
}
