//! Cuts a text into words, and identifiers into their parts.

use super::Lexeme;
use super::fold::fold;
use super::languages::Tongue;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// Letters and digits, and the signs that join them.
    Word(&'a str),
    /// A sign that is spoken as a word.
    Sign(&'static str),
    /// Letters of a script that sets no spaces.
    Unspaced(&'a str),
}

pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut chars = text.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        if is_unspaced(c) {
            let mut end = start + c.len_utf8();
            while let Some((at, c)) = chars.next_if(|(_, c)| is_unspaced(*c)) {
                end = at + c.len_utf8();
            }
            pieces.extend(text.get(start..end).map(Piece::Unspaced));
        } else if c.is_alphanumeric() {
            let mut end = start + c.len_utf8();
            let mut last = c;
            while let Some((at, c)) = chars.peek().copied() {
                if is_letter(c) {
                    end = at + c.len_utf8();
                } else {
                    let next = text
                        .get(at + c.len_utf8()..)
                        .and_then(|rest| rest.chars().next());
                    if !next.is_some_and(|next| joins(last, c, next)) {
                        break;
                    }
                }
                last = c;
                chars.next();
            }
            pieces.extend(text.get(start..end).map(Piece::Word));
            // Feet and inches, as catalogues write them: 40' and 6".
            let sign = chars.peek().and_then(|(_, sign)| length_sign(*sign));
            let word = text.get(start..end).unwrap_or_default();
            if word.len() <= 2 && word.bytes().all(|b| b.is_ascii_digit()) {
                pieces.extend(sign.map(Piece::Sign));
            }
        } else {
            pieces.extend(sign(c).map(Piece::Sign));
        }
    }
    pieces
}

/// The lexemes of a word: its parts, the first of which carries the whole where there are several.
pub(super) fn compound(word: &str, tongue: Tongue, lexemes: &mut Vec<Lexeme>) {
    let folded = fold(word);
    let capital = is_capital(word);
    if folded.bytes().all(|b| b.is_ascii_digit() || b == b',') {
        lexemes.push(Lexeme::exact(folded.replace(',', "")));
        return;
    }
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if let Some((head, tail)) = folded.split_once('.')
        && head.len() < 4
        && is_number(head)
        && is_number(tail)
    {
        lexemes.push(Lexeme::exact(folded));
        return;
    }
    if folded.contains('\'') {
        return apostrophe(&folded, tongue, lexemes);
    }
    let parts: Vec<&str> = folded
        .split(is_joiner)
        .filter(|part| !part.is_empty())
        .collect();
    if parts.len() > 1 && parts.iter().all(|part| part.chars().count() == 1) {
        lexemes.push(Lexeme::exact(parts.concat()));
        return;
    }
    let first = lexemes.len();
    for part in &parts {
        simple(part, capital, tongue, lexemes);
    }
    if parts.len() > 1 {
        let whole = match folded.contains(['@', ':']) || folded.matches('.').count() > 1 {
            true => folded,
            false => parts.concat(),
        };
        if let Some(first) = lexemes.get_mut(first) {
            first.whole = Some(whole);
        }
    }
}

/// Each letter and each two neighbours, since nothing tells where a word ends.
pub(super) fn unspaced(run: &str, lexemes: &mut Vec<Lexeme>) {
    let letters: Vec<char> = run.chars().collect();
    for (at, letter) in letters.iter().enumerate() {
        let mut lexeme = Lexeme::exact(*letter);
        let pair = letters.get(at..at + 2);
        lexeme.whole = pair.map(|pair| pair.iter().collect());
        lexemes.push(lexeme);
    }
}

/// A part without joiners: `msku1234567` has parts of its own.
fn simple(part: &str, capital: bool, tongue: Tongue, lexemes: &mut Vec<Lexeme>) {
    let digits = part.chars().filter(char::is_ascii_digit).count();
    let letters = part.chars().count() - digits;
    if digits == 0 || letters == 0 {
        let exact = letters == 0;
        let (text, capital) = (part.to_owned(), capital && letters > 1);
        lexemes.push(Lexeme {
            text,
            exact,
            capital,
            whole: None,
        });
        return;
    }
    let runs = runs(part);
    if let [number, unit] = runs.as_slice()
        && number.starts_with(|c: char| c.is_ascii_digit())
    {
        if ["st", "nd", "rd", "th"].contains(unit) {
            lexemes.push(Lexeme::exact(*number));
            return;
        }
        if tongue.unit_after_number(unit).is_some() {
            lexemes.push(Lexeme::exact(*number));
            lexemes.push(Lexeme {
                text: (*unit).to_owned(),
                ..Lexeme::default()
            });
            return;
        }
    }
    let first = lexemes.len();
    for run in runs.iter().filter(|run| run.len() > 1) {
        lexemes.push(Lexeme::exact(*run));
    }
    match lexemes.get_mut(first) {
        Some(first) => first.whole = Some(part.to_owned()),
        None => lexemes.push(Lexeme::exact(part)),
    }
}

/// Runs of digits and runs of other letters.
fn runs(part: &str) -> Vec<&str> {
    let mut runs = Vec::new();
    let mut rest = part;
    while let Some(first) = rest.chars().next() {
        let digits = first.is_ascii_digit();
        let end = rest.find(|c: char| c.is_ascii_digit() != digits);
        let (run, tail) = rest.split_at(end.unwrap_or(rest.len()));
        runs.push(run);
        rest = tail;
    }
    runs
}

/// `l'envoi` is two words, `company's` is `company`, `don't` is `dont`.
fn apostrophe(word: &str, tongue: Tongue, lexemes: &mut Vec<Lexeme>) {
    let plain = |text: String| Lexeme {
        text,
        ..Lexeme::default()
    };
    if tongue.elides()
        && let Some((article, noun)) = word.split_once('\'')
    {
        lexemes.push(plain(article.to_owned()));
        compound(noun, tongue, lexemes);
        return;
    }
    let word = word.strip_suffix("'s").unwrap_or(word);
    match word.contains(is_joiner) {
        true => compound(&word.replace('\'', ""), tongue, lexemes),
        false => lexemes.push(plain(word.replace('\'', ""))),
    }
}

/// An abbreviation, and not a word in a text that shouts.
fn is_capital(word: &str) -> bool {
    let letters = word.chars().filter(|c| c.is_alphabetic());
    let count = letters.clone().count();
    (2..=6).contains(&count) && letters.clone().all(char::is_uppercase)
}

fn is_letter(c: char) -> bool {
    (c.is_alphanumeric() || is_mark(c)) && !is_unspaced(c)
}

/// Combines with the letter before it, so a word goes on.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{0300}'..='\u{036F}' | '\u{064B}'..='\u{065F}' | '\u{0900}'..='\u{0903}'
        | '\u{093A}'..='\u{094F}' | '\u{0980}'..='\u{0983}' | '\u{09BC}'..='\u{09CD}'
        | '\u{0B82}' | '\u{0BBE}'..='\u{0BCD}' | '\u{0C3E}'..='\u{0C4D}')
}

fn is_joiner(c: char) -> bool {
    matches!(
        c,
        '-' | '\u{2010}' | '\u{2011}' | '.' | '/' | '_' | '@' | '&' | '+' | ':' | ','
    )
}

/// Whether the sign between two letters makes one word of them.
fn joins(before: char, sign: char, after: char) -> bool {
    let digits = before.is_ascii_digit() && after.is_ascii_digit();
    match sign {
        '\'' | '\u{2019}' | '\u{02BC}' => before.is_alphabetic() && after.is_alphabetic(),
        ',' | ':' => digits,
        sign => is_joiner(sign) && is_letter(before) && is_letter(after),
    }
}

fn sign(c: char) -> Option<&'static str> {
    match c {
        '$' => Some("usd"),
        '€' => Some("eur"),
        '£' => Some("gbp"),
        '¥' => Some("jpy"),
        '%' => Some("percent"),
        _ => None,
    }
}

fn length_sign(c: char) -> Option<&'static str> {
    match c {
        '\'' | '\u{2019}' | '\u{2032}' => Some("foot"),
        '"' | '\u{201D}' | '\u{2033}' => Some("inch"),
        _ => None,
    }
}

/// Han, kana, hangul, Thai, Lao, Khmer and Burmese.
fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{0E00}'..='\u{0EFF}' | '\u{1000}'..='\u{109F}' | '\u{1100}'..='\u{11FF}'
        | '\u{1780}'..='\u{17FF}' | '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{30FF}'
        | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7AF}'
        | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}
