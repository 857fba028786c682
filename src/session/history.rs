//! What was said, as the next prompt repeats it; bounded.

use super::bounded;
use crate::words::{Line, Speaker};

/// How much of the conversation a person who takes the call is told, in bytes.
const SUMMARY: usize = 1000;

/// The last exchanges of a call. A question that drew no words is open: the next one joins it,
/// because a caller who pauses in the middle of a sentence is heard as two utterances.
#[derive(Debug)]
pub(super) struct History {
    lines: Vec<Line>,
    turns: usize,
}

impl History {
    pub(super) fn new(turns: usize) -> Self {
        Self {
            lines: Vec::new(),
            turns: turns.max(1),
        }
    }

    pub(super) fn lines(&self) -> &[Line] {
        &self.lines
    }

    pub(super) fn recall(&mut self, lines: Vec<Line>) {
        self.lines = lines;
        self.forget();
    }

    pub(super) fn caller(&mut self, text: &str) {
        match self.lines.last_mut() {
            Some(open) if open.speaker == Speaker::Caller => {
                open.text = format!("{} {text}", open.text).into();
            }
            _ => self.lines.push(Line {
                speaker: Speaker::Caller,
                text: text.into(),
                cut_off: false,
            }),
        }
        self.forget();
    }

    pub(super) fn agent(&mut self, heard: &str, cut_off: bool) {
        self.lines.push(Line {
            speaker: Speaker::Agent,
            text: heard.trim().into(),
            cut_off,
        });
        self.forget();
    }

    /// The reply that was cut off goes on after all.
    pub(super) fn mend(&mut self) {
        if let Some(line) = self.lines.last_mut() {
            line.cut_off = false;
        }
    }

    /// What the caller asked last, with what was left open before it.
    pub(super) fn question(&self) -> String {
        let last = self.callers().last();
        last.map(|line| line.text.to_string()).unwrap_or_default()
    }

    /// What was said before that question.
    pub(super) fn before_question(&self) -> &[Line] {
        let last = self
            .lines
            .iter()
            .rposition(|line| line.speaker == Speaker::Caller);
        self.lines.get(..last.unwrap_or(0)).unwrap_or_default()
    }

    /// What the caller asked in the turns before, oldest first.
    pub(super) fn asked_before(&self) -> Vec<String> {
        let before = self.before_question().iter();
        let callers = before.filter(|line| line.speaker == Speaker::Caller);
        callers.map(|line| line.text.to_string()).collect()
    }

    /// The end of the conversation in a few lines, for a person who takes over.
    pub(super) fn summary(&self) -> String {
        let mut from = self.lines.len();
        let mut room = SUMMARY;
        for line in self.lines.iter().rev() {
            match room.checked_sub(line.text.len()) {
                Some(left) => (room, from) = (left, from.saturating_sub(1)),
                None => break,
            }
        }
        if from == self.lines.len() {
            // The newest line alone is too long.
            let newest = self.lines.last().map(|line| line.text.as_ref());
            return bounded(newest.unwrap_or_default(), SUMMARY).to_owned();
        }
        let told = self.lines.get(from..).unwrap_or_default();
        let told = told.iter().filter(|line| !line.text.is_empty());
        let told = told.map(|line| match line.speaker {
            Speaker::Caller => format!("Caller: {}", line.text),
            Speaker::Agent => format!("Agent: {}", line.text),
        });
        told.collect::<Vec<_>>().join("\n")
    }

    fn callers(&self) -> impl Iterator<Item = &Line> {
        let lines = self.lines.iter();
        lines.filter(|line| line.speaker == Speaker::Caller)
    }

    fn forget(&mut self) {
        let surplus = self.callers().count().saturating_sub(self.turns);
        if surplus == 0 && self.lines.len() <= self.turns.saturating_mul(4) {
            return;
        }
        // The oldest exchange goes, up to the next question of the caller.
        let mut second = self.lines.iter().skip(1);
        let next = second.position(|line| line.speaker == Speaker::Caller);
        let gone = next.map_or(1, |next| next + 1);
        self.lines.drain(..gone.min(self.lines.len()));
        self.forget();
    }
}
