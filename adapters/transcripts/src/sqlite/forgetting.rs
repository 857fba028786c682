//! Removes calls, and gives their space back.

use std::time::{Duration, SystemTime};

use rusqlite::types::Value;
use rusqlite::{Connection, params};
use voicera::ports::archive::Which;

use super::fault::Fault;
use super::keeping::OPEN;
use super::reading::milliseconds;

/// How many calls are removed, or pages given back, in one step, so that entries need not wait
/// long.
const SOME_CALLS: i64 = 50;
const SOME_PAGES: i64 = 500;

/// No call lasts longer than a day, so that one without an ending does not go on by then.
const LONGEST_CALL: Duration = Duration::from_secs(24 * 60 * 60);

/// All that is known of a call, by its number.
const TRACES: [&str; 6] = [
    "DELETE FROM entries WHERE id IN (
        SELECT entries.id FROM sessions JOIN entries
        ON entries.id BETWEEN sessions.number << 32 AND (sessions.number << 32) | 4294967295
        WHERE sessions.call = ?)",
    "DELETE FROM sessions WHERE call = ?",
    "DELETE FROM analyses WHERE call = ?",
    "DELETE FROM words WHERE rowid = ?",
    "DELETE FROM parcels WHERE call = ?",
    "DELETE FROM calls WHERE number = ?",
];

/// Removes a few calls; answers how many.
pub(super) fn some(store: &Connection, which: &Which) -> Result<u64, Fault> {
    let (clause, value) = match which {
        Which::Before(time) => ("started < ?", Value::from(milliseconds(*time))),
        Which::Caller(number) => ("caller = ?", Value::from(number.clone())),
        Which::Call(id) => ("id = ?", Value::from(id.as_str().to_owned())),
    };
    let now = SystemTime::now();
    let over = milliseconds(now.checked_sub(LONGEST_CALL).unwrap_or(now));
    let sql =
        format!("SELECT number FROM calls WHERE {clause} AND (state <> ? OR started < ?) LIMIT ?");
    let mut statement = store.prepare_cached(&sql)?;
    let named = params![value, OPEN, over, SOME_CALLS];
    let calls = statement.query_map(named, |row| row.get::<_, i64>(0))?;
    let calls = calls.collect::<Result<Vec<_>, _>>()?;
    for call in &calls {
        for trace in TRACES {
            store.prepare_cached(trace)?.execute([call])?;
        }
    }
    Ok(calls.len() as u64)
}

/// Gives some space back; answers whether there is more.
pub(super) fn shrink(store: &Connection) -> Result<bool, Fault> {
    store.pragma(None, "incremental_vacuum", SOME_PAGES, |_| Ok(()))?;
    let free: i64 = store.pragma_query_value(None, "freelist_count", |row| row.get(0))?;
    Ok(free > 0)
}

/// What was removed is in the log until that is empty. It is emptied later where somebody reads.
pub(super) fn empty_log(store: &Connection) -> Result<(), Fault> {
    store.pragma(None, "wal_checkpoint", "truncate", |_| Ok(()))?;
    Ok(())
}
