//! What the caller does, and what the carrier reports of the agent's voice.

use std::time::Duration;

use super::courtesy::Courtesy;
use super::{Action, Cut, Session, Stage, bounded, courtesy, goes_back};
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
        let courtesy = courtesy::of(text, &self.profile.phrases);
        let kind = match courtesy {
            _ if self.is_leaving_for_good() => CallerKind::Waiting,
            Courtesy::Waiting if self.is_pending() => CallerKind::Waiting,
            Courtesy::Backchannel if self.has_the_word(now) => CallerKind::Backchannel,
            _ => CallerKind::Asked,
        };
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

    pub(super) fn key(&mut self, key: char, now: Offset) {
        self.caller_speaks(now);
        if self.keys.is_empty() && self.profile.handoff_key == Some(key) {
            return self.hand_over("the caller pressed the key for a person", now);
        }
        self.keys.press(key, now);
        if self.keys.is_complete(self.profile.bounds.keys) {
            self.keyed(now);
        }
    }

    pub(super) fn keyed(&mut self, now: Offset) {
        let keys = self.keys.take();
        if keys.is_empty() || self.is_leaving_for_good() {
            return;
        }
        let line = CallerLine {
            text: keys.clone(),
            language: None,
            kind: CallerKind::Keys,
        };
        let question = format!("[The caller pressed the keys {keys}]");
        self.begin_turn(&question, line, now);
        self.seek(now);
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
        // Before the first word there is nothing to interrupt: the reply still comes.
        let Some(delivery) = self.delivery.take_if(|delivery| delivery.has_begun()) else {
            return;
        };
        let turn = delivery.turn;
        if self.is_writing(turn) {
            self.actions.push(Action::Drop(turn));
        }
        if delivery.is_open() {
            self.output(Output::Abandon(turn));
        }
        match &self.stage {
            Stage::Leaving { ending, .. } if !goes_back(ending) => {
                let ending = ending.clone();
                self.settle(delivery.interrupted(clause, after, now), now);
                return self.end(ending, now);
            }
            _ => self.stage = Stage::Listening,
        }
        self.quiet_from = now;
        let settled = delivery.interrupted(clause, after, now);
        self.cut = Cut::of(&settled);
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
        self.settle(delivery.whole(), now);
        if let Stage::Leaving { ending, .. } = &self.stage {
            let ending = ending.clone();
            self.end(ending, now);
        }
    }
}
