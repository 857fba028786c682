//! Cuts text into words that can be compared: small letters, figures for number words, stems.

use super::lexicon::Lexicon;

/// A word as it is compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    /// In small letters; figures without separators; one way of writing for each thing.
    pub(super) plain: String,
    pub(super) stem: String,
    pub(super) role: Role,
    pub(super) case: Case,
    /// A comma or a stronger sign stands before it.
    pub(super) apart: bool,
}

impl Word {
    pub(super) fn says_something(&self) -> bool {
        matches!(self.role, Role::Content | Role::Number)
    }

    /// Whether this is a number and says how many there are of the next word.
    pub(super) fn counts(&self, next: &Self) -> bool {
        let thing = matches!(next.role, Role::Content | Role::Common);
        self.role == Role::Number && thing && !next.apart
    }
}

/// How the first letter of a word is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Case {
    Small,
    /// Capital at the beginning of a sentence, or not a letter that has a case.
    Unclear,
    /// Capital, and the beginning of a sentence does not explain it.
    Capital,
}

/// How much a word says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Stop,
    Common,
    Content,
    Number,
}

pub(super) fn words(text: &str, lexicon: &Lexicon) -> Vec<Word> {
    let raw = raw(text);
    let lower: Vec<String> = raw.iter().map(|word| lower(word.text)).collect();
    let lower: Vec<&str> = lower.iter().map(String::as_str).collect();
    let mut words: Vec<Word> = Vec::with_capacity(raw.len());
    let mut at = 0;
    while let (Some(first), Some(rest)) = (raw.get(at), lower.get(at..)) {
        let (taken, plain) = one(rest, lexicon);
        let cases = raw.iter().skip(at).take(taken).map(|word| word.case);
        let case = cases.max().unwrap_or(Case::Unclear);
        words.push(word(plain, case, first, lexicon));
        at += taken;
    }
    words
}

/// How many words at the front make one, and what it is.
fn one(words: &[&str], lexicon: &Lexicon) -> (usize, String) {
    if let Some((taken, canonical)) = lexicon.same(words) {
        return (taken, canonical.to_owned());
    }
    if let ["non", next, ..] = words {
        return (2, format!("non{next}"));
    }
    let spelled = words.iter().take_while(|word| is_letter(word)).count();
    if spelled >= 2 {
        return (spelled, words.iter().take(spelled).copied().collect());
    }
    if let Some((taken, number)) = number(words, lexicon) {
        return (taken, number.to_string());
    }
    (1, words.first().copied().unwrap_or_default().to_owned())
}

fn is_letter(word: &str) -> bool {
    let mut chars = word.chars();
    chars.next().is_some_and(char::is_alphabetic)
        && chars.next().is_none()
        && !matches!(word.chars().next(), Some(c) if is_ideograph(c))
}

/// "twenty four" is 24, "two thousand two hundred" is 2200.
fn number(words: &[&str], lexicon: &Lexicon) -> Option<(usize, u32)> {
    let (mut total, mut part, mut last, mut taken) = (0_u32, 0_u32, u32::MAX, 0);
    for value in words.iter().map_while(|word| lexicon.number(word)) {
        match value {
            100 => part = part.max(1).saturating_mul(100),
            1000 => {
                total = total.saturating_add(part.max(1).saturating_mul(1000));
                part = 0;
            }
            // "nine five" is two numbers, "twenty five" is one.
            _ if last < 100 && !(last >= 20 && value < 10) => break,
            _ => part = part.saturating_add(value),
        }
        (last, taken) = (value, taken + 1);
    }
    (taken > 0).then(|| (taken, total.saturating_add(part)))
}

fn word(plain: String, case: Case, raw: &Raw<'_>, lexicon: &Lexicon) -> Word {
    let acronym = raw.text.len() > 2 && raw.text.chars().all(char::is_uppercase);
    let stem = lexicon.stem(&plain);
    let role = match plain.chars().next() {
        Some(c) if c.is_ascii_digit() => Role::Number,
        _ if lexicon.is_stop(&plain) => Role::Stop,
        _ if lexicon.is_common(&stem) && !acronym => Role::Common,
        _ => Role::Content,
    };
    Word {
        plain,
        stem,
        role,
        case,
        apart: raw.apart,
    }
}

/// A word as it stands in the text.
struct Raw<'a> {
    text: &'a str,
    case: Case,
    apart: bool,
}

fn raw(text: &str) -> Vec<Raw<'_>> {
    let mut words: Vec<Raw<'_>> = Vec::new();
    let mut rest = text;
    let (mut apart, mut beginning) = (true, true);
    while let Some(c) = rest.chars().next() {
        let length = length(rest);
        if length == 0 {
            apart |= matches!(
                c,
                ',' | ';' | ':' | '(' | ')' | '.' | '?' | '!' | '|' | '\n'
            );
            beginning |= matches!(c, '.' | '?' | '!' | '\n');
            rest = rest.get(c.len_utf8()..).unwrap_or_default();
            continue;
        }
        let (word, after) = rest.split_at(length);
        let elided = length == c.len_utf8() && after.starts_with(APOSTROPHES);
        if !elided {
            words.push(Raw {
                text: word,
                case: case(word, beginning),
                apart,
            });
            (apart, beginning) = (false, false);
        }
        rest = match after
            .strip_prefix(APOSTROPHES)
            .and_then(|rest| rest.strip_prefix('t'))
        {
            Some(rest) if word.ends_with('n') && !rest.starts_with(char::is_alphanumeric) => {
                words.push(Raw {
                    text: "not",
                    case: Case::Small,
                    apart: false,
                });
                rest
            }
            _ => skip_contraction(after),
        };
    }
    words
}

fn case(word: &str, beginning: bool) -> Case {
    let mut chars = word.chars();
    let first = chars.next();
    let shouted = chars.next().is_some_and(char::is_uppercase);
    match first {
        Some(c) if c.is_lowercase() => Case::Small,
        Some(c) if c.is_uppercase() && (shouted || !beginning) && word != "I" => Case::Capital,
        _ => Case::Unclear,
    }
}

/// How long the word is that the text begins with; 0 where there is none.
fn length(text: &str) -> usize {
    let mut end = 0;
    let mut chars = text.char_indices().peekable();
    let mut before: Option<char> = None;
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, next)| *next);
        let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        let goes_on = if c.is_alphanumeric() {
            // "40ft" is two words, "q4" is one; a script without spaces has a word in each sign.
            let unit = digit(before) && !c.is_ascii_digit();
            let sign = is_ideograph(c) || before.is_some_and(is_ideograph);
            before.is_none() || !unit && !sign
        } else {
            matches!(c, '.' | ',' | ':') && digit(before) && digit(next)
        };
        if !goes_on {
            break;
        }
        end = at + c.len_utf8();
        before = Some(c);
    }
    end
}

/// Han, Kana and Thai: no spaces between words.
fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{0e00}'..='\u{0e7f}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}')
}

const APOSTROPHES: [char; 2] = ['\'', '\u{2019}'];

/// Passes over "'s", "'ll" and the like.
fn skip_contraction(text: &str) -> &str {
    let Some(rest) = text.strip_prefix(APOSTROPHES) else {
        return text;
    };
    let after = rest.trim_start_matches(char::is_alphabetic);
    match rest.len() - after.len() {
        0..=2 => after,
        _ => text,
    }
}

fn lower(word: &str) -> String {
    if word == "US" {
        return "usa".to_owned();
    }
    let digits = word.starts_with(|c: char| c.is_ascii_digit());
    let word = word.to_lowercase();
    match digits {
        // 2,200 and 2200 are one figure; so are 6,50 and 6.50 in two languages.
        true if thousands(&word) => word.replace([',', '.'], ""),
        true => word.replace(',', "."),
        false => word,
    }
}

fn thousands(figure: &str) -> bool {
    let mut groups = figure.split([',', '.']).skip(1).peekable();
    groups.peek().is_some() && groups.all(|group| group.len() == 3)
}
