//! Twilio's side of a call: Conversational Intelligence, which keeps transcripts of its own and
//! runs operators over them, and the phone numbers that lead to this server.
//!
//! ```text
//! settings      what a user writes
//! client        asks Twilio: login, forms, pages, repeats
//! failure       why Twilio does not do what it is asked, and what to do about it
//! transcripts   the transcript that Twilio made of a session, and its sentences
//! results       what Twilio's operators found, as insights
//! provisioning  makes or updates the service, its operators and its webhook
//! numbers       points a phone number to this server
//! sync          brings what Twilio found into the archive
//! compare       how far two analyses of the same calls agree
//! webhook       the notification that a transcript is there
//! scripted      a Twilio on loopback, for tests (feature `testing`)
//! ```
//!
//! It speaks the version 2 of the API, which knows the transcripts of Conversation Relay. What
//! Twilio does not document is read tolerantly: what is not understood counts as not answered.

pub mod settings;

pub mod failure;

pub mod client;

pub mod transcripts;

pub mod results;

pub mod sync;

pub mod provisioning;

pub mod numbers;

pub mod compare;

pub mod webhook;

pub use client::{Client, Credentials};
pub use failure::ApiError;
pub use settings::{BuildError, Settings};

#[cfg(any(test, feature = "testing"))]
pub mod scripted;
