//! `/api/v1`: what the archive, the outbox and the live calls answer to programs.

use std::sync::{Arc, LazyLock};
use std::time::SystemTime;

use axum::http::{Method, StatusCode, Uri};
use axum::middleware::from_fn_with_state;
use axum::routing::any;
use axum::{Json, Router};
use secrecy::SecretString;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{ComponentsBuilder, Info, OpenApi, OpenApiBuilder};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use voicera::digest::price::Prices;
use voicera::insight::gaps::Settings;
use voicera::masking::Masker;
use voicera::ports::Archive;
use voicera_retrievers::index::reload::Reload;
use voicera_transcripts::outbox::Outbox;

pub use live::Feed;
use problem::{Guarded, Problem};

pub(super) mod problem;

mod access;

mod asked;

mod calls;

mod search;

mod totals;

pub(crate) mod gaps;

mod live;

pub(crate) mod outbox;

mod knowledge;

pub(crate) mod shapes;

/// What is asked.
#[derive(Debug)]
pub struct Parts {
    /// Nothing where transcripts are not kept in one.
    pub archive: Option<Arc<dyn Archive>>,
    pub outbox: Option<Arc<dyn Outbox>>,
    /// What is said now, and how many may listen at the same time.
    pub live: Option<Feed>,
    /// One for each index of the documents.
    pub indexes: Vec<Reload>,
    pub prices: Prices,
    /// What tells a question that was left open.
    pub open: Settings,
    /// What numbers of callers are kept as.
    pub masker: Masker,
    /// Who shows it may ask from anywhere. Who sits at this machine need not.
    pub key: Option<SecretString>,
    /// The clock.
    pub now: fn() -> SystemTime,
}

/// Everything under `/api`.
pub fn router(mut parts: Parts) -> Router {
    let key: access::Key = parts.key.take().map(Arc::new);
    let (router, _) = documented().split_for_parts();
    router
        .route("/api/{*path}", any(unknown))
        .method_not_allowed_fallback(not_allowed)
        .with_state(Arc::new(parts))
        .route_layer(from_fn_with_state(key, access::guard))
}

/// The OpenAPI document of these paths.
pub fn document() -> OpenApi {
    documented().into_openapi()
}

fn documented() -> OpenApiRouter<Arc<Parts>> {
    let components = ComponentsBuilder::new()
        .security_scheme(
            "key",
            SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)),
        )
        .schema_from::<Problem>()
        .build();
    let mut info = Info::new("Voicera", env!("CARGO_PKG_VERSION"));
    info.description = Some(DESCRIPTION.to_owned());
    let document = OpenApiBuilder::new()
        .info(info)
        .components(Some(components))
        .security(Some([
            SecurityRequirement::default(),
            SecurityRequirement::new::<_, _, &str>("key", []),
        ]))
        .build();
    OpenApiRouter::with_openapi(document)
        .routes(routes!(calls::list))
        .routes(routes!(calls::show, calls::forget))
        .routes(routes!(calls::insights))
        .routes(routes!(calls::forget_caller))
        .routes(routes!(search::search))
        .routes(routes!(totals::totals))
        .routes(routes!(gaps::list))
        .routes(routes!(live::live))
        .routes(routes!(outbox::list))
        .routes(routes!(outbox::retry))
        .routes(routes!(knowledge::reload))
        .routes(routes!(openapi))
}

const DESCRIPTION: &str = "\
Reads the calls that this server has answered.

Who shows the key may ask, and who sits at the machine of the server. Everything that is wrong is \
a problem as RFC 9457 writes it; a path that is not here answers 404, another method 405. Times \
are RFC 3339 in UTC, durations milliseconds. What is absent is not known.";

/// Describes these paths (OpenAPI 3.1).
#[utoipa::path(
    get,
    path = "/api/v1/openapi.json",
    tag = "about",
    responses((status = 200, description = "This document.", body = serde_json::Value), Guarded),
)]
async fn openapi() -> Json<&'static OpenApi> {
    static DOCUMENT: LazyLock<OpenApi> = LazyLock::new(document);
    Json(&DOCUMENT)
}

async fn unknown(uri: Uri) -> Problem {
    let why = format!("there is no {}", uri.path());
    Problem::new(StatusCode::NOT_FOUND, "no such path", &why)
        .fix("GET /api/v1/openapi.json lists the paths")
}

async fn not_allowed(method: Method, uri: Uri) -> Problem {
    let why = format!("{} does not answer {method}", uri.path());
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "no such method", &why)
        .fix("see the header `Allow`")
}

impl Parts {
    fn archive(&self) -> Result<&Arc<dyn Archive>, Problem> {
        self.archive.as_ref().ok_or_else(Problem::no_archive)
    }

    fn outbox(&self) -> Result<&Arc<dyn Outbox>, Problem> {
        self.outbox.as_ref().ok_or_else(Problem::no_archive)
    }
}

#[cfg(test)]
mod tests;
