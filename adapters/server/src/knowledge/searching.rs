//! A strategy that searches: the indexes it needs, what keeps them right, and the searches.

use std::collections::BTreeMap;
use std::io;
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context as _, anyhow};
use tokio::runtime::Handle;
use tokio::task::spawn_blocking;
use voicera::ports::chain;
use voicera_retrievers::embedding::Embedder;
use voicera_retrievers::fastembed;
use voicera_retrievers::index::reload::{self, Reload, Reloader};
use voicera_retrievers::index::update::{Changes, Plan, Progress, UpdateError};
use voicera_retrievers::index::upkeep::{self, Opened, Place, Upkeep};
use voicera_retrievers::index::{Catalogue, IndexError};
use voicera_retrievers::rag::{Generation, Live, Rag};
use voicera_retrievers::rerank::Reranker;
use voicera_retrievers::search::{Neighbours, Search};
use voicera_retrievers::tantivy::{self, Tantivy};
use voicera_retrievers::vectors::Vectors;

use super::remote::{Asked, Remote};
use super::{Knowledge, Strategy};
use crate::config::{self, Config, Environment, HybridWith};
use crate::plan;

/// The parts of a strategy that searches. Its models are loaded; no index has been read or written.
#[derive(Clone, Debug)]
pub struct Searching {
    strategy: Strategy,
    settings: Arc<config::Retriever>,
    local: Option<Local>,
    remote: Option<Remote>,
    /// What was last opened on the server.
    asked: Arc<Mutex<Option<Asked>>>,
    reranker: Option<Arc<dyn Reranker>>,
    upkeeps: Vec<Upkeep>,
}

/// The index of this process.
#[derive(Clone, Debug)]
struct Local {
    store: Tantivy,
    /// Its words are searched.
    words: bool,
    /// Its vectors are searched, with this.
    embedder: Option<Arc<dyn Embedder>>,
}

/// Keeps what is served up to date, once it is started.
#[derive(Debug)]
pub struct Keeper {
    searching: Searching,
    live: Arc<Live>,
    served: Vec<Catalogue>,
}

/// Keeps what is served up to date until it is dropped.
#[derive(Debug)]
pub struct Keeping(Vec<Reloader>);

/// What a strategy needs.
struct Needs {
    words: bool,
    dense: bool,
    qdrant: bool,
}

impl Needs {
    fn of(strategy: Strategy, with: HybridWith) -> Self {
        let (words, dense, qdrant) = match (strategy, with) {
            (Strategy::Dense, _) => (false, true, false),
            (Strategy::Qdrant, _) => (false, false, true),
            (Strategy::Hybrid, HybridWith::Dense) => (true, true, false),
            (Strategy::Hybrid, HybridWith::Qdrant) => (true, false, true),
            (Strategy::Tantivy | Strategy::Cag | Strategy::Rag, _) => (true, false, false),
        };
        Self {
            words,
            dense,
            qdrant,
        }
    }
}

impl Searching {
    /// Loads the models that the strategy needs.
    ///
    /// # Errors
    ///
    /// When one cannot be had.
    pub async fn of(
        strategy: Strategy,
        config: &Config,
        environment: &Environment,
    ) -> anyhow::Result<Self> {
        let strategy = strategy.resolved(config);
        let settings = Arc::new(config.retriever.clone());
        let needs = Needs::of(strategy, settings.hybrid_with);
        let embedder = match needs.dense || needs.qdrant {
            true => Some(embedder(&settings).await?),
            false => None,
        };
        let reranker = match settings.rerank {
            Some(_) => Some(reranker(&settings).await?),
            None => None,
        };
        let plan = Plan {
            knowledge_base: settings.knowledge_base.clone(),
            rules: settings.rules(),
            language: config.agent.language.clone(),
            chunks: settings.chunks.clone(),
            embedder: None,
            format: tantivy::FORMAT,
            analysis: settings.lexical.analysis(),
        };
        let mut upkeeps = Vec::new();
        let place = place(&settings.path, needs.dense);
        let local = (needs.words || needs.dense).then(|| Local {
            store: match &place {
                Place::Memory => Tantivy::in_memory(settings.lexical.clone()),
                Place::Folder(folder) => Tantivy::at(folder, settings.lexical.clone()),
            },
            words: needs.words,
            embedder: embedder.clone().filter(|_| needs.dense),
        });
        if let Some(local) = &local {
            upkeeps.push(Upkeep {
                store: Arc::new(local.store.clone()),
                plan: Plan {
                    embedder: local.embedder.clone(),
                    ..plan.clone()
                },
                settings: upkeep::Settings {
                    path: place,
                    ..settings.upkeep()
                },
            });
        }
        let remote = match embedder.filter(|_| needs.qdrant) {
            Some(embedder) => Some(Remote::new(config, embedder, environment)?),
            None => None,
        };
        if let Some(remote) = &remote {
            upkeeps.push(remote.upkeep(plan, settings.upkeep())?);
        }
        Ok(Self {
            strategy,
            settings,
            local,
            remote,
            asked: Arc::default(),
            reranker,
            upkeeps,
        })
    }

    /// Brings the indexes up to date, as the settings want, and opens them.
    ///
    /// # Errors
    ///
    /// When there is nothing that can be served.
    pub async fn open(self) -> anyhow::Result<Knowledge> {
        let handle = Handle::current();
        let (opened, searching) = spawn_blocking(move || (self.start(&handle), self)).await?;
        let (generation, served) = opened.context("the index cannot be used")?;
        let chunks = served.iter().map(|catalogue| catalogue.chunks).max();
        let documents = served.iter().map(|catalogue| catalogue.documents.len());
        let summary = format!(
            "rag with {}, {} in {} passages",
            searching.strategy.name(),
            plan::documents(documents.max().unwrap_or_default()),
            chunks.unwrap_or_default()
        );
        let live = Arc::new(Live::new(generation));
        let rag = searching.rag(&live)?;
        Ok(Knowledge {
            retriever: Arc::new(rag),
            summary,
            keeper: Some(Keeper {
                searching,
                live,
                served,
            }),
        })
    }

    /// The strategy over what is live.
    ///
    /// # Errors
    ///
    /// When a setting makes no sense.
    pub fn rag(&self, live: &Arc<Live>) -> anyhow::Result<Rag> {
        let reranker = self.reranker.clone();
        Ok(Rag::new(Arc::clone(live), reranker, self.settings.rag())?)
    }

    /// The indexes of the strategy: what messages call them, and what is done to keep them right.
    pub fn indexes(&self) -> impl Iterator<Item = (String, &Upkeep)> {
        let local = self.upkeeps.first().filter(|_| self.local.is_some());
        let local = local.map(|upkeep| match &upkeep.settings.path {
            Place::Memory => "memory".to_owned(),
            Place::Folder(folder) => folder.display().to_string(),
        });
        let remote = self.remote.as_ref().map(Remote::place);
        let places = local.into_iter().chain(remote);
        places.zip(&self.upkeeps)
    }

    fn start(&self, handle: &Handle) -> anyhow::Result<(Generation, Vec<Catalogue>)> {
        let mut served = Vec::new();
        for (place, upkeep) in self.upkeeps.iter().enumerate() {
            let mut go_on = |_: Progress<'_>| ControlFlow::Continue(());
            let local = self.local.as_ref().filter(|_| place == 0);
            let mut open = || local.map_or(Ok(()), |local| local.store.verify());
            match upkeep.start(&mut open, &mut go_on) {
                Ok(Opened {
                    catalogue, changes, ..
                }) => {
                    if let Some(changes) = changes {
                        report(&changes);
                    }
                    served.push(catalogue);
                }
                // The index of this process comes first, and answers alone.
                Err(UpdateError::Index(error @ IndexError::Unavailable(_))) if place > 0 => {
                    without_server(&error);
                    served.push(Catalogue {
                        recipe: upkeep.plan.recipe(),
                        documents: BTreeMap::new(),
                        chunks: 0,
                    });
                    return Ok((self.over(None)?, served));
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok((self.generation(handle)?, served))
    }

    /// Opens what is committed. Blocks, and may not be called by a task of the runtime.
    ///
    /// A server that cannot be reached does not keep the index of this process from being used.
    ///
    /// # Errors
    ///
    /// When an index cannot be read.
    pub fn generation(&self, handle: &Handle) -> Result<Generation, IndexError> {
        let asked = match &self.remote {
            Some(remote) => self.asked(remote, handle)?,
            None => None,
        };
        self.over(asked)
    }

    /// What the server searches; what it did before, or nothing, where it cannot be reached and
    /// there is another index.
    fn asked(&self, remote: &Remote, handle: &Handle) -> Result<Option<Asked>, IndexError> {
        let opened = remote.open(handle);
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        match opened {
            Ok(opened) => *asked = Some(opened),
            Err(error @ IndexError::Unavailable(_)) if self.local.is_some() => {
                without_server(&error);
            }
            Err(error) => return Err(error),
        }
        Ok(asked.clone())
    }

    /// The error, for whoever keeps the index at `place`: only a damage of its own is one that it
    /// can mend.
    fn blame(&self, place: usize, error: IndexError, handle: &Handle) -> IndexError {
        let own = match (&self.local, &self.remote, place) {
            (Some(local), _, 0) => local.store.open().map(drop),
            (_, Some(remote), _) => remote.open(handle).map(drop),
            (_, None, _) => return error,
        };
        match own {
            Err(own) => own,
            Ok(()) => IndexError::Unavailable(error.into()),
        }
    }

    fn over(&self, asked: Option<Asked>) -> Result<Generation, IndexError> {
        let mut searches: Vec<Arc<dyn Search>> = Vec::new();
        let mut neighbours: Option<Arc<dyn Neighbours>> = None;
        if let Some(local) = &self.local {
            let opened = local.store.open()?;
            if let Some(embedder) = &local.embedder {
                let vectors = opened.vectors.ok_or_else(|| broken("it has no vectors"))?;
                let vectors = Vectors::new(
                    opened.chunks.to_vec(),
                    vectors.components,
                    vectors.dimension,
                    Arc::clone(embedder),
                    &self.settings.vectors,
                );
                let vectors = vectors.map_err(|error| IndexError::Corrupt(error.into()))?;
                searches.push(Arc::new(vectors));
            }
            if local.words {
                searches.push(Arc::new(opened.lexical));
            }
            neighbours = Some(Arc::new(opened.neighbours));
        }
        if let Some((search, around)) = asked {
            searches.push(search);
            neighbours.get_or_insert(around);
        }
        let neighbours = neighbours.ok_or_else(|| broken("nothing is searched"))?;
        Ok(Generation {
            searches,
            neighbours,
        })
    }
}

impl Keeper {
    /// Starts what reloads, and watches the files where the settings want that.
    ///
    /// # Errors
    ///
    /// When the system has no thread left.
    pub fn start(self) -> anyhow::Result<Keeping> {
        let Self {
            searching,
            live,
            served,
        } = self;
        let handle = Handle::current();
        let mut reloaders = Vec::new();
        // One at a time: the slower of two must not put an older state in service.
        let switching = Arc::new(Mutex::new(()));
        let upkeeps = searching.upkeeps.clone().into_iter().enumerate();
        for ((place, upkeep), served) in upkeeps.zip(served) {
            let (searching, live, handle) = (searching.clone(), Arc::clone(&live), handle.clone());
            let switching = Arc::clone(&switching);
            let switch: reload::Switch = Box::new(move || {
                let _one = switching.lock().unwrap_or_else(PoisonError::into_inner);
                let generation = searching.generation(&handle);
                live.replace(generation.map_err(|error| searching.blame(place, error, &handle))?);
                Ok(())
            });
            let reloader = Reloader::start(upkeep, served, switch);
            reloaders.push(reloader.context("the system has no threads to spare")?);
        }
        Ok(Keeping(reloaders))
    }
}

impl Keeping {
    /// Whom to ask for reloads, one for each index.
    pub fn handles(&self) -> Vec<Reload> {
        self.0.iter().map(Reloader::handle).collect()
    }
}

/// An index with vectors lies beside the one without, so that either is there when it is asked for.
fn place(path: &Place, vectors: bool) -> Place {
    match (path, vectors) {
        (Place::Memory, _) => Place::Memory,
        (Place::Folder(folder), false) => Place::Folder(folder.join("words")),
        (Place::Folder(folder), true) => Place::Folder(folder.join("vectors")),
    }
}

async fn embedder(settings: &Arc<config::Retriever>) -> anyhow::Result<Arc<dyn Embedder>> {
    let settings = Arc::clone(settings);
    let opened = spawn_blocking(move || fastembed::open(&settings.embedding)).await?;
    opened.map_err(|error| anyhow!(error).context("retriever.embedding cannot be used"))
}

async fn reranker(settings: &Arc<config::Retriever>) -> anyhow::Result<Arc<dyn Reranker>> {
    let settings = Arc::clone(settings);
    let rerank = settings.rerank.clone().unwrap_or_default();
    let open = move || fastembed::open_reranker(&rerank, &settings.embedding);
    let opened = spawn_blocking(open).await?;
    opened.map_err(|error| anyhow!(error).context("retriever.rerank cannot be used"))
}

/// Says what an update did, where it did anything, and what it left out.
fn report(changes: &Changes) {
    for file in &changes.skipped {
        tracing::warn!(file.path, file.reason, "a document is skipped");
    }
    if changes.any() {
        tracing::info!(
            chunks = changes.chunks,
            "the index is up to date: {changes}"
        );
    }
}

fn without_server(error: &IndexError) {
    tracing::warn!(
        error = chain(error),
        "the server with the vectors is left out until a reload finds it"
    );
}

fn broken(what: &'static str) -> IndexError {
    IndexError::Corrupt(io::Error::new(io::ErrorKind::InvalidData, what).into())
}
