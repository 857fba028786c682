//! Replies with the sentences of the evidence that answer the question; no vendor is asked.
//!
//! What it does is arithmetic on words: a sentence answers when it covers enough of what the
//! question asks, rare words counting more than frequent ones. It never writes a sentence of its
//! own about the evidence, so it cannot invent; it cannot reason either.

use std::sync::Arc;

use async_trait::async_trait;
use futures_util::stream::{self, BoxStream, StreamExt as _};
use serde::Deserialize;
use voicera::ports::LanguageModel;
use voicera::ports::language_model::{ModelError, Piece, Usage};
use voicera::prompt::Prompt;

mod reply;
mod shelf;

mod small_talk;

mod document;
mod index;

mod answer;
mod follow_up;
mod judge;
mod question;

mod figures;
mod lexicon;
mod words;

use shelf::Shelf;

/// `[[models]]` with `kind = "extractive"`. There is nothing to set: what it says, and at what
/// length, is the agent's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {}

/// Answers from the evidence alone.
#[derive(Clone, Debug)]
pub struct Extractive {
    fallback: Arc<str>,
    word_limit: usize,
    /// Briefings that have been read, for all calls.
    shelf: Arc<Shelf>,
}

impl Extractive {
    /// Says `fallback` where the evidence has no answer, and at most `word_limit` words of it
    /// where it has one.
    pub fn new(fallback: &str, word_limit: usize) -> Self {
        Self {
            fallback: fallback.into(),
            word_limit,
            shelf: Arc::default(),
        }
    }
}

#[async_trait]
impl LanguageModel for Extractive {
    fn reply(&self, prompt: Prompt) -> BoxStream<'static, Result<Piece, ModelError>> {
        let this = self.clone();
        let write = async move {
            let briefing = this.shelf.read(&prompt.briefing, &prompt.language).await;
            let sentences = reply::write(&prompt, &briefing, &this.fallback, this.word_limit);
            stream::iter(pieces(&prompt.said, sentences))
        };
        stream::once(write).flatten().boxed()
    }
}

/// The sentences as they follow on what has been said, then the usage.
fn pieces(said: &str, sentences: Vec<String>) -> Vec<Result<Piece, ModelError>> {
    let mut pieces = Vec::with_capacity(sentences.len() + 1);
    let mut joint = reply::joint(said);
    for sentence in sentences {
        if !sentence.is_empty() {
            pieces.push(Ok(Piece::Text(format!("{joint}{sentence}"))));
            joint = " ";
        }
    }
    pieces.push(match pieces.is_empty() {
        true => Err(ModelError::Empty),
        false => Ok(Piece::Usage(Usage {
            model: "extractive".to_owned(),
            ..Usage::default()
        })),
    });
    pieces
}

#[cfg(test)]
mod tests;
