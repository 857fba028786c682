//! What waits to be written to the transcript, bounded; the call never waits for it.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use tracing::{error, info};

use crate::ports::transcript_sink::{AgentLine, Content, Entry, SinkError};
use crate::ports::{TranscriptSink, chain};

/// How often an entry is offered to a sink that cannot take it for now, and how far apart.
const TRIES: u32 = 3;
const PAUSE: Duration = Duration::from_millis(500);

/// Entries in order, appended one after the other.
pub(super) struct Journal {
    sink: Arc<dyn TranscriptSink>,
    waiting: VecDeque<Box<Entry>>,
    writing: Option<BoxFuture<'static, Result<(), String>>>,
    most: usize,
    /// Entries are being lost, and that was logged.
    losing: bool,
}

impl Journal {
    pub(super) fn new(sink: Arc<dyn TranscriptSink>, most: usize) -> Self {
        Self {
            sink,
            waiting: VecDeque::new(),
            writing: None,
            most,
            losing: false,
        }
    }

    pub(super) fn put(&mut self, entry: Box<Entry>) {
        log(&entry);
        // The ending is always kept: it is the last one.
        let ending = matches!(entry.content, Content::Ended(_));
        if self.waiting.len() >= self.most && !ending {
            return self.lose("the transcript is too slow");
        }
        self.waiting.push_back(entry);
    }

    pub(super) fn is_busy(&self) -> bool {
        self.writing.is_some() || !self.waiting.is_empty()
    }

    /// Appends what waits, and then waits itself. Dropping the future loses nothing.
    pub(super) async fn write_all(&mut self) -> Infallible {
        while self.is_busy() {
            self.write().await;
        }
        std::future::pending().await
    }

    /// Appends the next entry. Dropping the future loses nothing.
    pub(super) async fn write(&mut self) {
        if self.writing.is_none()
            && let Some(entry) = self.waiting.pop_front()
        {
            self.writing = Some(Box::pin(append(Arc::clone(&self.sink), entry)));
        }
        if let Some(writing) = &mut self.writing {
            let written = writing.await;
            self.writing = None;
            match written {
                Ok(()) => self.losing = false,
                Err(why) => self.lose(&why),
            }
        }
    }

    /// Says once that entries of this call are lost, until one is kept again.
    fn lose(&mut self, why: &str) {
        if !std::mem::replace(&mut self.losing, true) {
            error!(error = why, "entries of the transcript are lost");
        }
    }
}

async fn append(sink: Arc<dyn TranscriptSink>, entry: Box<Entry>) -> Result<(), String> {
    let mut attempt = 1;
    loop {
        match sink.append(&entry).await {
            Ok(()) => return Ok(()),
            Err(SinkError::Unavailable(_)) if attempt < TRIES => {
                attempt += 1;
                tokio::time::sleep(PAUSE).await;
            }
            Err(error) => return Err(chain(&error)),
        }
    }
}

/// Tells the operator how the call goes, in numbers: the words are for the transcript.
fn log(entry: &Entry) {
    match &entry.content {
        Content::Started | Content::Caller(_) => {}
        Content::Agent(line) => log_line(entry, line),
        Content::Ended(ended) => {
            let duration = ended.duration.as_secs_f64();
            let ending = ended.ending.name();
            info!(
                ending,
                turns = ended.turns,
                duration_s = duration,
                "call ended"
            );
        }
    }
}

fn log_line(entry: &Entry, line: &AgentLine) {
    let milliseconds = |time: Option<Duration>| time.map(|time| time.as_secs_f64() * 1000.0);
    info!(
        turn.id = %entry.turn,
        kind = ?line.kind,
        model = line.usage.last().map(|usage| usage.model.as_str()),
        knowledge_ms = milliseconds(line.latency.knowledge),
        first_words_ms = milliseconds(line.latency.first_words),
        written_ms = milliseconds(line.latency.written),
        interrupted = line.interrupted,
        "the agent spoke"
    );
}
