//! Answers questions.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use sqlx::{Connection as _, PgConnection, Postgres, QueryBuilder};
use voicera::digest::Digest;
use voicera::insight::Analysis;
use voicera::ports::archive::{State, Transcript, Wanted};
use voicera::ports::transcript_sink::Entry;
use voicera::words::CallId;

use super::fault::Fault;
use super::keeping::{ENDED, OPEN, plain};
use crate::record::analysis::AnalysisRecord;
use crate::record::{DigestRecord, Record};
use crate::terms::{self, Question};

/// Every statement sees the same state of the database.
const VIEW: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY";

pub(super) async fn calls(store: &mut PgConnection, wanted: &Wanted) -> Result<Vec<Digest>, Fault> {
    let mut view = store.begin_with(VIEW).await?;
    let mut sql = QueryBuilder::new("SELECT number, digest FROM calls WHERE true");
    push_conditions(&mut sql, wanted);
    if let Some(question) = wanted.text.as_deref().and_then(Question::of) {
        let open = open_calls_that_answer(&mut view, wanted, &question).await?;
        sql.push(" AND (terms @@ ").push_bind(query(&question));
        sql.push("::tsquery OR number = ANY(")
            .push_bind(open)
            .push("))");
    }
    sql.push(" ORDER BY started DESC, id DESC LIMIT ")
        .push_bind(limit(wanted.limit));
    let found: Vec<(i64, Option<String>)> = sql.build_query_as().fetch_all(&mut *view).await?;
    let open = found.iter().filter(|(_, digest)| digest.is_none());
    let open = open.map(|(call, _)| *call).collect::<Vec<_>>();
    let mut open = transcripts(&mut view, &open).await?;
    let mut digests = Vec::new();
    for (call, kept) in found {
        digests.extend(match (kept, open.remove(&call)) {
            (Some(kept), _) => Some(digest(&kept)?),
            (None, Some(Transcript { entries, analyses })) => Digest::of(&entries, &analyses),
            (None, None) => None,
        });
    }
    view.commit().await?;
    Ok(digests)
}

pub(super) async fn call(
    store: &mut PgConnection,
    id: &CallId,
) -> Result<Option<Transcript>, Fault> {
    let mut view = store.begin_with(VIEW).await?;
    let number = sqlx::query_scalar("SELECT number FROM calls WHERE id = $1")
        .bind(plain(id.as_str()))
        .fetch_optional(&mut *view)
        .await?;
    let kept = match number {
        Some(number) => Some(transcript(&mut view, number).await?),
        None => None,
    };
    view.commit().await?;
    Ok(kept)
}

pub(super) async fn transcript(store: &mut PgConnection, call: i64) -> Result<Transcript, Fault> {
    let mut kept = transcripts(store, &[call]).await?;
    Ok(kept.remove(&call).unwrap_or(Transcript {
        entries: Vec::new(),
        analyses: Vec::new(),
    }))
}

pub(super) async fn analyses(
    store: &mut PgConnection,
    calls: &[i64],
) -> Result<BTreeMap<i64, Vec<Analysis>>, Fault> {
    let sql = "SELECT call, record FROM analyses WHERE call = ANY($1) ORDER BY call, origin";
    let rows: Vec<(i64, String)> = sqlx::query_as(sql).bind(calls).fetch_all(store).await?;
    let mut analyses = BTreeMap::<_, Vec<_>>::new();
    for (call, record) in rows {
        let record: AnalysisRecord = serde_json::from_str(&record)?;
        analyses.entry(call).or_default().push(record.analysis()?);
    }
    Ok(analyses)
}

/// How many entries a call has.
pub(super) async fn count(store: &mut PgConnection, call: i64) -> Result<i64, Fault> {
    let sql = "SELECT COALESCE(sum(kept.count), 0)::bigint FROM sessions
        CROSS JOIN LATERAL (SELECT count(*) FROM entries WHERE session = number) AS kept
        WHERE call = $1";
    Ok(sqlx::query_scalar(sql).bind(call).fetch_one(store).await?)
}

/// As it was written when the call ended.
pub(super) fn digest(record: &str) -> Result<Digest, Fault> {
    Ok(serde_json::from_str::<DigestRecord<'_>>(record)?.digest()?)
}

/// As columns have times.
pub(super) fn milliseconds(time: SystemTime) -> i64 {
    let since = time.duration_since(SystemTime::UNIX_EPOCH);
    let since = since.unwrap_or_default().as_millis();
    since.try_into().unwrap_or(i64::MAX)
}

pub(super) fn time(milliseconds: i64) -> SystemTime {
    let since = Duration::from_millis(milliseconds.try_into().unwrap_or_default());
    SystemTime::UNIX_EPOCH
        .checked_add(since)
        .unwrap_or(SystemTime::UNIX_EPOCH)
}

pub(super) fn limit(limit: usize) -> i64 {
    limit.try_into().unwrap_or(i64::MAX)
}

pub(super) async fn transcripts(
    store: &mut PgConnection,
    calls: &[i64],
) -> Result<BTreeMap<i64, Transcript>, Fault> {
    if calls.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut analyses = analyses(store, calls).await?;
    let entries = entries(store, calls).await?.into_iter();
    let transcripts = entries.map(|(call, entries)| {
        let analyses = analyses.remove(&call).unwrap_or_default();
        (call, Transcript { entries, analyses })
    });
    Ok(transcripts.collect())
}

async fn entries(
    store: &mut PgConnection,
    calls: &[i64],
) -> Result<BTreeMap<i64, Vec<Entry>>, Fault> {
    // By index even where the database does not know yet how much there is.
    let sql = "SELECT call, record FROM sessions
        CROSS JOIN LATERAL (
            SELECT sequence, record FROM entries WHERE session = number ORDER BY sequence
        ) AS kept
        WHERE call = ANY($1) ORDER BY call, number, sequence";
    let rows: Vec<(i64, String)> = sqlx::query_as(sql).bind(calls).fetch_all(store).await?;
    let mut kept = BTreeMap::<i64, Vec<Entry>>::new();
    for (call, record) in rows {
        let record: Record<'_> = serde_json::from_str(&record)?;
        let entries = kept.entry(call).or_default();
        entries.push(record.entry(entries.last())?);
    }
    Ok(kept)
}

/// What was said in calls that go on is not yet among the terms.
async fn open_calls_that_answer(
    store: &mut PgConnection,
    wanted: &Wanted,
    question: &Question,
) -> Result<Vec<i64>, Fault> {
    let mut sql = QueryBuilder::new("SELECT number FROM calls WHERE state < 2 AND state = ");
    sql.push_bind(OPEN);
    push_conditions(&mut sql, wanted);
    let open: Vec<i64> = sql.build_query_scalar().fetch_all(&mut *store).await?;
    let open = entries(store, &open).await?.into_iter();
    let answering = open.filter(|(_, entries)| question.is_answered_by(&terms::of(entries)));
    Ok(answering.map(|(call, _)| call).collect())
}

/// All but the words.
fn push_conditions(sql: &mut QueryBuilder<'_, Postgres>, wanted: &Wanted) {
    let text = |text: &str| plain(text).into_owned();
    if let Some(since) = wanted.since {
        sql.push(" AND started >= ").push_bind(milliseconds(since));
    }
    if let Some(until) = wanted.until {
        sql.push(" AND started < ").push_bind(milliseconds(until));
    }
    if let Some(caller) = &wanted.caller {
        sql.push(" AND caller = ").push_bind(text(caller));
    }
    if let Some(mood) = wanted.sentiment {
        sql.push(" AND sentiment = ").push_bind(mood.name());
    }
    if let Some(label) = &wanted.service {
        sql.push(" AND ")
            .push_bind(text(label))
            .push(" = ANY(services)");
    }
    if let Some(ending) = &wanted.ending {
        sql.push(" AND ending = ").push_bind(text(ending));
    }
    // The first half names the index.
    match wanted.state {
        State::Any => {}
        State::Open => drop(sql.push(" AND state < 2 AND state = ").push_bind(OPEN)),
        State::Unanalysed => drop(sql.push(" AND state < 2 AND state = ").push_bind(ENDED)),
    }
    if let Some(after) = &wanted.after {
        sql.push(" AND (started, id) < (")
            .push_bind(milliseconds(after.started));
        sql.push(", ")
            .push_bind(text(after.call.as_str()))
            .push(")");
    }
}

/// The terms are letters, digits and a slash, so that quotes hold them.
fn query(question: &Question) -> String {
    let words = question.words().iter().map(|terms| {
        let terms = terms.iter().map(|term| format!("'{term}'"));
        format!("({})", terms.collect::<Vec<_>>().join(" | "))
    });
    words.collect::<Vec<_>>().join(" & ")
}
