//! Opens what the documents are found with: the strategy that is configured, or another one.

use std::sync::Arc;

use anyhow::Context as _;
use clap::ValueEnum;
use voicera::ports::Retriever;
use voicera_retrievers::cag::Cag;

use crate::config::{Config, Environment};
use crate::plan;

/// How knowledge is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Strategy {
    /// Everything in every prompt
    Cag,
}

/// Knowledge that can be asked.
#[derive(Debug)]
pub struct Knowledge {
    pub retriever: Arc<dyn Retriever>,
    /// What was opened, for the operator.
    pub summary: String,
}

impl Strategy {
    pub const ALL: [Self; 1] = [Self::Cag];

    /// What the configuration asks for.
    pub fn configured(_config: &Config) -> Self {
        Self::Cag
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Cag => "cag",
        }
    }

    /// What to write down to get it.
    pub fn settings(self) -> &'static str {
        match self {
            Self::Cag => "Set retriever.kind = \"cag\".",
        }
    }
}

/// Opens what is configured.
///
/// # Errors
///
/// When it cannot be opened; the message names the setting.
pub async fn open(config: &Config, environment: &Environment) -> anyhow::Result<Knowledge> {
    open_as(Strategy::configured(config), config, environment).await
}

/// Opens the documents of the configuration for a strategy.
///
/// # Errors
///
/// When it cannot be opened; the message names the setting.
pub async fn open_as(
    strategy: Strategy,
    config: &Config,
    _environment: &Environment,
) -> anyhow::Result<Knowledge> {
    match strategy {
        Strategy::Cag => cag(config),
    }
}

fn cag(config: &Config) -> anyhow::Result<Knowledge> {
    let cag = Cag::open(&config.retriever.cag()).context("the knowledge base cannot be opened")?;
    for file in cag.skipped() {
        tracing::warn!(
            document = %file.path,
            reason = %file.reason,
            "a document is left out"
        );
    }
    let documents = plan::documents(cag.documents());
    Ok(Knowledge {
        summary: format!("cag, {documents}, {}", cag.load()),
        retriever: Arc::new(cag),
    })
}
