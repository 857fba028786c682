//! Reads amounts: "2,200", "two thousand two hundred", "one point five million", "a dozen".

use super::line::Line;
use crate::spoken::{Kind, Token};

/// A number and the position of the piece after it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Amount {
    pub(super) value: f64,
    pub(super) next: usize,
    pub(super) spoken: bool,
}

impl Amount {
    /// The number, where it is whole and not too large.
    pub(super) fn whole(&self) -> Option<u32> {
        let is_whole =
            self.value.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&self.value);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "whole, and within the bounds"
        )]
        is_whole.then_some(self.value as u32)
    }
}

/// The number that begins at a piece.
pub(super) fn amount(line: &Line<'_>, at: usize) -> Option<Amount> {
    let mut amount = written(line, at).or_else(|| spoken(line, at))?;
    let factor = |word: &str| match word {
        "k" => Some(1e3),
        "thousand" => Some(1e3),
        "million" | "mio" => Some(1e6),
        "billion" => Some(1e9),
        _ => None,
    };
    if let Some(factor) =
        factor(line.word(amount.next)).filter(|_| !amount.spoken || amount.value.fract() > 0.0)
    {
        amount.value *= factor;
        amount.next += 1;
    }
    Some(amount)
}

/// "2,200", "6.50", "1.250,00".
fn written(line: &Line<'_>, at: usize) -> Option<Amount> {
    let first = line.token(at)?;
    if first.kind != Kind::Digits || first.text.len() > 12 {
        return None;
    }
    let mut digits = first.text.to_owned();
    let mut next = at + 1;
    let mut last = first;
    let mut group: Option<char> = None;
    while let (Some(sign), Some(more)) = (line.token(next), line.token(next + 1)) {
        let Kind::Sign(mark @ ('.' | ',')) = sign.kind else {
            break;
        };
        if more.kind != Kind::Digits || !last.touches(sign) || !sign.touches(more) {
            break;
        }
        let grouped = more.text.len() == 3
            && first.text.len() <= 3
            && (mark == ',' || group == Some('.') || continues(line, next + 2, mark, more));
        if grouped && group.is_none_or(|group| group == mark) {
            digits.push_str(more.text);
            group = Some(mark);
            (last, next) = (more, next + 2);
        } else {
            digits.push('.');
            digits.push_str(more.text);
            next += 2;
            break;
        }
    }
    let value = digits.parse().ok()?;
    Some(Amount {
        value,
        next,
        spoken: false,
    })
}

/// Whether another group or the fraction follows: "1.250,00", "1.250.000".
fn continues(line: &Line<'_>, at: usize, mark: char, before: &Token<'_>) -> bool {
    let Some(sign) = line.token(at) else {
        return false;
    };
    let more = line
        .token(at + 1)
        .is_some_and(|more| more.kind == Kind::Digits && sign.touches(more));
    before.touches(sign) && more && (sign.kind == Kind::Sign(',') || sign.kind == Kind::Sign(mark))
}

fn spoken(line: &Line<'_>, at: usize) -> Option<Amount> {
    let mut next = at;
    let mut total = 0.0;
    let mut current = 0.0;
    // What a number may go on with: the value has to be below this.
    let mut room = 1000.0;
    let mut any = false;
    if matches!(line.word(at), "a" | "an" | "half") {
        if matches!(line.word(at + 1), "dozen") {
            return Some(Amount {
                value: 12.0,
                next: at + 2,
                spoken: true,
            });
        }
        if line.word(at) == "half"
            || !matches!(line.word(at + 1), "hundred" | "thousand" | "million")
        {
            return None;
        }
        next += 1;
        current = 1.0;
        any = true;
    }
    loop {
        let word = line.word(next);
        if let Some(value) = small(word) {
            if value >= room {
                break;
            }
            current += value;
            room = if value >= 20.0 { 10.0 } else { 0.0 };
        } else {
            match word {
                "hundred" if any && current > 0.0 && current < 100.0 => {
                    current *= 100.0;
                    room = 100.0;
                }
                "thousand" | "million" if any && current > 0.0 => {
                    total += current * if word == "thousand" { 1e3 } else { 1e6 };
                    current = 0.0;
                    room = 1000.0;
                }
                "and"
                    if any
                        && room >= 100.0
                        && small(line.word(next + 1)).is_some_and(|value| value > 0.0)
                        && after_and(line, next + 1) => {}
                "-" if any
                    && room == 10.0
                    && small(line.word(next + 1)).is_some_and(|value| value < 10.0) => {}
                "dozen" if any => {
                    current *= 12.0;
                    next += 1;
                    break;
                }
                _ => break,
            }
        }
        any = true;
        next += 1;
    }
    if !any {
        return None;
    }
    let mut value = total + current;
    if [0, 1, 2].map(|more| line.word(next + more)) == ["and", "a", "half"] {
        return Some(Amount {
            value: value + 0.5,
            next: next + 3,
            spoken: true,
        });
    }
    if line.word(next) == "point" {
        let mut place = 0.1;
        let mut at = next + 1;
        while let Some(digit) = small(line.word(at)).filter(|digit| *digit < 10.0) {
            value += digit * place;
            place /= 10.0;
            at += 1;
        }
        if at > next + 1 {
            // Away with what adding tenths leaves behind.
            value = (value * 1e6).round() / 1e6;
            next = at;
        }
    }
    Some(Amount {
        value,
        next,
        spoken: true,
    })
}

/// "two hundred and five", and not "one hundred and two thousand".
fn after_and(line: &Line<'_>, at: usize) -> bool {
    !matches!(line.word(at + 1), "hundred" | "thousand" | "million")
}

/// A number word below a hundred, in English.
pub(super) fn small(word: &str) -> Option<f64> {
    let at = SMALL.iter().position(|known| *known == word);
    let at = at.and_then(|at| u32::try_from(at).ok())?;
    Some(f64::from(if at < 20 { at } else { (at - 18) * 10 }))
}

const SMALL: [&str; 28] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
    "thirty",
    "forty",
    "fifty",
    "sixty",
    "seventy",
    "eighty",
    "ninety",
];
