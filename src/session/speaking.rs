//! How words leave, and how what was heard of them is written down.

use std::sync::Arc;

use super::delivery::{Delivery, Settled};
use super::{Action, Session, Stage};
use crate::ports::transcript_sink::{AgentKind, Content, Entry};
use crate::transport::{Output, Say};
use crate::words::{Language, Offset};

impl Session {
    pub(super) fn delivery(&self, kind: AgentKind, asked: Offset) -> Delivery {
        let style = &self.profile.style;
        let busy_until = self.busy_until;
        Delivery::new(self.turn, kind, asked, busy_until, style, &self.language)
    }

    /// Says a sentence that was ready.
    pub(super) fn say_line(&mut self, kind: AgentKind, line: &str, now: Offset) {
        self.settle_whole(now);
        self.delivery = Some(self.delivery(kind, now));
        self.continue_line(line, now);
    }

    pub(super) fn continue_line(&mut self, line: &str, now: Offset) {
        if let Some(delivery) = &mut self.delivery
            && let Some(say) = delivery.write(line, now)
        {
            self.say(say);
        }
        self.finish(now);
    }

    /// Says what the formatter held back and closes the turn.
    pub(super) fn finish(&mut self, now: Offset) {
        self.stage = Stage::Listening;
        let Some(delivery) = &mut self.delivery else {
            return;
        };
        let (turn, rest) = (delivery.turn, delivery.finish(now));
        self.quiet_from = delivery.ends().max(now);
        if let Some(say) = rest {
            self.say(say);
        }
        self.output(Output::Finish(turn));
    }

    pub(super) fn say(&mut self, say: Say) {
        self.output(Output::Say(say));
    }

    pub(super) fn speak(&mut self, language: &Language) {
        let known = std::iter::once(&self.profile.language).chain(&self.profile.languages);
        let mut known = known.filter(|known| known.speaks(language));
        if self.language.speaks(language) {
            return;
        }
        if let Some(language) = known.next().cloned() {
            self.language = language.clone();
            self.output(Output::Language(language));
        }
    }

    pub(super) fn output(&mut self, output: Output) {
        self.actions.push(Action::Output(output));
    }

    /// Gives up what is being sought or written; what has been said already will be heard.
    pub(super) fn abandon(&mut self, now: Offset) {
        if self.is_seeking(self.turn) || self.is_writing(self.turn) {
            self.actions.push(Action::Drop(self.turn));
        }
        if let Some(delivery) = &self.delivery
            && delivery.is_open()
        {
            // The carrier speaks what it has; an interruption would have come first.
            self.output(Output::Finish(delivery.turn));
        }
        self.stage = Stage::Listening;
        self.settle_whole(now);
    }

    pub(super) fn settle_whole(&mut self, now: Offset) {
        if let Some(delivery) = self.delivery.take() {
            self.busy_until = self.busy_until.max(delivery.ends());
            self.settle(delivery.whole(), now);
        }
    }

    /// Writes down what the agent said and what of it was heard.
    pub(super) fn settle(&mut self, settled: Settled, now: Offset) {
        let line = settled.line;
        if line.planned.is_empty() {
            // Nothing was written: the question stays open and joins the next one.
            return;
        }
        if settled.at.is_some() {
            self.history.agent(&line.heard, line.interrupted);
        }
        let at = settled.at.unwrap_or(now);
        let (call, sequence) = (Arc::clone(&self.call), self.sequence);
        self.sequence = self.sequence.saturating_add(1);
        self.actions.push(Action::Record(Box::new(Entry {
            call,
            sequence,
            turn: settled.turn,
            at,
            content: Content::Agent(line),
        })));
    }

    pub(super) fn record(&mut self, at: Offset, content: Content) {
        let entry = Entry {
            call: Arc::clone(&self.call),
            sequence: self.sequence,
            turn: self.turn,
            at,
            content,
        };
        self.sequence = self.sequence.saturating_add(1);
        self.actions.push(Action::Record(Box::new(entry)));
    }
}
