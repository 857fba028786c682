//! A Twilio on loopback that remembers what it is told, answers in the shapes of the API's
//! OpenAPI document, and fails as it is told. It panics where it is asked for what the document
//! does not know.

#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a fake speaks by panicking"
)]

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Map, Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::{Client, Credentials, Settings};

/// The account, whose auth token is `secret`.
pub const ACCOUNT: &str = "AC00000000000000000000000000000001";

/// `AC…1:secret`, as a login.
const LOGIN: &str = "Basic QUMwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMTpzZWNyZXQ=";

/// The server. Dropping it stops it.
#[derive(Debug)]
pub struct Scripted {
    pub base_url: String,
    account: Arc<Mutex<Account>>,
    server: JoinHandle<()>,
}

/// What an account has, and what was asked of it.
#[derive(Debug, Default)]
pub struct Account {
    pub services: Vec<Value>,
    pub attached: BTreeMap<String, Vec<String>>,
    pub prebuilt: Vec<Value>,
    pub custom: Vec<Value>,
    pub types: Vec<Value>,
    pub transcripts: Vec<Value>,
    pub sentences: Vec<Value>,
    pub results: Vec<Value>,
    pub numbers: Vec<Value>,
    /// What the next requests draw instead of an answer.
    pub faults: VecDeque<Fault>,
    /// Where every page says that the next one is.
    pub next_page: Option<String>,
    pub log: Vec<String>,
}

/// What goes wrong with a request.
#[derive(Debug)]
pub enum Fault {
    /// A status, its headers and its body.
    Answer(u16, &'static [(&'static str, &'static str)], String),
    /// Nothing for longer than anybody waits.
    Silence,
}

impl Fault {
    /// An error as Twilio words it.
    pub fn error(status: u16, code: u64, message: &str) -> Self {
        Self::Answer(status, &[], error(status, code, message).to_string())
    }
}

impl Scripted {
    /// Listens on a port of its own.
    pub async fn start(account: Account) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base_url = format!("http://{}", listener.local_addr().unwrap());
        let account = Arc::new(Mutex::new(account));
        let router = Router::new()
            .fallback(answer)
            .with_state(Arc::clone(&account));
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self {
            base_url,
            account,
            server,
        }
    }

    /// With pauses that no test waits for.
    pub fn settings(&self) -> Settings {
        Settings {
            base_url: self.base_url.clone(),
            api_base_url: self.base_url.clone(),
            backoff: Duration::from_millis(1),
            ..Settings::default()
        }
    }

    pub fn client(&self) -> Client {
        let credentials = Credentials::auth_token(ACCOUNT, "secret".into());
        Client::new(&self.settings(), credentials).unwrap()
    }

    /// What it has, to look at and to change.
    pub fn account(&self) -> MutexGuard<'_, Account> {
        self.account.lock().unwrap()
    }

    /// What was asked since the last time, a line each.
    pub fn log(&self) -> String {
        let log = std::mem::take(&mut self.account().log);
        log.iter().map(|line| format!("{line}\n")).collect()
    }
}

impl Drop for Scripted {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn answer(
    State(account): State<Arc<Mutex<Account>>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let fault = {
        let mut account = account.lock().unwrap();
        let version = headers.get(header::IF_MATCH);
        let version = version.map(|version| format!(" if {}", version.to_str().unwrap()));
        let form: Vec<String> = fields(&body)
            .iter()
            .map(|(k, v)| format!(" {k}={v}"))
            .collect();
        let line = format!(
            "{method} {uri}{}{}",
            form.concat(),
            version.unwrap_or_default()
        );
        account.log.push(line);
        account.faults.pop_front()
    };
    match fault {
        Some(Fault::Answer(status, headers, body)) => {
            let status = StatusCode::from_u16(status).unwrap();
            let mut response = (status, body).into_response();
            for (name, value) in headers {
                response.headers_mut().insert(*name, value.parse().unwrap());
            }
            return response;
        }
        Some(Fault::Silence) => tokio::time::sleep(Duration::from_secs(600)).await,
        None => {}
    }
    let login = headers.get(header::AUTHORIZATION);
    let (status, body) = match login.is_some_and(|login| login == LOGIN) {
        true => account
            .lock()
            .unwrap()
            .answer(&method, &uri, &headers, &body),
        false => (401, error(401, 20003, "Authenticate")),
    };
    (StatusCode::from_u16(status).unwrap(), body.to_string()).into_response()
}

impl Account {
    fn answer(
        &mut self,
        method: &Method,
        uri: &Uri,
        headers: &HeaderMap,
        body: &[u8],
    ) -> (u16, Value) {
        let path = uri.path().trim_matches('/').to_owned();
        let path: Vec<&str> = path.split('/').collect();
        let form = fields(body);
        let query = fields(uri.query().unwrap_or_default().as_bytes());
        let page = |key: &str, things: Vec<Value>| (200, self.page(uri, key, &things));
        match (method.as_str(), path.as_slice()) {
            ("GET", ["v2", "Services"]) => page("services", self.services.clone()),
            ("GET", ["v2", "Services", sid]) => one(&self.services, sid),
            ("GET", ["v2", "Services", sid, "Operators"]) => {
                let sids = self.attached.get(*sid).cloned().unwrap_or_default();
                let attached = json!({"service_sid": sid, "operator_sids": sids});
                (200, thing("operator_attachments", attached))
            }
            ("GET", ["v2", "Operators", "PreBuilt"]) => page("operators", self.prebuilt.clone()),
            ("GET", ["v2", "Operators", "Custom"]) => page("operators", self.custom.clone()),
            ("GET", ["v2", "OperatorTypes"]) => page("operator_types", self.types.clone()),
            ("GET", ["v2", "Transcripts"]) => {
                let source = query["SourceSid"].as_str();
                let of = |transcript: &&Value| {
                    transcript["channel"]["media_properties"]["source_sid"] == source
                };
                page(
                    "transcripts",
                    self.transcripts.iter().filter(of).cloned().collect(),
                )
            }
            ("GET", ["v2", "Transcripts", sid]) => one(&self.transcripts, sid),
            ("GET", ["v2", "Transcripts", _, "Sentences"]) => {
                page("sentences", self.sentences.clone())
            }
            ("GET", ["v2", "Transcripts", sid, "OperatorResults"]) => {
                let of = |result: &&Value| result["transcript_sid"] == *sid;
                page(
                    "operator_results",
                    self.results.iter().filter(of).cloned().collect(),
                )
            }
            ("POST", ["v2", "Services"]) => self.create_service(&form),
            ("POST", ["v2", "Services", sid]) => update(&mut self.services, sid, headers, &form),
            ("POST", ["v2", "Services", service, "Operators", operator]) => {
                let attached = self.attached.entry((*service).to_owned()).or_default();
                attached.push((*operator).to_owned());
                let made = json!({"service_sid": service, "operator_sid": operator});
                (202, thing("operator_attachment", made))
            }
            ("POST", ["v2", "Operators", "Custom"]) => self.create_operator(&form),
            ("POST", ["v2", "Operators", "Custom", sid]) => {
                update(&mut self.custom, sid, headers, &form)
            }
            (
                "GET",
                [
                    "2010-04-01",
                    "Accounts",
                    ACCOUNT,
                    "IncomingPhoneNumbers.json",
                ],
            ) => (
                200,
                json!({"incoming_phone_numbers": self.numbers, "next_page_uri": null}),
            ),
            (
                "POST",
                [
                    "2010-04-01",
                    "Accounts",
                    ACCOUNT,
                    "IncomingPhoneNumbers",
                    file,
                ],
            ) => {
                let sid = file.trim_end_matches(".json");
                update(&mut self.numbers, sid, headers, &form)
            }
            _ => missing(uri.path()),
        }
    }

    fn page(&self, uri: &Uri, key: &str, things: &[Value]) -> Value {
        let query = fields(uri.query().unwrap_or_default().as_bytes());
        let number = |name: &str| {
            query
                .get(name)
                .and_then(|value| value.parse::<usize>().ok())
        };
        let (size, page) = (
            number("PageSize").unwrap_or(50),
            number("Page").unwrap_or(0),
        );
        let more = things.len() > (page + 1) * size;
        let own = more.then(|| {
            let mut query = query.clone();
            query.insert("Page".to_owned(), (page + 1).to_string());
            let query: Vec<String> = query.iter().map(|(k, v)| format!("{k}={v}")).collect();
            format!("{}?{}", uri.path(), query.join("&"))
        });
        let next = self.next_page.clone().or(own);
        let things: Vec<&Value> = things.iter().skip(page * size).take(size).collect();
        json!({key: things, "meta": {"key": key, "page": page, "page_size": size, "next_page_url": next}})
    }

    fn create_service(&mut self, form: &BTreeMap<String, String>) -> (u16, Value) {
        let name = &form["UniqueName"];
        if self
            .services
            .iter()
            .any(|service| service["unique_name"] == *name)
        {
            return (
                409,
                error(409, 20409, "A service of that unique name exists"),
            );
        }
        let mut service = thing(
            "service",
            json!({"sid": sid("GA", self.services.len() + 1), "version": 1, "webhook_http_method": "NULL",
                "auto_transcribe": false, "auto_redaction": false, "media_redaction": false}),
        );
        fill(&mut service, form);
        self.services.push(service.clone());
        (201, service)
    }

    fn create_operator(&mut self, form: &BTreeMap<String, String>) -> (u16, Value) {
        let mut operator = thing(
            "custom_operator",
            json!({"sid": sid("LY", 100 + self.custom.len()), "version": 1, "availability": "public"}),
        );
        fill(&mut operator, form);
        self.custom.push(operator.clone());
        (202, operator)
    }
}

/// `GA00…01`.
pub fn sid(prefix: &str, number: usize) -> String {
    format!("{prefix}{number:032}")
}

/// Something of the API with all fields that the document names, and no others.
pub fn thing(schema: &str, given: Value) -> Value {
    let schemas: Value = serde_json::from_str(include_str!("scripted/schemas.json")).unwrap();
    let schema = schemas[schema].as_object().unwrap();
    let nothing = schema.keys().map(|name| (name.clone(), Value::Null));
    let mut thing: Map<String, Value> = nothing.collect();
    for (name, value) in given.as_object().unwrap() {
        let field = schema
            .get(name)
            .unwrap_or_else(|| panic!("the document has no {name}"));
        let is = field["type"].as_str().unwrap_or_default();
        let fits = match is {
            "string" => value.is_string(),
            "boolean" => value.is_boolean(),
            "integer" => value.is_i64(),
            // The document's own examples are strings.
            "number" => value.is_number() || value.is_string(),
            "array" => value.is_array(),
            _ => true,
        };
        assert!(fits, "{name} is not of type {is}: {value}");
        if let Some(choices) = field["enum"].as_array() {
            assert!(choices.contains(value), "{name} cannot be {value}");
        }
        thing.insert(name.clone(), value.clone());
    }
    Value::Object(thing)
}

fn one(things: &[Value], sid: &str) -> (u16, Value) {
    match things.iter().find(|thing| thing["sid"] == sid) {
        Some(thing) => (200, thing.clone()),
        None => missing(sid),
    }
}

fn update(
    things: &mut [Value],
    sid: &str,
    headers: &HeaderMap,
    form: &BTreeMap<String, String>,
) -> (u16, Value) {
    let Some(thing) = things.iter_mut().find(|thing| thing["sid"] == sid) else {
        return missing(sid);
    };
    let version = thing["version"].as_u64().unwrap_or_default();
    let wanted = headers.get(header::IF_MATCH);
    if wanted.is_some_and(|wanted| wanted.to_str().unwrap() != version.to_string()) {
        return (412, error(412, 20412, "Precondition failed"));
    }
    fill(thing, form);
    if thing.get("version").is_some() {
        thing["version"] = (version + 1).into();
    }
    (200, thing.clone())
}

/// Puts the fields of a form where the API answers them.
fn fill(thing: &mut Value, form: &BTreeMap<String, String>) {
    for (name, value) in form {
        let name: String = name
            .char_indices()
            .map(|(at, c)| match c.is_uppercase() && at > 0 {
                true => format!("_{}", c.to_lowercase()),
                false => c.to_lowercase().to_string(),
            })
            .collect();
        assert!(thing.get(&name).is_some(), "there is no field {name}");
        thing[&name] = match value.as_str() {
            "true" | "false" => json!(value == "true"),
            text if name == "config" => serde_json::from_str(text).unwrap(),
            text => json!(text),
        };
    }
}

fn missing(what: &str) -> (u16, Value) {
    let message = format!("The requested resource {what} was not found");
    (404, error(404, 20404, &message))
}

fn error(status: u16, code: u64, message: &str) -> Value {
    json!({
        "code": code,
        "message": message,
        "more_info": format!("https://www.twilio.com/docs/errors/{code}"),
        "status": status,
    })
}

fn fields(form: &[u8]) -> BTreeMap<String, String> {
    form_urlencoded::parse(form).into_owned().collect()
}
