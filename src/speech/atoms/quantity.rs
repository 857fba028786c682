//! How much of something: a sign, money or numbers, and what they count.

use super::super::cursor::{Cursor, Scan};
use super::super::symbols;
use super::super::words::Words;
use super::number::Number;
use super::range::{self, Range};
use super::{Spoken, ends, money, number, past_space, sign, space, spell, unit};

pub(super) fn scan<'a>(at: Cursor<'a>, words: &Words) -> Scan<Option<Spoken<'a>>> {
    let mut out = String::new();
    let start = sign(at, words, &mut out)?;
    let end = match money::scan(start, words, &mut out)? {
        Some(end) => Some(end),
        None => measure(start, words, &mut out)?,
    };
    let Some(end) = end else {
        return Ok(None);
    };
    let end = unit::rates(end, words, &mut out)?;
    Ok(ends(end)?.then_some((out, end)))
}

/// Adds numbers that have no currency in front.
fn measure<'a>(at: Cursor<'a>, words: &Words, out: &mut String) -> Scan<Option<Cursor<'a>>> {
    let Some((range, after)) = range::scan(at, None, words)? else {
        return Ok(None);
    };
    if let Some(number) = range.single()
        && let Some(after) = power(number, after, words, out)?
    {
        return Ok(Some(counted(&range, after, words, out)?.unwrap_or(after)));
    }
    if let Some(end) = money::behind(&range, after, words, out)? {
        return Ok(Some(end));
    }
    let at_least = after
        .eat(|c| c == '+')?
        .filter(|_| range.single().is_some());
    if let Some(after) = at_least
        && ends(after)?
    {
        out.push_str(words.number.more_than);
        out.push(' ');
        range.say(words, out);
        return Ok(Some(counted(&range, after, words, out)?.unwrap_or(after)));
    }
    if let Some(number) = range.single().filter(|n| n.is_reference()) {
        return reference(number, after, out);
    }
    range.say(words, out);
    let first = counted(&range, after, words, out)?;
    let end = sides(first.unwrap_or(after), words, out)?;
    if first.is_some() || !after.until(end).is_empty() {
        return Ok(Some(end));
    }
    // "40-foot", "1/2" and "2026-11" are one word each.
    let compound = match after.eat(|c| c == '-')? {
        Some(next) => range.last.is_none() && next.sees(symbols::joins)?,
        None => match after.eat(|c| c == '/')? {
            Some(next) => next.sees(|c| c.is_ascii_digit())?,
            None => false,
        },
    };
    Ok((!compound).then_some(after))
}

/// Adds a power: "10^3", "10^{-3}".
fn power<'a>(
    base: Number<'_>,
    at: Cursor<'a>,
    words: &Words,
    out: &mut String,
) -> Scan<Option<Cursor<'a>>> {
    let (Some(after), Some(name)) = (at.eat(|c| c == '^')?, words.symbol('^')) else {
        return Ok(None);
    };
    let brace = after.eat(|c| c == '{')?;
    let mut said = format!(" {name} ");
    let start = sign(brace.unwrap_or(after), words, &mut said)?;
    let Some((exponent, end)) = number::scan(start)? else {
        return Ok(None);
    };
    let end = match brace {
        Some(_) => end.eat(|c| c == '}')?,
        None => Some(end),
    };
    if end.is_some() {
        base.say(out);
        out.push_str(&said);
        exponent.say(out);
    }
    Ok(end)
}

/// Adds the digits of a number that names something.
fn reference<'a>(number: Number<'_>, at: Cursor<'a>, out: &mut String) -> Scan<Option<Cursor<'a>>> {
    spell(out, number.written);
    let Some(after) = at.eat(|c| matches!(c, '/' | '-'))? else {
        return Ok(Some(at));
    };
    let (digits, end) = after.take(|c| c.is_ascii_digit())?;
    if digits.is_empty() {
        return Ok(Some(at));
    }
    // "030/1234567" is a telephone number, "05/06/2026" is not.
    if number.written.len() < 3 || digits.len() < 5 {
        return Ok(None);
    }
    out.push(',');
    spell(out, digits);
    Ok(Some(end))
}

/// Adds the other sides of a box: "120 x 80 x 100 cm".
fn sides<'a>(at: Cursor<'a>, words: &Words, out: &mut String) -> Scan<Cursor<'a>> {
    let mut end = at;
    loop {
        let Some(after) = past_space(end)?.eat(|c| matches!(c, 'x' | '×' | '*'))? else {
            return Ok(end);
        };
        let Some((side, after)) = number::scan(past_space(after)?)? else {
            return Ok(end);
        };
        // "2 × 40-foot" is a count, "5 × 10^3" a product.
        if after.sees(|c| matches!(c, '-' | '\'' | '^'))? {
            return Ok(end);
        }
        out.push(' ');
        out.push_str(words.number.by);
        out.push(' ');
        side.say(out);
        end = match unit::unit(past_space(after)?, words)? {
            Some((unit, after)) => {
                out.push(' ');
                out.push_str(unit.many);
                after
            }
            None => after,
        };
    }
}

/// Adds what is counted.
fn counted<'a>(
    range: &Range<'_>,
    at: Cursor<'a>,
    words: &Words,
    out: &mut String,
) -> Scan<Option<Cursor<'a>>> {
    let name = past_space(at)?;
    if let Some((unit, end)) = unit::unit(name, words)? {
        out.push(' ');
        out.push_str(if range.is_one() { unit.one } else { unit.many });
        return Ok(Some(end));
    }
    if space(at)?.is_none() {
        return Ok(None);
    }
    let Some(end) = unit::counted(name, words)? else {
        return Ok(None);
    };
    out.push(' ');
    out.push_str(name.until(end));
    Ok(Some(end))
}
