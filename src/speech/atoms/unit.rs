//! Units after a number and in rates: "20 kg", "6.50/kg", "per m³".

use super::super::cursor::{Cursor, Scan};
use super::super::symbols;
use super::super::words::{Unit, Words};
use super::{Spoken, ends, past_space, space};

/// A unit that is written here.
pub(super) fn unit<'a, 'w>(
    at: Cursor<'a>,
    words: &'w Words,
) -> Scan<Option<(&'w Unit, Cursor<'a>)>> {
    for unit in words.units {
        if let Some(after) = at.eat_str(unit.written)?
            && ends(after)?
        {
            return Ok(Some((unit, after)));
        }
    }
    Ok(None)
}

/// Past a counted thing that is spoken as it is written, such as "days".
pub(super) fn counted<'a>(at: Cursor<'a>, words: &Words) -> Scan<Option<Cursor<'a>>> {
    for name in words.counted {
        if let Some(after) = at.eat_str(name)?
            && ends(after)?
        {
            return Ok(Some(after));
        }
    }
    Ok(None)
}

/// Adds what is counted by, as often as it follows: "/kg", "/pallet/day", " per kg".
pub(super) fn rates<'a>(at: Cursor<'a>, words: &Words, out: &mut String) -> Scan<Cursor<'a>> {
    let mut end = at;
    loop {
        if let Some(after) = past_space(end)?.eat(|c| c == '/')? {
            let after = past_space(after)?;
            if let Some((unit, after)) = unit(after, words)? {
                say_rate(unit.one, words, out);
                end = after;
                continue;
            }
            let (name, after) = after.take(|c| c.is_alphabetic() && symbols::joins(c))?;
            let word = name.starts_with(char::is_lowercase);
            if word && ends(after)? {
                say_rate(name, words, out);
                end = after;
                continue;
            }
        }
        let Some(word) = space(end)? else {
            return Ok(end);
        };
        let Some((spoken, after)) = rate(word, words)? else {
            return Ok(end);
        };
        out.push(' ');
        out.push_str(&spoken);
        end = after;
    }
}

/// "per kg" on its own.
pub(in super::super) fn rate<'a>(at: Cursor<'a>, words: &Words) -> Scan<Option<Spoken<'a>>> {
    let per = words.number.per;
    let Some(after) = at.eat_str(per)? else {
        return Ok(None);
    };
    let Some(after) = space(after)? else {
        return Ok(None);
    };
    Ok(unit(after, words)?.map(|(unit, after)| (format!("{per} {}", unit.one), after)))
}

fn say_rate(name: &str, words: &Words, out: &mut String) {
    out.push(' ');
    out.push_str(words.number.per);
    out.push(' ');
    out.push_str(name);
}
