//! The parts of a line.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use voicera::ports::language_model;
use voicera::ports::retriever::{self, Outcome, Search, Span};
use voicera::ports::transcript_sink::{self, Evidence};
use voicera::words::{self, Turn};

use super::time::{duration, milliseconds};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Speaker {
    Caller,
    Agent,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    Played,
    Reported,
    Estimated,
    Whole,
}

/// A passage that was in the prompt.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = EntrySource)]
pub struct Source<'a> {
    /// The turn that found it.
    pub turn: u32,
    /// The id of the passage.
    pub passage: Cow<'a, str>,
    /// A path in the knowledge base.
    pub document: Cow<'a, str>,
    /// Those above the passage, outermost first.
    pub headings: Cow<'a, [String]>,
    /// Where it stands in the document: bytes from, and to before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub span: Option<[usize; 2]>,
    /// Higher is better; comparable within one turn only.
    pub score: f32,
}

/// A search of the turn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = EntrySearch)]
pub struct Searched<'a> {
    /// What searched.
    pub strategy: Cow<'a, str>,
    pub outcome: SearchOutcome,
    /// How many passages, before they were chosen from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub found: Option<usize>,
    /// How long it took, in milliseconds.
    pub ms: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SearchOutcome {
    Found,
    Late,
    Failed,
}

/// What a model cost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = EntryUsage)]
pub struct Usage<'a> {
    pub model: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prompt_tokens: Option<u32>,
    /// Of the prompt's tokens, those the vendor had in its cache.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cached_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply_tokens: Option<u32>,
}

/// Where the time of a turn went.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = EntryLatency)]
pub struct Latency {
    /// Until the knowledge was there, or was given up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub knowledge: Option<f64>,
    /// Until the model's first text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_text: Option<f64>,
    /// Until the first words were on their way: what the caller waited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_words: Option<f64>,
    /// Until the reply was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub written: Option<f64>,
}

impl<'a> Source<'a> {
    pub(super) fn of(evidence: &'a Evidence) -> Self {
        Self {
            turn: evidence.turn.0,
            passage: evidence.passage.as_str().into(),
            document: evidence.source.document.as_str().into(),
            headings: evidence.source.headings.as_slice().into(),
            span: evidence.source.span.map(|span| [span.start, span.end]),
            score: evidence.score,
        }
    }

    pub(super) fn evidence(self) -> Evidence {
        Evidence {
            turn: Turn(self.turn),
            passage: self.passage.into_owned(),
            source: retriever::Source {
                document: self.document.into_owned(),
                headings: self.headings.into_owned(),
                span: self.span.map(|[start, end]| Span { start, end }),
            },
            score: self.score,
        }
    }
}

impl<'a> Searched<'a> {
    pub(super) fn of(search: &'a Search) -> Self {
        let (outcome, found) = match search.outcome {
            Outcome::Found(count) => (SearchOutcome::Found, Some(count)),
            Outcome::Late => (SearchOutcome::Late, None),
            Outcome::Failed => (SearchOutcome::Failed, None),
        };
        Self {
            strategy: search.strategy.as_ref().into(),
            outcome,
            found,
            ms: milliseconds(search.took),
        }
    }

    pub(super) fn search(self) -> Search {
        Search {
            strategy: self.strategy.into_owned().into(),
            outcome: match self.outcome {
                SearchOutcome::Found => Outcome::Found(self.found.unwrap_or_default()),
                SearchOutcome::Late => Outcome::Late,
                SearchOutcome::Failed => Outcome::Failed,
            },
            took: duration(self.ms),
        }
    }
}

impl<'a> Usage<'a> {
    pub fn of(usage: &'a language_model::Usage) -> Self {
        Self {
            model: usage.model.as_str().into(),
            prompt_tokens: usage.prompt_tokens,
            cached_tokens: usage.cached_tokens,
            reply_tokens: usage.reply_tokens,
        }
    }

    pub fn usage(self) -> language_model::Usage {
        language_model::Usage {
            model: self.model.into_owned(),
            prompt_tokens: self.prompt_tokens,
            cached_tokens: self.cached_tokens,
            reply_tokens: self.reply_tokens,
        }
    }
}

impl Latency {
    pub(super) fn of(latency: &transcript_sink::Latency) -> Self {
        Self {
            knowledge: latency.knowledge.map(milliseconds),
            first_text: latency.first_text.map(milliseconds),
            first_words: latency.first_words.map(milliseconds),
            written: latency.written.map(milliseconds),
        }
    }

    pub(super) fn latency(self) -> transcript_sink::Latency {
        transcript_sink::Latency {
            knowledge: self.knowledge.map(duration),
            first_text: self.first_text.map(duration),
            first_words: self.first_words.map(duration),
            written: self.written.map(duration),
        }
    }
}

impl From<words::Speaker> for Speaker {
    fn from(speaker: words::Speaker) -> Self {
        match speaker {
            words::Speaker::Caller => Self::Caller,
            words::Speaker::Agent => Self::Agent,
        }
    }
}

impl From<Speaker> for words::Speaker {
    fn from(speaker: Speaker) -> Self {
        match speaker {
            Speaker::Caller => Self::Caller,
            Speaker::Agent => Self::Agent,
        }
    }
}

impl From<transcript_sink::Basis> for Basis {
    fn from(basis: transcript_sink::Basis) -> Self {
        match basis {
            transcript_sink::Basis::Played => Self::Played,
            transcript_sink::Basis::Reported => Self::Reported,
            transcript_sink::Basis::Estimated => Self::Estimated,
            transcript_sink::Basis::Whole => Self::Whole,
        }
    }
}

impl From<Basis> for transcript_sink::Basis {
    fn from(basis: Basis) -> Self {
        match basis {
            Basis::Played => Self::Played,
            Basis::Reported => Self::Reported,
            Basis::Estimated => Self::Estimated,
            Basis::Whole => Self::Whole,
        }
    }
}
