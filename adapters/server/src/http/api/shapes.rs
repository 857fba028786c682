//! What the answers look like: times are RFC 3339 in UTC, durations milliseconds (`_ms`). What is
//! absent is not known.

use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::Object;
use voicera::digest::Digest;
use voicera::digest::price::Prices;
use voicera::insight::Mood;
use voicera::ports::language_model::Usage;
use voicera::ports::transcript_sink::EndedLine;
use voicera::words::Ending;

use super::asked::one_of;
use crate::moment;

/// A call in a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Call {
    pub(crate) id: String,
    /// When it was answered.
    #[schema(format = DateTime)]
    pub(crate) started: String,
    /// Who calls, as it is stored.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) from: Option<String>,
    /// Who was called.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) to: Option<String>,
    /// How it ended. Absent: it goes on, or the process was killed in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) ended: Option<Ended>,
    /// What the caller waited in each turn, from the end of the utterance to the first words.
    pub(crate) waits_ms: Vec<f64>,
    /// How many replies the caller interrupted.
    pub(crate) interruptions: u32,
    /// How often the agent could only say that it is sorry.
    pub(crate) apologies: u32,
    /// What each model was asked for.
    pub(crate) models: Vec<Model>,
    /// In the currency of the configured prices; null where a price or some tokens are not known.
    #[schema(required)]
    pub(crate) cost: Option<f64>,
    /// How the caller felt.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(schema_with = moods)]
    pub(crate) sentiment: Option<&'static str>,
    /// Whether the caller asked for a person.
    pub(crate) escalated: bool,
    /// The services the caller asked for.
    pub(crate) services: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) summary: Option<String>,
}

/// How a call ended.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = CallEnded)]
pub(crate) struct Ended {
    #[schema(schema_with = endings)]
    pub(crate) name: &'static str,
    pub(crate) turns: u32,
    pub(crate) duration_ms: u64,
    /// Why the caller was passed to a person.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) reason: Option<String>,
    /// How the transport broke.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) detail: Option<String>,
}

/// What a model was asked for, as far as its vendor says.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = CallModel)]
pub(crate) struct Model {
    pub(crate) model: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) prompt_tokens: Option<u32>,
    /// Of the prompt's tokens, those the vendor had in its cache.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) cached_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) reply_tokens: Option<u32>,
}

impl Call {
    pub(crate) fn of(digest: &Digest, prices: &Prices) -> Self {
        let Digest {
            call,
            ended,
            waits,
            interruptions,
            apologies,
            usage,
            findings,
        } = digest;
        Self {
            id: call.id.to_string(),
            started: moment::written(call.started),
            from: call.from.clone(),
            to: call.to.clone(),
            ended: ended.as_ref().map(Ended::of),
            waits_ms: waits.iter().copied().map(moment::milliseconds).collect(),
            interruptions: *interruptions,
            apologies: *apologies,
            models: usage.iter().map(Model::of).collect(),
            cost: prices.of_call(usage),
            sentiment: findings.sentiment.map(Mood::name),
            escalated: findings.escalated,
            services: findings.services.clone(),
            summary: findings.summary.clone(),
        }
    }
}

impl Ended {
    fn of(line: &EndedLine) -> Self {
        let (reason, detail) = match &line.ending {
            Ending::HandedOff(handoff) => (Some(handoff.reason.clone()), None),
            Ending::Failed(detail) => (None, Some(detail.clone())),
            Ending::HungUp
            | Ending::Goodbye
            | Ending::Silent
            | Ending::Exhausted
            | Ending::Shutdown => (None, None),
        };
        Self {
            name: line.ending.name(),
            turns: line.turns,
            duration_ms: line.duration.as_millis().try_into().unwrap_or(u64::MAX),
            reason,
            detail,
        }
    }
}

impl Model {
    fn of(usage: &Usage) -> Self {
        Self {
            model: usage.model.clone(),
            prompt_tokens: usage.prompt_tokens,
            cached_tokens: usage.cached_tokens,
            reply_tokens: usage.reply_tokens,
        }
    }
}

/// The names of endings, as [`Ending::name`] gives them.
pub(super) const ENDINGS: [&str; 7] = [
    "hung_up",
    "goodbye",
    "handed_off",
    "silent",
    "exhausted",
    "shutdown",
    "failed",
];

pub(super) fn endings() -> Object {
    one_of("How the call ended.", ENDINGS)
}

pub(super) fn moods() -> Object {
    one_of("How the caller felt.", Mood::ALL.map(Mood::name))
}
