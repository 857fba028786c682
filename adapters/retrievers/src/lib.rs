//! What finds knowledge: implementations of [`voicera::ports::Retriever`].

pub mod documents;

pub mod chunks;

pub mod tokens;

pub mod cag;

pub mod search;

pub mod embedding;

pub mod index;

#[cfg(feature = "qdrant")]
pub mod qdrant;

pub mod questions;

#[cfg(any(test, feature = "testing"))]
pub mod testing;
