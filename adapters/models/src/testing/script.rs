//! What a scripted vendor does with one request, in the shapes that vendors document.

use std::time::Duration;

use bytes::Bytes;
use serde_json::{Value, json};

/// Whose events a reply is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    Groq,
    OpenAi,
}

/// One answer, step by step, ready to be written.
#[derive(Clone, Debug)]
pub struct Script {
    shape: Shape,
    steps: Vec<Step>,
    calls: usize,
    each_byte: bool,
}

#[derive(Clone, Debug)]
pub(super) enum Step {
    Write(Bytes),
    /// As `Write`, with words in it.
    Word(Bytes),
    /// Writes each byte by itself.
    Trickle(Bytes),
    /// Writes the same again and again, with a pause before each.
    Endless(Bytes, Duration),
    Pause(Duration),
    Hang,
    Close,
    Reset,
}

/// The answer to whatever is not a request for a reply.
pub(super) const MODELS: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\
    content-length: 27\r\n\r\n{\"object\":\"list\",\"data\":[]}";

const HEAD: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\n\
    cache-control: no-cache\r\ntransfer-encoding: chunked\r\n\r\n";

impl Script {
    /// Says nothing yet, not even a status; the steps are added in order.
    pub fn new(shape: Shape) -> Self {
        Self {
            shape,
            steps: Vec::new(),
            calls: 0,
            each_byte: false,
        }
    }

    /// A healthy reply at once, an event for each word.
    pub fn words(shape: Shape, reply: &str) -> Self {
        Self::paced(shape, reply, Duration::ZERO, Duration::ZERO)
    }

    /// A healthy reply, with pauses before the first word and between words.
    pub fn paced(shape: Shape, reply: &str, first: Duration, between: Duration) -> Self {
        let mut script = Self::new(shape).head();
        for (at, word) in reply.split_inclusive(' ').enumerate() {
            script = script
                .pause(if at == 0 { first } else { between })
                .text(word);
        }
        script.finish("stop")
    }

    /// A plain answer without a stream.
    pub fn status(status: u16, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Self {
        let body = body.as_ref();
        let mut answer = format!("HTTP/1.1 {status} -\r\ncontent-length: {}\r\n", body.len());
        for (name, value) in headers {
            answer.push_str(&format!("{name}: {value}\r\n"));
        }
        answer.push_str("\r\n");
        Self::new(Shape::OpenAi).bytes([answer.as_bytes(), body].concat())
    }

    /// These bytes, whatever they are.
    pub fn bytes(mut self, bytes: impl Into<Bytes>) -> Self {
        self.push(Step::Write(bytes.into()));
        self
    }

    /// The status, the headers, and the event that opens a reply.
    pub fn head(self) -> Self {
        let opening = chunk(&self.event("opening", &[]));
        self.bytes([HEAD, &opening].concat())
    }

    pub fn text(self, text: &str) -> Self {
        let event = self.event("text", &[("{text}", text.into())]);
        self.word(event)
    }

    /// What the model thinks, where the vendor keeps that apart from the reply.
    pub fn reasoning(self, text: &str) -> Self {
        let event = self.event("reasoning", &[("{text}", text.into())]);
        self.raw(event)
    }

    /// Thinks without end, a word at a time.
    pub fn endless_reasoning(mut self, between: Duration) -> Self {
        let event = self.event("reasoning", &[("{text}", "hm ".into())]);
        self.push(Step::Endless(chunk(&event), between));
        self
    }

    /// A call, in as many events as the vendor makes of it.
    pub fn call(mut self, name: &str, arguments: &str) -> Self {
        let index = ("{index}", json!(self.calls));
        self.calls += 1;
        let whole = ("{arguments}", json!(arguments));
        let event = self.event("call", &[index.clone(), ("{name}", json!(name)), whole]);
        self = self.word(event);
        if self.shape == Shape::OpenAi {
            let (one, two) = arguments.split_at(arguments.find(':').unwrap_or(0));
            for part in [one, two] {
                let part = ("{arguments}", json!(part));
                let event = self.event("arguments", &[index.clone(), part]);
                self = self.raw(event);
            }
        }
        self
    }

    /// The events after the last word, and the end of the answer.
    pub fn finish(self, reason: &str) -> Self {
        let mut events = self.event("finish", &[("{reason}", reason.into())]);
        if self.shape == Shape::OpenAi {
            events.extend(self.event("usage", &[]));
        }
        events.extend(self.event("done", &[]));
        self.raw(events).end()
    }

    /// These bytes as a piece of the stream, whether they are an event or not.
    pub fn raw(mut self, bytes: impl AsRef<[u8]>) -> Self {
        let bytes = bytes.as_ref();
        let step = if self.each_byte {
            Step::Trickle(Bytes::copy_from_slice(bytes))
        } else {
            Step::Write(chunk(bytes))
        };
        self.push(step);
        self
    }

    /// The end of the answer; the connection can be used again.
    pub fn end(self) -> Self {
        self.bytes("0\r\n\r\n")
    }

    /// Says nothing for a while.
    pub fn pause(mut self, time: Duration) -> Self {
        if !time.is_zero() {
            self.push(Step::Pause(time));
        }
        self
    }

    /// Says nothing more, ever, and keeps the connection.
    pub fn hang(mut self) -> Self {
        self.push(Step::Hang);
        self
    }

    /// Closes the connection in order, as after a crash behind a proxy.
    pub fn close(mut self) -> Self {
        self.push(Step::Close);
        self
    }

    /// Resets the connection.
    pub fn reset(mut self) -> Self {
        self.push(Step::Reset);
        self
    }

    /// Splits what follows at every byte.
    pub fn each_byte(mut self) -> Self {
        self.each_byte = true;
        self
    }

    pub(super) fn steps(&self) -> &[Step] {
        &self.steps
    }

    fn word(mut self, event: Vec<u8>) -> Self {
        if self.each_byte {
            return self.raw(event);
        }
        self.push(Step::Word(chunk(&event)));
        self
    }

    fn push(&mut self, step: Step) {
        self.steps.push(step);
    }

    /// A documented event with what the script fills in.
    fn event(&self, kind: &str, filled: &[(&str, Value)]) -> Vec<u8> {
        let shapes = match self.shape {
            Shape::Groq => include_str!("groq.sse"),
            Shape::OpenAi => include_str!("openai.sse"),
        };
        let label = format!("\n: {kind}\n");
        let (_, event) = shapes.split_once(&label).unwrap();
        let (event, _) = event.split_once("\n\n").unwrap();
        let mut event = event.to_owned();
        for (place, value) in filled {
            event = event.replace(place, &value.to_string());
        }
        event.push_str("\n\n");
        event.into_bytes()
    }
}

/// A chunk of a chunked body.
pub(super) fn chunk(bytes: &[u8]) -> Bytes {
    let size = format!("{:x}\r\n", bytes.len());
    [size.as_bytes(), bytes, b"\r\n"].concat().into()
}
