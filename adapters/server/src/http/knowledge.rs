//! `POST /api/v1/knowledge/reload`: reads the documents again, while calls go on.

use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};
use voicera::ports::chain;
use voicera_retrievers::index::reload::{Reload, Reloaded};
use voicera_transports::direct::direct;

/// The route. `indexes` is whom to ask: one for each index.
pub(super) fn router(indexes: Vec<Reload>) -> Router {
    Router::new()
        .route("/api/v1/knowledge/reload", post(reload))
        .with_state(indexes)
}

async fn reload(State(indexes): State<Vec<Reload>>, request: Request) -> Response {
    let (request, _) = request.into_parts();
    if let Err(why) = direct(&request) {
        let why = format!("{why}, and only direct requests from this machine may reload");
        return problem(StatusCode::FORBIDDEN, "not allowed", &why);
    }
    if indexes.is_empty() {
        let why = "everything is in the prompt, as it was read at the start; restart the server";
        return problem(StatusCode::CONFLICT, "there is no index", why);
    }
    let mut reloaded = Vec::new();
    for index in indexes {
        match index.reload().await {
            Ok(outcome) => reloaded.push(as_json(&outcome)),
            Err(error) => {
                let status = StatusCode::INTERNAL_SERVER_ERROR;
                return problem(status, "an index is as it was", &chain(&*error));
            }
        }
    }
    Json(json!({ "indexes": reloaded })).into_response()
}

fn as_json(outcome: &Reloaded) -> Value {
    let changes = outcome.changes.as_ref();
    json!({
        "switched": outcome.switched,
        "busy": changes.is_none(),
        "added": changes.map(|changes| &changes.added),
        "changed": changes.map(|changes| &changes.changed),
        "removed": changes.map(|changes| &changes.removed),
        "unchanged": changes.map(|changes| changes.unchanged),
        "skipped": changes.map(|changes| {
            let skipped = changes.skipped.iter();
            let skipped = skipped.map(|file| json!({ "path": file.path, "reason": file.reason }));
            skipped.collect::<Vec<_>>()
        }),
    })
}

/// A problem as RFC 9457 writes it.
fn problem(status: StatusCode, title: &str, detail: &str) -> Response {
    let body = json!({ "title": title, "status": status.as_u16(), "detail": detail });
    let kind = [(header::CONTENT_TYPE, "application/problem+json")];
    (status, kind, body.to_string()).into_response()
}
