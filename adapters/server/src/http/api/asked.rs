//! What a request asks for: the parameters of its query and its path.

use std::fmt;
use std::time::{Duration, SystemTime};

use axum::extract::rejection::PathRejection;
use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer};
use utoipa::openapi::{Object, ObjectBuilder, Type};
use voicera::digest::Digest;
use voicera::ports::archive::Cursor;
use voicera::words::CallId;

use super::problem::Problem;
use crate::{moment, reading};

/// The parameters of a query. Each may be there once; a name that is not known is an error.
#[derive(Debug)]
pub(super) struct Asked<T>(pub(super) T);

impl<T: DeserializeOwned, S: Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let query = parts.uri.query().unwrap_or_default();
        let pairs = form_urlencoded::parse(query.as_bytes());
        let query = serde_urlencoded::Deserializer::new(pairs);
        match serde_path_to_error::deserialize(query) {
            Ok(asked) => Ok(Self(asked)),
            Err(error) => {
                let field = error.path().to_string();
                Err(Problem::parameter(&field, &error.into_inner().to_string()))
            }
        }
    }
}

/// What a path names.
#[derive(Debug)]
pub(super) struct Named(pub(super) String);

impl<S: Send + Sync> FromRequestParts<S> for Named {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let named: Result<Path<String>, PathRejection> =
            Path::from_request_parts(parts, state).await;
        match named {
            Ok(Path(named)) => Ok(Self(named)),
            Err(rejection) => Err(Problem::parameter("", &rejection.body_text())),
        }
    }
}

/// A time, RFC 3339 with any offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moment(pub(super) SystemTime);

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let time = moment::read(&text).map(Self);
        time.ok_or_else(|| D::Error::custom("write a time as 2026-11-23T10:00:00Z"))
    }
}

/// How many are wanted at the most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Limit(pub(super) usize);

/// The most that a page may have.
pub(super) const MOST: usize = 200;

impl Default for Limit {
    fn default() -> Self {
        Self(50)
    }
}

impl<'de> Deserialize<'de> for Limit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let limit = text.parse().ok().filter(|limit| (1..=MOST).contains(limit));
        let limit = limit.map(Self);
        limit.ok_or_else(|| D::Error::custom(format!("write a number from 1 to {MOST}")))
    }
}

/// A place in the list of calls: the time in nanoseconds and the call, as hexadecimal digits, so
/// that nobody builds one by hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Next(pub(super) Cursor);

impl Next {
    pub(super) fn after(call: &Digest) -> Self {
        Self(reading::place(call))
    }
}

impl fmt::Display for Next {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let since = self.0.started.duration_since(SystemTime::UNIX_EPOCH);
        let since = u64::try_from(since.unwrap_or_default().as_nanos());
        write!(f, "{:016x}", since.unwrap_or(u64::MAX))?;
        let mut bytes = self.0.call.as_str().bytes();
        bytes.try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl<'de> Deserialize<'de> for Next {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let next = place(&text).map(Self);
        next.ok_or_else(|| D::Error::custom("take it from `next` of the page before"))
    }
}

fn place(text: &str) -> Option<Cursor> {
    let (since, call) = text.split_at_checked(16)?;
    let is_hex = |text: &str| text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !is_hex(since) || !is_hex(call) || !call.len().is_multiple_of(2) {
        return None;
    }
    let since = u64::from_str_radix(since, 16).ok()?;
    let bytes = call.as_bytes().chunks(2).filter_map(|pair| {
        let pair = std::str::from_utf8(pair).ok()?;
        u8::from_str_radix(pair, 16).ok()
    });
    let call = bytes.collect::<Vec<_>>();
    Some(Cursor {
        started: SystemTime::UNIX_EPOCH + Duration::from_nanos(since),
        call: CallId::new(&String::from_utf8_lossy(&call)),
    })
}

/// A word out of few; the error names them.
pub(super) fn choice<'de, D: Deserializer<'de>, T>(
    deserializer: D,
    choices: &[(&'static str, T)],
) -> Result<Option<T>, D::Error>
where
    T: Copy,
{
    let text = String::deserialize(deserializer)?;
    let chosen = choices.iter().find(|(name, _)| *name == text);
    let chosen = chosen.map(|(_, choice)| Some(*choice));
    chosen.ok_or_else(|| {
        let names = choices.iter().map(|(name, _)| *name);
        let names = names.collect::<Vec<_>>().join(", ");
        D::Error::custom(format!("write one of {names}"))
    })
}

/// The schema of a word out of few. The field that has it is described here: a schema that is not
/// derived hides the comment of the field.
pub(super) fn one_of<'a>(description: &str, names: impl IntoIterator<Item = &'a str>) -> Object {
    ObjectBuilder::new()
        .description(Some(description))
        .schema_type(Type::String)
        .enum_values(Some(names))
        .build()
}
