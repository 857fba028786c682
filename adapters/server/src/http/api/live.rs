//! `/live`: what is said now, as server-sent events.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use futures_util::StreamExt as _;
use serde::Deserialize;
use tokio::sync::Semaphore;
use utoipa::IntoParams;
use voicera::words::CallId;
use voicera_transcripts::live::{Heard, Kind, Live};

use super::Parts;
use super::asked::Asked;
use super::problem::{Asking, Guarded, Problem};

/// How long nothing is said before the listener is told that the line is alive.
const ALIVE: Duration = Duration::from_secs(15);

/// The feed and its places.
#[derive(Debug)]
pub struct Feed {
    live: Arc<Live>,
    places: Arc<Semaphore>,
}

impl Feed {
    pub fn new(live: Arc<Live>, listeners: usize) -> Self {
        let places = Arc::new(Semaphore::new(listeners.min(Semaphore::MAX_PERMITS)));
        Self { live, places }
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Filter {
    /// Only what is said in this call, by its id.
    #[param(nullable = false)]
    call: Option<String>,
}

/// Tells what is said from now on, as server-sent events.
///
/// An `entry` is a line of a transcript and an `analysis` what a call tells, both as JSON. `lagged`
/// says how many events a slow listener has missed: `{"missed": 7}`; what was said is in
/// `/api/v1/calls/{id}`. The ids count the events of a connection; nothing is sent again to who
/// connects anew. A comment comes every 15 s in which nothing is said.
#[utoipa::path(
    get,
    operation_id = "listen",
    path = "/api/v1/live",
    tag = "live",
    params(Filter),
    responses(
        (status = 200, description = "The events, without an end.", body = String,
         content_type = "text/event-stream"),
        (status = 409, description = "The live feed is not on.", body = Problem,
         content_type = "application/problem+json"),
        (status = 503, description = "As many listen as may.", body = Problem,
         content_type = "application/problem+json", headers(("Retry-After"))),
        Asking, Guarded,
    ),
)]
pub(super) async fn live(
    State(parts): State<Arc<Parts>>,
    Asked(filter): Asked<Filter>,
) -> Result<Response, Problem> {
    let Some(feed) = &parts.live else {
        let why = "this server does not tell what is said now";
        return Err(Problem::new(StatusCode::CONFLICT, "no live feed", why)
            .fix("it comes with an archive: see [[transcripts]] in voicera.toml"));
    };
    let Ok(place) = Arc::clone(&feed.places).try_acquire_owned() else {
        let why = "as many listen as may";
        let status = StatusCode::SERVICE_UNAVAILABLE;
        return Err(Problem::new(status, "no place is free", why)
            .fix("close another listener, or raise api.listeners in voicera.toml"));
    };
    let call = filter.call.as_deref().map(CallId::new);
    let heard = feed.live.listen(call).enumerate();
    let events = heard.map(move |(count, heard)| {
        // The place is free again when the stream is dropped.
        let _place = &place;
        let event = Event::default().id((count + 1).to_string());
        Ok::<_, Infallible>(match heard {
            Heard::Event(heard) => event.event(name(heard.kind)).data(heard.json),
            Heard::Missed(missed) => {
                let missed = format!("{{\"missed\": {missed}}}");
                event.event("lagged").data(missed)
            }
        })
    });
    let events = Sse::new(events).keep_alive(KeepAlive::new().interval(ALIVE));
    // A proxy must not wait for more to send on.
    Ok(([("x-accel-buffering", "no")], events).into_response())
}

fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::Entry => "entry",
        Kind::Analysis => "analysis",
    }
}
