//! The core of Voicera: it answers a caller from documents, and knows no vendor, socket or file.
//!
//! ```text
//! words     the vocabulary: calls, turns, utterances, endings
//! profile   who the agent is and how patient it is
//! ports     what the core asks of the outside: Retriever, LanguageModel, TranscriptSink, Archive
//! transport what a transport hears (Input) and what it is told to do (Output)
//! prompt    what a language model is given, from stable to volatile
//! speech    written text becomes speakable text, with the way back
//! session   the state of one call: told what happened, it answers what to do
//! spoken    text as people say it: words, digits, number words
//! masking   takes numbers of people out of what is kept
//! insight   what a call tells: findings over its entries
//! digest    what a call amounts to: a row in a list
//! engine    performs what the session asks: one task per call, `converse`
//! testing   conformance suites of the ports and strict fakes (feature `testing`)
//! ```
//!
//! Data flows one way: a transport turns its wire into [`transport::Input`], the [`session`] turns
//! that into actions, the [`engine`] performs them and hands [`transport::Output`] back.
//! Only the engine awaits, and only the engine reads the clock.

pub mod words;

pub mod profile;

pub mod ports;

pub mod transport;

pub mod prompt;

pub mod speech;

pub mod session;

mod spoken;

pub mod masking;

pub mod insight;

pub mod digest;

pub mod engine;

#[cfg(any(test, feature = "testing"))]
pub mod testing;
