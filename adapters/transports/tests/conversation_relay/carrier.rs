//! A server under test and the carrier that calls it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode};
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};
use tower::ServiceExt as _;
use voicera::ports::Ports;
use voicera::testing::call::profile;
use voicera::testing::language_model::{Scripted, Step};
use voicera::testing::retriever::Shelf;
use voicera::testing::transcript_sink::Notebook;
use voicera_transports::conversation_relay::{
    ConversationRelay, HandoffTarget, Limits, Parts, Security, Settings,
};
use voicera_transports::switchboard::{self, Switchboard};

/// Longer than anything here takes.
pub(crate) const LONG: Duration = Duration::from_secs(20);

/// A server that listens on a port of its own.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) router: Router,
    pub(crate) model: Scripted,
    pub(crate) notebook: Notebook,
    pub(crate) switchboard: Arc<Switchboard>,
}

/// What the carrier's end of a call is.
pub(crate) struct Line(WebSocketStream<MaybeTlsStream<TcpStream>>);

/// A server of which the test may change the parts.
pub(crate) async fn server(change: impl FnOnce(&mut Parts)) -> Server {
    let reply = vec![
        Step::Text("It takes"),
        Step::Pause(Duration::from_millis(30)),
        Step::Text(" 18 days."),
    ];
    server_with(Scripted::new("scripted", [reply]), change).await
}

pub(crate) async fn server_with(model: Scripted, change: impl FnOnce(&mut Parts)) -> Server {
    let notebook = Notebook::default();
    let ports = Ports::new(
        Arc::new(Shelf::default()),
        Arc::new(model.clone()),
        Arc::new(notebook.clone()),
    );
    let mut profile = profile();
    profile.patience.farewell = Duration::ZERO;
    profile.style.pace = 1000.0;
    let mut parts = Parts {
        settings: Settings::default(),
        intelligence_service: None,
        security: Security::default(),
        limits: Limits::default(),
        handoff: Some(HandoffTarget::Number("+14155550123".to_owned())),
        busy: "All lines are busy.".to_owned(),
        profile: Arc::new(profile),
        ports,
        switchboard: Switchboard::new(switchboard::Settings::default()),
    };
    change(&mut parts);
    let switchboard = Arc::clone(&parts.switchboard);
    let router = ConversationRelay::new(parts).unwrap().router();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let service = router
        .clone()
        .into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await.unwrap() });
    Server {
        address,
        router,
        model,
        notebook,
        switchboard,
    }
}

impl Server {
    /// Posts a form as the carrier does from this machine.
    pub(crate) async fn post(&self, path: &str, form: &[(&str, &str)]) -> (StatusCode, String) {
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(form)
            .finish();
        let request = Request::post(path)
            .header("host", self.address.to_string())
            .header("content-type", "application/x-www-form-urlencoded");
        self.ask(request.body(Body::from(body)).unwrap()).await
    }

    /// Asks without a socket, as a peer on this machine.
    pub(crate) async fn ask(&self, mut request: Request<Body>) -> (StatusCode, String) {
        let peer = SocketAddr::from(([127, 0, 0, 1], 5));
        request.extensions_mut().insert(ConnectInfo(peer));
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let body = to_bytes(response.into_body(), 1 << 20).await.unwrap();
        (status, String::from_utf8(body.into()).unwrap())
    }

    /// The token in the TwiML for a new call.
    pub(crate) async fn token(&self, call: &str) -> String {
        let (status, twiml) = self.post("/call", &[("CallSid", call)]).await;
        assert_eq!(status, StatusCode::OK, "{twiml}");
        token(&twiml)
    }

    /// Opens a socket and says nothing on it.
    pub(crate) async fn open(&self) -> Line {
        self.open_with(&[]).await.unwrap()
    }

    pub(crate) async fn open_with(&self, headers: &[(&'static str, &str)]) -> Result<Line, Error> {
        let url = format!("ws://{}/relay", self.address);
        let mut request = url.into_client_request().unwrap();
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        Ok(Line(connect_async(request).await?.0))
    }

    /// Calls, and says what the carrier says first.
    pub(crate) async fn call(&self, call: &str) -> Line {
        let token = self.token(call).await;
        let mut line = self.open().await;
        line.send(setup(call, &token)).await;
        line
    }

    /// Waits until so many calls are live.
    pub(crate) async fn wait_for(&self, live: usize) {
        let reached = async {
            while self.switchboard.live() != live {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        timeout(LONG, reached).await.unwrap();
    }
}

impl Line {
    pub(crate) async fn send(&mut self, frame: Value) {
        self.send_raw(Message::text(frame.to_string())).await;
    }

    pub(crate) async fn send_raw(&mut self, message: Message) {
        timeout(LONG, self.0.send(message)).await.unwrap().unwrap();
    }

    /// Sends as much as is taken.
    pub(crate) async fn try_send(&mut self, message: Message) -> bool {
        timeout(LONG, self.0.send(message)).await.unwrap().is_ok()
    }

    pub(crate) async fn say(&mut self, text: &str) {
        self.send(json!({"type": "prompt", "voicePrompt": text, "lang": "en-US", "last": true}))
            .await;
    }

    /// The next frame, or how the socket was closed.
    pub(crate) async fn next(&mut self) -> String {
        loop {
            match timeout(LONG, self.0.next()).await.unwrap() {
                Some(Ok(Message::Text(text))) => return text.to_string(),
                Some(Ok(Message::Close(Some(frame)))) => {
                    return format!("closed: {} {}", u16::from(frame.code), frame.reason);
                }
                Some(Ok(Message::Ping(_))) => return "ping".to_owned(),
                Some(Ok(_)) => {}
                Some(Err(error)) => return format!("broken: {error}"),
                None => return "gone".to_owned(),
            }
        }
    }

    /// What comes until the end of a reply, as one text.
    pub(crate) async fn reply(&mut self) -> String {
        let mut reply = String::new();
        loop {
            let frame = self.next().await;
            let Ok(frame) = serde_json::from_str::<Value>(&frame) else {
                panic!("{frame} after {reply:?}");
            };
            assert_eq!(frame["type"], "text", "{frame}");
            reply += frame["token"].as_str().unwrap();
            if frame["last"] == true {
                return reply;
            }
        }
    }

    /// Everything that comes until the socket is closed, a line each.
    pub(crate) async fn rest(&mut self) -> String {
        let mut rest = String::new();
        loop {
            let next = self.next().await;
            rest += &next;
            rest += "\n";
            if next.starts_with("closed") || next.starts_with("broken") || next == "gone" {
                return rest;
            }
        }
    }

    pub(crate) async fn hang_up(mut self) {
        self.0.close(None).await.unwrap();
        while let Some(Ok(_)) = timeout(LONG, self.0.next()).await.unwrap() {}
    }
}

/// A setup, of a new session every time.
pub(crate) fn setup(call: &str, token: &str) -> Value {
    static SESSION: AtomicUsize = AtomicUsize::new(1);
    json!({
        "type": "setup",
        "sessionId": format!("VX{}", SESSION.fetch_add(1, Ordering::Relaxed)),
        "accountSid": "AC1",
        "parentCallSid": "",
        "callSid": call,
        "from": "+14155550100",
        "to": "+14155550199",
        "callType": "PSTN",
        "direction": "inbound",
        "callStatus": "RINGING",
        "customParameters": {"tenant": "acme", "token": token},
    })
}

pub(crate) fn token(twiml: &str) -> String {
    let document = roxmltree::Document::parse(twiml).unwrap();
    let parameters = document
        .descendants()
        .filter(|n| n.has_tag_name("Parameter"));
    let mut tokens = parameters.filter(|n| n.attribute("name") == Some("token"));
    tokens
        .next()
        .unwrap()
        .attribute("value")
        .unwrap()
        .to_owned()
}
