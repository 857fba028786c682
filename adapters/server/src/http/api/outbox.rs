//! `/outbox`: what waits to be sent to other systems.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::openapi::Object;
use utoipa::{IntoParams, ToSchema};
use voicera_transcripts::outbox::{self, Subject};

use super::Parts;
use super::asked::{Asked, Limit, choice, one_of};
use super::problem::{Asking, Guarded, Problem, Reading};
use crate::moment;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Filter {
    #[serde(default, deserialize_with = "state")]
    #[param(schema_with = states, required = false)]
    state: Option<outbox::State>,
    /// How many parcels at the most.
    #[serde(default)]
    #[param(value_type = usize, minimum = 1, maximum = 200, default = 50, required = false)]
    limit: Limit,
}

/// What waits to be sent, and what was given up, the oldest first.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Outbox {
    parcels: Vec<Parcel>,
}

/// Something to be sent to one destination.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Parcel {
    /// Of the event: the same for every destination and every attempt.
    pub(crate) id: String,
    pub(crate) destination: String,
    #[schema(schema_with = subjects)]
    pub(crate) subject: &'static str,
    /// The call it is about.
    pub(crate) call: String,
    #[schema(schema_with = states)]
    pub(crate) state: &'static str,
    /// How often it was tried.
    pub(crate) attempts: u32,
    #[schema(format = DateTime)]
    pub(crate) written: String,
    /// When it is tried next.
    #[schema(format = DateTime)]
    pub(crate) due: String,
    /// Why the last attempt failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) trouble: Option<String>,
}

/// Lists what waits to be sent.
#[utoipa::path(
    get,
    operation_id = "list_outbox",
    path = "/api/v1/outbox",
    tag = "outbox",
    params(Filter),
    responses((status = 200, description = "The parcels.", body = Outbox), Asking, Guarded, Reading),
)]
pub(super) async fn list(
    State(parts): State<Arc<Parts>>,
    Asked(filter): Asked<Filter>,
) -> Result<Json<Outbox>, Problem> {
    let parcels = parts
        .outbox()?
        .parcels(filter.state, filter.limit.0)
        .await?;
    Ok(Json(Outbox {
        parcels: parcels.iter().map(Parcel::of).collect(),
    }))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// The id of a parcel; without it, all that were given up.
    #[param(nullable = false)]
    id: Option<String>,
}

/// How many parcels are tried again.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Retried {
    retried: u64,
}

/// Tries again to send what was given up.
#[utoipa::path(
    post,
    operation_id = "retry_outbox",
    path = "/api/v1/outbox/retry",
    tag = "outbox",
    params(Which),
    responses(
        (status = 200, description = "How many are tried again; none is fine.", body = Retried),
        Asking, Guarded, Reading,
    ),
)]
pub(super) async fn retry(
    State(parts): State<Arc<Parts>>,
    Asked(which): Asked<Which>,
) -> Result<Json<Retried>, Problem> {
    let retried = parts.outbox()?.retry(which.id.as_deref()).await?;
    Ok(Json(Retried { retried }))
}

impl Parcel {
    pub(crate) fn of(parcel: &outbox::Parcel) -> Self {
        let subject = match &parcel.subject {
            Subject::Entry { .. } => "entry",
            Subject::Finished { .. } => "call",
            Subject::Analysed { .. } => "analysis",
        };
        let state = STATES.iter().find(|(_, state)| *state == parcel.state);
        Self {
            id: parcel.id.clone(),
            destination: parcel.destination.clone(),
            subject,
            call: parcel.subject.call().to_string(),
            state: state.map_or("waiting", |(name, _)| name),
            attempts: parcel.attempts,
            written: moment::written(parcel.written),
            due: moment::written(parcel.due),
            trouble: parcel.trouble.clone(),
        }
    }
}

const STATES: [(&str, outbox::State); 2] = [
    ("waiting", outbox::State::Waiting),
    ("dead", outbox::State::Dead),
];

fn state<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<outbox::State>, D::Error> {
    choice(deserializer, &STATES)
}

fn states() -> Object {
    one_of(
        "`waiting`, or `dead`: tried for the last time.",
        STATES.map(|(name, _)| name),
    )
}

fn subjects() -> Object {
    one_of("What it tells.", ["entry", "call", "analysis"])
}
