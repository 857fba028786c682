//! Times of day: "14:30", "9am", "14h30".

use super::super::cursor::{Cursor, Scan};
use super::super::words::Clock;
use super::{ends, past_space, space};

#[derive(Clone, Copy, Debug)]
pub(super) struct Time<'a> {
    hour: u8,
    minute: &'a str,
    half: Option<Half>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Half {
    Am,
    Pm,
}

pub(super) fn scan<'a>(at: Cursor<'a>, clock: &Clock) -> Scan<Option<(Time<'a>, Cursor<'a>)>> {
    let (digits, after) = at.take(|c| c.is_ascii_digit())?;
    let hour = digits.parse().ok().filter(|hour| *hour <= 24);
    let Some(hour) = hour.filter(|_: &u8| digits.len() <= 2) else {
        return Ok(None);
    };
    let (minute, after) = minutes(after)?.unwrap_or(("", after));
    let (half, end) = if clock.halves {
        half(after)?.map_or((None, after), |(half, after)| (Some(half), after))
    } else {
        (None, after)
    };
    if minute.is_empty() && half.is_none() {
        return Ok(None);
    }
    let end = named(end, clock)?;
    if !ends(end)? {
        return Ok(None);
    }
    Ok(Some((Time { hour, minute, half }, end)))
}

fn minutes(at: Cursor<'_>) -> Scan<Option<(&str, Cursor<'_>)>> {
    let Some(after) = at.eat(|c| matches!(c, ':' | 'h'))? else {
        return Ok(None);
    };
    let (digits, after) = after.take(|c| c.is_ascii_digit())?;
    if digits.len() != 2 || digits > "59" || after.sees(|c| c == ':')? {
        return Ok(None);
    }
    Ok(Some((digits, after)))
}

fn half(at: Cursor<'_>) -> Scan<Option<(Half, Cursor<'_>)>> {
    let at = past_space(at)?;
    for (name, half) in [("am", Half::Am), ("pm", Half::Pm)] {
        if let Some(after) = at.eat_any_case(name)?
            && ends(after)?
        {
            return Ok(Some((half, after)));
        }
    }
    for (name, half) in [("a.m", Half::Am), ("p.m", Half::Pm)] {
        if let Some(after) = at.eat_any_case(name)? {
            let dot = after.eat(|c| c == '.')?.unwrap_or(after);
            // The same full stop may end the sentence, and is left to it.
            let end = if closes(dot)? { after } else { dot };
            return Ok(Some((half, end)));
        }
    }
    Ok(None)
}

/// Whether a sentence may end here: a capital follows, or nothing.
fn closes(at: Cursor<'_>) -> Scan<bool> {
    let at = past_space(at)?;
    Ok(at.peek()?.is_none_or(|c| c.is_uppercase() || c == '\n'))
}

/// Past what the language writes after a time.
fn named<'a>(at: Cursor<'a>, clock: &Clock) -> Scan<Cursor<'a>> {
    if clock.after.is_empty() {
        return Ok(at);
    }
    let Some(word) = space(at)? else {
        return Ok(at);
    };
    for name in clock.after {
        if let Some(after) = word.eat_str(name)?
            && ends(after)?
        {
            return Ok(after);
        }
    }
    Ok(at)
}

impl Time<'_> {
    /// Adds how it is spoken. `until` is the end of the span it begins, if it does.
    pub(super) fn say(self, until: Option<Self>, clock: &Clock, out: &mut String) {
        let half = self.half(until).filter(|_| clock.halves);
        let hour = match half {
            Some(_) => (self.hour + 11) % 12 + 1,
            None => self.hour,
        };
        out.push_str(&hour.to_string());
        match (self.minute, half) {
            ("" | "00", None) => out.push_str(clock.full),
            ("" | "00", Some(_)) => {}
            (minute, _) => {
                out.push_str(clock.between);
                // "14 Uhr 5", but "2:05".
                let words = clock.between.ends_with(' ');
                let zero = minute.strip_prefix('0').filter(|_| words);
                out.push_str(zero.unwrap_or(minute));
            }
        }
        match half {
            Some(Half::Am) => out.push_str(" AM"),
            Some(Half::Pm) => out.push_str(" PM"),
            None => {}
        }
    }

    /// The half of the day, where it is written or certain.
    fn half(self, until: Option<Self>) -> Option<Half> {
        let span = until.is_some_and(|until| until.hour >= 13);
        self.half.or(match self.hour {
            0 | 24 => Some(Half::Am),
            13.. => Some(Half::Pm),
            12 if span => Some(Half::Pm),
            _ if span => Some(Half::Am),
            _ => None,
        })
    }
}
