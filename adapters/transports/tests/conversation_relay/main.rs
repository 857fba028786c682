//! Calls over real sockets on the loopback, with the core's fakes behind the ports.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test speaks by panicking"
)]

mod carrier;

mod calls;

mod hostile;

mod losses;

mod signatures;

mod webhooks;
