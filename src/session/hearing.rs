//! What the caller does, and what the carrier reports of the agent's voice.

use std::time::Duration;

use super::courtesy::Courtesy;
use super::delivery::Delivery;
use super::{Action, Cut, Session, Stage, bounded, courtesy};
use crate::ports::transcript_sink::{CallerKind, CallerLine, Content};
use crate::transport::Output;
use crate::words::{Ending, Offset, Utterance};

impl Session {
    pub(super) fn utterance(&mut self, utterance: Utterance, now: Offset) {
        let text = bounded(utterance.text.trim(), self.profile.bounds.utterance_bytes);
        if text.is_empty() {
            return;
        }
        self.caller_speaks(now);
        self.quiet_from = now;
        let courtesy = courtesy::of(text, &self.profile.phrases);
        let kind = self.kind_of(courtesy, now);
        let line = CallerLine {
            text: text.to_owned(),
            language: utterance.language.clone(),
            kind,
        };
        if kind != CallerKind::Asked {
            self.record(now, Content::Caller(line));
            if let Some(cut) = self.cut.take() {
                self.resume(cut, now);
            }
            return;
        }
        self.begin_turn(text, line, now);
        if let Some(language) = &utterance.language {
            self.speak(language);
        }
        match courtesy {
            Courtesy::Handoff => self.hand_over("the caller asks for a person", now),
            Courtesy::Farewell => self.leave(Ending::Goodbye, now),
            Courtesy::Backchannel | Courtesy::Waiting | Courtesy::None => self.seek(now),
        }
    }

    fn kind_of(&self, courtesy: Courtesy, now: Offset) -> CallerKind {
        if self.is_leaving_for_good() {
            return CallerKind::Waiting;
        }
        match courtesy {
            // The call is about to end for want of a word, and here it is.
            _ if self.is_leaving_for(&Ending::Silent) => CallerKind::Asked,
            Courtesy::Waiting if self.is_pending() => CallerKind::Waiting,
            Courtesy::Farewell if self.is_leaving_for(&Ending::Goodbye) => CallerKind::Waiting,
            Courtesy::Backchannel if self.has_the_word(now) => CallerKind::Backchannel,
            Courtesy::Backchannel
            | Courtesy::Waiting
            | Courtesy::Farewell
            | Courtesy::Handoff
            | Courtesy::None => CallerKind::Asked,
        }
    }

    pub(super) fn key(&mut self, key: char, now: Offset) {
        self.caller_speaks(now);
        let asks_for_a_person = self.keys.is_empty() && self.profile.handoff_key == Some(key);
        self.keys.press(key, now);
        if asks_for_a_person {
            return self.hand_over("the caller pressed the key for a person", now);
        }
        if self.keys.is_complete(self.profile.bounds.keys) {
            self.keyed(now);
        }
    }

    /// The keys are complete: they are an utterance.
    pub(super) fn keyed(&mut self, now: Offset) {
        let Some(line) = self.take_keys() else {
            return;
        };
        if self.is_leaving_for_good() {
            return self.record(now, Content::Caller(line));
        }
        self.begin_turn(&question_of(&line), line, now);
        self.seek(now);
    }

    /// Writes down keys that nothing follows, or words; answers them as part of a question.
    pub(super) fn note_keys(&mut self, now: Offset) -> Option<String> {
        let line = self.take_keys()?;
        let question = question_of(&line);
        self.record(now, Content::Caller(line));
        Some(question)
    }

    fn take_keys(&mut self) -> Option<CallerLine> {
        let keys = self.keys.take();
        (!keys.is_empty()).then_some(CallerLine {
            text: keys,
            language: None,
            kind: CallerKind::Keys,
        })
    }

    pub(super) fn caller_speaks(&mut self, now: Offset) {
        self.quiet_from = self.quiet_from.max(now);
        self.nudges = 0;
    }

    pub(super) fn interrupted(
        &mut self,
        clause: Option<&str>,
        after: Option<Duration>,
        now: Offset,
    ) {
        // Before the first word there is nothing to interrupt: the reply still comes. And what
        // cannot be interrupted was not: this is about words before it.
        let interruptible = |delivery: &mut Delivery| delivery.has_begun() && delivery.yields();
        let meant =
            |delivery: &mut Delivery| interruptible(delivery) && delivery.may_be_meant(clause, now);
        let Some(delivery) = self.delivery.take_if(meant) else {
            return;
        };
        let turn = delivery.turn;
        if self.is_writing(turn) {
            self.actions.push(Action::Drop(turn));
        }
        if delivery.is_open() {
            self.output(Output::Abandon(turn));
        }
        let before = std::mem::replace(&mut self.stage, Stage::Listening);
        let ending = match before {
            Stage::Leaving { ending, .. } => Some(ending),
            Stage::Listening
            | Stage::Seeking { .. }
            | Stage::Writing { .. }
            | Stage::Over { .. } => None,
        };
        self.quiet_from = now;
        self.busy_until = now;
        let settled = delivery.interrupted(clause, after, now);
        self.cut = Cut::of(&settled, ending);
        self.settle(settled, now);
    }

    pub(super) fn played(&mut self, text: &str) {
        if let Some(delivery) = &mut self.delivery {
            delivery.played(text);
        }
    }

    pub(super) fn voice_stopped(&mut self, now: Offset) {
        let Some(delivery) = self.delivery.take_if(|d| d.is_spoken_when_voice_stops(now)) else {
            return;
        };
        self.quiet_from = now;
        self.busy_until = now;
        self.settle(delivery.whole(), now);
        if let Stage::Leaving { ending, .. } = &self.stage {
            let ending = ending.clone();
            self.end(ending, now);
        }
    }
}

/// Keys as the model reads them.
fn question_of(keys: &CallerLine) -> String {
    format!("[The caller pressed the keys {}]", keys.text)
}
