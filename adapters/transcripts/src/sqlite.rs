//! The archive in a file: an SQLite database that keeps transcripts, answers questions about them,
//! and holds what waits to be sent.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use serde::Deserialize;
use voicera::digest::Digest;
use voicera::insight::Analysis;
use voicera::ports::archive::{ArchiveError, Transcript, Wanted, Which};
use voicera::ports::transcript_sink::{Entry, SinkError};
use voicera::ports::{Archive, TranscriptSink};
use voicera::words::CallId;

use crate::outbox::{Claim, Outbox, Outcome, Parcel, State, Subscription};
use crate::record::Line;
use crate::writer::{BACKLOG, Bound, GATHER};

mod schema;

mod opening;

mod fault;

mod pen;

mod readers;

mod anew;

mod keeping;

mod reading;

mod forgetting;

mod parcels;

pub use opening::OpenError;

use anew::{Edition, Place};
use fault::{Fault, Trouble};
use pen::{Patience, Pen};
use readers::Readers;

/// What a user sets.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// The file, which is created where there is none. SQLite keeps two more beside it while it is
    /// open, of the same name with `-wal` and `-shm`. Default: `calls.sqlite`.
    pub path: PathBuf,
    /// Whether every write reaches the disk itself, so that entries outlive a loss of power.
    /// Default: false; entries outlive the end of the process either way, and the file is whole
    /// after a loss of power.
    pub sync: bool,
    /// How long an entry waits for others, so that many calls share one write; at most `1s`. `0s`
    /// writes each at once. Default: `100ms`.
    #[serde(with = "humantime_serde")]
    pub gather: Duration,
    /// How many entries may wait in memory while the file cannot be written, on a full disk say;
    /// what comes beyond it is lost. Default: 10000.
    pub backlog: usize,
    /// After how long calls are forgotten, counted from when they began: `90days`. Default: never.
    #[serde(with = "humantime_serde")]
    pub keep: Option<Duration>,
    /// How long to wait for another process that is writing to the file. Default: `5s`.
    #[serde(with = "humantime_serde")]
    pub wait: Duration,
    /// What to do with a damaged file, when the server starts and while it runs. Default:
    /// `set_aside`.
    pub damaged: Damaged,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            path: "calls.sqlite".into(),
            sync: false,
            gather: GATHER,
            backlog: BACKLOG,
            keep: None,
            wait: Duration::from_secs(5),
            damaged: Damaged::default(),
        }
    }
}

/// What to do with a damaged file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Damaged {
    /// It is renamed and a new one begun, so that calls are answered and kept.
    #[default]
    SetAside,
    /// Nothing starts until somebody has looked at it; entries are lost while the server runs.
    Refuse,
}

/// What a file is opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// To keep calls: the file is created where there is none, and one that is damaged is treated
    /// as the settings say.
    Keep,
    /// To change what is there: nothing is created and nothing set aside.
    Change,
    /// To read what is there: nothing is created, and what would change it is refused.
    Read,
}

/// The archive in a file.
///
/// Any number of processes may have it open at once. Who writes waits for the others at most
/// [`Settings::wait`]; who reads waits for nobody.
///
/// Entries that cannot be written for now (the disk is full, another process has locked the file)
/// wait in memory, up to [`Settings::backlog`] of them, and are written in order when they can be,
/// also when their `append` was dropped meanwhile. The log says when that begins and when it is
/// over.
///
/// A file that is damaged, moved, removed, emptied or replaced while it is open is left, and a new
/// one begun in its place, as [`Settings::damaged`] says. The log says so, and what waits is
/// written there. Unfinished calls are brought over as far as they can be read. That is done a few
/// times at most; then, and where it is not allowed, entries are lost. Everything else fails with
/// what is in its way.
#[derive(Debug)]
pub struct Sqlite {
    path: Arc<Path>,
    wait: Duration,
    readers: Readers,
    /// Without one the file is opened to be read.
    pen: Option<Pen>,
    subscriptions: Arc<[Subscription]>,
}

impl Sqlite {
    /// Opens a file. It blocks while it looks at the file: small ones are read whole.
    ///
    /// # Errors
    ///
    /// When the file cannot be opened, is damaged, or is not one of this version or an earlier one.
    pub fn open(
        settings: &Settings,
        access: Access,
        subscriptions: Vec<Subscription>,
    ) -> Result<Self, OpenError> {
        let connection = opening::open(settings, access)?;
        let path: Arc<Path> = settings.path.as_path().into();
        let subscriptions: Arc<[_]> = subscriptions.into();
        let edition = Edition::default();
        let pen = match access {
            Access::Read => None,
            Access::Keep | Access::Change => {
                let bound = Bound {
                    gather: settings.gather,
                    backlog: settings.backlog,
                };
                let place = (access == Access::Keep)
                    .then(|| Place::new(settings, Arc::clone(&subscriptions), edition.clone()));
                let pen = Pen::start(connection, Arc::clone(&path), place, bound);
                Some(pen.map_err(|error| OpenError::io(&path, error))?)
            }
        };
        Ok(Self {
            readers: Readers::new(Arc::clone(&path), settings.wait, edition),
            wait: settings.wait,
            pen,
            subscriptions,
            path,
        })
    }

    /// Does something that changes the file, in one step: all of it or nothing.
    async fn write<T: Send + 'static>(
        &self,
        patience: Patience,
        size: usize,
        work: impl FnMut(&rusqlite::Connection) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Trouble> {
        let Some(pen) = &self.pen else {
            return Err(self.trouble(Arc::new(Fault::ReadOnly)));
        };
        let written = pen.write(patience, size, work).await;
        written.map_err(|fault| self.trouble(fault))
    }

    async fn read<T: Send + 'static>(
        &self,
        question: impl Fn(&rusqlite::Connection) -> Result<T, Fault> + Clone + Send + 'static,
    ) -> Result<T, ArchiveError> {
        let mut read = self.readers.ask(question.clone()).await;
        if let (Err(fault), Some(pen)) = (&read, &self.pen)
            && fault.is_of_the_file()
        {
            // Who writes may have read all it needs before the damage.
            let (path, wait) = (Arc::clone(&self.path), self.wait);
            let examine = move |_: &_| opening::examine(&path, wait);
            let _ = pen.write(Patience::Short, TASK, examine).await;
            read = self.readers.ask(question).await;
        }
        Ok(read.map_err(|fault| self.trouble(Arc::new(fault)))?)
    }

    fn trouble(&self, fault: Arc<Fault>) -> Trouble {
        Trouble {
            path: Arc::clone(&self.path),
            fault,
        }
    }
}

#[async_trait]
impl TranscriptSink for Sqlite {
    async fn append(&self, entry: &Entry) -> Result<(), SinkError> {
        let line = Line::of(entry).map_err(|error| SinkError::Refused(error.into()))?;
        let subscriptions = Arc::clone(&self.subscriptions);
        let size = line.size();
        let append = move |store: &_| keeping::append(store, &line, &subscriptions);
        Ok(self.write(Patience::Lasting, size, append).await?)
    }

    async fn conclude(&self, call: &CallId, analysis: &Analysis) -> Result<(), SinkError> {
        let subscriptions = Arc::clone(&self.subscriptions);
        let (id, analysis) = (call.clone(), analysis.clone());
        let conclude = move |store: &_| keeping::conclude(store, &id, &analysis, &subscriptions);
        match self.write(Patience::Short, TASK, conclude).await? {
            true => Ok(()),
            false => Err(SinkError::Refused(
                format!("there is no call {call}").into(),
            )),
        }
    }
}

#[async_trait]
impl Archive for Sqlite {
    async fn calls(&self, wanted: &Wanted) -> Result<Vec<Digest>, ArchiveError> {
        let wanted = wanted.clone();
        self.read(move |store| reading::calls(store, &wanted)).await
    }

    async fn call(&self, id: &CallId) -> Result<Option<Transcript>, ArchiveError> {
        let id = id.clone();
        self.read(move |store| reading::call(store, &id)).await
    }

    async fn forget(&self, which: &Which) -> Result<u64, ArchiveError> {
        let mut forgotten = 0;
        loop {
            let which = which.clone();
            let some = self.write(Patience::Short, TASK, move |store| {
                forgetting::some(store, &which)
            });
            let some = some.await?;
            forgotten += some;
            if some == 0 {
                break;
            }
        }
        if forgotten > 0 {
            while self
                .write(Patience::Short, TASK, forgetting::shrink)
                .await?
            {}
            self.read(forgetting::empty_log).await?;
        }
        Ok(forgotten)
    }
}

#[async_trait]
impl Outbox for Sqlite {
    async fn claim(&self, claim: &Claim) -> Result<Vec<Parcel>, ArchiveError> {
        let claim = claim.clone();
        let claimed = self.write(Patience::Short, TASK, move |store| {
            parcels::claim(store, &claim)
        });
        Ok(claimed.await?)
    }

    async fn settle(&self, parcel: &Parcel, outcome: &Outcome) -> Result<(), ArchiveError> {
        let (parcel, outcome) = (parcel.clone(), outcome.clone());
        let settled = self.write(Patience::Short, TASK, move |store| {
            parcels::settle(store, &parcel, &outcome)
        });
        Ok(settled.await?)
    }

    async fn parcels(
        &self,
        state: Option<State>,
        limit: usize,
    ) -> Result<Vec<Parcel>, ArchiveError> {
        self.read(move |store| parcels::list(store, state, limit))
            .await
    }

    async fn retry(&self, id: Option<&str>) -> Result<u64, ArchiveError> {
        let id = id.map(str::to_owned);
        let retried = self.write(Patience::Short, TASK, move |store| {
            parcels::retry(store, id.as_deref())
        });
        Ok(retried.await?)
    }

    async fn waiting(&self) -> Result<Vec<(String, u64)>, ArchiveError> {
        self.read(parcels::waiting).await
    }

    async fn give_up(&self, destination: &str, trouble: &str) -> Result<u64, ArchiveError> {
        let (destination, trouble) = (destination.to_owned(), trouble.to_owned());
        let given_up = self.write(Patience::Short, TASK, move |store| {
            parcels::give_up(store, &destination, &trouble)
        });
        Ok(given_up.await?)
    }

    async fn discard(&self, destination: &str) -> Result<u64, ArchiveError> {
        let destination = destination.to_owned();
        let discarded = self.write(Patience::Short, TASK, move |store| {
            parcels::discard(store, &destination)
        });
        Ok(discarded.await?)
    }
}

/// How much of a batch something takes that is not an entry, in bytes.
const TASK: usize = 32 * 1024;

#[cfg(test)]
mod tests;
