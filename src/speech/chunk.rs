//! A word with everything that is written onto it, where it is not an atom of its own kind.

use super::atoms::{abbreviation, address, apart, identifier};
use super::cursor::{Cursor, Scan};
use super::entity;
use super::symbols::{self, Kind, joins};
use super::words::Words;

/// A word up to where it ends, and how it is spoken where that is not as it is written.
pub(super) fn scan<'a>(at: Cursor<'a>, words: &Words) -> Scan<(Option<String>, Cursor<'a>)> {
    let (word, after) = plain(at)?;
    if !continues(after)? {
        return Ok((unit(word, words), after));
    }
    if let Some((spoken, end)) = abbreviation::scan(at, words)? {
        return Ok((Some(spoken), end));
    }
    if after.sees(|c| matches!(c, '.' | ':'))? && !after.skip(1).sees(|c| joins(c) || c == '/')? {
        return Ok((unit(word, words), after));
    }
    let (whole, _) = at.take(is_part)?;
    let (whole, _) = match whole.contains("://") {
        true => at.take(|c| is_part(c) || matches!(c, ',' | ';' | '!' | '?' | '%' | '~' | '#'))?,
        false => (whole, at),
    };
    let whole = before_entity(at, whole)?;
    let trimmed = whole.trim_end_matches(|c: char| !joins(c) && !matches!(c, '/' | '+'));
    let word = if trimmed.is_empty() { whole } else { trimmed };
    Ok((say(word, words), at.skip(word.len())))
}

/// The letters that a word begins with.
pub(super) fn plain(at: Cursor<'_>) -> Scan<(&str, Cursor<'_>)> {
    at.take(is_plain)
}

/// The part of a word before the first "&amp;" or its like.
fn before_entity<'a>(at: Cursor<'a>, word: &'a str) -> Scan<&'a str> {
    for (place, _) in word.match_indices('&') {
        let entity = entity::scan(at.skip(place))?;
        // An ampersand parts what a web address asks for.
        if entity.is_some_and(|(c, _)| c != '&' || !word.contains("://")) {
            return Ok(word.get(..place).unwrap_or(word));
        }
    }
    Ok(word)
}

/// A unit that stands without a number and is no word: "the price by kg".
fn unit(word: &str, words: &Words) -> Option<String> {
    const UNITS: [&str; 7] = ["kg", "km", "cm", "mm", "m²", "m³", "cbm"];
    let unit = UNITS.contains(&word).then_some(words.units)?;
    let unit = unit.iter().find(|unit| unit.written == word)?;
    Some(unit.many.to_owned())
}

/// Whether more than punctuation and a space may follow a plain word.
fn continues(at: Cursor<'_>) -> Scan<bool> {
    at.sees(|c| is_part(c) && !is_plain(c))
}

fn is_plain(c: char) -> bool {
    c.is_ascii_alphabetic()
        || matches!(c, '\'' | '-' | '’')
        || (!c.is_ascii() && symbols::kind(c) == Kind::Letter)
}

fn is_part(c: char) -> bool {
    joins(c)
        || matches!(
            c,
            '.' | ':' | '@' | '/' | '&' | '+' | '_' | '=' | '-' | '\'' | '’' | '–'
        )
}

fn say(word: &str, words: &Words) -> Option<String> {
    if let Some(spoken) = address::say(word, words) {
        return Some(spoken);
    }
    if let Some(spoken) = identifier::say(word) {
        return Some(spoken);
    }
    if let Some(spoken) = rate(word, words) {
        return Some(spoken);
    }
    // "1/2" and "12/31/2026" are read well.
    if word.bytes().all(|b| b.is_ascii_digit() || b == b'/') {
        return None;
    }
    word.contains(['@', '/', '&', '+', '_', '='])
        .then(|| signs(word, words))
}

/// "USD/kg" and "km/h" without a number.
fn rate(word: &str, words: &Words) -> Option<String> {
    let (counted, per) = word.split_once('/')?;
    let named = |name| words.units.iter().find(|unit| unit.written == name);
    let mut currencies = words.currencies.iter();
    let counted = match named(counted) {
        Some(unit) => unit.many,
        None => currencies.find(|c| c.written.contains(&counted))?.many,
    };
    Some(format!(
        "{counted} {} {}",
        words.number.per,
        named(per)?.one
    ))
}

/// Says the signs within a word: "R&D", "import/export".
fn signs(word: &str, words: &Words) -> String {
    // "TCP/IP" is a name, "import/export" a choice.
    let name = !word.contains(char::is_lowercase);
    let mut out = String::new();
    for c in word.chars() {
        let spoken = match (c, words.symbol(c)) {
            ('_', _) => "",
            ('/', _) if name => "",
            ('/', _) => words.number.or,
            (_, Some(spoken)) => spoken,
            (_, None) => {
                out.push(c);
                continue;
            }
        };
        apart(&mut out, spoken);
    }
    out.truncate(out.trim_end().len());
    out
}
