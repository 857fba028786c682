//! The state of one call: told what happened, it answers what to do.
//!
//! It reads no clock, awaits nothing and cannot fail. What goes wrong enters as an [`Event`], and
//! every result carries its turn, so that one that comes too late is ignored by comparison.

use std::sync::Arc;
use std::time::Duration;

use crate::ports::language_model::Piece;
use crate::ports::retriever::{Findings, Query};
use crate::ports::transcript_sink::{AgentKind, Content, Entry};
use crate::profile::Profile;
use crate::prompt::Prompt;
use crate::transport::{Input, Output};
use crate::words::{Call, Ending, Language, Memory, Offset, Opening, Turn};

mod hearing;

mod found;

mod replying;

mod waiting;

mod leaving;

mod speaking;

mod delivery;

mod heard;

mod history;

mod courtesy;

mod keys;

use delivery::{Delivery, Settled};
use found::Found;
use history::History;
use keys::Keys;

/// What happened.
#[derive(Debug)]
pub enum Event {
    /// The transport noticed something.
    Input(Input),
    /// The retriever answered; `None` when it failed.
    Retrieved(Turn, Option<Findings>),
    /// The model wrote a piece.
    Wrote(Turn, Piece),
    /// The model's reply is complete.
    Written(Turn),
    /// The model's reply broke off.
    Broke(Turn),
    /// The deadline of the session has come.
    Tick,
}

/// What to do.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Hand this to the transport.
    Output(Output),
    /// Ask the retriever, and answer with [`Event::Retrieved`].
    Retrieve(Turn, Query),
    /// Ask the model, and answer with [`Event::Wrote`], then [`Event::Written`] or
    /// [`Event::Broke`]. A search that is still running is no longer wanted.
    Reply(Turn, Box<Prompt>),
    /// Drop the search or the reply of this turn.
    Drop(Turn),
    /// Hand this to the transcript.
    Record(Box<Entry>),
}

/// One call, from answer to ending.
#[derive(Debug)]
pub struct Session {
    call: Arc<Call>,
    profile: Arc<Profile>,
    briefing: Arc<str>,
    stage: Stage,
    /// The last turn that began.
    turn: Turn,
    /// How many utterances were taken up, in this session and those before.
    turns: u32,
    /// How long the call had lasted when this session began.
    lasted: Offset,
    /// The next entry's number.
    sequence: u32,
    language: Language,
    history: History,
    /// What the agent says now, or has said last and may still be heard.
    delivery: Option<Delivery>,
    /// A reply that the caller cut off, until the next utterance.
    cut: Option<Cut>,
    found: Found,
    /// Until when the voice is busy with what was said before, by the pace of speech.
    busy_until: Offset,
    keys: Keys,
    /// Since when, or from when, nobody speaks.
    quiet_from: Offset,
    nudges: u32,
    actions: Vec<Action>,
}

/// How long a caller may take to finish an utterance before the silence counts as one.
const UTTERANCE: Duration = Duration::from_secs(30);

/// Where the session is.
#[derive(Debug)]
enum Stage {
    /// The caller has the word.
    Listening,
    /// The retriever is searching.
    Seeking { asked: Offset },
    /// The model is writing.
    Writing {
        asked: Offset,
        /// When the last text came.
        wrote: Option<Offset>,
        /// The waiting sound is playing, or there is none to play.
        sounded: bool,
        /// What the model asks to be done once its words are complete.
        then: Option<Then>,
    },
    /// The last words are being spoken.
    Leaving { ending: Ending, until: Offset },
    /// Nothing happens any more.
    Over { ending: Ending },
}

/// What a reply leads to.
#[derive(Debug)]
enum Then {
    HandOver(String),
    Goodbye,
}

/// What is left of a reply that was cut off.
#[derive(Debug)]
struct Cut {
    /// What the caller heard.
    heard: String,
    /// What was written and not heard.
    rest: String,
    /// The model had written all of it.
    complete: bool,
    /// It asked something, to which "yeah" is an answer.
    asks: bool,
    /// The call was to end after it.
    ending: Option<Ending>,
}

impl Cut {
    fn of(settled: &Settled, ending: Option<Ending>) -> Option<Self> {
        let complete = settled.complete;
        let rest = settled.rest();
        let something_left = !complete || !rest.trim().is_empty();
        something_left.then(|| Self {
            heard: format!("{}{}", settled.before, settled.line.heard),
            rest: rest.to_owned(),
            complete,
            asks: settled.line.planned.trim_end().ends_with('?'),
            ending,
        })
    }
}

impl Session {
    /// A session at the moment the call is answered, and what it does first.
    pub fn begin(
        call: Call,
        opening: Opening,
        profile: Arc<Profile>,
        briefing: Arc<str>,
    ) -> (Self, Vec<Action>) {
        let mut session = Self {
            call: Arc::new(call),
            stage: Stage::Listening,
            turn: Turn::default(),
            turns: 0,
            lasted: Offset::ZERO,
            sequence: 0,
            language: profile.language.clone(),
            history: History::new(profile.bounds.history_turns),
            delivery: None,
            cut: None,
            found: Found::default(),
            busy_until: Offset::ZERO,
            keys: Keys::default(),
            quiet_from: Offset::ZERO,
            nudges: 0,
            actions: Vec::new(),
            profile,
            briefing,
        };
        session.record(Offset::ZERO, Content::Started);
        session.open(opening);
        let actions = std::mem::take(&mut session.actions);
        (session, actions)
    }

    /// Takes note of what happened `now`, and answers what to do about it, in order.
    pub fn handle(&mut self, event: Event, now: Offset) -> Vec<Action> {
        if self.ending().is_none() {
            self.note(event, now);
        }
        std::mem::take(&mut self.actions)
    }

    /// When to come with [`Event::Tick`] unless something else happens before.
    /// `None` once the call is over.
    pub fn deadline(&self) -> Option<Offset> {
        let patience = &self.profile.patience;
        let stage = match &self.stage {
            Stage::Listening if self.cut.is_some() => self.quiet_from + patience.resume,
            Stage::Listening => self.quiet_from + patience.nudge,
            Stage::Seeking { asked } => *asked + patience.knowledge,
            Stage::Writing {
                wrote: Some(wrote), ..
            } => *wrote + patience.next_word,
            Stage::Writing {
                asked,
                sounded: false,
                ..
            } => *asked + patience.waiting_sound.min(patience.first_word),
            Stage::Writing { asked, .. } => *asked + patience.first_word,
            Stage::Leaving { until, .. } => return Some(*until),
            Stage::Over { .. } => return None,
        };
        let keys = self.keys.deadline(patience.keys);
        let soonest = keys.map_or(stage, |keys| keys.min(stage));
        Some(soonest.min(self.last_moment()))
    }

    /// Why the call is over, once it is.
    pub fn ending(&self) -> Option<&Ending> {
        match &self.stage {
            Stage::Over { ending } => Some(ending),
            Stage::Listening
            | Stage::Seeking { .. }
            | Stage::Writing { .. }
            | Stage::Leaving { .. } => None,
        }
    }

    /// What a session that continues this call has to know, `now` that this one is over.
    pub fn memory(&self, now: Offset) -> Memory {
        let language = self.language.clone();
        Memory {
            turn: self.turn,
            turns: self.turns,
            lasted: self.lasted + now,
            language: (language != self.profile.language).then_some(language),
            history: self.history.lines().to_vec(),
        }
    }

    fn open(&mut self, opening: Opening) {
        let greeting = self.profile.lines.greeting.clone();
        match opening {
            Opening::GreetedByCarrier => {
                let mut delivery = self.delivery(AgentKind::Greeting, Offset::ZERO);
                delivery.write_whole(&greeting, Offset::ZERO);
                self.quiet_from = delivery.ends();
                self.delivery = Some(delivery);
            }
            Opening::Greet => self.say_line(AgentKind::Greeting, &greeting, Offset::ZERO),
            Opening::Resume(memory) => {
                self.turn = memory.turn.next();
                self.turns = memory.turns;
                self.lasted = memory.lasted;
                self.history.recall(memory.history);
                if let Some(language) = memory.language {
                    self.speak(&language);
                }
                let line = self.profile.lines.resume.clone();
                self.say_line(AgentKind::Greeting, &line, Offset::ZERO);
            }
        }
    }

    fn note(&mut self, event: Event, now: Offset) {
        match event {
            Event::Input(input) => self.input(input, now),
            Event::Retrieved(turn, findings) if self.is_seeking(turn) => {
                self.found(findings, now);
            }
            Event::Wrote(turn, piece) if self.is_writing(turn) => self.wrote(piece, now),
            Event::Written(turn) if self.is_writing(turn) => self.written(now),
            Event::Broke(turn) if self.is_writing(turn) => self.apologise(now),
            // Results of a turn that is no longer wanted.
            Event::Retrieved(..) | Event::Wrote(..) | Event::Written(_) | Event::Broke(_) => {}
            Event::Tick => self.tick(now),
        }
    }

    fn input(&mut self, input: Input, now: Offset) {
        match input {
            Input::Utterance(utterance) => self.utterance(utterance, now),
            // Nobody is asked whether they are there while they speak.
            Input::Speaking => self.caller_speaks(now + UTTERANCE),
            Input::Quiet => self.quiet_from = now,
            Input::Interrupted { heard, after } => {
                self.caller_speaks(now);
                self.interrupted(heard.as_deref(), after, now);
            }
            Input::Played(text) => self.played(&text),
            Input::VoiceStarted => {
                if let Some(delivery) = &mut self.delivery {
                    delivery.voice_started();
                }
            }
            Input::VoiceStopped => self.voice_stopped(now),
            Input::Key(key) => self.key(key, now),
            Input::Trouble(_) => {}
            Input::Close => self.leave(Ending::Shutdown, now),
            Input::HungUp => self.end(Ending::HungUp, now),
            Input::Lost(why) => self.end(Ending::Failed(why), now),
        }
    }

    fn is_seeking(&self, turn: Turn) -> bool {
        self.turn == turn && matches!(self.stage, Stage::Seeking { .. })
    }

    fn is_writing(&self, turn: Turn) -> bool {
        self.turn == turn && matches!(self.stage, Stage::Writing { .. })
    }

    /// A reply is on its way and nothing of it has been said.
    fn is_pending(&self) -> bool {
        let working = self.is_seeking(self.turn) || self.is_writing(self.turn);
        working && !self.delivery.as_ref().is_some_and(Delivery::has_begun)
    }

    /// The agent speaks, is about to, or was cut off a moment ago; and has not just asked
    /// something, to which "okay" is an answer.
    fn has_the_word(&self, now: Offset) -> bool {
        let speaks = |d: &Delivery| d.is_being_heard(now) && !d.asks();
        self.is_pending()
            || self.cut.as_ref().is_some_and(|cut| !cut.asks)
            || self.delivery.as_ref().is_some_and(speaks)
    }

    fn is_leaving_for(&self, wanted: &Ending) -> bool {
        matches!(&self.stage, Stage::Leaving { ending, .. } if ending == wanted)
    }

    /// When the call has lasted as long as it may.
    fn last_moment(&self) -> Offset {
        self.profile.bounds.duration.saturating_sub(self.lasted)
    }

    fn is_leaving_for_good(&self) -> bool {
        match &self.stage {
            Stage::Leaving { ending, .. } => !goes_back(ending),
            Stage::Listening | Stage::Seeking { .. } | Stage::Writing { .. } => false,
            Stage::Over { .. } => true,
        }
    }
}

/// Whether the caller can call the agent back from this ending: "oh, one more thing".
fn goes_back(ending: &Ending) -> bool {
    matches!(ending, Ending::Goodbye | Ending::Silent)
}

/// The beginning of a text that fits into so many bytes, cut between characters.
fn bounded(text: &str, bytes: usize) -> &str {
    text.get(..text.floor_char_boundary(bytes)).unwrap_or(text)
}

#[cfg(test)]
mod tests;
