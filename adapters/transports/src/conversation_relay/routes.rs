//! What the carrier asks over HTTP: what to do with a call, and the socket of one.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{FromRequestParts as _, Request, State, WebSocketUpgrade};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::time::timeout;
use voicera::words::CallId;

use super::public_url::PublicUrl;
use super::signature::Content;
use super::{Relay, ended, socket};

pub(super) const CALL: &str = "/call";
pub(super) const ENDED: &str = "/call/ended";
pub(super) const RELAY: &str = "/relay";

/// What a socket holds while nothing is on its way, in bytes. Frames are shorter as a rule; a
/// longer one grows the buffer.
const SOCKET_BUFFER: usize = 1024;

/// The most that may wait for a socket that takes nothing; then the call is given up.
const SOCKET_BACKLOG: usize = 256 * 1024;

pub(super) fn router(relay: Arc<Relay>) -> Router {
    Router::new()
        .route(CALL, get(answer_call).post(answer_call))
        .route(ENDED, get(answer_ended).post(answer_ended))
        .route(RELAY, get(open_relay))
        .with_state(relay)
}

async fn answer_call(State(relay): State<Arc<Relay>>, request: Request) -> Response {
    let webhook = match Webhook::read(&relay, request, CALL).await {
        Ok(webhook) => webhook,
        Err(refusal) => return refusal,
    };
    let call = webhook.field("CallSid");
    if call.is_empty() && relay.parts.security.is_signed() {
        return (StatusCode::BAD_REQUEST, "the request names no CallSid").into_response();
    }
    let switchboard = &relay.parts.switchboard;
    if !switchboard.has_room_for(&CallId::new(call)) {
        relay.refusals.note("all lines are busy: a caller heard so");
        return twiml(relay.busy());
    }
    twiml(relay.connect(&webhook.url, call, 0))
}

async fn answer_ended(State(relay): State<Arc<Relay>>, request: Request) -> Response {
    match Webhook::read(&relay, request, ENDED).await {
        Ok(webhook) => twiml(ended::answer(&relay, &webhook)),
        Err(refusal) => refusal,
    }
}

async fn open_relay(State(relay): State<Arc<Relay>>, request: Request) -> Response {
    let (mut parts, _) = request.into_parts();
    let security = &relay.parts.security;
    let admitted = security.admit(&parts);
    let checked =
        admitted.and_then(|url| security.check(&parts, &url.socket(RELAY), Content::Upgrade));
    if let Err(why) = checked {
        return relay.refuse(&why);
    }
    let upgrade = match WebSocketUpgrade::from_request_parts(&mut parts, &()).await {
        Ok(upgrade) => upgrade,
        Err(rejection) => return rejection.into_response(),
    };
    let frame_bytes = relay.parts.limits.frame_bytes;
    upgrade
        .read_buffer_size(SOCKET_BUFFER)
        .write_buffer_size(SOCKET_BUFFER)
        .max_write_buffer_size(SOCKET_BACKLOG)
        .max_message_size(frame_bytes)
        .max_frame_size(frame_bytes)
        .on_upgrade(move |socket| socket::serve(relay, socket))
}

/// A request of the carrier that has proved to be one.
pub(super) struct Webhook {
    /// What the carrier calls this server.
    pub(super) url: PublicUrl,
    fields: Vec<(String, String)>,
}

impl Webhook {
    async fn read(relay: &Relay, request: Request, path: &str) -> Result<Self, Response> {
        let Received {
            url,
            query,
            mut fields,
            ..
        } = receive(relay, request, path).await?;
        fields.extend(form_urlencoded::parse(query.as_bytes()).into_owned());
        Ok(Self { url, fields })
    }

    /// A field of the form or of the query; empty where there is none.
    pub(super) fn field(&self, name: &str) -> &str {
        let field = self.fields.iter().find(|(key, _)| key == name);
        field.map_or("", |(_, value)| value)
    }
}

/// What the carrier has sent to a page of this server: nothing of it was looked at before it proved
/// to be the carrier's.
#[derive(Debug)]
pub struct Received {
    url: PublicUrl,
    pub method: Method,
    /// As it came; empty where there is none.
    pub query: String,
    /// Of a POST, as it came.
    pub body: Vec<u8>,
    /// Of a form.
    fields: Vec<(String, String)>,
}

/// Answers what to answer where the request is not the carrier's.
pub(super) async fn receive(
    relay: &Relay,
    request: Request,
    path: &str,
) -> Result<Received, Response> {
    let (parts, body) = request.into_parts();
    let security = &relay.parts.security;
    let url = security.admit(&parts).map_err(|why| relay.refuse(&why))?;
    let body = read_body(relay, &parts, body).await?;
    let mut fields = Vec::new();
    let content = if parts.method != Method::POST {
        Content::Nothing
    } else if is_form(&parts) {
        fields = form_urlencoded::parse(&body).into_owned().collect();
        Content::Form(&fields)
    } else {
        Content::Body(&body)
    };
    let checked = security.check(&parts, &url.page(path), content);
    checked.map_err(|why| relay.refuse(&why))?;
    Ok(Received {
        url,
        query: parts.uri.query().unwrap_or_default().to_owned(),
        method: parts.method,
        body,
        fields,
    })
}

async fn read_body(relay: &Relay, parts: &Parts, body: Body) -> Result<Vec<u8>, Response> {
    if parts.method != Method::POST {
        return Ok(Vec::new());
    }
    let limits = &relay.parts.limits;
    match timeout(limits.body, to_bytes(body, limits.body_bytes)).await {
        Ok(Ok(body)) => Ok(body.into()),
        Ok(Err(_)) => Err(StatusCode::PAYLOAD_TOO_LARGE.into_response()),
        Err(_) => Err(StatusCode::REQUEST_TIMEOUT.into_response()),
    }
}

/// Whether the body is a form. One without a type has to be empty to be told from another.
fn is_form(parts: &Parts) -> bool {
    let kind = parts.headers.get(header::CONTENT_TYPE);
    kind.is_none_or(|kind| {
        let kind = kind.to_str().unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        kind.eq_ignore_ascii_case("application/x-www-form-urlencoded")
    })
}

fn twiml(document: String) -> Response {
    let kind = [(header::CONTENT_TYPE, "text/xml; charset=utf-8")];
    (kind, document).into_response()
}

impl Relay {
    /// Answers who may not call, and says in both places what to set.
    fn refuse(&self, why: &str) -> Response {
        self.refusals.note(why);
        (StatusCode::FORBIDDEN, format!("{why}\n")).into_response()
    }
}
