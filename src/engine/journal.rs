//! What waits to be written to the transcript, bounded; the call never waits for it.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use tracing::{error, info, warn};

use crate::ports::transcript_sink::{AgentLine, Content, Entry, SinkError};
use crate::ports::{TranscriptSink, chain};

/// How often an entry is offered to a sink that cannot take it for now, and how far apart.
const TRIES: u32 = 3;
const PAUSE: Duration = Duration::from_millis(500);

/// Entries in order, appended one after the other.
pub(super) struct Journal {
    sink: Arc<dyn TranscriptSink>,
    waiting: VecDeque<Box<Entry>>,
    writing: Option<BoxFuture<'static, Result<(), SinkError>>>,
    most: usize,
    lost: u64,
    /// The sink refuses entries, and that was logged.
    refusing: bool,
}

impl Journal {
    pub(super) fn new(sink: Arc<dyn TranscriptSink>, most: usize) -> Self {
        Self {
            sink,
            waiting: VecDeque::new(),
            writing: None,
            most,
            lost: 0,
            refusing: false,
        }
    }

    pub(super) fn put(&mut self, entry: Box<Entry>) {
        log(&entry);
        // The ending is always kept: it is the last one.
        let ending = matches!(entry.content, Content::Ended(_));
        if self.waiting.len() >= self.most && !ending {
            self.lost += 1;
            return;
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
            self.note(written);
        }
    }

    /// Leaves what still waits to the sink, whatever time it takes, and says what is lost.
    pub(super) fn close(mut self) {
        for entry in std::mem::take(&mut self.waiting) {
            // A sink that does not answer at once has taken it.
            let answer = self.sink.append(&entry).now_or_never();
            self.note(answer.unwrap_or(Ok(())));
        }
        if self.lost > 0 {
            warn!(entries = self.lost, "entries of the transcript are lost");
        }
    }

    fn note(&mut self, written: Result<(), SinkError>) {
        match written {
            Ok(()) => self.refusing = false,
            // What is wrong with the sink is the same for all calls, and the sink says it.
            Err(SinkError::Unavailable(_)) => self.lost += 1,
            Err(error @ SinkError::Refused(_)) => {
                self.lost += 1;
                if !std::mem::replace(&mut self.refusing, true) {
                    error!(
                        error = chain(&error),
                        "an entry of the transcript is refused"
                    );
                }
            }
        }
    }
}

async fn append(sink: Arc<dyn TranscriptSink>, entry: Box<Entry>) -> Result<(), SinkError> {
    let mut attempt = 1;
    loop {
        match sink.append(&entry).await {
            Ok(()) => return Ok(()),
            Err(SinkError::Unavailable(_)) if attempt < TRIES => {
                attempt += 1;
                tokio::time::sleep(PAUSE).await;
            }
            Err(error) => return Err(error),
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
