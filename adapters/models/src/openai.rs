//! The OpenAI chat-completions wire, streamed: Groq, OpenAI, and whoever else speaks it.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use futures_util::{FutureExt as _, Stream};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::{Client, RequestBuilder, Response, Url, redirect};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::time::{Instant, timeout};
use tracing::debug;
use voicera::ports::LanguageModel;
use voicera::ports::language_model::{ModelError, Piece};
use voicera::prompt::Prompt;

mod settings;

mod request;

mod wire;

mod mould;

mod aloud;

mod reply;

mod failure;

pub use settings::{BuildError, Reasoning, Settings, Vendor};

use failure::{Endpoint, Failure};
use reply::{EVENT_BYTES, Reply};
use request::Requests;

/// A model at a vendor that speaks the wire. It is patient without end once it is connected: the
/// deadlines are [`Fallback`](crate::fallback::Fallback)'s.
#[derive(Debug)]
pub struct OpenAi {
    connection: Arc<Connection>,
}

/// What the replies of one model share.
#[derive(Debug)]
struct Connection {
    client: Client,
    endpoint: Arc<Endpoint>,
    completions: Url,
    models: Url,
    authorization: Option<HeaderValue>,
    requests: Requests,
    begun: Instant,
    /// When the vendor was last heard, in milliseconds since `begun`; never is 0.
    heard: AtomicU64,
    warming: AtomicBool,
}

/// How long a connection counts as warm: less than vendors keep an idle one open.
const WARM: Duration = Duration::from_secs(20);

/// How long warming up may take; the reply does not wait for it.
const WARM_UP: Duration = Duration::from_secs(5);

/// Idle connections that are kept. Over HTTP/1.1 each reply that is being written has its own.
const IDLE_CONNECTIONS: usize = 256;

/// How much of an error's body is read, and how long that may take.
const ERROR_BYTES: usize = 64 * 1024;
const ERROR_TIME: Duration = Duration::from_millis(500);

impl OpenAi {
    /// Connects to nothing yet.
    ///
    /// # Errors
    ///
    /// When a setting or the key is missing or cannot work.
    pub fn new(
        vendor: Vendor,
        settings: &Settings,
        key: Option<SecretString>,
    ) -> Result<Self, BuildError> {
        settings.check(vendor)?;
        let base_url = settings.endpoint(vendor)?;
        let model = settings.model(vendor).unwrap_or_default().to_owned();
        let key_name = settings.key_name(vendor).map(str::to_owned);
        let key = key.filter(|key| !key.expose_secret().trim().is_empty());
        let authorization = match (&key, &key_name) {
            (Some(key), name) => Some(authorization(key, name.as_deref())?),
            (None, Some(name)) => return Err(BuildError::KeyMissing(name.clone())),
            (None, None) => None,
        };
        let connection = Connection {
            client: client(&base_url, settings).map_err(BuildError::Tls)?,
            completions: below(&base_url, "chat/completions"),
            models: below(&base_url, "models"),
            authorization,
            requests: Requests::new(vendor, settings, &model),
            endpoint: Arc::new(Endpoint {
                base_url,
                model,
                key_name,
                key,
            }),
            begun: Instant::now(),
            heard: AtomicU64::new(0),
            warming: AtomicBool::new(false),
        };
        Ok(Self {
            connection: Arc::new(connection),
        })
    }
}

#[async_trait]
impl LanguageModel for OpenAi {
    fn reply(&self, prompt: Prompt) -> BoxStream<'static, Result<Piece, ModelError>> {
        let connection = Arc::clone(&self.connection);
        let asking = async move { connection.ask(prompt).await };
        Box::pin(Pieces::Asking(Box::pin(asking)))
    }

    async fn warm_up(&self) {
        self.connection.warm_up().await;
    }
}

/// The pieces of a reply. Every word comes through here, so it is one stream and not a chain of
/// them.
#[expect(clippy::large_enum_variant, reason = "it lives in a box of its own")]
enum Pieces {
    Asking(BoxFuture<'static, Result<Reply, ModelError>>),
    Reading(Reply),
    Over,
}

impl Stream for Pieces {
    type Item = Result<Piece, ModelError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            let piece = match &mut *self {
                Self::Asking(asking) => match ready!(asking.poll_unpin(cx)) {
                    Ok(reply) => {
                        *self = Self::Reading(reply);
                        continue;
                    }
                    Err(error) => Err(error),
                },
                Self::Reading(reply) => ready!(reply.poll_next(cx)),
                Self::Over => return Poll::Ready(None),
            };
            if !matches!(piece, Ok(Some(_))) {
                *self = Self::Over;
            }
            return Poll::Ready(piece.transpose());
        }
    }
}

impl Connection {
    async fn ask(&self, prompt: Prompt) -> Result<Reply, ModelError> {
        let reply = Reply::new(Arc::clone(&self.endpoint), &prompt.said);
        let body = Bytes::from(self.requests.body(prompt));
        let response = self.send(body).await?;
        self.mark();
        let status = response.status();
        if !status.is_success() {
            let headers = response.headers().clone();
            let body = timeout(ERROR_TIME, read(response, ERROR_BYTES)).await;
            let body = body.ok().and_then(Result::ok).unwrap_or_default();
            let body = String::from_utf8_lossy(&body);
            return Err(self.endpoint.refusal(status, &headers, &body));
        }
        let content_type = response.headers().get(CONTENT_TYPE);
        let content_type = content_type
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        if content_type.contains("json") {
            let body = read(response, EVENT_BYTES).await;
            return reply.whole(&body.map_err(|cause| self.endpoint.transport(cause))?);
        }
        if content_type.starts_with("text/html") {
            return Err(Failure::Page {
                base_url: self.endpoint.base_url.clone(),
                content_type: content_type.to_owned(),
            }
            .into());
        }
        Ok(reply.streamed(response))
    }

    /// Asks once more when a connection broke before the vendor answered: it may have been closed
    /// by the vendor in the moment it was used again.
    async fn send(&self, body: Bytes) -> Result<Response, ModelError> {
        let post = || {
            let post = self
                .client
                .post(self.completions.clone())
                .body(body.clone());
            self.authorized(post.header(CONTENT_TYPE, "application/json"))
                .send()
        };
        match post().await {
            Err(error) if !error.is_connect() && !error.is_timeout() => {
                debug!(error = %error.without_url(), "the connection broke, asking once more");
                post().await
            }
            answer => answer,
        }
        .map_err(|cause| self.endpoint.transport(cause))
    }

    async fn warm_up(&self) {
        if self.is_warm() || self.warming.swap(true, Ordering::AcqRel) {
            return;
        }
        // Dropping this future must not leave the flag set.
        let _warming = Warming(&self.warming);
        let get = self.authorized(self.client.get(self.models.clone()));
        let opened = async { read(get.send().await?, EVENT_BYTES).await };
        if let Ok(Ok(_)) = timeout(WARM_UP, opened).await {
            self.mark();
        }
    }

    fn authorized(&self, request: RequestBuilder) -> RequestBuilder {
        match &self.authorization {
            Some(value) => request.header(AUTHORIZATION, value.clone()),
            None => request,
        }
    }

    fn is_warm(&self) -> bool {
        let heard = self.heard.load(Ordering::Relaxed);
        heard > 0 && self.begun.elapsed() < Duration::from_millis(heard) + WARM
    }

    fn mark(&self) {
        let now = u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.heard.store(now.max(1), Ordering::Relaxed);
    }
}

struct Warming<'a>(&'a AtomicBool);

impl Drop for Warming<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}

fn client(base_url: &Url, settings: &Settings) -> Result<Client, reqwest::Error> {
    let mut client = Client::builder()
        .user_agent(concat!("voicera/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(settings.connect_timeout)
        .tcp_nodelay(true)
        .pool_max_idle_per_host(IDLE_CONNECTIONS)
        // A connection that died in silence is found before a caller waits for it.
        .http2_keep_alive_interval(Duration::from_secs(15))
        .http2_keep_alive_timeout(Duration::from_secs(5))
        .http2_keep_alive_while_idle(true)
        // A key is for the vendor that was configured, not for whom it points to.
        .redirect(redirect::Policy::none());
    if is_loopback(base_url) {
        client = client.no_proxy();
    }
    if base_url.scheme() == "http" {
        // No certificates are needed, so none need to be there.
        client = client.tls_certs_only([]);
    }
    client.build()
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
    address.map_or(host == "localhost", |address| address.is_loopback())
}

fn below(base_url: &Url, path: &str) -> Url {
    let mut url = base_url.clone();
    url.set_path(&format!("{}/{path}", base_url.path().trim_end_matches('/')));
    url
}

fn authorization(key: &SecretString, name: Option<&str>) -> Result<HeaderValue, BuildError> {
    let value = format!("Bearer {}", key.expose_secret().trim());
    let mut value = HeaderValue::try_from(value)
        .map_err(|_| BuildError::KeyMalformed(name.unwrap_or("of the key").to_owned()))?;
    value.set_sensitive(true);
    Ok(value)
}

/// The body, as far as `limit`, and to its end where it is shorter, so that the connection can be
/// used again.
async fn read(mut response: Response, limit: usize) -> Result<Vec<u8>, reqwest::Error> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        body.extend_from_slice(&chunk);
        if body.len() >= limit {
            break;
        }
    }
    Ok(body)
}
