//! What writes a reply: implementations of [`voicera::ports::LanguageModel`].

pub mod extractive;
