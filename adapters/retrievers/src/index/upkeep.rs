//! What is done about an index that is missing, made for another configuration, or damaged.

use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use serde::Deserialize;
use voicera::ports::chain;

use crate::index::update::{Changes, Plan, UpdateError, Watcher, update};
use crate::index::{Catalogue, IndexError, Start, Store};

/// Where the index is and how it is kept up, in `[retriever]`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// The folder of the index, or `memory` for one that is built at each start and written
    /// nowhere. Default `.voicera/index`.
    pub path: Place,
    /// Whether the index is brought up to date when the server starts, at the price of reading
    /// every document once. One that is not there is always built. Default true.
    pub update_at_start: bool,
    /// How changes of documents are noticed while the server runs: `off`, `events` of the
    /// operating system, or `poll`, which finds them on network drives too. Default `off`.
    pub watch: Watch,
    /// How long documents have to be left alone before they are read again. Default 2s.
    #[serde(with = "humantime_serde")]
    pub settle: Duration,
    /// What to do with an index that cannot be read: `rebuild` (the default) or `refuse`.
    pub damaged: Remedy,
    /// What to do with an index that was made with other settings of chunks, words or
    /// embedding: `rebuild` or `refuse` (the default), which names the command that makes it anew.
    pub outdated: Remedy,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            path: Place::default(),
            update_at_start: true,
            watch: Watch::Off,
            settle: Duration::from_secs(2),
            damaged: Remedy::Rebuild,
            outdated: Remedy::Refuse,
        }
    }
}

/// Where an index is.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "PathBuf")]
pub enum Place {
    Memory,
    Folder(PathBuf),
}

impl Default for Place {
    fn default() -> Self {
        Self::Folder(PathBuf::from(".voicera/index"))
    }
}

impl From<PathBuf> for Place {
    fn from(path: PathBuf) -> Self {
        match path.to_str() {
            Some("memory") => Self::Memory,
            Some(_) | None => Self::Folder(path),
        }
    }
}

/// How changes of documents are noticed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Watch {
    Off,
    Events,
    Poll,
}

/// What to do with an index that does not serve.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Remedy {
    /// Make it anew from the documents.
    Rebuild,
    /// Leave it, and say so.
    Refuse,
}

/// An index, and what is done to keep it right.
#[derive(Clone, Debug)]
pub struct Upkeep {
    pub store: Arc<dyn Store>,
    pub plan: Plan,
    pub settings: Settings,
}

/// An index that is open for searching.
#[derive(Clone, Debug)]
pub struct Opened<G> {
    pub generation: G,
    /// What the generation holds, unless another process wrote while it was opened.
    pub catalogue: Catalogue,
    /// Nothing where the index was taken as it is.
    pub changes: Option<Changes>,
}

/// How long a start waits for another process that builds the index, and how often it looks.
const FIRST_BUILD: Duration = Duration::from_secs(600);
const LOOK: Duration = Duration::from_millis(200);

impl Upkeep {
    /// Makes the index ready and opens it, when the server starts: builds it where there is none,
    /// brings it up to date, and mends it as the settings want. `open` opens what is committed.
    /// Blocks.
    ///
    /// While another process writes the index, what is committed is taken as it is; where nothing
    /// is, the other one is waited for.
    ///
    /// # Errors
    ///
    /// When there is nothing that can be served.
    pub fn start<G>(
        &self,
        open: &mut dyn FnMut() -> Result<G, IndexError>,
        watcher: Watcher<'_>,
    ) -> Result<Opened<G>, UpdateError> {
        let mut changes = None;
        if self.settings.update_at_start {
            changes = match self.update(watcher) {
                Err(UpdateError::Index(IndexError::Locked)) => {
                    tracing::warn!("another process is writing the index; it is used as it is");
                    None
                }
                updated => Some(updated?),
            };
        }
        let mut ready = self.take(open);
        match ready {
            Ok(Some(_)) => {}
            Ok(None) => {
                changes = Some(self.build(watcher)?);
                ready = self.take(open);
            }
            Err(error) => {
                changes = Some(self.rebuild(error, watcher)?);
                ready = self.take(open);
            }
        }
        let Some((catalogue, generation)) = ready? else {
            return Err(UpdateError::Index(IndexError::Locked));
        };
        Ok(Opened {
            generation,
            catalogue,
            changes,
        })
    }

    /// Brings the index up to date. One that does not serve is made anew or refused, as the
    /// settings want.
    pub(super) fn update(&self, watcher: Watcher<'_>) -> Result<Changes, UpdateError> {
        match self.sound() {
            Ok(_) => update(&*self.store, &self.plan, Start::Update, watcher),
            Err(error) => self.rebuild(error, watcher),
        }
    }

    /// Makes an index anew that does not serve for this reason, if the settings want that.
    pub(super) fn rebuild(
        &self,
        error: IndexError,
        watcher: Watcher<'_>,
    ) -> Result<Changes, UpdateError> {
        let remedy = match error {
            IndexError::Mismatch { .. } => self.settings.outdated,
            IndexError::Corrupt(_) => self.settings.damaged,
            IndexError::Locked | IndexError::Unavailable(_) | IndexError::Write(_) => {
                Remedy::Refuse
            }
        };
        if remedy == Remedy::Refuse {
            return Err(UpdateError::Index(error));
        }
        tracing::warn!(error = chain(&error), "the index is made anew");
        update(&*self.store, &self.plan, Start::Afresh, watcher)
    }

    /// What is committed, if it serves.
    pub(super) fn sound(&self) -> Result<Option<Catalogue>, IndexError> {
        let catalogue = self.store.catalogue()?;
        if let Some(catalogue) = &catalogue {
            catalogue.recipe.serves(&self.plan.recipe())?;
        }
        Ok(catalogue)
    }

    fn take<G>(
        &self,
        open: &mut dyn FnMut() -> Result<G, IndexError>,
    ) -> Result<Option<(Catalogue, G)>, IndexError> {
        match self.sound()? {
            Some(catalogue) => Ok(Some((catalogue, open()?))),
            None => Ok(None),
        }
    }

    fn build(&self, watcher: Watcher<'_>) -> Result<Changes, UpdateError> {
        let until = Instant::now() + FIRST_BUILD;
        let mut told = false;
        loop {
            match self.update(watcher) {
                Err(UpdateError::Index(IndexError::Locked)) if Instant::now() < until => {
                    if !std::mem::replace(&mut told, true) {
                        tracing::info!("another process is building the index; waiting for it");
                    }
                    thread::sleep(LOOK);
                }
                built => return built,
            }
        }
    }
}

#[cfg(test)]
mod tests;
