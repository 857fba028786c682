//! Money and quantities.

use super::line::{Find, Line};
use super::numbers::{Amount, amount, small};
use crate::insight::EntityKind;
use crate::spoken::Kind;

/// What is counted from a piece on: money, or a quantity.
pub(super) fn counted(line: &Line<'_>, at: usize) -> Option<(Find, usize)> {
    let (find, next) = money(line, at).or_else(|| quantity(line, at))?;
    Some((find, next))
}

fn money(line: &Line<'_>, at: usize) -> Option<(Find, usize)> {
    let before = currency(line, at).filter(|(_, next, word)| !word && *next > at);
    if let Some((code, next, _)) = before {
        let amount = amount(line, next)?;
        // "$5 dollars" is said now and then.
        let after = currency(line, amount.next).filter(|(again, _, word)| *word && *again == code);
        let next = after.map_or(amount.next, |(_, next, _)| next);
        return made(line, at, next, code, amount.value);
    }
    let mut range = at;
    let first = amount(line, at)?;
    if let Some(find) = priced(line, at, first) {
        return Some(find);
    }
    let mut number = first;
    if let Some(second) = between(line, first.next).and_then(|next| amount(line, next)) {
        number = second;
        range = first.next;
    }
    let (code, mut next, _) = currency(line, number.next)?;
    if code == "GBP" && line.word(number.next).starts_with("pound") && !is_paid(line) {
        return None;
    }
    let mut value = number.value;
    if matches!(line.word(number.next), "cent" | "cents" | "pence") {
        value /= 100.0;
    } else if let Some(cents) = cents(line, next) {
        value += f64::from(cents.value as f32) / 100.0;
        next = cents.next + 1;
    }
    let (find, next) = made(line, at, next, code, value)?;
    Some((if range > at { find.with(None) } else { find }, next))
}

/// "three grand", and "two fifty" after "you quoted me".
fn priced(line: &Line<'_>, at: usize, amount: Amount) -> Option<(Find, usize)> {
    if line.word(amount.next) == "grand" {
        return Some((
            line.find(EntityKind::Money, at, amount.next + 1, 0.8)?,
            amount.next + 1,
        ));
    }
    let verb = |word: &str| {
        matches!(
            word,
            "quoted" | "charged" | "cost" | "costs" | "paid" | "pay" | "paying" | "owe"
        )
    };
    let asked = verb(line.before(at, 1))
        || (verb(line.before(at, 2))
            && matches!(
                line.before(at, 1),
                "me" | "us" | "you" | "only" | "about" | "over"
            ));
    let mut next = amount.next;
    while let Some(more) = small(line.word(next)).and_then(|_| super::numbers::amount(line, next)) {
        next = more.next;
    }
    let ends = line
        .token(next)
        .is_none_or(|token| token.kind != Kind::Word)
        || matches!(
            line.word(next),
            "for" | "per" | "and" | "but" | "a" | "already" | "instead" | "last" | "on"
        );
    let sign = line
        .token(next)
        .is_some_and(|token| matches!(token.kind, Kind::Sign('%' | '€' | '$' | '£' | '°')));
    (asked && ends && !sign).then(|| Some((line.find(EntityKind::Money, at, next, 0.5)?, next)))?
}

/// "… and fifty cents".
fn cents(line: &Line<'_>, at: usize) -> Option<Amount> {
    let at = at + usize::from(line.word(at) == "and");
    let amount = amount(line, at)?;
    matches!(line.word(amount.next), "cent" | "cents" | "pence").then_some(amount)
}

fn made(
    line: &Line<'_>,
    first: usize,
    next: usize,
    code: &str,
    value: f64,
) -> Option<(Find, usize)> {
    let value = if value.fract() == 0.0 {
        format!("{code} {value:.0}")
    } else {
        format!("{code} {value:.2}")
    };
    let find = line.find(EntityKind::Money, first, next, 0.95)?;
    Some((find.with(Some(value)), next))
}

/// A currency's code, the position after it, and whether it is a word: "dollars", not "USD".
fn currency(line: &Line<'_>, at: usize) -> Option<(&'static str, usize, bool)> {
    let sign = match line.token(at)?.kind {
        Kind::Sign('$') => Some("USD"),
        Kind::Sign('€') => Some("EUR"),
        Kind::Sign('£') => Some("GBP"),
        Kind::Sign('¥') => Some("JPY"),
        Kind::Sign('₹') => Some("INR"),
        _ => None,
    };
    if let Some(code) = sign {
        return Some((code, at + 1, false));
    }
    let word = line.word(at);
    let code = CODES.iter().find(|code| code.eq_ignore_ascii_case(word));
    if let Some(code) = code {
        let unit = named(line.word(at + 1)).is_some_and(|named| named == *code);
        return Some((code, at + 1 + usize::from(unit), false));
    }
    let of = NATIONS
        .iter()
        .find(|(nation, unit, _)| *nation == word && line.word(at + 1).starts_with(unit));
    if let Some((_, _, code)) = of {
        return Some((code, at + 2, true));
    }
    Some((named(word)?, at + 1, true))
}

fn named(word: &str) -> Option<&'static str> {
    NAMES
        .iter()
        .find(|(name, _)| *name == word)
        .map(|(_, code)| *code)
}

/// Pounds are paid, or they are a weight.
fn is_paid(line: &Line<'_>) -> bool {
    let weighs = [
        "weigh", "weighs", "weight", "heavy", "limit", "load", "lbs", "lb", "cargo", "gross",
    ];
    !line.has(&weighs)
}

fn quantity(line: &Line<'_>, at: usize) -> Option<(Find, usize)> {
    if let Some(found) = vague(line, at) {
        return Some(found);
    }
    let first = at + usize::from(matches!(line.word(at), "minus"));
    let number = amount(line, first)?;
    let (mut last, mut next) = (number, number.next);
    while let Some(more) = between(line, next).and_then(|next| amount(line, next)) {
        (last, next) = (more, more.next);
    }
    if line.word(next) == "-" {
        next += 1;
    }
    // "two forty foot containers", "3 x 40-foot containers"
    let inner = amount(
        line,
        next + usize::from(matches!(line.word(next), "x" | "times")),
    );
    let sized =
        inner.and_then(|inner| unit(line, after_hyphen(line, inner.next)).map(|(_, next)| next));
    let (word, next) = match sized {
        Some(sized) => (line.word(next), noun(line, sized).unwrap_or(sized)),
        None => {
            let (word, next) = unit(line, next)?;
            let is_foot = matches!(word, "foot" | "footer" | "ft");
            (word, noun(line, next).filter(|_| is_foot).unwrap_or(next))
        }
    };
    let moment = last.value == 1.0 && matches!(word, "minute" | "second" | "sec" | "bit");
    let ago = matches!(line.word(next), "ago" | "earlier");
    if moment || ago {
        return None;
    }
    let value = (number == last && sized.is_none()).then(|| format!("{} {word}", number.value));
    let find = line.find(EntityKind::Quantity, at, next, 0.9)?;
    Some((find.with(value), next))
}

/// "a couple of pallets", "half a container", "a third of it".
fn vague(line: &Line<'_>, at: usize) -> Option<(Find, usize)> {
    let counted = match [0, 1, 2].map(|more| line.word(at + more)) {
        ["a", "couple" | "few" | "handful" | "pair", "of"] => at + 3,
        ["a", "couple" | "few", _] | ["half", "a" | "an", _] => at + 2,
        ["several" | "few" | "both" | "dozens" | "hundreds", "of", _] => at + 2,
        ["several", ..] => at + 1,
        ["a", "third" | "quarter" | "half", "of"] => {
            return Some((line.find(EntityKind::Quantity, at, at + 2, 0.7)?, at + 2));
        }
        ["a", "dozen", "of"] => {
            return Some((line.find(EntityKind::Quantity, at, at + 2, 0.8)?, at + 2));
        }
        ["half", "of", _] => {
            return Some((line.find(EntityKind::Quantity, at, at + 1, 0.6)?, at + 1));
        }
        _ => return None,
    };
    let (word, next) = unit(line, counted)?;
    let moment = matches!(word, "minute" | "minutes" | "second" | "seconds");
    (!moment).then(|| Some((line.find(EntityKind::Quantity, at, next, 0.75)?, next)))?
}

fn after_hyphen(line: &Line<'_>, at: usize) -> usize {
    at + usize::from(line.word(at) == "-")
}

/// Between two numbers of a range or a size: "18 to 20", "80 by 120".
fn between(line: &Line<'_>, at: usize) -> Option<usize> {
    matches!(
        line.word(at),
        "to" | "or" | "by" | "x" | "-" | "–" | "through"
    )
    .then_some(at + 1)
}

/// A unit, or what is counted.
fn unit<'a>(line: &'a Line<'_>, at: usize) -> Option<(&'a str, usize)> {
    let word = line.word(at);
    if matches!(
        word,
        "cubic"
            | "square"
            | "metric"
            | "nautical"
            | "degrees"
            | "working"
            | "business"
            | "calendar"
            | "full"
            | "empty"
            | "large"
            | "small"
            | "wooden"
            | "standard"
            | "more"
            | "reefer"
    ) && let Some((_, next)) = unit(line, at + 1)
    {
        return Some((word, next));
    }
    if matches!(line.token(at)?.kind, Kind::Sign('%' | '°')) {
        return Some((word, at + 1));
    }
    let known = UNITS.contains(&word)
        || COUNTED.contains(&word.strip_suffix('s').unwrap_or(word))
        || BOXES.contains(&word);
    let next = at + 1 + usize::from(matches!(line.word(at + 1), "celsius" | "fahrenheit"));
    known.then_some((word, next))
}

/// What is counted by its size: a "forty foot container".
fn noun(line: &Line<'_>, at: usize) -> Option<usize> {
    let high = at + if line.word(at) == "high" { 2 } else { 0 };
    let word = line.word(high);
    COUNTED
        .contains(&word.strip_suffix('s').unwrap_or(word))
        .then_some(high + 1)
}

const CODES: &[&str] = &[
    "USD", "EUR", "GBP", "SGD", "CNY", "JPY", "INR", "AED", "SAR", "CHF", "AUD", "CAD", "HKD",
    "RMB",
];

const NAMES: &[(&str, &str)] = &[
    ("dollar", "USD"),
    ("dollars", "USD"),
    ("bucks", "USD"),
    ("cent", "USD"),
    ("cents", "USD"),
    ("euro", "EUR"),
    ("euros", "EUR"),
    ("pound", "GBP"),
    ("pounds", "GBP"),
    ("quid", "GBP"),
    ("pence", "GBP"),
    ("yuan", "CNY"),
    ("renminbi", "CNY"),
    ("yen", "JPY"),
    ("rupee", "INR"),
    ("rupees", "INR"),
    ("dirham", "AED"),
    ("dirhams", "AED"),
    ("riyals", "SAR"),
    ("francs", "CHF"),
];

/// Whose dollars.
const NATIONS: &[(&str, &str, &str)] = &[
    ("us", "dollar", "USD"),
    ("american", "dollar", "USD"),
    ("singapore", "dollar", "SGD"),
    ("australian", "dollar", "AUD"),
    ("canadian", "dollar", "CAD"),
    ("swiss", "franc", "CHF"),
    ("british", "pound", "GBP"),
    ("chinese", "yuan", "CNY"),
    ("hong", "kong", "HKD"),
];

const UNITS: &[&str] = &[
    "kg",
    "kgs",
    "kilo",
    "kilos",
    "kilogram",
    "kilograms",
    "g",
    "gram",
    "grams",
    "ton",
    "tons",
    "tonne",
    "tonnes",
    "lb",
    "lbs",
    "pound",
    "pounds",
    "ounces",
    "m",
    "meter",
    "meters",
    "metre",
    "metres",
    "cm",
    "centimeter",
    "centimeters",
    "centimetre",
    "centimetres",
    "mm",
    "millimeters",
    "km",
    "kilometers",
    "kilometres",
    "mile",
    "miles",
    "inch",
    "inches",
    "foot",
    "feet",
    "ft",
    "footer",
    "footers",
    "yards",
    "cbm",
    "teu",
    "liter",
    "liters",
    "litre",
    "litres",
    "gallons",
    "percent",
    "per cent",
    "degree",
    "degrees",
    "second",
    "seconds",
    "minute",
    "minutes",
    "hour",
    "hours",
    "day",
    "days",
    "week",
    "weeks",
    "month",
    "months",
    "year",
    "years",
    "dozen",
];

/// What is counted, in the singular.
const COUNTED: &[&str] = &[
    "container",
    "pallet",
    "carton",
    "crate",
    "package",
    "parcel",
    "piece",
    "unit",
    "drum",
    "bag",
    "barrel",
    "roll",
    "truck",
    "truckload",
    "trailer",
    "shipment",
    "item",
    "sack",
    "bottle",
    "bale",
    "case",
    "reefer",
    "wagon",
    "car",
    "cube",
    "document",
    "copy",
    "load",
    "bundle",
    "set",
    "pair",
    "vehicle",
    "machine",
    "box",
    "order",
    "skid",
    "can",
    "flat-rack",
    "invoice",
];

const BOXES: &[&str] = &["boxes", "cubes", "copies", "pieces"];
