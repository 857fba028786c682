//! Places, companies and goods, by name or by the words around them.

use std::cell::LazyCell;

use super::gazetteer::Names;
use super::line::{Find, Line};
use super::lists::{AMBIGUOUS, COMMON, COMPANY, IDIOMS, MADE_OF};
use super::numbers::amount;
use crate::insight::EntityKind;
use crate::spoken::Kind;

/// The names of a gazetteer.
pub(super) fn named(line: &Line<'_>, names: &Names, found: &mut Vec<Find>) {
    let counted = found.iter().any(|find| find.kind == EntityKind::Quantity);
    let shipped = counted || line.has(FREIGHT);
    let idioms = LazyCell::new(|| idioms(line.text));
    for name in names.find(line.text) {
        let (mut start, end) = (name.start, name.end);
        let first = line.at(start);
        let next = line.at(end);
        let mut confidence = 0.9;
        match name.kind {
            EntityKind::Location => {
                let word = line.text.get(start..end).unwrap_or_default().to_lowercase();
                if AMBIGUOUS.contains(&word) {
                    if !is_place(line, first, next) {
                        continue;
                    }
                    confidence = 0.75;
                }
            }
            EntityKind::ConsumerGood => {
                let in_idiom = |(from, to): &(usize, usize)| *from < end && start < *to;
                if is_no_cargo(line, first, next, shipped) || idioms.iter().any(in_idiom) {
                    continue;
                }
                found.extend(number_before(line, first));
                if let Some(before) = first
                    .checked_sub(1)
                    .filter(|at| MADE_OF.contains(line.word(*at)))
                {
                    start = line.token(before).map_or(start, |token| token.start);
                }
                confidence = 0.8;
            }
            _ => {}
        }
        found.push(Find {
            kind: name.kind,
            start,
            end,
            value: None,
            confidence,
        });
    }
}

/// Whether the words around a name that is also a word say that it is a place.
fn is_place(line: &Line<'_>, first: usize, next: usize) -> bool {
    let after_capital = first > 0
        && line
            .token(first)
            .is_some_and(|token| token.text.starts_with(char::is_uppercase));
    let before = [
        "from", "to", "in", "via", "into", "of", "through", "for", "between", "by", "near",
    ]
    .contains(&line.before(first, 1));
    let after = matches!(line.word(next), "to" | "and" | "or") && first == 0;
    before || after || after_capital
}

/// Where an idiom stands, whose words mean something else.
fn idioms(text: &str) -> Vec<(usize, usize)> {
    let text = text.to_ascii_lowercase();
    let found = IDIOMS.iter().flat_map(|idiom| text.match_indices(*idiom));
    let found = found.map(|(at, idiom)| (at, at + idiom.len()));
    let ends = |(_, end): &(usize, usize)| {
        let next = text.get(*end..).and_then(|rest| rest.chars().next());
        !next.is_some_and(char::is_alphanumeric)
    };
    found.filter(ends).collect()
}

/// How many pieces of a good: "sixty bicycles".
fn number_before(line: &Line<'_>, first: usize) -> Option<Find> {
    let begin = first.saturating_sub(LONGEST_NUMBER)..first;
    let number = begin
        .filter_map(|at| Some((at, amount(line, at)?)))
        .find(|(_, number)| number.next == first && number.value > 1.0)?;
    line.find(EntityKind::Quantity, number.0, first, 0.7)
}

/// The most pieces of a number before a good.
const LONGEST_NUMBER: usize = 4;

/// "we paint", "to fish", a car park, and what the company works with ("your trucks", "talking
/// to machines", "by car"): no goods.
fn is_no_cargo(line: &Line<'_>, first: usize, next: usize, shipped: bool) -> bool {
    let verb = ["paint", "tools", "books", "plants", "fish"].contains(&line.word(first));
    let subject = ["to", "i", "we", "you", "they"].contains(&line.before(first, 1));
    let park = line.word(first) == "car" && line.word(next) == "park";
    let equipment = EVERYDAY.contains(&line.word(first)) && next == first + 1;
    let spoken_to = ["talk", "talking", "speak", "speaking"].contains(&line.before(first, 2));
    let theirs = ["your", "by"].contains(&line.before(first, 1)) || spoken_to;
    let theirs = equipment && (theirs || !shipped);
    let part = HEADS.contains(&line.word(next));
    park || part || theirs || (verb && subject && next == first + 1)
}

/// What tells that something is shipped.
const FREIGHT: &[&str] = &[
    "ship",
    "ships",
    "shipping",
    "shipped",
    "shipment",
    "send",
    "sending",
    "sent",
    "sell",
    "import",
    "importing",
    "export",
    "exporting",
    "make",
    "manufacture",
    "carry",
    "transport",
    "deliver",
    "move",
    "moving",
    "pack",
    "load",
    "loaded",
    "cargo",
    "freight",
    "container",
    "pallet",
    "pallets",
    "crate",
    "crates",
    "box",
    "boxes",
    "cartons",
    "order",
    "ordered",
    "from",
    "rate",
    "customs",
    "damaged",
    "broken",
    "insure",
    "declare",
    "store",
    "take",
];

/// What makes a name of goods part of something else: "fuel surcharge".
const HEADS: &[&str] = &[
    "surcharge",
    "surcharges",
    "price",
    "prices",
    "member",
    "members",
    "customer",
    "customers",
    "card",
    "insurance",
    "tax",
    "time",
    "status",
];

/// What people have around them as well: goods only where something is shipped.
const EVERYDAY: &[&str] = &[
    "tables",
    "paper",
    "coffee",
    "oil",
    "books",
    "plants",
    "fish",
    "jam",
    "tyres",
    "tires",
    "glass",
    "battery",
    "chips",
    "tablets",
    "speakers",
    "chairs",
    "wheels",
    "truck",
    "trucks",
    "vehicles",
    "boat",
    "boats",
    "car",
    "cars",
    "cranes",
    "forklift",
    "forklifts",
    "machines",
    "computers",
    "phones",
    "robots",
    "servers",
    "drones",
    "doors",
    "windows",
];

/// Goods that no gazetteer knows, by the words before them: "twelve drums of glycol", "we sell
/// saddles".
pub(super) fn goods(line: &Line<'_>, found: &mut Vec<Find>) {
    let amounts: Vec<usize> = found
        .iter()
        .filter(|find| find.kind == EntityKind::Quantity)
        .map(|find| line.at(find.end))
        // Of days, parts and degrees nothing is loaded: "three days of waiting".
        .filter(|next| !MEASURES.contains(&line.before(*next, 1)))
        .collect();
    let of = amounts
        .into_iter()
        .filter(|next| line.word(*next) == "of")
        .map(|next| next + 1);
    let told =
        (0..line.tokens.len()).filter_map(|at| match [0, 1, 2].map(|more| line.word(at + more)) {
            [
                "load" | "loads" | "shipment" | "cargo" | "truckload" | "pallets" | "boxes"
                | "container" | "containers" | "footer",
                "of",
                _,
            ] => Some(at + 2),
            [
                "we" | "i" | "they",
                "sell" | "import" | "export" | "manufacture" | "produce" | "make",
                _,
            ] => Some(at + 2),
            [
                "send" | "sending" | "ship" | "shipping" | "transport" | "export" | "import"
                | "carry",
                it,
                "to" | "from" | "by" | "into" | "out" | "via",
            ] if it.ends_with('s') && !PAPERS.contains(&it) => Some(at + 1),
            ["load" | "cargo" | "freight", "is", it] if it.ends_with('s') => Some(at + 2),
            _ => None,
        });
    let starts: Vec<usize> = of.chain(told).collect();
    for first in starts {
        let most = 3;
        let mut next = first;
        while next < first + most && may_be_goods(line, next) {
            next += 1;
        }
        found.extend(
            line.find(EntityKind::ConsumerGood, first, next, 0.55)
                .filter(|_| next > first),
        );
    }
}

/// What is sent and is no cargo.
const PAPERS: &[&str] = &[
    "emails",
    "mails",
    "letters",
    "invoices",
    "copies",
    "documents",
    "us",
    "this",
    "details",
    "photos",
    "pictures",
    "pdfs",
    "scans",
    "messages",
];

/// What is measured and is no cargo.
const MEASURES: &[&str] = &[
    "day", "days", "week", "weeks", "month", "months", "year", "years", "hour", "hours", "minute",
    "minutes", "percent", "%", "degrees", "third", "quarter", "half",
];

fn may_be_goods(line: &Line<'_>, at: usize) -> bool {
    let Some(token) = line.token(at) else {
        return false;
    };
    let word = line.word(at);
    let verb = (word.ends_with("ed") && !MADE_OF.contains(word)) || word.ends_with("ly");
    let plain = token.kind == Kind::Word && token.text.len() > 2 && !COMMON.contains(word);
    plain
        && !verb
        && !super::dates::is_day_or_month(word)
        && super::numbers::small(word).is_none()
        && !matches!(
            word,
            "percent" | "lading" | "age" | "late" | "origin" | "sale" | "three" | "worth"
        )
}

/// Places that no gazetteer knows, beside one that it does: "from yiwu through ningbo".
pub(super) fn neighbours(line: &Line<'_>, found: &mut Vec<Find>) {
    let places: Vec<(usize, usize)> = found
        .iter()
        .filter(|find| find.kind == EntityKind::Location)
        .map(|find| (line.at(find.start), line.at(find.end)))
        .collect();
    for (first, next) in places {
        let joined = |word: &str| matches!(word, "to" | "through" | "via" | "into");
        if joined(line.before(first, 1))
            && line.before(first, 3) == "from"
            && may_be_goods(line, first - 2)
        {
            found.extend(line.find(EntityKind::Location, first - 2, first - 1, 0.6));
        }
        let from = matches!(line.before(first, 1), "from");
        let ends = line
            .token(next + 2)
            .is_none_or(|token| token.kind != Kind::Word || COMMON.contains(line.word(next + 2)));
        if from && joined(line.word(next)) && may_be_goods(line, next + 1) && ends {
            found.extend(line.find(EntityKind::Location, next + 1, next + 2, 0.6));
        }
    }
}

/// Companies that no gazetteer knows: by how their names end, and by who works for them.
pub(super) fn companies(line: &Line<'_>, found: &mut Vec<Find>) {
    // "…, it's Emma Wilson from Blue River": who a person is from is a company, if it is no place.
    let people: Vec<usize> = found
        .iter()
        .filter(|find| find.kind == EntityKind::Person)
        .map(|find| line.at(find.end))
        .collect();
    for next in people {
        let works = match line.word(next) {
            "from" => true,
            "at" | "with" => !ARTICLES.contains(&line.word(next + 1)),
            _ => false,
        };
        if works {
            found.extend(by_words(line, next + 1).map(|find| Find {
                confidence: 0.6,
                ..find
            }));
        }
    }
    for at in 0..line.tokens.len() {
        if COMPANY.contains(line.word(at)) {
            found.extend(by_ending(line, at));
        }
        if let Some(first) = introduced(line, at) {
            found.extend(by_words(line, first));
        }
    }
}

/// What follows "at" where it is a place and no company: "it's Emma at the gate".
const ARTICLES: &[&str] = &["the", "a", "an", "your", "my", "our", "this", "that"];

/// "Northwind Foods Ltd", "acme trading".
fn by_ending(line: &Line<'_>, ending: usize) -> Option<Find> {
    let lower = line.token(ending)?.text.starts_with(char::is_lowercase);
    let most = if lower { 2 } else { 4 };
    let mut first = ending;
    while ending - first < most && first > 0 && may_be_name(line, first - 1, true, lower) {
        first -= 1;
    }
    let mut next = ending + 1;
    while COMPANY.contains(line.word(next)) {
        next += 1;
    }
    let last = line.word(next - 1);
    // Words such as "bank" or "lines" need a name before them and no article.
    let plain = lower
        && (GENERIC.contains(&last)
            && !matches!(
                line.before(first, 1),
                "from" | "with" | "at" | "by" | "called" | "for" | "to"
            ));
    let mixed = lower && line.token(first)?.text.starts_with(char::is_uppercase);
    let bare =
        first == ending || mixed || plain || matches!(line.before(first, 1), "a" | "an" | "any");
    if bare || line.token(ending.checked_sub(1)?)?.kind == Kind::Digits {
        return None;
    }
    line.find(
        EntityKind::Organization,
        first,
        next,
        if lower { 0.7 } else { 0.9 },
    )
}

/// "i'm calling from initech", "we are with blue river".
fn by_words(line: &Line<'_>, first: usize) -> Option<Find> {
    let first = first + usize::from(line.word(first) == "the");
    let mut next = first;
    while next < first + 3 && may_be_name(line, next, false, false) {
        if next > first
            && line.token(next)?.text.starts_with(char::is_uppercase)
                != line.token(first)?.text.starts_with(char::is_uppercase)
        {
            break;
        }
        next += 1;
    }
    if next == first {
        return None;
    }
    if line.word(next) == "and"
        && matches!(
            line.word(next + 1),
            "sons" | "co" | "company" | "partners" | "daughters" | "brothers"
        )
    {
        next += 2;
    }
    line.find(EntityKind::Organization, first, next, 0.6)
}

/// The position after words that introduce a company.
fn introduced(line: &Line<'_>, at: usize) -> Option<usize> {
    match [0, 1, 2, 3].map(|more| line.word(at + more)) {
        ["calling" | "here" | "speaking", "from", ..] => Some(at + 2),
        ["work" | "works" | "working", "for" | "at", ..] => Some(at + 2),
        ["company", "is", "called", _] => Some(at + 3),
        ["company", "is" | "called", ..] => Some(at + 2),
        ["on", "behalf", "of", _] => Some(at + 3),
        ["i" | "we", "represent", ..] => Some(at + 2),
        _ => None,
    }
}

/// Endings of companies that are words of their own.
const GENERIC: &[&str] = &[
    "bank",
    "pharmaceuticals",
    "textiles",
    "electronics",
    "marine",
    "group",
    "lines",
    "partners",
    "kg",
    "ag",
    "spa",
    "freight",
    "shipping",
    "foods",
    "supplies",
    "agency",
    "systems",
    "solutions",
    "engineering",
    "chemicals",
    "retail",
    "international",
    "haulage",
    "sons",
    "mills",
    "farms",
    "manufacturing",
    "consulting",
    "authority",
    "trading",
    "exports",
    "imports",
    "logistics",
    "forwarding",
    "couriers",
    "associates",
    "brothers",
    "worldwide",
    "automotive",
];

fn may_be_name(line: &Line<'_>, at: usize, ending: bool, lower: bool) -> bool {
    let Some(token) = line.token(at) else {
        return false;
    };
    let word = line.word(at);
    let capital = token.text.starts_with(char::is_uppercase);
    let common = COMMON.contains(word) && !(ending && capital && !lower && at > 0);
    token.kind == Kind::Word && !common && (capital || lower || token.text.len() > 2)
}
