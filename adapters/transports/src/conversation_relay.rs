//! Twilio's Conversation Relay, and servers that speak like it.

pub use handoff::HandoffTarget;
pub use settings::Settings;

pub mod settings;

mod twiml;

mod frames;

mod handoff;

mod token;
