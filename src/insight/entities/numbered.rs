//! What is named by a number: containers, waybills, bookings, phones and addresses.

use super::line::{Find, Line};
use crate::insight::EntityKind;
use crate::masking::cues::{self, Cue};
use crate::masking::runs::{Run, runs};
use crate::masking::{container, initial};
use crate::spoken::numerals::{Numeral, numeral};
use crate::spoken::{Kind, checks, email};

/// Everything with a number that a line names.
pub(super) fn numbered(line: &Line<'_>, found: &mut Vec<Find>) {
    marks(line, found);
    found.extend(email::find(&line.tokens).into_iter().map(|address| Find {
        kind: EntityKind::Email,
        start: address.start,
        end: address.end,
        value: Some(address.value),
        confidence: 0.95,
    }));
    for run in runs(&line.tokens) {
        found.extend(checked(line, &run).or_else(|| phone(line, &run)));
    }
    let mut at = 0;
    while at < line.tokens.len() {
        match reference(line, at).or_else(|| shaped(line, at)) {
            Some((find, next)) => {
                found.push(find);
                at = next;
            }
            None => at += 1,
        }
    }
}

/// What was masked as a phone number or an address still is one.
fn marks(line: &Line<'_>, found: &mut Vec<Find>) {
    for token in line.tokens.iter().filter(|token| token.kind == Kind::Mark) {
        let kind = match token.text.get(1..6) {
            Some("phone") => EntityKind::Phone,
            Some("email") => EntityKind::Email,
            _ => continue,
        };
        found.push(Find {
            kind,
            start: token.start,
            end: token.end(),
            value: None,
            confidence: 0.9,
        });
    }
}

/// A container or a waybill, by its check digit.
fn checked(line: &Line<'_>, run: &Run) -> Option<Find> {
    let digits: String = run
        .digits
        .iter()
        .map(|digit| char::from(b'0' + digit.value))
        .collect();
    if let Some((letters, start)) = container(&line.tokens, run) {
        let value = format!("{letters}{}", digits.get(..7)?);
        let end = run.digits.get(6)?.end;
        return Some(Find {
            kind: EntityKind::Identifier,
            start,
            end,
            value: Some(value),
            confidence: 0.97,
        });
    }
    let values: Vec<u8> = run.digits.iter().map(|digit| digit.value).collect();
    let told = |at: usize| {
        matches!(
            line.word(at),
            "waybill" | "awb" | "bill" | "air" | "airway" | "mawb" | "hawb"
        )
    };
    let told = (run.first.saturating_sub(6)..run.first).any(told);
    let dash = line.token(run.first)?.text.len() == 3
        && line.word(run.first + 1) == "-"
        && run.last == run.first + 2;
    let valid = checks::waybill(&values);
    if values.len() != 11 || !(told || (dash && valid)) {
        return None;
    }
    let value = format!("{}-{}", digits.get(..3)?, digits.get(3..)?);
    let (start, end) = (run.digits.first()?.start, run.digits.last()?.end);
    let confidence = if valid { 0.95 } else { 0.6 };
    Some(Find {
        kind: EntityKind::Identifier,
        start,
        end,
        value: Some(value),
        confidence,
    })
}

fn phone(line: &Line<'_>, run: &Run) -> Option<Find> {
    let (first, last) = (run.digits.first()?, run.digits.last()?);
    let values: Vec<u8> = run.digits.iter().map(|digit| digit.value).collect();
    let mut digits: String = values
        .iter()
        .map(|value| char::from(b'0' + value))
        .collect();
    let mut end = last.end;
    // "+1-800-555-LOGI"
    let vanity = line
        .token(run.last + 2)
        .filter(|word| word.text.len() == 4 && word.text.bytes().all(|b| b.is_ascii_uppercase()));
    if let Some(word) = vanity.filter(|_| line.word(run.last + 1) == "-" && values.len() == 7) {
        end = word.end();
        digits.push_str(word.text);
    }
    let cue = cues::around(&line.tokens, run.first, run.last);
    let called = (run.first.saturating_sub(4)..run.first).any(|at| {
        matches!(
            line.word(at),
            "called" | "calling" | "number" | "ring" | "line"
        )
    });
    let piece = |at: usize| run.digits.get(at).map(|digit| digit.piece);
    let edge = |at: usize| at == 0 || piece(at) != piece(at - 1);
    let shaped = values.len() == 10 && edge(3) && edge(6);
    let trunk = values.first() == Some(&0)
        && (9..=14).contains(&values.len())
        && piece(0) != piece(values.len() - 1);
    let told = cue == Some(Cue::Phone) || called;
    let is_phone = match cue {
        _ if run.plus => true,
        Some(Cue::Reference | Cue::Secret | Cue::SocialSecurity) => false,
        Some(Cue::Phone) | None => shaped || trunk || told,
    };
    if !is_phone
        || !(7..=15).contains(&digits.len())
        || (values.len() >= 13 && checks::luhn(&values) && !run.plus)
    {
        return None;
    }
    let plus = run.plus && line.before(run.first, 1) == "+";
    let opens = line.before(run.first, 1) == "(";
    let start = if plus || opens {
        line.token(run.first - 1)?.start
    } else {
        first.start
    };
    let value = if run.plus {
        format!("+{digits}")
    } else {
        digits
    };
    let confidence = if run.plus || shaped { 0.95 } else { 0.8 };
    Some(Find {
        kind: EntityKind::Phone,
        start,
        end,
        value: Some(value),
        confidence,
    })
}

/// What follows "booking number", "reference", "bill of lading" and the like.
fn reference(line: &Line<'_>, at: usize) -> Option<(Find, usize)> {
    let named = named(line, at)?;
    let mut first = named;
    while FILLERS.contains(&line.word(first)) {
        first += 1;
        if first > named + 5 {
            return None;
        }
    }
    let (next, value) = code(line, first)?;
    let sure = if first > named { 0.9 } else { 0.8 };
    let find = line.find(EntityKind::Identifier, first, next, sure)?;
    Some((find.with(Some(value)), next))
}

/// The position after the words that announce a number.
fn named(line: &Line<'_>, at: usize) -> Option<usize> {
    match [0, 1, 2].map(|more| line.word(at + more)) {
        ["bill", "of", "lading"] => Some(at + 3),
        ["b", "/", "l"] => Some(at + 3),
        ["b", "l", _] => Some(at + 2),
        ["purchase", "order", _] | ["air" | "airway", "waybill" | "bill", _] => Some(at + 2),
        [word, ..] if ANNOUNCE.contains(&word) => Some(at + 1),
        _ => None,
    }
}

/// Letters and digits that belong together, with at least four signs and two digits; the position
/// after them, and how they are written.
fn code(line: &Line<'_>, first: usize) -> Option<(usize, String)> {
    let mut value = String::new();
    let (mut at, mut next) = (first, first);
    while let Some(token) = line.token(at) {
        let touches = at > first && line.token(at - 1).is_some_and(|last| last.touches(token));
        let part = match token.kind {
            Kind::Digits => token.text.to_owned(),
            Kind::Sign('-' | '/')
                if at > first && line.token(at + 1).is_some_and(|next| token.touches(next)) =>
            {
                at += 1;
                value.push_str(token.text);
                continue;
            }
            Kind::Word => {
                let upper =
                    token.text.len() <= 5 && token.text.bytes().all(|b| b.is_ascii_uppercase());
                match (initial(token), numeral(token.text)) {
                    (
                        _,
                        Some(Numeral::Unit(digit) | Numeral::Pair(digit) | Numeral::Tens(digit)),
                    ) if token.text.len() > 1 => digit.to_string(),
                    (Some(letter), _)
                        if !(token.text == "a" || token.text == "I" || token.text == "i")
                            || touches
                            || at == first =>
                    {
                        letter.to_ascii_uppercase().to_string()
                    }
                    _ if upper || touches => token.text.to_uppercase(),
                    _ => break,
                }
            }
            Kind::Sign(_) | Kind::Mark => break,
        };
        value.push_str(&part);
        at += 1;
        next = at;
    }
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let value = value.trim_end_matches(['-', '/']);
    (digits >= 2 && value.len() >= 4).then(|| (next, value.to_owned()))
}

/// "SCC-20418", "MAEU123456789": letters and then many digits, without a word that says so.
fn shaped(line: &Line<'_>, at: usize) -> Option<(Find, usize)> {
    let token = line.token(at)?;
    let before = at.checked_sub(1).and_then(|at| line.token(at));
    let starts = before.is_none_or(|before| {
        !before.touches(token) || matches!(before.kind, Kind::Sign('#' | '(' | '"'))
    });
    let upper = token.kind == Kind::Word
        && (2..=4).contains(&token.text.len())
        && token.text.bytes().all(|b| b.is_ascii_uppercase());
    let follows = line.token(at + 1).is_some_and(|next| token.touches(next));
    if !starts || !upper || !follows || NO_CODES.contains(&token.text) {
        return None;
    }
    let (next, value) = code(line, at)?;
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let find = line.find(EntityKind::Identifier, at, next, 0.7)?;
    (digits >= 5).then_some((find.with(Some(value)), next))
}

const ANNOUNCE: &[&str] = &[
    "booking",
    "reference",
    "ref",
    "container",
    "waybill",
    "awb",
    "mawb",
    "hawb",
    "invoice",
    "tracking",
    "order",
    "shipment",
    "consignment",
    "po",
    "quote",
    "quotation",
    "hbl",
    "mbl",
    "lading",
    "bol",
    "seal",
    "job",
    "entry",
    "file",
    "policy",
    "permit",
    "declaration",
    "docket",
    "delivery",
    "box",
    "confirmation",
    "case",
    "ticket",
    "claim",
];

/// Words between the name of a number and the number.
const FILLERS: &[&str] = &[
    "number",
    "no",
    "id",
    "reference",
    "code",
    "is",
    "it's",
    "its",
    "the",
    "was",
    ":",
    "#",
    ",",
    "with",
    "numbers",
    "uh",
    "um",
    "called",
    "number's",
    "under",
    ".",
];

/// Letters that begin the name of a standard or an amount.
const NO_CODES: &[&str] = &[
    "ISO", "ISPM", "USD", "EUR", "GBP", "SGD", "DIN", "EN", "UN", "IMO",
];
