//! What can go wrong with the database, and what that means for who asked.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use voicera::ports::archive::ArchiveError;
use voicera::ports::transcript_sink::SinkError;

use super::opening::Database;
use crate::record::Unreadable;

/// Why something was not done, without what was to be written: that is personal.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{message}")]
pub(super) struct Fault {
    pub(super) kind: Kind,
    message: String,
}

/// A fault, and the database that has it.
#[derive(Clone, Debug, thiserror::Error)]
#[error("the database {} {}", database.name, database.says(fault.kind))]
pub(super) struct Trouble {
    pub(super) database: Arc<Database>,
    #[source]
    pub(super) fault: Fault,
}

/// Kinds of faults, by what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Unreachable,
    Unencrypted,
    Login,
    Absent,
    Rights,
    Standby,
    Slow,
    Crowded,
    Full,
    Incomplete,
    Damaged,
    /// Something that was kept is not what this version writes.
    Unreadable,
    /// Too much waits already.
    Backlog,
    /// Only what was to be written is at fault.
    Refused,
    Other,
}

impl Fault {
    pub(super) fn slow(limit: Duration) -> Self {
        let limit = humantime::format_duration(limit);
        Self::new(Kind::Slow, format!("there was no answer within {limit}"))
    }

    pub(super) fn read_only() -> Self {
        Self::new(Kind::Refused, "it was opened to be read only".to_owned())
    }

    pub(super) fn full(backlog: usize) -> Self {
        Self::new(Kind::Backlog, format!("{backlog} entries wait already"))
    }

    pub(super) fn gone() -> Self {
        let message = "the task that writes transcripts is gone";
        Self::new(Kind::Other, message.to_owned())
    }

    pub(super) fn lost() -> Self {
        let message = "a session is begun by several servers at once";
        Self::new(Kind::Other, message.to_owned())
    }

    fn new(kind: Kind, message: String) -> Self {
        Self { kind, message }
    }
}

impl From<sqlx::Error> for Fault {
    fn from(error: sqlx::Error) -> Self {
        let kind = match &error {
            sqlx::Error::Database(error) => {
                let code = error.code().unwrap_or_default();
                let message = format!("{} (SQLSTATE {code})", error.message());
                return Self::new(kind(&code), message);
            }
            sqlx::Error::Tls(_) => Kind::Unencrypted,
            // A certificate that is not trusted.
            sqlx::Error::Io(error) if error.kind() == io::ErrorKind::InvalidData => {
                Kind::Unencrypted
            }
            sqlx::Error::Io(_) | sqlx::Error::Protocol(_) => Kind::Unreachable,
            _ => Kind::Other,
        };
        Self::new(kind, error.to_string())
    }
}

impl From<serde_json::Error> for Fault {
    fn from(error: serde_json::Error) -> Self {
        // Its message quotes what was said.
        let message = format!("a record is not one at column {}", error.column());
        Self::new(Kind::Unreadable, message)
    }
}

impl From<Unreadable> for Fault {
    fn from(error: Unreadable) -> Self {
        Self::new(Kind::Unreadable, error.to_string())
    }
}

/// By PostgreSQL's appendix of error codes.
fn kind(code: &str) -> Kind {
    match code {
        "3D000" => Kind::Absent,
        "42501" => Kind::Rights,
        "25006" => Kind::Standby,
        "57014" | "55P03" | "25P03" => Kind::Slow,
        "53300" => Kind::Crowded,
        "53100" => Kind::Full,
        "3F000" | "42P01" | "42703" => Kind::Incomplete,
        "XX001" | "XX002" => Kind::Damaged,
        _ => match code.get(..2) {
            Some("08" | "57" | "55") => Kind::Unreachable,
            Some("28") => Kind::Login,
            Some("22" | "23" | "54") => Kind::Refused,
            _ => Kind::Other,
        },
    }
}

impl Kind {
    /// Whether it is not the database that is at fault.
    pub(super) fn is_of_the_work(self) -> bool {
        matches!(self, Self::Refused | Self::Unreadable)
    }

    /// Whether it stays until somebody has restored what was kept.
    fn is_to_be_mended(self) -> bool {
        matches!(self, Self::Damaged | Self::Incomplete | Self::Unreadable)
    }
}

impl Database {
    /// What is wrong, and what to do.
    fn says(&self, kind: Kind) -> String {
        let (url, schema) = (&self.url, &self.schema);
        match kind {
            Kind::Unreachable => {
                format!("cannot be reached: check that it runs, and the host and the port in {url}")
            }
            Kind::Unencrypted => {
                format!("cannot be reached by TLS: check `sslmode` and `sslrootcert` in {url}")
            }
            Kind::Login => {
                format!("does not let the server in: check the user and the password in {url}")
            }
            Kind::Absent => format!("does not exist: create it, or correct its name in {url}"),
            Kind::Rights => format!(
                "denies what is needed: let the user of {url} create the schema {schema} \
                 (GRANT CREATE ON DATABASE), or make it its owner"
            ),
            Kind::Standby => {
                format!("can only be read: let {url} name the primary, not a standby")
            }
            Kind::Slow => "takes too long: see what it is busy with, or raise `wait`".to_owned(),
            Kind::Crowded => "has no connection left: raise its max_connections, or lower \
                 `connections`"
                .to_owned(),
            Kind::Full => {
                "has no space left on its disk; make some, and calls are kept again".to_owned()
            }
            Kind::Incomplete => format!(
                "lacks a table in the schema {schema}: restore it, or start the server again, \
                 which begins a new one"
            ),
            Kind::Damaged => "is damaged: restore it from a backup".to_owned(),
            Kind::Unreadable => format!(
                "has something in the schema {schema} that this version cannot read: use the \
                 version that wrote it"
            ),
            Kind::Backlog => "takes no entries, and no more may wait (`backlog`)".to_owned(),
            Kind::Refused => "does not take this".to_owned(),
            Kind::Other => "cannot be used".to_owned(),
        }
    }

    pub(super) fn trouble(self: &Arc<Self>, fault: Fault) -> Trouble {
        Trouble {
            database: Arc::clone(self),
            fault,
        }
    }
}

impl From<Trouble> for SinkError {
    fn from(trouble: Trouble) -> Self {
        match trouble.fault.kind.is_of_the_work() {
            true => Self::Refused(trouble.into()),
            false => Self::Unavailable(trouble.into()),
        }
    }
}

impl From<Trouble> for ArchiveError {
    fn from(trouble: Trouble) -> Self {
        match trouble.fault.kind.is_to_be_mended() {
            true => Self::Damaged(trouble.into()),
            false => Self::Unavailable(trouble.into()),
        }
    }
}
