//! One value, or a span from one to another: "18–20", "9:00 to 18:00", "9am-5pm".

use super::super::cursor::{Cursor, Scan};
use super::super::words::{Currency, Words};
use super::number::{self, Number};
use super::time::{self, Time};
use super::{money, past_space, space};

/// A number or a time of day.
#[derive(Clone, Copy, Debug)]
pub(super) enum Value<'a> {
    Number(Number<'a>),
    Time(Time<'a>),
}

#[derive(Debug)]
pub(super) struct Range<'a> {
    pub(super) first: Value<'a>,
    pub(super) last: Option<Value<'a>>,
}

/// A value whose currency, if it has one in front, is already read.
pub(super) fn scan<'a>(
    at: Cursor<'a>,
    currency: Option<&Currency>,
    words: &Words,
) -> Scan<Option<(Range<'a>, Cursor<'a>)>> {
    let Some((first, after)) = value(at, words)? else {
        return Ok(None);
    };
    let (last, after) = match second(first, after, currency, words)? {
        Some((last, after)) => (Some(last), after),
        None => (None, after),
    };
    Ok(Some((Range { first, last }, after)))
}

fn value<'a>(at: Cursor<'a>, words: &Words) -> Scan<Option<(Value<'a>, Cursor<'a>)>> {
    if let Some((time, after)) = time::scan(at, &words.clock)? {
        return Ok(Some((Value::Time(time), after)));
    }
    let found = number::scan(at)?;
    Ok(found.map(|(number, after)| (Value::Number(number), after)))
}

fn second<'a>(
    first: Value<'a>,
    at: Cursor<'a>,
    currency: Option<&Currency>,
    words: &Words,
) -> Scan<Option<(Value<'a>, Cursor<'a>)>> {
    let Some((tight, after)) = joint(at, words)? else {
        return Ok(None);
    };
    let after = match currency {
        Some(currency) => money::name(after, currency)?.map_or(Ok(after), past_space)?,
        None => after,
    };
    let Some((last, end)) = value(after, words)? else {
        return Ok(None);
    };
    let hyphenated = end.sees(|c| c == '-')? && !end.skip(1).sees(char::is_alphabetic)?;
    if tight && (hyphenated || !spans(first, last)) {
        return Ok(None);
    }
    Ok(Some((last, end)))
}

/// Past a dash or the word between two values; whether it is a bare hyphen, which may also join
/// the parts of a reference.
fn joint<'a>(at: Cursor<'a>, words: &Words) -> Scan<Option<(bool, Cursor<'a>)>> {
    let spaced = space(at)?;
    let start = spaced.unwrap_or(at);
    if let Some(after) = start.eat(|c| matches!(c, '-' | '‐' | '‑' | '–' | '—' | '−'))? {
        let dashed = start.eat(|c| matches!(c, '–' | '—'))?.is_some();
        let after = past_space(after)?;
        return Ok(Some((spaced.is_none() && !dashed, after)));
    }
    if spaced.is_none() {
        return Ok(None);
    }
    let Some(after) = start.eat_str(words.number.to)? else {
        return Ok(None);
    };
    Ok(space(after)?.map(|after| (false, after)))
}

/// Whether a hyphen between two values means "to".
fn spans(first: Value<'_>, last: Value<'_>) -> bool {
    let (Value::Number(first), Value::Number(last)) = (first, last) else {
        return true;
    };
    if !first.plain() || !last.plain() {
        return true;
    }
    let (Ok(a), Ok(b)) = (first.written.parse::<u32>(), last.written.parse::<u32>()) else {
        return false;
    };
    let short = first.written.len() <= 4 && last.written.len() <= 4;
    let zero = first.written.starts_with('0') && first.written.len() > 1;
    // "9-5" are hours.
    short && !zero && (a < b || (a <= 24 && b <= 24))
}

impl Range<'_> {
    pub(super) fn say(&self, words: &Words, out: &mut String) {
        let until = match self.last {
            Some(Value::Time(until)) => Some(until),
            Some(Value::Number(_)) | None => None,
        };
        match self.first {
            Value::Number(number) => number.say(out),
            Value::Time(time) => time.say(until, &words.clock, out),
        }
        let Some(last) = self.last else {
            return;
        };
        out.push(' ');
        out.push_str(words.number.to);
        out.push(' ');
        match last {
            Value::Number(number) => number.say(out),
            Value::Time(time) => time.say(None, &words.clock, out),
        }
    }

    /// The only number.
    pub(super) fn single(&self) -> Option<Number<'_>> {
        match (self.first, self.last) {
            (Value::Number(number), None) => Some(number),
            _ => None,
        }
    }

    pub(super) fn is_one(&self) -> bool {
        self.single().is_some_and(Number::is_one)
    }
}
