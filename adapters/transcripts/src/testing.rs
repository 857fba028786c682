//! Conformance suites of the ports of this crate, for the tests of its modules.
//!
//! A suite panics with what the contract says and what came.

#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a suite speaks by panicking"
)]

pub mod outbox;
