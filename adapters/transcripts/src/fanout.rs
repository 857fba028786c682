//! Several sinks as one.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use futures_util::future::join_all;
use voicera::ports::TranscriptSink;
use voicera::ports::transcript_sink::{Entry, SinkError};

/// Appends each entry to all of its sinks at the same time.
///
/// The first sink is the one that counts: `Ok` means that it kept the entry, and its error is the
/// fanout's, so the most durable one comes first. The others are copies: one that fails misses
/// the entry, and an entry that is appended again because the first sink failed may be in a copy
/// twice. The log says when a copy begins to fail and when it works again, not for each entry.
#[derive(Debug)]
pub struct Fanout {
    sinks: Vec<Named>,
}

#[derive(Debug)]
struct Named {
    name: String,
    sink: Arc<dyn TranscriptSink>,
    /// Entries missed since the sink last kept one.
    missed: AtomicU64,
}

impl Fanout {
    /// Without any sink every entry is kept nowhere, which is what was asked for.
    pub fn new(sinks: Vec<(String, Arc<dyn TranscriptSink>)>) -> Self {
        let named = |(name, sink)| Named {
            name,
            sink,
            missed: AtomicU64::new(0),
        };
        Self {
            sinks: sinks.into_iter().map(named).collect(),
        }
    }
}

#[async_trait]
impl TranscriptSink for Fanout {
    async fn append(&self, entry: &Entry) -> Result<(), SinkError> {
        let appended = self.sinks.iter().map(|named| named.sink.append(entry));
        let outcomes = join_all(appended).await;
        let mut outcomes = self.sinks.iter().zip(outcomes);
        let first = outcomes.next().map_or(Ok(()), |(_, outcome)| outcome);
        for (named, outcome) in outcomes {
            named.note(outcome);
        }
        first
    }
}

impl Named {
    fn note(&self, outcome: Result<(), SinkError>) {
        match outcome {
            Ok(()) => {
                let missed = self.missed.swap(0, Ordering::Relaxed);
                if missed > 0 {
                    tracing::info!(sink = %self.name, missed, "the transcript sink works again");
                }
            }
            Err(error) => {
                if self.missed.fetch_add(1, Ordering::Relaxed) == 0 {
                    let error = &error as &dyn std::error::Error;
                    tracing::error!(
                        sink = %self.name,
                        error,
                        "a transcript sink fails and misses entries until it works again"
                    );
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
