//! Begins a new file where the one that is open cannot be used any more, while calls go on.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use rusqlite::{Connection, Transaction, TransactionBehavior};
use voicera::ports::chain;

use super::fault::Fault;
use super::keeping;
use super::opening::{self, OpenError};
use super::{Access, Damaged, Settings, reading};
use crate::outbox::Subscription;
use crate::record::Line;

/// How often in the life of a process: somebody has to look at a disk that damages one file after
/// the other.
const MOST: u32 = 3;

/// The smallest page of SQLite. A file that is open has its first one at least.
const PAGE: u64 = 512;

/// Calls that go on or that nobody has looked at, and those of which something waits to be sent; so
/// many of each that entries need not wait long.
const UNFINISHED: [&str; 2] = [
    "SELECT number FROM calls WHERE state < 2 ORDER BY started DESC LIMIT 2000",
    "SELECT call FROM parcels WHERE dead = 0 ORDER BY number DESC LIMIT 2000",
];

/// Counts the files that were begun. Nobody opens one while it is being begun.
#[derive(Clone, Debug, Default)]
pub(super) struct Edition(Arc<RwLock<u32>>);

impl Edition {
    pub(super) fn read(&self) -> RwLockReadGuard<'_, u32> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Where the file is, and what a new one there is to be like.
#[derive(Debug)]
pub(super) struct Place {
    settings: Settings,
    subscriptions: Arc<[Subscription]>,
    edition: Edition,
    files: [File; 3],
    left: u32,
    /// Why the old file was left and what it is called now, until a new one is open.
    why: Option<String>,
    aside: Option<PathBuf>,
    /// Whether there is something to read in it.
    recoverable: bool,
}

impl Place {
    /// Of a file that is open.
    pub(super) fn new(
        settings: &Settings,
        subscriptions: Arc<[Subscription]>,
        edition: Edition,
    ) -> Self {
        Self {
            settings: settings.clone(),
            subscriptions,
            edition,
            files: files(&settings.path),
            left: MOST,
            why: None,
            aside: None,
            recoverable: false,
        }
    }

    /// Whether who opens the file now does not find what is written to the one that is open.
    pub(super) fn is_lost(&self) -> bool {
        let [main, ..] = &self.files;
        main.is_emptied() || self.files.iter().any(File::is_lost)
    }

    /// Sets aside what is left of the old file, and answers the one that is written from now on.
    /// `None` where the old one has to do.
    pub(super) fn begin_anew(
        &mut self,
        old: &Connection,
        fault: &Fault,
    ) -> Result<Option<Connection>, OpenError> {
        let path = self.settings.path.as_path();
        let [main, ..] = &self.files;
        let gone = main.is_lost() || main.is_emptied();
        let refused = self.settings.damaged == Damaged::Refuse && !gone;
        if self.left == 0 || refused {
            return Ok(None);
        }
        self.why.get_or_insert_with(|| chain(fault));
        self.recoverable |= !gone;
        let (mut new, found) = {
            let mut edition = self.edition.0.write();
            let edition = edition.as_mut().unwrap_or_else(|lock| lock.get_mut());
            // Also one that was emptied: the old connection would write to it when it is closed.
            let left = self.files.iter().filter(|file| !file.is_lost());
            let aside = opening::set_aside(path, left.map(|file| file.ending));
            let aside = aside.map_err(|error| OpenError::io(path, error))?;
            self.aside = self.aside.take().or(aside);
            let other = path.metadata().is_ok_and(|file| file.len() > 0);
            let other = mark(path).ok().flatten().filter(|_| other);
            let new = opening::open(&self.settings, Access::Keep)?;
            **edition += 1;
            (new, other.is_some() && mark(path).ok().flatten() == other)
        };
        self.left -= 1;
        self.files = files(path);
        let brought = bring_over(old, &mut new, &self.subscriptions);
        let recoverable = std::mem::take(&mut self.recoverable);
        tracing::error!(
            path = %path.display(),
            aside = self.aside.take().map(|aside| aside.display().to_string()),
            error = self.why.take(),
            calls.brought = brought.calls,
            calls.left_behind = brought.left_behind,
            trouble = brought.trouble.map(|trouble| chain(&trouble)),
            "{}", says(found, recoverable)
        );
        Ok(Some(new))
    }
}

/// `found` is another archive in place of the old one; one that is `recoverable` was set aside.
fn says(found: bool, recoverable: bool) -> &'static str {
    match (found, recoverable) {
        (true, _) => {
            "the archive's file was replaced: the one found in its place is used from now on, with \
             the unfinished calls that could be brought over"
        }
        (false, true) => {
            "the archive's file cannot be used any more: what is left of it is set aside under \
             another name, and a new one is begun with the unfinished calls that could be brought \
             over; `sqlite3 NAME .recover` reads what can be read of a damaged file"
        }
        (false, false) => {
            "the archive's file is gone or empty: a new one is begun with the unfinished calls \
             that could be brought over"
        }
    }
}

/// One of those that SQLite has open, and which one that is.
#[derive(Debug)]
struct File {
    ending: &'static str,
    path: PathBuf,
    mark: Option<Mark>,
}

/// Tells a file from another of the same name.
type Mark = (u64, u64);

fn files(path: &Path) -> [File; 3] {
    opening::ENDINGS.map(|ending| {
        let path = opening::beside(path, ending);
        let mark = mark(&path).ok().flatten();
        File { ending, path, mark }
    })
}

impl File {
    /// Whether another has its name now, or none.
    fn is_lost(&self) -> bool {
        self.mark.is_some() && mark(&self.path).is_ok_and(|mark| mark != self.mark)
    }

    /// Whether nothing is left in it, which is nothing unusual for the files beside the main one.
    fn is_emptied(&self) -> bool {
        self.path.metadata().is_ok_and(|file| file.len() < PAGE)
    }
}

/// `None` where there is no file.
#[cfg(unix)]
fn mark(path: &Path) -> io::Result<Option<Mark>> {
    use std::os::unix::fs::MetadataExt as _;
    match path.metadata() {
        Ok(file) => Ok(Some((file.dev(), file.ino()))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Nobody removes a file here while it is open.
#[cfg(not(unix))]
fn mark(_: &Path) -> io::Result<Option<Mark>> {
    Err(io::ErrorKind::Unsupported.into())
}

/// What became of the unfinished calls.
#[derive(Debug, Default)]
struct Brought {
    calls: u64,
    left_behind: u64,
    /// The first that was in the way.
    trouble: Option<Fault>,
}

/// Keeps unfinished calls again, each as far as it can be read from its beginning, and what is to
/// be sent of them: some of it a second time, under the same ids.
fn bring_over(old: &Connection, new: &mut Connection, subscriptions: &[Subscription]) -> Brought {
    let mut brought = Brought::default();
    let mut calls = BTreeSet::new();
    for sql in UNFINISHED {
        // What was read before an error counts.
        let listed = old.prepare(sql).and_then(|mut statement| {
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                calls.insert(row.get::<_, i64>(0)?);
            }
            Ok(())
        });
        if let Err(error) = listed {
            brought.trouble.get_or_insert(error.into());
        }
    }
    let all = calls.len() as u64;
    let kept = (|| {
        let mut step = new.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for call in calls {
            match bring_one_over(old, call, &mut step, subscriptions) {
                Ok(()) => brought.calls += 1,
                Err(fault) => {
                    brought.trouble.get_or_insert(fault);
                }
            }
        }
        step.commit()
    })();
    if let Err(error) = kept {
        brought.calls = 0;
        brought.trouble.get_or_insert(error.into());
    }
    brought.left_behind = all - brought.calls;
    brought
}

/// All that can be read of a call, or nothing where that cannot be kept.
fn bring_one_over(
    old: &Connection,
    call: i64,
    step: &mut Transaction<'_>,
    subscriptions: &[Subscription],
) -> Result<(), Fault> {
    let step = step.savepoint()?;
    let mut entries = Vec::new();
    let read = reading::entries(old, call, &mut entries);
    let Some(first) = entries.first() else {
        return read;
    };
    for entry in &entries {
        keeping::append(&step, &Line::of(entry)?, subscriptions)?;
    }
    for analysis in reading::analyses(old, call).unwrap_or_default() {
        keeping::conclude(&step, &first.call.id, &analysis, subscriptions)?;
    }
    Ok(step.commit()?)
}
