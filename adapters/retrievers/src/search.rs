//! What a search of an index is asked and answers, whatever the index is.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use voicera::ports::Cause;
use voicera::words::Language;

use crate::chunks::Chunk;

/// Searches one index in one way.
///
/// # Contract
///
/// - Hits come best first, at most [`Wanted::limit`], each with a finite score, no chunk twice.
///   Scores are comparable within one answer only.
/// - What is searched never changes: a newer index is another `Search`.
/// - It may be asked many things at once, and never blocks the thread that polls it for longer
///   than a millisecond. Dropping the future abandons the search.
#[async_trait]
pub trait Search: fmt::Debug + Send + Sync + 'static {
    /// What transcripts and messages call it: `tantivy`, `dense`, `qdrant`.
    fn name(&self) -> &'static str;

    async fn search(&self, wanted: &Wanted) -> Result<Vec<Hit>, SearchError>;
}

/// Finds what stands around a chunk.
#[async_trait]
pub trait Neighbours: fmt::Debug + Send + Sync + 'static {
    /// The chunks of the same document that stand at most `reach` places before or after it, in
    /// the order of the document, without the chunk itself. Fewer, or none, where they are not
    /// there or cannot be had in time.
    async fn around(&self, chunk: &Chunk, reach: u32) -> Vec<Arc<Chunk>>;
}

/// What to look for.
#[derive(Clone, Debug, PartialEq)]
pub struct Wanted {
    /// What was said, oldest first, in the caller's words without what carries no meaning; the
    /// last is what is asked now. At least one.
    pub said: Vec<Said>,
    pub language: Language,
    pub limit: usize,
}

/// One utterance, and how much it counts.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    pub text: String,
    /// Above 0; what is asked now counts 1.
    pub weight: f32,
}

/// A chunk that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    pub chunk: Arc<Chunk>,
    pub score: f32,
}

/// Why a search has no answer.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// The next one may have.
    #[error("the index cannot be reached for now")]
    Unavailable(#[source] Cause),
    /// None will until somebody mends it.
    #[error("the index cannot be read")]
    Broken(#[source] Cause),
}
