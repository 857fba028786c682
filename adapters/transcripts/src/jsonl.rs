//! A file of transcripts, one line of JSON per entry or analysis, for all calls together.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use async_trait::async_trait;
use serde::Deserialize;
use voicera::insight::Analysis;
use voicera::ports::TranscriptSink;
use voicera::ports::transcript_sink::{Entry, SinkError};
use voicera::words::CallId;

use crate::lines::{Disk, Lines};
use crate::writer::{BACKLOG, Bound, GATHER};

/// What a user sets.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// The file, which is created where there is none. Default: `calls.jsonl`.
    pub path: PathBuf,
    /// Whether every write reaches the disk itself, so that entries outlive a loss of power.
    /// Default: false; entries outlive the end of the process either way.
    pub sync: bool,
    /// How long a line waits for others, so that many calls share one write; at most `1s`. `0s`
    /// writes each at once. Default: `100ms`.
    #[serde(with = "humantime_serde")]
    pub gather: Duration,
    /// How many entries may wait in memory while the file cannot be written, on a full disk say;
    /// what comes beyond it is lost. Default: 10000.
    pub backlog: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            path: "calls.jsonl".into(),
            sync: false,
            gather: GATHER,
            backlog: BACKLOG,
        }
    }
}

/// Why a file cannot hold transcripts.
#[derive(Debug, thiserror::Error)]
#[error("cannot open {}", path.display())]
pub struct OpenError {
    path: PathBuf,
    #[source]
    source: io::Error,
}

/// A file of transcripts. The format is that of [`crate::record`].
///
/// An entry that cannot be written for now waits in memory, up to [`Settings::backlog`] of them,
/// and is written when it can be, also when its `append` was dropped meanwhile. One whose `append`
/// has failed is not in the file; appending it again writes it again.
#[derive(Debug)]
pub struct Jsonl {
    lines: Lines,
}

impl Jsonl {
    /// Opens a file, or creates one that only its owner can read.
    ///
    /// A last line without an end is what a killed process leaves. It was never acknowledged:
    /// it is cut off when it is the beginning of a record, else ended, and the log says so.
    ///
    /// # Errors
    ///
    /// When the file cannot be opened or mended.
    pub fn open(settings: &Settings) -> Result<Self, OpenError> {
        let path = settings.path.as_path();
        let failed = |source| OpenError {
            path: path.to_owned(),
            source,
        };
        let mut file = options().open(path).map_err(failed)?;
        mend(&mut file, path).map_err(failed)?;
        let sync = settings.sync;
        let disk = Box::new(OnDisk { file, sync });
        let bound = Bound {
            gather: settings.gather,
            backlog: settings.backlog,
        };
        let lines = Lines::start(&path.display().to_string(), disk, bound).map_err(failed)?;
        Ok(Self { lines })
    }
}

#[async_trait]
impl TranscriptSink for Jsonl {
    async fn append(&self, entry: &Entry) -> Result<(), SinkError> {
        self.lines.append(entry).await
    }

    async fn conclude(&self, call: &CallId, analysis: &Analysis) -> Result<(), SinkError> {
        self.lines.conclude(call, analysis).await
    }
}

/// Transcripts are personal, so the file is its owner's.
fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

fn mend(file: &mut File, path: &Path) -> io::Result<()> {
    let length = file.metadata()?.len();
    let tail = unfinished(file, length)?;
    if tail.is_empty() {
        return Ok(());
    }
    if serde_json::from_slice::<serde::de::IgnoredAny>(&tail).is_err() && is_record(&tail) {
        file.set_len(length - tail.len() as u64)?;
        tracing::warn!(
            path = %path.display(),
            bytes = tail.len(),
            "the last line of the transcripts was unfinished and is cut off; \
             it had not been acknowledged"
        );
    } else {
        file.write_all(b"\n")?;
        tracing::warn!(
            path = %path.display(),
            bytes = tail.len(),
            "the last line of the transcripts had no end and now has one"
        );
    }
    Ok(())
}

/// Whether a piece of text is the beginning of a line that this sink writes.
fn is_record(tail: &[u8]) -> bool {
    const BEGINNING: &[u8] = b"{\"v\":";
    tail.starts_with(BEGINNING) || BEGINNING.starts_with(tail)
}

/// What follows the last line feed.
fn unfinished(file: &mut File, length: u64) -> io::Result<Vec<u8>> {
    const STEP: u64 = 64 * 1024;
    let mut start = length;
    let mut tail = Vec::new();
    while start > 0 {
        let step = STEP.min(start);
        start -= step;
        file.seek(SeekFrom::Start(start))?;
        let mut piece = Vec::new();
        (&*file).take(step).read_to_end(&mut piece)?;
        let end = piece.iter().rposition(|byte| *byte == b'\n');
        let mut found = piece.split_off(end.map_or(0, |end| end + 1));
        found.append(&mut tail);
        tail = found;
        if end.is_some() {
            break;
        }
    }
    Ok(tail)
}

struct OnDisk {
    file: File,
    sync: bool,
}

impl Write for OnDisk {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Disk for OnDisk {
    fn length(&mut self) -> io::Result<u64> {
        Ok(self.file.metadata()?.len())
    }

    fn cut(&mut self, length: u64) -> io::Result<()> {
        // A device has no length to cut, and somebody else may have emptied the file meanwhile.
        if self.length()? > length {
            self.file.set_len(length)?;
        }
        Ok(())
    }

    fn commit(&mut self) -> io::Result<()> {
        match self.sync {
            false => Ok(()),
            true => self.file.sync_data(),
        }
    }
}

#[cfg(test)]
mod tests;
