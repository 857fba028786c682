//! Puts spoken words together: one space between words, pauses where the layout had them, and the
//! map back to what was written.

use super::{Atom, Speech};

/// A pause that layout asks for where the words before it have none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Pause {
    Comma,
    Stop,
}

/// What has been said so far, and what was written since.
#[derive(Debug, Default)]
pub(super) struct Voice {
    /// Something was said.
    begun: bool,
    /// The last thing said pauses by itself.
    paused: bool,
    gap: Gap,
}

/// What was written since the last word and is not spoken as it is. It is spoken, as a space at
/// most and a pause, once it is known what follows. Only its size is kept.
#[derive(Debug, Default)]
struct Gap {
    written: usize,
    spaced: bool,
    pause: Option<Pause>,
    /// It is a single space.
    plain: bool,
}

impl Voice {
    pub(super) fn begun(&self) -> bool {
        self.begun
    }

    /// Says a word, apart from the one before it if anything in between parts them.
    pub(super) fn say(&mut self, out: &mut Speech, written: &str, spoken: &str) {
        if spoken.is_empty() {
            self.skip(written.len());
            return;
        }
        let gap = std::mem::take(&mut self.gap);
        let before = out.text.len();
        if self.begun {
            if let Some(pause) = gap.pause.filter(|_| !self.paused) {
                out.text.push(pause.mark());
            }
            if gap.spaced {
                out.text.push(' ');
            }
        }
        let plain = gap.plain && out.text.len() - before == 1;
        push(out, out.text.len() - before, gap.written, plain);
        self.push(out, written, spoken);
    }

    /// Says punctuation, which joins the word before it.
    pub(super) fn close(&mut self, out: &mut Speech, mark: &str) {
        let gap = std::mem::take(&mut self.gap);
        push(out, 0, gap.written, false);
        self.push(out, mark, mark);
    }

    /// Drops what was written; words before and after it stay joined.
    pub(super) fn skip(&mut self, written: usize) {
        self.gap.written += written;
        self.gap.plain = false;
    }

    /// Takes white space.
    pub(super) fn space(&mut self, written: &str) {
        self.gap.plain = self.gap.written == 0 && written == " ";
        self.gap.written += written.len();
        self.gap.spaced = true;
    }

    /// Parts the words before and after.
    pub(super) fn part(&mut self) {
        self.gap.spaced = true;
    }

    /// Parts the words before and after by a pause.
    pub(super) fn pause(&mut self, pause: Pause) {
        self.gap.spaced = true;
        self.gap.pause = self.gap.pause.max(Some(pause));
    }

    /// The reply is over; a last pause is spoken.
    pub(super) fn finish(&mut self, out: &mut Speech) {
        let gap = std::mem::take(&mut self.gap);
        let stop = self.begun && !self.paused && gap.pause == Some(Pause::Stop);
        if stop {
            out.text.push(Pause::Stop.mark());
        }
        push(out, usize::from(stop), gap.written, false);
    }

    fn push(&mut self, out: &mut Speech, written: &str, spoken: &str) {
        out.text.push_str(spoken);
        push(out, spoken.len(), written.len(), written == spoken);
        self.begun = true;
        match spoken.chars().next_back() {
            Some(')' | ']' | '"' | '\'' | '”' | '’' | '»' | '）' | '」') => {}
            Some(last) => self.paused = pauses(last),
            None => {}
        }
    }
}

impl Pause {
    fn mark(self) -> char {
        match self {
            Self::Comma => ',',
            Self::Stop => '.',
        }
    }
}

fn pauses(c: char) -> bool {
    matches!(
        c,
        '.' | '!'
            | '?'
            | ':'
            | ';'
            | ','
            | '…'
            | '。'
            | '！'
            | '？'
            | '：'
            | '；'
            | '，'
            | '、'
            | '؟'
            | '।'
    )
}

/// Adds to the map.
fn push(out: &mut Speech, spoken: usize, written: usize, verbatim: bool) {
    if spoken > 0 || written > 0 {
        out.push_atom(Atom {
            spoken,
            written,
            verbatim,
        });
    }
}
