//! Opens what the documents are found with: the strategy that is configured, or another one.

use std::sync::Arc;

use anyhow::Context as _;
use clap::ValueEnum;
use voicera::ports::Retriever;
use voicera_retrievers::auto::{self, Choice};
use voicera_retrievers::cag::{self, Cag};
use voicera_retrievers::{documents, hints};

use crate::config::{Config, Environment, Index, RetrieverKind};
use crate::plan;

mod searching;

mod remote;

pub use searching::{Keeper, Keeping, Searching};

/// How knowledge is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Strategy {
    /// Everything in every prompt
    Cag,
    /// Words, searched with tantivy
    Tantivy,
    /// Vectors, searched in the process
    Dense,
    /// Vectors, searched by a Qdrant server
    Qdrant,
    /// Words and vectors
    Hybrid,
    /// What retriever.index says
    Rag,
}

/// Knowledge that can be asked.
#[derive(Debug)]
pub struct Knowledge {
    pub retriever: Arc<dyn Retriever>,
    /// What was opened, for the operator.
    pub summary: String,
    /// Keeps an index up to date, once it is started.
    pub keeper: Option<Keeper>,
}

impl Strategy {
    /// All that are different.
    pub const ALL: [Self; 5] = [
        Self::Cag,
        Self::Tantivy,
        Self::Dense,
        Self::Qdrant,
        Self::Hybrid,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Cag => "cag",
            Self::Tantivy => "tantivy",
            Self::Dense => "dense",
            Self::Qdrant => "qdrant",
            Self::Hybrid => "hybrid",
            Self::Rag => "rag",
        }
    }

    /// What to write down to get it.
    pub fn settings(self) -> String {
        match self {
            Self::Cag => "Set retriever.kind = \"cag\".".to_owned(),
            Self::Rag => "Set retriever.kind = \"rag\".".to_owned(),
            Self::Tantivy | Self::Dense | Self::Qdrant | Self::Hybrid => format!(
                "Set retriever.kind = \"rag\" and retriever.index = \"{}\".",
                self.name()
            ),
        }
    }

    /// With what `rag` stands for.
    fn resolved(self, config: &Config) -> Self {
        match (self, config.retriever.index) {
            (Self::Rag, Index::Tantivy) => Self::Tantivy,
            (Self::Rag, Index::Dense) => Self::Dense,
            (Self::Rag, Index::Qdrant) => Self::Qdrant,
            (Self::Rag, Index::Hybrid) => Self::Hybrid,
            (other, _) => other,
        }
    }
}

/// Opens what is configured.
///
/// # Errors
///
/// When it cannot be opened; the message names the setting.
pub async fn open(config: &Config, environment: &Environment) -> anyhow::Result<Knowledge> {
    match config.retriever.kind {
        RetrieverKind::Cag => cag(config),
        RetrieverKind::Rag => open_as(Strategy::Rag, config, environment).await,
        RetrieverKind::Auto => automatic(config, environment).await,
    }
}

/// Opens the documents of the configuration for a strategy.
///
/// # Errors
///
/// When it cannot be opened; the message names the setting.
pub async fn open_as(
    strategy: Strategy,
    config: &Config,
    environment: &Environment,
) -> anyhow::Result<Knowledge> {
    match strategy {
        Strategy::Cag => cag(config),
        Strategy::Tantivy
        | Strategy::Dense
        | Strategy::Qdrant
        | Strategy::Hybrid
        | Strategy::Rag => {
            let searching = Searching::of(strategy, config, environment).await?;
            searching.open().await
        }
    }
}

/// How much of the documents is read for their words, in bytes: those that matter show themselves
/// in less.
const WORDS: usize = 32 * 1024 * 1024;

/// The rare words of the documents, where the recogniser is to be told them.
///
/// # Errors
///
/// When the documents cannot be read.
pub fn hints(config: &Config) -> anyhow::Result<Vec<String>> {
    let Some(settings) = &config.retriever.hints else {
        return Ok(Vec::new());
    };
    let texts = texts(config)?;
    let texts: Vec<_> = texts.iter().map(String::as_str).collect();
    Ok(hints::hints(&texts, &config.agent.language, settings))
}

/// The beginning of what is in the documents, as much as it takes to know their words.
///
/// # Errors
///
/// When the documents cannot be read.
pub fn texts(config: &Config) -> anyhow::Result<Vec<String>> {
    let retriever = &config.retriever;
    let (mut texts, mut bytes) = (Vec::new(), 0);
    documents::each(&retriever.knowledge_base, &retriever.rules(), |document| {
        bytes += document.text.len();
        if bytes <= WORDS {
            texts.push(document.text);
        }
    })?;
    Ok(texts)
}

fn cag(config: &Config) -> anyhow::Result<Knowledge> {
    let cag = Cag::open(&config.retriever.cag()).context("the knowledge base cannot be opened")?;
    let documents = plan::documents(cag.documents());
    Ok(Knowledge {
        summary: format!("cag, {documents}, {}", cag.load()),
        retriever: Arc::new(cag),
        keeper: None,
    })
}

/// Decides by the documents.
async fn automatic(config: &Config, environment: &Environment) -> anyhow::Result<Knowledge> {
    let settings = &config.retriever.cag();
    let load = cag::measure(settings).context("the knowledge base cannot be read")?;
    let budget = config.retriever.budget(&config.models);
    let decision = auto::decide(load.tokens, load.room, &budget);
    let knowledge = match decision.choice {
        Choice::Cag => cag(config),
        Choice::Rag => open_as(Strategy::Rag, config, environment).await,
    }?;
    Ok(Knowledge {
        summary: format!("{} (auto chose {decision})", knowledge.summary),
        ..knowledge
    })
}
