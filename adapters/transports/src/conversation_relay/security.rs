//! Who may call: the carrier, by its signature, or while none can be checked this machine alone.

use std::borrow::Cow;

use axum::http::HeaderMap;
use axum::http::request::Parts;

use super::public_url::PublicUrl;
use super::signature::{Content, Keys, Signed};
use crate::direct::direct;

/// What is known of the carrier.
#[derive(Clone, Debug, Default)]
pub struct Security {
    /// What the carrier calls this server. Signatures are checked against it.
    pub public_url: Option<PublicUrl>,
    /// What the carrier signs with. Without any, only direct requests from this machine are
    /// served.
    pub keys: Keys,
}

/// Why a request is not served. For who sent it, and for the operator.
pub(super) type Refusal = Cow<'static, str>;

/// What to set so that a carrier can call.
const SET: &str = "set TWILIO_AUTH_TOKEN, and public_url in voicera.toml";

impl Security {
    /// Whether requests have to be signed.
    pub(super) fn is_signed(&self) -> bool {
        !self.keys.is_empty()
    }

    /// What can be said before the body is read: whether there may be a signature at all, or
    /// the request is one of this machine. Answers the name this server is called by.
    pub(super) fn admit(&self, request: &Parts) -> Result<PublicUrl, Refusal> {
        if !self.is_signed() {
            let local = local(request)?;
            return Ok(self.public_url.clone().unwrap_or(local));
        }
        let Some(url) = &self.public_url else {
            let what = "no signature can be checked: set public_url in voicera.toml to the address the carrier calls";
            return Err(what.into());
        };
        match text(&request.headers, "x-twilio-signature") {
            Some(_) => Ok(url.clone()),
            None => Err("the request carries no X-Twilio-Signature".into()),
        }
    }

    /// Whether the request, at this URL and with this content, is the carrier's. To be asked
    /// once it is admitted.
    pub(super) fn check(
        &self,
        request: &Parts,
        url: &str,
        content: Content<'_>,
    ) -> Result<(), Refusal> {
        if !self.is_signed() {
            return Ok(());
        }
        let url = match request.uri.query() {
            Some(query) => format!("{url}?{query}"),
            None => url.to_owned(),
        };
        let signed = Signed {
            url: &url,
            content,
            signature: text(&request.headers, "x-twilio-signature").unwrap_or_default(),
            settings: text(&request.headers, "x-twilio-webhooks-signature-settings"),
        };
        if self.keys.signed(&signed) {
            return Ok(());
        }
        Err("the signature does not fit: TWILIO_AUTH_TOKEN has to be that of the account, and public_url the address the carrier calls".into())
    }
}

/// Whether the request comes straight from this machine, and from no page of another site that
/// is open in a browser here.
fn local(request: &Parts) -> Result<PublicUrl, Refusal> {
    match direct(request) {
        Ok(host) => Ok(PublicUrl::local(host)),
        Err(why) => Err(format!("{why}, and without an auth token only direct requests from this machine are served: {SET}").into()),
    }
}

/// A header that comes once and is text.
fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => value.to_str().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
