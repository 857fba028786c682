//! Who may ask: who shows the key, and who sits at this machine.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use secrecy::{ExposeSecret as _, SecretString};
use subtle::ConstantTimeEq as _;
use voicera_transports::direct::direct;

use super::problem::Problem;

/// The key, where one is set.
pub(super) type Key = Option<Arc<SecretString>>;

/// Lets a request through that may ask.
pub(super) async fn guard(State(key): State<Key>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    match check(&parts, key.as_deref()) {
        Ok(()) => {
            let mut response = next.run(Request::from_parts(parts, body)).await;
            // What callers said stays in no cache.
            let no_store = HeaderValue::from_static("no-store");
            response
                .headers_mut()
                .insert(header::CACHE_CONTROL, no_store);
            response
        }
        Err(problem) => problem.into_response(),
    }
}

/// A key that is shown must be right, wherever the request comes from.
fn check(request: &Parts, key: Option<&SecretString>) -> Result<(), Problem> {
    if let Some(shown) = request.headers.get(header::AUTHORIZATION) {
        let shown = shown.as_bytes();
        return match (key, bearer(shown)) {
            (Some(key), Some(shown)) if is_same(key, shown) => Ok(()),
            (Some(_), _) => Err(refused("the key is wrong")
                .fix("send `Authorization: Bearer KEY`, with the key of [api] in voicera.toml")),
            (None, _) => Err(refused("a key was sent, and this server has none")
                .fix("name the variable that holds it: [api] key = \"VOICERA_API_KEY\"")),
        };
    }
    let from_here = direct(request).map(|_| ());
    from_here
        .map_err(|why| why.into_owned())
        .and_then(|()| from_no_page(&request.headers))
        .map_err(|why| {
            let problem = refused(&format!("there is no key, and {why}"));
            problem.fix(match key {
                Some(_) => "send `Authorization: Bearer KEY`, or ask from the same machine",
                None => "set [api] key in voicera.toml, or ask from the same machine",
            })
        })
}

/// A page of another site, or of another server on this machine, asks in the name of whoever looks
/// at it. Browsers say so even where they send no `Origin`.
fn from_no_page(headers: &HeaderMap) -> Result<(), String> {
    match headers.get("sec-fetch-site").map(|site| site.as_bytes()) {
        None | Some(b"same-origin" | b"none") => Ok(()),
        Some(_) => Err("the request comes from the page of another site".to_owned()),
    }
}

fn bearer(shown: &[u8]) -> Option<&[u8]> {
    let (scheme, key) = shown.split_at_checked(b"Bearer ".len())?;
    let key = key.trim_ascii();
    scheme.eq_ignore_ascii_case(b"Bearer ").then_some(key)
}

/// Takes as long for a key that is nearly right as for one that is all wrong.
fn is_same(key: &SecretString, shown: &[u8]) -> bool {
    key.expose_secret().as_bytes().ct_eq(shown).into()
}

fn refused(why: &str) -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, "not allowed", why)
}
