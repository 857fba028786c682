//! One thread that writes the lines of all calls, as many at a time as are waiting, so that a
//! slow disk blocks no call and a thousand calls share one write.

use std::io::{self, Write};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use voicera::insight::Analysis;
use voicera::ports::transcript_sink::{Entry, SinkError};
use voicera::words::CallId;

use crate::record::Record;
use crate::record::analysis::AnalysisRecord;

/// The most lines that wait for the thread; beyond it `append` waits.
const QUEUE: usize = 1024;

/// The most bytes written at once.
const BATCH: usize = 1 << 20;

/// How long the first line of a batch waits for more, unless the user says otherwise. Waking this
/// thread and then the call costs more than writing, and no caller waits for a line to be kept.
/// What a killed process loses of it had not been acknowledged.
pub(crate) const GATHER: Duration = Duration::from_millis(20);

/// What lines are written to.
pub(crate) trait Disk: Write + Send {
    fn length(&mut self) -> io::Result<u64>;

    /// Cuts off what is beyond `length`.
    fn cut(&mut self, length: u64) -> io::Result<()>;

    /// Makes what was written outlive what it has to outlive.
    fn commit(&mut self) -> io::Result<()>;
}

/// Lines on their way to a disk. Dropping it writes what is waiting and ends the thread.
#[derive(Debug)]
pub(crate) struct Writer {
    queue: Option<mpsc::Sender<Line>>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug)]
struct Line {
    bytes: Vec<u8>,
    kept: oneshot::Sender<Result<(), Arc<WriteError>>>,
}

#[derive(Debug, thiserror::Error)]
#[error("cannot write {name}")]
struct WriteError {
    name: Arc<str>,
    #[source]
    source: io::Error,
}

#[derive(Debug, thiserror::Error)]
#[error("the thread that writes transcripts is gone")]
struct Gone;

impl Writer {
    /// `name` is what errors call the disk; the first line of a batch waits `gather` for more.
    pub(crate) fn start(name: &str, disk: Box<dyn Disk>, gather: Duration) -> io::Result<Self> {
        let (queue, lines) = mpsc::channel(QUEUE);
        let name = Arc::from(name);
        let work = move || write_all(&name, Tape { disk, torn: None }, lines, gather);
        let thread = thread::Builder::new()
            .name("transcripts".to_owned())
            .spawn(work)?;
        Ok(Self {
            queue: Some(queue),
            thread: Some(thread),
        })
    }

    /// Answers once the entry's line is written and committed.
    pub(crate) async fn append(&self, entry: &Entry) -> Result<(), SinkError> {
        self.write(Record::of(entry).line()).await
    }

    /// Answers once the analysis's line is written and committed.
    pub(crate) async fn conclude(
        &self,
        call: &CallId,
        analysis: &Analysis,
    ) -> Result<(), SinkError> {
        self.write(AnalysisRecord::of(analysis).line(call)).await
    }

    async fn write(&self, line: serde_json::Result<Vec<u8>>) -> Result<(), SinkError> {
        let bytes = line.map_err(|error| SinkError::Refused(error.into()))?;
        let (kept, outcome) = oneshot::channel();
        if let Some(queue) = &self.queue {
            // Without the thread nobody answers, which the next line notices.
            let _ = queue.send(Line { bytes, kept }).await;
        }
        match outcome.await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(SinkError::Unavailable(error.into())),
            Err(_) => Err(SinkError::Unavailable(Gone.into())),
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.queue.take();
        if let Some(thread) = self.thread.take() {
            // It ends when the queue is empty; had it panicked, nothing more could be done here.
            let _ = thread.join();
        }
    }
}

fn write_all(name: &Arc<str>, mut tape: Tape, mut lines: mpsc::Receiver<Line>, gather: Duration) {
    let mut bytes = Vec::new();
    let mut waiting = Vec::new();
    while let Some(first) = lines.blocking_recv() {
        if !gather.is_zero() && !lines.is_closed() {
            thread::sleep(gather);
        }
        let mut next = Some(first);
        while let Some(line) = next {
            bytes.extend_from_slice(&line.bytes);
            waiting.push(line.kept);
            next = match bytes.len() {
                ..BATCH => lines.try_recv().ok(),
                BATCH.. => None,
            };
        }
        let outcome = tape.append(&bytes).map_err(|source| {
            let name = Arc::clone(name);
            Arc::new(WriteError { name, source })
        });
        for kept in waiting.drain(..) {
            // Who gave up waiting need not know.
            let _ = kept.send(outcome.clone());
        }
        bytes.clear();
    }
}

/// A disk that holds whole lines only, or knows where to cut.
struct Tape {
    disk: Box<dyn Disk>,
    torn: Option<u64>,
}

impl Tape {
    /// Writes all of it or, after an error, nothing of it.
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        if let Some(length) = self.torn {
            self.disk.cut(length)?;
            self.torn = None;
        }
        let length = self.disk.length()?;
        let written = self.disk.write_all(bytes);
        let written = written.and_then(|()| self.disk.commit());
        if written.is_err() && self.disk.cut(length).is_err() {
            self.torn = Some(length);
        }
        written
    }
}

#[cfg(test)]
mod tests;
