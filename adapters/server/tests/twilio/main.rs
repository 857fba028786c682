//! The built binary against a Twilio on loopback: what the commands set up and fetch, and what a
//! server does when Twilio says that a transcript is there.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

#[path = "../shared/house.rs"]
mod house;

mod account;

mod numbers;

mod provisioning;

mod findings;

mod notifications;

mod serving;
