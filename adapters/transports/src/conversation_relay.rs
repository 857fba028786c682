//! Twilio's Conversation Relay, and servers that speak like it.

pub use handoff::HandoffTarget;
pub use public_url::PublicUrl;
pub use security::Security;
pub use settings::Settings;

pub mod settings;

mod twiml;

mod frames;

mod handoff;

mod security;

mod public_url;

pub mod signature;

mod token;
