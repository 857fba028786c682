//! Finds what the documents say.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use async_trait::async_trait;

use super::Cause;
use crate::words::Language;

/// Finds knowledge for a turn.
///
/// # Contract
///
/// - `briefing` is knowledge that belongs in every prompt. It is the same bytes for the life of
///   the process, so that a vendor can cache it, and may be empty.
/// - `retrieve` answers passages best first, at most [`Query::limit`], each with a source and a
///   finite score, none twice. No passage is a fine answer.
/// - It also answers what was searched, so that a transcript can tell where its passages are from
///   and what was left out. A search that is late or fails costs its passages, not the turn.
/// - Dropping the future abandons the search.
/// - A strategy may put everything into the briefing (CAG) or everything into passages (RAG).
#[async_trait]
pub trait Retriever: fmt::Debug + Send + Sync + 'static {
    fn briefing(&self) -> &str;

    async fn retrieve(&self, query: &Query) -> Result<Findings, RetrieveError>;
}

/// What a turn wants to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// What the caller asks now.
    pub utterance: String,
    /// What the caller said in the turns before, oldest first, bounded.
    pub earlier: Vec<String>,
    pub language: Language,
    /// How many passages at the most.
    pub limit: usize,
}

/// What a turn has found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Findings {
    /// Best first.
    pub passages: Vec<Passage>,
    /// What was searched for them, and what was left out.
    pub searches: Vec<Search>,
}

/// One search of a turn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Search {
    /// What searched, as the operator knows it: `cag`, `tantivy`.
    pub strategy: Cow<'static, str>,
    pub outcome: Outcome,
    pub took: Duration,
}

/// What a search came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// So many passages, before they were chosen from.
    Found(usize),
    /// Nothing in time.
    Late,
    /// Nothing; the log says why.
    Failed,
}

/// A piece of knowledge and where it comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct Passage {
    /// Names the passage for as long as its words stay the same.
    pub id: String,
    pub text: String,
    pub source: Source,
    /// Higher is better; comparable within one answer only.
    pub score: f32,
}

/// Where a passage stands.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Source {
    /// The document, as a path relative to the knowledge base.
    pub document: String,
    /// The headings above the passage, outermost first; may be empty.
    pub headings: Vec<String>,
    /// Where in the text of the document it begins and ends, in bytes; nothing where that is not
    /// known.
    pub span: Option<Span>,
}

/// A part of a text, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    pub start: usize,
    pub end: usize,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.document)?;
        for heading in &self.headings {
            write!(f, " > {heading}")?;
        }
        Ok(())
    }
}

/// Why there are no passages.
#[derive(Debug, thiserror::Error)]
pub enum RetrieveError {
    /// The turn goes on without passages; the next one may have them.
    #[error("knowledge cannot be reached for now")]
    Unavailable(#[source] Cause),
    /// Every turn will go on without passages until somebody mends it.
    #[error("knowledge cannot be read")]
    Broken(#[source] Cause),
}
