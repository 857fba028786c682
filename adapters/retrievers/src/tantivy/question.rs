//! Makes a query of what was said: terms with weights, and which of them stand side by side.

use std::collections::HashMap;

use voicera::words::Language;

use super::settings::Settings;
use super::terms::{Analysis, Asked, Role};
use super::vocabulary::Vocabulary;
use crate::search::{Said, Wanted};

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

/// What a word counts that is only guessed.
const MENDED: f32 = 0.5;

/// How many unknown words of a question are guessed; each costs about as much as the whole search.
const GUESSES: usize = 8;

/// In letters.
const SHORTEST_HALF: usize = 3;

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
        let language = &wanted.language;
        let asked = |said: &Said| (self.analysis.of_question(&said.text, language), said.weight);
        // What is asked now comes first, so that its unknown words are the ones that are guessed.
        let mut said: Vec<_> = wanted.said.iter().rev().map(asked).collect();
        let mut words = said.iter().flat_map(|(asked, _)| asked);
        if !words.any(|word| word.role == Role::Meaning) {
            // Whoever says nothing but `who are you` means just that.
            let words = said.iter_mut().flat_map(|(asked, _)| asked);
            words.for_each(|word| word.role = Role::Meaning);
        }
        let mut draft = Draft::default();
        for (asked, weight) in &said {
            self.utterance(asked, *weight, language, &mut draft);
            if self.mend {
                self.join(asked, *weight, language, &mut draft);
            }
        }
        self.rarest(draft.query)
    }

    fn utterance(&self, asked: &[Asked], weight: f32, language: &Language, draft: &mut Draft) {
        let mut last: Option<(usize, u32)> = None;
        for word in asked {
            let readings = match word.role {
                Role::Stop => continue,
                Role::Whole if !self.vocabulary.knows(&word.term.text) => continue,
                Role::Whole | Role::Meaning => self.readings(word, language, draft),
            };
            for (position, reading) in (word.term.position..).zip(readings) {
                let Some(place) = draft.add(reading.terms, weight * reading.weight) else {
                    continue;
                };
                if let Some((first, before)) = last {
                    let gap = position.saturating_sub(before);
                    let second = place;
                    draft.pair(Pair { first, second, gap });
                }
                last = Some((place, position));
            }
        }
    }

    /// What a word may be: one word, or two where it is unknown and two known ones make it.
    fn readings(&self, asked: &Asked, language: &Language, draft: &mut Draft) -> Vec<Word> {
        let mut terms = vec![asked.term.text.clone()];
        let mut add = |term: String| {
            if self.vocabulary.knows(&term) && !terms.contains(&term) {
                terms.push(term);
            }
        };
        if asked.word != asked.term.text {
            add(asked.word.clone());
        }
        for other in self
            .languages
            .iter()
            .filter(|other| !other.speaks(language))
        {
            add(self.analysis.stem(&asked.word, other));
        }
        let known = terms.len() > 1 || self.vocabulary.knows(&asked.term.text);
        let word = asked.word.chars().all(char::is_alphabetic);
        if known || !self.mend || !word || draft.guesses >= GUESSES {
            return vec![Word { terms, weight: 1.0 }];
        }
        draft.guesses += 1;
        if let Some((first, second)) = self.split(&asked.word, language) {
            let half = |term| Word {
                terms: vec![term],
                weight: MENDED,
            };
            return vec![half(first), half(second)];
        }
        let alike = self.vocabulary.alike(&asked.term.text, 2);
        if !alike.is_empty() {
            terms = alike.into_iter().map(str::to_owned).collect();
            return vec![Word {
                terms,
                weight: MENDED,
            }];
        }
        vec![Word { terms, weight: 1.0 }]
    }

    /// The two known words a word is made of; of several the pair whose rarer one is most common.
    fn split(&self, word: &str, language: &Language) -> Option<(String, String)> {
        let cuts = word
            .char_indices()
            .map(|(at, _)| at)
            .filter(|at| *at >= SHORTEST_HALF);
        let halves = cuts.filter_map(|at| {
            let (first, second) = word.split_at_checked(at)?;
            let stems = (
                self.analysis.stem(first, language),
                self.analysis.stem(second, language),
            );
            (second.len() >= SHORTEST_HALF).then_some(stems)
        });
        let found = |(first, second): &(String, String)| {
            self.vocabulary
                .found(first)
                .min(self.vocabulary.found(second))
        };
        halves.filter(|halves| found(halves) > 0).max_by_key(found)
    }

    /// Adds the known words that neighbours make when they are joined: `in voice`, `in co terms`.
    fn join(&self, asked: &[Asked], weight: f32, language: &Language, draft: &mut Draft) {
        let is_part = |word: &&Asked| word.role != Role::Whole;
        let parts: Vec<&Asked> = asked.iter().filter(is_part).collect();
        for count in 2..=3 {
            for run in parts.windows(count) {
                let meant = run.iter().any(|word| word.role == Role::Meaning);
                let joined: String = run.iter().map(|word| word.word.as_str()).collect();
                if !meant || !joined.chars().all(char::is_alphabetic) {
                    continue;
                }
                let mut terms = vec![self.analysis.stem(&joined, language), joined];
                terms.retain(|term| self.vocabulary.knows(term));
                terms.dedup();
                let known = |word: &&Asked| self.vocabulary.knows(&word.term.text);
                let share = if run.iter().all(known) { MENDED } else { 1.0 };
                draft.add(terms, weight * share);
            }
        }
    }

    /// Leaves out the commonest words of a question that has too many.
    fn rarest(&self, query: Query) -> Query {
        if query.words.len() <= self.limit {
            return query;
        }
        let found = |word: &Word| {
            word.terms
                .iter()
                .map(|term| self.vocabulary.found(term))
                .sum()
        };
        let mut places: Vec<(u32, usize)> = query.words.iter().map(found).zip(0..).collect();
        places.retain(|(found, _)| *found > 0);
        places.sort_unstable();
        places.truncate(self.limit);
        let kept: HashMap<usize, usize> = places.iter().map(|(_, old)| *old).zip(0..).collect();
        let words = places
            .iter()
            .filter_map(|(_, old)| query.words.get(*old).cloned());
        let pairs = query.pairs.iter().filter_map(|pair| {
            let (first, second) = (*kept.get(&pair.first)?, *kept.get(&pair.second)?);
            Some(Pair {
                first,
                second,
                gap: pair.gap,
            })
        });
        Query {
            words: words.collect(),
            pairs: pairs.collect(),
        }
    }
}

#[derive(Default)]
struct Draft {
    query: Query,
    guesses: usize,
    places: HashMap<String, usize>,
}

impl Draft {
    fn pair(&mut self, pair: Pair) {
        let near = (1..=3).contains(&pair.gap) && pair.first != pair.second;
        if near && !self.query.pairs.contains(&pair) {
            self.query.pairs.push(pair);
        }
    }

    /// Where the word is in the query. A word that was said before counts once, as much as it
    /// counts most.
    fn add(&mut self, terms: Vec<String>, weight: f32) -> Option<usize> {
        let first = terms.first()?;
        if let Some(place) = self.places.get(first) {
            let word = self.query.words.get_mut(*place)?;
            word.weight = word.weight.max(weight);
            return Some(*place);
        }
        let place = self.query.words.len();
        self.places.insert(first.clone(), place);
        self.query.words.push(Word { terms, weight });
        Some(place)
    }
}

#[cfg(test)]
mod tests;
