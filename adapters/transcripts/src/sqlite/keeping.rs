//! Writes entries and analyses, with what lists and search need of them.

use rusqlite::{Connection, params};
use voicera::digest::{Digest, Findings};
use voicera::insight::{Analysis, Origin};
use voicera::ports::archive::Transcript;
use voicera::words::CallId;

use super::fault::{Fault, Kind};
use super::{parcels, reading};
use crate::outbox::Subscription;
use crate::record::analysis::AnalysisRecord;
use crate::record::{DigestRecord, Line};
use crate::terms;

/// How far a call is, in the column `state`.
pub(super) const OPEN: i64 = 0;
pub(super) const ENDED: i64 = 1;
pub(super) const ANALYSED: i64 = 2;

pub(super) fn append(
    store: &Connection,
    line: &Line,
    subscriptions: &[Subscription],
) -> Result<(), Fault> {
    let is_new = insert(store, line)? || (begin(store, line)? && insert(store, line)?);
    if !is_new {
        return Ok(());
    }
    if let Some(ending) = line.ending {
        end(store, &line.call.id, ending)?;
    }
    parcels::write_entry(store, line, subscriptions)
}

/// Answers whether the call is known.
pub(super) fn conclude(
    store: &Connection,
    id: &CallId,
    analysis: &Analysis,
    subscriptions: &[Subscription],
) -> Result<bool, Fault> {
    let Some(call) = reading::number(store, id)? else {
        return Ok(false);
    };
    let record = serde_json::to_string(&AnalysisRecord::of(analysis))?;
    let sql = "INSERT OR REPLACE INTO analyses (call, origin, record) VALUES (?, ?, ?)";
    let mut statement = store.prepare_cached(sql)?;
    statement.execute(params![call, analysis.origin.name(), record])?;
    if analysis.origin == Origin::Operators {
        let sql = "UPDATE calls SET state = ? WHERE number = ? AND state = ?";
        let mut statement = store.prepare_cached(sql)?;
        statement.execute(params![ANALYSED, call, ENDED])?;
    }
    let findings = Findings::of(&reading::analyses(store, call)?);
    let digest = match reading::digest(store, call)? {
        Some(digest) => Some(to_json(&Digest {
            findings: findings.clone(),
            ..digest
        })?),
        None => None,
    };
    let sql = "UPDATE calls SET sentiment = ?, services = ?, digest = ? WHERE number = ?";
    let sentiment = findings.sentiment.map(|mood| mood.name());
    let services = serde_json::to_string(&findings.services)?;
    let mut statement = store.prepare_cached(sql)?;
    statement.execute(params![sentiment, services, digest, call])?;
    parcels::write_analysis(store, call, id, analysis, subscriptions)?;
    Ok(true)
}

/// Answers whether the entry is there now and was not before. It has no place yet when its session
/// is unknown.
fn insert(store: &Connection, line: &Line) -> Result<bool, Fault> {
    let sql = "INSERT OR IGNORE INTO entries (id, record)
        SELECT (sessions.number << 32) | ?1, ?2 FROM calls
        JOIN sessions ON sessions.call = calls.number AND sessions.name = ?4
        WHERE calls.id = ?3";
    let mut statement = store.prepare_cached(sql)?;
    let id = line.call.id.as_str();
    let count = statement.execute(params![line.sequence, line.record, id, line.session()])?;
    Ok(count > 0)
}

/// Makes a place for a session; answers whether it was unknown. A call that had ended goes on.
fn begin(store: &Connection, line: &Line) -> Result<bool, Fault> {
    let call = &line.call;
    let sql = "INSERT OR IGNORE INTO calls (id, started, caller) VALUES (?, ?, ?)";
    let mut statement = store.prepare_cached(sql)?;
    statement.execute(params![
        call.id.as_str(),
        reading::milliseconds(call.started),
        call.from
    ])?;
    let sql = "INSERT OR IGNORE INTO sessions (call, name)
        SELECT number, ?2 FROM calls WHERE id = ?1";
    let mut statement = store.prepare_cached(sql)?;
    if statement.execute(params![call.id.as_str(), line.session()])? == 0 {
        return Ok(false);
    }
    let sql = "UPDATE calls SET state = ?2, ending = NULL, digest = NULL
        WHERE id = ?1 AND state <> ?2";
    let mut statement = store.prepare_cached(sql)?;
    statement.execute(params![call.id.as_str(), OPEN])?;
    Ok(true)
}

/// Writes what lists and search need of a call. Where its entries cannot be read that is nothing,
/// and the ending is kept all the same.
fn end(store: &Connection, id: &CallId, ending: &str) -> Result<(), Fault> {
    let Some(call) = reading::number(store, id)? else {
        return Ok(());
    };
    let Transcript { entries, analyses } = match reading::transcript(store, call) {
        Err(fault) if fault.kind() == Kind::Damaged => Transcript {
            entries: Vec::new(),
            analyses: Vec::new(),
        },
        transcript => transcript?,
    };
    let digest = Digest::of(&entries, &analyses);
    let digest = digest.as_ref().map(to_json).transpose()?;
    let sql = "UPDATE calls SET state = ?, ending = ?, digest = ? WHERE number = ?";
    let mut statement = store.prepare_cached(sql)?;
    statement.execute(params![ENDED, ending, digest, call])?;
    let mut statement = store.prepare_cached("DELETE FROM words WHERE rowid = ?")?;
    statement.execute([call])?;
    let terms = terms::of(&entries).into_iter().collect::<Vec<_>>();
    let mut statement = store.prepare_cached("INSERT INTO words (rowid, terms) VALUES (?, ?)")?;
    statement.execute(params![call, terms.join(" ")])?;
    Ok(())
}

fn to_json(digest: &Digest) -> serde_json::Result<String> {
    serde_json::to_string(&DigestRecord::of(digest))
}
