//! What waits to be written to the transcript, bounded; the call never waits for it.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use tracing::{error, info};

use super::work::chain;
use crate::ports::TranscriptSink;
use crate::ports::transcript_sink::{AgentLine, Content, Entry, SinkError};

/// How often an entry is offered to a sink that cannot take it for now, and how far apart.
const TRIES: u32 = 3;
const PAUSE: Duration = Duration::from_millis(500);

/// Entries in order, appended one after the other.
pub(super) struct Journal {
    sink: Arc<dyn TranscriptSink>,
    waiting: VecDeque<Entry>,
    writing: Option<BoxFuture<'static, ()>>,
    most: usize,
    /// Entries were dropped, and that was logged.
    dropping: bool,
}

impl Journal {
    pub(super) fn new(sink: Arc<dyn TranscriptSink>, most: usize) -> Self {
        Self {
            sink,
            waiting: VecDeque::new(),
            writing: None,
            most,
            dropping: false,
        }
    }

    pub(super) fn put(&mut self, entry: Entry) {
        log(&entry);
        // The ending is always kept: it is the last one.
        let ending = matches!(entry.content, Content::Ended(_));
        if self.waiting.len() >= self.most && !ending {
            if !std::mem::replace(&mut self.dropping, true) {
                error!(call.id = %entry.call.id, "the transcript is too slow: entries are dropped");
            }
            return;
        }
        self.waiting.push_back(entry);
    }

    pub(super) fn is_busy(&self) -> bool {
        self.writing.is_some() || !self.waiting.is_empty()
    }

    /// Appends the next entry. Dropping the future loses nothing.
    pub(super) async fn write(&mut self) {
        if self.writing.is_none()
            && let Some(entry) = self.waiting.pop_front()
        {
            self.writing = Some(Box::pin(append(Arc::clone(&self.sink), entry)));
        }
        if let Some(writing) = &mut self.writing {
            writing.await;
            self.writing = None;
        }
    }
}

async fn append(sink: Arc<dyn TranscriptSink>, entry: Entry) {
    for attempt in 1.. {
        match sink.append(&entry).await {
            Ok(()) => return,
            Err(SinkError::Unavailable(_)) if attempt < TRIES => tokio::time::sleep(PAUSE).await,
            Err(error) => {
                let (call, number) = (&entry.call.id, entry.sequence);
                error!(call.id = %call, entry.sequence = number, error = %chain(&error), "an entry of the transcript is lost");
                return;
            }
        }
    }
}

/// Tells the operator how the call goes, in numbers: the words are for the transcript.
fn log(entry: &Entry) {
    let call = &entry.call.id;
    match &entry.content {
        Content::Started | Content::Caller(_) => {}
        Content::Agent(line) => log_line(entry, line),
        Content::Ended(ended) => {
            let duration = ended.duration.as_secs_f64();
            let ending = ended.ending.name();
            info!(call.id = %call, ending, turns = ended.turns, duration_s = duration, "call ended");
        }
    }
}

fn log_line(entry: &Entry, line: &AgentLine) {
    let milliseconds = |time: Option<Duration>| time.map(|time| time.as_secs_f64() * 1000.0);
    info!(
        call.id = %entry.call.id,
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
