//! Another system that is posted what is said: it counts each event once by its id, and often fails.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

use crate::parse;

#[derive(Clone, Default)]
pub(crate) struct Receiver {
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    requests: usize,
    events: HashMap<String, Value>,
}

impl Receiver {
    /// Answers its address, too.
    pub(crate) async fn start() -> (Self, String) {
        let receiver = Self::default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let listening = receiver.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(listening.clone().serve(stream));
            }
        });
        (receiver, format!("http://{address}/events"))
    }

    /// The events by their ids.
    pub(crate) fn events(&self) -> HashMap<String, Value> {
        self.state.lock().unwrap().events.clone()
    }

    /// A server that is killed in the middle of a request is nothing special.
    async fn serve(self, stream: TcpStream) -> Option<()> {
        let mut stream = BufReader::new(stream);
        loop {
            let (id, body) = request(&mut stream).await?;
            let answer: &[u8] = match self.take(id, &body) {
                Answer::Taken => b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n",
                Answer::Failed => {
                    b"HTTP/1.1 500 Internal Server Error\r\ncontent-length: 0\r\n\r\n"
                }
                Answer::Silent => return None,
            };
            stream.get_mut().write_all(answer).await.ok()?;
        }
    }

    fn take(&self, id: String, body: &str) -> Answer {
        let mut state = self.state.lock().unwrap();
        state.requests += 1;
        let answer = match state.requests {
            count if count % 17 == 0 => return Answer::Failed,
            count if count % 29 == 0 => Answer::Silent,
            count if count % 31 == 0 => Answer::Failed,
            _ => Answer::Taken,
        };
        let event = parse(body);
        let data = event["data"].clone();
        let before = state.events.insert(id, event);
        if let Some(before) = before {
            assert_eq!(before["data"], data, "two events have the same id");
        }
        answer
    }
}

enum Answer {
    Taken,
    Failed,
    Silent,
}

async fn request(stream: &mut BufReader<TcpStream>) -> Option<(String, String)> {
    let mut id = String::new();
    let mut length = 0;
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await.ok()?;
        match line.trim_end().split_once(": ") {
            Some(("webhook-id", value)) => id = value.to_owned(),
            Some(("content-length", value)) => length = value.parse().unwrap(),
            Some(_) => {}
            // The first line, or a connection that was closed.
            None if line.starts_with("POST") => {}
            None if line.is_empty() => return None,
            None => break,
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    Some((id, String::from_utf8(body).unwrap()))
}
