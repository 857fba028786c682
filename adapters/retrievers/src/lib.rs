//! What finds knowledge: implementations of [`voicera::ports::Retriever`].

pub mod documents;

pub mod chunks;

pub mod tokens;

pub mod cag;

pub mod search;

pub mod embedding;

pub mod fastembed;

pub mod index;

pub mod vectors;

pub mod rerank;

pub mod rag;

pub mod auto;

pub mod hints;

pub mod tantivy;

pub mod questions;

pub mod quality;

#[cfg(any(test, feature = "testing"))]
pub mod testing;
