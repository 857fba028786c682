//! Conformance suites of the ports of this crate and strict fakes, for the tests of its modules and
//! of who uses it.
//!
//! A suite panics with what the contract says and what came, and so does a fake.

#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a suite speaks by panicking"
)]

pub mod outbox;

pub mod tray;

#[cfg(test)]
pub(crate) mod log;
