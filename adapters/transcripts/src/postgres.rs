//! The archive in a PostgreSQL database, which any number of servers share. It is tested with
//! PostgreSQL 15.
//!
//! What a user sets is there in every build, so that a configuration can be read and judged; the
//! rest comes with the feature `postgres`.

use std::num::{NonZeroU32, NonZeroUsize};
use std::time::Duration;

use serde::Deserialize;

#[cfg(feature = "postgres")]
mod store;

#[cfg(feature = "postgres")]
pub use store::{OpenError, Postgres};

/// What a user sets.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// The name of the environment variable that has the database's url, as
    /// `postgres://user:password@host:5432/database?sslmode=verify-full`. `sslmode` and
    /// `sslrootcert` mean what they mean to `psql`. A pooler between has to pool by session.
    /// Default: `DATABASE_URL`.
    pub url: String,
    /// The schema that the tables are in, which is created where there is none: lower-case
    /// letters, digits and `_`. Default: `voicera`.
    pub schema: String,
    /// How long an entry waits for others, so that many calls share one transaction; at most `1s`.
    /// `0s` writes each at once. Default: `100ms`.
    #[serde(with = "humantime_serde")]
    pub gather: Duration,
    /// After how long calls are forgotten, counted from when they began: `90days`. Default: never.
    #[serde(with = "humantime_serde")]
    pub keep: Option<Duration>,
    /// How many entries may wait in memory while the database does not take them; beyond it they
    /// are refused at once. An entry is a few kilobytes. Default: 10000.
    pub backlog: NonZeroUsize,
    /// How long a connection may take to be made, and a statement to be answered, before it has
    /// failed. Default: `10s`.
    #[serde(with = "humantime_serde")]
    pub wait: Duration,
    /// The most connections at a time beside the one that writes. Default: 4.
    pub connections: NonZeroU32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            url: "DATABASE_URL".to_owned(),
            schema: "voicera".to_owned(),
            gather: Duration::from_millis(100),
            keep: None,
            backlog: NonZeroUsize::new(10_000).unwrap_or(NonZeroUsize::MIN),
            wait: Duration::from_secs(10),
            connections: NonZeroU32::new(4).unwrap_or(NonZeroU32::MIN),
        }
    }
}
