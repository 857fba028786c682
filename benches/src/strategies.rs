//! The strategies over a made-up knowledge base, ready to be asked.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, ensure};
use async_trait::async_trait;
use voicera::ports::Retriever;
use voicera::ports::retriever::Query;
use voicera::words::Language;
use voicera_retrievers::cag::{self, Cag};
use voicera_retrievers::documents::Rules;
use voicera_retrievers::embedding::{EmbedError, Embedder};
use voicera_retrievers::index::Start;
use voicera_retrievers::index::update::{Plan, unwatched, update};
use voicera_retrievers::rag::{self, Generation, Live, Rag};
use voicera_retrievers::search::Search;
use voicera_retrievers::tantivy::{self, Tantivy};
use voicera_retrievers::testing::BagOfWords;
use voicera_retrievers::vectors::{self, Vectors};
use voicera_retrievers::{chunks, fastembed};

use crate::corpus;

/// Passages of one document; each becomes a chunk.
const PASSAGES: usize = 10;

/// Questions of one call.
const TURNS: usize = 4;

/// As long as all-MiniLM's vectors.
const DIMENSION: usize = 384;

/// Names the folder of the model that embeds questions.
const MODEL: &str = "VOICERA_MODEL";

/// How knowledge is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strategy {
    Cag,
    Tantivy,
    Dense,
    Hybrid,
}

impl Strategy {
    pub const ALL: [Self; 4] = [Self::Cag, Self::Tantivy, Self::Dense, Self::Hybrid];

    pub fn name(self) -> &'static str {
        match self {
            Self::Cag => "cag",
            Self::Tantivy => "tantivy",
            Self::Dense => "dense",
            Self::Hybrid => "hybrid",
        }
    }

    /// Whether it compares vectors.
    pub fn has_vectors(self) -> bool {
        matches!(self, Self::Dense | Self::Hybrid)
    }
}

/// Writes the documents of a corpus of so many passages into a folder.
///
/// # Errors
///
/// When the folder cannot be written.
pub fn write(folder: &Path, passages: usize) -> anyhow::Result<()> {
    for number in 0..documents(passages) {
        let text = corpus::document(number, PASSAGES);
        fs::write(folder.join(format!("{number:06}.md")), text)?;
    }
    Ok(())
}

/// What callers ask of a corpus, another question for each number: each call is about one document,
/// and each turn comes with what was asked before it in the call.
pub fn questions(numbers: Range<usize>, passages: usize) -> Vec<Query> {
    let mut questions = Vec::with_capacity(numbers.len());
    let mut earlier: Vec<String> = Vec::new();
    let mut document = String::new();
    for (turn, number) in numbers.enumerate() {
        if turn % TURNS == 0 {
            earlier.clear();
            document = corpus::document(number / TURNS % documents(passages), PASSAGES);
        }
        let utterance = corpus::question(number, &document);
        questions.push(Query {
            utterance: utterance.clone(),
            earlier: earlier.clone(),
            language: Language::default(),
            limit: 5,
        });
        earlier.push(utterance);
    }
    questions
}

/// Makes passages into bags of words, which takes no time to speak of; and questions too, unless
/// the environment names a model, which then takes the time that a model takes.
///
/// # Errors
///
/// When there is a model and it cannot be loaded.
pub fn embedder() -> anyhow::Result<Arc<dyn Embedder>> {
    let Some(folder) = env::var_os(MODEL) else {
        return Ok(Arc::new(BagOfWords::new(DIMENSION)));
    };
    let settings = fastembed::Settings {
        folder: Some(OsString::into(folder)),
        ..fastembed::Settings::default()
    };
    let model = fastembed::open(&settings).with_context(|| format!("{MODEL} names no model"))?;
    Ok(Arc::new(Asked {
        bags: BagOfWords::new(model.dimension()),
        model,
    }))
}

/// Asks a model about questions alone.
#[derive(Debug)]
struct Asked {
    bags: BagOfWords,
    model: Arc<dyn Embedder>,
}

#[async_trait]
impl Embedder for Asked {
    fn name(&self) -> &str {
        self.bags.name()
    }

    fn dimension(&self) -> usize {
        self.bags.dimension()
    }

    fn passages(&self, texts: &[String]) -> Result<Vec<Vec<f32>>, EmbedError> {
        self.bags.passages(texts)
    }

    async fn question(&self, text: &str) -> Result<Arc<[f32]>, EmbedError> {
        self.model.question(text).await
    }
}

/// Indexes a folder of so many passages in memory, with vectors where there is an embedder.
///
/// # Errors
///
/// When the folder cannot be read, or was cut into another number of passages.
pub fn index(
    folder: &Path,
    passages: usize,
    embedder: Option<&Arc<dyn Embedder>>,
) -> anyhow::Result<Tantivy> {
    let settings = tantivy::Settings::default();
    let plan = Plan {
        knowledge_base: folder.to_owned(),
        rules: rules(),
        language: Language::default(),
        chunks: chunks::Settings::default(),
        embedder: embedder.cloned(),
        format: tantivy::FORMAT,
        analysis: settings.analysis(),
    };
    let store = Tantivy::in_memory(settings);
    let changes = update(&store, &plan, Start::Afresh, &mut unwatched)?;
    let cut = changes.chunks;
    ensure!(cut == passages, "there are {cut} chunks, not {passages}");
    Ok(store)
}

/// Everything of a folder in every prompt, however much that is.
///
/// # Errors
///
/// When the folder cannot be read.
pub fn cag(folder: &Path) -> anyhow::Result<Arc<dyn Retriever>> {
    let settings = cag::Settings {
        knowledge_base: folder.to_owned(),
        context_window: 1 << 40,
        max_files: rules().max_files,
        ..cag::Settings::default()
    };
    Ok(Arc::new(Cag::open(&settings)?))
}

/// Opens an index for a strategy that searches; an embedder makes what it compares.
///
/// # Errors
///
/// When the index cannot be read, or has no vectors and the strategy wants them.
pub fn rag(
    strategy: Strategy,
    store: &Tantivy,
    embedder: &Arc<dyn Embedder>,
) -> anyhow::Result<Arc<dyn Retriever>> {
    let opened = store.open()?;
    let mut searches: Vec<Arc<dyn Search>> = Vec::new();
    if strategy.has_vectors() {
        let vectors = opened.vectors.context("the index has no vectors")?;
        searches.push(Arc::new(Vectors::new(
            opened.chunks,
            vectors.components,
            vectors.dimension,
            Arc::clone(embedder),
            &vectors::Settings::default(),
        )?));
    }
    if strategy != Strategy::Dense {
        searches.push(Arc::new(opened.lexical));
    }
    let live = Live::new(Generation {
        searches,
        neighbours: Arc::new(opened.neighbours),
    });
    let rag = Rag::new(Arc::new(live), None, rag::Settings::default())?;
    Ok(Arc::new(rag))
}

fn documents(passages: usize) -> usize {
    passages.div_ceil(PASSAGES)
}

fn rules() -> Rules {
    Rules {
        max_files: usize::MAX,
        ..Rules::default()
    }
}
