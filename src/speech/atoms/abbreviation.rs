//! Abbreviations and the signs that are words before a number.

use super::super::cursor::{Cursor, Scan};
use super::super::words::Words;
use super::{Spoken, ends, money, past_space};

/// An abbreviation that begins here.
pub(in super::super) fn scan<'a>(at: Cursor<'a>, words: &Words) -> Scan<Option<Spoken<'a>>> {
    for (written, spoken) in words.abbreviations {
        if let Some(after) = eat(at, written)?
            && ends(after)?
        {
            return Ok(Some(((*spoken).to_owned(), after)));
        }
    }
    Ok(None)
}

/// "No." or "#" in front of a number.
pub(in super::super) fn before_number<'a>(
    at: Cursor<'a>,
    words: &Words,
) -> Scan<Option<(&'static str, Cursor<'a>)>> {
    for (written, spoken) in words.before_numbers {
        if let Some(after) = at.eat_str(written)?
            && is_amount(after, words)?
        {
            return Ok(Some((spoken, after)));
        }
    }
    Ok(None)
}

/// Whether a number or money follows, emphasised or not.
fn is_amount(at: Cursor<'_>, words: &Words) -> Scan<bool> {
    let (_, at) = past_space(at)?.take(|c| c == '*')?;
    Ok(at.sees(|c| c.is_ascii_digit())? || money::currency(at, words)?.is_some())
}

/// Past the abbreviation, which may begin a sentence.
fn eat<'a>(at: Cursor<'a>, written: &str) -> Scan<Option<Cursor<'a>>> {
    let mut end = at;
    for (place, wanted) in written.char_indices() {
        let capital = |c: char| place == 0 && c.to_lowercase().eq([wanted]);
        if wanted == ' ' {
            end = past_space(end)?;
        } else if let Some(after) = end.eat(|c| c == wanted || capital(c))? {
            end = after;
        } else {
            return Ok(None);
        }
    }
    Ok(Some(end))
}
