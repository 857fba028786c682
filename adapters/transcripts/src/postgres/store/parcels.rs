//! What waits to be sent.

use std::time::SystemTime;

use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Row as _};
use voicera::insight::{Analysis, Origin};
use voicera::words::CallId;

use super::fault::Fault;
use super::keeping::{Place, plain};
use super::reading::{self, limit, milliseconds, time};
use crate::outbox::{self, Claim, Outcome, Parcel, State, Subject, Subscription, Wants};
use crate::record::Line;

/// What [`parcel`] reads.
const COLUMNS: &str = "parcels.number, calls.id, event, destination, session, sequence, origin,
    dead, attempts, written, due, trouble";

pub(super) async fn write_entries(
    store: &mut PgConnection,
    lines: &[(Place, &Line)],
    subscriptions: &[Subscription],
) -> Result<(), Fault> {
    let wanted = subscriptions.iter().filter(|s| s.wants == Wants::Entries);
    let wanted = wanted.collect::<Vec<_>>();
    let events = lines.iter().map(|(place, line)| Event {
        id: outbox::entry_id(&line.call, line.sequence),
        call: place.call,
        session: line.call.session.as_deref(),
        sequence: Some(line.sequence),
        origin: None,
    });
    write(store, &events.collect::<Vec<_>>(), &wanted).await
}

pub(super) async fn write_analysis(
    store: &mut PgConnection,
    call: i64,
    id: &CallId,
    analysis: &Analysis,
    subscriptions: &[Subscription],
) -> Result<(), Fault> {
    if subscriptions.is_empty() {
        return Ok(());
    }
    let count = reading::count(store, call).await?;
    let event = Event {
        id: outbox::analysis_id(id, analysis, count),
        call,
        session: None,
        sequence: None,
        origin: match &analysis.origin {
            Origin::Operators => None,
            Origin::Model(_) | Origin::Carrier(_) => Some(analysis.origin.name()),
        },
    };
    write(store, &[event], &subscriptions.iter().collect::<Vec<_>>()).await
}

/// Another server that claims at the same time passes over what this one has in its hands.
pub(super) async fn claim(store: &mut PgConnection, claim: &Claim) -> Result<Vec<Parcel>, Fault> {
    let sql = format!(
        "WITH few AS (
            SELECT number FROM parcels WHERE destination = $1 AND NOT dead AND due <= $2
            ORDER BY due, number LIMIT $3 FOR UPDATE SKIP LOCKED
        )
        UPDATE parcels SET due = $4 FROM few, calls
        WHERE parcels.number = few.number AND calls.number = parcels.call RETURNING {COLUMNS}"
    );
    let again = claim.now.checked_add(claim.lease).unwrap_or(claim.now);
    let rows = sqlx::query(&sql)
        .bind(plain(&claim.destination))
        .bind(milliseconds(claim.now))
        .bind(limit(claim.limit))
        .bind(milliseconds(again))
        .fetch_all(store)
        .await?;
    let mut claimed = Vec::new();
    for row in rows {
        claimed.push((row.try_get::<i64, _>(0)?, parcel(&row)?));
    }
    claimed.sort_by_key(|(number, _)| *number);
    Ok(claimed.into_iter().map(|(_, parcel)| parcel).collect())
}

pub(super) async fn settle(
    store: &mut PgConnection,
    parcel: &Parcel,
    outcome: &Outcome,
) -> Result<(), Fault> {
    let named = "WHERE call = (SELECT number FROM calls WHERE id = $1)
        AND event = $2 AND destination = $3";
    let change = match outcome {
        Outcome::Delivered => "DELETE FROM parcels",
        Outcome::Later { .. } => {
            "UPDATE parcels SET due = $4, trouble = $5, attempts = attempts + 1"
        }
        Outcome::Dead { .. } => {
            "UPDATE parcels SET dead = true, trouble = $4, attempts = attempts + 1"
        }
    };
    let sql = format!("{change} {named}");
    let settled = sqlx::query(&sql)
        .bind(plain(parcel.subject.call().as_str()))
        .bind(plain(&parcel.id))
        .bind(plain(&parcel.destination));
    let settled = match outcome {
        Outcome::Delivered => settled,
        Outcome::Later { due, trouble } => settled.bind(milliseconds(*due)).bind(plain(trouble)),
        Outcome::Dead { trouble } => settled.bind(plain(trouble)),
    };
    settled.execute(store).await?;
    Ok(())
}

pub(super) async fn list(
    store: &mut PgConnection,
    state: Option<State>,
    most: usize,
) -> Result<Vec<Parcel>, Fault> {
    let sql = format!(
        "SELECT {COLUMNS} FROM parcels JOIN calls ON calls.number = parcels.call
        WHERE $1 IS NULL OR dead = $1 ORDER BY parcels.number LIMIT $2"
    );
    let dead = state.map(|state| match state {
        State::Waiting => false,
        State::Dead => true,
    });
    let rows = sqlx::query(&sql)
        .bind(dead)
        .bind(limit(most))
        .fetch_all(store);
    rows.await?.iter().map(parcel).collect()
}

/// They have all their attempts again.
pub(super) async fn retry(store: &mut PgConnection, id: Option<&str>) -> Result<u64, Fault> {
    let sql = "UPDATE parcels SET dead = false, attempts = 0, due = $1
        WHERE dead AND ($2 IS NULL OR event = $2)";
    let retried = sqlx::query(sql)
        .bind(milliseconds(SystemTime::now()))
        .bind(id.map(plain))
        .execute(store);
    Ok(retried.await?.rows_affected())
}

pub(super) async fn waiting(store: &mut PgConnection) -> Result<Vec<(String, u64)>, Fault> {
    let sql = "SELECT destination, count(*) FROM parcels WHERE NOT dead
        GROUP BY destination ORDER BY destination COLLATE \"C\"";
    let mut waiting = Vec::new();
    for row in sqlx::query(sql).fetch_all(store).await? {
        let count: i64 = row.try_get(1)?;
        waiting.push((row.try_get(0)?, count.unsigned_abs()));
    }
    Ok(waiting)
}

pub(super) async fn give_up(
    store: &mut PgConnection,
    destination: &str,
    trouble: &str,
) -> Result<u64, Fault> {
    let sql = "UPDATE parcels SET dead = true, trouble = $1 WHERE destination = $2 AND NOT dead";
    let given_up = sqlx::query(sql)
        .bind(plain(trouble))
        .bind(plain(destination))
        .execute(store);
    Ok(given_up.await?.rows_affected())
}

pub(super) async fn discard(store: &mut PgConnection, destination: &str) -> Result<u64, Fault> {
    let sql = "DELETE FROM parcels WHERE destination = $1 AND dead";
    let discarded = sqlx::query(sql).bind(plain(destination)).execute(store);
    Ok(discarded.await?.rows_affected())
}

/// Something that destinations are told.
struct Event<'a> {
    id: String,
    call: i64,
    session: Option<&'a str>,
    sequence: Option<u32>,
    origin: Option<&'a str>,
}

/// What waits already is not written again.
async fn write(
    store: &mut PgConnection,
    events: &[Event<'_>],
    subscriptions: &[&Subscription],
) -> Result<(), Fault> {
    if events.is_empty() || subscriptions.is_empty() {
        return Ok(());
    }
    let sql = "INSERT INTO parcels
            (call, event, session, sequence, origin, destination, written, due)
        SELECT call, event, session, sequence, origin, destination, $7, $7
        FROM unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[], $5::text[])
            WITH ORDINALITY AS events (call, event, session, sequence, origin, place)
        CROSS JOIN unnest($6::text[]) AS destination
        ORDER BY place
        ON CONFLICT (call, event, destination) DO NOTHING";
    let ids = events.iter().map(|event| plain(&event.id));
    let sessions = events.iter().map(|event| event.session.map(plain));
    let sequences = events.iter().map(|event| event.sequence.map(i64::from));
    let destinations = subscriptions.iter().map(|to| plain(&to.destination));
    sqlx::query(sql)
        .bind(events.iter().map(|event| event.call).collect::<Vec<_>>())
        .bind(ids.collect::<Vec<_>>())
        .bind(sessions.collect::<Vec<_>>())
        .bind(sequences.collect::<Vec<_>>())
        .bind(events.iter().map(|event| event.origin).collect::<Vec<_>>())
        .bind(destinations.collect::<Vec<_>>())
        .bind(milliseconds(SystemTime::now()))
        .execute(store)
        .await?;
    Ok(())
}

fn parcel(row: &PgRow) -> Result<Parcel, Fault> {
    let call = CallId::new(row.try_get(1)?);
    let sequence = row.try_get::<Option<i64>, _>(5)?;
    let subject = match (sequence, row.try_get(6)?) {
        (Some(sequence), _) => Subject::Entry {
            call,
            session: row.try_get(4)?,
            sequence: sequence.try_into().unwrap_or(u32::MAX),
        },
        (None, Some(origin)) => Subject::Analysed { call, origin },
        (None, None) => Subject::Finished { call },
    };
    Ok(Parcel {
        id: row.try_get(2)?,
        destination: row.try_get(3)?,
        subject,
        state: match row.try_get(7)? {
            true => State::Dead,
            false => State::Waiting,
        },
        attempts: row.try_get::<i64, _>(8)?.try_into().unwrap_or(u32::MAX),
        written: time(row.try_get(9)?),
        due: time(row.try_get(10)?),
        trouble: row.try_get(11)?,
    })
}
