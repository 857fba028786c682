//! How a call ends.

use super::delivery::Delivery;
use super::{Action, Session, Stage};
use crate::ports::transcript_sink::{AgentKind, Content, EndedLine};
use crate::transport::Output;
use crate::words::{Ending, Handoff, Offset};

impl Session {
    pub(super) fn hand_over(&mut self, reason: &str, now: Offset) {
        // What is being said belongs into the summary.
        self.abandon(now);
        let handoff = Handoff {
            reason: reason.to_owned(),
            summary: self.history.summary(),
        };
        self.leave(Ending::HandedOff(handoff), now);
    }

    /// Says the words that go with the ending; the line is cut once they are spoken.
    pub(super) fn leave(&mut self, ending: Ending, now: Offset) {
        if self.is_leaving_for_good() {
            return;
        }
        let lines = &self.profile.lines;
        let line = match &ending {
            Ending::HandedOff(_) => lines.handoff.clone(),
            Ending::Exhausted | Ending::Shutdown => lines.closing.clone(),
            Ending::Goodbye | Ending::Silent | Ending::HungUp | Ending::Failed(_) => {
                lines.farewell.clone()
            }
        };
        self.cut = None;
        self.abandon(now);
        self.note_keys(now);
        self.turn = self.turn.next();
        self.delivery = Some(self.delivery(AgentKind::Farewell, now));
        self.part(ending, &line, now);
    }

    /// Adds the last words to what is being said, and waits until they are spoken.
    pub(super) fn part(&mut self, ending: Ending, line: &str, now: Offset) {
        self.continue_line(line, now);
        let spoken = self.delivery.as_ref().map_or(now, Delivery::ends);
        self.stage = Stage::Leaving {
            ending,
            until: spoken + self.profile.patience.farewell,
        };
    }

    pub(super) fn end(&mut self, ending: Ending, now: Offset) {
        if self.is_seeking(self.turn) || self.is_writing(self.turn) {
            self.actions.push(Action::Drop(self.turn));
        }
        self.note_keys(now);
        if let Some(delivery) = self.delivery.take() {
            let settled = match ending.is_gone() {
                true => delivery.cut_by_ending(now),
                false => delivery.whole(),
            };
            self.settle(settled, now);
        }
        self.stage = Stage::Over {
            ending: ending.clone(),
        };
        if !ending.is_gone() {
            self.output(Output::End(ending.clone()));
        }
        let ended = EndedLine {
            ending,
            turns: self.turns,
            duration: now,
        };
        self.record(now, Content::Ended(ended));
    }
}
