//! What is in the file, and how a file of an earlier version becomes one of this version.
//!
//! Times are whole milliseconds since 1970. `user_version` counts the steps that were taken.
//!
//! | Table | A row is |
//! |---|---|
//! | `calls` | a call. `state` is 0 while it goes on, 1 when it has ended and 2 when the operators have looked at it; `digest` is there once it has ended |
//! | `sessions` | a session of a call, in the order they began; `name` is empty where the carrier gives none |
//! | `entries` | an entry; `id` is the number of its session times 2^32 plus its sequence, so that a repeat has the same place, the entries of a call lie together and nothing else is written for one; `record` is the line of [`crate::record`] |
//! | `analyses` | what an origin says of a call, as in [`crate::record::analysis`] |
//! | `words` | what was said in a call that has ended, as [`crate::terms`], by the number of the call |
//! | `parcels` | an event on its way to a destination. With a `sequence` it is about an entry, with an `origin` about an analysis, with neither about the finished call |
//!
//! Nothing but an entry, and the parcels about it, is written while a call goes on; what lists and
//! search need is written when it ends.

use rusqlite::Connection;

/// Says that a file is one of these: `voic`.
pub(super) const APPLICATION: i32 = 0x766F_6963;

/// What every file has that is open.
pub(super) const TABLES: [&str; 6] = [
    "calls", "sessions", "entries", "analyses", "words", "parcels",
];

/// Each brings a file from the version of its index to the next.
pub(super) const STEPS: [&str; 1] = ["
CREATE TABLE calls (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    started INTEGER NOT NULL,
    caller TEXT,
    state INTEGER NOT NULL DEFAULT 0,
    ending TEXT,
    sentiment TEXT,
    services TEXT NOT NULL DEFAULT '[]',
    digest TEXT
) STRICT;
CREATE INDEX calls_by_start ON calls (started, id);
CREATE INDEX calls_by_caller ON calls (caller, started, id);
CREATE INDEX calls_to_look_at ON calls (started, id) WHERE state < 2;

CREATE TABLE sessions (
    number INTEGER PRIMARY KEY,
    call INTEGER NOT NULL,
    name TEXT NOT NULL,
    UNIQUE (call, name)
) STRICT;

CREATE TABLE entries (
    id INTEGER PRIMARY KEY,
    record TEXT NOT NULL
) STRICT;

CREATE TABLE analyses (
    call INTEGER NOT NULL,
    origin TEXT NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (call, origin)
) STRICT;

CREATE VIRTUAL TABLE words USING fts5 (
    terms, detail = 'none', columnsize = 0, tokenize = \"ascii tokenchars '/'\"
);
INSERT INTO words (words, rank) VALUES ('secure-delete', 1);

CREATE TABLE parcels (
    number INTEGER PRIMARY KEY,
    call INTEGER NOT NULL,
    event TEXT NOT NULL,
    destination TEXT NOT NULL,
    session TEXT,
    sequence INTEGER,
    origin TEXT,
    dead INTEGER NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0,
    written INTEGER NOT NULL,
    due INTEGER NOT NULL,
    trouble TEXT,
    UNIQUE (call, event, destination)
) STRICT;
CREATE INDEX parcels_by_due ON parcels (destination, dead, due);
"];

/// The version of files that this program writes.
pub(super) fn latest() -> i64 {
    STEPS.len().try_into().unwrap_or(i64::MAX)
}

/// Takes the steps that a file lacks, all or none of them. Another process may have taken them
/// meanwhile.
pub(super) fn bring_up_to_date(store: &mut Connection) -> rusqlite::Result<()> {
    let step = store.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    let version = version(&step)?;
    for lacking in STEPS.iter().skip(version.try_into().unwrap_or(usize::MAX)) {
        step.execute_batch(lacking)?;
    }
    if version < latest() {
        step.pragma_update(None, "application_id", APPLICATION)?;
        step.pragma_update(None, "user_version", latest())?;
    }
    step.commit()
}

pub(super) fn version(store: &Connection) -> rusqlite::Result<i64> {
    store.pragma_query_value(None, "user_version", |row| row.get(0))
}
