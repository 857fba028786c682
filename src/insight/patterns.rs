//! Patterns written as they are said: `(?:i|we) want to speak to <person>`.

use regex::bytes::{Match, Regex, RegexBuilder};

use super::Place;
use super::lines::Spoken;
use crate::words::Speaker;

/// What counts, and what looks like it and does not.
#[derive(Debug)]
pub(super) struct Patterns {
    counts: Option<Regex>,
    /// A match that one of these overlaps does not count.
    excepts: Option<Regex>,
}

/// A name of a class of words and what stands for it; later ones may use earlier ones.
pub(super) type Class<'a> = (&'a str, &'a str);

impl Patterns {
    /// Compiles patterns over the plain text of a line. A blank also takes a comma, an apostrophe
    /// stands for nothing, `<name>` for a class, `<w>` for any word; `^` at the beginning and `$`
    /// at the end for the bounds of a sentence.
    pub(super) fn new(classes: &[Class<'_>], counts: &[&str], excepts: &[&str]) -> Self {
        Self {
            counts: alternatives(classes, counts),
            excepts: alternatives(classes, excepts),
        }
    }

    /// Where one side of a call matches, in order.
    pub(super) fn places(&self, lines: &[Spoken<'_>], speaker: Speaker) -> Vec<Place> {
        let lines = lines.iter().filter(|line| line.speaker == speaker);
        let places = lines.flat_map(|line| {
            let found = self.find(line).into_iter();
            found.filter_map(|(from, to)| line.place(from, to))
        });
        places.collect()
    }

    /// Where a line matches, in bytes of its plain text.
    fn find(&self, line: &Spoken<'_>) -> Vec<(usize, usize)> {
        let found = spans(self.counts.as_ref(), line);
        if found.is_empty() {
            return found;
        }
        let excepted = spans(self.excepts.as_ref(), line);
        let stands = |&(from, to): &(usize, usize)| {
            !excepted
                .iter()
                .any(|&(start, end)| start < to && from < end)
        };
        found.into_iter().filter(stands).collect()
    }
}

/// Where an expression matches a line, in bytes of its plain text.
pub(super) fn spans(regex: Option<&Regex>, line: &Spoken<'_>) -> Vec<(usize, usize)> {
    let found = regex.map(|regex| regex.find_iter(line.plain.as_bytes()));
    // The blanks around a match belong to nobody.
    let inner = |it: Match<'_>| (it.start() + 1, it.end() - 1);
    found.into_iter().flatten().map(inner).collect()
}

/// One expression of all patterns. `None` where there are none, or where they are no expression,
/// which a test rules out.
pub(super) fn alternatives(classes: &[Class<'_>], patterns: &[&str]) -> Option<Regex> {
    if patterns.is_empty() {
        return None;
    }
    let patterns = patterns.iter().map(|pattern| {
        let (begin, pattern) = match pattern.strip_prefix('^') {
            Some(rest) => (" [.!?] ", rest),
            None => (" ", *pattern),
        };
        let (pattern, end) = match pattern.strip_suffix('$') {
            Some(rest) => (rest, " [.!?] "),
            None => (pattern, " "),
        };
        format!("{begin}(?:{pattern}){end}")
    });
    let mut all = patterns.collect::<Vec<_>>().join("|");
    for (name, class) in classes.iter().rev() {
        all = all.replace(&format!("<{name}>"), &format!("(?:{class})"));
    }
    all = all
        .replace('\'', "")
        .replace(' ', "(?: ,)? ")
        // By bytes, which takes a fraction of the room: it never cuts a character in two.
        .replace("<w>", "(?-u:[^ .,!?;:])+");
    let compiled = RegexBuilder::new(&all).size_limit(SIZE).build();
    debug_assert!(compiled.is_ok(), "{compiled:?} of {all}");
    compiled.ok()
}

/// The most bytes a compiled expression may take.
const SIZE: usize = 16 << 20;
