//! Telephone numbers and other numbers in hyphenated groups, digit by digit.

use super::super::cursor::{Cursor, Scan};
use super::super::words::Words;
use super::{Spoken, ends, money, number, past_space, spell, unit};

/// The most digits an international number has.
const LONGEST: usize = 15;

pub(super) fn scan<'a>(at: Cursor<'a>, words: &Words) -> Scan<Option<Spoken<'a>>> {
    let (plus, start) = match at.eat(|c| c == '+')? {
        Some(after) => (true, after),
        None => (false, at),
    };
    let mut out = String::new();
    if plus {
        out.push_str(words.number.plus);
    }
    let (bracket, start) = match start.eat(|c| c == '(')? {
        Some(after) => (true, after),
        None => (false, start),
    };
    if (plus || bracket) && is_amount(start, words)? {
        return Ok(None);
    }
    let mut groups = Groups::default();
    let (mut group, mut end) = start.take(|c| c.is_ascii_digit())?;
    let form = match (plus, bracket) {
        (true, _) => Form::International,
        (false, true) => Form::Area,
        (false, false) if group.len() >= 2 && group.starts_with('0') => Form::National,
        (false, false) => Form::Groups,
    };
    if group.is_empty() {
        return Ok(None);
    }
    loop {
        groups.add(group, &mut out);
        // Too long, or letters ended it.
        if groups.characters > LONGEST || !group.starts_with(|c: char| c.is_ascii_digit()) {
            break;
        }
        match next(end, form)? {
            Some((following, after)) => (group, end) = (following, after),
            None => break,
        }
    }
    Ok((ends(end)? && groups.are_phone(form)).then_some((out, end)))
}

/// Whether the groups are thousands of something: "+12 000 000 kg".
fn is_amount(at: Cursor<'_>, words: &Words) -> Scan<bool> {
    let Some((_, after)) = number::scan(at)?.filter(|(number, _)| number.spaced()) else {
        return Ok(false);
    };
    let name = past_space(after)?;
    Ok(unit::unit(name, words)?.is_some()
        || unit::counted(name, words)?.is_some()
        || money::currency(name, words)?.is_some())
}

/// The next group of digits, or letters in their place.
fn next(at: Cursor<'_>, form: Form) -> Scan<Option<(&str, Cursor<'_>)>> {
    let hyphen = at.eat(|c| matches!(c, '-' | '‑'))?;
    let Some(after) = hyphen.or(gap(at, form)?) else {
        return Ok(None);
    };
    if after.sees(|c| c.is_ascii_digit())? {
        return after.take(|c| c.is_ascii_digit()).map(Some);
    }
    if hyphen.is_some() && after.sees(|c| c.is_ascii_uppercase())? {
        return after.take(|c| c.is_ascii_uppercase()).map(Some);
    }
    Ok(None)
}

/// Past what parts the groups of a number that is certainly a telephone's: ") " or a space.
fn gap(at: Cursor<'_>, form: Form) -> Scan<Option<Cursor<'_>>> {
    match form {
        Form::International | Form::Area => {}
        Form::National => return at.eat(|c| matches!(c, ' ' | '\u{a0}')),
        Form::Groups => return Ok(None),
    }
    let Some(after) = at.eat(|c| matches!(c, ' ' | '.' | '(' | ')' | '/' | '\u{a0}'))? else {
        return Ok(None);
    };
    Ok(Some(
        after.eat(|c| matches!(c, ' ' | '('))?.unwrap_or(after),
    ))
}

/// What a number begins with.
#[derive(Clone, Copy, Debug)]
enum Form {
    /// A plus.
    International,
    /// A bracket.
    Area,
    /// A zero.
    National,
    /// Any digit: its groups are hyphenated.
    Groups,
}

#[derive(Debug, Default)]
struct Groups {
    count: usize,
    characters: usize,
    longest: usize,
    first: usize,
    last: usize,
}

impl Groups {
    fn add(&mut self, group: &str, out: &mut String) {
        if self.count > 0 {
            out.push_str(", ");
        }
        spell(out, group);
        if self.count == 0 {
            self.first = group.len();
        }
        self.count += 1;
        self.characters += group.len();
        self.longest = self.longest.max(group.len());
        self.last = group.len();
    }

    /// Whether this is not an amount, a range or a date.
    fn are_phone(&self, form: Form) -> bool {
        let local = self.count == 2 && self.first == 3 && self.last == 4;
        let date = self.count == 3 && self.longest == 4 && self.characters <= 8;
        let grouped = self.count >= 3 && !date;
        let reference = self.count == 2 && self.longest >= 5;
        let certain = match form {
            Form::International => true,
            Form::Area | Form::National => self.count >= 2 && self.characters >= 9,
            Form::Groups => false,
        };
        let length = (7..=LONGEST).contains(&self.characters);
        length && (certain || local || grouped || reference)
    }
}
