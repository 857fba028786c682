//! Numbers, with their grouping and their fraction.

use super::super::cursor::{Cursor, Scan};
use super::super::entity;
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

pub(super) fn scan(at: Cursor<'_>) -> Scan<Option<(Number<'_>, Cursor<'_>)>> {
    let (digits, after) = at.take(|c| c.is_ascii_digit())?;
    if digits.is_empty() {
        return Ok(None);
    }
    let groupable = digits.len() <= 3;
    let mut after = match thousands(at)? {
        Some(end) => end,
        None => after,
    };
    loop {
        if let Some(next) = after.eat(|c| matches!(c, '.' | ','))? {
            if !next.sees(|c| c.is_ascii_digit())? {
                break;
            }
            (_, after) = next.take(|c| c.is_ascii_digit())?;
        } else if let Some(next) = strict(after)?.filter(|_| groupable) {
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

/// Past what parts nothing but groups of thousands.
fn strict(at: Cursor<'_>) -> Scan<Option<Cursor<'_>>> {
    match at.eat(|c| matches!(c, '\'' | '’' | '\u{a0}' | '\u{202f}'))? {
        Some(after) => Ok(Some(after)),
        None => at.eat_str(entity::SPACE),
    }
}

/// Past a whole number whose thousands are parted by plain spaces: "12 000". So are the groups of
/// a telephone number, but one of those has another length or goes on with a hyphen.
fn thousands(at: Cursor<'_>) -> Scan<Option<Cursor<'_>>> {
    let row = row(at)?;
    let first = matches!(row.first, 1..=3) && !at.sees(|c| c == '0')?;
    if row.count < 2 || !first || !row.threes {
        return Ok(None);
    }
    let Some(after) = row.end.eat(|c| matches!(c, '-' | '/' | ':'))? else {
        return Ok(Some(row.end));
    };
    if !after.sees(|c| c.is_ascii_digit())? {
        return Ok(Some(row.end));
    }
    // "5 000-6 000" and "5 000-6000", but "555 123-4567"
    let short = row.count == 2 && row.first < 3;
    let span = row.end.sees(|c| c == '-')? && (short || self::row(after)?.count > 1);
    Ok(span.then_some(row.end))
}

/// Past three or more numbers in a row that are not one: "555 123 4567".
pub(super) fn series(at: Cursor<'_>) -> Scan<Option<Cursor<'_>>> {
    let row = row(at)?;
    if row.count < 3 || row.longest > 4 || thousands(at)?.is_some() {
        return Ok(None);
    }
    let goes_on = match row.end.eat(|c| matches!(c, '-' | '/' | ':' | '.' | ','))? {
        Some(after) => after.sees(|c| c.is_ascii_digit())?,
        None => false,
    };
    Ok((!goes_on).then_some(row.end))
}

/// Groups of digits with plain spaces between them.
struct Row<'a> {
    count: usize,
    first: usize,
    longest: usize,
    /// All groups but the first have three digits.
    threes: bool,
    end: Cursor<'a>,
}

fn row(at: Cursor<'_>) -> Scan<Row<'_>> {
    let (digits, end) = at.take(|c| c.is_ascii_digit())?;
    let mut row = Row {
        count: usize::from(!digits.is_empty()),
        first: digits.len(),
        longest: digits.len(),
        threes: true,
        end,
    };
    while row.count > 0
        && let Some(next) = row.end.eat(|c| c == ' ')?
        && next.sees(|c| c.is_ascii_digit())?
    {
        let (digits, end) = next.take(|c| c.is_ascii_digit())?;
        row.count += 1;
        row.longest = row.longest.max(digits.len());
        row.threes &= digits.len() == 3;
        row.end = end;
    }
    Ok(row)
}

impl<'a> Number<'a> {
    /// Digits alone.
    pub(super) fn plain(self) -> bool {
        self.written.bytes().all(|b| b.is_ascii_digit())
    }

    pub(super) fn is_one(self) -> bool {
        self.written == "1"
    }

    /// Its thousands are parted by plain spaces.
    pub(super) fn spaced(self) -> bool {
        self.written.contains(' ')
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
