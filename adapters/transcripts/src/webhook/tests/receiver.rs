//! A receiver on loopback that answers as it was told.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::webhook::signature::Signer;

#[derive(Clone, Copy, Debug)]
pub(super) enum Answer {
    /// These bytes, whatever they are, and the end of the connection.
    Says(&'static str),
    /// These bytes, and a broken connection.
    Breaks(&'static str),
    Silence,
}

pub(super) const OK: &str = "HTTP/1.1 204 No Content\r\n\r\n";

#[derive(Debug)]
pub(super) struct Receiver {
    pub(super) url: String,
    requests: Arc<Mutex<Vec<Request>>>,
    task: JoinHandle<()>,
}

#[derive(Clone, Debug)]
pub(super) struct Request {
    pub(super) head: String,
    pub(super) body: String,
}

impl Receiver {
    /// Answers in turn, and then takes everything.
    pub(super) async fn start(answers: &[Answer]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let answers: VecDeque<_> = answers.iter().copied().collect();
        let answers = Arc::new(Mutex::new(answers));
        let requests = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&requests);
        let task = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(answer(stream, Arc::clone(&answers), Arc::clone(&kept)));
            }
        });
        Self {
            url: format!("http://{address}/hook?token=hidden"),
            requests,
            task,
        }
    }

    pub(super) fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }

    /// The events it took for the first time, by id.
    pub(super) fn events(&self, signer: &Signer) -> BTreeMap<String, String> {
        let mut events = BTreeMap::new();
        for request in self.requests() {
            let id = request.header("webhook-id").to_owned();
            let timestamp = request.header("webhook-timestamp").parse().unwrap();
            let signature = signer.sign(&id, timestamp, request.body.as_bytes());
            assert_eq!(request.header("webhook-signature"), signature);
            let known = events.entry(id).or_insert_with(|| request.body.clone());
            assert_eq!(*known, request.body, "a repeat says something else");
        }
        events
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Request {
    pub(super) fn header(&self, name: &str) -> &str {
        let mut lines = self.head.lines();
        let value = lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        value.unwrap_or_default()
    }
}

async fn answer(
    mut stream: TcpStream,
    answers: Arc<Mutex<VecDeque<Answer>>>,
    requests: Arc<Mutex<Vec<Request>>>,
) {
    let Some(request) = read(&mut stream).await else {
        return;
    };
    requests.lock().unwrap().push(request);
    let answer = answers.lock().unwrap().pop_front();
    match answer.unwrap_or(Answer::Says(OK)) {
        // Who asked may be gone.
        Answer::Says(bytes) => drop(stream.write_all(bytes.as_bytes()).await),
        Answer::Breaks(bytes) => {
            drop(stream.write_all(bytes.as_bytes()).await);
            stream.set_zero_linger().unwrap();
        }
        Answer::Silence => std::future::pending().await,
    }
}

/// `None`: the connection ended before the request did.
async fn read(stream: &mut TcpStream) -> Option<Request> {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let request = Request {
                head: head.to_owned(),
                body: body.to_owned(),
            };
            if request.header("content-length").parse() == Ok(body.len()) {
                return Some(request);
            }
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
}
