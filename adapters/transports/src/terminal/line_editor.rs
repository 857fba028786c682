//! The line the caller is typing: keys go in, a line comes out.

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

/// A line and a place in it.
#[derive(Debug, Default)]
pub(super) struct LineEditor {
    text: String,
    /// A byte position on a character's boundary.
    cursor: usize,
}

/// What a key did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Edit {
    Nothing,
    Moved,
    Changed,
    /// The line is complete; the editor is empty again.
    Entered(String),
    HangUp,
}

impl LineEditor {
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn cursor(&self) -> usize {
        self.cursor
    }

    pub(super) fn press(&mut self, key: KeyEvent) -> Edit {
        if key.kind == KeyEventKind::Release {
            return Edit::Nothing;
        }
        match (key.code, key.modifiers) {
            (KeyCode::Char(c), KeyModifiers::CONTROL) => self.control(c),
            (KeyCode::Char(c), KeyModifiers::NONE | KeyModifiers::SHIFT) => self.insert(c),
            (KeyCode::Enter, _) => self.enter(),
            (KeyCode::Backspace, _) => self.remove(self.before(), self.cursor),
            (KeyCode::Delete, _) => self.remove(self.cursor, self.after()),
            (KeyCode::Left, _) => self.go(self.before()),
            (KeyCode::Right, _) => self.go(self.after()),
            (KeyCode::Home, _) => self.go(0),
            (KeyCode::End, _) => self.go(self.text.len()),
            _ => Edit::Nothing,
        }
    }

    fn control(&mut self, c: char) -> Edit {
        match c {
            'c' => Edit::HangUp,
            'd' if self.text.is_empty() => Edit::HangUp,
            'd' => self.remove(self.cursor, self.after()),
            'h' => self.remove(self.before(), self.cursor),
            'u' => self.remove(0, self.cursor),
            'w' => self.remove(self.word_before(), self.cursor),
            'a' => self.go(0),
            'e' => self.go(self.text.len()),
            'b' => self.go(self.before()),
            'f' => self.go(self.after()),
            'j' | 'm' => self.enter(),
            _ => Edit::Nothing,
        }
    }

    fn insert(&mut self, c: char) -> Edit {
        if c.is_control() {
            return Edit::Nothing;
        }
        self.text.insert(self.cursor, c);
        self.cursor += c.len_utf8();
        Edit::Changed
    }

    fn enter(&mut self) -> Edit {
        self.cursor = 0;
        Edit::Entered(std::mem::take(&mut self.text))
    }

    fn remove(&mut self, from: usize, to: usize) -> Edit {
        if from == to {
            return Edit::Nothing;
        }
        self.text.replace_range(from..to, "");
        self.cursor = from;
        Edit::Changed
    }

    fn go(&mut self, to: usize) -> Edit {
        self.cursor = to;
        Edit::Moved
    }

    fn before(&self) -> usize {
        let mut before = self.text.char_indices().rev().map(|(at, _)| at);
        before.find(|at| *at < self.cursor).unwrap_or(0)
    }

    fn after(&self) -> usize {
        let mut after = self.text.char_indices().map(|(at, _)| at);
        let end = self.text.len();
        after.find(|at| *at > self.cursor).unwrap_or(end)
    }

    fn word_before(&self) -> usize {
        let (before, _) = self.text.split_at(self.cursor);
        let word = before.trim_end();
        word.rfind(char::is_whitespace).map_or(0, |space| {
            let rest = word.split_at(space).1;
            space + rest.chars().next().map_or(0, char::len_utf8)
        })
    }
}

#[cfg(test)]
mod tests;
