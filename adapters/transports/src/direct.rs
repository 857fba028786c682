//! Whether a request comes straight from this machine: from no other one, through no proxy, and from
//! no page of another site.

use std::borrow::Cow;
use std::net::SocketAddr;

use axum::extract::ConnectInfo;
use axum::http::request::Parts;
use axum::http::{HeaderName, Uri, header};

use crate::conversation_relay::is_loopback;

/// Headers that only a proxy or a tunnel adds.
const FORWARDED: [&str; 9] = [
    "forwarded",
    "via",
    "x-real-ip",
    "x-client-ip",
    "true-client-ip",
    "fly-client-ip",
    "x-original-host",
    "x-cluster-client-ip",
    "x-envoy-external-address",
];
const FORWARDED_PREFIXES: [&str; 3] = ["x-forwarded", "cf-", "ngrok-"];

/// The host that a direct request names. It has to carry axum's `ConnectInfo<SocketAddr>`.
///
/// # Errors
///
/// Why it is not direct.
pub fn direct(request: &Parts) -> Result<&str, Cow<'static, str>> {
    let headers = &request.headers;
    let peer = request.extensions.get::<ConnectInfo<SocketAddr>>();
    if !peer.is_some_and(|ConnectInfo(peer)| peer.ip().to_canonical().is_loopback()) {
        return Err("the request comes from another machine".into());
    }
    if let Some(name) = headers.keys().find(|name| is_forwarding(name)) {
        return Err(format!("the request was forwarded ({name})").into());
    }
    let host = once(request, &header::HOST).or(request.uri.authority().map(|a| a.as_str()));
    let Some(host) = host.filter(|host| is_loopback(host)) else {
        return Err("the request names another host".into());
    };
    if headers.contains_key(header::ORIGIN) && !is_own(once(request, &header::ORIGIN)) {
        return Err("the request comes from the page of another site".into());
    }
    Ok(host)
}

/// A header that comes once and is text.
fn once<'a>(request: &'a Parts, name: &HeaderName) -> Option<&'a str> {
    let mut values = request.headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => value.to_str().ok(),
        _ => None,
    }
}

fn is_forwarding(name: &HeaderName) -> bool {
    let name = name.as_str();
    FORWARDED.contains(&name) || FORWARDED_PREFIXES.iter().any(|p| name.starts_with(p))
}

fn is_own(origin: Option<&str>) -> bool {
    let uri = origin.and_then(|origin| origin.parse::<Uri>().ok());
    uri.is_some_and(|uri| uri.host().is_some_and(is_loopback))
}
