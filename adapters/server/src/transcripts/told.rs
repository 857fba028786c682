//! Tells who listens what is said, and those behind a sink what was kept: which calls have ended,
//! and that something waits.

use std::sync::Arc;

use async_trait::async_trait;
use tokio::sync::{Notify, mpsc};
use voicera::insight::Analysis;
use voicera::ports::TranscriptSink;
use voicera::ports::transcript_sink::{Content, Entry, SinkError};
use voicera::words::CallId;
use voicera_transcripts::{Live, Unkept};

/// The most ended calls that wait. One that finds no place is found by the analyst's next sweep.
const QUEUE: usize = 1024;

/// Stands before a sink.
#[derive(Debug)]
pub(super) struct Told {
    sink: Arc<dyn TranscriptSink>,
    /// It waits for nobody, and costs nothing while nobody listens: it needs no queue.
    live: Arc<Live>,
    /// What was told and is going to be appended again.
    unkept: Unkept,
    ended: mpsc::Sender<CallId>,
    written: Arc<Notify>,
}

impl Told {
    /// Answers also what tells which calls have ended. `written` is woken when something was kept.
    pub(super) fn before(
        sink: Arc<dyn TranscriptSink>,
        live: Arc<Live>,
        written: Arc<Notify>,
    ) -> (Self, mpsc::Receiver<CallId>) {
        let (ended, calls) = mpsc::channel(QUEUE);
        let told = Self {
            sink,
            live,
            unkept: Unkept::default(),
            ended,
            written,
        };
        (told, calls)
    }
}

#[async_trait]
impl TranscriptSink for Told {
    async fn append(&self, entry: &Entry) -> Result<(), SinkError> {
        // Whoever listens may miss it; who keeps it may not.
        if !self.unkept.is_repetition(entry) {
            let _ = self.live.append(entry).await;
        }
        let kept = self.sink.append(entry).await;
        self.unkept.note(entry, &kept);
        kept?;
        self.written.notify_waiters();
        if matches!(entry.content, Content::Ended(_)) {
            // The sweep finds what has no place here.
            let _ = self.ended.try_send(entry.call.id.clone());
        }
        Ok(())
    }

    async fn conclude(&self, call: &CallId, analysis: &Analysis) -> Result<(), SinkError> {
        self.sink.conclude(call, analysis).await?;
        let _ = self.live.conclude(call, analysis).await;
        self.written.notify_waiters();
        Ok(())
    }
}

#[cfg(test)]
mod tests;
