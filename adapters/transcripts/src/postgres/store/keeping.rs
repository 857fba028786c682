//! Writes entries and analyses, with what lists and search need of them.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashSet};

use sqlx::PgConnection;
use voicera::digest::{Digest, Findings};
use voicera::insight::{Analysis, Origin};
use voicera::ports::archive::Transcript;
use voicera::ports::transcript_sink::Entry;
use voicera::words::CallId;

use super::fault::{Fault, Kind};
use super::{parcels, reading};
use crate::outbox::Subscription;
use crate::record::analysis::AnalysisRecord;
use crate::record::{DigestRecord, Line};
use crate::terms;

/// How far a call is, in the column `state`.
pub(super) const OPEN: i16 = 0;
pub(super) const ENDED: i16 = 1;
pub(super) const ANALYSED: i16 = 2;

/// How often sessions are looked up that other servers begin at the same time.
const TRIES: usize = 3;

/// How many calls are read at a time when many end at once.
const ENDINGS: usize = 50;

/// The most bytes of what was said in a call that are searched; a column holds 1 MiB.
const SEARCHED: usize = 900_000;

/// A call by its id, and a session by its name.
type Key = (String, String);

/// Where the lines of a session are kept.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) call: i64,
    session: i64,
}

pub(super) async fn append(
    store: &mut PgConnection,
    lines: &[&Line],
    subscriptions: &[Subscription],
) -> Result<(), Fault> {
    let places = places(store, lines).await?;
    let placed = lines
        .iter()
        .filter_map(|line| Some((*places.get(&key(line))?, *line)));
    let placed = placed.collect::<Vec<_>>();
    let new = insert(store, &placed).await?;
    // A repeat within the batch is new once.
    let mut seen = HashSet::new();
    let new = placed.into_iter().filter(|(place, line)| {
        let name = (place.session, i64::from(line.sequence));
        new.contains(&name) && seen.insert(name)
    });
    let new = new.collect::<Vec<_>>();
    let ended = new
        .iter()
        .filter_map(|(place, line)| Some((place.call, line.ending?)));
    let ended = ended.collect::<BTreeMap<_, _>>().into_iter();
    for few in ended.collect::<Vec<_>>().chunks(ENDINGS) {
        end(store, few).await?;
    }
    parcels::write_entries(store, &new, subscriptions).await
}

/// Answers whether the call is known.
pub(super) async fn conclude(
    store: &mut PgConnection,
    id: &CallId,
    analysis: &Analysis,
    subscriptions: &[Subscription],
) -> Result<bool, Fault> {
    let sql = "SELECT number, digest FROM calls WHERE id = $1 FOR NO KEY UPDATE";
    let found = sqlx::query_as(sql)
        .bind(plain(id.as_str()))
        .fetch_optional(&mut *store)
        .await?;
    let Some((call, digest)): Option<(i64, Option<String>)> = found else {
        return Ok(false);
    };
    let record = serde_json::to_string(&AnalysisRecord::of(analysis))?;
    let sql = "INSERT INTO analyses (call, origin, record) VALUES ($1, $2, $3)
        ON CONFLICT (call, origin) DO UPDATE SET record = excluded.record";
    sqlx::query(sql)
        .bind(call)
        .bind(analysis.origin.name())
        .bind(record)
        .execute(&mut *store)
        .await?;
    let findings = Findings::of(
        &reading::analyses(store, &[call])
            .await?
            .remove(&call)
            .unwrap_or_default(),
    );
    let services = findings.services.iter().map(|label| plain(label));
    let services = services.collect::<Vec<_>>();
    let digest = match digest {
        Some(digest) => Some(to_json(&Digest {
            findings: findings.clone(),
            ..reading::digest(&digest)?
        })?),
        None => None,
    };
    let analysed = match analysis.origin {
        Origin::Operators => ANALYSED,
        Origin::Model(_) | Origin::Carrier(_) => ENDED,
    };
    let sql = "UPDATE calls SET sentiment = $2, services = $3, digest = $4,
        state = CASE WHEN state = $5 THEN $6 ELSE state END WHERE number = $1";
    sqlx::query(sql)
        .bind(call)
        .bind(findings.sentiment.map(|mood| mood.name()))
        .bind(services)
        .bind(digest)
        .bind(ENDED)
        .bind(analysed)
        .execute(&mut *store)
        .await?;
    parcels::write_analysis(store, call, id, analysis, subscriptions).await?;
    Ok(true)
}

/// Where a line belongs, as the columns have it.
fn key(line: &Line) -> Key {
    let [call, session] = [line.call.id.as_str(), line.session()];
    (plain(call).into_owned(), plain(session).into_owned())
}

/// As a column keeps a text.
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    match text.contains('\0') {
        true => text.replace('\0', "\u{FFFD}").into(),
        false => text.into(),
    }
}

/// Finds or makes the places of lines, and keeps other servers from their calls until the
/// transaction is over.
async fn places(store: &mut PgConnection, lines: &[&Line]) -> Result<BTreeMap<Key, Place>, Fault> {
    let mut wanted = lines.iter().map(|line| key(line)).collect::<BTreeSet<_>>();
    let mut places = BTreeMap::new();
    for _ in 0..TRIES {
        let ids = wanted
            .iter()
            .map(|(id, _)| id.as_str())
            .collect::<BTreeSet<_>>();
        // The same order everywhere, or servers wait for each other.
        let sql = "SELECT calls.id, calls.number, sessions.name, sessions.number
            FROM calls JOIN sessions ON sessions.call = calls.number
            WHERE calls.id = ANY($1) ORDER BY calls.id FOR NO KEY UPDATE OF calls";
        let found = sqlx::query_as(sql)
            .bind(ids.into_iter().collect::<Vec<_>>())
            .fetch_all(&mut *store)
            .await?;
        for (id, call, name, session) in found {
            let key: Key = (id, name);
            if wanted.remove(&key) {
                places.insert(key, Place { call, session });
            }
        }
        if wanted.is_empty() {
            return Ok(places);
        }
        begin(store, lines, &wanted).await?;
    }
    Err(Fault::lost())
}

/// Makes places for sessions. A call that had ended goes on.
async fn begin(
    store: &mut PgConnection,
    lines: &[&Line],
    wanted: &BTreeSet<Key>,
) -> Result<(), Fault> {
    let mut calls = BTreeMap::new();
    let mut begun = Vec::new();
    for line in lines {
        let key = key(line);
        if wanted.contains(&key) && !begun.contains(&key) {
            calls.entry(key.0.clone()).or_insert(&line.call);
            begun.push(key);
        }
    }
    let started = calls
        .values()
        .map(|call| reading::milliseconds(call.started));
    let callers = calls.values().map(|call| call.from.as_deref().map(plain));
    let sql = "INSERT INTO calls (id, started, caller)
        SELECT * FROM unnest($1::text[], $2::bigint[], $3::text[]) ON CONFLICT (id) DO NOTHING";
    sqlx::query(sql)
        .bind(calls.keys().map(String::as_str).collect::<Vec<_>>())
        .bind(started.collect::<Vec<_>>())
        .bind(callers.collect::<Vec<_>>())
        .execute(&mut *store)
        .await?;
    let (ids, names): (Vec<_>, Vec<_>) = begun.into_iter().unzip();
    let sql = "WITH begun AS (
            INSERT INTO sessions (call, name)
            SELECT calls.number, wanted.name
            FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS wanted (id, name, place)
            JOIN calls ON calls.id = wanted.id ORDER BY wanted.place
            ON CONFLICT (call, name) DO NOTHING
            RETURNING call
        )
        UPDATE calls SET state = $3, ending = NULL, digest = NULL, terms = NULL
        WHERE number IN (SELECT call FROM begun) AND state <> $3";
    sqlx::query(sql)
        .bind(ids)
        .bind(names)
        .bind(OPEN)
        .execute(store)
        .await?;
    Ok(())
}

/// Answers which were not there before, by session and sequence.
async fn insert(
    store: &mut PgConnection,
    lines: &[(Place, &Line)],
) -> Result<HashSet<(i64, i64)>, Fault> {
    let sessions = lines.iter().map(|(place, _)| place.session);
    let sequences = lines.iter().map(|(_, line)| i64::from(line.sequence));
    let records = lines.iter().map(|(_, line)| line.record.as_str());
    let sql = "INSERT INTO entries (session, sequence, record)
        SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[])
        ON CONFLICT (session, sequence) DO NOTHING RETURNING session, sequence";
    let new = sqlx::query_as(sql)
        .bind(sessions.collect::<Vec<_>>())
        .bind(sequences.collect::<Vec<_>>())
        .bind(records.collect::<Vec<_>>())
        .fetch_all(store)
        .await?;
    Ok(new.into_iter().collect())
}

/// Writes what lists and search need of calls, by their endings. Where the entries of one cannot
/// be read that is nothing, and the ending is kept all the same.
async fn end(store: &mut PgConnection, calls: &[(i64, &'static str)]) -> Result<(), Fault> {
    let numbers = calls.iter().map(|(call, _)| *call).collect::<Vec<_>>();
    let readable = readable(store, &numbers).await?;
    let mut ended = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (call, ending) in calls {
        let (digest, terms) = match readable.get(call) {
            Some(Transcript { entries, analyses }) => match Digest::of(entries, analyses) {
                Some(digest) if digest.ended.is_some() => (Some(digest), said(entries)),
                // Another session has begun meanwhile.
                Some(_) | None => continue,
            },
            None => (None, String::new()),
        };
        ended.0.push(*call);
        ended.1.push(*ending);
        ended.2.push(digest.as_ref().map(to_json).transpose()?);
        ended.3.push(terms);
    }
    let (calls, endings, digests, terms) = ended;
    let sql = "UPDATE calls
        SET state = $1, ending = ended.ending, digest = ended.digest, terms = ended.terms::tsvector
        FROM unnest($2::bigint[], $3::text[], $4::text[], $5::text[])
            AS ended (call, ending, digest, terms)
        WHERE number = call";
    sqlx::query(sql)
        .bind(ENDED)
        .bind(calls)
        .bind(endings)
        .bind(digests)
        .bind(terms)
        .execute(store)
        .await?;
    Ok(())
}

async fn readable(
    store: &mut PgConnection,
    calls: &[i64],
) -> Result<BTreeMap<i64, Transcript>, Fault> {
    match reading::transcripts(store, calls).await {
        Err(fault) if fault.kind == Kind::Unreadable => {}
        read => return read,
    }
    let mut readable = BTreeMap::new();
    for call in calls {
        match reading::transcripts(store, &[*call]).await {
            Err(fault) if fault.kind == Kind::Unreadable => {}
            read => readable.extend(read?),
        }
    }
    Ok(readable)
}

/// The terms are letters, digits and a slash, so that quotes hold them.
fn said(entries: &[Entry]) -> String {
    let mut said = String::new();
    for term in terms::of(entries) {
        if said.len() + term.len() > SEARCHED {
            break;
        }
        said.extend(["'", &term, "' "]);
    }
    said
}

fn to_json(digest: &Digest) -> serde_json::Result<String> {
    serde_json::to_string(&DigestRecord::of(digest))
}
