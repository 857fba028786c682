//! The lines of all calls on their way to something that is written from front to back.

use std::io::{self, Write};
use std::sync::Arc;

use tokio::sync::oneshot;
use voicera::insight::Analysis;
use voicera::ports::transcript_sink::{Entry, SinkError};
use voicera::words::CallId;

use crate::record::Record;
use crate::record::analysis::AnalysisRecord;
use crate::writer::{Bound, Job, Unwritten, Writer};

/// What lines are written to.
pub(crate) trait Disk: Write + Send {
    fn length(&mut self) -> io::Result<u64>;

    /// Cuts off what is beyond `length`.
    fn cut(&mut self, length: u64) -> io::Result<()>;

    /// Makes what was written outlive what it has to outlive.
    fn commit(&mut self) -> io::Result<()>;
}

/// Lines on their way to a disk. Dropping it writes what is waiting.
#[derive(Debug)]
pub(crate) struct Lines {
    writer: Writer<Line>,
}

#[derive(Debug)]
struct Line {
    bytes: Vec<u8>,
    kept: oneshot::Sender<Result<(), Arc<WriteError>>>,
}

#[derive(Debug, thiserror::Error)]
#[error("cannot write {name}; {}", fix(source))]
struct WriteError {
    name: Arc<str>,
    #[source]
    source: io::Error,
}

impl Lines {
    /// `name` is what errors call the disk.
    pub(crate) fn start(name: &str, disk: Box<dyn Disk>, bound: Bound) -> io::Result<Self> {
        let name = Arc::from(name);
        let mut tape = Tape {
            disk,
            torn: None,
            gone: false,
        };
        let mut bytes = Vec::new();
        let write = move |lines: &mut Vec<Line>| write_all(&name, &mut tape, &mut bytes, lines);
        let writer = Writer::start(bound, write)?;
        Ok(Self { writer })
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
        let sent = self.writer.send(Line { bytes, kept });
        sent.map_err(|error| SinkError::Unavailable(error.into()))?;
        match outcome.await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(SinkError::Unavailable(error.into())),
            Err(_) => Err(SinkError::Unavailable(Unwritten::Gone.into())),
        }
    }
}

impl Job for Line {
    type Trouble = Arc<WriteError>;

    fn size(&self) -> usize {
        self.bytes.len()
    }

    fn is_patient(&self) -> bool {
        true
    }

    fn fail(self, trouble: &Arc<WriteError>) {
        // Who gave up waiting need not know.
        let _ = self.kept.send(Err(Arc::clone(trouble)));
    }
}

fn write_all(
    name: &Arc<str>,
    tape: &mut Tape,
    bytes: &mut Vec<u8>,
    lines: &mut Vec<Line>,
) -> Result<(), Arc<WriteError>> {
    bytes.clear();
    for line in &*lines {
        bytes.extend_from_slice(&line.bytes);
    }
    let outcome = tape.append(bytes).map_err(|source| {
        let name = Arc::clone(name);
        Arc::new(WriteError { name, source })
    });
    match outcome {
        // A reader that is gone does not come back.
        Err(error) if error.source.kind() != io::ErrorKind::BrokenPipe => return Err(error),
        Err(error) => {
            if !std::mem::replace(&mut tape.gone, true) {
                let error = voicera::ports::chain(&error);
                tracing::error!(error, "entries cannot be written and are lost");
            }
            lines.drain(..).for_each(|line| line.fail(&error));
        }
        Ok(()) => {
            for line in lines.drain(..) {
                let _ = line.kept.send(Ok(()));
            }
        }
    }
    Ok(())
}

/// What to do about a disk that cannot be written.
fn fix(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "make space on its disk",
        io::ErrorKind::BrokenPipe => "start its reader and the server again",
        _ => "look at its disk, and at who may write there",
    }
}

/// A disk that holds whole lines only, or knows where to cut.
struct Tape {
    disk: Box<dyn Disk>,
    torn: Option<u64>,
    /// Nobody reads what is written, and that was said.
    gone: bool,
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
