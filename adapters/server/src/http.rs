//! What the server answers over HTTP: the carrier's pages, and how it is.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use voicera_transports::switchboard::Switchboard;

pub mod api;

pub mod intelligence;

/// Whether the server can take the next call.
#[derive(Clone, Debug)]
pub struct Readiness {
    switchboard: Arc<Switchboard>,
    stopping: Arc<AtomicBool>,
}

impl Readiness {
    pub fn new(switchboard: Arc<Switchboard>) -> Self {
        Self {
            switchboard,
            stopping: Arc::default(),
        }
    }

    /// No further call will be taken.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }
}

/// `/healthz` says that the process is alive, `/readyz` whether it takes calls, `/api/v1` is for
/// programs.
pub fn router(carrier: Router, readiness: Readiness, api: api::Parts) -> Router {
    let status = Router::new()
        .route("/healthz", get(async || "ok\n"))
        .route("/readyz", get(ready))
        .with_state(readiness);
    carrier.merge(status).merge(api::router(api))
}

async fn ready(State(readiness): State<Readiness>) -> (StatusCode, &'static str) {
    if readiness.stopping.load(Ordering::Relaxed) {
        (StatusCode::SERVICE_UNAVAILABLE, "the server is stopping\n")
    } else if !readiness.switchboard.has_room() {
        (StatusCode::SERVICE_UNAVAILABLE, "all lines are busy\n")
    } else {
        (StatusCode::OK, "ready\n")
    }
}

#[cfg(test)]
mod tests;
