//! Sentences of the evidence, ready to be compared with a question.

use std::collections::HashMap;

use super::document::{Form, Headings, Material, Statement};
use super::figures::{self, Figures};
use super::lexicon::Lexicon;
use super::question::has_cue;
use super::words::{Case, Role, Word, words};

/// How many words up to the end of a list's first item may say what is listed.
const HEAD_OF_LIST: usize = 5;

/// How many sentences a knowledge base is taken to have where only passages of it are seen.
const LIBRARY: usize = 400;

/// A word that occurs in the evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Term(u32);

/// What can be said.
#[derive(Debug)]
pub(super) struct Sentence {
    pub(super) text: String,
    /// How many words it takes to say it.
    pub(super) length: usize,
    /// In order, words that only hold it together left out.
    pub(super) terms: Vec<Term>,
    /// How many of them stand before "is".
    before_copula: usize,
    /// Those of them that are numbers.
    pub(super) numbers: Vec<Term>,
    /// The number right before a term: 40 and foot.
    pub(super) counts: Vec<(Term, Term)>,
    /// Words that stand together: ocean and freight.
    pub(super) pairs: Vec<(Term, Term)>,
    /// What stands right before things in a row: what they are. None where nothing is listed.
    pub(super) listed: Option<Vec<Term>>,
    /// It points at what was said before, so that it makes little sense alone.
    pub(super) dangling: bool,
    pub(super) figures: Figures,
    pub(super) form: Form,
    /// The terms of a row's cells; empty where it is no row.
    pub(super) cells: Vec<Term>,
    pub(super) block: usize,
    pub(super) section: usize,
    /// The first of its section.
    pub(super) leads: bool,
}

impl Sentence {
    /// What it is about: the terms before "is". Empty where there is no such word.
    pub(super) fn subject(&self) -> &[Term] {
        let terms = self.terms.get(..self.before_copula);
        terms
            .filter(|subject| subject.len() < self.terms.len())
            .unwrap_or_default()
    }
}

/// What a section is about.
#[derive(Debug)]
pub(super) struct Topic {
    pub(super) heading: Vec<Term>,
    /// The headings above it.
    pub(super) above: Vec<Term>,
    /// Words that stand together in any of them.
    pub(super) pairs: Vec<(Term, Term)>,
}

#[derive(Debug, Default)]
pub(super) struct Index {
    sentences: Vec<Sentence>,
    topics: Vec<Topic>,
    vocabulary: HashMap<String, Term>,
    entries: Vec<Entry>,
    /// Pairs of terms that were seen as different things of one kind, both ways round, and how
    /// often. Once proves little.
    alternatives: HashMap<(Term, Term), u32>,
    /// How many sentences there are at least where these are taken from.
    taken_from: usize,
}

/// What is known of a term.
#[derive(Debug, Default)]
struct Entry {
    sentences: Vec<usize>,
    seen_small: bool,
    seen_capital: bool,
    has_alternatives: bool,
}

impl Index {
    pub(super) fn new(material: Material, lexicon: &Lexicon) -> Self {
        let mut index = Self::default();
        for headings in &material.sections {
            index.add_topic(headings, lexicon);
        }
        for statement in material.statements {
            index.add(statement, lexicon);
        }
        for column in &material.columns {
            index.add_column(column, lexicon);
        }
        index
    }

    /// Passages that were found because they hold the words of a question. Nearly every one of
    /// them holds those words, which makes them no less rare where the passages come from.
    pub(super) fn of_excerpts(material: Material, lexicon: &Lexicon) -> Self {
        Self {
            taken_from: LIBRARY,
            ..Self::new(material, lexicon)
        }
    }

    pub(super) fn sentences(&self) -> &[Sentence] {
        &self.sentences
    }

    pub(super) fn topic(&self, section: usize) -> Option<&Topic> {
        self.topics.get(section)
    }

    pub(super) fn term(&self, stem: &str) -> Option<Term> {
        self.vocabulary.get(stem).copied()
    }

    /// The term, where it stands in a sentence and not in headings alone.
    pub(super) fn spoken(&self, stem: &str) -> Option<Term> {
        self.term(stem)
            .filter(|term| !self.holding(*term).is_empty())
    }

    /// The sentences that hold the term, by place.
    pub(super) fn holding(&self, term: Term) -> &[usize] {
        let entry = self.entry(term);
        entry.map_or(&[], |entry| entry.sentences.as_slice())
    }

    /// How much it says that a sentence holds the term: the rarer, the more.
    pub(super) fn weight(&self, term: Term) -> f32 {
        self.rarity(self.holding(term).len())
    }

    /// The weight of what does not occur.
    pub(super) fn weight_of_unknown(&self) -> f32 {
        self.rarity(0)
    }

    fn rarity(&self, holding: usize) -> f32 {
        let (all, holding) = (self.all() as f32, holding as f32);
        (1.0 + (all - holding + 0.5) / (holding + 0.5)).ln()
    }

    fn all(&self) -> usize {
        self.sentences.len().max(self.taken_from)
    }

    /// Whether the term is a name that tells some sentences from others.
    pub(super) fn is_name(&self, term: Term) -> bool {
        let all = self.all();
        let rare = self.holding(term).len() <= (all / 12).max((all / 4).min(8));
        let entry = self.entry(term);
        rare && entry.is_some_and(|entry| entry.seen_capital && !entry.seen_small)
    }

    pub(super) fn are_alternatives(&self, one: Term, other: Term) -> bool {
        self.alternatives
            .get(&(one, other))
            .is_some_and(|times| *times > 1)
    }

    /// Whether the term stands for one of several things of a kind.
    pub(super) fn has_alternatives(&self, term: Term) -> bool {
        let mut pairs = self.alternatives.iter();
        pairs.any(|((one, _), times)| *one == term && *times > 1)
    }

    /// Whether a sentence holds the two words together.
    pub(super) fn stand_together(&self, one: Term, next: Term) -> bool {
        let mut holding = self.holding(one).iter();
        holding.any(|place| {
            let sentence = self.sentences.get(*place);
            sentence.is_some_and(|sentence| sentence.pairs.contains(&(one, next)))
        })
    }

    fn entry(&self, term: Term) -> Option<&Entry> {
        self.entries.get(term.0 as usize)
    }

    fn intern(&mut self, stem: &str) -> Term {
        if let Some(term) = self.vocabulary.get(stem) {
            return *term;
        }
        let term = Term(u32::try_from(self.entries.len()).unwrap_or(u32::MAX));
        self.entries.push(Entry::default());
        self.vocabulary.insert(stem.to_owned(), term);
        term
    }

    fn intern_all(&mut self, words: &[Word]) -> Vec<Term> {
        let said = words.iter().filter(|word| word.role != Role::Stop);
        said.map(|word| self.intern(&word.stem)).collect()
    }

    fn add_topic(&mut self, headings: &Headings, lexicon: &Lexicon) {
        let mut headings = headings.iter().rev();
        let own = words(headings.next().map_or("", String::as_str), lexicon);
        let heading = self.intern_all(&own);
        let outer: Vec<Word> = headings.flat_map(|text| words(text, lexicon)).collect();
        let above = self.intern_all(&outer);
        let pairs = [self.pairs(&own), self.pairs(&outer)].concat();
        self.topics.push(Topic {
            heading,
            above,
            pairs,
        });
    }

    fn add(&mut self, statement: Statement, lexicon: &Lexicon) {
        let words = words(&statement.text, lexicon);
        let terms = self.intern_all(&words);
        let place = self.sentences.len();
        let said = words.iter().filter(|word| word.role != Role::Stop);
        for (word, term) in said.zip(&terms) {
            if let Some(entry) = self.entries.get_mut(term.0 as usize) {
                entry.seen_capital |= word.case == Case::Capital;
                entry.seen_small |= word.case == Case::Small;
                if entry.sentences.last() != Some(&place) {
                    entry.sentences.push(place);
                }
            }
        }
        let cells = self::words(&statement.cells, lexicon);
        let cells = self.intern_all(&cells);
        self.add_list(&words, lexicon);
        let last = self.sentences.last();
        self.sentences.push(Sentence {
            before_copula: before_copula(&words, lexicon),
            numbers: self.numbers(&words),
            counts: self.counts(&words),
            pairs: self.pairs(&words),
            listed: figures::list(&words, lexicon).map(|first| self.before(first, &words)),
            dangling: is_dangling(&words, lexicon),
            leads: last.is_none_or(|last| last.section != statement.section),
            length: statement.text.split_whitespace().count(),
            figures: Figures::of(&statement.text, &words, lexicon),
            text: statement.text,
            terms,
            form: statement.form,
            cells,
            block: statement.block,
            section: statement.section,
        });
    }

    /// The terms of the few words up to a place.
    fn before(&self, place: usize, words: &[Word]) -> Vec<Term> {
        let before = words.iter().take(place + 1).rev();
        let terms = before.filter_map(|word| self.term(&word.stem));
        terms.take(HEAD_OF_LIST).collect()
    }

    fn numbers(&self, words: &[Word]) -> Vec<Term> {
        let numbers = words.iter().filter(|word| word.role == Role::Number);
        numbers.filter_map(|word| self.term(&word.stem)).collect()
    }

    fn counts(&self, words: &[Word]) -> Vec<(Term, Term)> {
        let counts = words.windows(2).filter_map(|pair| match pair {
            [number, thing] if number.counts(thing) => {
                Some((self.term(&number.stem)?, self.term(&thing.stem)?))
            }
            _ => None,
        });
        counts.collect()
    }

    fn pairs(&self, words: &[Word]) -> Vec<(Term, Term)> {
        let pairs = words.windows(2).filter_map(|pair| match pair {
            [one, next] if one.role == Role::Content && next.role == Role::Content => {
                let pair = (self.term(&one.stem)?, self.term(&next.stem)?);
                (!next.apart).then_some(pair)
            }
            _ => None,
        });
        pairs.collect()
    }

    /// "By air, ocean, rail and road": what stands in a list are alternatives.
    fn add_list(&mut self, words: &[Word], lexicon: &Lexicon) {
        let mut list: Vec<Term> = Vec::new();
        let mut at = 0;
        while let Some(word) = words.get(at) {
            let next = words.get(at + 1);
            let joined = next.is_some_and(|next| lexicon.joins(&next.plain));
            let closed = next.is_none_or(|next| next.apart || next.role == Role::Stop);
            let opened =
                at == 0 || word.apart || words.get(at - 1).is_some_and(|w| w.role == Role::Stop);
            let separate = next.is_none_or(|next| next.apart) || joined;
            match self.term(&word.stem) {
                Some(term) if word.role != Role::Stop && opened && closed => list.push(term),
                _ => list.clear(),
            }
            if !separate || next.is_none() {
                self.set_apart(&list);
                list.clear();
            }
            at += if joined { 2 } else { 1 };
        }
        self.set_apart(&list);
    }

    fn add_column(&mut self, cells: &[String], lexicon: &Lexicon) {
        let mut kind = Vec::new();
        for cell in cells {
            let words = words(cell, lexicon);
            if let &[term] = self.intern_all(&words).as_slice() {
                kind.push(term);
            }
        }
        if kind.len() > 1 {
            // A table says so as clearly as two lists.
            self.note_alternatives(&kind);
            self.note_alternatives(&kind);
        }
    }

    /// A list has three things at least: "terms and conditions" are no alternatives.
    fn set_apart(&mut self, list: &[Term]) {
        if list.len() > 2 {
            self.note_alternatives(list);
        }
    }

    fn note_alternatives(&mut self, kind: &[Term]) {
        for one in kind {
            for other in kind.iter().filter(|other| *other != one) {
                let times = self.alternatives.entry((*one, *other)).or_default();
                *times += 1;
                if *times > 1
                    && let Some(entry) = self.entries.get_mut(one.0 as usize)
                {
                    entry.has_alternatives = true;
                }
            }
        }
    }
}

fn before_copula(words: &[Word], lexicon: &Lexicon) -> usize {
    let before = words
        .iter()
        .take_while(|word| !lexicon.is_copula(&word.plain));
    before.filter(|word| word.role != Role::Stop).count()
}

fn is_dangling(words: &[Word], lexicon: &Lexicon) -> bool {
    let first = words.first();
    first.is_some_and(|word| lexicon.dangles(&word.plain))
        || has_cue(words, lexicon.data.references)
}
