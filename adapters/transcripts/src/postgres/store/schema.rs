//! What is in the database, and how one of an earlier version becomes one of this version.
//!
//! Times are whole milliseconds since 1970. `version` has one row, which counts the steps that were
//! taken. Text has `U+FFFD` where it had a zero byte, which PostgreSQL cannot keep; records are JSON
//! and lose nothing.
//!
//! | Table | A row is |
//! |---|---|
//! | `calls` | a call. `state` is 0 while it goes on, 1 when it has ended and 2 when the operators have looked at it; `digest` is there once it has ended, and `terms`, what was said in it as [`crate::terms`] |
//! | `sessions` | a session of a call, in the order they began; `name` is empty where the carrier gives none |
//! | `entries` | an entry; `record` is the line of [`crate::record`] |
//! | `analyses` | what an origin says of a call, as in [`crate::record::analysis`] |
//! | `parcels` | an event on its way to a destination. With a `sequence` it is about an entry, with an `origin` about an analysis, with neither about the finished call |
//!
//! Nothing but an entry, and the parcels about it, is written while a call goes on; what lists and
//! search need is written when it ends. Deleting a row of `calls` deletes all that is known of it.

use sqlx::PgConnection;

use super::fault::Fault;

/// Each brings a schema from the version of its index to the next.
pub(super) const STEPS: [&str; 1] = ["
CREATE TABLE version (steps INTEGER NOT NULL);
INSERT INTO version VALUES (0);

CREATE TABLE calls (
    number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id TEXT COLLATE \"C\" NOT NULL UNIQUE,
    started BIGINT NOT NULL,
    caller TEXT,
    state SMALLINT NOT NULL DEFAULT 0,
    ending TEXT,
    sentiment TEXT,
    services TEXT[] NOT NULL DEFAULT '{}',
    digest TEXT,
    terms TSVECTOR
);
CREATE INDEX calls_by_start ON calls (started, id);
CREATE INDEX calls_by_caller ON calls (caller, started, id);
CREATE INDEX calls_to_look_at ON calls (started, id) WHERE state < 2;
CREATE INDEX calls_by_term ON calls USING gin (terms);

CREATE TABLE sessions (
    number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    call BIGINT NOT NULL REFERENCES calls ON DELETE CASCADE,
    name TEXT COLLATE \"C\" NOT NULL,
    UNIQUE (call, name)
);

CREATE TABLE entries (
    session BIGINT NOT NULL REFERENCES sessions ON DELETE CASCADE,
    sequence BIGINT NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (session, sequence)
);

CREATE TABLE analyses (
    call BIGINT NOT NULL REFERENCES calls ON DELETE CASCADE,
    origin TEXT NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (call, origin)
);

CREATE TABLE parcels (
    number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    call BIGINT NOT NULL REFERENCES calls ON DELETE CASCADE,
    event TEXT COLLATE \"C\" NOT NULL,
    destination TEXT COLLATE \"C\" NOT NULL,
    session TEXT,
    sequence BIGINT,
    origin TEXT,
    dead BOOLEAN NOT NULL DEFAULT false,
    attempts BIGINT NOT NULL DEFAULT 0,
    written BIGINT NOT NULL,
    due BIGINT NOT NULL,
    trouble TEXT,
    UNIQUE (call, event, destination)
);
CREATE INDEX parcels_by_due ON parcels (destination, due, number) WHERE NOT dead;
"];

/// The version of databases that this program writes.
pub(super) fn latest() -> usize {
    STEPS.len()
}

/// Makes whoever else opens the schema wait until the transaction is over.
pub(super) async fn lock(store: &mut PgConnection, schema: &str) -> Result<(), Fault> {
    sqlx::query("SELECT pg_advisory_xact_lock(hashtext('voicera'), hashtext($1))")
        .bind(schema)
        .execute(store)
        .await?;
    Ok(())
}

/// `None` where there is no schema; no step was taken where it has no table.
pub(super) async fn version(
    store: &mut PgConnection,
    schema: &str,
) -> Result<Option<usize>, Fault> {
    let sql = "SELECT to_regnamespace(quote_ident($1)) IS NOT NULL,
        to_regclass(quote_ident($1) || '.version') IS NOT NULL";
    let (there, begun): (bool, bool) = sqlx::query_as(sql)
        .bind(schema)
        .fetch_one(&mut *store)
        .await?;
    if !begun {
        return Ok(there.then_some(0));
    }
    let steps: i32 = sqlx::query_scalar("SELECT steps FROM version")
        .fetch_one(store)
        .await?;
    Ok(Some(steps.try_into().unwrap_or(usize::MAX)))
}

/// Its name is made of letters, digits and `_` only.
pub(super) async fn create(store: &mut PgConnection, schema: &str) -> Result<(), Fault> {
    let sql = format!("CREATE SCHEMA \"{schema}\"");
    sqlx::raw_sql(&sql).execute(store).await?;
    Ok(())
}

/// Takes the steps that the schema lacks.
pub(super) async fn bring_up_to_date(
    store: &mut PgConnection,
    version: usize,
) -> Result<(), Fault> {
    for lacking in STEPS.iter().skip(version) {
        sqlx::raw_sql(lacking).execute(&mut *store).await?;
    }
    sqlx::query("UPDATE version SET steps = $1")
        .bind(i32::try_from(latest()).unwrap_or(i32::MAX))
        .execute(store)
        .await?;
    Ok(())
}
