//! One thing the agent says: from the written words to what the caller heard of them.

use std::time::Duration;

use super::heard::{self, Schedule};
use crate::ports::transcript_sink::{AgentKind, AgentLine, Basis, Latency};
use crate::speech::{Formatter, Speech, Style, written_before};
use crate::transport::Say;
use crate::words::{Language, Offset, Turn};

/// What the agent is saying.
#[derive(Debug)]
pub(super) struct Delivery {
    pub(super) turn: Turn,
    /// What it answers.
    pub(super) question: String,
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

/// What became of a delivery.
#[derive(Debug)]
pub(super) struct Settled {
    pub(super) turn: Turn,
    pub(super) at: Option<Offset>,
    pub(super) line: AgentLine,
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
    pub(super) fn new(
        turn: Turn,
        kind: AgentKind,
        asked: Offset,
        style: &Style,
        language: &Language,
    ) -> Self {
        Self {
            turn,
            question: String::new(),
            line: AgentLine {
                kind,
                planned: String::new(),
                heard: String::new(),
                interrupted: false,
                basis: Basis::Whole,
                sources: Vec::new(),
                usage: Vec::new(),
                latency: Latency::default(),
            },
            asked,
            at: None,
            formatter: Formatter::new(style, language),
            style: style.clone(),
            language: language.clone(),
            spoken: Speech::default(),
            schedule: Schedule::default(),
            played: None,
            voiced: false,
            complete: false,
        }
    }

    /// Takes written words and answers what can be said of them now.
    pub(super) fn write(&mut self, text: &str, now: Offset) -> Option<Say> {
        let since = now.saturating_sub(self.asked);
        self.line.latency.first_text.get_or_insert(since);
        self.line.planned.push_str(text);
        let speech = self.formatter.push(text);
        self.say(speech, now)
    }

    /// Takes a sentence that does not belong to what was written before.
    pub(super) fn write_apart(&mut self, text: &str, now: Offset) -> Say {
        let mut speech = self.formatter.finish();
        speech.push_verbatim(" ");
        self.line.planned.push(' ');
        self.line.planned.push_str(text);
        self.formatter = Formatter::new(&self.style, &self.language);
        speech.append(self.formatter.push(text));
        self.say(speech, now).unwrap_or_else(|| self.empty())
    }

    /// Takes what somebody else says on the agent's behalf.
    pub(super) fn write_whole(&mut self, text: &str, now: Offset) {
        self.line.planned.push_str(text);
        let mut speech = Speech::default();
        speech.push_verbatim(text);
        self.say(speech, now);
        self.complete = true;
    }

    /// Nothing more is written: answers what was held back.
    pub(super) fn finish(&mut self, now: Offset) -> Option<Say> {
        let rest = self.formatter.finish();
        let say = self.say(rest, now);
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
        self.complete && self.has_begun() && (self.voiced || now >= half)
    }

    /// The carrier has played a piece.
    pub(super) fn played(&mut self, piece: &str) {
        let from = self.played.unwrap_or(0);
        if let Some(upto) = heard::find(&self.spoken.text, from, piece) {
            self.played = Some(upto.max(from));
        }
    }

    /// All that was said has been heard, or will be.
    pub(super) fn whole(self) -> Settled {
        let upto = self.spoken.text.len();
        let cut_off = !self.complete;
        self.settle(upto, Basis::Whole, cut_off)
    }

    /// The caller spoke over it.
    pub(super) fn interrupted(
        self,
        clause: Option<&str>,
        after: Option<Duration>,
        now: Offset,
    ) -> Settled {
        let played = self.played.unwrap_or(0);
        let clause = clause.and_then(|clause| heard::find(&self.spoken.text, played, clause));
        let (upto, basis) = match (clause, self.played) {
            (Some(upto), _) => (upto.max(played), Basis::Reported),
            (None, Some(played)) => (played, Basis::Played),
            (None, None) => (self.estimate(after, now), Basis::Estimated),
        };
        let cut_off = upto < self.spoken.text.trim_end().len() || !self.complete;
        self.settle(upto, basis, cut_off)
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
        let cut_off = upto < self.spoken.text.trim_end().len() || !self.complete;
        self.settle(upto, basis, cut_off)
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

    fn settle(self, upto: usize, basis: Basis, cut_off: bool) -> Settled {
        let mut line = self.line;
        let written = written_before(&self.spoken.atoms, upto);
        line.heard = line.planned.get(..written).unwrap_or_default().to_owned();
        line.interrupted = cut_off;
        line.basis = basis;
        Settled {
            turn: self.turn,
            at: self.at,
            line,
            complete: self.complete,
        }
    }

    fn say(&mut self, speech: Speech, now: Offset) -> Option<Say> {
        let text = speech.text.clone();
        self.spoken.append(speech);
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
            text,
            ..self.empty()
        })
    }

    fn empty(&self) -> Say {
        Say {
            turn: self.turn,
            text: String::new(),
            interruptible: self.line.kind != AgentKind::Farewell,
        }
    }
}
