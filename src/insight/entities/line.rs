//! A line of a transcript, cut and in lower case.

use crate::insight::EntityKind;
use crate::spoken::{self, Token};

/// A line and its pieces.
#[derive(Debug)]
pub(super) struct Line<'a> {
    pub(super) text: &'a str,
    pub(super) tokens: Vec<Token<'a>>,
    words: Vec<String>,
}

impl<'a> Line<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let tokens: Vec<_> = spoken::tokens(text).collect();
        let words = tokens
            .iter()
            .map(|token| token.text.to_lowercase().replace('’', "'"));
        let words = words.collect();
        Self {
            text,
            tokens,
            words,
        }
    }

    pub(super) fn token(&self, at: usize) -> Option<&Token<'a>> {
        self.tokens.get(at)
    }

    /// A piece in lower case; empty beyond the ends.
    pub(super) fn word(&self, at: usize) -> &str {
        self.words.get(at).map_or("", String::as_str)
    }

    /// So many pieces before.
    pub(super) fn before(&self, at: usize, back: usize) -> &str {
        at.checked_sub(back).map_or("", |at| self.word(at))
    }

    pub(super) fn has(&self, words: &[&str]) -> bool {
        self.words.iter().any(|word| words.contains(&word.as_str()))
    }

    /// The pieces from `first` up to `next`, as something that was found.
    pub(super) fn find(
        &self,
        kind: EntityKind,
        first: usize,
        next: usize,
        confidence: f32,
    ) -> Option<Find> {
        let (start, end) = (
            self.token(first)?.start,
            self.token(next.checked_sub(1)?)?.end(),
        );
        Some(Find {
            kind,
            start,
            end,
            value: None,
            confidence,
        })
    }

    /// The piece that begins at or after a byte.
    pub(super) fn at(&self, byte: usize) -> usize {
        self.tokens.partition_point(|token| token.start < byte)
    }
}

/// Something that was found in a line.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Find {
    pub(super) kind: EntityKind,
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) value: Option<String>,
    pub(super) confidence: f32,
}

impl Find {
    pub(super) fn with(self, value: Option<String>) -> Self {
        Self { value, ..self }
    }
}
