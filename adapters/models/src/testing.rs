//! A scripted vendor on loopback that speaks the real wire over a bare socket, so that every fault
//! is exact.

#![expect(
    clippy::unwrap_used,
    reason = "a test double speaks by panicking, and its locks are never poisoned otherwise"
)]

use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use bytes::{Bytes, BytesMut};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::{JoinHandle, JoinSet};

mod script;

pub use script::{Script, Shape};

use script::Step;

/// Answers chat completions by script until it is dropped, and remembers what it was asked.
#[derive(Debug)]
pub struct ScriptedVendor {
    address: SocketAddr,
    shared: Arc<Shared>,
    closes: tokio::sync::Mutex<mpsc::Receiver<Instant>>,
    server: JoinHandle<()>,
}

/// A request for a reply.
#[derive(Clone, Debug)]
pub struct Request {
    pub path: String,
    /// The `authorization` header is there.
    pub authorized: bool,
    pub body: Bytes,
    /// When the last byte of the request was read.
    pub asked: Instant,
    /// When the first word of the reply was written.
    pub answered: Option<Instant>,
}

impl Request {
    /// The body as JSON.
    ///
    /// # Panics
    ///
    /// When it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

#[derive(Debug)]
struct Shared {
    scripts: Mutex<VecDeque<Arc<Script>>>,
    log: Mutex<Log>,
    connections: AtomicUsize,
    warm_ups: AtomicUsize,
    closes: mpsc::Sender<Instant>,
}

/// The latest requests; the first of them has the number `first`.
#[derive(Debug, Default)]
struct Log {
    first: usize,
    requests: VecDeque<Request>,
}

/// Requests and closes that are remembered. A load takes them as it goes.
const REMEMBERED: usize = 1024;

impl ScriptedVendor {
    /// Listens on a free port of loopback and answers every request by this script.
    ///
    /// # Panics
    ///
    /// When loopback has no port to give.
    pub async fn start(script: Script) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (closed, closes) = mpsc::channel(REMEMBERED);
        let shared = Arc::new(Shared {
            scripts: Mutex::new(VecDeque::from([Arc::new(script)])),
            log: Mutex::default(),
            connections: AtomicUsize::new(0),
            warm_ups: AtomicUsize::new(0),
            closes: closed,
        });
        Self {
            address,
            closes: tokio::sync::Mutex::new(closes),
            server: tokio::spawn(serve(listener, Arc::clone(&shared))),
            shared,
        }
    }

    /// What a model's settings name as `base_url`.
    pub fn base_url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// Answers every request from now on by this script.
    ///
    /// # Panics
    ///
    /// When the vendor panicked.
    pub fn set_script(&self, script: Script) {
        self.set_scripts([script]);
    }

    /// Answers the next requests by these scripts, one each; the last is used again and again.
    ///
    /// # Panics
    ///
    /// When the vendor panicked.
    pub fn set_scripts(&self, scripts: impl IntoIterator<Item = Script>) {
        *self.shared.scripts.lock().unwrap() = scripts.into_iter().map(Arc::new).collect();
    }

    /// The latest requests for a reply, oldest first, up to 1024.
    ///
    /// # Panics
    ///
    /// When the vendor panicked.
    pub fn requests(&self) -> Vec<Request> {
        let log = self.shared.log.lock().unwrap();
        log.requests.iter().cloned().collect()
    }

    /// As [`requests`](Self::requests), and forgets them.
    ///
    /// # Panics
    ///
    /// When the vendor panicked.
    pub fn take_requests(&self) -> Vec<Request> {
        let mut log = self.shared.log.lock().unwrap();
        log.first += log.requests.len();
        log.requests.drain(..).collect()
    }

    /// How many connections were opened so far.
    pub fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }

    /// How many requests there were for anything but a reply.
    pub fn warm_ups(&self) -> usize {
        self.shared.warm_ups.load(Ordering::SeqCst)
    }

    /// Waits until a client has closed its connection before the reply was complete, and answers
    /// when that was; each close is told once.
    ///
    /// # Panics
    ///
    /// When the vendor panicked.
    pub async fn closed(&self) -> Instant {
        self.closes.lock().await.recv().await.unwrap()
    }
}

impl Drop for ScriptedVendor {
    fn drop(&mut self) {
        // The connections belong to the task and end with it.
        self.server.abort();
    }
}

async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    while let Ok((socket, _)) = listener.accept().await {
        shared.connections.fetch_add(1, Ordering::SeqCst);
        let shared = Arc::clone(&shared);
        // A connection that breaks is what the client wanted, or the script.
        connections.spawn(async move { Connection::new(socket, shared).serve().await.ok() });
        while connections.try_join_next().is_some() {}
    }
}

struct Connection {
    socket: TcpStream,
    input: BytesMut,
    shared: Arc<Shared>,
}

/// How a reply left the connection.
enum Left {
    Open,
    ClosedByScript,
    ClosedByClient,
}

impl Connection {
    fn new(socket: TcpStream, shared: Arc<Shared>) -> Self {
        Self {
            socket,
            input: BytesMut::new(),
            shared,
        }
    }

    async fn serve(mut self) -> io::Result<()> {
        self.socket.set_nodelay(true)?;
        while let Some((head, body)) = self.request().await? {
            if head.post {
                let number = self.shared.remember(head, body);
                let script = self.shared.script();
                match self.perform(&script, number).await {
                    Left::Open => {}
                    Left::ClosedByScript | Left::ClosedByClient => return Ok(()),
                }
            } else {
                self.shared.warm_ups.fetch_add(1, Ordering::SeqCst);
                self.socket.write_all(script::MODELS).await?;
            }
        }
        Ok(())
    }

    async fn request(&mut self) -> io::Result<Option<(Head, Bytes)>> {
        let end = loop {
            match self.input.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
                Some(end) => break end + 4,
                None if self.socket.read_buf(&mut self.input).await? == 0 => return Ok(None),
                None => {}
            }
        };
        let head = Head::read(&String::from_utf8_lossy(&self.input.split_to(end)));
        self.input.reserve(head.length);
        while self.input.len() < head.length {
            if self.socket.read_buf(&mut self.input).await? == 0 {
                return Ok(None);
            }
        }
        let body = self.input.split_to(head.length).freeze();
        Ok(Some((head, body)))
    }

    async fn perform(&mut self, script: &Script, number: usize) -> Left {
        let shared = Arc::clone(&self.shared);
        let (mut reader, mut writer) = self.socket.split();
        let steps = async {
            for step in script.steps() {
                match step {
                    Step::Write(bytes) => writer.write_all(bytes).await?,
                    Step::Word(bytes) => {
                        shared.answered(number);
                        writer.write_all(bytes).await?;
                    }
                    Step::Trickle(bytes) => {
                        shared.answered(number);
                        let mut bytes = bytes.clone();
                        while !bytes.is_empty() {
                            let byte = bytes.split_to(1);
                            writer.write_all(&script::chunk(&byte)).await?;
                            tokio::task::yield_now().await;
                        }
                    }
                    Step::Endless(bytes, between) => loop {
                        tokio::time::sleep(*between).await;
                        writer.write_all(bytes).await?;
                    },
                    Step::Pause(time) => tokio::time::sleep(*time).await,
                    Step::Hang => std::future::pending().await,
                    Step::Close => return Ok(Left::ClosedByScript),
                    Step::Reset => {
                        writer.as_ref().set_zero_linger()?;
                        return Ok(Left::ClosedByScript);
                    }
                }
            }
            Ok(Left::Open)
        };
        let left: io::Result<Left> = tokio::select! {
            left = steps => left,
            // The client has nothing to say while it listens: it is gone.
            _ = reader.read_buf(&mut self.input) => Ok(Left::ClosedByClient),
        };
        let left = left.unwrap_or(Left::ClosedByClient);
        if let Left::ClosedByClient = left {
            // Closes that nobody waits for are forgotten.
            let _ = shared.closes.try_send(Instant::now());
        }
        left
    }
}

impl Shared {
    fn script(&self) -> Arc<Script> {
        let mut scripts = self.scripts.lock().unwrap();
        match scripts.len() {
            0 | 1 => Arc::clone(scripts.front().unwrap()),
            _ => scripts.pop_front().unwrap(),
        }
    }

    fn remember(&self, head: Head, body: Bytes) -> usize {
        let mut log = self.log.lock().unwrap();
        if log.requests.len() == REMEMBERED {
            log.requests.pop_front();
            log.first += 1;
        }
        log.requests.push_back(Request {
            path: head.path,
            authorized: head.authorized,
            body,
            asked: Instant::now(),
            answered: None,
        });
        log.first + log.requests.len() - 1
    }

    fn answered(&self, number: usize) {
        let mut log = self.log.lock().unwrap();
        let Some(at) = number.checked_sub(log.first) else {
            return;
        };
        if let Some(request) = log.requests.get_mut(at) {
            request.answered.get_or_insert_with(Instant::now);
        }
    }
}

/// What matters of a request's head.
struct Head {
    post: bool,
    path: String,
    authorized: bool,
    length: usize,
}

impl Head {
    fn read(text: &str) -> Self {
        let mut lines = text.lines();
        let mut words = lines.next().unwrap_or_default().split(' ');
        let mut head = Self {
            post: words.next() == Some("POST"),
            path: words.next().unwrap_or_default().to_owned(),
            authorized: false,
            length: 0,
        };
        for (name, value) in lines.filter_map(|line| line.split_once(':')) {
            match name.to_ascii_lowercase().as_str() {
                "authorization" => head.authorized = true,
                "content-length" => head.length = value.trim().parse().unwrap(),
                _ => {}
            }
        }
        head
    }
}
