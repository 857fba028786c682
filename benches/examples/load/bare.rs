//! The floor: a relay from socket to model with no session at all.
//!
//! For every prompt it posts a request of the same size as the server's, and hands on each word.

use std::borrow::Cow;
use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context as _;
use axum::Router;
use axum::extract::State;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::response::Response;
use axum::routing::get;
use axum::serve::ListenerExt as _;
use futures_util::StreamExt as _;
use futures_util::stream::BoxStream;
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;

#[derive(Clone, Debug)]
struct Relay {
    client: reqwest::Client,
    url: Arc<str>,
    /// What every request begins with.
    beginning: Arc<str>,
}

type Events = BoxStream<'static, reqwest::Result<axum::body::Bytes>>;

#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase")]
enum Heard<'a> {
    #[serde(rename_all = "camelCase")]
    Prompt {
        #[serde(borrow)]
        voice_prompt: Cow<'a, str>,
    },
    Interrupt {},
    #[serde(other)]
    Other,
}

#[derive(Debug, Serialize)]
struct Text<'a> {
    r#type: &'static str,
    token: &'a str,
    last: bool,
}

#[derive(Debug, Deserialize)]
struct Chunk<'a> {
    #[serde(borrow)]
    choices: Vec<Choice<'a>>,
}

#[derive(Debug, Deserialize)]
struct Choice<'a> {
    #[serde(borrow)]
    delta: Delta<'a>,
}

#[derive(Debug, Deserialize)]
struct Delta<'a> {
    #[serde(borrow)]
    content: Option<Cow<'a, str>>,
}

pub(crate) async fn serve(
    listen: SocketAddr,
    vendor: SocketAddr,
    request_bytes: usize,
) -> anyhow::Result<()> {
    let system = "x".repeat(request_bytes.saturating_sub(200));
    let relay = Relay {
        client: reqwest::Client::builder().tcp_nodelay(true).build()?,
        url: format!("http://{vendor}/v1/chat/completions").into(),
        beginning: format!(
            "{{\"model\":\"scripted\",\"stream\":true,\"messages\":[\
             {{\"role\":\"system\",\"content\":\"{system}\"}},{{\"role\":\"user\",\"content\":"
        )
        .into(),
    };
    let listener = TcpListener::bind(listen).await;
    let listener = listener.context("the bare relay cannot listen")?;
    let listener = listener.tap_io(|socket| {
        let _ = socket.set_nodelay(true);
    });
    let router = Router::new()
        .route("/relay", get(upgrade))
        .with_state(relay);
    Ok(axum::serve(listener, router).await?)
}

async fn upgrade(State(relay): State<Relay>, upgrade: WebSocketUpgrade) -> Response {
    let upgrade = upgrade.read_buffer_size(4096);
    upgrade.on_upgrade(async move |socket| {
        // A call that breaks shows as lost words at its caller.
        let _ = carry(&relay, socket).await;
    })
}

async fn carry(relay: &Relay, mut socket: WebSocket) -> anyhow::Result<()> {
    let mut events: Option<Events> = None;
    let mut buffer = Vec::new();
    loop {
        tokio::select! {
            message = socket.recv() => match message.transpose()? {
                Some(Message::Text(text)) => match serde_json::from_str(&text)? {
                    Heard::Prompt { voice_prompt } => {
                        buffer.clear();
                        events = Some(relay.ask(&voice_prompt).await?);
                    }
                    Heard::Interrupt {} => {
                        events = None;
                        say(&mut socket, "", true).await?;
                    }
                    Heard::Other => {}
                },
                Some(Message::Close(_)) | None => return Ok(()),
                Some(Message::Binary(_) | Message::Ping(_) | Message::Pong(_)) => {}
            },
            bytes = next(&mut events), if events.is_some() => match bytes {
                Some(bytes) => {
                    buffer.extend_from_slice(&bytes?);
                    hand_on(&mut socket, &mut buffer).await?;
                }
                None => {
                    events = None;
                    say(&mut socket, "", true).await?;
                }
            },
        }
    }
}

async fn next(events: &mut Option<Events>) -> Option<reqwest::Result<axum::body::Bytes>> {
    events.as_mut()?.next().await
}

async fn hand_on(socket: &mut WebSocket, buffer: &mut Vec<u8>) -> anyhow::Result<()> {
    while let Some(end) = memchr::memmem::find(buffer, b"\n\n") {
        let rest = buffer.split_off(end + 2);
        let event = std::mem::replace(buffer, rest);
        let Some(data) = event.trim_ascii_end().strip_prefix(b"data: ") else {
            continue;
        };
        if data == b"[DONE]" {
            continue;
        }
        let chunk: Chunk<'_> = serde_json::from_slice(data)?;
        let content = chunk.choices.into_iter().next();
        if let Some(token) = content.and_then(|choice| choice.delta.content) {
            say(socket, &token, false).await?;
        }
    }
    Ok(())
}

async fn say(socket: &mut WebSocket, token: &str, last: bool) -> anyhow::Result<()> {
    let r#type = "text";
    let text = serde_json::to_string(&Text {
        r#type,
        token,
        last,
    })?;
    Ok(socket.send(Message::Text(text.into())).await?)
}

impl Relay {
    async fn ask(&self, question: &str) -> anyhow::Result<Events> {
        let question = serde_json::to_string(question)?;
        let body = format!("{}{question}}}]}}", self.beginning);
        let request = self.client.post(&*self.url);
        let request = request.header("content-type", "application/json");
        let response = request.body(body).send().await?.error_for_status()?;
        Ok(response.bytes_stream().boxed())
    }
}
