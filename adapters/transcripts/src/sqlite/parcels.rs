//! What waits to be sent.

use std::time::SystemTime;

use rusqlite::{Connection, Row, params};
use voicera::insight::{Analysis, Origin};
use voicera::words::CallId;

use super::fault::Fault;
use super::reading::{self, milliseconds, time};
use crate::outbox::{self, Claim, Outcome, Parcel, State, Subject, Subscription, Wants};
use crate::record::Line;

/// What [`parcel`] reads.
const COLUMNS: &str = "parcels.number, calls.id, event, destination, session, sequence, origin,
    dead, attempts, written, due, trouble";

pub(super) fn write_entry(
    store: &Connection,
    line: &Line,
    subscriptions: &[Subscription],
) -> Result<(), Fault> {
    let mut wanted = subscriptions
        .iter()
        .filter(|s| s.wants == Wants::Entries)
        .peekable();
    if wanted.peek().is_none() {
        return Ok(());
    }
    let Some(call) = reading::number(store, &line.call.id)? else {
        return Ok(());
    };
    let event = Event {
        id: outbox::entry_id(&line.call, line.sequence),
        call,
        session: line.call.session.as_deref(),
        sequence: Some(line.sequence),
        origin: None,
    };
    for subscription in wanted {
        event.write(store, subscription)?;
    }
    Ok(())
}

pub(super) fn write_analysis(
    store: &Connection,
    call: i64,
    id: &CallId,
    analysis: &Analysis,
    subscriptions: &[Subscription],
) -> Result<(), Fault> {
    if subscriptions.is_empty() {
        return Ok(());
    }
    let event = Event {
        id: outbox::analysis_id(id, analysis, reading::count(store, call)?),
        call,
        session: None,
        sequence: None,
        origin: match &analysis.origin {
            Origin::Operators => None,
            Origin::Model(_) | Origin::Carrier(_) => Some(analysis.origin.name()),
        },
    };
    for subscription in subscriptions {
        event.write(store, subscription)?;
    }
    Ok(())
}

pub(super) fn claim(store: &Connection, claim: &Claim) -> Result<Vec<Parcel>, Fault> {
    let sql = format!(
        "SELECT {COLUMNS} FROM parcels JOIN calls ON calls.number = parcels.call
        WHERE destination = ? AND dead = 0 AND due <= ? ORDER BY due, parcels.number LIMIT ?"
    );
    let mut statement = store.prepare_cached(&sql)?;
    let due = params![
        claim.destination,
        milliseconds(claim.now),
        limit(claim.limit)
    ];
    let rows = statement.query_map(due, |row| Ok((row.get::<_, i64>(0)?, parcel(row)?)))?;
    let mut claimed = rows.collect::<Result<Vec<_>, _>>()?;
    claimed.sort_by_key(|(number, _)| *number);
    let again = claim.now.checked_add(claim.lease).unwrap_or(claim.now);
    let mut statement = store.prepare_cached("UPDATE parcels SET due = ? WHERE number = ?")?;
    for (number, parcel) in &mut claimed {
        statement.execute(params![milliseconds(again), *number])?;
        parcel.due = again;
    }
    Ok(claimed.into_iter().map(|(_, parcel)| parcel).collect())
}

pub(super) fn settle(store: &Connection, parcel: &Parcel, outcome: &Outcome) -> Result<(), Fault> {
    let named = "WHERE call = (SELECT number FROM calls WHERE id = ?1)
        AND event = ?2 AND destination = ?3";
    let call = parcel.subject.call().as_str();
    match outcome {
        Outcome::Delivered => {
            let mut statement = store.prepare_cached(&format!("DELETE FROM parcels {named}"))?;
            statement.execute(params![call, parcel.id, parcel.destination])?;
        }
        Outcome::Later { due, trouble } => {
            let sql = format!(
                "UPDATE parcels SET due = ?4, trouble = ?5, attempts = attempts + 1 {named}"
            );
            let mut statement = store.prepare_cached(&sql)?;
            let due = milliseconds(*due);
            statement.execute(params![call, parcel.id, parcel.destination, due, trouble])?;
        }
        Outcome::Dead { trouble } => {
            let sql = format!(
                "UPDATE parcels SET dead = 1, trouble = ?4, attempts = attempts + 1 {named}"
            );
            let mut statement = store.prepare_cached(&sql)?;
            statement.execute(params![call, parcel.id, parcel.destination, trouble])?;
        }
    }
    Ok(())
}

pub(super) fn list(
    store: &Connection,
    state: Option<State>,
    most: usize,
) -> Result<Vec<Parcel>, Fault> {
    let sql = format!(
        "SELECT {COLUMNS} FROM parcels JOIN calls ON calls.number = parcels.call
        WHERE ?1 IS NULL OR dead = ?1 ORDER BY parcels.number LIMIT ?2"
    );
    let dead = state.map(|state| match state {
        State::Waiting => false,
        State::Dead => true,
    });
    let mut statement = store.prepare_cached(&sql)?;
    let rows = statement.query_map(params![dead, limit(most)], parcel)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// They have all their attempts again.
pub(super) fn retry(store: &Connection, id: Option<&str>) -> Result<u64, Fault> {
    let sql = "UPDATE parcels SET dead = 0, attempts = 0, due = ?1
        WHERE dead = 1 AND (?2 IS NULL OR event = ?2)";
    let mut statement = store.prepare_cached(sql)?;
    let count = statement.execute(params![milliseconds(SystemTime::now()), id])?;
    Ok(count as u64)
}

pub(super) fn waiting(store: &Connection) -> Result<Vec<(String, u64)>, Fault> {
    let sql = "SELECT destination, count(*) FROM parcels WHERE dead = 0
        GROUP BY destination ORDER BY destination";
    let mut statement = store.prepare_cached(sql)?;
    let rows = statement.query_map([], |row| {
        Ok((row.get(0)?, row.get::<_, i64>(1)?.unsigned_abs()))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn give_up(store: &Connection, destination: &str, trouble: &str) -> Result<u64, Fault> {
    let sql = "UPDATE parcels SET dead = 1, trouble = ? WHERE destination = ? AND dead = 0";
    let mut statement = store.prepare_cached(sql)?;
    Ok(statement.execute([trouble, destination])? as u64)
}

pub(super) fn discard(store: &Connection, destination: &str) -> Result<u64, Fault> {
    let sql = "DELETE FROM parcels WHERE destination = ? AND dead = 1";
    let mut statement = store.prepare_cached(sql)?;
    Ok(statement.execute([destination])? as u64)
}

/// Something that destinations are told.
struct Event<'a> {
    id: String,
    call: i64,
    session: Option<&'a str>,
    sequence: Option<u32>,
    origin: Option<&'a str>,
}

impl Event<'_> {
    /// One that waits already is not written again.
    fn write(&self, store: &Connection, subscription: &Subscription) -> Result<(), Fault> {
        let sql = "INSERT OR IGNORE INTO parcels
            (call, event, destination, session, sequence, origin, written, due)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)";
        let mut statement = store.prepare_cached(sql)?;
        statement.execute(params![
            self.call,
            self.id,
            subscription.destination,
            self.session,
            self.sequence,
            self.origin,
            milliseconds(SystemTime::now()),
        ])?;
        Ok(())
    }
}

fn parcel(row: &Row<'_>) -> rusqlite::Result<Parcel> {
    let call = CallId::new(row.get_ref(1)?.as_str()?);
    let subject = match (row.get(5)?, row.get(6)?) {
        (Some(sequence), _) => Subject::Entry {
            call,
            session: row.get(4)?,
            sequence,
        },
        (None, Some(origin)) => Subject::Analysed { call, origin },
        (None, None) => Subject::Finished { call },
    };
    Ok(Parcel {
        id: row.get(2)?,
        destination: row.get(3)?,
        subject,
        state: match row.get(7)? {
            true => State::Dead,
            false => State::Waiting,
        },
        attempts: row.get(8)?,
        written: time(row.get(9)?),
        due: time(row.get(10)?),
        trouble: row.get(11)?,
    })
}

fn limit(limit: usize) -> i64 {
    limit.try_into().unwrap_or(i64::MAX)
}
