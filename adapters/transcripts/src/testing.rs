//! Fakes for the tests of this crate and of who uses it.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a fake speaks by panicking"
)]

pub mod outbox;

#[cfg(test)]
pub(crate) mod log;
