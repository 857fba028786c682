//! Opens the current version of an index, and checks that it can be searched.

use std::sync::Arc;

use ::qdrant_client::qdrant::{Condition, Filter};
use secrecy::SecretString;

use super::fault::Fault;
use super::index::Index;
use super::payload::{AGENT, Reader, recipe_id};
use super::remote::{self, Remote};
use super::settings::Settings;
use crate::embedding::Embedder;
use crate::index::{IndexError, Recipe};

/// An index that can be searched.
#[derive(Clone, Debug)]
pub struct Opened {
    /// Searches it, and finds what stands around a chunk.
    pub index: Arc<Index>,
    pub recipe: Recipe,
    /// How many chunks the agent has in it.
    pub chunks: usize,
    /// The collection that is searched; another one behind the alias is a newer index.
    pub version: String,
}

/// Opens the current version for searching, on the runtime that polls it. `key` is the value of
/// the environment variable that the settings name.
///
/// # Errors
///
/// [`IndexError::Unavailable`] when the server is down, has no such collection, nothing of the
/// agent or does not accept the key; [`IndexError::Mismatch`] when another model made the vectors.
pub async fn open(
    settings: Settings,
    key: Option<&SecretString>,
    embedder: Arc<dyn Embedder>,
) -> Result<Opened, IndexError> {
    let remote = Remote::new(settings, key)?;
    let mut version = current(&remote).await?;
    let mut reading = read(&remote, &version, &*embedder).await;
    // Two updates meanwhile have dropped the version under its reader.
    if reading.is_err() {
        let now = current(&remote).await?;
        if now != version {
            reading = read(&remote, &now, &*embedder).await;
            version = now;
        }
    }
    let (recipe, chunks) = reading?;
    Ok(Opened {
        index: Arc::new(Index::new(remote, version.clone(), embedder)),
        recipe,
        chunks,
        version,
    })
}

/// The version behind the alias.
async fn current(remote: &Remote) -> Result<String, Fault> {
    let missing = || Fault::Missing {
        url: remote.settings.url.clone(),
        collection: remote.settings.collection.clone(),
    };
    remote.live().await?.ok_or_else(missing)
}

/// What the agent has in a version, if this model can search it.
async fn read(
    remote: &Remote,
    version: &str,
    embedder: &dyn Embedder,
) -> Result<(Recipe, usize), IndexError> {
    let agent = &remote.settings.agent;
    let empty = || Fault::Empty {
        collection: remote.settings.collection.clone(),
        agent: agent.clone(),
    };
    let recipe = remote.point(version, recipe_id(agent)).await?;
    let recipe = Reader(version).recipe(&recipe.ok_or_else(empty)?)?;
    let wanted = (embedder.name().to_owned(), embedder.dimension());
    let length = remote::dimension(&remote.info(version).await?);
    if recipe.embedding.as_ref() != Some(&wanted) || length != Some(wanted.1) {
        return Err(mismatch(recipe.embedding, length, &wanted));
    }
    let chunks = remote.count(version, chunks_of(agent)).await?;
    match chunks {
        0 => Err(empty().into()),
        chunks => Ok((recipe, chunks)),
    }
}

pub(super) fn mismatch(
    was: Option<(String, usize)>,
    length: Option<usize>,
    wanted: &(String, usize),
) -> IndexError {
    let (was, stored) = was.unwrap_or_else(|| ("no model".to_owned(), 0));
    let length = length.unwrap_or(stored);
    IndexError::Mismatch {
        was: format!("{was:?} ({length} dimensions)"),
        wanted: format!("{:?} ({} dimensions)", wanted.0, wanted.1),
    }
}

/// What an agent has in a collection, without its recipe.
pub(super) fn chunks_of(agent: &str) -> Filter {
    let recipe = Condition::has_id([recipe_id(agent)]);
    Filter {
        must: vec![Condition::matches(AGENT, agent.to_owned())],
        must_not: vec![recipe],
        ..Filter::default()
    }
}
