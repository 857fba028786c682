//! Turns what goes wrong at a vendor into what the caller of the port does next.

use std::time::{Duration, SystemTime};

use reqwest::header::{HeaderMap, RETRY_AFTER};
use reqwest::{StatusCode, Url};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;
use voicera::ports::language_model::ModelError;

use crate::sse::TooLong;

/// Whom a failure is about, so that its message names what to mend.
#[derive(Debug)]
pub(super) struct Endpoint {
    pub(super) base_url: Url,
    pub(super) model: String,
    pub(super) key_name: Option<String>,
    pub(super) key: Option<SecretString>,
}

#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    #[error(
        "{base_url} does not accept the key (status {status}), \
         put a valid one into the environment variable {key_name}: {said}"
    )]
    Key {
        base_url: Url,
        status: u16,
        key_name: String,
        said: String,
    },
    #[error(
        "{base_url} wants a key (status {status}), \
         name the environment variable that holds it as `key`: {said}"
    )]
    NoKey {
        base_url: Url,
        status: u16,
        said: String,
    },
    #[error(
        "{base_url} answers status {status} for {model:?}, \
         check `model`, `base_url` and `extra`: {said}"
    )]
    Request {
        base_url: Url,
        model: String,
        status: u16,
        said: String,
    },
    #[error("{base_url} answers with {content_type} instead of a reply, check `base_url`")]
    Page { base_url: Url, content_type: String },
    #[error("{base_url} answers status 429: {said}")]
    Busy {
        base_url: Url,
        retry_after: Option<Duration>,
        said: String,
    },
    #[error("{base_url} has no credit left for the key in {key_name}: {said}")]
    Quota {
        base_url: Url,
        key_name: String,
        said: String,
    },
    #[error("{base_url} fails with status {status}: {said}")]
    Status {
        base_url: Url,
        status: u16,
        said: String,
    },
    #[error("{base_url} breaks the reply off: {said}")]
    Said { base_url: Url, said: String },
    #[error("no connection to {base_url}")]
    Connect {
        base_url: Url,
        #[source]
        cause: reqwest::Error,
    },
    #[error("the connection to {base_url} broke")]
    Broken {
        base_url: Url,
        #[source]
        cause: reqwest::Error,
    },
    #[error("{base_url} closed the connection before the reply was complete")]
    Incomplete { base_url: Url },
    #[error("{base_url} sends what is no reply")]
    Malformed {
        base_url: Url,
        #[source]
        cause: serde_json::Error,
    },
    #[error("{base_url} sends more than fits")]
    TooLong {
        base_url: Url,
        #[source]
        cause: TooLong,
    },
}

impl From<Failure> for ModelError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Busy { retry_after, .. } => Self::Busy {
                retry_after,
                cause: failure.into(),
            },
            Failure::Key { .. }
            | Failure::NoKey { .. }
            | Failure::Request { .. }
            | Failure::Page { .. }
            | Failure::Quota { .. } => Self::Refused(failure.into()),
            Failure::Status { .. }
            | Failure::Said { .. }
            | Failure::Connect { .. }
            | Failure::Broken { .. }
            | Failure::Incomplete { .. }
            | Failure::Malformed { .. }
            | Failure::TooLong { .. } => Self::Unavailable(failure.into()),
        }
    }
}

/// Failures of one request; the next caller's may fare better with the same settings.
const OF_THIS_REQUEST: [&str; 4] = [
    "content_filter",
    "context_length_exceeded",
    "json_validate_failed",
    "tool_use_failed",
];

impl Endpoint {
    /// Why a request drew no reply: the vendor's status, headers and words.
    pub(super) fn refusal(
        &self,
        status: StatusCode,
        headers: &HeaderMap,
        body: &str,
    ) -> ModelError {
        let body = serde_json::from_str(body).unwrap_or(Value::String(body.to_owned()));
        let said = self.said(&body);
        let code = code(&body);
        match status {
            StatusCode::TOO_MANY_REQUESTS if code == "insufficient_quota" => self.quota(said),
            StatusCode::TOO_MANY_REQUESTS => {
                self.busy(retry_after(headers, SystemTime::now()), said)
            }
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => self.key(status.as_u16(), said),
            _ if status.is_server_error()
                || status == StatusCode::REQUEST_TIMEOUT
                || OF_THIS_REQUEST.contains(&code) =>
            {
                let (base_url, status) = (self.base_url.clone(), status.as_u16());
                Failure::Status {
                    base_url,
                    status,
                    said,
                }
                .into()
            }
            _ => self.request(status.as_u16(), said),
        }
    }

    /// Why a reply broke off: the error that came in place of words.
    pub(super) fn error_event(&self, error: &Value) -> ModelError {
        let said = self.said(error);
        let status = error.get("status_code").or_else(|| error.get("code"));
        match (code(error), status.and_then(Value::as_u64)) {
            ("insufficient_quota", _) => self.quota(said),
            ("rate_limit_exceeded", _) | (_, Some(429)) => self.busy(None, said),
            ("invalid_api_key", _) | (_, Some(401 | 403)) => self.key(401, said),
            ("model_not_found", _) | (_, Some(404)) => self.request(404, said),
            _ => Failure::Said {
                base_url: self.base_url.clone(),
                said,
            }
            .into(),
        }
    }

    /// Why the connection did not carry a reply.
    pub(super) fn transport(&self, cause: reqwest::Error) -> ModelError {
        let base_url = self.base_url.clone();
        let cause = cause.without_url();
        if cause.is_connect() {
            return Failure::Connect { base_url, cause }.into();
        }
        Failure::Broken { base_url, cause }.into()
    }

    fn key(&self, status: u16, said: String) -> ModelError {
        let base_url = self.base_url.clone();
        match self.key_name.clone() {
            Some(key_name) => Failure::Key {
                base_url,
                status,
                key_name,
                said,
            },
            None => Failure::NoKey {
                base_url,
                status,
                said,
            },
        }
        .into()
    }

    fn busy(&self, retry_after: Option<Duration>, said: String) -> ModelError {
        Failure::Busy {
            base_url: self.base_url.clone(),
            retry_after,
            said,
        }
        .into()
    }

    fn quota(&self, said: String) -> ModelError {
        Failure::Quota {
            base_url: self.base_url.clone(),
            key_name: self.key_name.clone().unwrap_or_default(),
            said,
        }
        .into()
    }

    fn request(&self, status: u16, said: String) -> ModelError {
        Failure::Request {
            base_url: self.base_url.clone(),
            model: self.model.clone(),
            status,
            said,
        }
        .into()
    }

    /// The vendor's own words on one line, short, and without the key.
    fn said(&self, body: &Value) -> String {
        const LONGEST: usize = 300;
        let error = body.get("error").unwrap_or(body);
        let said = ["message", "detail", "error"]
            .iter()
            .find_map(|field| error.get(field));
        let said = match said.unwrap_or(error) {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let said = match self.key.as_ref().map(|key| key.expose_secret()) {
            Some(key) if !key.is_empty() => said.replace(key, "[key]"),
            Some(_) | None => said,
        };
        let printable = |c: char| if c.is_control() { ' ' } else { c };
        let said: String = said.chars().map(printable).collect();
        let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
        if said.is_empty() {
            return "it does not say why".to_owned();
        }
        said.chars().take(LONGEST).collect()
    }
}

fn code(body: &Value) -> &str {
    let error = body.get("error").unwrap_or(body);
    let code = error.get("code").and_then(Value::as_str);
    code.or_else(|| error.get("type").and_then(Value::as_str))
        .unwrap_or_default()
}

/// When to ask again: in milliseconds, in seconds, or as a date.
fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = |name| headers.get(name)?.to_str().ok().map(str::trim);
    if let Some(ms) = text("retry-after-ms").and_then(|ms| ms.parse::<f64>().ok()) {
        return Duration::try_from_secs_f64(ms / 1000.0).ok();
    }
    let value = text(RETRY_AFTER.as_str())?;
    if let Ok(seconds) = value.parse::<f64>() {
        return Duration::try_from_secs_f64(seconds).ok();
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Some(date.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests;
