//! Makes a query of what was said: terms with weights, and which of them stand side by side.

use std::collections::HashMap;

use voicera::words::Language;

use super::settings::Settings;
use super::terms::{Analysis, Asked};
use super::vocabulary::Vocabulary;
use crate::search::Wanted;

/// What is looked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Query {
    pub(super) words: Vec<Word>,
    pub(super) pairs: Vec<Pair>,
}

/// A word of the question, as the terms that may stand for it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Word {
    pub(super) terms: Vec<String>,
    pub(super) weight: f32,
}

/// Two words of the question that stand side by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pair {
    pub(super) first: usize,
    pub(super) second: usize,
    /// How many places the second stands after the first.
    pub(super) gap: u32,
}

/// What is known for making queries.
#[derive(Debug)]
pub(super) struct Asking {
    pub(super) analysis: Analysis,
    pub(super) vocabulary: Vocabulary,
    /// What the chunks are written in.
    pub(super) languages: Vec<Language>,
    pub(super) mend: bool,
    pub(super) limit: usize,
}

impl Asking {
    pub(super) fn new(
        vocabulary: Vocabulary,
        languages: Vec<Language>,
        settings: &Settings,
    ) -> Self {
        Self {
            analysis: Analysis::new(&settings.protected),
            vocabulary,
            languages,
            mend: settings.mend,
            limit: settings.terms,
        }
    }

    pub(super) fn query(&self, wanted: &Wanted) -> Query {
        let mut said = Vec::new();
        for said_now in &wanted.said {
            said.push((
                self.analysis.of_question(&said_now.text, &wanted.language),
                said_now.weight,
            ));
        }
        let meaning = said
            .iter()
            .any(|(asked, _)| asked.iter().any(|asked| !asked.stop));
        let mut draft = Draft::default();
        // What is asked now comes first, so that the bound does not cut it.
        for (asked, weight) in said.iter().rev() {
            self.utterance(asked, *weight, meaning, &wanted.language, &mut draft);
        }
        draft.query
    }

    fn utterance(
        &self,
        asked: &[Asked],
        weight: f32,
        meaning: bool,
        language: &Language,
        draft: &mut Draft,
    ) {
        let mut last: Option<(usize, u32)> = None;
        for (at, word) in asked.iter().enumerate() {
            if meaning && word.stop {
                continue;
            }
            let terms = self.terms(asked, at, language);
            let Some(place) = draft.add(terms, weight, self.limit) else {
                continue;
            };
            if let Some((first, position)) = last {
                let gap = word.term.position.saturating_sub(position);
                let pair = Pair {
                    first,
                    second: place,
                    gap,
                };
                if (1..=3).contains(&gap) && first != place && !draft.query.pairs.contains(&pair) {
                    draft.query.pairs.push(pair);
                }
            }
            last = Some((place, word.term.position));
        }
        if self.mend {
            self.join(asked, weight, language, draft);
        }
    }

    /// The terms that may stand for a word.
    fn terms(&self, asked: &[Asked], at: usize, language: &Language) -> Vec<String> {
        let Some(word) = asked.get(at) else {
            return Vec::new();
        };
        let mut terms = vec![word.term.text.clone()];
        let mut add = |term: String| {
            if self.vocabulary.knows(&term) && !terms.contains(&term) {
                terms.push(term);
            }
        };
        if word.word != word.term.text {
            add(word.word.clone());
        }
        for other in self
            .languages
            .iter()
            .filter(|other| !other.speaks(language))
        {
            add(self.analysis.stem(&word.word, other));
        }
        if terms.len() > 1 || self.vocabulary.knows(&word.term.text) || !self.mend {
            return terms;
        }
        if word.term.text.contains(|c: char| !c.is_alphabetic()) {
            return terms;
        }
        if let Some((first, second)) = self.vocabulary.split(&word.word) {
            return vec![first.to_owned(), second.to_owned()];
        }
        let alike = self.vocabulary.alike(&word.term.text, 3);
        match alike.is_empty() {
            true => terms,
            false => alike.into_iter().map(str::to_owned).collect(),
        }
    }

    /// Adds the words that two neighbours make when they are joined.
    fn join(&self, asked: &[Asked], weight: f32, language: &Language, draft: &mut Draft) {
        for pair in asked.windows(2) {
            let [first, second] = pair else { continue };
            let letters = |asked: &Asked| asked.word.chars().all(char::is_alphabetic);
            let unknown = |asked: &Asked| !self.vocabulary.knows(&asked.term.text);
            if !letters(first) || !letters(second) || first.stop && second.stop {
                continue;
            }
            let joined = format!("{}{}", first.word, second.word);
            let stem = self.analysis.stem(&joined, language);
            let terms: Vec<String> = match stem == joined {
                true => vec![joined],
                false => vec![joined, stem],
            };
            let known: Vec<String> = terms
                .into_iter()
                .filter(|term| self.vocabulary.knows(term))
                .collect();
            if !known.is_empty() {
                let share = if unknown(first) || unknown(second) {
                    1.0
                } else {
                    0.5
                };
                draft.add(known, weight * share, self.limit);
            }
        }
    }
}

#[derive(Default)]
struct Draft {
    query: Query,
    places: HashMap<String, usize>,
}

impl Draft {
    /// Where the word is in the query. A word that was said before counts once, as much as it
    /// counts most.
    fn add(&mut self, terms: Vec<String>, weight: f32, limit: usize) -> Option<usize> {
        let first = terms.first()?;
        if let Some(place) = self.places.get(first) {
            let word = self.query.words.get_mut(*place)?;
            word.weight = word.weight.max(weight);
            return Some(*place);
        }
        let place = self.query.words.len();
        if place >= limit {
            return None;
        }
        self.places.insert(first.clone(), place);
        self.query.words.push(Word { terms, weight });
        Some(place)
    }
}
