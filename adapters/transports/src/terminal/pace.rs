//! The agent's voice without sound: which of the queued words are spoken at what time.

use std::collections::VecDeque;
use std::mem;
use std::time::Duration;

use tokio::time::Instant;
use unicode_width::UnicodeWidthChar as _;

/// Speaks what is queued, word by word, at the pace of speech.
#[derive(Debug)]
pub(super) struct Voice {
    /// Characters a second.
    pace: f64,
    words: VecDeque<Word>,
    /// What may be the beginning of a word.
    tail: Word,
    /// Nothing more follows in this turn.
    finished: bool,
    speaking: Option<Speaking>,
}

/// What the voice did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Due {
    Started,
    /// A word, with the space before it, as it was sent.
    Spoken(String),
    Stopped,
}

#[derive(Debug, Default)]
struct Word {
    text: String,
    interruptible: bool,
}

#[derive(Debug)]
struct Speaking {
    since: Instant,
    /// When the current word is over.
    until: Instant,
    interruptible: bool,
}

impl Voice {
    pub(super) fn new(pace: f64) -> Self {
        Self {
            pace,
            words: VecDeque::new(),
            tail: Word::default(),
            finished: true,
            speaking: None,
        }
    }

    /// Queues more of the reply. Its last word waits until it is known to be whole.
    pub(super) fn say(&mut self, text: &str, interruptible: bool) {
        self.finished = false;
        if self.tail.interruptible != interruptible {
            self.complete();
            self.tail.interruptible = interruptible;
        }
        for c in text.chars() {
            let begins = c.is_whitespace() && !self.tail.text.trim_start().is_empty();
            if begins || is_wide(c) {
                self.complete();
            }
            self.tail.text.push(c);
            if is_wide(c) {
                self.complete();
            }
        }
    }

    /// The reply is complete.
    pub(super) fn finish(&mut self) {
        self.complete();
        self.finished = true;
    }

    /// Whether words of a turn are still to come or to be spoken.
    pub(super) fn is_busy(&self) -> bool {
        !self.finished || self.speaking.is_some() || !self.words.is_empty()
    }

    /// When [`Voice::due`] has something to say, if nothing else happens.
    pub(super) fn deadline(&self, now: Instant) -> Option<Instant> {
        match &self.speaking {
            None if self.words.is_empty() => None,
            None => Some(now),
            Some(_) if self.words.is_empty() && !self.finished => None,
            Some(speaking) => Some(speaking.until),
        }
    }

    /// What happens next, if its time has come. To be asked until there is nothing.
    pub(super) fn due(&mut self, now: Instant) -> Option<Due> {
        if self.deadline(now)? > now {
            return None;
        }
        let Some(speaking) = &mut self.speaking else {
            self.speaking = Some(Speaking {
                since: now,
                until: now,
                interruptible: true,
            });
            return Some(Due::Started);
        };
        let Some(word) = self.words.pop_front() else {
            self.speaking = None;
            return Some(Due::Stopped);
        };
        speaking.until = now + time_of(&word.text, self.pace);
        speaking.interruptible = word.interruptible;
        Some(Due::Spoken(word.text))
    }

    /// The caller speaks over the voice. If it may be stopped, it stops, and answers how long it
    /// had been speaking.
    pub(super) fn interrupt(&mut self, now: Instant) -> Option<Duration> {
        let speaking = self.speaking.take_if(|speaking| speaking.interruptible)?;
        self.stop();
        Some(now - speaking.since)
    }

    /// Stops at once; answers whether it was speaking.
    pub(super) fn stop(&mut self) -> bool {
        self.words.clear();
        self.tail.text.clear();
        self.finished = true;
        self.speaking.take().is_some()
    }

    fn complete(&mut self) {
        if !self.tail.text.is_empty() {
            let text = mem::take(&mut self.tail.text);
            let interruptible = self.tail.interruptible;
            self.words.push_back(Word {
                text,
                interruptible,
            });
        }
    }
}

/// Scripts that put no spaces between words are spoken character by character.
fn is_wide(c: char) -> bool {
    c.width() == Some(2)
}

fn time_of(text: &str, pace: f64) -> Duration {
    let characters = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
    Duration::try_from_secs_f64(f64::from(characters) / pace).unwrap_or_default()
}

#[cfg(test)]
mod tests;
