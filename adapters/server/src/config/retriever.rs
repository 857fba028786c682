//! `[retriever]`: where knowledge comes from, and how it is found.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;
use toml::{Table, Value};
use voicera::ports::chain;
use voicera_retrievers::documents::{BadFiles, Rules};
use voicera_retrievers::index::upkeep::{self, Place, Remedy, Watch};
use voicera_retrievers::rag::{fusion, question};
use voicera_retrievers::{
    auto, cag, chunks, fastembed, hints, qdrant, rag, rerank, tantivy, vectors,
};

use super::models::Model;
use super::reader::Reader;

/// How knowledge is found. Every setting may stand in the file whatever the kind, so that one line
/// changes the strategy.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Retriever {
    /// Default `cag`.
    pub kind: Kind,
    /// What is searched. Default `tantivy`.
    pub index: Index,
    /// Whose vectors `hybrid` searches beside tantivy: `dense` (the default) or `qdrant`.
    pub hybrid_with: HybridWith,
    /// The folder, or the file, that holds the documents. Default `knowledge_base`.
    pub knowledge_base: PathBuf,
    /// What to do with a document that cannot be used: `skip` (the default) or `refuse`.
    pub bad_files: BadFiles,
    /// The largest document, in bytes.
    pub max_file_bytes: u64,
    /// The most documents. Default 10000.
    pub max_files: usize,
    /// What the model takes at once, in tokens. Default 131072.
    pub context_window: usize,
    /// What of it is kept free for instructions, history and reply, in tokens. Default 8192.
    pub reserve: usize,
    /// The share of the room from which on a warning is given, 0 to 1. Default 0.8.
    pub warn_at: f32,
    /// Where the index is, or `memory`. Default `.voicera/index`.
    pub path: Place,
    pub update_at_start: bool,
    pub watch: Watch,
    #[serde(with = "humantime_serde")]
    pub settle: Duration,
    pub damaged: Remedy,
    pub outdated: Remedy,
    pub chunks: chunks::Settings,
    pub lexical: tantivy::Settings,
    pub embedding: fastembed::Settings,
    pub vectors: vectors::Settings,
    pub qdrant: qdrant::Settings,
    pub fusion: fusion::Settings,
    /// Nothing is read a second time without it.
    pub rerank: Option<rerank::Settings>,
    pub conversation: question::Settings,
    pub auto: auto::Settings,
    /// The recogniser is told nothing of the documents without it.
    pub hints: Option<hints::Settings>,
}

/// Whether documents are searched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Everything is in every prompt.
    #[default]
    Cag,
    /// What answers is searched for.
    Rag,
    /// Whichever the documents want.
    Auto,
}

impl Kind {
    pub fn name(self) -> &'static str {
        match self {
            Self::Cag => "cag",
            Self::Rag => "rag",
            Self::Auto => "auto",
        }
    }
}

/// What is searched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Index {
    /// Words.
    #[default]
    Tantivy,
    /// Vectors held in the process.
    Dense,
    /// Vectors in a Qdrant server.
    Qdrant,
    /// Words and vectors.
    Hybrid,
}

impl Index {
    pub fn name(self) -> &'static str {
        match self {
            Self::Tantivy => "tantivy",
            Self::Dense => "dense",
            Self::Qdrant => "qdrant",
            Self::Hybrid => "hybrid",
        }
    }
}

/// Whose vectors a hybrid index searches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum HybridWith {
    #[default]
    Dense,
    Qdrant,
}

impl Default for Retriever {
    fn default() -> Self {
        let cag::Settings {
            knowledge_base,
            context_window,
            reserve,
            warn_at,
            bad_files,
            max_file_bytes,
            max_files,
        } = cag::Settings::default();
        let upkeep::Settings {
            path,
            update_at_start,
            watch,
            settle,
            damaged,
            outdated,
        } = upkeep::Settings::default();
        Self {
            kind: Kind::default(),
            index: Index::default(),
            hybrid_with: HybridWith::default(),
            knowledge_base,
            bad_files,
            max_file_bytes,
            max_files,
            context_window,
            reserve,
            warn_at,
            path,
            update_at_start,
            watch,
            settle,
            damaged,
            outdated,
            chunks: chunks::Settings::default(),
            lexical: tantivy::Settings::default(),
            embedding: fastembed::Settings::default(),
            vectors: vectors::Settings::default(),
            qdrant: qdrant::Settings::default(),
            fusion: fusion::Settings::default(),
            rerank: None,
            conversation: question::Settings::default(),
            auto: auto::Settings::default(),
            hints: None,
        }
    }
}

impl Retriever {
    pub(super) fn of(value: Option<Value>, folder: &Path, reader: &mut Reader<'_>) -> Self {
        let table = match value {
            None => Table::new(),
            Some(Value::Table(table)) => table,
            Some(_) => {
                reader.problem("retriever", "is not a section", "write [retriever]");
                Table::new()
            }
        };
        let mut settings: Self = reader.read("retriever", table).unwrap_or_default();
        settings.place_in(folder);
        settings.check(reader);
        settings
    }

    /// How its documents are read.
    pub fn rules(&self) -> Rules {
        Rules {
            bad_files: self.bad_files,
            max_file_bytes: self.max_file_bytes,
            max_files: self.max_files,
        }
    }

    /// As CAG takes them.
    pub fn cag(&self) -> cag::Settings {
        cag::Settings {
            knowledge_base: self.knowledge_base.clone(),
            context_window: self.context_window,
            reserve: self.reserve,
            warn_at: self.warn_at,
            bad_files: self.bad_files,
            max_file_bytes: self.max_file_bytes,
            max_files: self.max_files,
        }
    }

    /// As RAG takes them.
    pub fn rag(&self) -> rag::Settings {
        rag::Settings {
            fusion: self.fusion.clone(),
            conversation: self.conversation.clone(),
            rerank: self.rerank.clone().unwrap_or_default(),
        }
    }

    /// As whoever keeps an index takes them.
    pub fn upkeep(&self) -> upkeep::Settings {
        upkeep::Settings {
            path: self.path.clone(),
            update_at_start: self.update_at_start,
            watch: self.watch,
            settle: self.settle,
            damaged: self.damaged,
            outdated: self.outdated,
        }
    }

    /// What `auto` may spend, at the price of the first model that has one.
    pub fn budget(&self, models: &[Model]) -> auto::Settings {
        let price = models.iter().find_map(|model| model.price);
        let auto = self.auto.clone();
        auto::Settings {
            price: auto.price.or(price.map(|price| price.input)),
            cached_price: auto
                .cached_price
                .or(price.and_then(|price| price.cached_input)),
            ..auto
        }
    }

    /// Searches must be over before the turn goes on without them.
    pub(super) fn check_patience(&self, knowledge: Duration, reader: &mut Reader<'_>) {
        let longest = match (self.kind, &self.rerank) {
            (Kind::Cag, _) => return,
            (Kind::Rag | Kind::Auto, Some(_)) => self.rag().longest(),
            (Kind::Rag | Kind::Auto, None) => self.rag().longest() - self.rag().rerank.deadline,
        };
        if longest > knowledge {
            let [longest, knowledge] = [&longest, &knowledge].map(super::in_words);
            reader.told(
                "retriever.fusion.deadline",
                format!("a search may take {longest}, and `patience.knowledge` is {knowledge}"),
                "lower retriever.fusion.deadline, or raise patience.knowledge",
            );
        }
    }

    pub(super) fn check_budget(&self, models: &[Model], reader: &mut Reader<'_>) {
        if let Err(error) = self.budget(models).check() {
            tell(&error.to_string(), reader);
        }
    }

    /// Relative paths are relative to the file that contains them.
    fn place_in(&mut self, folder: &Path) {
        self.knowledge_base = folder.join(&self.knowledge_base);
        if let Place::Folder(path) = &mut self.path {
            *path = folder.join(&path);
        }
        let rerank = self.rerank.as_mut().map(|rerank| &mut rerank.folder);
        let embedding = &mut self.embedding;
        let paths = [
            &mut embedding.folder,
            &mut embedding.cache,
            &mut embedding.library,
        ];
        for path in paths.into_iter().chain(rerank).flatten() {
            *path = folder.join(&path);
        }
    }

    fn check(&self, reader: &mut Reader<'_>) {
        // Looking at names and sizes opens nothing, and finds a folder that is not there.
        if let Err(error) = cag::survey(&self.cag()) {
            tell(&chain(&error), reader);
        }
        for checked in [self.rag().check(), self.lexical.check()] {
            if let Err(error) = checked {
                tell(&error.to_string(), reader);
            }
        }
    }
}

/// An adapter's message: `setting: what; fix`.
fn tell(message: &str, reader: &mut Reader<'_>) {
    let (what, fix) = message.split_once("; ").unwrap_or((message, ""));
    let path = what.split(':').next().unwrap_or_default();
    let fix = match path {
        "retriever.warn_at" => "use 0.0 to 1.0",
        _ => fix,
    };
    reader.told(path, what, fix);
}
