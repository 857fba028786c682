//! Dates, also those that count from the day of the call.

use jiff::civil::{Date, Weekday};
use jiff::{Span, ToSpan as _};

use super::line::{Find, Line};
use super::numbers::{amount, small};
use crate::insight::EntityKind;
use crate::spoken::Kind;

/// The date that begins at a piece.
pub(super) fn date(line: &Line<'_>, at: usize, today: Date) -> Option<(Find, usize)> {
    let (value, first, next, confidence) = written(line, at)
        .or_else(|| named(line, at, today))
        .or_else(|| counted(line, at, today))
        .or_else(|| weekday(line, at, today))
        .or_else(|| month(line, at, today))
        .or_else(|| day(line, at, today))
        .or_else(|| bare_year(line, at))?;
    let find = line.find(EntityKind::Date, first, next, confidence)?;
    Some((find.with(value.map(|date| date.to_string())), next))
}

/// The date, its first piece, the piece after it, and how sure it is.
type Dated = (Option<Date>, usize, usize, f32);

/// "2026-11-23", "23.11.2026", "11/23/2026".
fn written(line: &Line<'_>, at: usize) -> Option<Dated> {
    let number = |at: usize| {
        line.token(at)
            .filter(|token| token.kind == Kind::Digits)?
            .text
            .parse::<i16>()
            .ok()
    };
    let sign = |at: usize| match line.token(at)?.kind {
        Kind::Sign(sign) => Some(sign),
        Kind::Word | Kind::Digits | Kind::Mark => None,
    };
    let ((a, b, c), mark) = (
        (number(at)?, number(at + 2)?, number(at + 4)?),
        sign(at + 1)?,
    );
    if sign(at + 3)? != mark {
        return None;
    }
    let (year, month, day) = match mark {
        '-' | '/' if a > 1900 => (a, b, c),
        '.' => (c, b, a),
        '/' if a > 12 => (c, b, a),
        '/' => (c, a, b),
        _ => return None,
    };
    let year = if year < 100 { 2000 + year } else { year };
    let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    Some((Some(date), at, at + 5, 0.95))
}

/// "today", "the day after tomorrow", "next week".
fn named(line: &Line<'_>, at: usize, today: Date) -> Option<Dated> {
    let days = |days: i64, next: usize, sure: f32| {
        Some((today.checked_add(days.days()).ok(), at, next, sure))
    };
    let the = usize::from(line.word(at) == "the");
    let words = [0, 1, 2, 3, 4].map(|more| line.word(at + the + more));
    match words {
        ["day", "after", "tomorrow", ..] => days(2, at + the + 3, 0.95),
        ["day", "before", "yesterday", ..] => days(-2, at + the + 3, 0.95),
        [
            "end" | "beginning" | "middle" | "start",
            "of",
            "the" | "this" | "next",
            "week" | "month" | "year",
            _,
        ] => Some((None, at, at + the + 4, 0.8)),
        [
            "end" | "beginning" | "middle" | "start",
            "of",
            "week" | "month" | "year",
            ..,
        ] => Some((None, at, at + the + 3, 0.7)),
        ["today", ..] if the == 0 => days(0, at + 1, 0.95),
        ["tomorrow", ..] if the == 0 => days(1, at + 1, 0.95),
        ["yesterday", ..] if the == 0 => days(-1, at + 1, 0.95),
        ["christmas" | "new", "eve" | "year's" | "day" | "year", ..] => {
            let more = usize::from(matches!(line.word(at + the + 2), "eve" | "day"));
            Some((None, at, at + the + 2 + more, 0.8))
        }
        [
            "christmas" | "easter" | "ramadan" | "diwali" | "thanksgiving",
            ..,
        ] => Some((None, at, at + the + 1, 0.7)),
        ["last", "night", ..] => days(-1, at + 2, 0.8),
        [
            "next" | "last" | "this" | "coming" | "following",
            "week" | "month" | "year" | "weekend" | "quarter" | "spring" | "summer" | "autumn"
            | "winter",
            ..,
        ] => Some((None, at, at + the + 2, 0.85)),
        _ => None,
    }
}

/// "in two weeks", "three days ago", "a week from today".
fn counted(line: &Line<'_>, at: usize, today: Date) -> Option<Dated> {
    let after = usize::from(line.word(at) == "in");
    let number = match line.word(at + after) {
        "a" | "an" => (1, at + after + 1),
        _ => {
            let amount = amount(line, at + after)?;
            (i64::from(amount.whole()?), amount.next)
        }
    };
    let (count, unit) = number;
    let span = match line.word(unit) {
        "day" | "days" => Span::new().try_days(count),
        "week" | "weeks" => Span::new().try_weeks(count),
        "month" | "months" => Span::new().try_months(count),
        "year" | "years" => Span::new().try_years(count),
        _ => return None,
    };
    let span = span.ok()?;
    let next = unit + 1;
    match (after, line.word(next), line.word(next + 1)) {
        (0, "ago", _) => Some((today.checked_sub(span).ok(), at, next + 1, 0.95)),
        (0, "from", "now" | "today") => Some((today.checked_add(span).ok(), at, next + 2, 0.95)),
        (1, ..) => Some((today.checked_add(span).ok(), at, next, 0.8)),
        _ => None,
    }
}

fn weekday(line: &Line<'_>, at: usize, today: Date) -> Option<Dated> {
    let which = line.word(at);
    let told = matches!(which, "next" | "this" | "last" | "coming");
    let name = at + usize::from(told);
    let word = line.word(name);
    let stem = word.strip_suffix('s').unwrap_or(word);
    let day = WEEKDAYS.iter().find(|(day, _)| *day == stem)?.1;
    if stem != word && !told {
        return Some((None, at, name + 1, 0.8));
    }
    // "Friday, 27 November", "Tuesday the 24th"
    let comma = name + 1 + usize::from(line.word(name + 1) == ",");
    if let Some((Some(date), _, next, _)) =
        month(line, comma, today).or_else(|| day_of(line, comma, today))
    {
        return Some((Some(date), at, next, 0.95));
    }
    let date = match which {
        "last" => today.nth_weekday(-1, day),
        "this" => {
            let monday =
                today.checked_sub(i64::from(today.weekday().to_monday_zero_offset()).days());
            monday.and_then(|monday| {
                monday.checked_add(i64::from(day.to_monday_zero_offset()).days())
            })
        }
        _ => today.nth_weekday(1, day),
    };
    let next = name + 1;
    let next = if matches!((line.word(next), line.word(next + 1)), ("next", "week")) {
        next + 2
    } else {
        next
    };
    let date = date
        .ok()
        .filter(|_| next == name + 1)
        .or_else(|| today.checked_add(7.days()).ok()?.nth_weekday(1, day).ok());
    Some((date, at, next, if told { 0.85 } else { 0.9 }))
}

/// "november twenty third", "the 5th of December 2026", "12 October", "in may".
fn month(line: &Line<'_>, at: usize, today: Date) -> Option<Dated> {
    if let Some(month) = month_named(line.word(at)) {
        let the = at + 1 + usize::from(line.word(at + 1) == "the");
        if let Some((day, next)) = ordinal(line, the).or_else(|| plain_day(line, the)) {
            let (year, next) =
                year(line, next).map_or((None, next), |(year, next)| (Some(year), next));
            return Some((resolve(line, year, month, day, today), at, next, 0.95));
        }
        let before = line.before(at, 1);
        let told = [
            "in", "by", "until", "till", "since", "last", "next", "this", "of", "early", "late",
            "mid", "during", "through", "for",
        ]
        .contains(&before);
        let common = matches!(
            line.word(at),
            "may" | "march" | "june" | "april" | "august" | "sep" | "dec" | "mar" | "jan" | "sept"
        );
        let (year, next) =
            year(line, at + 1).map_or((None, at + 1), |(year, next)| (Some(year), next));
        if (common && !told && year.is_none()) || (before == "for" && common) {
            return None;
        }
        return Some((None, at, next, 0.8));
    }
    let the = at + usize::from(line.word(at) == "the");
    let (day, next) = ordinal(line, the).or_else(|| plain_day(line, the))?;
    let of = next + usize::from(line.word(next) == "of");
    let month = month_named(line.word(of))?;
    let (year, next) = year(line, of + 1).map_or((None, of + 1), |(year, next)| (Some(year), next));
    Some((resolve(line, year, month, day, today), at, next, 0.95))
}

/// "the 25th", with nothing after it that it would count.
fn day(line: &Line<'_>, at: usize, today: Date) -> Option<Dated> {
    let (date, first, next, sure) = day_of(line, at, today)?;
    let written = line
        .token(next.checked_sub(2)?)
        .is_some_and(|token| token.kind == Kind::Digits);
    let told = line.word(at) == "the"
        && matches!(
            line.before(at, 1),
            "on" | "by" | "until" | "before" | "after" | "from" | "for" | "till" | "since"
        );
    let after = line.word(next);
    let open = line
        .token(next)
        .is_none_or(|token| token.kind != Kind::Word)
        || AFTER.contains(&after);
    ((written || told) && open).then_some((date, first, next, sure))
}

/// "since 2019".
fn bare_year(line: &Line<'_>, at: usize) -> Option<Dated> {
    let told = matches!(
        line.before(at, 1),
        "in" | "since" | "until" | "from" | "year" | "by"
    );
    let written = line.token(at)?.text.len() == 4 || line.word(at) == "twenty";
    let (_, next) = year(line, at).filter(|_| told && written)?;
    let ends = line
        .token(next)
        .is_none_or(|token| token.kind != Kind::Word || AFTER.contains(&token.text));
    ends.then_some((None, at, next, 0.7))
}

fn day_of(line: &Line<'_>, at: usize, today: Date) -> Option<Dated> {
    let the = at + usize::from(line.word(at) == "the");
    let (day, next) = ordinal(line, the)?;
    let mut month = today.first_of_month();
    let date = (0..3).find_map(|_| {
        let date = month
            .with()
            .day(day)
            .build()
            .ok()
            .filter(|date| *date >= today);
        month = month.checked_add(1.month()).ok()?;
        date
    });
    Some((date, at, next, 0.7))
}

/// The next such day; where the line tells of what was, the last one.
fn resolve(line: &Line<'_>, year: Option<i16>, month: i8, day: i8, today: Date) -> Option<Date> {
    if let Some(year) = year {
        return Date::new(year, month, day).ok();
    }
    let this = Date::new(today.year(), month, day).ok()?;
    if line.has(PAST) {
        return if this <= today {
            Some(this)
        } else {
            Date::new(today.year() - 1, month, day).ok()
        };
    }
    if this >= today {
        Some(this)
    } else {
        Date::new(today.year() + 1, month, day).ok()
    }
}

/// "23rd", "twenty third", "fifth".
fn ordinal(line: &Line<'_>, at: usize) -> Option<(i8, usize)> {
    let token = line.token(at)?;
    if token.kind == Kind::Digits {
        let suffix = line.token(at + 1).filter(|next| token.touches(next))?;
        let day = token
            .text
            .parse()
            .ok()
            .filter(|day| (1..=31).contains(day))?;
        return matches!(suffix.text, "st" | "nd" | "rd" | "th").then_some((day, at + 2));
    }
    let of = |word: &str| {
        ORDINALS
            .iter()
            .find(|(name, _)| *name == word)
            .map(|(_, day)| *day)
    };
    let tens = match line.word(at) {
        "twenty" => Some(20),
        "thirty" => Some(30),
        _ => None,
    };
    if let Some(tens) = tens {
        let second = at + 1 + usize::from(line.word(at + 1) == "-");
        let day = tens + of(line.word(second)).filter(|day| *day < 10)?;
        return (day <= 31).then_some((day, second + 1));
    }
    Some((of(line.word(at))?, at + 1))
}

/// "23" or "twenty three" beside a month.
fn plain_day(line: &Line<'_>, at: usize) -> Option<(i8, usize)> {
    let amount = amount(line, at)?;
    let day = i8::try_from(amount.whole()?)
        .ok()
        .filter(|day| (1..=31).contains(day))?;
    let unit = line
        .token(amount.next)
        .is_some_and(|next| next.kind == Kind::Sign(':'));
    (!unit).then_some((day, amount.next))
}

/// "2026", "twenty twenty six", "two thousand twenty six".
fn year(line: &Line<'_>, at: usize) -> Option<(i16, usize)> {
    let at = at + usize::from(line.word(at) == ",");
    if let Some(amount) = amount(line, at)
        && let Some(year) = amount.whole().and_then(|year| i16::try_from(year).ok())
        && (1950..2100).contains(&year)
    {
        return Some((year, amount.next));
    }
    if small(line.word(at))? != 20.0 {
        return None;
    }
    let rest = amount(line, at + 1)?;
    let rest_of = i16::try_from(rest.whole()?)
        .ok()
        .filter(|rest| (10..100).contains(rest))?;
    Some((2000 + rest_of, rest.next))
}

/// Whether a word names a day of the week or a month.
pub(super) fn is_day_or_month(word: &str) -> bool {
    let stem = word.strip_suffix('s').unwrap_or(word);
    WEEKDAYS.iter().any(|(day, _)| *day == stem) || month_named(word).is_some()
}

fn month_named(word: &str) -> Option<i8> {
    let stem = word.get(..3)?;
    let at = MONTHS.iter().position(|name| name.starts_with(stem))?;
    let name = MONTHS.get(at)?;
    let short = word.len() == 3 || word == "sept";
    (short || *name == word).then_some(i8::try_from(at).ok()? + 1)
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

const WEEKDAYS: [(&str, Weekday); 7] = [
    ("monday", Weekday::Monday),
    ("tuesday", Weekday::Tuesday),
    ("wednesday", Weekday::Wednesday),
    ("thursday", Weekday::Thursday),
    ("friday", Weekday::Friday),
    ("saturday", Weekday::Saturday),
    ("sunday", Weekday::Sunday),
];

const ORDINALS: [(&str, i8); 21] = [
    ("first", 1),
    ("second", 2),
    ("third", 3),
    ("fourth", 4),
    ("fifth", 5),
    ("sixth", 6),
    ("seventh", 7),
    ("eighth", 8),
    ("ninth", 9),
    ("tenth", 10),
    ("eleventh", 11),
    ("twelfth", 12),
    ("thirteenth", 13),
    ("fourteenth", 14),
    ("fifteenth", 15),
    ("sixteenth", 16),
    ("seventeenth", 17),
    ("eighteenth", 18),
    ("nineteenth", 19),
    ("twentieth", 20),
    ("thirtieth", 30),
];

const PAST: &[&str] = &[
    "arrived",
    "left",
    "sailed",
    "departed",
    "since",
    "was",
    "were",
    "came",
    "shipped",
    "delivered",
    "paid",
    "sent",
    "received",
    "landed",
    "signed",
    "went",
    "loaded",
];

/// Words that may follow a day without being counted by it.
const AFTER: &[&str] = &[
    "at", "and", "or", "is", "was", "be", "would", "works", "please", "in", "if", "by", "before",
    "not", "we", "i", "it", "for", "because", "so", "but", "to", "until", "will", "can", "from",
];
