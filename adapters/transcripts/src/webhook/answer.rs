//! What a receiver's answer means.

use std::time::{Duration, SystemTime};

use reqwest::StatusCode;
use reqwest::header::{HeaderMap, RETRY_AFTER};
use voicera::ports::archive::ArchiveError;

use crate::delivery::SendError;

/// Why an event was not taken.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    #[error("the transcript cannot be read")]
    Archive(#[source] ArchiveError),
    #[error("the event cannot be written as JSON")]
    Body(#[source] serde_json::Error),
    #[error("the event's id cannot be sent")]
    Id,
    #[error("{host} does not answer")]
    Connection {
        host: String,
        #[source]
        cause: reqwest::Error,
    },
    #[error("{host} answers status {status}")]
    Status {
        host: String,
        status: u16,
        retry_after: Option<Duration>,
    },
    #[error("{host} answers status {status}, {fix}")]
    Refused {
        host: String,
        status: u16,
        fix: &'static str,
    },
}

impl From<Failure> for SendError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Status {
                retry_after: Some(retry_after),
                ..
            } => Self::Busy {
                retry_after: Some(retry_after),
                cause: failure.into(),
            },
            Failure::Status { status: 429, .. } => Self::Busy {
                retry_after: None,
                cause: failure.into(),
            },
            Failure::Archive(_) | Failure::Connection { .. } | Failure::Status { .. } => {
                Self::Unavailable(failure.into())
            }
            Failure::Body(_) | Failure::Id | Failure::Refused { .. } => {
                Self::Refused(failure.into())
            }
        }
    }
}

/// By status alone: what the body says is the receiver's affair.
pub(super) fn judge(
    status: StatusCode,
    headers: &HeaderMap,
    now: SystemTime,
    host: &str,
) -> Result<(), Failure> {
    let host = host.to_owned();
    let fix = match status.as_u16() {
        200..=299 => return Ok(()),
        408 | 425 | 429 | 500.. => {
            return Err(Failure::Status {
                host,
                status: status.as_u16(),
                retry_after: retry_after(headers, now),
            });
        }
        300..=399 => "redirects are not followed, set `url` to where it points",
        401 | 403 => {
            "check that both sides have the same secret, and that the receiver lets \
                      this server in"
        }
        404 => "check `url`",
        405 => "check that `url` takes POST",
        410 => "it wants no events any more, remove it from the configuration",
        413 => "the event is too large for it, let it take larger ones",
        _ => "check what the receiver expects, its own log should say",
    };
    Err(Failure::Refused {
        host,
        status: status.as_u16(),
        fix,
    })
}

/// In seconds, or as a date.
fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Some(date.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests;
