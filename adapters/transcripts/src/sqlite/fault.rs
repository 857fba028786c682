//! What can go wrong with the file, and what that means for who asked.

use std::path::Path;
use std::sync::Arc;

use rusqlite::ErrorCode;
use rusqlite::ffi::SQLITE_IOERR_SHORT_READ;
use voicera::ports::archive::ArchiveError;
use voicera::ports::transcript_sink::SinkError;

use super::opening::OpenError;
use super::schema;
use crate::record::Unreadable;
use crate::writer::Unwritten;

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
pub(super) enum Fault {
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
    #[error(transparent)]
    Column(#[from] rusqlite::types::FromSqlError),
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// As SQLite's own check says it.
    #[error("{0}")]
    Found(String),
    #[error("it was moved, removed, emptied or replaced while it was open")]
    Lost,
    /// One that was to take its place.
    #[error(transparent)]
    Unopened(#[from] OpenError),
    #[error("it was opened to be read only")]
    ReadOnly,
    #[error(transparent)]
    Unwritten(#[from] Unwritten),
    #[error("the question was broken off")]
    Task(#[from] tokio::task::JoinError),
}

/// A fault, and the file that has it.
#[derive(Debug, thiserror::Error)]
#[error("{} {}", path.display(), fault.kind().says())]
pub(super) struct Trouble {
    pub(super) path: Arc<Path>,
    #[source]
    pub(super) fault: Arc<Fault>,
}

/// Kinds of faults, by what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Full,
    Locked,
    /// The system cannot read or write it.
    Unreachable,
    Damaged,
    /// What is written to it is not found any more.
    Lost,
    /// Only what was to be written is at fault.
    Refused,
    Other,
}

impl Fault {
    pub(super) fn kind(&self) -> Kind {
        match self {
            Self::Sqlite(error) => kind(error),
            Self::Column(_) | Self::Json(_) | Self::Unreadable(_) => Kind::Damaged,
            Self::Found(_) => Kind::Damaged,
            Self::Lost => Kind::Lost,
            Self::Unopened(_) => Kind::Unreachable,
            Self::ReadOnly => Kind::Refused,
            Self::Unwritten(_) | Self::Task(_) => Kind::Other,
        }
    }

    /// Whether the file is what is damaged, and not just a row of it.
    pub(super) fn is_of_the_file(&self) -> bool {
        match self {
            Self::Sqlite(error) => kind(error) == Kind::Damaged,
            Self::Found(_) | Self::Lost => true,
            Self::Column(_)
            | Self::Json(_)
            | Self::Unreadable(_)
            | Self::Unopened(_)
            | Self::ReadOnly
            | Self::Unwritten(_)
            | Self::Task(_) => false,
        }
    }
}

pub(super) fn kind(error: &rusqlite::Error) -> Kind {
    // The log beside the file ends before it should.
    if error.sqlite_error().map(|error| error.extended_code) == Some(SQLITE_IOERR_SHORT_READ) {
        return Kind::Damaged;
    }
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => Kind::Full,
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Kind::Locked,
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Kind::Damaged,
        Some(
            ErrorCode::SystemIoFailure
            | ErrorCode::CannotOpen
            | ErrorCode::ReadOnly
            | ErrorCode::PermissionDenied,
        ) => Kind::Unreachable,
        Some(ErrorCode::TooBig) => Kind::Refused,
        _ if lacks_a_table(error) => Kind::Damaged,
        _ => Kind::Other,
    }
}

/// Every file that is open has had its tables.
fn lacks_a_table(error: &rusqlite::Error) -> bool {
    let message = match error {
        rusqlite::Error::SqliteFailure(_, message) => message.as_deref(),
        rusqlite::Error::SqlInputError { msg, .. } => Some(msg.as_str()),
        _ => None,
    };
    message
        .and_then(|message| message.strip_prefix("no such table: "))
        .is_some_and(|table| schema::TABLES.contains(&table))
}

impl Kind {
    /// Whether everything else has the same fault, until somebody or time removes it.
    pub(super) fn passes(self) -> bool {
        match self {
            Self::Full | Self::Locked | Self::Unreachable => true,
            Self::Damaged | Self::Lost | Self::Refused | Self::Other => false,
        }
    }

    fn says(self) -> &'static str {
        match self {
            Self::Full => "has no space left on its disk; make some, and calls are kept again",
            Self::Locked => {
                "is locked by another process that is writing to it; let it finish, or end it"
            }
            Self::Unreachable => {
                "cannot be read or written; look at its disk, and at who may write there"
            }
            Self::Damaged => {
                "is damaged; restart the server, which sets aside one that it can check at its \
                 start, or stop it and read what can be read with `sqlite3 FILE .recover`"
            }
            Self::Lost => {
                "is not what it was when it was opened; restart the server, which opens what is \
                 there or begins a new one"
            }
            Self::Refused => "does not take this",
            Self::Other => "cannot be used",
        }
    }
}

impl From<Trouble> for SinkError {
    fn from(trouble: Trouble) -> Self {
        match trouble.fault.kind() {
            Kind::Refused => Self::Refused(trouble.into()),
            Kind::Full
            | Kind::Locked
            | Kind::Unreachable
            | Kind::Damaged
            | Kind::Lost
            | Kind::Other => Self::Unavailable(trouble.into()),
        }
    }
}

impl From<Trouble> for ArchiveError {
    fn from(trouble: Trouble) -> Self {
        match trouble.fault.kind() {
            Kind::Damaged | Kind::Lost => Self::Damaged(trouble.into()),
            Kind::Full | Kind::Locked | Kind::Unreachable | Kind::Refused | Kind::Other => {
                Self::Unavailable(trouble.into())
            }
        }
    }
}
