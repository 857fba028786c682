//! A turn: from the question through the knowledge to the model's last word.

use std::sync::Arc;

use super::delivery::Act;
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
        if let Some(keys) = self.note_keys(now) {
            self.history.caller(&keys);
        }
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
        self.found = passages;
        self.write(asked);
    }

    /// Asks the model for what the delivery wants written.
    fn write(&mut self, asked: Offset) {
        let Some(delivery) = &self.delivery else {
            return;
        };
        let prompt = Box::new(Prompt {
            instructions: Arc::clone(&self.profile.instructions),
            briefing: Arc::clone(&self.briefing),
            history: self.history.before_question().to_vec(),
            passages: self.found.clone(),
            utterance: delivery.question.clone(),
            language: self.language.clone(),
            said: delivery.before.clone(),
            tools: match delivery.acted {
                None => Arc::clone(&self.profile.tools),
                // What was done once is not done again.
                Some(Act::Switched | Act::Pressed) => Arc::from([]),
            },
        });
        self.stage = Stage::Writing {
            asked,
            wrote: None,
            sounded: self.profile.waiting_sound.is_none(),
            then: None,
        };
        self.actions.push(Action::Reply(self.turn, prompt));
    }

    pub(super) fn wrote(&mut self, piece: Piece, now: Offset) {
        match piece {
            Piece::Text(text) => self.wrote_text(&text, now),
            Piece::ToolCall(call) => self.tool(&call, now),
            Piece::Usage(usage) => {
                if let Some(delivery) = &mut self.delivery {
                    delivery.line.usage.push(usage);
                }
            }
        }
    }

    pub(super) fn wrote_text(&mut self, text: &str, now: Offset) {
        // Blanks are no words, and do not count as any.
        if let Stage::Writing { wrote, .. } = &mut self.stage
            && !text.chars().all(char::is_whitespace)
        {
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

    /// Does what the model asks, if it was offered: at once, or when its words are complete.
    fn tool(&mut self, call: &ToolCall, now: Offset) {
        let mut offered = self.profile.tools.iter();
        if !offered.any(|tool| tool.name == call.name) {
            return;
        }
        let argument = |name: &str| call.arguments.get(name).cloned().unwrap_or_default();
        let next = match call.name.as_str() {
            "hand_over" => Then::HandOver(argument("reason")),
            "end_call" => Then::Goodbye,
            "speak_language" => return self.switch(&Language::new(&argument("language")), now),
            "press_keys" => return self.press(argument("keys")),
            // A tool that nobody here performs.
            _ => return,
        };
        if let Stage::Writing { then, .. } = &mut self.stage {
            *then = Some(next);
        }
    }

    /// Goes on in another language; what was written before is still said in the one before.
    fn switch(&mut self, language: &Language, now: Offset) {
        if let Some(rest) = self.delivery.as_mut().and_then(|d| d.flush(now)) {
            self.say(rest);
        }
        self.speak(language);
        if let Some(delivery) = &mut self.delivery {
            delivery.switch(&self.language);
            delivery.acted = Some(Act::Switched);
        }
    }

    fn press(&mut self, keys: String) {
        let valid = |key| matches!(key, '0'..='9' | '*' | '#' | 'w');
        if !keys.is_empty() && keys.chars().all(valid) {
            self.output(Output::Press(keys));
            if let Some(delivery) = &mut self.delivery {
                delivery.acted = Some(Act::Pressed);
            }
        }
    }

    /// The reply is complete.
    pub(super) fn written(&mut self, now: Offset) {
        let Stage::Writing { asked, then, .. } = &mut self.stage else {
            return;
        };
        let (asked, then) = (*asked, then.take());
        let Some(delivery) = &mut self.delivery else {
            return;
        };
        let rest = delivery.flush(now);
        let wordless = delivery.is_speechless();
        if let Some(rest) = rest.filter(|_| !wordless) {
            self.actions.push(Action::Output(Output::Say(rest)));
        }
        match (then, delivery.acted) {
            (Some(Then::HandOver(reason)), _) => {
                self.finish(now);
                self.hand_over(&reason, now);
            }
            (Some(Then::Goodbye), _) if wordless => {
                delivery.line.kind = AgentKind::Farewell;
                let farewell = self.profile.lines.farewell.clone();
                self.part(Ending::Goodbye, &farewell, now);
            }
            (Some(Then::Goodbye), _) => self.part(Ending::Goodbye, "", now),
            (None, Some(Act::Pressed)) if wordless => {
                // The other side will answer the keys.
                self.delivery = None;
                self.stage = Stage::Listening;
                self.quiet_from = now;
            }
            (None, Some(Act::Switched)) if wordless && !delivery.asked_again => {
                delivery.asked_again = true;
                self.write(asked);
            }
            (None, _) if wordless => self.apologise(now),
            (None, _) => self.finish(now),
        }
    }

    /// No model can answer, or none goes on: the caller hears a sentence all the same.
    pub(super) fn apologise(&mut self, now: Offset) {
        let apology = self.profile.lines.apology.clone();
        self.stage = Stage::Listening;
        match &mut self.delivery {
            Some(delivery) if delivery.has_begun() => {
                if let Some(say) = delivery.write_apart(&apology, now) {
                    self.say(say);
                }
                self.finish(now);
            }
            _ => {
                // What was written and not said would only confuse.
                if let Some(delivery) = &mut self.delivery {
                    delivery.start_over(AgentKind::Apology);
                }
                self.continue_line(&apology, now);
            }
        }
    }

    /// Goes on with a reply that a mere "uh-huh" cut off, or a noise.
    pub(super) fn resume(&mut self, cut: Cut, now: Offset) {
        self.settle_whole(now);
        self.history.mend();
        self.turn = self.turn.next();
        let mut delivery = self.delivery(AgentKind::Reply, now);
        delivery.question = self.history.question();
        delivery.before = cut.heard;
        self.delivery = Some(delivery);
        match (cut.complete, cut.ending) {
            (true, None) => self.continue_line(&cut.rest, now),
            (true, Some(ending)) => self.part(ending, &cut.rest, now),
            (false, _) => self.write(now),
        }
    }
}
