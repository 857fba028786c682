//! What finds knowledge: implementations of [`voicera::ports::Retriever`].

pub mod documents;

pub mod chunks;

pub mod tokens;

pub mod cag;

pub mod search;

pub mod embedding;

pub mod index;

pub mod tantivy;

pub mod questions;

#[cfg(any(test, feature = "testing"))]
pub mod testing;
