//! A strict index in memory, and what every index has to hold to.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sha2::{Digest as _, Sha256};

use voicera::words::Language;

use crate::chunks::{self, ChunkId};
use crate::documents::Rules;
use crate::index::update::{Changes, Plan, UpdateError, unwatched, update};
use crate::index::{
    Catalogue, ContentHash, Filed, IndexError, Indexed, Recipe, Start, Store, Writer,
};

mod conformance;

pub use conformance::{Subject, conforms};

/// Everything an index holds, so that two can be compared.
#[derive(Clone, Debug, PartialEq)]
pub struct Contents {
    pub recipe: Recipe,
    pub documents: BTreeMap<String, ContentHash>,
    /// Sorted by document and place.
    pub chunks: Vec<Indexed>,
}

impl Contents {
    /// Of an index with this catalogue, from all its chunks in any order.
    pub fn of(catalogue: Catalogue, chunks: Vec<Indexed>) -> Self {
        Self {
            recipe: catalogue.recipe,
            documents: catalogue.documents,
            chunks: Self::sorted(chunks),
        }
    }

    fn sorted(mut chunks: Vec<Indexed>) -> Vec<Indexed> {
        chunks.sort_by(|a, b| place(a).cmp(&place(b)));
        chunks
    }

    /// One line that is another one where anything differs.
    pub fn digest(&self) -> String {
        format!(
            "{:?}",
            ContentHash(Sha256::digest(format!("{self:?}")).into())
        )
    }
}

fn place(indexed: &Indexed) -> (&str, u32, ChunkId) {
    let chunk = &indexed.chunk;
    (&chunk.document, chunk.place, chunk.id)
}

/// An index in memory that is stricter than real ones: it panics at what the contract of a writer
/// forbids. Clones are the same index, as other processes would see it.
#[derive(Clone, Default)]
pub struct Memory(Arc<Inside>);

#[derive(Default)]
struct Inside {
    committed: Mutex<Option<State>>,
    locked: AtomicBool,
    /// How often it was committed.
    commits: Mutex<usize>,
    damaged: AtomicBool,
}

#[derive(Clone, Default)]
struct State {
    recipe: Option<Recipe>,
    documents: BTreeMap<String, (ContentHash, Vec<Indexed>)>,
}

impl Memory {
    /// What is committed; nothing where there is no index yet.
    pub fn contents(&self) -> Option<Contents> {
        let state = lock(&self.0.committed).clone()?;
        let catalogue = state.catalogue()?;
        let chunks = state.documents.into_values().flat_map(|(_, chunks)| chunks);
        Some(Contents::of(catalogue, chunks.collect()))
    }

    pub fn commits(&self) -> usize {
        *lock(&self.0.commits)
    }

    /// Makes it unreadable until it is written afresh.
    pub fn damage(&self) {
        self.0.damaged.store(true, Ordering::SeqCst);
    }
}

impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Memory").finish_non_exhaustive()
    }
}

impl State {
    fn catalogue(&self) -> Option<Catalogue> {
        let documents = self.documents.iter();
        Some(Catalogue {
            recipe: self.recipe.clone()?,
            documents: documents
                .map(|(path, (hash, _))| (path.clone(), *hash))
                .collect(),
            chunks: self
                .documents
                .values()
                .map(|(_, chunks)| chunks.len())
                .sum(),
        })
    }
}

impl Store for Memory {
    fn catalogue(&self) -> Result<Option<Catalogue>, IndexError> {
        match self.0.damaged.load(Ordering::SeqCst) {
            true => Err(IndexError::Corrupt("it was damaged on purpose".into())),
            false => Ok(lock(&self.0.committed).as_ref().and_then(State::catalogue)),
        }
    }

    fn begin(&self, start: Start) -> Result<Box<dyn Writer + '_>, IndexError> {
        if self.0.locked.swap(true, Ordering::SeqCst) {
            return Err(IndexError::Locked);
        }
        let mut writing = Writing {
            inside: &self.0,
            state: State::default(),
            last: None,
        };
        if start == Start::Update {
            self.catalogue()?;
            writing.state = lock(&self.0.committed).clone().unwrap_or_default();
        }
        Ok(Box::new(writing))
    }
}

struct Writing<'a> {
    inside: &'a Inside,
    state: State,
    /// The document that may still grow.
    last: Option<String>,
}

impl Writer for Writing<'_> {
    fn remove(&mut self, document: &str) -> Result<(), IndexError> {
        self.state.documents.remove(document);
        self.last = None;
        Ok(())
    }

    fn add(&mut self, document: &Filed, chunks: Vec<Indexed>) -> Result<(), IndexError> {
        let grows = self.last.as_deref() == Some(document.path.as_str());
        let there = self.state.documents.contains_key(&document.path);
        assert!(
            grows || !there,
            "`{}` is added twice and was not removed",
            document.path
        );
        self.last = Some(document.path.clone());
        if chunks.is_empty() {
            return Ok(());
        }
        let (hash, filed) = (self.state.documents.entry(document.path.clone()))
            .or_insert_with(|| (document.hash, Vec::new()));
        assert_eq!(*hash, document.hash, "one document has two hashes");
        for indexed in chunks {
            let chunk = &indexed.chunk;
            assert_eq!(chunk.document, document.path, "a chunk of another document");
            assert_eq!(chunk.place as usize, filed.len(), "chunks out of order");
            filed.push(indexed);
        }
        Ok(())
    }

    fn commit(self: Box<Self>, recipe: &Recipe) -> Result<(), IndexError> {
        for (_, chunks) in self.state.documents.values() {
            for Indexed { vector, .. } in chunks {
                let dimension = recipe.embedding.as_ref().map(|(_, dimension)| *dimension);
                assert_eq!(
                    vector.as_ref().map(Vec::len),
                    dimension,
                    "of another recipe"
                );
            }
        }
        let mut state = self.state.clone();
        state.recipe = Some(recipe.clone());
        *lock(&self.inside.committed) = Some(state);
        *lock(&self.inside.commits) += 1;
        self.inside.damaged.store(false, Ordering::SeqCst);
        Ok(())
    }
}

impl Drop for Writing<'_> {
    fn drop(&mut self) {
        self.inside.locked.store(false, Ordering::SeqCst);
    }
}

/// A plan without vectors, in English.
pub fn plan(knowledge_base: &Path) -> Plan {
    Plan {
        knowledge_base: knowledge_base.to_owned(),
        rules: Rules::default(),
        language: Language::new("en-US"),
        chunks: chunks::Settings::default(),
        embedder: None,
        format: 1,
        analysis: String::new(),
    }
}

/// Brings an index up to date, unobserved.
///
/// # Errors
///
/// Those of [`update`].
pub fn updated(store: &dyn Store, plan: &Plan) -> Result<Changes, UpdateError> {
    update(store, plan, Start::Update, &mut unwatched)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
