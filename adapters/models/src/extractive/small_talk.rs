//! Answers what is no question: "hello", "thank you", "who are you?".

use super::lexicon::Lexicon;
use super::words::words;

/// The reply to an utterance that is small talk from beginning to end.
pub(super) fn small_talk(utterance: &str, lexicon: &Lexicon) -> Option<&'static str> {
    let clauses = utterance.split([',', '.', '!', '?', ';']);
    let clauses = clauses.map(|clause| bare(clause, lexicon));
    let mut clauses = clauses.filter(|clause| !clause.is_empty()).peekable();
    clauses.peek()?;
    let mut reply = None;
    for clause in clauses {
        reply = Some(lexicon.small_talk(&clause)?);
    }
    reply
}

/// The words of a clause without the fillers around them.
fn bare(clause: &str, lexicon: &Lexicon) -> String {
    let words = words(clause, lexicon);
    let filler = |word: &&str| lexicon.is_filler(word);
    let words: Vec<&str> = words.iter().map(|word| word.plain.as_str()).collect();
    let front = words.iter().take_while(|word| filler(word)).count();
    let rest = words.get(front..).unwrap_or_default();
    let back = rest.iter().rev().take_while(|word| filler(word)).count();
    let rest = rest.get(..rest.len() - back).unwrap_or_default();
    rest.join(" ")
}
