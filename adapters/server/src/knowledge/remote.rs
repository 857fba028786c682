//! The index in a Qdrant server, in a build that has the client; in another one it cannot be made.

use std::sync::Arc;

use tokio::runtime::Handle;
use voicera_retrievers::embedding::Embedder;
use voicera_retrievers::index::IndexError;
use voicera_retrievers::index::update::Plan;
use voicera_retrievers::index::upkeep::{self, Upkeep};
use voicera_retrievers::search::{Neighbours, Search};

use crate::config::{Config, Environment};

/// What a server searches, and what stands around it.
pub(super) type Asked = (Arc<dyn Search>, Arc<dyn Neighbours>);

/// An index on a server.
#[cfg(feature = "qdrant")]
#[derive(Clone, Debug)]
pub(super) struct Remote {
    settings: voicera_retrievers::qdrant::Settings,
    key: Option<secrecy::SecretString>,
    embedder: Arc<dyn Embedder>,
}

#[cfg(feature = "qdrant")]
impl Remote {
    pub(super) fn new(
        config: &Config,
        embedder: Arc<dyn Embedder>,
        environment: &Environment,
    ) -> anyhow::Result<Self> {
        use anyhow::Context as _;

        let settings = config.retriever.qdrant.clone();
        let key = match &settings.key {
            Some(name) => Some(environment.secret(name).with_context(|| {
                format!("retriever.qdrant.key needs the environment variable {name}; set it, here or in .env")
            })?),
            None => None,
        };
        Ok(Self {
            settings,
            key,
            embedder,
        })
    }

    pub(super) fn place(&self) -> String {
        let (url, collection) = (&self.settings.url, &self.settings.collection);
        format!("{collection} at {url}")
    }

    pub(super) fn upkeep(&self, plan: Plan, settings: upkeep::Settings) -> anyhow::Result<Upkeep> {
        let dimension = self.embedder.dimension();
        let store = voicera_retrievers::qdrant::Versions::new(
            self.settings.clone(),
            self.key.as_ref(),
            dimension,
        )?;
        Ok(Upkeep {
            store: Arc::new(store),
            plan: Plan {
                embedder: Some(Arc::clone(&self.embedder)),
                // It has no words.
                analysis: String::new(),
                ..plan
            },
            settings: upkeep::Settings {
                // There is no folder to watch.
                path: upkeep::Place::Memory,
                ..settings
            },
        })
    }

    pub(super) fn open(&self, handle: &Handle) -> Result<Asked, IndexError> {
        let opened = handle.block_on(voicera_retrievers::qdrant::open(
            self.settings.clone(),
            self.key.as_ref(),
            Arc::clone(&self.embedder),
        ))?;
        Ok((Arc::clone(&opened.index) as _, opened.index))
    }
}

/// Never made.
#[cfg(not(feature = "qdrant"))]
#[derive(Clone, Debug)]
pub(super) enum Remote {}

#[cfg(not(feature = "qdrant"))]
impl Remote {
    pub(super) fn new(
        _config: &Config,
        _embedder: Arc<dyn Embedder>,
        _environment: &Environment,
    ) -> anyhow::Result<Self> {
        anyhow::bail!("this build has no Qdrant client; build it with `--features qdrant`")
    }

    pub(super) fn place(&self) -> String {
        match *self {}
    }

    pub(super) fn upkeep(
        &self,
        _plan: Plan,
        _settings: upkeep::Settings,
    ) -> anyhow::Result<Upkeep> {
        match *self {}
    }

    pub(super) fn open(&self, _handle: &Handle) -> Result<Asked, IndexError> {
        match *self {}
    }
}
