//! `/intelligence`: Twilio says that a transcript is there.

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use voicera_transcripts::twilio::webhook::{Notification, NotificationError};
use voicera_transports::conversation_relay::{ConversationRelay, Received};

use super::api::problem::Problem;
use crate::transcripts::{Notified, Taken};

/// Where Twilio's webhook of the intelligence service points to.
pub const PATH: &str = "/intelligence";

/// Takes Twilio's notifications, where what it finds out comes into the archive.
pub fn router(carrier: ConversationRelay, notified: Option<Notified>) -> Router {
    match notified {
        Some(notified) => Router::new()
            .route(PATH, get(take).post(take))
            .with_state((carrier, notified)),
        None => Router::new().route(PATH, get(unwanted).post(unwanted)),
    }
}

/// Answers before Twilio is asked for anything: it waits only a moment.
async fn take(
    State((carrier, notified)): State<(ConversationRelay, Notified)>,
    request: Request,
) -> Response {
    let received = match carrier.receive(request, PATH).await {
        Ok(received) => received,
        Err(refusal) => return refusal,
    };
    let notification = match read(&received) {
        Ok(notification) => notification,
        Err(error) => {
            tracing::warn!(%error, "a notification of Twilio cannot be read");
            let problem = Problem::new(
                StatusCode::BAD_REQUEST,
                "no notification",
                &error.to_string(),
            );
            return problem.into_response();
        }
    };
    match notified.take(&notification) {
        Taken::New | Taken::Again => {}
        Taken::Foreign => tracing::warn!(
            service.id = notification.service_sid,
            "Twilio speaks of the transcripts of another service: let only the webhook of this \
             server's service point here"
        ),
        Taken::Full => {
            tracing::warn!("too many transcripts wait; the outbox asks for this one later");
            let why = "too many transcripts wait to be fetched";
            return Problem::new(StatusCode::SERVICE_UNAVAILABLE, "busy", why).into_response();
        }
    }
    StatusCode::NO_CONTENT.into_response()
}

fn read(received: &Received) -> Result<Notification, NotificationError> {
    match received.method {
        Method::POST => Notification::from_json(&received.body),
        _ => Notification::from_query(&received.query),
    }
}

async fn unwanted() -> Problem {
    let why = "nothing here takes what Twilio finds out about calls";
    Problem::new(StatusCode::NOT_FOUND, "no such path", why)
        .fix("add [[transcripts]] with kind = \"twilio\" to voicera.toml")
}
