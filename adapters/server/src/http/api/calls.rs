//! `/calls` and `/callers`: the calls that are kept.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::openapi::Object;
use utoipa::{IntoParams, ToSchema};
use voicera::digest::Digest;
use voicera::insight::Mood;
use voicera::masking::Masker;
use voicera::ports::archive::{self, Transcript, Wanted, Which};
use voicera::words::CallId;
use voicera_transcripts::record::Record;
use voicera_transcripts::record::analysis::AnalysisRecord;

use super::Parts;
use super::asked::{Asked, Limit, Moment, Named, Next, choice, one_of};
use super::problem::{Asking, Guarded, Naming, Problem, Reading};
use super::shapes::{Call, ENDINGS, endings, moods};

/// Which calls are wanted. Every condition that is given must hold.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Filter {
    /// Began at or after.
    #[param(value_type = Option<String>, format = DateTime, nullable = false)]
    since: Option<Moment>,
    /// Began before.
    #[param(value_type = Option<String>, format = DateTime, nullable = false)]
    until: Option<Moment>,
    /// Words that were said in the call, all of them.
    #[param(nullable = false)]
    q: Option<String>,
    /// The caller's number, or what it is kept as.
    #[param(nullable = false)]
    caller: Option<String>,
    #[serde(default, deserialize_with = "mood")]
    #[param(schema_with = moods, required = false)]
    sentiment: Option<Mood>,
    /// The label of a service that the caller asked for.
    #[param(nullable = false)]
    service: Option<String>,
    #[serde(default, deserialize_with = "ending")]
    #[param(schema_with = endings, required = false)]
    ending: Option<String>,
    #[serde(default, deserialize_with = "state")]
    #[param(schema_with = states, required = false)]
    state: Option<archive::State>,
    /// How many calls a page has at the most.
    #[serde(default)]
    #[param(value_type = usize, minimum = 1, maximum = 200, default = 50, required = false)]
    limit: Limit,
    /// `next` of the page before.
    #[param(value_type = Option<String>, pattern = "^[0-9a-f]{16}([0-9a-f]{2}){1,64}$", nullable = false)]
    next: Option<Next>,
}

/// A page of calls, the latest first.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Calls {
    calls: Vec<Call>,
    /// Ask with it for the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    next: Option<String>,
}

/// A call and what was said in it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Said<'a> {
    call: Call,
    /// The sessions in the order they began, and within each its entries in order.
    entries: Vec<Record<'a>>,
}

/// What a call tells.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Analyses {
    /// The id of the call.
    call: String,
    analyses: Vec<AnalysisRecord>,
}

/// Lists calls, the latest first.
#[utoipa::path(
    get,
    operation_id = "list_calls",
    path = "/api/v1/calls",
    tag = "calls",
    params(Filter),
    responses((status = 200, description = "A page of calls.", body = Calls), Asking, Guarded, Reading),
)]
pub(super) async fn list(
    State(parts): State<Arc<Parts>>,
    Asked(filter): Asked<Filter>,
) -> Result<Json<Calls>, Problem> {
    let limit = filter.limit.0;
    let wanted = Wanted {
        limit: limit + 1,
        ..filter.wanted(&parts.masker)
    };
    let mut digests = parts.archive()?.calls(&wanted).await?;
    let more = digests.len() > limit;
    digests.truncate(limit);
    let last = digests.last().filter(|_| more);
    let next = last.map(|last| Next::after(last).to_string());
    let calls = digests.iter().map(|digest| Call::of(digest, &parts.prices));
    Ok(Json(Calls {
        calls: calls.collect(),
        next,
    }))
}

/// Shows a call and what was said in it.
#[utoipa::path(
    get,
    operation_id = "show_call",
    path = "/api/v1/calls/{id}",
    tag = "calls",
    params(("id" = String, Path, description = "The carrier's id of the call.")),
    responses((status = 200, description = "The call.", body = Said<'static>), Naming, Guarded, Reading),
)]
pub(super) async fn show(
    State(parts): State<Arc<Parts>>,
    Named(id): Named,
) -> Result<Response, Problem> {
    let transcript = transcript(&parts, &id).await?;
    let digest = Digest::of(&transcript.entries, &transcript.analyses);
    let digest = digest.ok_or_else(|| Problem::no_call(&id))?;
    let said = Said {
        call: Call::of(&digest, &parts.prices),
        entries: transcript.entries.iter().map(Record::of).collect(),
    };
    Ok(Json(said).into_response())
}

/// Shows what a call tells, by everybody who analysed it.
#[utoipa::path(
    get,
    operation_id = "show_insights",
    path = "/api/v1/calls/{id}/insights",
    tag = "calls",
    params(("id" = String, Path, description = "The carrier's id of the call.")),
    responses(
        (status = 200, description = "At most one analysis of each kind of origin.", body = Analyses),
        Naming, Guarded, Reading,
    ),
)]
pub(super) async fn insights(
    State(parts): State<Arc<Parts>>,
    Named(id): Named,
) -> Result<Json<Analyses>, Problem> {
    let transcript = transcript(&parts, &id).await?;
    Ok(Json(Analyses {
        call: id,
        analyses: transcript.analyses.iter().map(AnalysisRecord::of).collect(),
    }))
}

/// Forgets a call: what was said, what it tells, and what waits to be sent of it.
#[utoipa::path(
    delete,
    operation_id = "forget_call",
    path = "/api/v1/calls/{id}",
    tag = "calls",
    params(("id" = String, Path, description = "The carrier's id of the call.")),
    responses((status = 204, description = "The call is forgotten."), Naming, Guarded, Reading),
)]
pub(super) async fn forget(
    State(parts): State<Arc<Parts>>,
    Named(id): Named,
) -> Result<StatusCode, Problem> {
    let archive = parts.archive()?;
    let call = CallId::new(&id);
    match archive.forget(&Which::Call(call.clone())).await? {
        0 if archive.call(&call).await?.is_some() => {
            let why = format!("the call {id:?} has not ended");
            Err(Problem::new(StatusCode::CONFLICT, "the call goes on", &why)
                .fix("forget it when it is over"))
        }
        0 => Err(Problem::no_call(&id)),
        _ => Ok(StatusCode::NO_CONTENT),
    }
}

/// How many calls were forgotten.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Forgotten {
    forgotten: u64,
}

/// Forgets all calls of a caller that are over.
#[utoipa::path(
    delete,
    operation_id = "forget_caller",
    path = "/api/v1/callers/{number}",
    tag = "calls",
    params(("number" = String, Path, description = "The caller's number, or what it is kept as.")),
    responses(
        (status = 200, description = "How many calls were forgotten; none is fine.", body = Forgotten),
        (status = 400, description = "The path is not UTF-8.", body = Problem,
         content_type = "application/problem+json"),
        Guarded, Reading,
    ),
)]
pub(super) async fn forget_caller(
    State(parts): State<Arc<Parts>>,
    Named(number): Named,
) -> Result<Json<Forgotten>, Problem> {
    let caller = parts.masker.caller(&number);
    let forgotten = parts.archive()?.forget(&Which::Caller(caller)).await?;
    Ok(Json(Forgotten { forgotten }))
}

async fn transcript(parts: &Parts, id: &str) -> Result<Transcript, Problem> {
    let transcript = parts.archive()?.call(&CallId::new(id)).await?;
    transcript.ok_or_else(|| Problem::no_call(id))
}

impl Filter {
    fn wanted(&self, masker: &Masker) -> Wanted {
        Wanted {
            since: self.since.map(|Moment(time)| time),
            until: self.until.map(|Moment(time)| time),
            text: self.q.clone(),
            caller: self.caller.as_deref().map(|caller| masker.caller(caller)),
            sentiment: self.sentiment,
            service: self.service.clone(),
            ending: self.ending.clone(),
            state: self.state.unwrap_or_default(),
            after: self.next.clone().map(|Next(place)| place),
            limit: self.limit.0,
        }
    }
}

fn mood<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Mood>, D::Error> {
    choice(deserializer, &Mood::ALL.map(|mood| (mood.name(), mood)))
}

fn ending<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let chosen = choice(deserializer, &ENDINGS.map(|name| (name, name)))?;
    Ok(chosen.map(str::to_owned))
}

const STATES: [(&str, archive::State); 3] = [
    ("any", archive::State::Any),
    ("open", archive::State::Open),
    ("unanalysed", archive::State::Unanalysed),
];

fn state<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<archive::State>, D::Error> {
    choice(deserializer, &STATES)
}

fn states() -> Object {
    let description = "How far the call is. `open`: without an ending; `unanalysed`: it has ended, \
                       and nobody has looked at it yet.";
    one_of(description, STATES.map(|(name, _)| name))
}
