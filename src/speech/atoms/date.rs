//! Dates in figures: "2026-11-23", and "23.11.2026" where the day certainly comes first.

use super::super::cursor::{Cursor, Scan};
use super::super::words::{Dates, Words};
use super::{Spoken, ends};

pub(super) fn scan<'a>(at: Cursor<'a>, words: &Words) -> Scan<Option<Spoken<'a>>> {
    let (first, after) = at.take(|c| c.is_ascii_digit())?;
    let separator = match (first.len(), words.date.day_first) {
        (4, _) => '-',
        (1 | 2, Some(separator)) => separator,
        _ => return Ok(None),
    };
    let Some((second, after)) = field(after, separator)? else {
        return Ok(None);
    };
    let Some((third, after)) = field(after, separator)? else {
        return Ok(None);
    };
    if !ends(after)? || after.sees(|c| c == separator && c != '.')? {
        return Ok(None);
    }
    let (day, month, year) = match first.len() {
        4 => (third, second, first),
        _ => (first, second, third),
    };
    Ok(say(day, month, year, &words.date).map(|spoken| (spoken, after)))
}

fn field(at: Cursor<'_>, separator: char) -> Scan<Option<(&str, Cursor<'_>)>> {
    let Some(after) = at.eat(|c| c == separator)? else {
        return Ok(None);
    };
    let (digits, after) = after.take(|c| c.is_ascii_digit())?;
    Ok((!digits.is_empty()).then_some((digits, after)))
}

fn say(day: &str, month: &str, year: &str, words: &Dates) -> Option<String> {
    let day: u8 = day.parse().ok().filter(|d| (1..=31).contains(d))?;
    let month: usize = month.parse().ok()?;
    let name = words.months.get(month.checked_sub(1)?)?;
    if year.len() != 4 {
        return None;
    }
    let said = words.said.replace("{d}", &day.to_string());
    Some(said.replace("{m}", name).replace("{y}", year))
}
