//! Pieces of documents, as they are indexed and found.

use std::fmt;

use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use voicera::ports::retriever::{Passage, Source, Span};
use voicera::words::Language;

mod blocks;

mod cutting;

mod sections;

mod sentences;

mod joining;

pub(crate) use blocks::heading_words;
pub use cutting::cut;

/// `[retriever.chunks]`: how documents are cut.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// What a chunk takes at most, in tokens; less than 32 counts as 32. Default 512.
    pub tokens: usize,
    /// What a chunk repeats of the one before it in whole sentences, in tokens, at most half of
    /// `tokens`. Default 32.
    pub overlap: usize,
    /// A section of fewer tokens shares a chunk with its neighbour. Default 80.
    pub join_below: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            tokens: 512,
            overlap: 32,
            join_below: 80,
        }
    }
}

impl Settings {
    /// Names everything that changes the cuts: equal recipes cut equally.
    pub fn recipe(&self) -> String {
        let Self {
            tokens,
            overlap,
            join_below,
        } = self.bounded();
        format!("cuts 1, {tokens} tokens, {overlap} overlap, joined below {join_below}")
    }

    fn bounded(&self) -> Self {
        let tokens = self.tokens.max(32);
        Self {
            tokens,
            overlap: self.overlap.min(tokens / 2),
            join_below: self.join_below.min(tokens),
        }
    }
}

/// A piece of a document, of about the size that answers a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk {
    pub id: ChunkId,
    /// The path of its document, relative to the knowledge base.
    pub document: String,
    /// The title of its document.
    pub title: String,
    /// The headings above it, outermost first, without the title; may be empty.
    pub headings: Vec<String>,
    /// Lines from above that its words need, such as the head of its table; may be empty.
    pub lead: String,
    /// Its words, exactly as `span` of the document's text has them.
    pub text: String,
    pub span: Span,
    /// Its place in the document, counted from 0.
    pub place: u32,
    pub language: Language,
}

impl Chunk {
    /// Everything a reader needs to understand it, without the headings.
    pub fn body(&self) -> String {
        match self.lead.is_empty() {
            true => self.text.clone(),
            false => format!("{}\n{}", self.lead, self.text),
        }
    }

    /// Title, headings and body: what an embedding or a cross-encoder reads.
    pub fn whole(&self) -> String {
        let mut whole = self.title.clone();
        for heading in &self.headings {
            whole.push_str(" > ");
            whole.push_str(heading);
        }
        whole.push('\n');
        whole.push_str(&self.body());
        whole
    }

    /// As the core takes it.
    pub fn passage(&self, score: f32) -> Passage {
        Passage {
            id: self.id.to_string(),
            text: self.body(),
            source: Source {
                document: self.document.clone(),
                headings: self.headings.clone(),
                span: Some(self.span),
            },
            score,
        }
    }
}

/// Names a chunk for as long as its document's path and its words stay the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ChunkId(pub u128);

impl ChunkId {
    /// The id of these words in a document; `repeat` counts how often the same words stood in the
    /// document before.
    pub fn of(document: &str, headings: &[String], lead: &str, text: &str, repeat: u32) -> Self {
        let mut hash = Sha256::new();
        let mut part = |part: &[u8]| {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        };
        part(document.as_bytes());
        for heading in headings {
            part(heading.as_bytes());
        }
        part(lead.as_bytes());
        part(text.as_bytes());
        part(&repeat.to_le_bytes());
        let mut id = [0; 16];
        for (byte, hashed) in id.iter_mut().zip(hash.finalize()) {
            *byte = hashed;
        }
        Self(u128::from_be_bytes(id))
    }
}

impl fmt::Display for ChunkId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

#[cfg(test)]
mod tests;
