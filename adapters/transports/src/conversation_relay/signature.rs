//! Whether a request was signed by the carrier: `X-Twilio-Signature`.
//!
//! The signature covers the URL as the carrier wrote it, which only the configuration knows, and
//! the fields of a form. Of a JSON body it covers the hash that the carrier puts into the URL.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::{ExposeSecret as _, SecretString};
use sha1::Sha1;
use sha2::{Digest as _, Sha256};

/// What requests are signed with.
#[derive(Clone, Debug, Default)]
pub struct Keys {
    /// The account's auth token.
    pub auth_token: Option<SecretString>,
    /// Keys of the carrier's webhook configuration.
    pub shared: Vec<SharedKey>,
}

/// One key of the carrier's webhook configuration.
#[derive(Clone, Debug)]
pub struct SharedKey {
    pub id: String,
    pub secret: SecretString,
}

/// A request as far as its signature covers it.
#[derive(Clone, Copy, Debug)]
pub struct Signed<'a> {
    /// The URL as the carrier knows it, with its query.
    pub url: &'a str,
    pub content: Content<'a>,
    /// The header `X-Twilio-Signature`.
    pub signature: &'a str,
    /// The header `X-Twilio-Webhooks-Signature-Settings`, where there is one.
    pub settings: Option<&'a str>,
}

/// What a request carries beside its URL.
#[derive(Clone, Copy, Debug)]
pub enum Content<'a> {
    /// A GET, or a POST without a body.
    Nothing,
    /// The fields of a form, decoded.
    Form(&'a [(String, String)]),
    /// A body of another kind, as it came.
    Body(&'a [u8]),
    /// The upgrade to a websocket.
    Upgrade,
}

impl Keys {
    /// Whether there is anything to check a signature with.
    pub fn is_empty(&self) -> bool {
        self.auth_token.is_none() && self.shared.is_empty()
    }

    /// Whether the request was signed with one of these keys.
    pub fn signed(&self, request: &Signed<'_>) -> bool {
        let Ok(signature) = STANDARD.decode(request.signature) else {
            return false;
        };
        let Some(key) = self.key(request.settings) else {
            return false;
        };
        hash_holds(request) && bases(request).any(|base| key.signed(&base, &signature))
    }

    /// The key that the settings name. A header alone never chooses a key that is not configured.
    fn key(&self, settings: Option<&str>) -> Option<Key<'_>> {
        let settings = settings.unwrap_or_default();
        let part = |name: &str| {
            let mut parts = settings.split(',').filter_map(|part| part.split_once('='));
            let part = parts.find(|(key, _)| key.trim() == name);
            part.map(|(_, value)| value.trim())
        };
        match part("algorithm") {
            None | Some("HMAC_SHA1") => self.auth_token.as_ref().map(Key::AuthToken),
            Some("HMAC_SHA256") => {
                let id = part("key")?;
                let key = self.shared.iter().find(|key| key.id == id)?;
                Some(Key::Shared(&key.secret))
            }
            Some(_) => None,
        }
    }
}

enum Key<'a> {
    AuthToken(&'a SecretString),
    Shared(&'a SecretString),
}

impl Key<'_> {
    /// Compares in constant time.
    fn signed(&self, base: &str, signature: &[u8]) -> bool {
        match self {
            Self::AuthToken(key) => {
                let mac = Hmac::<Sha1>::new_from_slice(key.expose_secret().as_bytes());
                mac.is_ok_and(|mac| {
                    let mac = mac.chain_update(base);
                    mac.verify_slice(signature).is_ok()
                })
            }
            Self::Shared(key) => {
                let mac = Hmac::<Sha256>::new_from_slice(key.expose_secret().as_bytes());
                mac.is_ok_and(|mac| {
                    let mac = mac.chain_update(base);
                    mac.verify_slice(signature).is_ok()
                })
            }
        }
    }
}

/// What may have been signed, the likeliest first.
fn bases<'a>(request: &Signed<'a>) -> impl Iterator<Item = String> + use<'a> {
    let url = request.url;
    let query = url.split_once('?');
    let plain = match request.content {
        Content::Nothing | Content::Body(_) | Content::Upgrade => String::new(),
        Content::Form(fields) => joined(fields),
    };
    // The official code for upgrades signs the query as if it were a form, and the rule for a
    // GET says otherwise: both are accepted.
    let folded = match (request.content, query) {
        (Content::Upgrade, Some((bare, query))) => {
            let fields = form_urlencoded::parse(query.as_bytes()).into_owned();
            Some((bare, joined(&fields.collect::<Vec<_>>())))
        }
        _ => None,
    };
    let forms = [Some((url, plain)), folded].into_iter().flatten();
    forms.flat_map(|(url, fields)| urls(url).map(move |url| format!("{url}{fields}")))
}

/// Names and values in the order they are signed in, each pair once.
fn joined(fields: &[(String, String)]) -> String {
    let mut fields = fields.iter().collect::<Vec<_>>();
    fields.sort_unstable();
    fields.dedup();
    let pairs = fields.iter().flat_map(|(name, value)| [&**name, &**value]);
    pairs.collect()
}

/// The URL as it is, without its port, and with the port that its scheme implies.
fn urls(url: &str) -> impl Iterator<Item = Cow<'_, str>> {
    let ports = host_end(url).map(|end| {
        let (before, after) = url.split_at(end);
        let rest = after.trim_start_matches(|c: char| c == ':' || c.is_ascii_digit());
        let port = match before.split_once(':') {
            Some(("https" | "wss", _)) => "443",
            _ => "80",
        };
        [format!("{before}{rest}"), format!("{before}:{port}{rest}")]
    });
    let ports = ports.into_iter().flatten().map(Cow::Owned);
    std::iter::once(Cow::Borrowed(url)).chain(ports)
}

/// Where the host ends and a port, a path or nothing follows.
fn host_end(url: &str) -> Option<usize> {
    let authority = url.find("://")? + 3;
    let rest = url.get(authority..)?;
    let rest = rest.get(..rest.find(['/', '?']).unwrap_or(rest.len()))?;
    // A user name before the host, and the colons of an IPv6 address, are not the port.
    let host = rest.rfind(['@', ']']).unwrap_or(0);
    let end = rest.get(host..)?.find(':').map(|colon| host + colon);
    Some(authority + end.unwrap_or(rest.len()))
}

/// Whether the body is the one whose hash the URL names. A body that is not a form has to be
/// named, or nothing about it is signed. A named one must not come as something else, or its
/// signature would be good for a request that nobody signed.
fn hash_holds(request: &Signed<'_>) -> bool {
    let query = request.url.split_once('?').map_or("", |(_, query)| query);
    let mut query = form_urlencoded::parse(query.as_bytes());
    let named = query.find(|(name, _)| name == "bodySHA256");
    match (request.content, named) {
        (Content::Body(body), Some((_, hash))) => {
            let digest = Sha256::digest(body);
            let hex = digest.iter().map(|byte| format!("{byte:02x}"));
            hex.collect::<String>() == hash
        }
        (Content::Body(_), None) => false,
        (Content::Nothing | Content::Form(_) | Content::Upgrade, named) => named.is_none(),
    }
}

#[cfg(test)]
mod tests;
