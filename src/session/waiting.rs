//! What time does when nobody else does anything.

use super::replying::unfound;
use super::{Action, Session, Stage};
use crate::ports::retriever::Outcome;
use crate::ports::transcript_sink::AgentKind;
use crate::transport::Output;
use crate::words::{Ending, Offset};

impl Session {
    pub(super) fn tick(&mut self, now: Offset) {
        if self.keys.is_due(self.profile.patience.keys, now) {
            self.keyed(now);
        }
        let leaves = matches!(self.stage, Stage::Leaving { .. });
        if now >= self.last_moment() && !leaves {
            return self.leave(Ending::Exhausted, now);
        }
        if self.deadline().is_none_or(|deadline| now < deadline) {
            return;
        }
        match &mut self.stage {
            Stage::Listening => self.nudge(now),
            // Late knowledge is no knowledge.
            Stage::Seeking { asked } => {
                let late = unfound(Outcome::Late, now.saturating_sub(*asked));
                self.ask_model(late, now);
            }
            Stage::Writing {
                asked,
                wrote: None,
                sounded,
                ..
            } if !*sounded && now < *asked + self.profile.patience.first_word => {
                *sounded = true;
                if let Some(sound) = self.profile.waiting_sound.clone() {
                    self.output(Output::Play(sound));
                }
            }
            Stage::Writing { .. } => {
                self.actions.push(Action::Drop(self.turn));
                self.apologise(now);
            }
            Stage::Leaving { ending, .. } => {
                let ending = ending.clone();
                self.end(ending, now);
            }
            Stage::Over { .. } => {}
        }
    }

    pub(super) fn nudge(&mut self, now: Offset) {
        self.settle_whole(now);
        if let Some(cut) = self.cut.take() {
            // No words followed the interruption: it was a noise.
            return self.resume(cut, now);
        }
        if self.nudges >= self.profile.patience.nudges {
            return self.leave(Ending::Silent, now);
        }
        self.nudges = self.nudges.saturating_add(1);
        self.turn = self.turn.next();
        let line = self.profile.lines.nudge.clone();
        self.say_line(AgentKind::Nudge, &line, now);
    }
}
