//! What full-text search knows of the words that were said. Every archive searches by these terms,
//! so that all of them find the same calls.
//!
//! A word is kept in its stem where its language is known, marked with the language: `en/contain`.
//! Scripts that do not part words with spaces are kept as their characters and pairs of characters.
//! A question does not say its language: each of its words is looked for in all of them.

use std::collections::BTreeSet;

use rust_stemmers::{Algorithm, Stemmer};
use voicera::ports::transcript_sink::{Content, Entry};
use voicera::words::Language;

/// A word in more bytes than that is cut off, in a transcript and in a question alike.
const LONGEST: usize = 64;

const ENGLISH: &str = "en";

/// Languages with a stemmer.
const LANGUAGES: [(&str, Algorithm); 18] = [
    ("ar", Algorithm::Arabic),
    ("da", Algorithm::Danish),
    ("de", Algorithm::German),
    ("el", Algorithm::Greek),
    (ENGLISH, Algorithm::English),
    ("es", Algorithm::Spanish),
    ("fi", Algorithm::Finnish),
    ("fr", Algorithm::French),
    ("hu", Algorithm::Hungarian),
    ("it", Algorithm::Italian),
    ("nl", Algorithm::Dutch),
    ("no", Algorithm::Norwegian),
    ("pt", Algorithm::Portuguese),
    ("ro", Algorithm::Romanian),
    ("ru", Algorithm::Russian),
    ("sv", Algorithm::Swedish),
    ("ta", Algorithm::Tamil),
    ("tr", Algorithm::Turkish),
];

/// The terms of what was said in a call, each once.
pub(crate) fn of(entries: &[Entry]) -> BTreeSet<String> {
    let mut terms = BTreeSet::new();
    // The agent answers in the language of the caller.
    let mut language = ENGLISH.to_owned();
    for entry in entries {
        if let Content::Caller(line) = &entry.content
            && let Some(spoken) = &line.language
        {
            language = known_as(spoken);
        }
        if let Some((_, text)) = entry.said() {
            add(&mut terms, text, &language);
        }
    }
    terms
}

/// The words that a call is to have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Question {
    /// For each word the terms that stand for it; one of them has to be there.
    words: Vec<Vec<String>>,
}

impl Question {
    /// `None` when the text has no words.
    pub(crate) fn of(text: &str) -> Option<Self> {
        let mut words = Vec::new();
        for run in runs(text) {
            match run {
                Run::Word(word) => words.push(any_language(&word)),
                Run::Unspaced(characters) => match characters.as_slice() {
                    [only] => words.push(vec![only.to_string()]),
                    _ => words.extend(pairs(&characters).map(|pair| vec![pair])),
                },
            }
        }
        (!words.is_empty()).then_some(Self { words })
    }

    pub(crate) fn is_answered_by(&self, terms: &BTreeSet<String>) -> bool {
        let mut words = self.words.iter();
        words.all(|word| word.iter().any(|term| terms.contains(term)))
    }

    /// For each word the terms that stand for it.
    pub(crate) fn words(&self) -> &[Vec<String>] {
        &self.words
    }
}

fn add(terms: &mut BTreeSet<String>, text: &str, language: &str) {
    let stemmer = stemmer(language);
    for run in runs(text) {
        match (run, &stemmer) {
            (Run::Word(word), Some(stemmer)) => {
                terms.insert(format!("{language}/{}", stemmer.stem(&word)));
            }
            (Run::Word(word), None) => {
                terms.insert(word);
            }
            (Run::Unspaced(characters), _) => {
                terms.extend(pairs(&characters));
                terms.extend(characters.iter().map(char::to_string));
            }
        }
    }
}

fn any_language(word: &str) -> Vec<String> {
    let stems = LANGUAGES.iter().map(|(language, algorithm)| {
        let stemmer = Stemmer::create(*algorithm);
        format!("{language}/{}", stemmer.stem(word))
    });
    stems.chain([word.to_owned()]).collect()
}

fn stemmer(language: &str) -> Option<Stemmer> {
    let known = LANGUAGES.iter().find(|(known, _)| *known == language);
    known.map(|(_, algorithm)| Stemmer::create(*algorithm))
}

fn known_as(language: &Language) -> String {
    let primary = language.primary();
    match primary.as_str() {
        "nb" | "nn" => "no".to_owned(),
        _ => primary,
    }
}

/// A stretch of text that belongs together.
enum Run {
    /// In lower case.
    Word(String),
    Unspaced(Vec<char>),
}

fn runs(text: &str) -> Vec<Run> {
    let mut runs = Vec::new();
    for word in text.split(|character: char| !character.is_alphanumeric()) {
        let mut word: Vec<char> = word.chars().flat_map(char::to_lowercase).collect();
        while let Some(first) = word.first() {
            let unspaced = is_unspaced(*first);
            let end = word
                .iter()
                .position(|other| is_unspaced(*other) != unspaced);
            let rest = word.split_off(end.unwrap_or(word.len()));
            runs.push(match unspaced {
                true => Run::Unspaced(word),
                false => Run::Word(cut(word.into_iter().collect())),
            });
            word = rest;
        }
    }
    runs
}

fn cut(mut word: String) -> String {
    word.truncate(word.floor_char_boundary(LONGEST));
    word
}

fn pairs(characters: &[char]) -> impl Iterator<Item = String> {
    characters.windows(2).map(|pair| pair.iter().collect())
}

/// Whether the script of a character does not part words with spaces, or parts them where a search
/// would not.
fn is_unspaced(character: char) -> bool {
    matches!(character,
        '\u{0E00}'..='\u{0EFF}' // Thai, Lao
        | '\u{1000}'..='\u{109F}' // Myanmar
        | '\u{1780}'..='\u{17FF}' // Khmer
        | '\u{1100}'..='\u{11FF}' // Hangul letters
        | '\u{3040}'..='\u{30FF}' // Hiragana, Katakana
        | '\u{3400}'..='\u{9FFF}' // Han
        | '\u{AC00}'..='\u{D7AF}' // Hangul
        | '\u{F900}'..='\u{FAFF}'
        | '\u{FF66}'..='\u{FF9F}'
        | '\u{20000}'..='\u{3FFFF}')
}

#[cfg(test)]
mod tests;
