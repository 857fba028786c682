//! One thing the agent says: from the written words to what the caller heard of them.

use std::time::Duration;

use super::heard::{self, Schedule};
use crate::ports::transcript_sink::{AgentKind, AgentLine, Basis, Latency};
use crate::speech::{Atom, Formatter, Speech, Style, is_speakable, written_before};
use crate::transport::Say;
use crate::words::{Language, Offset, Turn};

/// What the agent is saying.
#[derive(Debug)]
pub(super) struct Delivery {
    pub(super) turn: Turn,
    /// What it answers.
    pub(super) question: String,
    /// What the caller heard of the same reply before it was cut off.
    pub(super) before: String,
    /// What the model had done beside its words.
    pub(super) acted: Option<Act>,
    /// The model was asked for its words once more.
    pub(super) asked_again: bool,
    /// What the transcript will say of it; `planned` grows as the model writes.
    pub(super) line: AgentLine,
    asked: Offset,
    /// When the first words were said.
    at: Option<Offset>,
    style: Style,
    language: Language,
    formatter: Formatter,
    spoken: Speech,
    schedule: Schedule,
    /// How far the carrier has reported it played, in bytes of the spoken text.
    played: Option<usize>,
    /// The voice began after the first words were said.
    voiced: bool,
    complete: bool,
}

/// What a model does beside writing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    /// Changed the language.
    Switched,
    /// Pressed keys.
    Pressed,
}

/// What became of a delivery.
#[derive(Debug)]
pub(super) struct Settled {
    pub(super) turn: Turn,
    pub(super) at: Option<Offset>,
    pub(super) line: AgentLine,
    /// What was heard of the same reply before.
    pub(super) before: String,
    /// All of it had been written.
    pub(super) complete: bool,
}

impl Settled {
    /// What was written and not heard.
    pub(super) fn rest(&self) -> &str {
        let heard = self.line.heard.len();
        self.line.planned.get(heard..).unwrap_or_default()
    }
}

impl Delivery {
    /// A delivery whose words are spoken after what keeps the voice busy.
    pub(super) fn new(
        turn: Turn,
        kind: AgentKind,
        asked: Offset,
        busy_until: Offset,
        style: &Style,
        language: &Language,
    ) -> Self {
        Self {
            turn,
            question: String::new(),
            before: String::new(),
            acted: None,
            asked_again: false,
            line: AgentLine {
                kind,
                planned: String::new(),
                heard: String::new(),
                interrupted: false,
                basis: Basis::Whole,
                sources: Vec::new(),
                searches: Vec::new(),
                usage: Vec::new(),
                latency: Latency::default(),
            },
            asked,
            at: None,
            formatter: Formatter::new(style, language),
            style: style.clone(),
            language: language.clone(),
            spoken: Speech::default(),
            schedule: Schedule::after(busy_until),
            played: None,
            voiced: false,
            complete: false,
        }
    }

    /// Takes written words and answers what can be said of them now.
    pub(super) fn write(&mut self, text: &str, now: Offset) -> Option<Say> {
        // A reply begins with a word.
        let text = match self.line.planned.is_empty() {
            true => text.trim_start(),
            false => text,
        };
        if text.is_empty() {
            return None;
        }
        let since = now.saturating_sub(self.asked);
        self.line.latency.first_text.get_or_insert(since);
        self.line.planned.push_str(text);
        let from = self.spoken.text.len();
        self.formatter.push(text, &mut self.spoken);
        self.say(from, now)
    }

    /// Takes a sentence that does not belong to what was written before.
    pub(super) fn write_apart(&mut self, text: &str, now: Offset) -> Option<Say> {
        // Half a word that was held back stays unsaid.
        let written: usize = self.spoken.atoms.iter().map(|atom| atom.written).sum();
        let from = self.spoken.text.len();
        self.spoken.push_atom(Atom {
            spoken: 0,
            written: self.line.planned.len().saturating_sub(written),
            verbatim: false,
        });
        self.spoken.push_verbatim(" ");
        self.line.planned.push(' ');
        self.line.planned.push_str(text);
        self.formatter = Formatter::new(&self.style, &self.language);
        self.formatter.push(text, &mut self.spoken);
        self.say(from, now)
    }

    /// Forgets what was written, of which nothing has been said.
    pub(super) fn start_over(&mut self, kind: AgentKind) {
        self.line.kind = kind;
        self.line.planned.clear();
        self.spoken = Speech::default();
        self.formatter = Formatter::new(&self.style, &self.language);
    }

    /// Answers what was held back, because what follows is of another kind.
    pub(super) fn flush(&mut self, now: Offset) -> Option<Say> {
        let from = self.spoken.text.len();
        self.formatter.finish(&mut self.spoken);
        self.say(from, now)
    }

    /// What follows is in another language. Nothing may be held back.
    pub(super) fn switch(&mut self, language: &Language) {
        self.language = language.clone();
        self.formatter = Formatter::new(&self.style, language);
    }

    /// Takes what somebody else says on the agent's behalf.
    pub(super) fn write_whole(&mut self, text: &str, now: Offset) {
        self.line.planned.push_str(text);
        let from = self.spoken.text.len();
        self.spoken.push_verbatim(text);
        self.say(from, now);
        self.complete = true;
    }

    /// Nothing more is written: answers what was held back.
    pub(super) fn finish(&mut self, now: Offset) -> Option<Say> {
        let say = self.flush(now);
        self.complete = true;
        self.line.latency.written = Some(now.saturating_sub(self.asked));
        say
    }

    pub(super) fn has_begun(&self) -> bool {
        self.at.is_some()
    }

    /// Words have been said and more may follow: the talk cycle is not closed.
    pub(super) fn is_open(&self) -> bool {
        self.has_begun() && !self.complete
    }

    /// Whether the caller's voice stops it.
    pub(super) fn yields(&self) -> bool {
        self.line.kind != AgentKind::Farewell
    }

    /// Whether an interruption can be about this, and not about what was said before it and is
    /// reported late: a clause of which nothing stands here, before a voice could have begun.
    pub(super) fn may_be_meant(&self, clause: Option<&str>, now: Offset) -> bool {
        let clause = clause.filter(|clause| is_speakable(clause));
        let early = self.at.is_some_and(|at| now < at + heard::VOICE_LAG * 3);
        !early || clause.is_none_or(|c| heard::find_clause(&self.spoken.text, 0, c).is_some())
    }

    /// Nothing has been said that a voice could speak.
    pub(super) fn is_speechless(&self) -> bool {
        !is_speakable(&self.spoken.text)
    }

    /// When its words will have been spoken, as far as they are known.
    pub(super) fn ends(&self) -> Offset {
        self.schedule.ends().unwrap_or(self.asked)
    }

    pub(super) fn is_being_heard(&self, now: Offset) -> bool {
        let all_played = self.played == Some(self.spoken.text.len());
        self.has_begun() && !(self.complete && (all_played || now >= self.ends()))
    }

    /// It ends with a question: what the caller says next is an answer.
    pub(super) fn asks(&self) -> bool {
        self.line.planned.trim_end().ends_with('?')
    }

    pub(super) fn voice_started(&mut self) {
        self.voiced |= self.has_begun();
    }

    /// Whether a voice that stops now has spoken all of this, and was not still busy with
    /// something said before.
    pub(super) fn is_spoken_when_voice_stops(&self, now: Offset) -> bool {
        let began = self.at.unwrap_or(now);
        let half = began + self.ends().saturating_sub(began) / 2;
        let in_time = self.voiced || now >= half;
        self.complete && self.has_begun() && in_time && self.is_played()
    }

    /// The carrier has reported the last word, or none at all: then it does not report any.
    fn is_played(&self) -> bool {
        let left = self
            .played
            .and_then(|played| self.spoken.text.get(played..));
        !left.is_some_and(is_speakable)
    }

    /// The carrier has played a piece.
    pub(super) fn played(&mut self, piece: &str) {
        let from = self.played.unwrap_or(0);
        if let Some(upto) = heard::find_piece(&self.spoken.text, from, piece) {
            self.played = Some(upto.max(from));
        }
    }

    /// All that was said has been heard, or will be.
    pub(super) fn whole(self) -> Settled {
        let upto = self.spoken.text.len();
        self.settle(upto, Basis::Whole)
    }

    /// The caller spoke over it.
    pub(super) fn interrupted(
        self,
        clause: Option<&str>,
        after: Option<Duration>,
        now: Offset,
    ) -> Settled {
        let played = self.played.unwrap_or(0);
        let clause =
            clause.and_then(|clause| heard::find_clause(&self.spoken.text, played, clause));
        let (upto, basis) = match (clause, self.played) {
            (Some(upto), _) => (upto.max(played), Basis::Reported),
            (None, Some(played)) => (played, Basis::Played),
            (None, None) => (self.estimate(after, now), Basis::Estimated),
        };
        self.settle(upto, basis)
    }

    /// The line is gone.
    pub(super) fn cut_by_ending(self, now: Offset) -> Settled {
        if !self.is_being_heard(now) && self.complete {
            return self.whole();
        }
        let (upto, basis) = match self.played {
            Some(played) => (played, Basis::Played),
            None => (self.estimate(None, now), Basis::Estimated),
        };
        self.settle(upto, basis)
    }

    fn estimate(&self, after: Option<Duration>, now: Offset) -> usize {
        let text = &self.spoken.text;
        let reached = match after {
            Some(after) => {
                let characters = (after.as_secs_f64() * self.style.pace) as usize;
                let place = text.char_indices().nth(characters);
                place.map_or(text.len(), |(at, _)| at)
            }
            None => self.schedule.reached(now),
        };
        heard::word_floor(text, reached)
    }

    fn settle(self, upto: usize, basis: Basis) -> Settled {
        let mut line = self.line;
        let written = written_before(&self.spoken.atoms, upto);
        line.heard = line.planned.get(..written).unwrap_or_default().to_owned();
        line.interrupted = upto < self.spoken.text.trim_end().len() || !self.complete;
        line.basis = basis;
        Settled {
            turn: self.turn,
            at: self.at,
            line,
            before: self.before,
            complete: self.complete,
        }
    }

    /// Hands on what is spoken from this byte on.
    fn say(&mut self, from: usize, now: Offset) -> Option<Say> {
        let text = self.spoken.text.get(from..).unwrap_or_default().to_owned();
        if text.is_empty() {
            return None;
        }
        if self.at.is_none() {
            self.at = Some(now);
            let since = now.saturating_sub(self.asked);
            self.line.latency.first_words = Some(since);
        }
        let upto = self.spoken.text.len();
        self.schedule.add(&text, upto, self.style.pace, now);
        Some(Say {
            turn: self.turn,
            text,
            interruptible: self.yields(),
        })
    }
}
