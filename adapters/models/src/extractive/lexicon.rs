//! What the model knows of a language: which words say little, which mean the same, and what kind
//! of figure a question asks for.
//!
//! Small general data about how people talk on the phone; nothing in it is about one company.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use rust_stemmers::{Algorithm, Stemmer};
use voicera::words::Language;

use super::figures::Figures;
use super::words::words;

mod english;
mod french;
mod german;
mod spanish;

/// A language as it is written down: lists of words, separated by spaces or by `|`.
pub(super) struct Data {
    pub(super) algorithm: Algorithm,
    /// Words that only hold a sentence together.
    pub(super) stop: &'static str,
    /// Words that say little about what is asked: "want", "find", "thing".
    pub(super) common: &'static str,
    /// Words before a place or a name: "from", "to", "in".
    pub(super) before_names: &'static str,
    /// Words that turn the next one around: "not bonded" is "non-bonded".
    pub(super) negations: &'static str,
    /// Words before the last part of a list.
    pub(super) conjunctions: &'static str,
    /// How many things of a kind end.
    pub(super) plural: &'static str,
    /// Words before the way something is done.
    pub(super) means: &'static str,
    /// Words between a thing and what it is.
    pub(super) copulas: &'static str,
    /// How a question for the meaning of something is put.
    pub(super) definitions: &'static [&'static str],
    /// Whether only names are written with a capital letter.
    pub(super) capitals_are_names: bool,
    pub(super) numbers: &'static [(&'static str, u32)],
    /// Several ways to write one word or name, the way it is counted as last: `kg|kilo = kilogram`.
    pub(super) same: &'static [&'static str],
    /// Words that are near enough to find one by the other.
    pub(super) related: &'static [&'static str],
    /// Wider places and kinds: `europe: germany france`. Knowledge about the wider covers the
    /// narrower.
    pub(super) within: &'static [&'static str],
    pub(super) time_units: &'static str,
    pub(super) currencies: &'static str,
    pub(super) cues: &'static [(&'static str, Figures, Demand)],
    /// How an utterance begins that only makes sense after another one.
    pub(super) lead_ins: &'static [&'static str],
    /// Words that point at what was said before.
    pub(super) pointers: &'static str,
    /// Words at the beginning of a sentence that makes little sense alone.
    pub(super) dangling: &'static str,
    /// How a sentence sends the reader elsewhere.
    pub(super) references: &'static [&'static str],
    /// Question words that what is wanted follows: "which papers".
    pub(super) focusing: &'static str,
    /// Words of a question: with one of them an utterance stands on its own.
    pub(super) question_words: &'static str,
    pub(super) small_talk: &'static [(&'static str, &'static str)],
    /// What a greeting, a thank-you or a filler looks like around the real words.
    pub(super) fillers: &'static str,
    /// All that can be said when the answer has been said already.
    pub(super) nothing_more: &'static str,
}

/// How firmly a question asks for a kind of figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Demand {
    /// Of two answers the one with it is better.
    Hint,
    /// An answer without it is likely beside the point.
    Soft,
    /// An answer without it is no answer.
    Firm,
}

/// A language, ready to be used.
pub(super) struct Lexicon {
    pub(super) data: &'static Data,
    stemmer: Stemmer,
    stop: HashSet<&'static str>,
    common: HashSet<String>,
    before_names: HashSet<&'static str>,
    negations: HashSet<&'static str>,
    conjunctions: HashSet<&'static str>,
    means: HashSet<&'static str>,
    copulas: HashSet<&'static str>,
    numbers: HashMap<&'static str, u32>,
    /// By first word: the rest of it, and what it counts as.
    same: HashMap<&'static str, Vec<(Vec<&'static str>, &'static str)>>,
    related: HashMap<String, Vec<String>>,
    within: HashMap<String, Vec<String>>,
    time_units: HashSet<String>,
    currencies: HashSet<String>,
    pointers: HashSet<&'static str>,
    dangling: HashSet<&'static str>,
    focusing: HashSet<&'static str>,
    question_words: HashSet<&'static str>,
    fillers: HashSet<&'static str>,
    small_talk: HashMap<String, &'static str>,
}

static ENGLISH: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::new(&english::DATA));
static GERMAN: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::new(&german::DATA));
static SPANISH: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::new(&spanish::DATA));
static FRENCH: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::new(&french::DATA));

impl Lexicon {
    /// The lexicon of a language, English where there is none.
    pub(super) fn of(language: &Language) -> &'static Self {
        match language.primary().as_str() {
            "de" => &GERMAN,
            "es" => &SPANISH,
            "fr" => &FRENCH,
            _ => &ENGLISH,
        }
    }
}

impl Lexicon {
    fn new(data: &'static Data) -> Self {
        let stemmer = Stemmer::create(data.algorithm);
        let stem = |word: &str| stemmer.stem(word).into_owned();
        let stems = |words: &'static str| words.split_whitespace().map(stem).collect();
        let mut related: HashMap<String, Vec<String>> = HashMap::new();
        for line in data.related {
            let group: Vec<String> = line.split_whitespace().map(stem).collect();
            for word in &group {
                let others = group.iter().filter(|other| *other != word).cloned();
                related.entry(word.clone()).or_default().extend(others);
            }
        }
        let mut within: HashMap<String, Vec<String>> = HashMap::new();
        for (wider, narrower) in data.within.iter().filter_map(|line| line.split_once(": ")) {
            for word in narrower.split_whitespace() {
                within.entry(stem(word)).or_default().push(stem(wider));
            }
        }
        let mut lexicon = Self {
            data,
            small_talk: HashMap::new(),
            stop: data.stop.split_whitespace().collect(),
            common: stems(data.common),
            before_names: data.before_names.split_whitespace().collect(),
            negations: data.negations.split_whitespace().collect(),
            conjunctions: data.conjunctions.split_whitespace().collect(),
            means: data.means.split_whitespace().collect(),
            copulas: data.copulas.split_whitespace().collect(),
            numbers: data.numbers.iter().copied().collect(),
            same: same(data.same),
            related,
            within,
            time_units: stems(data.time_units),
            currencies: stems(data.currencies),
            pointers: data.pointers.split_whitespace().collect(),
            dangling: data.dangling.split_whitespace().collect(),
            focusing: data.focusing.split_whitespace().collect(),
            question_words: data.question_words.split_whitespace().collect(),
            fillers: data.fillers.split_whitespace().collect(),
            stemmer,
        };
        for (phrases, reply) in data.small_talk {
            for phrase in phrases.split('|') {
                let words = words(phrase, &lexicon).into_iter();
                let words: Vec<String> = words.map(|word| word.plain).collect();
                lexicon.small_talk.insert(words.join(" "), reply);
            }
        }
        lexicon
    }

    pub(super) fn small_talk(&self, clause: &str) -> Option<&'static str> {
        self.small_talk.get(clause).copied()
    }

    pub(super) fn stem(&self, word: &str) -> String {
        self.stemmer.stem(word).into_owned()
    }

    pub(super) fn is_stop(&self, word: &str) -> bool {
        self.stop.contains(word)
    }

    pub(super) fn is_common(&self, stem: &str) -> bool {
        self.common.contains(stem)
    }

    pub(super) fn stands_before_names(&self, word: &str) -> bool {
        self.before_names.contains(word)
    }

    pub(super) fn negates(&self, word: &str) -> bool {
        self.negations.contains(word)
    }

    pub(super) fn joins(&self, word: &str) -> bool {
        self.conjunctions.contains(word)
    }

    pub(super) fn is_means(&self, word: &str) -> bool {
        self.means.contains(word)
    }

    pub(super) fn is_copula(&self, word: &str) -> bool {
        self.copulas.contains(word)
    }

    pub(super) fn number(&self, word: &str) -> Option<u32> {
        self.numbers.get(word).copied()
    }

    pub(super) fn is_time_unit(&self, stem: &str) -> bool {
        self.time_units.contains(stem)
    }

    pub(super) fn is_currency(&self, stem: &str) -> bool {
        self.currencies.contains(stem)
    }

    pub(super) fn points_back(&self, word: &str) -> bool {
        self.pointers.contains(word)
    }

    pub(super) fn dangles(&self, word: &str) -> bool {
        self.dangling.contains(word)
    }

    pub(super) fn focuses(&self, word: &str) -> bool {
        self.focusing.contains(word)
    }

    pub(super) fn asks(&self, word: &str) -> bool {
        self.question_words.contains(word)
    }

    pub(super) fn is_filler(&self, word: &str) -> bool {
        self.fillers.contains(word)
    }

    pub(super) fn related(&self, stem: &str) -> &[String] {
        self.related.get(stem).map_or(&[], Vec::as_slice)
    }

    /// The wider places and kinds that the word belongs to.
    pub(super) fn wider(&self, stem: &str) -> &[String] {
        self.within.get(stem).map_or(&[], Vec::as_slice)
    }

    /// What the words at the front count as together, and how many they are.
    pub(super) fn same(&self, words: &[&str]) -> Option<(usize, &'static str)> {
        let ways = self.same.get(words.first()?)?;
        let fits = |rest: &[&str]| words.get(1..=rest.len()) == Some(rest);
        let way = ways.iter().find(|(rest, _)| fits(rest));
        way.map(|(rest, canonical)| (1 + rest.len(), *canonical))
    }
}

type Ways = Vec<(Vec<&'static str>, &'static str)>;

fn same(lines: &[&'static str]) -> HashMap<&'static str, Ways> {
    let mut same: HashMap<&'static str, Ways> = HashMap::new();
    for (ways, canonical) in lines.iter().filter_map(|line| line.split_once(" = ")) {
        for way in ways.split('|') {
            let mut words = way.split_whitespace();
            if let Some(first) = words.next() {
                same.entry(first)
                    .or_default()
                    .push((words.collect(), canonical));
            }
        }
    }
    for ways in same.values_mut() {
        ways.sort_by_key(|(rest, _)| std::cmp::Reverse(rest.len()));
    }
    same
}
