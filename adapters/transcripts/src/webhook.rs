//! Posts what happens in calls to an address, as signed JSON.
//!
//! # What a receiver gets
//!
//! A `POST` with a body of JSON:
//!
//! | Name | Meaning |
//! |---|---|
//! | `id` | of the event; a repeat has the same |
//! | `type` | `entry`, `call.finished` or `call.analysed` |
//! | `created` | when the event happened, RFC 3339 in UTC |
//! | `data` | by its type, see below |
//!
//! | `type` | `data` |
//! |---|---|
//! | `entry` | a line of [`crate::record`] |
//! | `call.finished` | `call{}` (what it amounts to), `entries[]` (lines of [`crate::record`]), `analyses[]` |
//! | `call.analysed` | `call` (its id), `analysis{}` |
//!
//! `call{}` has `id`, `session`, `from`, `to`, `started`, `ending`, `turns`, `duration_ms`,
//! `interruptions`, `apologies`, `sentiment`, `escalated`, `services[]` and `summary`; absent means
//! unknown. What was masked is masked here, too. An event whose call was deleted before it could be
//! sent is not sent.
//!
//! Any answer from 200 to 299 means that the receiver has the event. `408`, `425`, `429` and 500
//! and above are tried again, as are answers that do not come; `Retry-After` is heeded. Everything
//! else gives the event up at once, a redirect included.
//!
//! # How to verify it
//!
//! Requests are signed as [Standard Webhooks](https://www.standardwebhooks.com) says, so that its
//! libraries verify them. By hand:
//!
//! 1. Take the bytes of the secret: what follows `whsec_`, decoded from base64.
//! 2. Compute HMAC-SHA256 with it over `webhook-id`, a full stop, `webhook-timestamp`, a full stop
//!    and the body as it came, byte for byte.
//! 3. `webhook-signature` holds signatures separated by spaces, each `v1,` and base64. One of them
//!    has to be yours, compared in constant time. There are two while the secret is being changed.
//! 4. Refuse a `webhook-timestamp` (seconds since 1970) that is more than five minutes off.
//! 5. Remember `webhook-id` for some days, and answer `200` without doing anything when it comes
//!    again.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use async_trait::async_trait;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Client, Response, Url, redirect};
use secrecy::SecretString;
use serde::Deserialize;
use tokio::time::timeout;
use voicera::ports::Archive;

use crate::delivery::{self, Courier, SendError};
use crate::outbox::{Parcel, Wants};

mod answer;

mod body;

mod signature;

use answer::Failure;
use signature::Signer;

pub use signature::SecretError;

/// What a user sets.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// What the webhook is called in the log and in the list of what waits; events are kept for it
    /// under this name, so that they find it when its address changes. Default: `webhook`.
    pub name: String,
    /// Where to post to. It has to be given; `https` unless the receiver is near.
    pub url: String,
    /// What to post: `"calls"`, each finished call and what is found out about it later, or
    /// `"entries"`, each line as it is said, and what is found out. Default: `"calls"`.
    pub events: Events,
    /// The name of the environment variable with the secret that signs: at least 24 random bytes
    /// in base64, with or without `whsec_` before them, as `openssl rand -base64 32` prints them.
    /// Default: `VOICERA_WEBHOOK_SECRET`.
    pub secret: String,
    /// The name of the environment variable with the secret before, while receivers change to the
    /// new one: requests are signed with both. Default: none.
    pub old_secret: Option<String>,
    /// How long connecting may take. Default: `5s`.
    #[serde(with = "humantime_serde")]
    pub connect_timeout: Duration,
    /// When to try again, and when to give up.
    pub delivery: delivery::Settings,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            name: "webhook".to_owned(),
            url: String::new(),
            events: Events::default(),
            secret: "VOICERA_WEBHOOK_SECRET".to_owned(),
            old_secret: None,
            connect_timeout: Duration::from_secs(5),
            delivery: delivery::Settings::default(),
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Events {
    #[default]
    Calls,
    Entries,
}

impl Events {
    pub fn wants(self) -> Wants {
        match self {
            Self::Calls => Wants::Calls,
            Self::Entries => Wants::Entries,
        }
    }
}

/// Why nothing can be posted.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    #[error("`url` {0:?} is no address, set one like \"https://example.com/voicera\"")]
    Url(String),
    #[error("the secret in {name} cannot sign")]
    Secret {
        name: String,
        #[source]
        cause: SecretError,
    },
    #[error("the connection cannot be made secure")]
    Tls(#[source] reqwest::Error),
}

/// Posts parcels to an address. What they are about is read from the archive.
#[derive(Debug)]
pub struct Webhook {
    client: Client,
    url: Url,
    signer: Signer,
    archive: Arc<dyn Archive>,
}

/// How much of an answer is read, and how long that may take: enough for the connection to be
/// used again.
const ANSWER_BYTES: usize = 16 * 1024;
const ANSWER_TIME: Duration = Duration::from_millis(500);

impl Webhook {
    /// Connects to nothing yet.
    ///
    /// # Errors
    ///
    /// When a setting or a secret cannot work.
    pub fn new(
        settings: &Settings,
        secret: &SecretString,
        old_secret: Option<&SecretString>,
        archive: Arc<dyn Archive>,
    ) -> Result<Self, BuildError> {
        let url = address(&settings.url)?;
        let named = |name: &str| {
            let name = name.to_owned();
            |cause| BuildError::Secret { name, cause }
        };
        let mut signer = Signer::new(secret).map_err(named(&settings.secret))?;
        if let Some(old) = old_secret {
            let name = settings.old_secret.as_deref().unwrap_or("old_secret");
            signer.sign_also_with(old).map_err(named(name))?;
        }
        Ok(Self {
            client: client(&url, settings).map_err(BuildError::Tls)?,
            url,
            signer,
            archive,
        })
    }

    async fn post(&self, id: &str, body: Vec<u8>) -> Result<Response, Failure> {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        let timestamp = since.unwrap_or_default().as_secs();
        let mut headers = HeaderMap::new();
        let signatures = self.signer.sign(id, timestamp, &body);
        for (name, value) in [
            ("webhook-id", id.to_owned()),
            ("webhook-timestamp", timestamp.to_string()),
            ("webhook-signature", signatures),
        ] {
            let value = HeaderValue::try_from(value).map_err(|_| Failure::Id)?;
            headers.insert(name, value);
        }
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let request = self.client.post(self.url.clone()).headers(headers);
        let response = request.body(body).send().await;
        response.map_err(|cause| Failure::Connection {
            host: self.host(),
            cause: cause.without_url(),
        })
    }

    /// What errors call the receiver. Paths and parameters may hold secrets.
    fn host(&self) -> String {
        self.url.origin().ascii_serialization()
    }
}

#[async_trait]
impl Courier for Webhook {
    async fn send(&self, parcel: &Parcel) -> Result<(), SendError> {
        let id = body::id(parcel);
        let unavailable = |error: voicera::ports::archive::ArchiveError| {
            SendError::Unavailable(Failure::Archive(error).into())
        };
        let transcript = self.archive.call(parcel.subject.call()).await;
        let Some(transcript) = transcript.map_err(unavailable)? else {
            return Ok(());
        };
        let Some(body) = body::of(&id, parcel, &transcript).map_err(Failure::Body)? else {
            return Ok(());
        };
        let response = self.post(&id, body).await?;
        let answer = answer::judge(
            response.status(),
            response.headers(),
            SystemTime::now(),
            &self.host(),
        );
        if let Ok(said) = timeout(ANSWER_TIME, read(response)).await {
            tracing::debug!(
                event.id = id,
                said = %String::from_utf8_lossy(&said),
                "the receiver of an event answered"
            );
        }
        Ok(answer?)
    }
}

fn address(url: &str) -> Result<Url, BuildError> {
    let wrong = || BuildError::Url(url.to_owned());
    let parsed = Url::parse(url).map_err(|_| wrong())?;
    match parsed.scheme() {
        "https" | "http" => Ok(parsed),
        _ => Err(wrong()),
    }
}

fn client(url: &Url, settings: &Settings) -> Result<Client, reqwest::Error> {
    let mut client = Client::builder()
        .user_agent(concat!("voicera/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(settings.connect_timeout)
        .pool_max_idle_per_host(settings.delivery.concurrency)
        // What callers said is for the receiver that was configured.
        .redirect(redirect::Policy::none());
    if is_loopback(url) {
        client = client.no_proxy();
    }
    if url.scheme() == "http" {
        // No certificates are needed, so none need to be there.
        client = client.tls_certs_only([]);
    }
    client.build()
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_matches(['[', ']']).parse::<IpAddr>();
    address.map_or(host == "localhost", |address| address.is_loopback())
}

/// The beginning of the body. One that breaks off changes nothing: the status has said it all.
async fn read(mut response: Response) -> Vec<u8> {
    let mut body = Vec::new();
    while body.len() < ANSWER_BYTES
        && let Ok(Some(chunk)) = response.chunk().await
    {
        body.extend_from_slice(&chunk);
    }
    body.truncate(ANSWER_BYTES);
    body
}

#[cfg(test)]
mod tests;
