//! `/gaps`: the questions that the documents leave open.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use tokio::runtime::Handle;
use tokio::task::spawn_blocking;
use utoipa::{IntoParams, ToSchema};
use voicera::insight::gaps;
use voicera::ports::archive::ArchiveError;

use super::Parts;
use super::asked::{Asked, Limit, Moment};
use super::problem::{Asking, Guarded, Problem, Reading};
use crate::{moment, reading};

/// How far back it looks where nobody says.
pub(crate) const USUAL: Duration = Duration::from_secs(30 * 24 * 3600);

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Filter {
    /// In calls that began at or after. Default: 30 days ago.
    #[param(value_type = Option<String>, format = DateTime, nullable = false)]
    since: Option<Moment>,
    /// In calls that began before. Default: now.
    #[param(value_type = Option<String>, format = DateTime, nullable = false)]
    until: Option<Moment>,
    /// How many groups at the most.
    #[serde(default)]
    #[param(value_type = usize, minimum = 1, maximum = 200, default = 50, required = false)]
    limit: Limit,
}

/// What callers asked in vain.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Gaps {
    #[schema(format = DateTime)]
    since: String,
    #[schema(format = DateTime)]
    until: String,
    /// How many calls were read.
    pub(crate) calls: u64,
    /// Questions that are alike, the most frequent first.
    pub(crate) gaps: Vec<Gap>,
    /// Rare questions that are not counted, because there were too many different ones.
    forgotten: u64,
}

/// Open questions that are alike.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OpenQuestion)]
pub(crate) struct Gap {
    /// A short way in which it was asked.
    pub(crate) question: String,
    /// How often it was asked.
    pub(crate) count: u64,
    /// How often for which reason: `apology` (no model could answer), `fallback` (the documents
    /// have no answer), `reasked` (the caller asked the same again), `low` (little was found).
    pub(crate) why: BTreeMap<&'static str, u64>,
    /// Some ways in which it was asked.
    pub(crate) examples: Vec<String>,
    /// Some of the calls.
    pub(crate) calls: Vec<String>,
}

/// Groups the questions that were left open.
#[utoipa::path(
    get,
    path = "/api/v1/gaps",
    tag = "calls",
    params(Filter),
    responses((status = 200, description = "The questions.", body = Gaps), Asking, Guarded, Reading),
)]
pub(super) async fn list(
    State(parts): State<Arc<Parts>>,
    Asked(filter): Asked<Filter>,
) -> Result<Json<Gaps>, Problem> {
    let until = filter.until.map_or_else(parts.now, |Moment(time)| time);
    let usual = until.checked_sub(USUAL);
    let usual = usual.unwrap_or(SystemTime::UNIX_EPOCH);
    let since = filter.since.map_or(usual, |Moment(time)| time);
    let runtime = Handle::current();
    // To group thousands of questions takes a second of work, which no call should wait for.
    let group = move || {
        runtime.block_on(async {
            let time = since..until;
            let open = reading::open_questions(parts.archive()?, time, &parts.open).await?;
            Ok(Json(Gaps::of(&open, since, until, filter.limit.0)))
        })
    };
    let grouped = spawn_blocking(group).await;
    grouped.map_err(|error| ArchiveError::Unavailable(error.into()))?
}

impl Gaps {
    pub(crate) fn of(
        open: &reading::Open,
        since: SystemTime,
        until: SystemTime,
        limit: usize,
    ) -> Self {
        let groups = open.groups.ranked().into_iter().take(limit);
        Self {
            since: moment::written(since),
            until: moment::written(until),
            calls: open.calls,
            gaps: groups.map(Gap::of).collect(),
            forgotten: open.groups.forgotten(),
        }
    }
}

impl Gap {
    fn of(group: gaps::Group) -> Self {
        let why = group
            .why
            .into_iter()
            .map(|(why, count)| (why.name(), count));
        Self {
            question: group.question,
            count: group.count,
            why: why.collect(),
            examples: group.examples,
            calls: group.calls.iter().map(ToString::to_string).collect(),
        }
    }
}
