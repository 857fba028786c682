//! Questions that a knowledge base must answer, and whether an answer has the facts.

use serde::Deserialize;

/// One line of a questions file.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    pub id: String,
    pub question: String,
    /// What the answer must contain, all of it; `|` separates ways to say one fact.
    pub facts: Vec<String>,
    /// The document that answers.
    #[serde(default)]
    pub source: Option<String>,
    /// Whether the documents have an answer; where they have none, the fallback is right.
    #[serde(default = "yes")]
    pub answerable: bool,
}

fn yes() -> bool {
    true
}

/// A line that is not a question.
#[derive(Debug, thiserror::Error)]
#[error("line {line} is not a question")]
pub struct QuestionError {
    /// Counted from 1.
    pub line: usize,
    source: serde_json::Error,
}

/// Reads JSON lines, one question each; empty lines are passed over.
///
/// # Errors
///
/// At the first line that is not a question.
pub fn parse(text: &str) -> Result<Vec<Question>, QuestionError> {
    let lines = text.lines().zip(1..);
    let lines = lines.filter(|(text, _)| !text.trim().is_empty());
    let parse =
        |(text, line)| serde_json::from_str(text).map_err(|source| QuestionError { line, source });
    lines.map(parse).collect()
}

/// Whether the answer contains every fact of the question in one of its wordings, as whole words,
/// whatever the case, the spaces and the kind of hyphen.
pub fn facts_in(answer: &str, question: &Question) -> bool {
    let answer = plain(answer);
    let mut facts = question.facts.iter();
    facts.all(|fact| fact.split('|').any(|way| holds(&answer, &plain(way))))
}

/// Small letters, single spaces, no hyphens or dashes.
fn plain(text: &str) -> String {
    let text = text.to_lowercase();
    let text = text.replace(
        |c: char| c == '-' || ('\u{2010}'..='\u{2015}').contains(&c) || c == '\u{2212}',
        " ",
    );
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn holds(answer: &str, fact: &str) -> bool {
    let (first, last) = (fact.chars().next(), fact.chars().next_back());
    let mut places = answer.match_indices(fact);
    !fact.is_empty()
        && places.any(|(at, _)| {
            let (before, after) = answer.split_at(at);
            let after = after.get(fact.len()..).unwrap_or_default();
            let mut before = before.chars().rev();
            !goes_on(first, before.next(), before.next()) && {
                let mut after = after.chars();
                !goes_on(last, after.next(), after.next())
            }
        })
}

/// Whether a word or a figure goes on beyond its edge: `18` does in `180` and in `18:00`.
fn goes_on(edge: Option<char>, next: Option<char>, then: Option<char>) -> bool {
    let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    let inside = matches!(next, Some('.' | ',' | ':')) && digit(edge) && digit(then);
    word(edge) && word(next) || inside
}

#[cfg(test)]
mod tests;
