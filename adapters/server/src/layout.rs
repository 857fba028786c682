//! Text for a terminal: 80 columns, and a little colour where a person looks.

use std::env;
use std::io::IsTerminal;

/// How wide a line may be.
pub(crate) const COLUMNS: usize = 80;

/// Breaks text between words so that no line is wider than the terminal is expected to be.
pub(crate) fn wrap(text: &str, first: &str, next: &str) -> String {
    let mut lines = String::from(first);
    let mut width = first.chars().count();
    let mut is_empty = true;
    for word in text.split_whitespace() {
        let length = word.chars().count();
        if !is_empty && width + 1 + length > COLUMNS {
            lines.push('\n');
            lines.push_str(next);
            width = next.chars().count();
            is_empty = true;
        }
        if !is_empty {
            lines.push(' ');
            width += 1;
        }
        lines.push_str(word);
        width += length;
        is_empty = false;
    }
    lines
}

/// Words from outside, which must not steer the terminal.
pub(crate) fn harmless(text: &str) -> String {
    let harmless = |c: char| match c.is_control() && !c.is_whitespace() {
        true => char::REPLACEMENT_CHARACTER,
        false => c,
    };
    text.chars().map(harmless).collect()
}

/// Breaks text between words as it comes.
#[derive(Debug, Default)]
pub(crate) struct Flow {
    width: usize,
    /// It may go on.
    word: String,
}

impl Flow {
    /// What can be shown by now.
    pub(crate) fn push(&mut self, text: &str) -> String {
        let mut shown = String::new();
        for character in text.chars() {
            match character {
                '\n' => {
                    shown += &self.rest();
                    shown.push('\n');
                    self.width = 0;
                }
                blank if blank.is_whitespace() => shown += &self.rest(),
                _ => self.word.push(character),
            }
        }
        shown
    }

    /// The last word.
    pub(crate) fn rest(&mut self) -> String {
        let word = std::mem::take(&mut self.word);
        let length = word.chars().count();
        let (before, width) = match self.width {
            _ if length == 0 => return word,
            0 => ("", 0),
            width if width + 1 + length > COLUMNS => ("\n", 0),
            width => (" ", width + 1),
        };
        self.width = width + length;
        format!("{before}{word}")
    }
}

/// Whether a stream takes colour: it is a terminal and nobody objects.
pub(crate) fn takes_colour(stream: &impl IsTerminal) -> bool {
    let objects = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    stream.is_terminal() && !objects
}

/// How a text looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ink {
    Plain,
    Colour,
}

impl Ink {
    pub(crate) fn of(stream: &impl IsTerminal) -> Self {
        match takes_colour(stream) {
            true => Self::Colour,
            false => Self::Plain,
        }
    }

    pub(crate) fn bold(self, text: &str) -> String {
        self.paint("1", text)
    }

    pub(crate) fn dim(self, text: &str) -> String {
        self.paint("2", text)
    }

    pub(crate) fn good(self, text: &str) -> String {
        self.paint("32", text)
    }

    pub(crate) fn careful(self, text: &str) -> String {
        self.paint("33", text)
    }

    fn paint(self, code: &str, text: &str) -> String {
        match self {
            Self::Plain => text.to_owned(),
            Self::Colour => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
        }
    }
}
