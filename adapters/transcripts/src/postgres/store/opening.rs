//! Reaches the database, and brings it up to date.

use std::fmt;
use std::str::FromStr as _;
use std::sync::Arc;
use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, PgConnection};

use super::fault::{Fault, Trouble};
use super::{Settings, schema};
use crate::sqlite::Access;

/// Why a database cannot hold transcripts, or has none.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct OpenError(#[from] Wrong);

#[derive(Debug, thiserror::Error)]
enum Wrong {
    #[error("{0} is not the url of a database, as postgres://user:password@host:5432/database")]
    Url(String),
    #[error("`schema` is {0:?}: take lower-case letters, digits and `_`, at most 63")]
    Schema(String),
    #[error(
        "the schema {schema} of the database {name} does not exist: no call has been kept there"
    )]
    Absent { name: String, schema: String },
    #[error(
        "the schema {schema} of the database {name} belongs to a later version of this program: \
         use that one, or choose another `schema`"
    )]
    Later { name: String, schema: String },
    #[error(
        "the schema {schema} of the database {name} is of an earlier version: start the server \
         once, which brings it up to date"
    )]
    Earlier { name: String, schema: String },
    #[error("the database {0} keeps text as {1}: create it with ENCODING 'UTF8'")]
    Encoding(String, String),
    #[error(transparent)]
    Trouble(#[from] Trouble),
}

/// How to reach a database. It has the password, and tells nobody.
pub(super) struct Database {
    /// As messages have it.
    pub(super) name: String,
    /// The variable that has the url.
    pub(super) url: String,
    pub(super) schema: String,
    options: PgConnectOptions,
    wait: Duration,
}

/// How many statements' time a step may take. Each statement is bounded by the database; this is
/// for one that has vanished.
const STATEMENTS: u32 = 3;

/// Refuses what is no database of this program, or brings it up to date. The connection is good.
pub(super) async fn open(
    settings: &Settings,
    url: &SecretString,
    access: Access,
) -> Result<(Database, PgConnection), OpenError> {
    let database = Database::of(settings, url)?;
    let (name, schema) = (database.name.clone(), database.schema.clone());
    let prepared = async {
        let mut connection = database.connect().await?;
        let prepared = prepare(&mut connection, &name, &schema, access);
        let prepared = database.in_time(prepared).await?;
        Ok(prepared.map(|()| connection))
    };
    let prepared: Result<_, Fault> = prepared.await;
    match prepared {
        Ok(prepared) => Ok((database, prepared?)),
        Err(fault) => Err(Wrong::from(Arc::new(database).trouble(fault)).into()),
    }
}

impl Database {
    fn of(settings: &Settings, url: &SecretString) -> Result<Self, Wrong> {
        // What is wrong with it may have the password.
        let wrong = || Wrong::Url(settings.url.clone());
        let url = url.expose_secret();
        if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
            return Err(wrong());
        }
        let options = PgConnectOptions::from_str(url).map_err(|_| wrong())?;
        let schema = settings.schema.as_str();
        let letters = schema
            .bytes()
            .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'));
        if schema.is_empty() || schema.len() > 63 || !letters || is_digit(schema) {
            return Err(Wrong::Schema(schema.to_owned()));
        }
        let wait = settings.wait.max(Duration::from_millis(1));
        let milliseconds = |time: Duration| time.as_millis().min(i32::MAX as u128).to_string();
        let options = match options.get_application_name() {
            Some(_) => options,
            None => options.application_name("voicera"),
        };
        let host = match options.get_socket() {
            Some(socket) => socket.display().to_string(),
            None => options.get_host().to_owned(),
        };
        Ok(Self {
            name: format!(
                "{} at {host}:{}",
                options.get_database().unwrap_or(options.get_username()),
                options.get_port()
            ),
            url: settings.url.clone(),
            schema: schema.to_owned(),
            options: options
                .options([
                    ("search_path", schema),
                    // What is wrong comes as an error; as a notice it would be logged once more,
                    // by each connection, without what to do.
                    ("client_min_messages", "error"),
                    ("statement_timeout", &milliseconds(wait)),
                    // Whoever vanishes in a transaction keeps nobody else waiting for ever.
                    (
                        "idle_in_transaction_session_timeout",
                        &milliseconds(wait.saturating_mul(STATEMENTS)),
                    ),
                ])
                .disable_statement_logging(),
            wait,
        })
    }

    pub(super) async fn connect(&self) -> Result<PgConnection, Fault> {
        let connected = tokio::time::timeout(self.wait, self.options.connect());
        Ok(connected.await.map_err(|_| Fault::slow(self.wait))??)
    }

    pub(super) async fn in_time<T>(
        &self,
        work: impl Future<Output = Result<T, Fault>>,
    ) -> Result<T, Fault> {
        let limit = self.wait.saturating_mul(STATEMENTS);
        let done = tokio::time::timeout(limit, work).await;
        done.unwrap_or_else(|_| Err(Fault::slow(limit)))
    }
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Database")
            .field("name", &self.name)
            .field("schema", &self.schema)
            .finish_non_exhaustive()
    }
}

async fn prepare(
    store: &mut PgConnection,
    name: &str,
    schema: &str,
    access: Access,
) -> Result<Result<(), Wrong>, Fault> {
    let encoding: String = sqlx::query_scalar("SHOW server_encoding")
        .fetch_one(&mut *store)
        .await?;
    if encoding != "UTF8" {
        return Ok(Err(Wrong::Encoding(name.to_owned(), encoding)));
    }
    let mut step = store.begin().await?;
    schema::lock(&mut step, schema).await?;
    let version = schema::version(&mut step, schema).await?;
    let (name, latest) = (name.to_owned(), schema::latest());
    let schema = schema.to_owned();
    let prepared = match (version, access) {
        (Some(version), _) if version > latest => Err(Wrong::Later { name, schema }),
        (Some(version), _) if version == latest => Ok(()),
        (None | Some(0), Access::Change | Access::Read) => Err(Wrong::Absent { name, schema }),
        (Some(_), Access::Read) => Err(Wrong::Earlier { name, schema }),
        (None, Access::Keep) => {
            schema::create(&mut step, &schema).await?;
            schema::bring_up_to_date(&mut step, 0).await?;
            Ok(())
        }
        (Some(version), Access::Keep | Access::Change) => {
            schema::bring_up_to_date(&mut step, version).await?;
            Ok(())
        }
    };
    // Others wait for its end.
    step.commit().await?;
    Ok(prepared)
}

fn is_digit(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_digit())
}
