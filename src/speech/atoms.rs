//! What belongs together and is spoken as one: recognised from its first character on.

pub(super) mod abbreviation;
pub(super) mod address;
mod date;
pub(super) mod identifier;
mod money;
mod number;
mod phone;
mod quantity;
mod range;
mod time;
mod unit;

pub(super) use unit::rate;

use super::cursor::{Cursor, Scan};
use super::entity;
use super::symbols;
use super::words::Words;

/// How an atom is spoken, and the place after it.
pub(super) type Spoken<'a> = (String, Cursor<'a>);

/// What begins here with a digit, a sign, a bracket or the name of a currency, if it is an atom.
pub(super) fn scan<'a>(at: Cursor<'a>, words: &Words) -> Scan<Option<Spoken<'a>>> {
    if let Some(found) = phone::scan(at, words)? {
        return Ok(Some(found));
    }
    if let Some(found) = date::scan(at, words)? {
        return Ok(Some(found));
    }
    if let Some(found) = always(at, words)? {
        return Ok(Some(found));
    }
    if let Some(found) = as_written(at, words)? {
        return Ok(Some(found));
    }
    quantity::scan(at, words)
}

/// "24/7".
fn always<'a>(at: Cursor<'a>, words: &Words) -> Scan<Option<Spoken<'a>>> {
    let Some(after) = at.eat_str("24/7")? else {
        return Ok(None);
    };
    Ok(ends(after)?.then(|| (words.number.always.to_owned(), after)))
}

/// Numbers that are read well as they are written, but not one by one: "9001:2015", "2:1".
fn as_written<'a>(at: Cursor<'a>, words: &Words) -> Scan<Option<Spoken<'a>>> {
    if !at.sees(|c| c.is_ascii_digit())? {
        return Ok(None);
    }
    let end = match number::series(at)? {
        Some(end) => end,
        None => match ratio(at)? {
            Some(end) if time::scan(at, &words.clock)?.is_none() => end,
            Some(_) | None => return Ok(None),
        },
    };
    Ok(ends(end)?.then(|| (at.until(end).to_owned(), end)))
}

/// Past digits with colons between them.
fn ratio(at: Cursor<'_>) -> Scan<Option<Cursor<'_>>> {
    let (_, start) = at.take(|c| c.is_ascii_digit())?;
    let mut end = start;
    while let Some(after) = end.eat(|c| c == ':')? {
        let (digits, after) = after.take(|c| c.is_ascii_digit())?;
        if digits.is_empty() {
            break;
        }
        end = after;
    }
    let several = !start.until(end).is_empty();
    Ok(several.then_some(end))
}

/// Adds the word for a sign, if one stands here.
fn sign<'a>(at: Cursor<'a>, words: &Words, out: &mut String) -> Scan<Cursor<'a>> {
    for (signs, word) in [("-−", words.number.minus), ("+", words.number.plus)] {
        if let Some(after) = at.eat(|c| signs.contains(c))? {
            out.push_str(word);
            out.push(' ');
            return Ok(after);
        }
    }
    Ok(at)
}

/// Whether a word ends here.
fn ends(at: Cursor<'_>) -> Scan<bool> {
    Ok(!at.sees(symbols::joins)?)
}

/// Past one space, plain or not breaking.
fn space(at: Cursor<'_>) -> Scan<Option<Cursor<'_>>> {
    match at.eat(|c| matches!(c, ' ' | '\u{a0}' | '\u{202f}'))? {
        Some(after) => Ok(Some(after)),
        None => at.eat_str(entity::SPACE),
    }
}

/// Past one space, if there is one.
fn past_space(at: Cursor<'_>) -> Scan<Cursor<'_>> {
    Ok(space(at)?.unwrap_or(at))
}

/// Adds a word, which may be empty, apart from what is before and after it.
pub(super) fn apart(out: &mut String, word: &str) {
    for word in ["", word] {
        out.push_str(word);
        if !out.is_empty() && !out.ends_with(' ') {
            out.push(' ');
        }
    }
}

/// One by one, so that a voice does not read a number.
fn spell(out: &mut String, characters: &str) {
    for c in characters.chars() {
        if !out.is_empty() && !out.ends_with(' ') {
            out.push(' ');
        }
        out.push(c);
    }
}
