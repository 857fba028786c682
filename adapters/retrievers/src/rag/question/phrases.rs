//! What people say around a question, and what shows that a question leans on the one before.

use voicera::words::Language;

mod de;
mod en;
mod es;
mod fr;

/// The phrases of one language, in small letters without apostrophes.
#[derive(Debug)]
pub(super) struct Phrases {
    /// Carries no meaning wherever it stands: "uh", "please".
    anywhere: &'static [&'static str],
    /// Carries no meaning before a question: "so", "could you tell me".
    before: &'static [&'static str],
    /// Carries a question on, and no meaning beyond that: "what about".
    onward: &'static [&'static str],
    /// Stands for something said before: "it", "there". One that also builds sentences does so at
    /// the end only: "was kostet das?".
    referring: &'static [&'static str],
    /// Builds sentences and names nothing: "is", "the", "how".
    building: &'static [&'static str],
}

/// What an utterance comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Read {
    pub(super) text: String,
    /// It can only be understood with what was said before.
    pub(super) leans: bool,
    /// It names nothing that could be searched for.
    pub(super) is_empty_talk: bool,
}

/// A question that names at most so much leans on the one before.
const NAMES_LITTLE: usize = 1;

/// A question that names more explains its own pronouns.
const NAMES_ENOUGH: usize = 4;

/// A word as it was said, and as it is compared.
struct Word<'a> {
    said: &'a str,
    plain: String,
}

impl Phrases {
    /// Those of a language that is not known are none.
    pub(super) fn of(language: &Language) -> &'static Self {
        match language.primary().as_str() {
            "de" => &de::PHRASES,
            "en" => &en::PHRASES,
            "es" => &es::PHRASES,
            "fr" => &fr::PHRASES,
            _ => &Self {
                anywhere: &[],
                before: &[],
                onward: &[],
                referring: &[],
                building: &[],
            },
        }
    }

    /// Nothing where there is no word at all.
    pub(super) fn read(&self, utterance: &str) -> Option<Read> {
        let said = words(utterance);
        if said.is_empty() {
            return None;
        }
        let all = || utterance.trim().to_owned();
        let mut onward = false;
        let mut words = without(said, self.anywhere);
        loop {
            if let Some(count) = begins(&words, self.onward) {
                words.drain(..count);
                onward = true;
            } else if let Some(count) = begins(&words, self.before) {
                words.drain(..count);
            } else {
                break;
            }
        }
        if words.is_empty() {
            return Some(Read {
                text: all(),
                leans: true,
                is_empty_talk: true,
            });
        }
        let last = words.len() - 1;
        let is_in = |list: &[&str], word: &Word<'_>| list.contains(&word.plain.as_str());
        let builds = |word: &Word<'_>| is_in(self.building, word);
        let refers = |(at, word): (usize, &Word<'_>)| {
            is_in(self.referring, word) && (at == last || !builds(word))
        };
        let refers = words.iter().enumerate().any(refers);
        let naming = words
            .iter()
            .filter(|word| !builds(word) && !is_in(self.referring, word));
        let names = naming.count();
        let leans = onward || names <= NAMES_LITTLE || refers && names < NAMES_ENOUGH;
        let text = words
            .iter()
            .map(|word| word.said)
            .collect::<Vec<_>>()
            .join(" ");
        Some(Read {
            text,
            leans,
            is_empty_talk: names == 0,
        })
    }
}

/// The words between the spaces, those without letter or digit left out.
fn words(text: &str) -> Vec<Word<'_>> {
    let words = text.split_whitespace().map(|said| {
        let plain = said
            .chars()
            .filter(|c| c.is_alphanumeric())
            .flat_map(char::to_lowercase);
        Word {
            said,
            plain: plain.collect(),
        }
    });
    words.filter(|word| !word.plain.is_empty()).collect()
}

fn without<'a>(mut words: Vec<Word<'a>>, phrases: &[&str]) -> Vec<Word<'a>> {
    let mut kept = Vec::with_capacity(words.len());
    while !words.is_empty() {
        match begins(&words, phrases) {
            Some(count) => drop(words.drain(..count)),
            None => kept.push(words.remove(0)),
        }
    }
    kept
}

/// How many words the longest of the phrases takes that the words begin with.
fn begins(words: &[Word<'_>], phrases: &[&str]) -> Option<usize> {
    let counts = phrases.iter().filter_map(|phrase| {
        let phrase: Vec<_> = phrase.split(' ').collect();
        let begin = words.get(..phrase.len())?;
        let same = begin
            .iter()
            .zip(&phrase)
            .all(|(word, part)| word.plain == *part);
        same.then_some(phrase.len())
    });
    counts.max()
}
