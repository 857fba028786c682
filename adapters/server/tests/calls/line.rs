//! The carrier's side of one call: a socket that speaks Conversation Relay.

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::parse;
use crate::server::{PATIENCE, Server};

pub(crate) struct Line {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

impl Line {
    /// A socket that has said nothing yet.
    pub(crate) async fn connect(server: &Server) -> Self {
        let url = format!("ws://{}/relay", server.address);
        let (socket, _) = connect_async(url).await.unwrap();
        Self { socket }
    }

    /// A call that was answered.
    pub(crate) async fn open(server: &Server, call: &str) -> Self {
        let mut line = Self::connect(server).await;
        line.setup(server, call).await;
        line
    }

    pub(crate) async fn setup(&mut self, server: &Server, call: &str) {
        let (status, twiml) = server
            .post("/call", &[], &format!("CallSid={call}&From=%2B14155550100"))
            .await;
        assert_eq!(status, 200, "{twiml}");
        self.send(setup(call, token(&twiml))).await;
    }

    pub(crate) async fn say(&mut self, text: &str) {
        self.send(json!({"type": "prompt", "voicePrompt": text, "lang": "en-US", "last": true}))
            .await;
    }

    /// Says something and hears the whole reply.
    pub(crate) async fn ask(&mut self, text: &str) -> String {
        self.say(text).await;
        let mut heard = String::new();
        loop {
            let frame = self.frame().await;
            assert_eq!(frame["type"], "text", "{frame}");
            heard.push_str(frame["token"].as_str().unwrap());
            if frame["last"] == true {
                return heard;
            }
        }
    }

    /// As [`Self::open`], of a server that may be gone in the middle of it.
    pub(crate) async fn open_while_it_lives(address: &str, call: &str) -> Option<Self> {
        let client = reqwest::Client::builder().no_proxy().tls_certs_only([]);
        let request = client
            .build()
            .unwrap()
            .post(format!("http://{address}/call"));
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        let answer = request.body(format!("CallSid={call}")).send().await.ok()?;
        let twiml = answer.text().await.ok()?;
        let (socket, _) = connect_async(format!("ws://{address}/relay")).await.ok()?;
        let mut line = Self { socket };
        line.send(setup(call, token(&twiml))).await;
        Some(line)
    }

    /// As [`Self::ask`], of a server that may be gone in the middle of it.
    pub(crate) async fn ask_while_it_lives(&mut self, text: &str) -> Option<()> {
        self.say(text).await;
        loop {
            let message = timeout(PATIENCE, self.socket.next()).await.unwrap();
            if let Message::Text(text) = message?.ok()?
                && parse(&text)["last"] == true
            {
                return Some(());
            }
        }
    }

    pub(crate) async fn hear_until(&mut self, enough: impl Fn(&str) -> bool) {
        let mut heard = String::new();
        while !enough(&heard) {
            let frame = self.frame().await;
            heard.push_str(frame["token"].as_str().unwrap_or_else(|| panic!("{frame}")));
        }
    }

    /// The next frame of a type; what comes before it is passed over.
    pub(crate) async fn until(&mut self, kind: &str) -> Value {
        loop {
            let frame = self.frame().await;
            if frame["type"] == kind {
                return frame;
            }
        }
    }

    pub(crate) async fn frame(&mut self) -> Value {
        loop {
            let message = timeout(PATIENCE, self.socket.next()).await.unwrap();
            match message.unwrap().unwrap() {
                Message::Text(text) => return parse(&text),
                Message::Ping(_) | Message::Pong(_) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    /// The code the server closes the socket with, whatever it says before.
    pub(crate) async fn close_code(&mut self) -> u16 {
        loop {
            let message = timeout(PATIENCE, self.socket.next()).await.unwrap();
            if let Message::Close(frame) = message.unwrap().unwrap() {
                return frame.unwrap().code.into();
            }
        }
    }

    /// The server closes the socket and says nothing.
    pub(crate) async fn closes(&mut self) {
        while let Some(Ok(message)) = timeout(PATIENCE, self.socket.next()).await.unwrap() {
            assert!(!message.is_text(), "{message:?}");
        }
    }

    pub(crate) async fn hang_up(mut self) {
        // A server that was killed hangs up as well.
        let _ = self.socket.close(None).await;
    }

    pub(crate) async fn send(&mut self, frame: Value) {
        self.text(&frame.to_string()).await;
    }

    pub(crate) async fn text(&mut self, text: &str) {
        // A socket that the server has closed takes nothing, which is what the test is about.
        let _ = self.socket.send(Message::text(text)).await;
    }

    pub(crate) async fn binary(&mut self, bytes: &[u8]) {
        let _ = self.socket.send(Message::binary(bytes.to_vec())).await;
    }
}

/// The token that a call brings along.
fn token(twiml: &str) -> &str {
    let token = twiml.split_once("name=\"token\" value=\"").unwrap().1;
    token.split('"').next().unwrap()
}

/// The first frame of a call.
pub(crate) fn setup(call: &str, token: &str) -> Value {
    json!({
        "type": "setup", "sessionId": format!("VX-{call}"), "accountSid": "AC1", "callSid": call,
        "parentCallSid": "", "from": "+14155550100", "to": "+14155550199", "forwardedFrom": "",
        "callType": "PSTN", "callerName": "", "direction": "inbound", "callStatus": "RINGING",
        "customParameters": {"token": token},
    })
}
