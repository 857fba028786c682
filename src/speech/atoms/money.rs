//! Money: "USD 2,200", "€6.50", "0.45 USD", "$2M", "$-5".

use super::super::cursor::{Cursor, Scan};
use super::super::symbols;
use super::super::words::{Currency, Part, Words};
use super::number::{self, Number};
use super::range::{self, Range};
use super::{ends, past_space, sign};

/// Adds money with its currency in front; where it answers `None`, what it added means nothing.
pub(super) fn scan<'a>(
    at: Cursor<'a>,
    words: &Words,
    out: &mut String,
) -> Scan<Option<Cursor<'a>>> {
    let Some((currency, after)) = currency(at, words)? else {
        return Ok(None);
    };
    let start = sign(past_space(after)?, words, out)?;
    let Some((amount, after)) = range::scan(start, Some(currency), words)? else {
        return Ok(None);
    };
    let (magnitude, after) = magnitude(after, words)?;
    say(&amount, magnitude, currency, words, out);
    Ok(Some(after))
}

/// Adds money with its currency behind the amount.
pub(super) fn behind<'a>(
    amount: &Range<'_>,
    at: Cursor<'a>,
    words: &Words,
    out: &mut String,
) -> Scan<Option<Cursor<'a>>> {
    let (magnitude, after) = magnitude(at, words)?;
    let Some((currency, after)) = currency(past_space(after)?, words)? else {
        return Ok(None);
    };
    say(amount, magnitude, currency, words, out);
    Ok(Some(after))
}

/// Past a name of this currency.
pub(super) fn name<'a>(at: Cursor<'a>, currency: &Currency) -> Scan<Option<Cursor<'a>>> {
    for name in currency.written {
        if let Some(after) = at.eat_str(name)? {
            let code = name.ends_with(|c: char| c.is_ascii_alphabetic());
            if !code || !after.sees(char::is_alphabetic)? {
                return Ok(Some(after));
            }
        }
    }
    Ok(None)
}

/// Past the name of a currency.
pub(super) fn currency<'a, 'w>(
    at: Cursor<'a>,
    words: &'w Words,
) -> Scan<Option<(&'w Currency, Cursor<'a>)>> {
    // Spares the table where no name of a currency can begin.
    if !at.sees(|c| c.is_ascii_uppercase() || symbols::is_currency(c))? {
        return Ok(None);
    }
    for currency in words.currencies {
        if let Some(after) = name(at, currency)? {
            return Ok(Some((currency, after)));
        }
    }
    Ok(None)
}

/// "million", if it follows.
fn magnitude<'a>(at: Cursor<'a>, words: &Words) -> Scan<(Option<&'static str>, Cursor<'a>)> {
    let name = past_space(at)?;
    for (written, spoken) in words.number.magnitudes {
        // A single letter after a space is something else.
        let start = if written.len() == 1 { at } else { name };
        if let Some(after) = start.eat_str(written)?
            && ends(after)?
        {
            return Ok((Some(spoken), after));
        }
    }
    Ok((None, at))
}

fn say(
    amount: &Range<'_>,
    magnitude: Option<&str>,
    currency: &Currency,
    words: &Words,
    out: &mut String,
) {
    if let (Some(number), None, Some(part)) = (amount.single(), magnitude, &currency.part)
        && say_parts(number, currency, part, words, out)
    {
        return;
    }
    amount.say(words, out);
    if let Some(magnitude) = magnitude {
        out.push(' ');
        out.push_str(magnitude);
    }
    let one = amount.is_one() && magnitude.is_none();
    out.push(' ');
    out.push_str(if one { currency.one } else { currency.many });
}

/// Adds dollars and cents; does nothing where the amount is not written in cents.
fn say_parts(
    number: Number<'_>,
    currency: &Currency,
    part: &Part,
    words: &Words,
    out: &mut String,
) -> bool {
    let parts = number.parts(&words.number);
    let cents: u8 = match (parts.fraction.len(), parts.fraction.parse()) {
        (1, Ok(tens @ 0..10u8)) => tens * 10,
        (2, Ok(cents)) => cents,
        _ => return false,
    };
    let whole = parts.whole.trim_start_matches('0');
    if whole.is_empty() && cents > 0 {
        let name = if cents == 1 { part.one } else { part.many };
        out.push_str(&format!("{cents} {name}"));
        return true;
    }
    // What parts a fraction elsewhere groups thousands here: "1.234,56".
    number::say(&parts.whole.replace(words.number.decimal, ""), out);
    out.push(' ');
    out.push_str(if whole == "1" {
        currency.one
    } else {
        currency.many
    });
    if cents > 0 {
        let after = if cents == 1 {
            part.one_after
        } else {
            part.many_after
        };
        out.push_str(&format!("{}{cents}{after}", part.and));
    }
    true
}
