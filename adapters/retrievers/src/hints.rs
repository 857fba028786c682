//! The rare words of a knowledge base, for a recogniser that would mishear them.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::LazyLock;

use rust_stemmers::{Algorithm, Stemmer};
use serde::Deserialize;
use voicera::words::Language;

mod reading;

use reading::{Kind, Seen};

/// How many hints are taken from the documents.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// The most hints. Default 100.
    pub max_hints: usize,
    /// The most characters of all hints together, with the commas between them. Default 1500.
    pub max_characters: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            max_hints: 100,
            max_characters: 1_500,
        }
    }
}

/// What is known of a word, whatever its case.
#[derive(Debug, Default)]
struct Word {
    /// How it was written, and how often.
    ways: BTreeMap<(Kind, String), usize>,
    documents: BTreeSet<usize>,
}

/// Names, acronyms, identifiers and rare words of the documents, the most telling first. The same
/// documents have the same hints. None has a comma.
pub fn hints(documents: &[&str], language: &Language, settings: &Settings) -> Vec<String> {
    let mut words: BTreeMap<String, Word> = BTreeMap::new();
    for (document, text) in documents.iter().enumerate() {
        for Seen { way, kind } in reading::read(text, language) {
            let word = words.entry(singular(&way)).or_default();
            *word.ways.entry((kind, way)).or_default() += 1;
            word.documents.insert(document);
        }
    }
    let mut ranked: Vec<_> = words.values().filter_map(ranked).collect();
    ranked.sort_by(|(rank, way), (other, after)| other.cmp(rank).then_with(|| way.cmp(after)));
    let mut room = settings.max_characters;
    let ways = ranked.into_iter().map(|(_, way)| way.to_owned());
    let fitting = ways.filter(|way| {
        let left = room.checked_sub(way.chars().count() + 1);
        room = left.unwrap_or(room);
        left.is_some()
    });
    fitting.take(settings.max_hints).collect()
}

/// A word that is worth a hint, and how much: its kind first, then in how many documents it is.
fn ranked(word: &Word) -> Option<((Kind, usize), &str)> {
    let telling = word
        .ways
        .iter()
        .rev()
        .filter(|((kind, _), _)| *kind > Kind::Ordinary);
    let ((kind, way), _) = telling.max_by_key(|((kind, _), count)| (*kind, **count))?;
    Some(((*kind, word.documents.len()), way))
}

/// What a word and its plural have in common.
fn singular(way: &str) -> String {
    let small = way.to_lowercase();
    match small.strip_suffix('s') {
        Some(one) if one.chars().count() > 4 => one.to_owned(),
        Some(_) | None => small,
    }
}

/// Whether everybody uses the word, in this form or another.
fn is_common(word: &str) -> bool {
    static COMMON: LazyLock<HashSet<String>> = LazyLock::new(|| {
        let words = include_str!("hints/common.txt").split_whitespace();
        words
            .flat_map(|word| [word.to_owned(), stem(word)])
            .collect()
    });
    // "larger" and "largest" of "large", "earlier" and "earliest" of "early".
    let compared = ["r", "er", "st", "est"].into_iter();
    let compared = compared.filter_map(|ending| word.strip_suffix(ending));
    let mut forms = compared.map(|form| match form.strip_suffix('i') {
        Some(form) => format!("{form}y"),
        None => form.to_owned(),
    });
    COMMON.contains(word) || COMMON.contains(&stem(word)) || forms.any(|f| COMMON.contains(&f))
}

fn stem(word: &str) -> String {
    Stemmer::create(Algorithm::English).stem(word).into_owned()
}

#[cfg(test)]
mod tests;
