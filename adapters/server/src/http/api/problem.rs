//! What is wrong, as RFC 9457 writes it.

use std::collections::BTreeMap;

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::openapi::{Content, HeaderBuilder, Ref, RefOr, ResponseBuilder};
use utoipa::{IntoResponses, ToSchema};
use voicera::ports::archive::ArchiveError;
use voicera::ports::chain;

/// Why a request is not answered as it was meant (RFC 9457).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(in crate::http) struct Problem {
    /// What kind of problem it is, in a few words.
    title: &'static str,
    /// The status of the response.
    status: u16,
    /// What is wrong this time.
    detail: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    fix: Option<&'static str>,
    /// The parameter that is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    field: Option<String>,
}

/// When to ask again after a 503, in seconds.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("5");

impl Problem {
    pub(in crate::http) fn new(status: StatusCode, title: &'static str, detail: &str) -> Self {
        Self {
            title,
            status: status.as_u16(),
            detail: detail.to_owned(),
            fix: None,
            field: None,
        }
    }

    pub(in crate::http) fn fix(self, fix: &'static str) -> Self {
        Self {
            fix: Some(fix),
            ..self
        }
    }

    /// A parameter cannot be read.
    pub(super) fn parameter(field: &str, why: &str) -> Self {
        let detail = match field {
            "" | "." => why.to_owned(),
            field => format!("`{field}`: {why}"),
        };
        Self {
            field: Some(field.to_owned()),
            ..Self::new(StatusCode::BAD_REQUEST, "wrong parameter", &detail)
        }
        .fix("see the parameters of this path in /api/v1/openapi.json")
    }

    pub(super) fn no_archive() -> Self {
        let why = "transcripts are not kept where they can be read again";
        Self::new(StatusCode::CONFLICT, "no archive", why)
            .fix("add [[transcripts]] with kind = \"sqlite\" or \"postgres\" to voicera.toml")
    }

    pub(super) fn no_call(id: &str) -> Self {
        let why = format!("no call with the id {id:?} is kept");
        Self::new(StatusCode::NOT_FOUND, "no such call", &why)
            .fix("GET /api/v1/calls lists those that are")
    }
}

impl From<ArchiveError> for Problem {
    fn from(error: ArchiveError) -> Self {
        let status = match &error {
            ArchiveError::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            ArchiveError::Damaged(_) => StatusCode::INTERNAL_SERVER_ERROR,
        };
        tracing::error!(error = %chain(&error), "a request cannot be answered from the archive");
        // The cause may name paths and hosts, and is in the log.
        Self::new(status, "no answer from the archive", &error.to_string())
            .fix("the log of the server says why")
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status);
        let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut headers = HeaderMap::new();
        let kind = HeaderValue::from_static("application/problem+json");
        headers.insert(header::CONTENT_TYPE, kind);
        if status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(header::RETRY_AFTER, RETRY_AFTER);
        }
        if status == StatusCode::UNAUTHORIZED {
            let scheme = HeaderValue::from_static("Bearer realm=\"voicera\"");
            headers.insert(header::WWW_AUTHENTICATE, scheme);
        }
        // Text and numbers can always be written.
        let body = serde_json::to_vec(&self).unwrap_or_default();
        (status, headers, body).into_response()
    }
}

/// The problems of every path.
pub(super) enum Guarded {}

impl IntoResponses for Guarded {
    fn responses() -> BTreeMap<String, RefOr<utoipa::openapi::Response>> {
        documented([(
            401,
            "The key is wrong, or missing and the request not from here.",
        )])
    }
}

/// The problems of paths with parameters in the query.
pub(super) enum Asking {}

impl IntoResponses for Asking {
    fn responses() -> BTreeMap<String, RefOr<utoipa::openapi::Response>> {
        documented([(400, "A parameter is wrong; `field` says which.")])
    }
}

/// The problems of paths that read the archive.
pub(super) enum Reading {}

impl IntoResponses for Reading {
    fn responses() -> BTreeMap<String, RefOr<utoipa::openapi::Response>> {
        documented([
            (
                409,
                "No archive is configured, or the call that is to be forgotten goes on.",
            ),
            (500, "The archive is damaged."),
            (503, "The archive cannot be read for now."),
        ])
    }
}

/// The problems of paths that name a call.
pub(super) enum Naming {}

impl IntoResponses for Naming {
    fn responses() -> BTreeMap<String, RefOr<utoipa::openapi::Response>> {
        documented([
            (400, "The path is not UTF-8."),
            (404, "No such call is kept."),
        ])
    }
}

fn documented<const N: usize>(
    statuses: [(u16, &str); N],
) -> BTreeMap<String, RefOr<utoipa::openapi::Response>> {
    let documented = statuses.map(|(status, description)| {
        let schema = Ref::from_schema_name("Problem");
        let response = ResponseBuilder::new()
            .description(description)
            .content("application/problem+json", Content::new(Some(schema)));
        let text = || HeaderBuilder::new().build();
        let response = match status {
            401 => response.header("WWW-Authenticate", text()),
            503 => response.header("Retry-After", text()),
            _ => response,
        };
        (status.to_string(), response.build().into())
    });
    documented.into()
}
