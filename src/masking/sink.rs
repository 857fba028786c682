//! Nothing unmasked reaches a sink: a decorator.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;

use super::cues::{self, Cue};
use super::{Caller, Context, Masker, Tail};
use crate::insight::{Analysis, Insights};
use crate::ports::TranscriptSink;
use crate::ports::transcript_sink::{
    AgentLine, CallerKind, CallerLine, Content, EndedLine, Entry, SinkError,
};
use crate::spoken;
use crate::words::{Call, CallId, Ending, Handoff};

/// Masks every entry and analysis on its way to a sink.
///
/// It remembers a little of each open call: what the agent asked for, so that a booking number
/// stays readable without the word "booking" beside it, and the digits the caller's last line
/// ended with, so that a card that is read out in several lines is masked where it is completed.
/// The lines before that one are kept by then: the part of a card that a line brought in groups
/// ("4111 1111") stays, while digits read out one by one are masked at once if there are enough.
///
/// Where that memory is full, or the process was restarted in the call, a line is masked on its
/// own.
#[derive(Debug)]
pub struct Masked {
    sink: Arc<dyn TranscriptSink>,
    masker: Masker,
    open: Mutex<HashMap<CallId, Arc<Mutex<Open>>>>,
}

impl Masked {
    pub fn new(sink: Arc<dyn TranscriptSink>, masker: Masker) -> Self {
        Self {
            sink,
            masker,
            open: Mutex::default(),
        }
    }

    fn masked<'a>(&self, entry: &'a Entry) -> Cow<'a, Entry> {
        let open = self.open(entry);
        let mut open = open.lock().unwrap_or_else(PoisonError::into_inner);
        let call = open.call(&self.masker, &entry.call);
        let content = open.content(&self.masker, entry);
        if call.is_none() && content.is_none() {
            return Cow::Borrowed(entry);
        }
        Cow::Owned(Entry {
            call: call.unwrap_or_else(|| Arc::clone(&entry.call)),
            sequence: entry.sequence,
            turn: entry.turn,
            at: entry.at,
            content: content.unwrap_or_else(|| entry.content.clone()),
        })
    }

    /// What is remembered of the entry's call; nothing more after its ending. Texts are masked
    /// without holding up other calls.
    fn open(&self, entry: &Entry) -> Arc<Mutex<Open>> {
        let id = &entry.call.id;
        let mut calls = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if matches!(entry.content, Content::Ended(_)) {
            return calls.remove(id).unwrap_or_default();
        }
        if let Some(open) = calls.get(id) {
            return Arc::clone(open);
        }
        if calls.len() >= MOST_CALLS {
            // Any will do: what is forgotten is only missed by a number in two lines.
            let other = calls.keys().next().cloned();
            other.and_then(|id| calls.remove(&id));
        }
        Arc::clone(calls.entry(id.clone()).or_default())
    }
}

#[async_trait]
impl TranscriptSink for Masked {
    async fn append(&self, entry: &Entry) -> Result<(), SinkError> {
        let masked = self.masked(entry);
        self.sink.append(&masked).await
    }

    async fn conclude(&self, call: &CallId, analysis: &Analysis) -> Result<(), SinkError> {
        let masked = Analysis {
            insights: self.masker.insights(&analysis.insights),
            ..analysis.clone()
        };
        self.sink.conclude(call, &masked).await
    }
}

/// What is remembered of a call that goes on.
#[derive(Default)]
struct Open {
    /// The call as it came, and as it is kept where that differs.
    call: Option<(Arc<Call>, Option<Arc<Call>>)>,
    asked: Option<Cue>,
    /// What the caller's lines before the last one left open, and the sequence of that one: a sink
    /// that fails is given the same entry again.
    before: Vec<u8>,
    last: Option<u32>,
    tail: Vec<u8>,
}

/// Says nothing of what is not masked yet.
impl fmt::Debug for Open {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Open").finish_non_exhaustive()
    }
}

impl Open {
    /// The call as it is kept, where that differs.
    fn call(&mut self, masker: &Masker, call: &Arc<Call>) -> Option<Arc<Call>> {
        let known = self
            .call
            .take()
            .filter(|(known, _)| Arc::ptr_eq(known, call));
        let (_, masked) = self.call.insert(known.unwrap_or_else(|| {
            self.last = None;
            (Arc::clone(call), masker.call(call).map(Arc::new))
        }));
        masked.clone()
    }

    /// The content as it is kept, where that differs.
    fn content(&mut self, masker: &Masker, entry: &Entry) -> Option<Content> {
        match &entry.content {
            Content::Started => None,
            Content::Caller(line) => {
                let text = self.caller(masker, entry.sequence, line)?;
                Some(Content::Caller(CallerLine {
                    text,
                    ..line.clone()
                }))
            }
            Content::Agent(line) => {
                self.hear(&line.heard);
                agent(masker, line).map(Content::Agent)
            }
            Content::Ended(line) => ended(masker, line).map(Content::Ended),
        }
    }

    /// Notes what the agent asks for; "go on" asks for the same.
    fn hear(&mut self, said: &str) {
        let asked = cues::asked(spoken::tokens(said).map(|token| cues::cue(&token)));
        if asked.is_some() || spoken::tokens(said).count() > MOST_WORDS_TO_GO_ON {
            self.asked = asked;
        }
    }

    fn caller(&mut self, masker: &Masker, sequence: u32, line: &CallerLine) -> Option<String> {
        if self.last != Some(sequence) {
            self.before = std::mem::take(&mut self.tail);
            self.last = Some(sequence);
        }
        let context = Context {
            asked: self.asked,
            goes_on: true,
            keys: line.kind == CallerKind::Keys,
            open: &self.before,
        };
        let (masked, Tail { digits, is_silent }) = masker.mask_line(&line.text, &context);
        self.tail = if is_silent {
            self.before.clone()
        } else {
            digits
        };
        match masked {
            Cow::Borrowed(_) => None,
            Cow::Owned(masked) => Some(masked),
        }
    }
}

impl Masker {
    fn call(&self, call: &Call) -> Option<Call> {
        let from = call.from.as_ref().map(|from| self.caller(from));
        let value = |value: &String| match (&call.from, self.rules.caller) {
            (Some(from), Caller::Hashed) if is_number(from, value) => self.caller(from),
            _ => self.mask(value).into_owned(),
        };
        let parameters = call.parameters.iter();
        let masked = Call {
            from,
            parameters: parameters
                .map(|(name, text)| (name.clone(), value(text)))
                .collect(),
            ..call.clone()
        };
        (masked != *call).then_some(masked)
    }

    fn insights(&self, insights: &Insights) -> Insights {
        let mut masked = insights.clone();
        let texts = masked
            .entities
            .iter_mut()
            .flatten()
            .flat_map(|entity| [Some(&mut entity.text), entity.value.as_mut()]);
        for text in texts.flatten().chain(masked.summary.as_mut()) {
            if let Cow::Owned(changed) = self.mask(text) {
                *text = changed;
            }
        }
        masked
    }
}

fn agent(masker: &Masker, line: &AgentLine) -> Option<AgentLine> {
    let planned = masker.mask(&line.planned);
    let heard = match line.heard == line.planned {
        // As after most replies: nobody interrupted.
        true => planned.clone(),
        false => masker.mask(&line.heard),
    };
    let same = matches!((&planned, &heard), (Cow::Borrowed(_), Cow::Borrowed(_)));
    (!same).then(|| AgentLine {
        planned: planned.into_owned(),
        heard: heard.into_owned(),
        ..line.clone()
    })
}

fn ended(masker: &Masker, line: &EndedLine) -> Option<EndedLine> {
    let masked = match &line.ending {
        Ending::HandedOff(Handoff { reason, summary }) => Ending::HandedOff(Handoff {
            reason: masker.mask(reason).into_owned(),
            summary: masker.mask(summary).into_owned(),
        }),
        Ending::Failed(why) => Ending::Failed(masker.mask(why).into_owned()),
        Ending::HungUp
        | Ending::Goodbye
        | Ending::Silent
        | Ending::Exhausted
        | Ending::Shutdown => {
            return None;
        }
    };
    (masked != line.ending).then(|| EndedLine {
        ending: masked,
        ..line.clone()
    })
}

/// Whether a text is the number, whatever its form.
fn is_number(number: &str, text: &str) -> bool {
    let digits = super::digits_of(text);
    let plain = text.chars().all(|c| !c.is_alphabetic());
    text == number
        || (plain && digits.len() >= super::LEAST && super::digits_of(number).ends_with(&digits))
}

/// How many calls are remembered at once.
const MOST_CALLS: usize = 10_000;

/// How many pieces of text an agent's line has that only says "go on".
const MOST_WORDS_TO_GO_ON: usize = 6;

#[cfg(test)]
mod tests;
