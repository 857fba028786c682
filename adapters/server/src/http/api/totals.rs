//! `/totals`: what calls amount to, over time.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use axum::Json;
use axum::extract::State;
use futures_util::{TryStreamExt as _, pin_mut};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::openapi::Object;
use utoipa::{IntoParams, ToSchema};
use voicera::digest::price::Prices;
use voicera::digest::totals::{Every, Spent, Timeline, Waits};
use voicera::ports::archive::Wanted;

use super::Parts;
use super::asked::{Asked, Moment, choice, one_of};
use super::problem::{Asking, Guarded, Problem, Reading};
use crate::{moment, reading};

/// How far back it looks where nobody says.
const USUAL: Duration = Duration::from_secs(30 * 24 * 3600);

/// The most spans of one answer.
const SPANS: u32 = 1000;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Filter {
    /// Calls that began at or after, from the beginning of its span. Default: 30 days before
    /// `until`. There are at most 1000 spans; an earlier time is moved up.
    #[param(value_type = Option<String>, format = DateTime, nullable = false)]
    since: Option<Moment>,
    /// Calls that began before. Default: now.
    #[param(value_type = Option<String>, format = DateTime, nullable = false)]
    until: Option<Moment>,
    #[serde(default, deserialize_with = "every")]
    #[param(schema_with = spans, required = false)]
    every: Option<Every>,
}

/// What calls amount to.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Over {
    #[schema(format = DateTime)]
    since: String,
    #[schema(format = DateTime)]
    until: String,
    #[schema(schema_with = spans)]
    every: &'static str,
    total: Totals,
    /// In order; spans without calls are left out.
    spans: Vec<Span>,
}

/// What the calls amount to that began in a span of time.
#[derive(Debug, Serialize, ToSchema)]
struct Span {
    #[schema(format = DateTime)]
    start: String,
    #[serde(flatten)]
    totals: Totals,
}

/// Calls, added up.
#[derive(Debug, Serialize, ToSchema)]
struct Totals {
    calls: u64,
    /// Calls without an ending: they go on, or the process was killed in them.
    open: u64,
    /// Of the calls that ended, together.
    minutes: f64,
    /// Of the calls that ended, together.
    turns: u64,
    /// Calls by the name of their ending.
    endings: BTreeMap<&'static str, u64>,
    /// Calls by the services asked for.
    services: BTreeMap<String, u64>,
    /// Calls by how the caller felt, where that is known.
    sentiments: BTreeMap<&'static str, u64>,
    /// Calls in which the caller asked for a person.
    escalated: u64,
    /// Replies that the caller interrupted.
    interruptions: u64,
    /// Replies that were only an apology.
    apologies: u64,
    waits: WaitTimes,
    /// By name.
    models: BTreeMap<String, ModelTotals>,
    /// In the currency of the configured prices; null where a price or some tokens are not known.
    #[schema(required)]
    cost: Option<f64>,
}

/// What callers waited from the end of their words to the agent's first, to within 1 %.
#[derive(Debug, Serialize, ToSchema)]
struct WaitTimes {
    count: u64,
    /// Half of them waited no longer; null where nobody waited.
    #[schema(required)]
    p50_ms: Option<f64>,
    #[schema(required)]
    p95_ms: Option<f64>,
    #[schema(required)]
    p99_ms: Option<f64>,
}

/// What a model was asked for.
#[derive(Debug, Serialize, ToSchema)]
struct ModelTotals {
    prompt_tokens: u64,
    /// Of the prompts' tokens, those the vendor had in its cache.
    cached_tokens: u64,
    reply_tokens: u64,
    /// Calls for which the vendor did not say its tokens.
    untold: u64,
    /// Null where the price or some tokens are not known.
    #[schema(required)]
    cost: Option<f64>,
}

/// Adds calls up over time: how many, how they ended, what callers waited, what it cost.
#[utoipa::path(
    get,
    operation_id = "total",
    path = "/api/v1/totals",
    tag = "calls",
    params(Filter),
    responses((status = 200, description = "The totals.", body = Over), Asking, Guarded, Reading),
)]
pub(super) async fn totals(
    State(parts): State<Arc<Parts>>,
    Asked(filter): Asked<Filter>,
) -> Result<Json<Over>, Problem> {
    let every = filter.every.unwrap_or(Every::Day);
    let until = filter.until.map_or_else(parts.now, |Moment(time)| time);
    let before = |length: Duration| until.checked_sub(length);
    let earliest = before(every.length() * SPANS).unwrap_or(SystemTime::UNIX_EPOCH);
    let usual = before(USUAL).unwrap_or(SystemTime::UNIX_EPOCH);
    let since = filter.since.map_or(usual, |Moment(time)| time);
    let since = every.start(since.max(earliest));
    let wanted = Wanted {
        since: Some(since),
        until: Some(until),
        ..Wanted::latest(1)
    };
    let calls = reading::calls(parts.archive()?, &wanted);
    let mut timeline = Timeline::new(every);
    pin_mut!(calls);
    while let Some(call) = calls.try_next().await? {
        timeline.add(&call);
    }
    let spans = timeline.spans().map(|(start, totals)| Span {
        start: moment::written(start),
        totals: Totals::of(totals, &parts.prices),
    });
    Ok(Json(Over {
        since: moment::written(since),
        until: moment::written(until),
        every: every.name(),
        total: Totals::of(&timeline.whole(), &parts.prices),
        spans: spans.collect(),
    }))
}

impl Totals {
    fn of(totals: &voicera::digest::totals::Totals, prices: &Prices) -> Self {
        let models = totals.models.iter();
        let models =
            models.map(|(name, spent)| (name.clone(), ModelTotals::of(name, spent, prices)));
        let sentiments = totals.sentiments.iter();
        Self {
            calls: totals.calls,
            open: totals.open,
            minutes: (totals.duration.as_secs_f64() / 0.6).round() / 100.0,
            turns: totals.turns,
            endings: totals.endings.clone(),
            services: totals.services.clone(),
            sentiments: sentiments
                .map(|(mood, calls)| (mood.name(), *calls))
                .collect(),
            escalated: totals.escalated,
            interruptions: totals.interruptions,
            apologies: totals.apologies,
            waits: WaitTimes::of(&totals.waits),
            models: models.collect(),
            cost: totals.cost(prices),
        }
    }
}

impl WaitTimes {
    fn of(waits: &Waits) -> Self {
        let percentile = |percent| waits.percentile(percent).map(moment::milliseconds);
        Self {
            count: waits.count(),
            p50_ms: percentile(50.0),
            p95_ms: percentile(95.0),
            p99_ms: percentile(99.0),
        }
    }
}

impl ModelTotals {
    fn of(model: &str, spent: &Spent, prices: &Prices) -> Self {
        Self {
            prompt_tokens: spent.tokens.prompt,
            cached_tokens: spent.tokens.cached,
            reply_tokens: spent.tokens.reply,
            untold: spent.untold,
            cost: spent.cost(model, prices),
        }
    }
}

fn every<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Every>, D::Error> {
    choice(deserializer, &Every::ALL.map(|every| (every.name(), every)))
}

fn spans() -> Object {
    let description = "How long a span is; they begin in UTC, weeks on Monday. Default: `day`.";
    one_of(description, Every::ALL.map(Every::name))
}
