//! Reads a text for words that stand out.

use voicera::words::Language;

use super::is_common;

/// How a word stands out; the more telling comes later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// It does not: everybody uses it.
    Ordinary,
    /// A word that few people use.
    Rare,
    /// It has a capital where a sentence gives it none.
    Name,
    /// An acronym, an identifier, or a capital within the word.
    Coined,
}

/// One word, or one name of several words, as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Seen {
    pub(super) way: String,
    pub(super) kind: Kind,
}

/// The longest name, in words: a longer one is a title.
const NAME_WORDS: usize = 4;

/// The longest word; longer ones are no words.
const LONGEST: usize = 30;

/// The shortest word that may be rare without a capital.
const SHORTEST_RARE: usize = 5;

/// The most digits of an identifier that callers say in one breath.
const MOST_DIGITS: usize = 6;

/// Words that a sentence may put before a name.
const OPENERS: [&str; 22] = [
    "a", "all", "an", "and", "any", "at", "both", "by", "each", "every", "for", "from", "in", "no",
    "on", "our", "the", "these", "this", "those", "to", "your",
];

/// A word within its sentence.
struct Token<'a> {
    text: &'a str,
    opens: bool,
    /// A sign stands between it and the word before.
    apart: bool,
}

pub(super) fn read(text: &str, language: &Language) -> Vec<Seen> {
    let english = language.primary() == "en";
    // Every German noun has a capital.
    let capitals_tell = language.primary() != "de";
    let mut seen = Vec::new();
    for line in text.lines() {
        let heading = line.trim_start().starts_with('#');
        let tokens = tokens(line);
        let shouts = tokens.len() > 2 && tokens.iter().all(|token| !has_small(token.text));
        let mut tokens = tokens.as_slice();
        while let Some((token, rest)) = tokens.split_first() {
            tokens = rest;
            if is_coined(token.text) && !shouts {
                seen.push(of(token.text.to_owned(), Kind::Coined));
            } else if capitals_tell && !heading && !shouts && begins_large(token.text) {
                let more = rest.iter().take_while(|next| {
                    !next.apart && begins_large(next.text) && !is_coined(next.text)
                });
                let more = more.count();
                let names = rest.get(..more).unwrap_or_default();
                tokens = rest.get(more..).unwrap_or_default();
                seen.extend(name(token, names));
            } else if english {
                seen.push(plain(token.text));
            }
        }
    }
    seen
}

/// What a row of words with capitals is.
fn name(first: &Token<'_>, more: &[Token<'_>]) -> Option<Seen> {
    let small = first.text.to_lowercase();
    if first.opens && more.is_empty() {
        return Some(plain(first.text));
    }
    let opener = first.opens && OPENERS.contains(&small.as_str());
    let first = (!opener).then_some(first.text);
    let words = first.into_iter().chain(more.iter().map(|token| token.text));
    let words: Vec<_> = words.collect();
    let common = words.iter().all(|word| is_common(&word.to_lowercase()));
    (words.len() <= NAME_WORDS && !common).then(|| of(words.join(" "), Kind::Name))
}

/// What a word is by itself.
fn plain(word: &str) -> Seen {
    let small = word.to_lowercase();
    let rare = word.chars().count() >= SHORTEST_RARE
        && word.chars().all(char::is_alphabetic)
        && !is_common(&small);
    let kind = if rare { Kind::Rare } else { Kind::Ordinary };
    of(if rare { word.to_owned() } else { small }, kind)
}

fn of(way: String, kind: Kind) -> Seen {
    Seen { way, kind }
}

/// Two capitals, or a capital before a digit. A telephone number in letters is none.
fn is_coined(word: &str) -> bool {
    let large = word.chars().filter(|c| c.is_uppercase()).count();
    let digits = word.chars().filter(|c| c.is_numeric()).count();
    let begins_large = word.starts_with(char::is_uppercase);
    digits <= MOST_DIGITS && (large >= 2 || digits > 0 && begins_large)
}

fn begins_large(word: &str) -> bool {
    word.starts_with(char::is_uppercase) && word.chars().nth(1).is_some_and(char::is_alphabetic)
}

fn has_small(word: &str) -> bool {
    word.chars().any(char::is_lowercase)
}

/// The words of a line. Addresses of mail and web are no words.
fn tokens(line: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut opens = true;
    let mut apart = true;
    for piece in line.split_whitespace() {
        let address = piece.contains('@') || piece.contains("://") || is_domain(piece);
        let mut rest = piece;
        while let Some(start) = rest.find(char::is_alphanumeric) {
            let (signs, word) = rest.split_at(start);
            (opens, apart) = (opens || ends_sentence(signs), apart || !signs.is_empty());
            let end = end_of_word(word);
            let (word, after) = word.split_at(end);
            rest = after;
            let letters = word.chars().any(char::is_alphabetic);
            if !address && letters && word.len() <= LONGEST {
                tokens.push(Token {
                    text: word,
                    opens,
                    apart,
                });
            }
            (opens, apart) = (false, address || !letters);
        }
        (opens, apart) = (opens || ends_sentence(rest), apart || !rest.is_empty());
    }
    tokens
}

/// A hyphen or an ampersand within a word belongs to it, and so does an apostrophe before a name:
/// `O'Brien`, but not `team's`.
fn end_of_word(word: &str) -> usize {
    let mut end = 0;
    let mut signs = None;
    for (at, c) in word.char_indices() {
        if c.is_alphanumeric() {
            end = at + c.len_utf8();
            signs = None;
        } else if signs.is_some() || !(matches!(c, '-' | '&') || is_name_after(c, word, at)) {
            break;
        } else {
            signs = Some(c);
        }
    }
    end
}

fn is_name_after(sign: char, word: &str, at: usize) -> bool {
    let after = word.get(at + sign.len_utf8()..).unwrap_or_default();
    matches!(sign, '\'' | '\u{2019}') && after.starts_with(char::is_uppercase)
}

fn ends_sentence(signs: &str) -> bool {
    signs.contains([
        '.', '!', '?', ':', '|', '#', '*', '>', '"', '\u{201c}', '(', '-',
    ])
}

/// Letters on both sides of a full stop.
fn is_domain(piece: &str) -> bool {
    let piece = piece.trim_matches(|c: char| !c.is_alphanumeric());
    piece.split_once('.').is_some_and(|(before, after)| {
        let letters = |c: char| c.is_alphabetic();
        before.ends_with(letters) && after.chars().take(2).filter(|c| letters(*c)).count() == 2
    })
}
