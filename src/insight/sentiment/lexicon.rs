//! The words that are rated: VADER's, and those of the telephone before them.

use std::collections::HashMap;

use super::cues::{BOOSTERS, DAMPERS, NEGATIONS};
use super::{INTENSIFIER_REACH, NEGATION_REACH, STRONGER, TURNED, WEAKER};

/// Ratings from -4 to 4.
#[derive(Debug)]
pub(super) struct Lexicon(HashMap<&'static str, f32>);

/// General English; its licence stands in the file.
const VADER: &str = include_str!("vader.tsv");

/// What calls need beyond: matters of the trade that are no feelings, and the words of German,
/// Spanish and French callers.
const TELEPHONE: &str = include_str!("telephone.tsv");

impl Lexicon {
    pub(super) fn new() -> Self {
        let lines = VADER.lines().chain(TELEPHONE.lines());
        let words = lines.filter_map(|line| {
            let (word, rating) = line.split_once('\t')?;
            Some((word, rating.parse().ok()?))
        });
        Self(words.collect())
    }

    /// What the word at a position adds to its line, with what stands before it.
    pub(super) fn rate(&self, words: &[&str], at: usize) -> f32 {
        let word = words.get(at).copied().unwrap_or_default();
        let rating = self.0.get(word).copied().unwrap_or_default();
        if rating == 0.0 {
            return 0.0;
        }
        let mut rating = rating;
        for before in before(words, at, INTENSIFIER_REACH) {
            if BOOSTERS.contains(before) {
                rating *= STRONGER;
            } else if DAMPERS.contains(before) {
                rating *= WEAKER;
            }
        }
        if is_turned(words, at) {
            rating *= TURNED;
        }
        rating
    }
}

fn before<'a, 'b>(words: &'a [&'b str], at: usize, reach: usize) -> &'a [&'b str] {
    let near = words.get(at.saturating_sub(reach)..at).unwrap_or_default();
    // A mark ends what a word reaches.
    let mark = near
        .iter()
        .rposition(|word| !word.starts_with(char::is_alphanumeric));
    let from = mark.map_or(0, |mark| mark + 1);
    near.get(from..).unwrap_or_default()
}

fn is_turned(words: &[&str], at: usize) -> bool {
    let near = before(words, at, NEGATION_REACH);
    let negations = near.iter().enumerate().filter(|(distance, word)| {
        // "No that was great": an answer, and no negation of what follows later.
        let answers = matches!(**word, "no" | "nein") && distance + 1 < near.len();
        NEGATIONS.contains(word) && !answers
    });
    negations.count() % 2 == 1
}
