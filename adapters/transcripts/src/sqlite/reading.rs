//! Answers questions.

use std::time::{Duration, SystemTime};

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension as _, params_from_iter};
use voicera::digest::Digest;
use voicera::insight::Analysis;
use voicera::ports::archive::{State, Transcript, Wanted};
use voicera::ports::transcript_sink::Entry;
use voicera::words::CallId;

use super::fault::Fault;
use super::keeping::{ENDED, OPEN};
use crate::record::analysis::AnalysisRecord;
use crate::record::{DigestRecord, Record};
use crate::terms::{self, Question};

pub(super) fn calls(store: &Connection, wanted: &Wanted) -> Result<Vec<Digest>, Fault> {
    // Every statement sees the same state of the file.
    let view = store.unchecked_transaction()?;
    let mut conditions = Conditions::of(wanted);
    if let Some(question) = wanted.text.as_deref().and_then(Question::of) {
        conditions.said(&question, open_calls_that_answer(&view, &question)?);
    }
    let sql = conditions.list();
    let limit = i64::try_from(wanted.limit).unwrap_or(i64::MAX);
    conditions.values.push(limit.into());
    let mut statement = view.prepare_cached(&sql)?;
    let mut rows = statement.query(params_from_iter(conditions.values))?;
    let mut digests = Vec::new();
    while let Some(row) = rows.next()? {
        let digest = match row.get::<_, Option<String>>(1)? {
            Some(digest) => Some(from_json(&digest)?),
            None => {
                let Transcript { entries, analyses } = transcript(&view, row.get(0)?)?;
                Digest::of(&entries, &analyses)
            }
        };
        digests.extend(digest);
    }
    Ok(digests)
}

pub(super) fn call(store: &Connection, id: &CallId) -> Result<Option<Transcript>, Fault> {
    let view = store.unchecked_transaction()?;
    let number = number(&view, id)?;
    number.map(|number| transcript(&view, number)).transpose()
}

pub(super) fn transcript(store: &Connection, call: i64) -> Result<Transcript, Fault> {
    let mut entries = Vec::new();
    self::entries(store, call, &mut entries)?;
    Ok(Transcript {
        entries,
        analyses: analyses(store, call)?,
    })
}

pub(super) fn number(store: &Connection, id: &CallId) -> Result<Option<i64>, Fault> {
    let mut statement = store.prepare_cached("SELECT number FROM calls WHERE id = ?")?;
    let number = statement.query_row([id.as_str()], |row| row.get(0));
    Ok(number.optional()?)
}

pub(super) fn analyses(store: &Connection, call: i64) -> Result<Vec<Analysis>, Fault> {
    let mut statement = store.prepare_cached("SELECT record FROM analyses WHERE call = ?")?;
    let mut rows = statement.query([call])?;
    let mut analyses = Vec::new();
    while let Some(row) = rows.next()? {
        let record: AnalysisRecord = serde_json::from_str(row.get_ref(0)?.as_str()?)?;
        analyses.push(record.analysis()?);
    }
    Ok(analyses)
}

/// How many entries a call has.
pub(super) fn count(store: &Connection, call: i64) -> Result<i64, Fault> {
    let sql = "SELECT count(*) FROM sessions JOIN entries
        ON entries.id BETWEEN sessions.number << 32 AND (sessions.number << 32) | 4294967295
        WHERE sessions.call = ?";
    let mut statement = store.prepare_cached(sql)?;
    Ok(statement.query_row([call], |row| row.get(0))?)
}

/// As it was written when the call ended.
pub(super) fn digest(store: &Connection, call: i64) -> Result<Option<Digest>, Fault> {
    let mut statement = store.prepare_cached("SELECT digest FROM calls WHERE number = ?")?;
    let digest = statement.query_row([call], |row| row.get::<_, Option<String>>(0))?;
    digest.as_deref().map(from_json).transpose()
}

/// As columns have times.
pub(super) fn milliseconds(time: SystemTime) -> i64 {
    let since = time.duration_since(SystemTime::UNIX_EPOCH);
    let since = since.unwrap_or_default().as_millis();
    since.try_into().unwrap_or(i64::MAX)
}

pub(super) fn time(milliseconds: i64) -> SystemTime {
    let since = Duration::from_millis(milliseconds.try_into().unwrap_or_default());
    SystemTime::UNIX_EPOCH + since
}

/// Adds the entries of a call in order, up to the first that cannot be read.
pub(super) fn entries(
    store: &Connection,
    call: i64,
    entries: &mut Vec<Entry>,
) -> Result<(), Fault> {
    let sql = "SELECT record FROM sessions JOIN entries
        ON entries.id BETWEEN sessions.number << 32 AND (sessions.number << 32) | 4294967295
        WHERE sessions.call = ? ORDER BY sessions.number, entries.id";
    let mut statement = store.prepare_cached(sql)?;
    let mut rows = statement.query([call])?;
    while let Some(row) = rows.next()? {
        let record: Record<'_> = serde_json::from_str(row.get_ref(0)?.as_str()?)?;
        entries.push(record.entry(entries.last())?);
    }
    Ok(())
}

/// What was said in calls that go on is not yet among the words.
fn open_calls_that_answer(store: &Connection, question: &Question) -> Result<Vec<i64>, Fault> {
    let sql = "SELECT number FROM calls WHERE state < 2 AND state = ?";
    let mut statement = store.prepare_cached(sql)?;
    let open = statement.query_map([OPEN], |row| row.get(0))?;
    let mut answering = Vec::new();
    for call in open {
        let call = call?;
        let mut said = Vec::new();
        entries(store, call, &mut said)?;
        if question.is_answered_by(&terms::of(&said)) {
            answering.push(call);
        }
    }
    Ok(answering)
}

/// What has to hold, in SQL.
struct Conditions {
    clauses: Vec<&'static str>,
    values: Vec<Value>,
}

impl Conditions {
    fn of(wanted: &Wanted) -> Self {
        let mut conditions = Self {
            clauses: Vec::new(),
            values: Vec::new(),
        };
        let name = |name: &str| Value::from(name.to_owned());
        let at = |time| Value::from(milliseconds(time));
        let state = match wanted.state {
            State::Any => None,
            State::Open => Some(OPEN),
            State::Unanalysed => Some(ENDED),
        };
        let clauses = [
            ("started >= ?", wanted.since.map(at)),
            ("started < ?", wanted.until.map(at)),
            ("caller = ?", wanted.caller.as_deref().map(name)),
            (
                "sentiment = ?",
                wanted.sentiment.map(|mood| name(mood.name())),
            ),
            (
                "EXISTS (SELECT 1 FROM json_each(services) WHERE value = ?)",
                wanted.service.as_deref().map(name),
            ),
            ("ending = ?", wanted.ending.as_deref().map(name)),
            // The first half names the index.
            ("state < 2 AND state = ?", state.map(Value::from)),
        ];
        for (clause, value) in clauses {
            if let Some(value) = value {
                conditions.must(clause, [value]);
            }
        }
        if let Some(after) = &wanted.after {
            let place = [at(after.started), name(after.call.as_str())];
            conditions.must("(started, id) < (?, ?)", place);
        }
        conditions
    }

    fn said(&mut self, question: &Question, open: Vec<i64>) {
        let words = question.words().iter().map(|terms| {
            let terms = terms.iter().map(|term| format!("\"{term}\""));
            format!("({})", terms.collect::<Vec<_>>().join(" OR "))
        });
        let words = words.collect::<Vec<_>>().join(" AND ");
        let open = serde_json::Value::from(open).to_string();
        self.must(
            "number IN (SELECT rowid FROM words WHERE words MATCH ?
                UNION ALL SELECT value FROM json_each(?))",
            [words.into(), open.into()],
        );
    }

    fn must<const N: usize>(&mut self, clause: &'static str, values: [Value; N]) {
        self.clauses.push(clause);
        self.values.extend(values);
    }

    /// The calls for which all of it holds, and no more than the value that follows.
    fn list(&self) -> String {
        let clauses = match self.clauses.as_slice() {
            [] => "true",
            clauses => &clauses.join(" AND "),
        };
        format!(
            "SELECT number, digest FROM calls WHERE {clauses}
            ORDER BY started DESC, id DESC LIMIT ?"
        )
    }
}

fn from_json(digest: &str) -> Result<Digest, Fault> {
    Ok(serde_json::from_str::<DigestRecord<'_>>(digest)?.digest()?)
}

#[cfg(test)]
mod tests;
