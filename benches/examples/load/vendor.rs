//! A vendor that answers by script over the real wire: HTTP/1.1 with server-sent events.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use anyhow::Context as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout_at};

use crate::marks::{Marks, TurnMarks};
use crate::script::{self, Place};

/// How the vendor writes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Manner {
    /// From the request to the first word.
    pub(crate) first_word: Duration,
    /// From each word to the next.
    pub(crate) word: Duration,
    pub(crate) words: usize,
    /// How many of them come first, in one piece.
    pub(crate) first_words: usize,
}

/// A vendor on loopback. Dropping it closes it.
#[derive(Debug)]
pub(crate) struct Vendor {
    pub(crate) address: SocketAddr,
    accepting: JoinHandle<()>,
}

impl Drop for Vendor {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl Vendor {
    pub(crate) async fn start(manner: Manner, marks: Arc<Marks>) -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await;
        let listener = listener.context("the vendor cannot listen")?;
        let address = listener.local_addr()?;
        let accepting = tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let marks = Arc::clone(&marks);
                // A connection ends when its client closes it; what went wrong shows in the marks.
                tokio::spawn(async move {
                    let _ = serve(socket, manner, &marks).await;
                });
            }
        });
        Ok(Self { address, accepting })
    }
}

async fn serve(mut socket: TcpStream, manner: Manner, marks: &Marks) -> io::Result<()> {
    socket.set_nodelay(true)?;
    let mut buffer = Vec::with_capacity(64 * 1024);
    while let Some(request) = request(&mut socket, &mut buffer).await? {
        let place = script::place_in(&request);
        let turn = place.and_then(|place| Some((place, marks.of(place)?)));
        match turn {
            Some((place, turn)) => {
                marks.set(&turn.requested);
                marks.requests.fetch_add(1, Ordering::Relaxed);
                let bytes = u64::try_from(request.len()).unwrap_or(u64::MAX);
                marks.request_bytes.fetch_add(bytes, Ordering::Relaxed);
                reply(&mut socket, place, manner, turn, marks).await?;
            }
            // Somebody warms the connection up.
            None => socket.write_all(NOTHING).await?,
        }
    }
    Ok(())
}

/// The next request's body, empty where there is none; `None` once the client is gone.
async fn request(socket: &mut TcpStream, buffer: &mut Vec<u8>) -> io::Result<Option<Vec<u8>>> {
    let head = loop {
        if let Some(at) = memchr::memmem::find(buffer, b"\r\n\r\n") {
            break at + 4;
        }
        if socket.read_buf(buffer).await? == 0 {
            return Ok(None);
        }
    };
    let mut body = buffer.split_off(head);
    let length = content_length(buffer);
    body.reserve(length.saturating_sub(body.len()));
    while body.len() < length {
        if socket.read_buf(&mut body).await? == 0 {
            return Ok(None);
        }
    }
    *buffer = body.split_off(length);
    Ok(Some(body))
}

fn content_length(head: &[u8]) -> usize {
    let head = String::from_utf8_lossy(head);
    let lines = head.lines().filter_map(|line| line.split_once(':'));
    let mut lengths = lines.filter(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    let length = lengths
        .next()
        .and_then(|(_, value)| value.trim().parse().ok());
    length.unwrap_or(0)
}

async fn reply(
    socket: &mut TcpStream,
    place: Place,
    manner: Manner,
    turn: &TurnMarks,
    marks: &Marks,
) -> io::Result<()> {
    let mut next = Instant::now() + manner.first_word;
    let mut out = HEAD.to_vec();
    let mut tokens = script::reply(place, manner.words);
    let rest = tokens.split_off(manner.first_words.clamp(1, tokens.len()));
    for token in [tokens.concat()].into_iter().chain(rest) {
        if is_gone(socket, next).await {
            marks.set(&turn.dropped);
            return Err(io::ErrorKind::ConnectionAborted.into());
        }
        chunk(&mut out, &event(&token));
        marks.set(&turn.written);
        socket.write_all(&out).await?;
        out.clear();
        next += manner.word;
    }
    for end in ENDING {
        chunk(&mut out, end);
    }
    out.extend_from_slice(b"0\r\n\r\n");
    socket.write_all(&out).await
}

/// Waits until the time has come; answers early and with `true` if the client goes.
async fn is_gone(socket: &mut TcpStream, until: Instant) -> bool {
    let mut byte = [0];
    match timeout_at(until, socket.peek(&mut byte)).await {
        Ok(Ok(0) | Err(_)) => true,
        // A client that sends while it is answered is not spoken to any more.
        Ok(Ok(_)) => true,
        Err(_) => false,
    }
}

fn chunk(out: &mut Vec<u8>, event: &str) {
    out.extend_from_slice(format!("{:x}\r\n{event}\r\n", event.len()).as_bytes());
}

fn event(token: &str) -> String {
    format!(
        "data: {{\"id\":\"chatcmpl-load\",\"object\":\"chat.completion.chunk\",\
         \"created\":1795300000,\"model\":\"scripted\",\"choices\":[{{\"index\":0,\
         \"delta\":{{\"content\":\"{token}\"}},\"logprobs\":null,\"finish_reason\":null}}]}}\n\n"
    )
}

const NOTHING: &[u8] =
    b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}";

const HEAD: &[u8] =
    b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";

const ENDING: [&str; 3] = [
    "data: {\"id\":\"chatcmpl-load\",\"object\":\"chat.completion.chunk\",\"created\":1795300000,\
     \"model\":\"scripted\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n",
    "data: {\"id\":\"chatcmpl-load\",\"object\":\"chat.completion.chunk\",\"created\":1795300000,\
     \"model\":\"scripted\",\"choices\":[],\"usage\":{\"prompt_tokens\":1000,\
     \"completion_tokens\":30,\"total_tokens\":1030}}\n\n",
    "data: [DONE]\n\n",
];
