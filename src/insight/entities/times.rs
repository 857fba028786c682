//! Times of the day.

use super::line::{Find, Line};
use super::numbers::{amount, small};
use crate::insight::EntityKind;
use crate::spoken::Kind;

/// The time that begins at a piece.
pub(super) fn time(line: &Line<'_>, at: usize) -> Option<(Find, usize)> {
    let (clock, next, confidence) = named(line, at)
        .or_else(|| past(line, at))
        .or_else(|| clock(line, at))?;
    let (clock, next) = match (clock, half_of_day(line, next)) {
        (Some(clock), Some((half, next))) => (Some(clock.on(half)), next),
        (clock, _) => (clock, next),
    };
    let find = line.find(EntityKind::Time, at, next, confidence)?;
    let value = clock.filter(|clock| clock.hour < 24 && clock.minute < 60);
    Some((
        find.with(value.map(|clock| format!("{:02}:{:02}", clock.hour, clock.minute))),
        next,
    ))
}

#[derive(Clone, Copy, Debug)]
struct Clock {
    hour: u32,
    minute: u32,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Half {
    Morning,
    Afternoon,
}

impl Clock {
    fn on(self, half: Half) -> Self {
        let hour = match (half, self.hour) {
            (Half::Morning, 12) => 0,
            (Half::Afternoon, hour @ 1..=11) => hour + 12,
            (_, hour) => hour,
        };
        Self { hour, ..self }
    }
}

type Timed = (Option<Clock>, usize, f32);

/// "noon", "tonight", "this afternoon".
fn named(line: &Line<'_>, at: usize) -> Option<Timed> {
    let clock = |hour| Some(Clock { hour, minute: 0 });
    match (line.word(at), line.word(at + 1)) {
        ("noon" | "midday", _) => Some((clock(12), at + 1, 0.9)),
        ("midnight", _) => Some((clock(0), at + 1, 0.9)),
        ("tonight", _) => Some((None, at + 1, 0.85)),
        ("this", "morning" | "afternoon" | "evening") => Some((None, at + 2, 0.85)),
        (
            "tomorrow" | "yesterday" | "monday" | "tuesday" | "wednesday" | "thursday" | "friday"
            | "saturday" | "sunday",
            _,
        ) => None,
        ("morning" | "afternoon" | "evening", _) if DAYS.contains(&line.before(at, 1)) => {
            Some((None, at + 1, 0.8))
        }
        _ => None,
    }
}

/// "half past three", "quarter to four", "ten past six", "half ten".
fn past(line: &Line<'_>, at: usize) -> Option<Timed> {
    let first = at + usize::from(line.word(at) == "a");
    let (minutes, next) = match line.word(first) {
        "half" => (30, first + 1),
        "quarter" => (15, first + 1),
        word if first == at => {
            let minutes = if small(word).is_some() || line.token(at)?.kind == Kind::Digits {
                amount(line, at)?
            } else {
                return None;
            };
            let next =
                minutes.next + usize::from(matches!(line.word(minutes.next), "minutes" | "minute"));
            (
                minutes
                    .whole()
                    .filter(|minutes| (1..30).contains(minutes))?,
                next,
            )
        }
        _ => return None,
    };
    let relation = line.word(next);
    let hour_at = match relation {
        "past" | "after" | "to" | "before" | "till" | "of" => next + 1,
        _ if minutes == 30 && line.word(first) == "half" => next,
        _ => return None,
    };
    // "ten to five" may count things: only the usual minutes are a time.
    let usual = matches!(line.word(first), "half" | "quarter")
        || relation == "past"
        || (matches!(minutes, 5 | 10 | 20 | 25)
            && matches!(line.before(at, 1), "at" | "around" | "about" | "by"));
    let hour = amount(line, hour_at)?;
    let value = hour.whole().filter(|hour| (1..=12).contains(hour))?;
    let alone = ends(line, hour.next);
    let usual =
        usual || (matches!(minutes, 10 | 20 | 25) && relation == "to" && alone && value < 11);
    let unit = line
        .token(hour.next)
        .is_some_and(|next| next.kind == Kind::Sign('%'))
        || matches!(line.word(hour.next), "percent" | "dozen");
    if !usual || unit {
        return None;
    }
    let clock = match relation {
        "to" | "before" | "till" | "of" => Clock {
            hour: if value == 1 { 12 } else { value - 1 },
            minute: 60 - minutes,
        },
        _ => Clock {
            hour: value,
            minute: minutes,
        },
    };
    let next = hour.next + usize::from(line.word(hour.next) == "o'clock");
    Some((Some(clock), next, 0.9))
}

/// "10:30", "3 pm", "five o'clock", "at three thirty".
fn clock(line: &Line<'_>, at: usize) -> Option<Timed> {
    let token = line.token(at)?;
    let (hour, next) = if token.kind == Kind::Digits {
        (token.text.parse::<u32>().ok()?, at + 1)
    } else {
        let hour = small(line.word(at))?;
        let hour = (1..=12).find(|known| f64::from(*known) == hour)?;
        (hour, at + 1)
    };
    if hour > 24 {
        return None;
    }
    let colon = line
        .token(next)
        .is_some_and(|sign| matches!(sign.kind, Kind::Sign(':')) && token.touches(sign));
    if token.kind == Kind::Digits && colon {
        let minutes = line
            .token(next + 1)
            .filter(|minutes| minutes.kind == Kind::Digits && minutes.text.len() == 2)?;
        let minute = minutes.text.parse().ok()?;
        return Some((Some(Clock { hour, minute }), next + 2, 0.95));
    }
    let dot = line
        .token(next)
        .is_some_and(|sign| sign.kind == Kind::Sign('.') && token.touches(sign));
    let minutes_after = line.token(next + 1).filter(|minutes| {
        dot && minutes.kind == Kind::Digits
            && minutes.text.len() == 2
            && minutes.start == token.end() + 1
    });
    if token.kind == Kind::Digits
        && token.text.len() == 2
        && let Some(minute) = minutes_after.and_then(|minutes| minutes.text.parse().ok())
        && minute < 60
        && (matches!(
            line.before(at, 1),
            "at" | "until" | "from" | "by" | "around"
        ) || (at == 0 && matches!(line.word(next + 2), "is" | "works" | "")))
    {
        return Some((Some(Clock { hour, minute }), next + 2, 0.7));
    }
    let (minute, after) = minutes(line, next, token.kind);
    let clock = Clock {
        hour,
        minute: minute.unwrap_or(0),
    };
    if line.word(after) == "o'clock" {
        return Some((Some(clock), after + 1, 0.95));
    }
    if half_of_day(line, after).is_some() && hour <= 12 {
        return Some((Some(clock), after, 0.95));
    }
    let before = line.before(at, 1);
    let asked = matches!(
        before,
        "at" | "around" | "say" | "until" | "till" | "by" | "before" | "after" | "past" | "from"
    );
    let closes = ends(line, after);
    let decimal = line.token(after).is_some_and(|next| {
        matches!(
            next.kind,
            Kind::Sign('.' | ',' | '-' | '/' | '%' | '$' | '€')
        ) && line
            .token(after + 1)
            .is_some_and(|more| more.kind == Kind::Digits)
    });
    if !closes || decimal || !(1..=24).contains(&hour) {
        return None;
    }
    if minute.is_some() && (asked || matches!(before, "between" | "and" | "to" | "about")) {
        return Some((Some(clock), after, 0.8));
    }
    // "between nine and five pm": the second one tells of the first.
    let pair = matches!(line.word(after), "and" | "to")
        && matches!(before, "between" | "from")
        && time(line, after + 1).is_some_and(|(_, next)| {
            half_of_day(line, next.saturating_sub(1)).is_some()
                || line.word(next.saturating_sub(1)).ends_with('m')
                || line.word(next.saturating_sub(2)).ends_with('m')
        });
    let hours = |at: usize| {
        super::numbers::amount(line, at).and_then(|amount| {
            Some((
                amount.whole().filter(|hour| (1..=12).contains(hour))?,
                amount.next,
            ))
        })
    };
    let opened = before == "between"
        && line.word(after) == "and"
        && hours(after + 1).is_some_and(|(_, next)| ends(line, next));
    let closed = before == "and"
        && line.before(at, 3) == "between"
        && at.checked_sub(2).is_some_and(|at| hours(at).is_some());
    let pair = pair || opened || closed;
    let hour_only = minute.is_none() && (matches!(before, "at" | "around") || pair);
    hour_only.then_some((Some(clock), after, 0.6))
}

/// "thirty", "forty five", "oh five" after an hour.
fn minutes(line: &Line<'_>, at: usize, hour: Kind) -> (Option<u32>, usize) {
    if hour == Kind::Digits {
        return (None, at);
    }
    if matches!(line.word(at), "oh" | "o")
        && let Some(minute) = small(line.word(at + 1)).filter(|minute| *minute < 10.0)
    {
        return ((1..10).find(|known| f64::from(*known) == minute), at + 2);
    }
    let minutes = small(line.word(at)).and_then(|_| amount(line, at));
    match minutes.and_then(|minutes| Some((minutes.whole()?, minutes.next))) {
        Some((minute @ 10..=59, next)) => (Some(minute), next),
        _ => (None, at),
    }
}

/// "am", "p.m.", "in the morning".
fn half_of_day(line: &Line<'_>, at: usize) -> Option<(Half, usize)> {
    let half = |word: &str| match word {
        "a" | "am" | "morning" => Some(Half::Morning),
        "p" | "pm" | "afternoon" | "evening" => Some(Half::Afternoon),
        _ => None,
    };
    match [0, 1, 2, 3].map(|more| line.word(at + more)) {
        [word @ ("am" | "pm"), ..] => Some((half(word)?, at + 1)),
        [word @ ("a" | "p"), ".", "m", "."] => Some((half(word)?, at + 4)),
        [word @ ("a" | "p"), ".", "m", _] => Some((half(word)?, at + 3)),
        [word @ ("a" | "p"), "m", ..] => Some((half(word)?, at + 2)),
        ["in", "the", word @ ("morning" | "afternoon" | "evening"), _] => {
            Some((half(word)?, at + 3))
        }
        _ => None,
    }
}

/// Whether nothing follows that a number would count.
fn ends(line: &Line<'_>, at: usize) -> bool {
    line.token(at).is_none_or(|token| token.kind != Kind::Word) || FOLLOWS.contains(&line.word(at))
}

/// Days that a part of is named after.
const DAYS: &[&str] = &[
    "tomorrow",
    "yesterday",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

/// Words that may follow a time without being counted by it.
const FOLLOWS: &[&str] = &[
    "and",
    "or",
    "on",
    "to",
    "please",
    "if",
    "would",
    "works",
    "is",
    "was",
    "tomorrow",
    "today",
    "next",
    "this",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "sharp",
    "then",
    "but",
    "because",
    "in",
    "for",
    "we",
    "i",
    "he",
    "she",
    "they",
    "local",
];
