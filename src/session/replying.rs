//! A turn: from the question through the knowledge to the model's last word.

use std::sync::Arc;

use super::{Action, Cut, Session, Stage, Then, bounded, evidence};
use crate::ports::language_model::{Piece, ToolCall};
use crate::ports::retriever::{Passage, Query};
use crate::ports::transcript_sink::{AgentKind, CallerLine, Content};
use crate::prompt::Prompt;
use crate::transport::Output;
use crate::words::{Ending, Language, Offset};

impl Session {
    /// Opens a turn for what the caller said: what went on before is abandoned or settled.
    pub(super) fn begin_turn(&mut self, question: &str, line: CallerLine, now: Offset) {
        self.cut = None;
        self.abandon(now);
        self.turn = self.turn.next();
        self.turns = self.turns.saturating_add(1);
        self.history.caller(question);
        self.record(now, Content::Caller(line));
        self.stage = Stage::Listening;
    }

    pub(super) fn seek(&mut self, now: Offset) {
        if self.turns > self.profile.bounds.turns {
            return self.leave(Ending::Exhausted, now);
        }
        let mut delivery = self.delivery(AgentKind::Reply, now);
        delivery.question = self.history.question();
        let query = Query {
            utterance: delivery.question.clone(),
            earlier: self.history.asked_before(),
            language: self.language.clone(),
            limit: self.profile.bounds.passages,
        };
        self.delivery = Some(delivery);
        self.stage = Stage::Seeking { asked: now };
        self.actions.push(Action::Retrieve(self.turn, query));
    }

    pub(super) fn ask_model(&mut self, passages: Vec<Passage>, now: Offset) {
        let Stage::Seeking { asked } = self.stage else {
            return;
        };
        let Some(delivery) = &mut self.delivery else {
            return;
        };
        delivery.line.latency.knowledge = Some(now.saturating_sub(asked));
        delivery.line.sources = passages.iter().map(evidence).collect();
        let utterance = delivery.question.clone();
        let prompt = self.prompt(passages, utterance, String::new());
        self.stage = Stage::Writing {
            asked,
            wrote: None,
            sounded: self.profile.waiting_sound.is_none(),
            then: None,
        };
        self.actions.push(Action::Reply(self.turn, prompt));
    }

    pub(super) fn prompt(
        &self,
        passages: Vec<Passage>,
        utterance: String,
        said: String,
    ) -> Box<Prompt> {
        Box::new(Prompt {
            instructions: Arc::clone(&self.profile.instructions),
            briefing: Arc::clone(&self.briefing),
            history: self.history.before_question().to_vec(),
            passages,
            utterance,
            language: self.language.clone(),
            said,
            tools: Arc::clone(&self.profile.tools),
        })
    }

    pub(super) fn wrote(&mut self, piece: Piece, now: Offset) {
        match piece {
            Piece::Text(text) => self.wrote_text(&text, now),
            Piece::ToolCall(call) => self.tool(&call),
            Piece::Usage(usage) => {
                if let Some(delivery) = &mut self.delivery {
                    delivery.line.usage.push(usage);
                }
            }
        }
    }

    pub(super) fn wrote_text(&mut self, text: &str, now: Offset) {
        if let Stage::Writing { wrote, .. } = &mut self.stage {
            *wrote = Some(now);
        }
        let limit = self.profile.bounds.reply_bytes;
        let Some(delivery) = &mut self.delivery else {
            return;
        };
        let room = limit.saturating_sub(delivery.line.planned.len());
        let fits = bounded(text, room);
        if let Some(say) = delivery.write(fits, now) {
            self.say(say);
        }
        if fits.len() < text.len() {
            self.actions.push(Action::Drop(self.turn));
            self.written(now);
        }
    }

    /// Does what the model asks: at once, or when its words are complete.
    pub(super) fn tool(&mut self, call: &ToolCall) {
        let argument = |name: &str| call.arguments.get(name).cloned().unwrap_or_default();
        let next = match call.name.as_str() {
            "hand_over" => Then::HandOver(argument("reason")),
            "end_call" => Then::Goodbye,
            "speak_language" => return self.speak(&Language::new(&argument("language"))),
            "press_keys" => return self.press(argument("keys")),
            // A tool that was not offered.
            _ => return,
        };
        if let Stage::Writing { then, .. } = &mut self.stage {
            *then = Some(next);
        }
    }

    pub(super) fn press(&mut self, keys: String) {
        let valid = |key| matches!(key, '0'..='9' | '*' | '#' | 'w');
        if !keys.is_empty() && keys.chars().all(valid) {
            self.output(Output::Press(keys));
        }
    }

    /// The reply is complete.
    pub(super) fn written(&mut self, now: Offset) {
        let Stage::Writing { then, .. } = &mut self.stage else {
            return;
        };
        let then = then.take();
        let wordless = self
            .delivery
            .as_ref()
            .is_none_or(|d| d.line.planned.trim().is_empty());
        match then {
            None if wordless => self.apologise(now),
            None => self.finish(now),
            Some(Then::HandOver(reason)) => {
                self.finish(now);
                self.hand_over(&reason, now);
            }
            Some(Then::Goodbye) => {
                let farewell = wordless.then(|| self.profile.lines.farewell.clone());
                self.part(Ending::Goodbye, &farewell.unwrap_or_default(), now);
            }
        }
    }

    /// No model can answer, or none goes on: the caller hears a sentence all the same.
    pub(super) fn apologise(&mut self, now: Offset) {
        let apology = self.profile.lines.apology.clone();
        self.stage = Stage::Listening;
        match &mut self.delivery {
            Some(delivery) if delivery.has_begun() => {
                let rest = delivery.write_apart(&apology, now);
                self.say(rest);
                self.finish(now);
            }
            _ => {
                if let Some(delivery) = &mut self.delivery {
                    delivery.line.kind = AgentKind::Apology;
                }
                self.continue_line(&apology, now);
            }
        }
    }

    /// Goes on with a reply that a mere "uh-huh" cut off.
    pub(super) fn resume(&mut self, cut: Cut, now: Offset) {
        self.history.mend();
        self.turn = self.turn.next();
        let mut delivery = self.delivery(AgentKind::Reply, now);
        delivery.question = self.history.question();
        if cut.complete {
            self.delivery = Some(delivery);
            return self.continue_line(cut.rest.trim_start(), now);
        }
        let prompt = self.prompt(Vec::new(), delivery.question.clone(), cut.heard);
        self.delivery = Some(delivery);
        self.stage = Stage::Writing {
            asked: now,
            wrote: None,
            sounded: self.profile.waiting_sound.is_none(),
            then: None,
        };
        self.actions.push(Action::Reply(self.turn, prompt));
    }
}
