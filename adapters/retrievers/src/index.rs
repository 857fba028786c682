//! The life of an index: what is in it, what it was made with, and how it is brought up to date.

pub mod update;

pub mod upkeep;

pub mod reload;

mod watch;

#[cfg(any(test, feature = "testing"))]
pub mod testing;

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use voicera::ports::Cause;

use crate::chunks::Chunk;

/// Keeps chunks so that they can be searched.
///
/// # Contract
///
/// - One writer at a time, across processes: a second one is [`IndexError::Locked`].
/// - A writer changes nothing that others see before its `commit`, and everything at once in it.
///   Dropped or killed before, nothing has happened.
/// - The catalogue can be had while a writer is open, and is that of the last commit.
/// - What is open for searching stays as it was when it was opened.
pub trait Store: fmt::Debug + Send + Sync + 'static {
    /// What is in it now; nothing where there is no index yet.
    ///
    /// # Errors
    ///
    /// [`IndexError::Corrupt`] when what is there cannot be read.
    fn catalogue(&self) -> Result<Option<Catalogue>, IndexError>;

    /// Opens it for changing what is there, or for writing all of it anew.
    fn begin(&self, start: Start) -> Result<Box<dyn Writer + '_>, IndexError>;
}

/// Where a writer starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// From what is there.
    Update,
    /// From nothing, whatever is there.
    Afresh,
}

/// Changes an index.
pub trait Writer {
    /// Takes out everything of a document; fine where there is nothing.
    fn remove(&mut self, document: &str) -> Result<(), IndexError>;

    /// Adds the chunks of a document, whole or in parts, in their order.
    fn add(&mut self, document: &Filed, chunks: Vec<Indexed>) -> Result<(), IndexError>;

    /// Makes the changes visible, all at once and for good.
    fn commit(self: Box<Self>, recipe: &Recipe) -> Result<(), IndexError>;
}

/// A document as the index knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filed {
    pub path: String,
    pub hash: ContentHash,
}

/// A chunk and, where the index is dense, its vector.
#[derive(Clone, Debug, PartialEq)]
pub struct Indexed {
    pub chunk: Chunk,
    pub vector: Option<Vec<f32>>,
}

/// What is in an index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Catalogue {
    pub recipe: Recipe,
    /// Each document's path and hash. A document without chunks is not in it.
    pub documents: BTreeMap<String, ContentHash>,
    pub chunks: usize,
}

/// SHA-256 of a file's bytes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ContentHash(pub [u8; 32]);

impl fmt::Debug for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// What an index was made with. Another recipe makes another index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipe {
    /// Counts the layouts of the index on disk.
    pub format: u32,
    /// How documents are cut.
    pub chunking: String,
    /// How words become terms; empty where there are none.
    pub analysis: String,
    /// The embedder's name and dimension, where there are vectors.
    pub embedding: Option<(String, usize)>,
}

impl Recipe {
    /// Whether an index that was made with this serves who wants the other.
    ///
    /// # Errors
    ///
    /// [`IndexError::Mismatch`], naming what differs.
    pub fn serves(&self, wanted: &Recipe) -> Result<(), IndexError> {
        let (was, wants): (Vec<_>, Vec<_>) = std::iter::zip(self.parts(), wanted.parts())
            .filter(|(was, wanted)| was != wanted)
            .unzip();
        match was.is_empty() {
            true => Ok(()),
            false => Err(IndexError::Mismatch {
                was: was.join(", "),
                wanted: wants.join(", "),
            }),
        }
    }

    fn parts(&self) -> [String; 4] {
        let Self {
            format,
            chunking,
            analysis,
            embedding,
        } = self;
        [
            format!("format {format}"),
            match chunking.as_str() {
                "" => "no chunking".to_owned(),
                chunking => format!("chunks `{chunking}`"),
            },
            match analysis.as_str() {
                "" => "no terms".to_owned(),
                analysis => format!("terms `{analysis}`"),
            },
            match embedding {
                None => "no vectors".to_owned(),
                Some((name, dimension)) => format!("vectors `{name}` of {dimension}"),
            },
        ]
    }
}

/// Why an index cannot be used. The message names the fix.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    #[error("another process is writing the index; wait until it is done")]
    Locked,
    #[error(
        "the index was made with {was} and this configuration wants {wanted}; run `voicera index`"
    )]
    Mismatch { was: String, wanted: String },
    #[error("the index is damaged; run `voicera index --rebuild`")]
    Corrupt(#[source] Cause),
    #[error("the index cannot be reached")]
    Unavailable(#[source] Cause),
    #[error("the index cannot be written")]
    Write(#[source] Cause),
}
