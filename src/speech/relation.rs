//! Marks that are spoken where they stand between two things: "a<b", "c > d", "x^2".

use super::cursor::{Cursor, Scan};
use super::symbols;

/// The sign written onto the word before it, and the place after it.
pub(super) fn tight(at: Cursor<'_>, mark: char) -> Scan<Option<(char, Cursor<'_>)>> {
    if mark == '^' {
        let after = at.skip(1);
        let raised = after.sees(|c| symbols::joins(c) || matches!(c, '-' | '−' | '{'))?;
        return Ok(raised.then_some((mark, after)));
    }
    let Some((sign, after)) = comparison(at, mark)? else {
        return Ok(None);
    };
    let compared = compares(sign, after)? && !(sign == '<' && is_address(after)?);
    Ok(compared.then_some((sign, after)))
}

/// The sign apart from what is before and after it, and the place after it.
pub(super) fn spaced(at: Cursor<'_>, mark: char) -> Scan<Option<(char, Cursor<'_>)>> {
    let Some((sign, after)) = comparison(at, mark)? else {
        return Ok(None);
    };
    let compared = match after.eat(|c| c == ' ')? {
        Some(next) => compares(sign, next)?,
        None => is_certain(sign),
    };
    Ok(compared.then_some((sign, after)))
}

fn comparison(at: Cursor<'_>, mark: char) -> Scan<Option<(char, Cursor<'_>)>> {
    let or_equal = match mark {
        '<' => '≤',
        '>' => '≥',
        _ => return Ok(None),
    };
    let after = at.skip(1);
    Ok(Some(match after.eat(|c| c == '=')? {
        Some(after) => (or_equal, after),
        None => (mark, after),
    }))
}

/// No mark that lays text out looks like it.
fn is_certain(sign: char) -> bool {
    matches!(sign, '≤' | '≥')
}

/// Whether what follows may be compared.
fn compares(sign: char, at: Cursor<'_>) -> Scan<bool> {
    if is_certain(sign) {
        return Ok(true);
    }
    let (_, at) = at.take(|c| c == '*')?;
    if let Some(after) = at.eat(|c| matches!(c, '-' | '−'))? {
        return after.sees(|c| c.is_ascii_digit());
    }
    let operand = at.sees(|c| symbols::joins(c) || symbols::is_currency(c) || c == '(')?;
    Ok(operand && !(sign == '>' && is_title(at)?))
}

/// "Ann<ann@example.com>"
fn is_address(at: Cursor<'_>) -> Scan<bool> {
    let (word, _) = at.take(|c| !matches!(c, ' ' | '<' | '>' | '\n'))?;
    Ok(word.contains('@') || word.contains("://"))
}

/// The next step of a way through menus: "Settings > Account".
fn is_title(at: Cursor<'_>) -> Scan<bool> {
    match at.eat(char::is_uppercase)? {
        Some(after) => after.sees(char::is_lowercase),
        None => Ok(false),
    }
}
