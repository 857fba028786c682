//! Tells what callers say to keep a conversation going from what they ask.

use crate::profile::Phrases;

/// What an utterance is, beside a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Courtesy {
    /// "uh-huh": I am listening.
    Backchannel,
    /// "hello?": are you there?
    Waiting,
    /// "thanks, bye".
    Farewell,
    /// "a real person, please".
    Handoff,
    None,
}

/// The longest farewell, in words: in a longer one the caller also says something else.
const FAREWELL_WORDS: usize = 7;

/// How many words before "a person" may turn it into its opposite: "I do not want a person".
const NEGATION_REACH: usize = 4;

const NEGATIONS: [&str; 14] = [
    "no", "not", "dont", "never", "without", "nicht", "kein", "keine", "keinen", "ohne", "pas",
    "sans", "sin", "nunca",
];

pub(super) fn of(utterance: &str, phrases: &Phrases) -> Courtesy {
    // "How do I say goodbye?"
    let is_statement = !utterance.trim_end().ends_with('?');
    let words = words(utterance);
    let words: Vec<&str> = words.split_whitespace().collect();
    if words.is_empty() {
        return Courtesy::None;
    }
    if consists_of(&words, &phrases.backchannel) {
        Courtesy::Backchannel
    } else if consists_of(&words, &phrases.waiting) {
        Courtesy::Waiting
    } else if asks_for(&words, &phrases.handoff) {
        Courtesy::Handoff
    } else if is_statement && words.len() <= FAREWELL_WORDS && ends_with(&words, &phrases.farewell)
    {
        Courtesy::Farewell
    } else {
        Courtesy::None
    }
}

/// Lower case, letters and digits only: how a recogniser punctuates says nothing.
fn words(text: &str) -> String {
    let mut words = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_alphanumeric() {
            words.extend(c.to_lowercase());
        } else if !matches!(c, '\'' | '\u{2019}') {
            words.push(' ');
        }
    }
    words
}

/// Nothing but these phrases, one or several: "yeah okay".
fn consists_of(mut said: &[&str], phrases: &[String]) -> bool {
    while !said.is_empty() {
        let longest = phrases.iter().filter_map(|phrase| after(said, phrase));
        match longest.min_by_key(|rest| rest.len()) {
            Some(rest) => said = rest,
            None => return false,
        }
    }
    true
}

fn ends_with(said: &[&str], phrases: &[String]) -> bool {
    let tails = (0..said.len()).filter_map(|from| said.get(from..));
    let mut ends = tails.flat_map(|tail| phrases.iter().map(move |phrase| after(tail, phrase)));
    ends.any(|rest| rest.is_some_and(<[&str]>::is_empty))
}

/// One of the phrases stands somewhere, and is not denied.
fn asks_for(said: &[&str], phrases: &[String]) -> bool {
    (0..said.len()).any(|from| {
        let tail = said.get(from..).unwrap_or_default();
        let before = said.get(from.saturating_sub(NEGATION_REACH)..from);
        let mut before = before.unwrap_or_default().iter();
        phrases.iter().any(|phrase| after(tail, phrase).is_some())
            && !before.any(|word| NEGATIONS.contains(word))
    })
}

/// What follows the phrase, where the words begin with it.
fn after<'a, 'b>(said: &'a [&'b str], phrase: &str) -> Option<&'a [&'b str]> {
    // Every phrase is held against every word, and most differ in their first letter.
    let begins = phrase.chars().find(|c| c.is_alphanumeric())?;
    let begun = said.first()?.chars().next();
    if begins.to_lowercase().next() != begun {
        return None;
    }
    let phrase = words(phrase);
    let mut rest = said;
    let mut any = false;
    for word in phrase.split_whitespace() {
        let (first, tail) = rest.split_first()?;
        if *first != word {
            return None;
        }
        (rest, any) = (tail, true);
    }
    any.then_some(rest)
}

#[cfg(test)]
mod tests;
