//! The format of a line: what a transcript looks like outside of this process.
//!
//! A line is one JSON object. Names are stable; a reader ignores those it does not know. Absent
//! means unknown. A line of an entry is a [`Record`] and has:
//!
//! | Name | Meaning |
//! |---|---|
//! | `v` | the format, 1 |
//! | `call` | the carrier's id of the call |
//! | `session` | the carrier's id of this stretch of the call, where it has one |
//! | `sequence` | counts the lines of a session from 0; with `call` and `session` it names the line |
//! | `turn` | the turn; the greeting is 0 |
//! | `at_ms` | milliseconds from the start of the call to the first word |
//! | `started` | when the call was answered, RFC 3339 in UTC |
//! | `kind` | what the line is, see below |
//!
//! and by its `kind`:
//!
//! | `kind` | Further names |
//! |---|---|
//! | `started` | `from`, `to`, `parameters{}` |
//! | `asked`, `backchannel`, `waiting`, `keys` | `speaker` = `caller`, `text`, `language` |
//! | `greeting`, `reply`, `nudge`, `apology`, `farewell` | `speaker` = `agent`, `planned`, `heard`, `interrupted`, `basis` (`played`, `reported`, `estimated`, `whole`), `sources[]` (`turn` that found it, `passage`, `document`, `headings[]`, `span` in bytes, `score`), `searches[]` (`strategy`, `outcome` of `found`, `late`, `failed`, `found`, `ms`), `usage[]` (`model`, `prompt_tokens`, `cached_tokens`, `reply_tokens`), `latency_ms{}` (`knowledge`, `first_text`, `first_words`, `written`, from the end of the utterance) |
//! | `ended` | `ending{}` (`name`, `turns`, `duration_ms`; `reason` and `summary` of `handed_off`; `detail` of `failed`) |
//!
//! Who calls is in the `started` line only, so lines are read in order: a session's first line is
//! carried over to those that follow ([`Record::entry`]).
//!
//! A line of `kind` `analysis` says what the call tells, see [`analysis`]. It has `v` and `call`
//! of the above, and belongs to the whole call.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use voicera::ports::transcript_sink::{
    AgentKind, AgentLine, CallerKind, CallerLine, Content, EndedLine, Entry,
};
use voicera::words::{Call, CallId, Ending, Handoff, Language, Turn};

pub mod analysis;

mod digest;

pub(crate) use digest::DigestRecord;

mod line;

pub(crate) use line::Line;

mod parts;

pub(crate) mod time;

pub use parts::{Basis, Latency, SearchOutcome, Searched, Source, Speaker, Usage};

/// The format that is written and read.
const FORMAT: u8 = 1;

/// One line, borrowed from its entry or read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = Entry)]
pub struct Record<'a> {
    /// The format.
    pub v: u8,
    /// The carrier's id of the call.
    pub call: Cow<'a, str>,
    /// The carrier's id of this stretch of the call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session: Option<Cow<'a, str>>,
    /// Counts the lines of a session from 0.
    pub sequence: u32,
    /// The turn; the greeting is 0.
    pub turn: u32,
    /// From the start of the call to the first word.
    pub at_ms: u64,
    /// When the call was answered.
    pub started: Cow<'a, str>,
    /// Who says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub speaker: Option<Speaker>,
    pub kind: Kind,
    /// Who calls, as it is stored; in the first line of a session.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Cow<'a, str>>,
    /// Who was called; in the first line of a session.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<Cow<'a, str>>,
    /// What the operator attached to the call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameters: Option<Cow<'a, BTreeMap<String, String>>>,
    /// What the caller said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<Cow<'a, str>>,
    /// What the caller spoke, BCP 47.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<Cow<'a, str>>,
    /// The reply as it was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub planned: Option<Cow<'a, str>>,
    /// The part of it that the caller heard.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub heard: Option<Cow<'a, str>>,
    /// Whether the caller interrupted it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interrupted: Option<bool>,
    /// How `heard` is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub basis: Option<Basis>,
    /// The passages of the prompt: those found for this turn, best first, then earlier ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sources: Option<Vec<Source<'a>>>,
    /// What was searched for them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub searches: Option<Vec<Searched<'a>>>,
    /// What each model was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub usage: Option<Vec<Usage<'a>>>,
    /// Milliseconds from the end of the utterance.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latency_ms: Option<Latency>,
    /// How the call ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ending: Option<Ended<'a>>,
}

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = EntryKind)]
pub enum Kind {
    Started,
    Asked,
    Backchannel,
    Waiting,
    Keys,
    Greeting,
    Reply,
    Nudge,
    Apology,
    Farewell,
    Ended,
}

/// How a call went.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = EntryEnded)]
pub struct Ended<'a> {
    /// Why.
    pub name: Cow<'a, str>,
    pub turns: u32,
    pub duration_ms: u64,
    /// Why the caller was passed to a person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Cow<'a, str>>,
    /// What that person was told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<Cow<'a, str>>,
    /// How the transport broke.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<Cow<'a, str>>,
}

/// Why a line is not what it was written from.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    #[error("line {sequence} of call {call} has the format {format}, and this version reads 1")]
    Format {
        call: String,
        sequence: u32,
        format: u8,
    },
    #[error("a line of kind {0:?} lacks a name that its kind has")]
    Incomplete(Kind),
    #[error("a transcript has a name that this version does not know: {0}")]
    Name(String),
    #[error("a transcript has a time that is not one: {0}")]
    Time(String),
}

impl<'a> Record<'a> {
    pub fn of(entry: &'a Entry) -> Self {
        let call = &entry.call;
        let blank = Self {
            v: FORMAT,
            call: call.id.as_str().into(),
            session: call.session.as_deref().map(Cow::from),
            sequence: entry.sequence,
            turn: entry.turn.0,
            at_ms: time::whole_milliseconds(entry.at),
            started: time::rfc3339(call.started).into(),
            speaker: None,
            kind: Kind::of(&entry.content),
            from: None,
            to: None,
            parameters: None,
            text: None,
            language: None,
            planned: None,
            heard: None,
            interrupted: None,
            basis: None,
            sources: None,
            searches: None,
            usage: None,
            latency_ms: None,
            ending: None,
        };
        match &entry.content {
            Content::Started => Self {
                from: call.from.as_deref().map(Cow::from),
                to: call.to.as_deref().map(Cow::from),
                parameters: (!call.parameters.is_empty()).then(|| Cow::Borrowed(&call.parameters)),
                ..blank
            },
            Content::Caller(line) => Self {
                speaker: Some(Speaker::Caller),
                text: Some(line.text.as_str().into()),
                language: (line.language.as_ref()).map(|language| language.as_str().into()),
                ..blank
            },
            Content::Agent(line) => Self {
                speaker: Some(Speaker::Agent),
                planned: Some(line.planned.as_str().into()),
                heard: Some(line.heard.as_str().into()),
                interrupted: Some(line.interrupted),
                basis: Some(line.basis.into()),
                sources: Some(line.sources.iter().map(Source::of).collect()),
                searches: Some(line.searches.iter().map(Searched::of).collect()),
                usage: Some(line.usage.iter().map(Usage::of).collect()),
                latency_ms: Some(Latency::of(&line.latency)),
                ..blank
            },
            Content::Ended(line) => Self {
                ending: Some(Ended::of(line)),
                ..blank
            },
        }
    }

    /// The entry that the line was written from. `before` is the entry before it in the transcript:
    /// who calls is known from there, except in a session's first line, which says it itself.
    ///
    /// # Errors
    ///
    /// When the line is not one that [`Record::of`] makes.
    pub fn entry(self, before: Option<&Entry>) -> Result<Entry, Unreadable> {
        if self.v != FORMAT {
            return Err(Unreadable::Format {
                call: self.call.into_owned(),
                sequence: self.sequence,
                format: self.v,
            });
        }
        let call = match before.map(|before| &before.call) {
            Some(call) if self.kind != Kind::Started && self.goes_on(call) => Arc::clone(call),
            _ => Arc::new(self.call()?),
        };
        Ok(Entry {
            call,
            sequence: self.sequence,
            turn: Turn(self.turn),
            at: Duration::from_millis(self.at_ms),
            content: self.content()?,
        })
    }

    /// The line as bytes, with the line feed that ends it and no other.
    pub(crate) fn line(&self) -> serde_json::Result<Vec<u8>> {
        line(self)
    }

    fn goes_on(&self, call: &Call) -> bool {
        *self.call == *call.id.as_str() && self.session.as_deref() == call.session.as_deref()
    }

    fn call(&self) -> Result<Call, Unreadable> {
        let owned = |text: &Option<Cow<'_, str>>| text.as_deref().map(str::to_owned);
        Ok(Call {
            id: CallId::new(&self.call),
            session: owned(&self.session),
            from: owned(&self.from),
            to: owned(&self.to),
            started: time::parse(&self.started)?,
            parameters: self.parameters.as_deref().cloned().unwrap_or_default(),
        })
    }

    fn content(self) -> Result<Content, Unreadable> {
        let kind = self.kind;
        let content = match kind {
            Kind::Started => Some(Content::Started),
            Kind::Asked => self.caller(CallerKind::Asked),
            Kind::Backchannel => self.caller(CallerKind::Backchannel),
            Kind::Waiting => self.caller(CallerKind::Waiting),
            Kind::Keys => self.caller(CallerKind::Keys),
            Kind::Greeting => self.agent(AgentKind::Greeting),
            Kind::Reply => self.agent(AgentKind::Reply),
            Kind::Nudge => self.agent(AgentKind::Nudge),
            Kind::Apology => self.agent(AgentKind::Apology),
            Kind::Farewell => self.agent(AgentKind::Farewell),
            Kind::Ended => match self.ending {
                Some(ending) => Some(Content::Ended(ending.ended()?)),
                None => None,
            },
        };
        content.ok_or(Unreadable::Incomplete(kind))
    }

    fn caller(self, kind: CallerKind) -> Option<Content> {
        Some(Content::Caller(CallerLine {
            text: self.text?.into_owned(),
            language: self.language.map(|tag| Language::new(&tag)),
            kind,
        }))
    }

    fn agent(self, kind: AgentKind) -> Option<Content> {
        let searches = self.searches?.into_iter().map(Searched::search);
        Some(Content::Agent(AgentLine {
            kind,
            planned: self.planned?.into_owned(),
            heard: self.heard?.into_owned(),
            interrupted: self.interrupted?,
            basis: self.basis?.into(),
            sources: self.sources?.into_iter().map(Source::evidence).collect(),
            searches: searches.collect(),
            usage: self.usage?.into_iter().map(Usage::usage).collect(),
            latency: self.latency_ms?.latency(),
        }))
    }
}

impl Kind {
    fn of(content: &Content) -> Self {
        match content {
            Content::Started => Self::Started,
            Content::Caller(line) => match line.kind {
                CallerKind::Asked => Self::Asked,
                CallerKind::Backchannel => Self::Backchannel,
                CallerKind::Waiting => Self::Waiting,
                CallerKind::Keys => Self::Keys,
            },
            Content::Agent(line) => match line.kind {
                AgentKind::Greeting => Self::Greeting,
                AgentKind::Reply => Self::Reply,
                AgentKind::Nudge => Self::Nudge,
                AgentKind::Apology => Self::Apology,
                AgentKind::Farewell => Self::Farewell,
            },
            Content::Ended(_) => Self::Ended,
        }
    }
}

impl<'a> Ended<'a> {
    pub fn of(line: &'a EndedLine) -> Self {
        let (reason, summary, detail) = match &line.ending {
            Ending::HandedOff(handoff) => (
                Some(handoff.reason.as_str()),
                Some(handoff.summary.as_str()),
                None,
            ),
            Ending::Failed(detail) => (None, None, Some(detail.as_str())),
            Ending::HungUp
            | Ending::Goodbye
            | Ending::Silent
            | Ending::Exhausted
            | Ending::Shutdown => (None, None, None),
        };
        Self {
            name: line.ending.name().into(),
            turns: line.turns,
            duration_ms: time::whole_milliseconds(line.duration),
            reason: reason.map(Cow::from),
            summary: summary.map(Cow::from),
            detail: detail.map(Cow::from),
        }
    }

    /// # Errors
    ///
    /// When the ending has a name that is unknown.
    pub fn ended(self) -> Result<EndedLine, Unreadable> {
        let text = |text: Option<Cow<'_, str>>| text.map(Cow::into_owned).unwrap_or_default();
        let ending = match &*self.name {
            "hung_up" => Ending::HungUp,
            "goodbye" => Ending::Goodbye,
            "handed_off" => Ending::HandedOff(Handoff {
                reason: text(self.reason),
                summary: text(self.summary),
            }),
            "silent" => Ending::Silent,
            "exhausted" => Ending::Exhausted,
            "shutdown" => Ending::Shutdown,
            "failed" => Ending::Failed(text(self.detail)),
            unknown => return Err(Unreadable::Name(unknown.to_owned())),
        };
        Ok(EndedLine {
            ending,
            turns: self.turns,
            duration: Duration::from_millis(self.duration_ms),
        })
    }
}

fn line(record: &impl Serialize) -> serde_json::Result<Vec<u8>> {
    let mut line = serde_json::to_vec(record)?;
    line.push(b'\n');
    Ok(line)
}

#[cfg(test)]
mod tests;
