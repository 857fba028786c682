//! E-mail addresses, written or spoken: "john dot smith at example dot com".

use super::numerals::{Numeral, numeral};
use super::{Kind, ROOM, Token, lower};

/// An address and its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Address {
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// In lower case.
    pub(crate) value: String,
}

/// All addresses, in order.
pub(crate) fn find(tokens: &[Token<'_>]) -> Vec<Address> {
    let at = |token: &Token<'_>| match token.kind {
        Kind::Sign(sign) => sign == '@',
        Kind::Word => is_at(token.text),
        Kind::Digits | Kind::Mark => false,
    };
    let ats = tokens.iter().enumerate().filter(|(_, token)| at(token));
    let mut found: Vec<Address> = Vec::new();
    for (place, _) in ats {
        let address = address(tokens, place);
        let overlaps =
            |address: &Address| found.last().is_some_and(|last| address.start < last.end);
        if let Some(address) = address.filter(|address| !overlaps(address)) {
            found.push(address);
        }
    }
    found
}

/// "at" in one of the languages.
pub(crate) fn is_at(word: &str) -> bool {
    let mut room = [0; ROOM];
    lower(word, &mut room)
        .is_some_and(|word| matches!(word, "at" | "ät" | "arroba" | "arobase" | "klammeraffe"))
}

fn address(tokens: &[Token<'_>], at: usize) -> Option<Address> {
    let written = tokens.get(at)?.kind == Kind::Sign('@');
    let (end, domain) = domain(tokens, at, written)?;
    let (start, local) = local(tokens, at, written)?;
    let value = format!("{local}@{domain}");
    Some(Address { start, end, value })
}

/// What stands after the "at": words or digits joined by dots, the last one a known ending.
fn domain(tokens: &[Token<'_>], at: usize, written: bool) -> Option<(usize, String)> {
    let mut text = String::new();
    let mut end = None;
    let mut words = 0;
    let mut dotted = false;
    let mut before = tokens.get(at)?;
    for token in tokens.iter().skip(at + 1) {
        if written && !before.touches(token) {
            break;
        }
        match joiner(token) {
            Some('.') if !text.is_empty() && !dotted => {
                text.push('.');
                dotted = true;
                words = 0;
            }
            Some('-') if !text.is_empty() && !dotted => text.push('-'),
            Some(_) => break,
            None => {
                // A name of several words is one in the address, up to its dot.
                let Some(part) = part(token).filter(|_| words < 3) else {
                    break;
                };
                if end.is_some() && !dotted {
                    break;
                }
                text.push_str(&part);
                words += 1;
                if dotted {
                    dotted = false;
                    if is_ending(&part) {
                        end = Some((token.end(), text.clone()));
                    } else if end.is_some() {
                        break;
                    }
                }
            }
        }
        before = token;
    }
    end
}

/// What stands before the "at".
fn local(tokens: &[Token<'_>], at: usize, written: bool) -> Option<(usize, String)> {
    let mut parts: Vec<String> = Vec::new();
    let mut start = None;
    let mut joined = true;
    let mut after = tokens.get(at)?;
    for token in tokens.get(..at)?.iter().rev() {
        if written && !token.touches(after) {
            break;
        }
        match joiner(token) {
            Some(sign) if !joined => {
                parts.push(sign.to_string());
                joined = true;
            }
            Some(_) => break,
            None => {
                let Some(part) = part(token) else { break };
                // Without a joiner only spelled letters and digits go on: "j o h n seven at …".
                let spelled =
                    part.len() == 1 || token.kind == Kind::Digits || numeral(token.text).is_some();
                let beside = token.touches(after);
                if !joined && !spelled && !beside {
                    break;
                }
                joined = false;
                start = Some(token.start);
                parts.push(part);
            }
        }
        after = token;
    }
    parts.reverse();
    let local = parts.concat();
    let local = local.trim_start_matches(['.', '-', '_', '+']);
    (!local.is_empty()).then_some((start?, local.to_owned()))
}

/// A sign that joins the parts of an address, or its name.
fn joiner(token: &Token<'_>) -> Option<char> {
    match token.kind {
        Kind::Sign(sign @ ('.' | '-' | '_' | '+')) => Some(sign),
        Kind::Sign(_) | Kind::Digits | Kind::Mark => None,
        Kind::Word => {
            let mut room = [0; ROOM];
            match lower(token.text, &mut room)? {
                "dot" | "punkt" | "punto" | "point" => Some('.'),
                "dash" | "hyphen" | "minus" | "bindestrich" | "guion" | "guión" | "tiret" => {
                    Some('-')
                }
                "underscore" | "unterstrich" => Some('_'),
                "plus" => Some('+'),
                _ => None,
            }
        }
    }
}

fn part(token: &Token<'_>) -> Option<String> {
    match token.kind {
        Kind::Digits => Some(token.text.to_owned()),
        Kind::Word => Some(match numeral(token.text) {
            Some(Numeral::Unit(value) | Numeral::Pair(value) | Numeral::Tens(value))
                if token.text.len() > 1 =>
            {
                value.to_string()
            }
            _ => token.text.to_lowercase(),
        }),
        Kind::Sign(_) | Kind::Mark => None,
    }
}

/// Known endings, and countries: any two letters that are no word.
fn is_ending(part: &str) -> bool {
    let words = [
        "so", "we", "my", "me", "am", "do", "go", "if", "of", "on", "or", "up", "an", "as", "by",
        "he", "is", "to", "oh", "ok",
    ];
    let country = part.len() == 2 && part.bytes().all(|b| b.is_ascii_lowercase());
    ENDINGS.contains(&part) || (country && !words.contains(&part))
}

/// Endings of domains that people say.
const ENDINGS: &[&str] = &[
    "com",
    "org",
    "net",
    "edu",
    "gov",
    "info",
    "biz",
    "io",
    "ai",
    "app",
    "dev",
    "eu",
    "co",
    "uk",
    "de",
    "at",
    "ch",
    "es",
    "fr",
    "it",
    "nl",
    "be",
    "lu",
    "dk",
    "se",
    "no",
    "fi",
    "pl",
    "cz",
    "pt",
    "ie",
    "gr",
    "tr",
    "ru",
    "ua",
    "in",
    "cn",
    "hk",
    "tw",
    "jp",
    "kr",
    "sg",
    "my",
    "id",
    "th",
    "vn",
    "ph",
    "au",
    "nz",
    "ae",
    "sa",
    "qa",
    "za",
    "ke",
    "ng",
    "eg",
    "ma",
    "us",
    "ca",
    "mx",
    "br",
    "ar",
    "cl",
    "pe",
    "test",
    "example",
    "shipping",
    "logistics",
];
