//! The index in a Qdrant server, where this build has the client.

use std::sync::Arc;

use anyhow::bail;
use tokio::runtime::Handle;
use voicera_retrievers::embedding::Embedder;
use voicera_retrievers::index::IndexError;
use voicera_retrievers::index::update::Plan;
use voicera_retrievers::index::upkeep::{self, Upkeep};
use voicera_retrievers::search::{Neighbours, Search};

use crate::config::{Config, Environment};

/// An index on a server.
#[derive(Clone, Debug)]
pub(super) enum Remote {}

impl Remote {
    pub(super) fn new(
        _config: &Config,
        _embedder: Arc<dyn Embedder>,
        _environment: &Environment,
    ) -> anyhow::Result<Self> {
        bail!("this build has no Qdrant client; build it with `--features qdrant`")
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

    pub(super) fn open(
        &self,
        _handle: &Handle,
    ) -> Result<(Arc<dyn Search>, Arc<dyn Neighbours>), IndexError> {
        match *self {}
    }
}
