//! Opens the file, and says what is wrong with it.

use std::fs::OpenOptions;
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::fault::{self, Fault, Kind};
use super::{Access, Damaged, Settings, schema};

/// A file up to this size is looked at whole when it is opened, which takes some 60 ms; of a larger
/// one, only its beginning.
const SMALL: u64 = 64 << 20;

/// How many statements a connection remembers.
const STATEMENTS: usize = 64;

/// What SQLite adds to the name of the file for those that it has open.
pub(super) const ENDINGS: [&str; 3] = ["", "-wal", "-shm"];

/// Why a file cannot hold transcripts, or has none.
#[derive(Debug, thiserror::Error)]
#[error("{} {trouble}", path.display())]
pub struct OpenError {
    path: PathBuf,
    trouble: Trouble,
    #[source]
    source: Option<Source>,
}

type Source = Box<dyn std::error::Error + Send + Sync>;

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
enum Trouble {
    #[error("cannot be opened")]
    Unopened,
    #[error("does not exist: no call has been kept there")]
    Absent,
    #[error(
        "is damaged: move it and its -wal file away, or set `damaged = \"set_aside\"` and start \
         the server"
    )]
    Damaged,
    #[error("is locked by another process: end it, or choose another `path`")]
    Locked,
    #[error("belongs to another program: choose another `path`")]
    Foreign,
    #[error("was written by a later version: use that one, or choose another `path`")]
    Later,
    #[error("was written by an earlier version: start the server once, which brings it up to date")]
    Earlier,
}

impl OpenError {
    pub(super) fn io(path: &Path, error: io::Error) -> Self {
        Self {
            path: path.to_owned(),
            trouble: Trouble::Unopened,
            source: Some(error.into()),
        }
    }

    fn of(path: &Path, trouble: Trouble) -> Self {
        Self {
            path: path.to_owned(),
            trouble,
            source: None,
        }
    }

    fn sqlite(path: &Path, error: rusqlite::Error) -> Self {
        let trouble = match fault::kind(&error) {
            Kind::Damaged => Trouble::Damaged,
            Kind::Locked => Trouble::Locked,
            Kind::Full | Kind::Unreachable | Kind::Lost | Kind::Refused | Kind::Other => {
                Trouble::Unopened
            }
        };
        Self {
            path: path.to_owned(),
            trouble,
            source: Some(error.into()),
        }
    }
}

pub(super) fn open(settings: &Settings, access: Access) -> Result<Connection, OpenError> {
    let path = settings.path.as_path();
    match access {
        Access::Keep => create(path).map_err(|error| OpenError::io(path, error))?,
        Access::Change | Access::Read if !path.exists() => {
            return Err(OpenError::of(path, Trouble::Absent));
        }
        Access::Change | Access::Read => {}
    }
    match (prepare(settings, access), access, settings.damaged) {
        (Err(error), Access::Keep, Damaged::SetAside) if error.trouble == Trouble::Damaged => {
            let aside = set_aside(path, ENDINGS).map_err(|error| OpenError::io(path, error))?;
            tracing::error!(
                path = %path.display(),
                aside = aside.map(|aside| aside.display().to_string()),
                error = &error as &dyn std::error::Error,
                "the archive was damaged: it is set aside under another name, where \
                 `sqlite3 NAME .recover` reads what can be read, and a new one is begun"
            );
            create(path).map_err(|error| OpenError::io(path, error))?;
            prepare(settings, access)
        }
        (prepared, ..) => prepared,
    }
}

/// Fails when a file is damaged, as far as that is seen when it is opened.
pub(super) fn examine(path: &Path, wait: Duration) -> Result<(), Fault> {
    let examined = connect(path, wait).and_then(|store| {
        kind_of_file(&store)?;
        damage(&store, path)
    });
    match examined {
        Ok(Some(damage)) => Err(Fault::Found(damage)),
        Err(error) if fault::kind(&error) == Kind::Damaged => Err(error.into()),
        // What else is wrong is met by who writes.
        Ok(None) | Err(_) => Ok(()),
    }
}

/// A connection that reads a file that is open already.
pub(super) fn reader(path: &Path, wait: Duration) -> rusqlite::Result<Connection> {
    let store = connect(path, wait)?;
    store.pragma_update(None, "query_only", true)?;
    Ok(store)
}

/// Renames those of the files that are there; answers what the first is called now.
pub(super) fn set_aside(
    path: &Path,
    endings: impl IntoIterator<Item = &'static str>,
) -> io::Result<Option<PathBuf>> {
    let now = humantime::format_rfc3339_millis(SystemTime::now()).to_string();
    let name = beside(path, &format!(".damaged-{}", now.replace(':', "")));
    let mut aside = None;
    for ending in endings {
        let to = beside(&name, ending);
        match std::fs::rename(beside(path, ending), &to) {
            Ok(()) => aside = aside.or(Some(to)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(aside)
}

/// What has the same name, and more of it.
pub(super) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// Transcripts are personal, so the file is its owner's; SQLite gives the files beside it the same
/// rights.
fn create(path: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

fn prepare(settings: &Settings, access: Access) -> Result<Connection, OpenError> {
    let path = settings.path.as_path();
    let failed = |error| OpenError::sqlite(path, error);
    let mut store = connect(path, settings.wait).map_err(failed)?;
    let (version, application, tables) = kind_of_file(&store).map_err(failed)?;
    let fresh = version == 0 && tables == 0;
    match application {
        schema::APPLICATION => {}
        _ if fresh => {}
        _ => return Err(OpenError::of(path, Trouble::Foreign)),
    }
    if version > schema::latest() {
        return Err(OpenError::of(path, Trouble::Later));
    }
    if access == Access::Read {
        return match version == schema::latest() {
            true => Ok(store),
            false if fresh => Err(OpenError::of(path, Trouble::Absent)),
            false => Err(OpenError::of(path, Trouble::Earlier)),
        };
    }
    if let Some(damage) = damage(&store, path).map_err(failed)? {
        return Err(OpenError {
            source: Some(damage.into()),
            ..OpenError::of(path, Trouble::Damaged)
        });
    }
    set_up(&store, settings).map_err(failed)?;
    schema::bring_up_to_date(&mut store).map_err(failed)?;
    Ok(store)
}

fn connect(path: &Path, wait: Duration) -> rusqlite::Result<Connection> {
    // It can be written to because the log beside the file has to be, even by who only reads.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let store = Connection::open_with_flags(path, flags)?;
    store.busy_timeout(wait)?;
    store.set_prepared_statement_cache_capacity(STATEMENTS);
    // Else each statement is planned again for other values, which costs more than to run it.
    store.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(store)
}

/// The version of the file, which program it belongs to, and how many tables it has.
fn kind_of_file(store: &Connection) -> rusqlite::Result<(i64, i32, i64)> {
    // Another process may be about to make a file of this version of it.
    let view = store.unchecked_transaction()?;
    let version = schema::version(&view)?;
    let application = view.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let tables = "SELECT count(*) FROM sqlite_schema";
    let tables = view.query_row(tables, [], |row| row.get(0))?;
    Ok((version, application, tables))
}

/// What SQLite's own check finds.
fn damage(store: &Connection, path: &Path) -> rusqlite::Result<Option<String>> {
    let small = path.metadata().is_ok_and(|file| file.len() <= SMALL);
    if !small {
        return Ok(None);
    }
    let mut found = String::new();
    store.pragma_query(None, "quick_check", |row| {
        found = row.get(0)?;
        Ok(())
    })?;
    Ok(Some(found).filter(|found| found != "ok"))
}

fn set_up(store: &Connection, settings: &Settings) -> rusqlite::Result<()> {
    // Only a new file takes this one, before anything is written to it.
    store.pragma_update(None, "auto_vacuum", "incremental")?;
    write_ahead(store, settings.wait)?;
    // Without `sync` the log is not synchronised, but the file never gets ahead of it.
    let synchronous = match settings.sync {
        false => "normal",
        true => "full",
    };
    store.pragma_update(None, "synchronous", synchronous)?;
    // What is forgotten is overwritten.
    store.pragma_update(None, "secure_delete", true)?;
    store.pragma_update(None, "foreign_keys", false)?;
    // Each call that goes on has a page that its entries go to: with a thousand calls many of them
    // stay in memory, and the rest is in the system's.
    store.pragma_update(None, "cache_size", -3_000)?;
    store.pragma_update(None, "wal_autocheckpoint", 4000)?;
    store.pragma_update(None, "journal_size_limit", 64 << 20)
}

/// Two processes that find a new file at once cannot both switch it over, and SQLite does not make
/// the second one wait.
fn write_ahead(store: &Connection, wait: Duration) -> rusqlite::Result<()> {
    let begun = Instant::now();
    loop {
        let outcome = store.pragma_update(None, "journal_mode", "wal");
        match outcome {
            Err(error) if fault::kind(&error) == Kind::Locked && begun.elapsed() < wait => {
                thread::sleep(Duration::from_millis(10));
            }
            outcome => return outcome,
        }
    }
}
