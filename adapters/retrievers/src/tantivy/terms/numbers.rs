//! Reads numbers that are spoken as words.

use super::Lexeme;
use super::languages::{Number, Tongue};

/// The number these words begin with, in digits, and how many words it takes.
pub(super) fn leading(words: &[Lexeme], tongue: Tongue) -> Option<(String, usize)> {
    if let Some(found) = digits(words, tongue) {
        return Some(found);
    }
    let (mut total, mut now, mut taken) = (0_u64, None::<u64>, 0);
    for (at, word) in words.iter().enumerate() {
        let number = match number(word, tongue) {
            Some(number) => number,
            None => break,
        };
        // Figures stand for themselves, but `2 thousand` goes on.
        let written = word.exact || at > 0 && words.get(at - 1).is_some_and(|word| word.exact);
        if at > 0 && written && matches!(number, Number::Value(_)) {
            break;
        }
        let next = words
            .get(at + 1)
            .and_then(|word| tongue_number(word, tongue));
        now = match (number, now) {
            (Number::Value(value), None) => Some(value),
            (Number::Value(value), Some(now)) => match add(now, value, tongue) {
                Some(sum) => Some(sum),
                None => break,
            },
            (Number::Hundred, now) => Some(now.unwrap_or(1).saturating_mul(100)),
            (Number::Scale(scale), now) => {
                if now.is_none() && total > 0 {
                    break;
                }
                total = total.saturating_add(now.unwrap_or(1).saturating_mul(scale));
                Some(0)
            }
            (Number::And, Some(now)) if matches!(next, Some(Number::Value(_))) => {
                if now % 10 != 0 {
                    break;
                }
                // Taken only with what follows, so that it is not the last word.
                continue;
            }
            (Number::And, _) => break,
        };
        taken = at + 1;
    }
    // A single word in digits is what it is, and `one` is rather a pronoun.
    let first = words.first()?;
    if taken == 0 || taken == 1 && (first.exact || tongue.is_one(&first.text)) {
        return None;
    }
    let number = total.saturating_add(now.unwrap_or(0));
    Some((number.to_string(), taken))
}

/// Three digits and more, spoken one by one.
fn digits(words: &[Lexeme], tongue: Tongue) -> Option<(String, usize)> {
    let digit = |word: &Lexeme| match tongue_number(word, tongue) {
        Some(Number::Value(value @ 0..=9)) => Some(value),
        _ if ["o", "oh"].contains(&word.text.as_str()) => Some(0),
        _ => None,
    };
    let digits: String = words
        .iter()
        .map_while(digit)
        .map(|d| d.to_string())
        .collect();
    let spoken = words
        .first()
        .is_some_and(|word| tongue_number(word, tongue).is_some());
    (digits.len() >= 3 && spoken).then(|| (digits.clone(), digits.len()))
}

fn number(word: &Lexeme, tongue: Tongue) -> Option<Number> {
    match word.exact {
        true => word
            .text
            .parse()
            .ok()
            .filter(|value| *value < 1_000_000)
            .map(Number::Value),
        false => tongue_number(word, tongue),
    }
}

fn tongue_number(word: &Lexeme, tongue: Tongue) -> Option<Number> {
    match word.exact {
        true => None,
        false => tongue.number(&word.text),
    }
}

/// What two values in a row make, if anything: `twenty one`, `hundred five`, `nineteen ninety`.
fn add(now: u64, value: u64, tongue: Tongue) -> Option<u64> {
    let tens = now % 100;
    match value {
        0 if now != 0 => None,
        1..=9 if tens >= 20 && tens.is_multiple_of(10) => Some(now + value),
        10..=19 if tongue.counts_by_twenties() && (tens == 60 || tens == 80) => Some(now + value),
        20 if tongue.counts_by_twenties() && tens == 4 => Some(now - 4 + 80),
        10..=99 if tongue.reads_years_in_pairs() && (now == 19 || now == 20) => {
            Some(now * 100 + value)
        }
        value if now.is_multiple_of(100) && value < 100 => Some(now + value),
        value if now.is_multiple_of(1000) && value < 1000 => Some(now + value),
        _ => None,
    }
}
