//! Asks Twilio's APIs: login, forms, pages, and repeats while it is busy.

use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use form_urlencoded::Serializer;
use reqwest::header::{CONTENT_TYPE, IF_MATCH};
use reqwest::{Method, RequestBuilder, Response, Url, redirect};
use secrecy::{ExposeSecret as _, SecretString};
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::sync::Semaphore;
use tokio::time::sleep;
use tracing::debug;

use super::failure::{ApiError, Refusal};
use super::settings::{BuildError, Settings, is_loopback};

/// What a request proves itself with.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// The account, `AC…`.
    pub account_sid: String,
    /// Who logs in: the account, or an API key, `SK…`.
    pub user: String,
    pub secret: SecretString,
    /// What a person checks when the login is refused, as `TWILIO_ACCOUNT_SID and
    /// TWILIO_AUTH_TOKEN`.
    pub named: String,
}

/// Asks Twilio. Clones share connections and limits.
#[derive(Clone)]
pub struct Client {
    shared: Arc<Shared>,
}

struct Shared {
    http: reqwest::Client,
    intelligence: Url,
    accounts: Url,
    credentials: Credentials,
    settings: Settings,
    permits: Semaphore,
}

/// The longest answer that is read, in bytes.
const ANSWER_BYTES: usize = 16 * 1024 * 1024;

/// The most pages of one list.
const PAGES: usize = 200;

/// The longest pause before another attempt that is not asked for.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// The longest pause that Twilio may ask for; beyond it the request is given up.
const LONGEST_ASKED: Duration = Duration::from_secs(60);

impl Credentials {
    /// The account and its auth token.
    pub fn auth_token(account_sid: &str, token: SecretString) -> Self {
        Self {
            account_sid: account_sid.to_owned(),
            user: account_sid.to_owned(),
            secret: token,
            named: "TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN".to_owned(),
        }
    }

    /// An API key of the account and its secret.
    pub fn api_key(account_sid: &str, key_sid: &str, secret: SecretString) -> Self {
        Self {
            account_sid: account_sid.to_owned(),
            user: key_sid.to_owned(),
            secret,
            named: "TWILIO_ACCOUNT_SID, TWILIO_API_KEY and TWILIO_API_SECRET".to_owned(),
        }
    }
}

/// What is asked for.
struct Request {
    method: Method,
    url: Url,
    form: Option<String>,
    version: Option<u64>,
    repeat: Repeat,
}

/// When a request may be sent again.
enum Repeat {
    Always,
    /// Only when Twilio has certainly not acted on it.
    UnlessReceived,
}

impl Client {
    /// Connects to nothing yet.
    ///
    /// # Errors
    ///
    /// When a setting or the credentials cannot work.
    pub fn new(settings: &Settings, credentials: Credentials) -> Result<Self, BuildError> {
        settings.check()?;
        let sid = credentials.account_sid.trim();
        if !sid.starts_with("AC") {
            // Somebody may have put a secret here.
            let sid = format!("{}…", sid.chars().take(2).collect::<String>());
            return Err(BuildError::Account { sid });
        }
        if credentials.secret.expose_secret().trim().is_empty() {
            let named = credentials.named;
            return Err(BuildError::NoSecret { named });
        }
        let (intelligence, accounts) = (settings.intelligence()?, settings.accounts()?);
        let shared = Shared {
            http: http(&[&intelligence, &accounts], settings).map_err(BuildError::Tls)?,
            intelligence,
            accounts,
            credentials,
            settings: settings.clone(),
            permits: Semaphore::new(settings.requests),
        };
        Ok(Self {
            shared: Arc::new(shared),
        })
    }

    pub fn settings(&self) -> &Settings {
        &self.shared.settings
    }

    /// The address of something of Conversational Intelligence.
    pub(super) fn intelligence(&self, path: &[&str]) -> Url {
        below(&self.shared.intelligence, &["v2"], path)
    }

    /// The address of something of the account.
    pub(super) fn account(&self, path: &[&str]) -> Url {
        let sid = self.shared.credentials.account_sid.trim();
        below(
            &self.shared.accounts,
            &["2010-04-01", "Accounts", sid],
            path,
        )
    }

    pub(super) async fn get<T: DeserializeOwned>(&self, url: Url) -> Result<T, ApiError> {
        self.ask(&Request {
            method: Method::GET,
            url,
            form: None,
            version: None,
            repeat: Repeat::Always,
        })
        .await
    }

    /// All things of a list, which is named `key` in each page.
    pub(super) async fn list<T: DeserializeOwned>(
        &self,
        mut url: Url,
        key: &str,
    ) -> Result<Vec<T>, ApiError> {
        let size = self.shared.settings.page_size.to_string();
        url.query_pairs_mut().append_pair("PageSize", &size);
        let path = url.path().to_owned();
        let mut things = Vec::new();
        let mut seen = HashSet::new();
        while seen.insert(url.clone()) && seen.len() <= PAGES {
            let mut page: Value = self.get(url.clone()).await?;
            let list = page.get_mut(key).map(Value::take).unwrap_or_default();
            let list: Vec<T> = serde_json::from_value(list)
                .map_err(|_| malformed(&path, format!("its `{key}` cannot be read")))?;
            things.extend(list);
            let next = page.get("meta").and_then(|meta| meta.get("next_page_url"));
            match next.and_then(Value::as_str) {
                Some(next) => url = self.next(&path, &url, next)?,
                None => return Ok(things),
            }
        }
        Err(ApiError::Endless { path })
    }

    /// Makes something.
    pub(super) async fn create<T: DeserializeOwned>(
        &self,
        url: Url,
        form: &[(&str, String)],
    ) -> Result<T, ApiError> {
        self.ask(&Request {
            method: Method::POST,
            url,
            form: Some(encoded(form)),
            version: None,
            repeat: Repeat::UnlessReceived,
        })
        .await
    }

    /// Changes something to what the form says, however often it is said; with a version only
    /// when it still has that version.
    pub(super) async fn update<T: DeserializeOwned>(
        &self,
        url: Url,
        form: &[(&str, String)],
        version: Option<u64>,
    ) -> Result<T, ApiError> {
        self.ask(&Request {
            method: Method::POST,
            url,
            form: Some(encoded(form)),
            version,
            repeat: Repeat::Always,
        })
        .await
    }

    /// The address of the next page, as long as it is where the login belongs.
    fn next(&self, path: &str, url: &Url, next: &str) -> Result<Url, ApiError> {
        let elsewhere = |host: &str| ApiError::Elsewhere {
            path: path.to_owned(),
            host: host.to_owned(),
        };
        let next = url.join(next).map_err(|_| elsewhere("no address"))?;
        if next.origin() != url.origin() || !next.username().is_empty() {
            return Err(elsewhere(next.host_str().unwrap_or_default()));
        }
        Ok(next)
    }

    async fn ask<T: DeserializeOwned>(&self, request: &Request) -> Result<T, ApiError> {
        let mut attempt = 1;
        let body = loop {
            let error = match self.shared.send(request).await {
                Ok(body) => break body,
                Err(error) => error,
            };
            let Some(pause) = self.shared.pause(attempt, request, &error) else {
                return Err(error);
            };
            let pause_ms = pause.as_millis();
            debug!(%error, attempt, pause_ms, "twilio is asked once more");
            sleep(pause).await;
            attempt += 1;
        };
        let body = if body.is_empty() {
            b"null"
        } else {
            body.as_slice()
        };
        serde_json::from_slice(body).map_err(|cause| {
            let what = format!("line {} column {}", cause.line(), cause.column());
            malformed(request.url.path(), what)
        })
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("settings", &self.shared.settings)
            .field("credentials", &self.shared.credentials)
            .finish_non_exhaustive()
    }
}

impl Shared {
    async fn send(&self, request: &Request) -> Result<Vec<u8>, ApiError> {
        let _permit = self.permits.acquire().await;
        let response = self.builder(request).send().await;
        let response = response.map_err(|cause| unreachable(&request.url, cause))?;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = read(&request.url, response).await;
        if status.is_success() {
            return body;
        }
        let named = &self.credentials.named;
        let secret = self.credentials.secret.expose_secret().trim();
        let body = body.unwrap_or_default();
        let refusal = Refusal::read(status.as_u16(), &headers, &body, named, secret);
        Err(ApiError::Refused(Box::new(refusal)))
    }

    fn builder(&self, request: &Request) -> RequestBuilder {
        let Credentials { user, secret, .. } = &self.credentials;
        let builder = self
            .http
            .request(request.method.clone(), request.url.clone())
            .basic_auth(user.trim(), Some(secret.expose_secret().trim()));
        let builder = match &request.form {
            Some(form) => builder
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(form.clone()),
            None => builder,
        };
        match request.version {
            Some(version) => builder.header(IF_MATCH, version.to_string()),
            None => builder,
        }
    }

    /// How long to wait before the request is sent again; nothing when it is not.
    fn pause(&self, attempt: u32, request: &Request, error: &ApiError) -> Option<Duration> {
        if attempt >= self.settings.attempts {
            return None;
        }
        let repeatable = matches!(request.repeat, Repeat::Always);
        let asked = match error {
            ApiError::Refused(refusal) => match refusal.status {
                429 | 503 => refusal.retry_after,
                500..=599 if repeatable => refusal.retry_after,
                _ => return None,
            },
            ApiError::Unreachable { cause, .. } if repeatable || cause.is_connect() => None,
            ApiError::Unreachable { .. }
            | ApiError::Malformed { .. }
            | ApiError::TooLong { .. }
            | ApiError::Elsewhere { .. }
            | ApiError::Endless { .. } => return None,
        };
        let asked = asked.unwrap_or_default();
        let doubled = self.settings.backoff * 2_u32.saturating_pow(attempt - 1);
        let own = doubled.min(LONGEST_PAUSE).mul_f64(1.0 - chance() / 2.0);
        (asked <= LONGEST_ASKED).then(|| own.max(asked))
    }
}

fn http(urls: &[&Url], settings: &Settings) -> Result<reqwest::Client, reqwest::Error> {
    let mut client = reqwest::Client::builder()
        .user_agent(concat!("voicera/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(settings.connect_timeout)
        .timeout(settings.timeout)
        // The login is for whom the settings name, not for whom they point to.
        .redirect(redirect::Policy::none());
    if urls.iter().all(|url| is_loopback(url)) {
        client = client.no_proxy();
    }
    if urls.iter().all(|url| url.scheme() == "http") {
        // No certificates are needed, so none need to be there.
        client = client.tls_certs_only([]);
    }
    client.build()
}

fn below(base: &Url, first: &[&str], then: &[&str]) -> Url {
    let mut url = base.clone();
    if let Ok(mut segments) = url.path_segments_mut() {
        segments.pop_if_empty().extend(first).extend(then);
    }
    url
}

fn encoded(form: &[(&str, String)]) -> String {
    let mut serializer = Serializer::new(String::new());
    serializer.extend_pairs(form);
    serializer.finish()
}

async fn read(url: &Url, mut response: Response) -> Result<Vec<u8>, ApiError> {
    let mut body = Vec::new();
    while let Some(chunk) = response
        .chunk()
        .await
        .map_err(|cause| unreachable(url, cause))?
    {
        if body.len() + chunk.len() > ANSWER_BYTES {
            return Err(ApiError::TooLong {
                path: url.path().to_owned(),
                limit: ANSWER_BYTES,
            });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn unreachable(url: &Url, cause: reqwest::Error) -> ApiError {
    ApiError::Unreachable {
        host: url.host_str().unwrap_or_default().to_owned(),
        // A query may hold a caller's number.
        cause: cause.without_url(),
    }
}

/// Where the answer is wrong, and not what is there: it may be what a caller said.
fn malformed(path: &str, what: String) -> ApiError {
    let path = path.to_owned();
    ApiError::Malformed { path, what }
}

/// From 0 to 1, so that many who wait do not come back together.
fn chance() -> f64 {
    getrandom::u32().map_or(0.5, |number| f64::from(number) / f64::from(u32::MAX))
}

#[cfg(test)]
mod tests;
