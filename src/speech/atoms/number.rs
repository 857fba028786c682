//! Numbers, with their grouping and their fraction.

use super::super::cursor::{Cursor, Scan};
use super::super::words::Numbers;

/// A number as it is written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Number<'a> {
    pub(super) written: &'a str,
}

/// Whole part and fraction.
#[derive(Debug)]
pub(super) struct Parts<'a> {
    pub(super) whole: &'a str,
    pub(super) fraction: &'a str,
}

pub(super) fn scan<'a>(at: Cursor<'a>, words: &Numbers) -> Scan<Option<(Number<'a>, Cursor<'a>)>> {
    let (digits, mut after) = at.take(|c| c.is_ascii_digit())?;
    if digits.is_empty() {
        return Ok(None);
    }
    let groupable = digits.len() <= 3;
    loop {
        let strict =
            |c| matches!(c, '\'' | '’' | '\u{a0}' | '\u{202f}') || (c == ' ' && words.spaced);
        if let Some(next) = after.eat(|c| matches!(c, '.' | ','))? {
            if !next.sees(|c| c.is_ascii_digit())? {
                break;
            }
            (_, after) = next.take(|c| c.is_ascii_digit())?;
        } else if let Some(next) = after.eat(strict)?.filter(|_| groupable) {
            if !next.sees(|c| c.is_ascii_digit())? {
                break;
            }
            let (group, next) = next.take(|c| c.is_ascii_digit())?;
            if group.len() != 3 {
                break;
            }
            after = next;
        } else {
            break;
        }
    }
    let written = at.until(after);
    Ok(Some((Number { written }, after)))
}

impl<'a> Number<'a> {
    /// Digits alone.
    pub(super) fn plain(self) -> bool {
        self.written.bytes().all(|b| b.is_ascii_digit())
    }

    pub(super) fn is_one(self) -> bool {
        self.written == "1"
    }

    /// Adds how it is spoken: groups are kept where a voice reads them as one number.
    pub(super) fn say(self, out: &mut String) {
        say(self.written, out);
    }

    /// It names something: long, or with a zero in front. A voice would read it as an amount.
    pub(super) fn is_reference(self) -> bool {
        let long = self.written.len() >= 7;
        let zero = self.written.len() >= 2 && self.written.starts_with('0');
        self.plain() && (long || zero)
    }

    pub(super) fn parts(self, words: &Numbers) -> Parts<'a> {
        let mut signs = self.written.match_indices(['.', ',']);
        let split = signs.next_back().and_then(|(at, sign)| {
            let (whole, fraction) = (self.written.get(..at)?, self.written.get(at + 1..)?);
            let groups = fraction.len() == 3 && !sign.starts_with(words.decimal);
            (!groups && !whole.contains(sign)).then_some(Parts { whole, fraction })
        });
        split.unwrap_or(Parts {
            whole: self.written,
            fraction: "00",
        })
    }
}

/// Adds digits as they are spoken, without the groups that a voice would read apart.
pub(super) fn say(digits: &str, out: &mut String) {
    out.extend(
        digits
            .chars()
            .filter(|c| c.is_ascii_digit() || matches!(c, '.' | ',')),
    );
}
