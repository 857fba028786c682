//! Which services a caller is interested in, by labelled phrases.

use std::collections::{BTreeMap, HashMap};

use super::lines::{Spoken, Word, plain};
use super::stems::{Stems, is_function_word};
use super::{Place, Service};
use crate::words::Speaker;

mod sample;

/// A service and what callers say who want it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PhraseSet {
    pub label: String,
    /// Found as they are written, whole words, whatever the case and the punctuation.
    pub exact: Vec<String>,
    /// Found in other forms of the words too (`ships` for `shipping`), with a slip of the
    /// recogniser, in any order, and with a few words in between.
    pub fuzzy: Vec<String>,
    /// Found as `exact` ones are: what is said there does not count, such as "by the book".
    pub except: Vec<String>,
}

impl PhraseSet {
    /// What callers of a freight company ask for.
    pub fn sample() -> Vec<Self> {
        sample::sets()
    }
}

/// The most phrases that are looked for; later ones are left out.
pub const MOST_PHRASES: usize = 4096;

/// The words between those of a fuzzy phrase, all together.
const STRAY_WORDS: usize = 3;

/// How sure a phrase makes, as it is written and in another form.
const EXACT: f32 = 0.95;
const FUZZY: f32 = 0.85;
/// What a slip of the recogniser takes off, and what every further place adds.
const SLIP: f32 = 0.1;
const FURTHER: f32 = 0.05;
const SUREST: f32 = 0.99;

/// Finds the phrases of all sets at once.
#[derive(Debug)]
pub(super) struct Classifier {
    labels: Vec<String>,
    phrases: Vec<Phrase>,
    /// Which words, as they are and as stems, stand for which number.
    exact: HashMap<String, u32>,
    stems: HashMap<String, Vec<u32>>,
    /// The phrases that begin with a word, and the fuzzy ones that hold it.
    begin: HashMap<u32, Vec<usize>>,
    hold: HashMap<u32, Vec<usize>>,
    /// Words of fuzzy phrases that are long enough to be misheard, by their first letter.
    long: HashMap<char, Vec<(String, u32)>>,
}

#[derive(Debug)]
struct Phrase {
    label: usize,
    kind: Kind,
    words: Vec<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Exact,
    Fuzzy,
    Except,
}

/// A word of a line: which words of phrases it is.
#[derive(Debug, Default)]
struct Reading {
    exact: Option<u32>,
    fuzzy: Vec<u32>,
    /// It is one of them but for a slip.
    slipped: bool,
    start: usize,
    end: usize,
}

/// A phrase in a line.
#[derive(Clone, Copy, Debug)]
struct Match {
    label: usize,
    confidence: f32,
    place: Place,
}

impl Classifier {
    pub(super) fn new(sets: &[PhraseSet], stems: &Stems) -> Self {
        let mut classifier = Self {
            labels: sets.iter().map(|set| set.label.clone()).collect(),
            phrases: Vec::new(),
            exact: HashMap::new(),
            stems: HashMap::new(),
            begin: HashMap::new(),
            hold: HashMap::new(),
            long: HashMap::new(),
        };
        for (label, set) in sets.iter().enumerate() {
            for (kind, phrases) in [
                (Kind::Exact, &set.exact),
                (Kind::Fuzzy, &set.fuzzy),
                (Kind::Except, &set.except),
            ] {
                for phrase in phrases {
                    classifier.add(label, kind, phrase, stems);
                }
            }
        }
        classifier
    }

    fn add(&mut self, label: usize, kind: Kind, phrase: &str, stems: &Stems) {
        let (text, words) = plain(phrase);
        let said = words.iter().filter_map(|word| text.get(word.from..word.to));
        let said = said.filter(|word| word.starts_with(char::is_alphanumeric));
        let all: Vec<&str> = said.collect();
        // "a price for a container" is about a price and a container; of "where pallets" the
        // pallets alone would say too little.
        let telling = all.iter().filter(|word| !is_function_word(word)).copied();
        let telling: Vec<&str> = telling.collect();
        let kept = match kind {
            Kind::Fuzzy if telling.len() > 1 => telling,
            Kind::Exact | Kind::Fuzzy | Kind::Except => all,
        };
        if kept.is_empty() || self.phrases.len() == MOST_PHRASES {
            return;
        }
        let index = self.phrases.len();
        let words: Vec<u32> = kept.iter().map(|word| self.number(word)).collect();
        match kind {
            Kind::Exact | Kind::Except => {
                if let Some(first) = words.first() {
                    self.begin.entry(*first).or_default().push(index);
                }
            }
            Kind::Fuzzy => {
                for (word, number) in kept.iter().zip(&words) {
                    self.loosen(word, *number, stems);
                    self.hold.entry(*number).or_default().push(index);
                }
            }
        }
        self.phrases.push(Phrase { label, kind, words });
    }

    fn number(&mut self, word: &str) -> u32 {
        let next = u32::try_from(self.exact.len()).unwrap_or(u32::MAX);
        *self.exact.entry(word.to_owned()).or_insert(next)
    }

    fn loosen(&mut self, word: &str, number: u32, stems: &Stems) {
        for stem in stems.all(word) {
            let numbers = self.stems.entry(stem).or_default();
            if !numbers.contains(&number) {
                numbers.push(number);
            }
        }
        if let (Some(first), Some(_)) = (word.chars().next(), slips(word)) {
            let long = self.long.entry(first).or_default();
            if !long.iter().any(|(_, known)| *known == number) {
                long.push((word.to_owned(), number));
            }
        }
    }

    /// The services that are named, the surest first, and of those the first named.
    pub(super) fn services(&self, lines: &[Spoken<'_>], stems: &Stems) -> Vec<Service> {
        let mut found: BTreeMap<usize, Vec<Match>> = BTreeMap::new();
        for line in lines.iter().filter(|it| it.speaker == Speaker::Caller) {
            for hit in self.matches(line, stems) {
                found.entry(hit.label).or_default().push(hit);
            }
        }
        let mut services: Vec<_> = found
            .into_iter()
            .filter_map(|(label, hits)| self.service(label, &hits))
            .collect();
        services.sort_by(|one, two| {
            let surer = two.confidence.total_cmp(&one.confidence);
            surer.then_with(|| one.evidence.cmp(&two.evidence))
        });
        services
    }

    fn service(&self, label: usize, hits: &[Match]) -> Option<Service> {
        let surest = hits.iter().map(|hit| hit.confidence).fold(0.0, f32::max);
        let mut evidence: Vec<Place> = hits.iter().map(|hit| hit.place).collect();
        evidence.sort_unstable();
        evidence.dedup();
        let further = evidence.iter().skip(1).map(|_| FURTHER).sum::<f32>();
        Some(Service {
            label: self.labels.get(label)?.clone(),
            confidence: (surest + further).min(SUREST),
            evidence,
        })
    }

    /// The phrases in a line; of those of a label that overlap, the surest.
    fn matches(&self, line: &Spoken<'_>, stems: &Stems) -> Vec<Match> {
        let words: Vec<Reading> = self.read(line, stems);
        let mut hits = Vec::new();
        let mut excepted = Vec::new();
        for (at, word) in words.iter().enumerate() {
            let begun = word.exact.and_then(|number| self.begin.get(&number));
            for phrase in self.phrases_of(begun) {
                let Some(place) = exactly(phrase, &words, at, line.entry) else {
                    continue;
                };
                match phrase.kind {
                    Kind::Except => excepted.push((phrase.label, place)),
                    Kind::Exact | Kind::Fuzzy => hits.push(Match {
                        label: phrase.label,
                        confidence: EXACT,
                        place,
                    }),
                }
            }
            for number in &word.fuzzy {
                for phrase in self.phrases_of(self.hold.get(number)) {
                    hits.extend(loosely(phrase, &words, at, line.entry));
                }
            }
        }
        hits.retain(|hit| {
            !excepted
                .iter()
                .any(|(label, place)| *label == hit.label && overlap(place, &hit.place))
        });
        hits.retain(|hit| !is_declined(line, &hit.place));
        hits.sort_by(|one, two| two.confidence.total_cmp(&one.confidence));
        let mut kept: Vec<Match> = Vec::new();
        for hit in hits {
            let known = |it: &Match| it.label == hit.label && overlap(&it.place, &hit.place);
            if !kept.iter().any(known) {
                kept.push(hit);
            }
        }
        kept
    }

    fn phrases_of<'a>(
        &'a self,
        indices: Option<&'a Vec<usize>>,
    ) -> impl Iterator<Item = &'a Phrase> {
        let indices = indices.into_iter().flatten();
        indices.filter_map(|index| self.phrases.get(*index))
    }

    fn read(&self, line: &Spoken<'_>, stems: &Stems) -> Vec<Reading> {
        let words = line.words().map(|(word, text)| {
            let mut reading = Reading {
                exact: self.exact.get(text).copied(),
                start: word.start,
                end: word.end,
                ..Reading::default()
            };
            let stem = stems.stem(text, line.language);
            let known = self.stems.get(text).into_iter();
            let known = known.chain(self.stems.get(stem.as_ref()));
            for number in known.flatten() {
                if !reading.fuzzy.contains(number) {
                    reading.fuzzy.push(*number);
                }
            }
            if reading.fuzzy.is_empty() && reading.exact.is_none() {
                reading.fuzzy = self.misheard(text);
                reading.slipped = !reading.fuzzy.is_empty();
            }
            reading
        });
        words.collect()
    }

    /// The words that this one may have been.
    fn misheard(&self, word: &str) -> Vec<u32> {
        let (Some(first), Some(allowed)) = (word.chars().next(), slips(word)) else {
            return Vec::new();
        };
        let long = self.long.get(&first).into_iter().flatten();
        let near = long.filter(|(known, _)| {
            known.len().abs_diff(word.len()) <= allowed
                && strsim::osa_distance(known, word) <= allowed
        });
        near.map(|(_, number)| *number).collect()
    }
}

/// Whether what stands before a phrase says that it is not wished for: "I don't want a quote".
fn is_declined(line: &Spoken<'_>, hit: &Place) -> bool {
    let before = line.words().take_while(|(word, _)| word.start < hit.end);
    let before: Vec<(&Word, &str)> = before.collect();
    let (mut wished, mut declined) = (false, false);
    for (word, text) in before.iter().rev() {
        let inside = word.start >= hit.start;
        if DENIALS.contains(text) {
            declined = true;
            break;
        }
        wished |= WISHES.contains(text);
        if !(inside || WISHES.contains(text) || LINKS.contains(text)) {
            break;
        }
    }
    wished && declined
}

const DENIALS: [&str; 5] = ["dont", "not", "didnt", "never", "without"];
const WISHES: [&str; 10] = [
    "want", "need", "wish", "like", "looking", "going", "calling", "trying", "asking", "wanted",
];
const LINKS: [&str; 10] = [
    "to", "a", "an", "any", "the", "my", "about", "for", "really", "have",
];

/// How many letters of a word may be wrong. Short words are too near to each other.
fn slips(word: &str) -> Option<usize> {
    match word.chars().count() {
        0..=5 => None,
        6..=9 => Some(1),
        _ => Some(2),
    }
}

fn overlap(one: &Place, two: &Place) -> bool {
    one.entry == two.entry && one.start < two.end && two.start < one.end
}

fn exactly(phrase: &Phrase, words: &[Reading], at: usize, entry: usize) -> Option<Place> {
    let said = words.get(at..at + phrase.words.len())?;
    let same = |(word, number): (&Reading, &u32)| word.exact == Some(*number);
    let all = said.iter().zip(&phrase.words).all(same);
    let (first, last) = (said.first()?, said.last()?);
    all.then_some(Place {
        entry,
        start: first.start,
        end: last.end,
    })
}

/// The phrase from this word on, in any order, with a few stray words.
fn loosely(phrase: &Phrase, words: &[Reading], at: usize, entry: usize) -> Option<Match> {
    let reach = phrase.words.len() + STRAY_WORDS;
    let near = words.get(at..words.len().min(at + reach))?;
    let mut missing = phrase.words.clone();
    let (mut end, mut slipped) = (0, false);
    for word in near {
        let here = missing.iter().position(|it| word.fuzzy.contains(it));
        if let Some(here) = here {
            missing.swap_remove(here);
            (end, slipped) = (word.end, slipped || word.slipped);
        }
        if missing.is_empty() {
            break;
        }
    }
    let start = near.first()?.start;
    missing.is_empty().then_some(Match {
        label: phrase.label,
        confidence: FUZZY - if slipped { SLIP } else { 0.0 },
        place: Place { entry, start, end },
    })
}

#[cfg(test)]
mod tests;
