//! What the carrier calls this server.

use std::fmt;

use axum::http::Uri;
use serde::Deserialize;

/// The address of this server as the carrier sees it, `https://voice.example.com` say. It may
/// have a path, which a proxy takes away: the routes know nothing of it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct PublicUrl {
    secure: bool,
    /// Host, port and path, without a slash at the end.
    rest: String,
}

impl PublicUrl {
    /// Reads an address; one without a scheme is taken for `https`.
    ///
    /// # Errors
    ///
    /// Names the address and what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let address = text.trim();
        let (scheme, rest) = address.split_once("://").unwrap_or(("https", address));
        let rest = rest.trim_end_matches('/');
        let wrong = |what: &str| Err(format!("\"{text}\" {what}"));
        let secure = match scheme {
            "https" => true,
            "http" => false,
            _ => return wrong("is not a web address: begin it with https://"),
        };
        let uri = format!("{scheme}://{rest}").parse::<Uri>();
        let Some((uri, host)) = uri.ok().and_then(|uri| {
            let host = uri.host()?.to_owned();
            Some((uri, host))
        }) else {
            return wrong("is not a web address: write it as https://voice.example.com");
        };
        if host.is_empty() || uri.query().is_some() || rest.contains('#') {
            return wrong(
                "has more or less than a host and a path: write it as https://voice.example.com",
            );
        }
        if !secure && !is_loopback(&host) {
            return wrong(
                "is not encrypted, and the carrier accepts nothing else: begin it with https://",
            );
        }
        Ok(Self {
            secure,
            rest: rest.to_owned(),
        })
    }

    /// The URL of a page of this server.
    pub fn page(&self, path: &str) -> String {
        let scheme = if self.secure { "https" } else { "http" };
        format!("{scheme}://{}{path}", self.rest)
    }

    /// The URL of a websocket of this server. The carrier accepts no other than a secure one, and
    /// who asks on this machine is shown what the carrier would be.
    pub fn socket(&self, path: &str) -> String {
        format!("wss://{}{path}", self.rest)
    }

    /// This server as one on the same machine calls it.
    pub(super) fn local(host: &str) -> Self {
        Self {
            secure: false,
            rest: host.to_owned(),
        }
    }
}

/// Whether the name of a host, with or without a port, can only be this machine.
pub(crate) fn is_loopback(host: &str) -> bool {
    let bare = match host.rsplit_once(':') {
        Some((bare, port)) if port.bytes().all(|b| b.is_ascii_digit()) => bare,
        _ => host,
    };
    let bare = bare.trim_start_matches('[').trim_end_matches(']');
    let name = bare.trim_end_matches('.').to_ascii_lowercase();
    let address = bare.parse::<std::net::IpAddr>();
    name == "localhost"
        || name.ends_with(".localhost")
        || address.is_ok_and(|address| address.to_canonical().is_loopback())
}

impl TryFrom<String> for PublicUrl {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.page(""))
    }
}

#[cfg(test)]
mod tests;
