//! What finds knowledge: implementations of [`voicera::ports::Retriever`].

pub mod documents;

pub mod cag;

pub mod questions;
