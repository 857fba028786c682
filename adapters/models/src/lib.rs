//! What writes a reply: implementations of [`voicera::ports::LanguageModel`].

pub mod openai;

pub mod extractive;

pub mod fallback;

pub mod sse;

#[cfg(feature = "testing")]
pub mod testing;
