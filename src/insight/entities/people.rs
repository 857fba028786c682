//! Names of people, by the words that introduce them and by given names.

use super::line::{Find, Line};
use super::lists::{COMMON, GIVEN};
use super::numbers::small;
use crate::insight::EntityKind;
use crate::spoken::Kind;

/// The person whose name, or what introduces it, begins at a piece.
pub(super) fn person(line: &Line<'_>, at: usize) -> Option<(Find, usize)> {
    if let Some(first) = title(line, at) {
        let next = name(line, first, 2)?;
        return Some((line.find(EntityKind::Person, at, next, 0.95)?, next));
    }
    if let Some((first, trust)) = introduced(line, at)
        && title(line, first).is_none()
        && let Some(next) = name(line, first, 3)
    {
        let known = is_given(line.word(first));
        let capital = is_capital(line, first) && first > 0;
        let told = match trust {
            Trust::Name => true,
            Trust::Role => {
                known || next > first + 1 || line.token(next).is_none() || acts(line.word(next))
            }
            Trust::Perhaps => known || (capital && next > first + 1) || speaks(line, next),
        };
        if told {
            let sure = if known { 0.95 } else { 0.75 };
            return Some((line.find(EntityKind::Person, first, next, sure)?, next));
        }
    }
    // "Linda speaking", "John Miller here"
    if at == 0 || matches!(line.before(at, 1), "," | "hello" | "hi" | "yes") {
        let next = name(line, at, 2)?;
        let speaks = speaks(line, next) && !matches!(line.word(next), "from" | "at" | "with");
        let addressed = at > 0 && is_given(line.word(at)) && line.before(at, 1) != ",";
        if speaks || addressed {
            return Some((line.find(EntityKind::Person, at, next, 0.85)?, next));
        }
    }
    // A given name alone is one where nothing speaks against it.
    let given = is_given(line.word(at)) && !DOUBTFUL.contains(&line.word(at));
    if !given {
        return None;
    }
    let next = name(line, at, 2)?;
    Some((line.find(EntityKind::Person, at, next, 0.7)?, next))
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Trust {
    /// Only a name can follow.
    Name,
    /// A name, or what the person does.
    Role,
    /// Other words may.
    Perhaps,
}

/// Where the name that is introduced begins.
fn introduced(line: &Line<'_>, at: usize) -> Option<(usize, Trust)> {
    let words = [0, 1, 2].map(|more| line.word(at + more));
    match words {
        ["my" | "her" | "his", "name", "is"] => Some((at + 3, Trust::Name)),
        ["my", "name's", _] => Some((at + 2, Trust::Name)),
        ["name", "is", _] => Some((at + 2, Trust::Perhaps)),
        ["this", "is", _]
        | ["i", "am", _]
        | ["speak" | "talk" | "spoke" | "talked", "to" | "with", _]
        | ["ask" | "asked", "for", _]
        | ["call", "me", _] => Some((at + 2, Trust::Perhaps)),
        [
            "lady" | "man" | "woman" | "guy" | "gentleman" | "person",
            "called" | "named",
            _,
        ] => Some((at + 2, Trust::Name)),
        [role, ..] if ROLES.contains(&role) => Some((at + 1, Trust::Role)),
        [
            "i'm" | "it's" | "tell" | "contact" | "called" | "named" | "is",
            ..,
        ] => Some((at + 1, Trust::Perhaps)),
        _ => None,
    }
}

/// Whether a word tells what somebody does.
fn acts(word: &str) -> bool {
    word.ends_with("ed")
        || matches!(
            word,
            "said"
                | "told"
                | "says"
                | "was"
                | "has"
                | "had"
                | "will"
                | "came"
                | "left"
                | "never"
                | "who"
                | "is"
        )
}

fn speaks(line: &Line<'_>, at: usize) -> bool {
    match line.word(at) {
        "speaking" | "here" | "calling" => true,
        "from" | "at" | "with" => !matches!(
            line.word(at + 1),
            "the" | "a" | "an" | "your" | "my" | "here" | "our" | "this" | "that" | "some"
        ),
        _ => false,
    }
}

/// The position after "Mr", "doctor" and the like.
fn title(line: &Line<'_>, at: usize) -> Option<usize> {
    let is_title = TITLES.contains(&line.word(at)) && line.word(at + 1) != "of";
    is_title.then(|| at + 1 + usize::from(line.word(at + 1) == "."))
}

/// The position after a name of at most so many words.
fn name(line: &Line<'_>, first: usize, most: usize) -> Option<usize> {
    let mut next = first;
    while next < first + most && may_be_name(line, next) {
        // In writing with capitals a name goes on with one, and after the first word without
        // capitals only a given name is followed by another.
        let capital = is_capital(line, next);
        if next > first && capital != is_capital(line, first) {
            break;
        }
        next += 1;
    }
    (next > first).then_some(next)
}

fn may_be_name(line: &Line<'_>, at: usize) -> bool {
    let Some(token) = line.token(at).filter(|token| token.kind == Kind::Word) else {
        return false;
    };
    let word = line.word(at);
    let doubtful = DOUBTFUL.contains(&word) && !token.text.starts_with(char::is_uppercase);
    let known = is_given(word) && !doubtful;
    known
        || (token.text.chars().count() > 1
            && !doubtful
            && !COMMON.contains(word)
            && small(word).is_none()
            && !word.ends_with("ing")
            && !word.ends_with("ly")
            && !word.ends_with("ed"))
}

fn is_capital(line: &Line<'_>, at: usize) -> bool {
    line.token(at)
        .is_some_and(|token| token.text.starts_with(char::is_uppercase))
}

fn is_given(word: &str) -> bool {
    GIVEN.contains(word)
}

const ROLES: &[&str] = &[
    "manager",
    "colleague",
    "boss",
    "assistant",
    "driver",
    "wife",
    "husband",
    "partner",
    "brother",
    "sister",
    "director",
    "agent",
];

const TITLES: &[&str] = &[
    "mr",
    "mrs",
    "ms",
    "miss",
    "mister",
    "missus",
    "dr",
    "doctor",
    "professor",
    "prof",
    "madam",
    "herr",
    "frau",
    "señor",
    "señora",
    "monsieur",
    "madame",
];

/// Given names that are words as well.
const DOUBTFUL: &[&str] = &[
    "mark", "max", "may", "will", "sam", "li", "an", "can", "art", "rob", "bill", "june", "rose",
    "ali", "chen", "wei", "mei", "jan", "joan", "jean", "ben", "lima", "sofia", "sydney", "oscar",
    "mike", "victor", "mia", "august", "grace", "hope", "faith", "frank", "guy", "jack", "pat",
    "sue", "dean", "drew", "chase",
];
