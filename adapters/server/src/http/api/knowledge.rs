//! `/knowledge/reload`: reads the documents again, while calls go on.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;
use voicera::ports::chain;
use voicera_retrievers::index::reload;

use super::Parts;
use super::problem::{Guarded, Problem};

/// What came of it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Reloaded {
    indexes: Vec<Index>,
}

/// What came of it for one index. Without the names of documents, another update was under way.
#[derive(Debug, Serialize, ToSchema)]
struct Index {
    /// Whether the next turns search the new state.
    switched: bool,
    /// Another update was under way.
    busy: bool,
    #[schema(required)]
    added: Option<Vec<String>>,
    #[schema(required)]
    changed: Option<Vec<String>>,
    #[schema(required)]
    removed: Option<Vec<String>>,
    /// How many documents are as they were.
    #[schema(required)]
    unchanged: Option<usize>,
    #[schema(required)]
    skipped: Option<Vec<Skipped>>,
}

/// A file that is not in the index.
#[derive(Debug, Serialize, ToSchema)]
struct Skipped {
    path: String,
    reason: String,
}

/// Reads the documents again and answers when the next turns search them.
#[utoipa::path(
    post,
    operation_id = "reload_knowledge",
    path = "/api/v1/knowledge/reload",
    tag = "knowledge",
    responses(
        (status = 200, description = "The documents were read.", body = Reloaded),
        (status = 409, description = "There is no index.", body = Problem,
         content_type = "application/problem+json"),
        (status = 500, description = "An index cannot be written; it is as it was.", body = Problem,
         content_type = "application/problem+json"),
        Guarded,
    ),
)]
pub(super) async fn reload(State(parts): State<Arc<Parts>>) -> Result<Json<Reloaded>, Problem> {
    if parts.indexes.is_empty() {
        let why = "everything is in the prompt, as it was read at the start; restart the server";
        return Err(Problem::new(StatusCode::CONFLICT, "there is no index", why)
            .fix("restart the server, or set retriever.kind = \"rag\""));
    }
    let mut indexes = Vec::new();
    for index in &parts.indexes {
        let reloaded = index.reload().await.map_err(|error| {
            let status = StatusCode::INTERNAL_SERVER_ERROR;
            Problem::new(status, "an index is as it was", &chain(&*error))
        })?;
        indexes.push(Index::of(reloaded));
    }
    Ok(Json(Reloaded { indexes }))
}

impl Index {
    fn of(reloaded: reload::Reloaded) -> Self {
        let reload::Reloaded { changes, switched } = reloaded;
        let Some(changes) = changes else {
            return Self {
                switched,
                busy: true,
                added: None,
                changed: None,
                removed: None,
                unchanged: None,
                skipped: None,
            };
        };
        let skipped = changes.skipped.into_iter().map(|file| Skipped {
            path: file.path,
            reason: file.reason,
        });
        Self {
            switched,
            busy: false,
            added: Some(changes.added),
            changed: Some(changes.changed),
            removed: Some(changes.removed),
            unchanged: Some(changes.unchanged),
            skipped: Some(skipped.collect()),
        }
    }
}
