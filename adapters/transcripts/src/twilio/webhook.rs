//! The notification that a transcript is there.
//!
//! Twilio sends it to the webhook of the service, and it carries ids only. How the parts fit: the
//! route checks the signature with the `conversation_relay::signature` of the transports (a POST
//! as `Content::Body` with the raw body, a GET as `Content::Nothing`, both over the public URL
//! with its query, which holds the hash of the body), reads a [`Notification`] here, answers 204
//! at once, and then asks [`Intelligence::call_of`](super::sync::Intelligence::call_of) for the
//! call and syncs it with [`Patience::Wait`](super::sync::Patience::Wait). The operators may
//! still run at that moment; the parcel of the outbox comes back for what is missing.
//!
//! Twilio may send a notification more than once. Handling it again is harmless: the transcript
//! is named by [`Notification::transcript_sid`], and the newest analysis replaces the one before.

use serde_json::{Map, Value};

/// What Twilio says about a transcript.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    /// `GT…`.
    pub transcript_sid: String,
    /// `GA…`.
    pub service_sid: String,
    pub account_sid: Option<String>,
    /// The id that whoever made the transcript gave it; transcripts of the relay have none.
    pub customer_key: Option<String>,
    pub event_type: Option<String>,
}

/// Why a request is no notification.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotificationError {
    #[error("the notification is not a JSON object")]
    NotJson,
    #[error("the notification has no `{0}`")]
    Missing(&'static str),
    #[error("`{field}` of the notification is not an id that begins with {prefix}")]
    NoId {
        field: &'static str,
        prefix: &'static str,
    },
}

impl Notification {
    /// From the body of a POST.
    pub fn from_json(body: &[u8]) -> Result<Self, NotificationError> {
        let fields: Map<String, Value> =
            serde_json::from_slice(body).map_err(|_| NotificationError::NotJson)?;
        Self::read(|name| Some(fields.get(name)?.as_str()?.to_owned()))
    }

    /// From the query of a GET, or the body of a form.
    pub fn from_query(query: &str) -> Result<Self, NotificationError> {
        Self::read(|name| {
            let mut fields = form_urlencoded::parse(query.as_bytes());
            let field = fields.find(|(key, _)| key == name);
            field.map(|(_, value)| value.into_owned())
        })
    }

    fn read(field: impl Fn(&str) -> Option<String>) -> Result<Self, NotificationError> {
        let field = |name| field(name).filter(|value| !value.is_empty());
        let sid = |name, prefix| {
            let sid = field(name).ok_or(NotificationError::Missing(name))?;
            match is_sid(&sid, prefix) {
                true => Ok(sid),
                false => Err(NotificationError::NoId {
                    field: name,
                    prefix,
                }),
            }
        };
        Ok(Self {
            transcript_sid: sid("transcript_sid", "GT")?,
            service_sid: sid("service_sid", "GA")?,
            account_sid: field("account_sid"),
            customer_key: field("customer_key"),
            event_type: field("event_type"),
        })
    }
}

fn is_sid(text: &str, prefix: &str) -> bool {
    let digits = text.strip_prefix(prefix).unwrap_or_default();
    digits.len() == 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests;
