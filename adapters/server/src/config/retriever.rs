//! `[retriever]`: where knowledge comes from, and how it is found.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml::{Table, Value};
use voicera::ports::chain;
use voicera_retrievers::cag;
use voicera_retrievers::documents::{BadFiles, Rules};

use super::reader::Reader;

/// How knowledge is found. Every setting may stand in the file whatever the kind, so that one line
/// changes the strategy.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Retriever {
    /// Default `cag`.
    pub kind: Kind,
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
}

/// Whether documents are searched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Everything is in every prompt.
    #[default]
    Cag,
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
        Self {
            kind: Kind::default(),
            knowledge_base,
            bad_files,
            max_file_bytes,
            max_files,
            context_window,
            reserve,
            warn_at,
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
        settings.knowledge_base = folder.join(settings.knowledge_base);
        // Looking at names and sizes opens nothing, and finds a folder that is not there.
        if let Err(error) = cag::survey(&settings.cag()) {
            let message = chain(&error);
            let (what, fix) = message.split_once("; ").unwrap_or((&message, ""));
            let path = what.split(':').next().unwrap_or_default();
            let fix = match path {
                "retriever.warn_at" => "use 0.0 to 1.0",
                _ => fix,
            };
            reader.told(path, what, fix);
        }
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
}
