//! How the caller feels, from words that are rated, what turns them round, and what people say on
//! the phone when they are pleased or have had enough.

use regex::bytes::Regex;

use super::lines::Spoken;
use super::patterns::{alternatives, spans};
use super::{LineMood, Mood, Sentiment};
use crate::words::Speaker;

use lexicon::Lexicon;

mod cues;
mod lexicon;

/// Rates lines.
#[derive(Debug)]
pub(super) struct Feelings {
    lexicon: Lexicon,
    grievances: Option<Regex>,
    praise: Option<Regex>,
    courtesies: Option<Regex>,
}

/// What a grievance or a praise counts: as much as a strong word.
const CUE: f32 = 2.4;

/// How many words a negation reaches, and what is left of a word it turns round: "not great" is
/// less bad than "bad".
const NEGATION_REACH: usize = 3;
const TURNED: f32 = -0.74;

/// How many words back an intensifier reaches, and what it adds.
const INTENSIFIER_REACH: usize = 2;
const STRONGER: f32 = 1.3;
const WEAKER: f32 = 0.5;

/// What counts before and after a "but".
const BEFORE_BUT: f32 = 0.5;
const AFTER_BUT: f32 = 1.3;

/// What is left of a word in a question: "how bad must it be?" is no complaint.
const ASKED: f32 = 0.3;

/// The sum at which a line sounds like something.
const AUDIBLE: f32 = 1.1;

/// Brings a sum between -1 and 1, as VADER does it.
const SPREAD: f32 = 15.0;

/// What the last lines of the caller count more than the others, and how many those are.
const LAST: f32 = 1.5;
const LAST_LINES: usize = 2;

/// The part of the stronger feeling that the weaker must have for a call to be mixed.
const MIXED: f32 = 0.4;

impl Feelings {
    pub(super) fn new() -> Self {
        Self {
            lexicon: Lexicon::new(),
            grievances: alternatives(cues::CLASSES, cues::GRIEVANCES),
            praise: alternatives(cues::CLASSES, cues::PRAISE),
            courtesies: alternatives(cues::CLASSES, cues::COURTESIES),
        }
    }

    /// A line is positive, neutral or negative; a call may be mixed.
    pub(super) fn sentiment(&self, lines: &[Spoken<'_>]) -> Sentiment {
        let judged = lines.iter().map(|line| {
            let sum = self.sum(line);
            LineMood {
                entry: line.entry,
                speaker: line.speaker,
                mood: mood(sum),
                score: sum / (sum * sum + SPREAD).sqrt(),
            }
        });
        let lines: Vec<LineMood> = judged.collect();
        let (overall, confidence) = overall(&lines);
        Sentiment {
            overall,
            confidence,
            lines,
        }
    }

    /// What the words and the cues of a line add up to.
    fn sum(&self, line: &Spoken<'_>) -> f32 {
        let words: Vec<&str> = line.words.iter().map(|word| line.word(word)).collect();
        let begin = words.first().copied().unwrap_or_default();
        let asks = words.contains(&"?") || cues::ASKING.contains(&begin);
        let grievances = spans(self.grievances.as_ref(), line);
        let mut praise = spans(self.praise.as_ref(), line);
        let courtesies = spans(self.courtesies.as_ref(), line);
        // "Not very helpful" praises nobody.
        praise.retain(|(from, to)| !grievances.iter().any(|(at, end)| at < to && from < end));
        let cued = |at: usize| {
            let Some(word) = line.words.get(at) else {
                return false;
            };
            let mut all = grievances.iter().chain(&praise).chain(&courtesies);
            all.any(|(from, to)| *from <= word.from && word.to <= *to)
        };
        let but = words.iter().rposition(|word| cues::BUT.contains(word));
        let weight = |at: usize| match but {
            Some(but) if at < but => BEFORE_BUT,
            Some(_) => AFTER_BUT,
            None => 1.0,
        };
        let rated = (0..words.len()).filter(|at| !cued(*at));
        let rated: f32 = rated
            .map(|at| weight(at) * self.lexicon.rate(&words, at))
            .sum();
        let cues = |spans: &[(usize, usize)]| -> f32 {
            let places = spans.iter().map(|(from, _)| {
                let at = line.words.iter().position(|word| word.from >= *from);
                weight(at.unwrap_or_default()) * CUE
            });
            places.sum()
        };
        let rated = if asks { rated * ASKED } else { rated };
        rated + cues(&praise) - cues(&grievances)
    }
}

fn mood(sum: f32) -> Mood {
    if sum >= AUDIBLE {
        Mood::Positive
    } else if sum <= -AUDIBLE {
        Mood::Negative
    } else {
        Mood::Neutral
    }
}

/// What the caller's lines come to, the last ones above all.
fn overall(lines: &[LineMood]) -> (Mood, f32) {
    let caller = lines.iter().filter(|line| line.speaker == Speaker::Caller);
    let caller: Vec<&LineMood> = caller.collect();
    let last = caller.len().saturating_sub(LAST_LINES);
    let (mut good, mut bad) = (0.0_f32, 0.0_f32);
    for (at, line) in caller.iter().enumerate() {
        let weight = if at >= last { LAST } else { 1.0 };
        match line.mood {
            Mood::Positive => good += weight * line.score,
            Mood::Negative => bad -= weight * line.score,
            Mood::Neutral | Mood::Mixed => {}
        }
    }
    let (strong, weak) = (good.max(bad), good.min(bad));
    let sure = |of: f32| (0.6 + 0.3 * of).min(0.95);
    if strong == 0.0 {
        (Mood::Neutral, 0.8)
    } else if weak >= MIXED * strong {
        (Mood::Mixed, sure(weak))
    } else if good > bad {
        (Mood::Positive, sure(good - bad))
    } else {
        (Mood::Negative, sure(bad - good))
    }
}

/// Whether a text begins as a question does.
pub(super) fn begins_question(text: &str) -> bool {
    let first = text.split_whitespace().next().unwrap_or_default();
    let first = first.trim_matches(|c: char| !c.is_alphanumeric());
    let first = first.to_lowercase().replace(['\'', '\u{2019}'], "");
    let contracted = first.strip_suffix('s').unwrap_or_default();
    let asks = |word: &str| cues::ASKING.contains(&word) || cues::INVITING.contains(&word);
    asks(&first) || asks(contracted)
}
