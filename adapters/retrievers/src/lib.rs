//! What finds knowledge: implementations of [`voicera::ports::Retriever`].
//!
//! ```text
//! documents    files become documents
//! chunks       documents become pieces of about the size that answers a question
//! cag          all of it in every prompt
//! rag          what a turn asks is searched for: several searches, fused
//! auto         which of the two a knowledge base wants
//! index        the life of an index: built, kept up to date, switched over
//! tantivy      a search for words, and the index on disk
//! vectors      a search for meanings, over vectors in the process
//! qdrant       a search for meanings, over vectors in a server
//! fastembed    the model that makes vectors, and the one that reads again
//! hints        rare words for the recogniser
//! questions    questions with known answers
//! quality      questions with judged documents
//! ```

pub mod documents;

pub mod chunks;

pub mod tokens;

pub mod cag;

pub mod rag;

pub mod auto;

pub mod index;

pub mod search;

pub mod tantivy;

pub mod vectors;

pub mod qdrant;

pub mod embedding;

pub mod rerank;

pub mod fastembed;

pub mod hints;

pub mod questions;

pub mod quality;

#[cfg(any(test, feature = "testing"))]
pub mod testing;
