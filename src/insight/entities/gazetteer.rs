//! The names that a recogniser knows: its own, and those of a knowledge base.

use std::collections::{BTreeMap, BTreeSet};

use aho_corasick::{AhoCorasick, MatchKind};

use super::lists::{GOODS, LOCATIONS, ORGANIZATIONS, entries};
use crate::insight::EntityKind;

/// Names and what they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gazetteer {
    /// By the name in lower case; one that is added again is what it was added as last.
    names: BTreeMap<String, EntityKind>,
}

impl Gazetteer {
    pub fn add(&mut self, kind: EntityKind, name: &str) {
        let name = name.trim().to_lowercase();
        if !name.is_empty() {
            self.names.insert(name, kind);
        }
    }

    pub fn names(&self) -> impl Iterator<Item = (EntityKind, &str)> {
        self.names.iter().map(|(name, kind)| (*kind, name.as_str()))
    }

    /// The names that a document uses: words in capitals that are there more than once and never
    /// without them. What follows "in", "from", "to" for the most part is a place; a word with
    /// capitals inside ("SupplyChainCo"), or one that does something ("Acme offers"), is an
    /// organization. Anything else is left out.
    pub fn read(document: &str) -> Self {
        let mut seen: BTreeMap<String, Seen> = BTreeMap::new();
        let mut small: BTreeSet<&str> = BTreeSet::new();
        for line in document.lines() {
            let heading = line.starts_with('#');
            for sentence in line.split(['.', '|', '?', '!', ':', ';']) {
                note(sentence, heading, &mut seen, &mut small);
            }
        }
        let mut gazetteer = Self::default();
        for (name, seen) in &seen {
            let known_small = name
                .split(' ')
                .any(|word| small.contains(word.to_lowercase().as_str()));
            if let Some(kind) = seen.kind(name).filter(|_| !known_small) {
                gazetteer.add(kind, name);
            }
        }
        gazetteer
    }

    /// Takes over the names of another.
    pub fn extend(&mut self, other: &Self) {
        self.names
            .extend(other.names.iter().map(|(name, kind)| (name.clone(), *kind)));
    }
}

impl FromIterator<(EntityKind, String)> for Gazetteer {
    fn from_iter<T: IntoIterator<Item = (EntityKind, String)>>(names: T) -> Self {
        let mut gazetteer = Self::default();
        names
            .into_iter()
            .for_each(|(kind, name)| gazetteer.add(kind, &name));
        gazetteer
    }
}

/// How a name is used.
#[derive(Debug, Default)]
struct Seen {
    times: usize,
    after_place: usize,
    does: usize,
}

impl Seen {
    fn kind(&self, name: &str) -> Option<EntityKind> {
        let letters: Vec<char> = name.chars().collect();
        let camel = letters.windows(2).any(|two| {
            two.first().is_some_and(|c| c.is_lowercase())
                && two.last().is_some_and(|c| c.is_uppercase())
        });
        let acronym = name.chars().all(|c| !c.is_lowercase());
        if self.times < 2 || acronym {
            return None;
        }
        if camel || (self.does > 1 && self.does > self.after_place) {
            Some(EntityKind::Organization)
        } else {
            (2 * self.after_place >= self.times).then_some(EntityKind::Location)
        }
    }
}

fn note<'a>(
    sentence: &'a str,
    heading: bool,
    seen: &mut BTreeMap<String, Seen>,
    small: &mut BTreeSet<&'a str>,
) {
    let words: Vec<&str> = sentence
        .split_whitespace()
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
        .collect();
    let is_name = |word: &&str| {
        word.len() > 2
            && word.starts_with(char::is_uppercase)
            && word
                .chars()
                .all(|c| c.is_alphabetic() || c == '-' || c == '–')
    };
    let mut at = 0;
    while let Some(word) = words.get(at) {
        if !is_name(word) {
            small.insert(word);
            at += 1;
            continue;
        }
        let length = words
            .iter()
            .skip(at)
            .take(3)
            .take_while(|word| is_name(word))
            .count();
        let before = at
            .checked_sub(1)
            .and_then(|at| words.get(at))
            .copied()
            .unwrap_or_default();
        let after = words.get(at + length).copied().unwrap_or_default();
        // The first word of a sentence has its capital anyway, and in headings most words do.
        let first = at == 0 && !word.chars().skip(1).any(char::is_uppercase);
        let by_place = first && length == 1 && after != "to";
        if !heading && !by_place {
            let name = words.get(at..at + length).unwrap_or_default().join(" ");
            for name in name.split('–') {
                let known = seen.entry(name.to_owned()).or_default();
                known.times += 1;
                known.after_place +=
                    usize::from(PLACE.contains(&before.to_lowercase().as_str()) || after == "to");
                known.does += usize::from(DOES.contains(&after));
            }
        }
        at += length;
    }
}

const PLACE: &[&str] = &[
    "in", "from", "to", "between", "at", "via", "near", "and", "of",
];

const DOES: &[&str] = &[
    "is", "offers", "runs", "operates", "supports", "provides", "has", "moves", "needs", "checks",
    "stores", "invoices",
];

/// All names at once.
#[derive(Clone, Debug)]
pub(super) struct Names {
    automaton: Option<AhoCorasick>,
    kinds: Vec<EntityKind>,
}

/// A name in a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Named {
    pub(super) kind: EntityKind,
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Names {
    /// The built-in names and, before them, those of a knowledge base.
    pub(super) fn new(gazetteer: &Gazetteer) -> Self {
        let mut all = Gazetteer::default();
        for (kind, names) in [
            (EntityKind::Location, LOCATIONS),
            (EntityKind::Organization, ORGANIZATIONS),
            (EntityKind::ConsumerGood, GOODS),
        ] {
            entries(names).for_each(|name| all.add(kind, name));
        }
        all.extend(gazetteer);
        let mut builder = AhoCorasick::builder();
        builder
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::LeftmostLongest);
        Self {
            kinds: all.names.values().copied().collect(),
            // Only more names than an automaton can number are refused.
            automaton: builder.build(all.names.keys()).ok(),
        }
    }

    /// The names in a text that stand there as whole words.
    pub(super) fn find<'a>(&'a self, text: &'a str) -> impl Iterator<Item = Named> + 'a {
        let found = self
            .automaton
            .iter()
            .flat_map(move |automaton| automaton.find_iter(text));
        found.filter_map(move |found| {
            let kind = *self.kinds.get(found.pattern().as_usize())?;
            let inside = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
            let before = inside(text.get(..found.start())?.chars().next_back());
            let after = inside(text.get(found.end()..)?.chars().next());
            (!before && !after).then_some(Named {
                kind,
                start: found.start(),
                end: found.end(),
            })
        })
    }
}
