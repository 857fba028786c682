//! Transcripts on standard output, for a terminal or for a program that reads a pipe.

use std::io::{self, Write};

use async_trait::async_trait;
use voicera::insight::Analysis;
use voicera::ports::TranscriptSink;
use voicera::ports::transcript_sink::{Entry, SinkError};
use voicera::words::CallId;

use crate::lines::{Disk, Lines};
use crate::writer::{BACKLOG, Bound, GATHER};

/// The lines of [`crate::record`] on standard output. An entry is kept once it is handed to the
/// reader; a reader that is gone is an error of every entry that follows.
#[derive(Debug)]
pub struct Stdout {
    lines: Lines,
}

impl Stdout {
    /// # Errors
    ///
    /// When the system has no thread to spare.
    pub fn new() -> io::Result<Self> {
        Self::over(io::stdout())
    }

    fn over(output: impl Write + Send + 'static) -> io::Result<Self> {
        let bound = Bound {
            gather: GATHER,
            backlog: BACKLOG,
        };
        let lines = Lines::start("standard output", Box::new(Output(output)), bound)?;
        Ok(Self { lines })
    }
}

#[async_trait]
impl TranscriptSink for Stdout {
    async fn append(&self, entry: &Entry) -> Result<(), SinkError> {
        self.lines.append(entry).await
    }

    async fn conclude(&self, call: &CallId, analysis: &Analysis) -> Result<(), SinkError> {
        self.lines.conclude(call, analysis).await
    }
}

struct Output<W>(W);

impl<W: Write> Write for Output<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// What left cannot be taken back, so there is nothing to cut.
impl<W: Write + Send> Disk for Output<W> {
    fn length(&mut self) -> io::Result<u64> {
        Ok(0)
    }

    fn cut(&mut self, _length: u64) -> io::Result<()> {
        Ok(())
    }

    fn commit(&mut self) -> io::Result<()> {
        self.flush()
    }
}

#[cfg(test)]
mod tests;
