//! Brings an index up to date with a knowledge base: what did not change is neither parsed nor
//! embedded.

use std::collections::BTreeSet;
use std::fmt;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;

use voicera::words::Language;

use crate::chunks::{self, Chunk};
use crate::documents::{self, BadFile, Listed, ReadError, Rules};
use crate::embedding::{EmbedError, Embedder};
use crate::index::{
    Catalogue, ContentHash, Filed, IndexError, Indexed, Recipe, Start, Store, Writer,
};

/// What an index is made from, and with what.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The folder, or the file, that holds the documents.
    pub knowledge_base: PathBuf,
    pub rules: Rules,
    /// What the documents are written in.
    pub language: Language,
    pub chunks: chunks::Settings,
    /// Where there are vectors.
    pub embedder: Option<Arc<dyn Embedder>>,
    /// [`Recipe::format`] of the store.
    pub format: u32,
    /// [`Recipe::analysis`] of the store.
    pub analysis: String,
}

impl Plan {
    /// What an index is made with that follows the plan.
    pub fn recipe(&self) -> Recipe {
        let embedder = self.embedder.as_ref();
        Recipe {
            format: self.format,
            chunking: format!("{}, {}", self.chunks.recipe(), self.language.as_str()),
            analysis: self.analysis.clone(),
            embedding: embedder.map(|model| (model.name().to_owned(), model.dimension())),
        }
    }
}

/// What was different, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes {
    /// [`Start::Afresh`] when there was no index, or another one was wanted; then every document
    /// counts as added.
    pub start: Start,
    pub added: Vec<String>,
    pub changed: Vec<String>,
    /// What was in the index and is not any more, because it is gone or cannot be used.
    pub removed: Vec<String>,
    pub unchanged: usize,
    pub skipped: Vec<BadFile>,
    /// How many files are no documents by their ending.
    pub ignored: usize,
    /// How many chunks were written.
    pub chunks: usize,
}

impl Changes {
    /// Whether the index is another one now.
    pub fn any(&self) -> bool {
        !(self.added.is_empty() && self.changed.is_empty() && self.removed.is_empty())
    }
}

impl fmt::Display for Changes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            added,
            changed,
            removed,
            unchanged,
            skipped,
            ..
        } = self;
        write!(
            f,
            "{} added, {} changed, {} removed, {unchanged} unchanged, {} skipped",
            added.len(),
            changed.len(),
            removed.len(),
            skipped.len()
        )
    }
}

/// How far an update is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress<'a> {
    pub phase: Phase,
    /// The document at hand; empty where the phase is about all of them.
    pub document: &'a str,
    /// Documents of this phase that are done.
    pub done: usize,
    /// Documents of this phase.
    pub total: usize,
    /// Chunks written so far.
    pub chunks: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Looks for documents that changed.
    Comparing,
    /// Parses, cuts, embeds and adds.
    Indexing,
    /// Makes the changes visible; it cannot be stopped.
    Committing,
}

/// Told how far an update is, before each document and each batch of vectors; what it answers
/// lets the update go on or stops it.
pub type Watcher<'a> = &'a mut dyn FnMut(Progress<'_>) -> ControlFlow<()>;

/// A [`Watcher`] that looks away.
pub fn unwatched(_: Progress<'_>) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

/// Why an index is not up to date. It is as it was.
#[derive(Debug, thiserror::Error)]
pub enum UpdateError {
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error(transparent)]
    Index(#[from] IndexError),
    #[error("`{document}` cannot be embedded")]
    Embed {
        document: String,
        source: EmbedError,
    },
    #[error("stopped before the end; the index is as it was")]
    Stopped,
}

/// Makes the index say what the knowledge base says, in one commit, or in none where nothing
/// changed. Blocks: it is for a thread of its own.
///
/// An index that was made with another recipe is made anew in that commit, and so is any with
/// [`Start::Afresh`]. A document that cannot be used is taken out and named, or refused where the
/// rules want that.
///
/// # Errors
///
/// When there is no document to be used, the index cannot be read or written, or it was stopped.
pub fn update(
    store: &dyn Store,
    plan: &Plan,
    start: Start,
    watcher: Watcher<'_>,
) -> Result<Changes, UpdateError> {
    let recipe = plan.recipe();
    let known = match start {
        Start::Update => known(store, &recipe)?,
        Start::Afresh => None,
    };
    let folder = documents::find(&plan.knowledge_base, &plan.rules)?;
    let mut work = Work {
        store,
        plan,
        recipe,
        watcher,
        changes: Changes {
            start: match known {
                Some(_) => Start::Update,
                None => Start::Afresh,
            },
            added: Vec::new(),
            changed: Vec::new(),
            removed: Vec::new(),
            unchanged: 0,
            skipped: folder.skipped,
            ignored: folder.ignored,
            chunks: 0,
        },
        known,
        kept: BTreeSet::new(),
        writer: None,
        pending: Vec::new(),
    };
    let different = work.compare(folder.files)?;
    let total = different.len();
    for (done, file) in different.into_iter().enumerate() {
        work.index(file, done, total)?;
    }
    work.finish(total)
}

/// What the index holds, if it was made with the recipe.
fn known(store: &dyn Store, recipe: &Recipe) -> Result<Option<Catalogue>, IndexError> {
    match store.catalogue() {
        Ok(catalogue) => Ok(catalogue.filter(|catalogue| catalogue.recipe == *recipe)),
        // Of a layout that this version does not read.
        Err(IndexError::Mismatch { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// An update under way.
struct Work<'a> {
    store: &'a dyn Store,
    plan: &'a Plan,
    recipe: Recipe,
    watcher: Watcher<'a>,
    /// What the index holds; nothing where it is made anew.
    known: Option<Catalogue>,
    /// The documents that the index shall hold.
    kept: BTreeSet<String>,
    changes: Changes,
    /// Opened at the first change, so that an update without one disturbs nobody.
    writer: Option<Box<dyn Writer + 'a>>,
    /// Chunks that wait for their vectors.
    pending: Vec<(Arc<Filed>, Chunk)>,
}

/// Chunks are embedded this many at once: models are quick on batches, and this is little memory.
const BATCH: usize = 64;

impl<'a> Work<'a> {
    /// The files that differ from what the index holds.
    fn compare(&mut self, files: Vec<Listed>) -> Result<Vec<Listed>, UpdateError> {
        let total = files.len();
        let mut different = Vec::new();
        for (done, file) in files.into_iter().enumerate() {
            let Some(known) = self.hash_of(&file.path) else {
                different.push(file);
                continue;
            };
            self.tell(Phase::Comparing, &file.path, done, total)?;
            match file.hash() {
                Ok(hash) if hash == known => self.keep_unchanged(&file.path),
                Ok(_) => different.push(file),
                Err(bad) => self.skip(bad)?,
            }
        }
        Ok(different)
    }

    fn index(&mut self, file: Listed, done: usize, total: usize) -> Result<(), UpdateError> {
        self.tell(Phase::Indexing, &file.path, done, total)?;
        let (document, hash) = match file.open() {
            Ok(opened) => opened,
            Err(bad) => return self.skip(bad),
        };
        let chunks = chunks::cut(&document, &self.plan.language, &self.plan.chunks);
        drop(document);
        if chunks.is_empty() {
            return self.skip(BadFile {
                path: file.path,
                reason: "it has no words to search".to_owned(),
            });
        }
        let path = file.path;
        match self.hash_of(&path) {
            // It was different when it was compared, and has been changed back since.
            Some(known) if known == hash => {
                self.keep_unchanged(&path);
                return Ok(());
            }
            Some(_) => {
                self.writer()?.remove(&path)?;
                self.changes.changed.push(path.clone());
            }
            None => self.changes.added.push(path.clone()),
        }
        self.kept.insert(path.clone());
        let filed = Filed { path, hash };
        if self.plan.embedder.is_none() {
            self.changes.chunks += chunks.len();
            let bare = |chunk| Indexed {
                chunk,
                vector: None,
            };
            let chunks = chunks.into_iter().map(bare).collect();
            self.writer()?.add(&filed, chunks)?;
            return Ok(());
        }
        let filed = Arc::new(filed);
        for chunk in chunks {
            self.pending.push((Arc::clone(&filed), chunk));
            if self.pending.len() == BATCH {
                self.tell(Phase::Indexing, &filed.path, done, total)?;
                self.embed()?;
            }
        }
        Ok(())
    }

    /// Adds what is pending.
    fn embed(&mut self) -> Result<(), UpdateError> {
        let Some(embedder) = &self.plan.embedder else {
            return Ok(());
        };
        let pending = std::mem::take(&mut self.pending);
        let Some((first, _)) = pending.first() else {
            return Ok(());
        };
        let texts: Vec<_> = pending.iter().map(|(_, chunk)| chunk.whole()).collect();
        let vectors = embedder
            .passages(&texts)
            .map_err(|source| UpdateError::Embed {
                document: first.path.clone(),
                source,
            })?;
        if vectors.len() != pending.len() {
            let count = format!("{} vectors for {} texts", vectors.len(), pending.len());
            return Err(UpdateError::Embed {
                document: first.path.clone(),
                source: EmbedError::Failed(count.into()),
            });
        }
        self.changes.chunks += pending.len();
        let mut parts: Vec<(Arc<Filed>, Vec<Indexed>)> = Vec::new();
        for ((filed, chunk), vector) in pending.into_iter().zip(vectors) {
            let indexed = Indexed {
                chunk,
                vector: Some(vector),
            };
            match parts.last_mut() {
                Some((last, part)) if last.path == filed.path => part.push(indexed),
                Some(_) | None => parts.push((filed, vec![indexed])),
            }
        }
        for (filed, part) in parts {
            self.writer()?.add(&filed, part)?;
        }
        Ok(())
    }

    fn finish(mut self, total: usize) -> Result<Changes, UpdateError> {
        self.embed()?;
        if self.kept.is_empty() {
            return Err(UpdateError::Read(ReadError::Empty {
                path: self.plan.knowledge_base.clone(),
                ignored: self.changes.ignored,
                skipped: self.changes.skipped.len(),
            }));
        }
        let known = self.known.iter().flat_map(|known| known.documents.keys());
        let gone = known.filter(|known| !self.kept.contains(*known));
        self.changes.removed = gone.cloned().collect();
        for gone in self.changes.removed.clone() {
            self.writer()?.remove(&gone)?;
        }
        self.changes.skipped.sort_by(|a, b| a.path.cmp(&b.path));
        self.tell(Phase::Committing, "", total, total)?;
        if let Some(writer) = self.writer {
            writer.commit(&self.recipe)?;
        }
        Ok(self.changes)
    }

    fn writer(&mut self) -> Result<&mut (dyn Writer + 'a), UpdateError> {
        let writer = match self.writer.take() {
            Some(writer) => writer,
            None => self.begin()?,
        };
        Ok(self.writer.insert(writer).as_mut())
    }

    fn begin(&self) -> Result<Box<dyn Writer + 'a>, UpdateError> {
        let writer = self.store.begin(self.changes.start)?;
        // Another process may have written between the look and the lock.
        let overtaken = match self.changes.start {
            Start::Update => known(self.store, &self.recipe)? != self.known,
            Start::Afresh => false,
        };
        match overtaken {
            true => Err(UpdateError::Index(IndexError::Locked)),
            false => Ok(writer),
        }
    }

    fn tell(
        &mut self,
        phase: Phase,
        document: &str,
        done: usize,
        total: usize,
    ) -> Result<(), UpdateError> {
        let progress = Progress {
            phase,
            document,
            done,
            total,
            chunks: self.changes.chunks,
        };
        match (self.watcher)(progress) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(UpdateError::Stopped),
        }
    }

    fn hash_of(&self, name: &str) -> Option<ContentHash> {
        let known = self.known.as_ref()?;
        known.documents.get(name).copied()
    }

    fn keep_unchanged(&mut self, name: &str) {
        self.kept.insert(name.to_owned());
        self.changes.unchanged += 1;
    }

    fn skip(&mut self, bad: BadFile) -> Result<(), UpdateError> {
        let Plan {
            knowledge_base,
            rules,
            ..
        } = self.plan;
        rules.pass_over(knowledge_base, &bad)?;
        self.changes.skipped.push(bad);
        Ok(())
    }
}

#[cfg(test)]
mod tests;
