//! Conformance suites of the ports and strict fakes, for the tests of adapters and of the core.
//!
//! A suite takes the port as `&dyn Port` and panics with what the contract says and what came.

#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a suite speaks by panicking"
)]

pub mod call;

pub mod retriever;

pub mod language_model;

pub mod transcript_sink;

pub mod archive;

pub mod operators;
