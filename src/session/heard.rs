//! Finds how far the caller heard: by what the carrier reports, else by the pace of speech.

use std::time::Duration;

use crate::words::Offset;

/// A voice begins so long after it was given words: synthesis and network, as a rule.
pub(super) const VOICE_LAG: Duration = Duration::from_millis(300);

/// When which words are spoken, by the pace of the voice.
#[derive(Debug, Default)]
pub(super) struct Schedule {
    spans: Vec<Span>,
    /// The voice is busy with something else until then.
    after: Offset,
}

#[derive(Clone, Copy, Debug)]
struct Span {
    /// Where the span ends in the spoken text, in bytes.
    upto: usize,
    from: Offset,
    to: Offset,
}

impl Schedule {
    /// A schedule of what is spoken once the voice is free.
    pub(super) fn after(busy_until: Offset) -> Self {
        Self {
            spans: Vec::new(),
            after: busy_until,
        }
    }

    /// Text up to this byte was handed over `now`; it takes its time after what came before.
    pub(super) fn add(&mut self, text: &str, upto: usize, pace: f64, now: Offset) {
        let takes = Duration::from_secs_f64(text.chars().count() as f64 / pace.max(1.0));
        match self.spans.last_mut() {
            // Without a gap it is one span, so that a long reply stays a few numbers.
            Some(last) if now + VOICE_LAG <= last.to => {
                last.upto = upto;
                last.to += takes;
            }
            last => {
                let free = last.map_or(self.after, |last| last.to);
                let from = (now + VOICE_LAG).max(free);
                let to = from + takes;
                self.spans.push(Span { upto, from, to });
            }
        }
    }

    pub(super) fn ends(&self) -> Option<Offset> {
        self.spans.last().map(|last| last.to)
    }

    /// How far the voice is `now`, in bytes of the spoken text.
    pub(super) fn reached(&self, now: Offset) -> usize {
        let mut begin = 0;
        for span in &self.spans {
            if now < span.to {
                let total = (span.to - span.from).as_secs_f64();
                let passed = now.saturating_sub(span.from).as_secs_f64();
                let share = if total > 0.0 { passed / total } else { 1.0 };
                let within = (span.upto - begin) as f64 * share;
                return begin + within as usize;
            }
            begin = span.upto;
        }
        begin
    }
}

/// Where a piece that was played ends in what was spoken: the next one like it from `from` on.
///
/// Letters and digits alone are compared: carriers change spaces and punctuation.
pub(super) fn find_piece(spoken: &str, from: usize, piece: &str) -> Option<usize> {
    let rest = spoken.get(from..)?;
    let end = begins_with(rest, piece).or_else(|| find(rest, piece, |_| true))?;
    Some(from + end)
}

/// Where the clause ends in which the voice was when it was interrupted: the first one like it
/// that does not end before `played`. Its beginning may have been played already.
pub(super) fn find_clause(spoken: &str, played: usize, clause: &str) -> Option<usize> {
    find(spoken, clause, |end| end >= played)
}

/// The usual case: pieces are played in order.
fn begins_with(spoken: &str, piece: &str) -> Option<usize> {
    let mut said = letters(spoken);
    let mut last = None;
    for (_, expected) in letters(piece) {
        let (at, letter) = said.next()?;
        if letter != expected {
            return None;
        }
        last = Some(at);
    }
    last.map(|at| word_end(spoken, at))
}

fn find(spoken: &str, reported: &str, ends_well: impl Fn(usize) -> bool) -> Option<usize> {
    let reported: Vec<char> = letters(reported).map(|(_, c)| c).collect();
    let said: Vec<(usize, char)> = letters(spoken).collect();
    if reported.is_empty() {
        return None;
    }
    let mut windows = said.windows(reported.len());
    windows.find_map(|window| {
        let same = window.iter().map(|(_, c)| c).eq(&reported);
        let (last, _) = window.last().filter(|_| same)?;
        Some(word_end(spoken, *last)).filter(|end| ends_well(*end))
    })
}

/// The last place at or before `at` where a word has ended.
pub(super) fn word_floor(text: &str, at: usize) -> usize {
    let at = text.floor_char_boundary(at);
    let (head, tail) = text.split_at(at);
    if tail.is_empty() || tail.starts_with(char::is_whitespace) {
        return at;
    }
    head.rfind(char::is_whitespace).unwrap_or(0)
}

/// Lower-case letters and digits with the byte they begin at.
fn letters(text: &str) -> impl Iterator<Item = (usize, char)> + '_ {
    let letters = text.char_indices().filter(|(_, c)| c.is_alphanumeric());
    letters.flat_map(|(at, c)| c.to_lowercase().map(move |c| (at, c)))
}

/// The end of the character at `at` and of the punctuation that closes its word.
fn word_end(text: &str, at: usize) -> usize {
    let tail = text.get(at..).unwrap_or_default();
    let mut chars = tail.char_indices();
    chars.next();
    let rest = chars.find(|(_, c)| c.is_whitespace() || c.is_alphanumeric());
    rest.map_or(text.len(), |(further, _)| at + further)
}

#[cfg(test)]
mod tests;
