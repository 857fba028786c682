//! The whole knowledge base in every prompt (CAG): nothing is searched, nothing can be missed.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use async_trait::async_trait;
use serde::Deserialize;
use voicera::ports::Retriever;
use voicera::ports::retriever::{Findings, Outcome, Query, RetrieveError, Search};

use crate::documents::{self, BadFile, BadFiles, Document, ReadError, Rules, Survey};
use crate::tokens;

/// `[retriever]` with `kind = "cag"`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// The folder, or the file, that holds the documents. Default `knowledge_base`.
    pub knowledge_base: PathBuf,
    /// What the model takes at once, in tokens. Default 131072.
    pub context_window: usize,
    /// What of it is kept free for instructions, history and reply, in tokens. Default 8192.
    pub reserve: usize,
    /// The share of the room from which on a warning is given, 0 to 1. Default 0.8.
    pub warn_at: f32,
    /// What to do with a document that cannot be used: `skip` (the default) or `refuse`.
    pub bad_files: BadFiles,
    /// The largest document, in bytes. Default 67108864 (64 MB); what fits the window is far less.
    pub max_file_bytes: u64,
    /// The most documents. Default 10000.
    pub max_files: usize,
}

impl Default for Settings {
    fn default() -> Self {
        let rules = Rules::default();
        Self {
            knowledge_base: PathBuf::from("knowledge_base"),
            context_window: 131_072,
            reserve: 8_192,
            warn_at: 0.8,
            bad_files: rules.bad_files,
            max_file_bytes: rules.max_file_bytes,
            max_files: rules.max_files,
        }
    }
}

impl Settings {
    fn rules(&self) -> Rules {
        Rules {
            bad_files: self.bad_files,
            max_file_bytes: self.max_file_bytes,
            max_files: self.max_files,
        }
    }
}

/// Why there is no briefing. The message names the setting and the fix.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error(
        "retriever.reserve: {reserve} tokens leave nothing of retriever.context_window = {window}; make it smaller"
    )]
    Reserve { reserve: usize, window: usize },
    #[error("retriever.warn_at: {0} is not a share from 0 to 1")]
    WarnAt(f32),
    #[error(
        "retriever.knowledge_base: `{}` takes about {tokens} tokens, and retriever.context_window = {window} less retriever.reserve = {reserve} leaves {}; use fewer documents, a model with a larger window, or another retriever.kind",
        path.display(), window.saturating_sub(*reserve)
    )]
    TooLarge {
        path: PathBuf,
        tokens: usize,
        window: usize,
        reserve: usize,
    },
}

/// How much of the model's window the briefing takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Load {
    /// What the briefing takes, estimated from above.
    pub tokens: usize,
    /// What it may take.
    pub room: usize,
}

impl fmt::Display for Load {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { tokens, room } = self;
        let share = tokens.saturating_mul(100) / (*room).max(1);
        write!(f, "about {tokens} of {room} tokens ({share} %)")
    }
}

/// Everything the documents say, as one briefing.
#[derive(Clone, Debug)]
pub struct Cag {
    briefing: String,
    documents: usize,
    skipped: Vec<BadFile>,
    ignored: usize,
    load: Load,
    tight: bool,
}

impl Cag {
    /// Reads the knowledge base.
    ///
    /// # Errors
    ///
    /// When a setting makes no sense, the documents cannot be read, or they do not fit.
    pub fn open(settings: &Settings) -> Result<Self, OpenError> {
        let room = room(settings)?;
        let (mut briefing, mut tokens) = (String::new(), 0);
        let survey = documents::each(&settings.knowledge_base, &settings.rules(), |document| {
            let part = brief(&document);
            let separator = if tokens == 0 { "" } else { "\n" };
            tokens += tokens::estimate(&part) + separator.len();
            // What is too large is counted and not kept.
            if tokens <= room {
                briefing.push_str(separator);
                briefing.push_str(&part);
            }
        })?;
        for file in &survey.skipped {
            tracing::warn!(file.path, file.reason, "a document is skipped");
        }
        if tokens > room {
            return Err(OpenError::TooLarge {
                path: settings.knowledge_base.clone(),
                tokens,
                window: settings.context_window,
                reserve: settings.reserve,
            });
        }
        let tight = tokens as f64 >= room as f64 * f64::from(settings.warn_at);
        let cag = Self {
            briefing,
            documents: survey.documents,
            skipped: survey.skipped,
            ignored: survey.ignored,
            load: Load { tokens, room },
            tight,
        };
        if let Some(load) = cag.warning() {
            let Load { tokens, room } = load;
            tracing::warn!(
                briefing.tokens = tokens,
                briefing.room = room,
                "the knowledge base nearly fills the model's window"
            );
        }
        Ok(cag)
    }

    /// How many documents the briefing holds.
    pub fn documents(&self) -> usize {
        self.documents
    }

    /// The documents that could not be used.
    pub fn skipped(&self) -> &[BadFile] {
        &self.skipped
    }

    /// How many files are no documents by their ending.
    pub fn ignored(&self) -> usize {
        self.ignored
    }

    pub fn load(&self) -> Load {
        self.load
    }

    /// The load, where it is near the room there is.
    pub fn warning(&self) -> Option<Load> {
        self.tight.then_some(self.load)
    }
}

/// What the documents would take of every prompt, whether they fit or not.
///
/// # Errors
///
/// When a setting makes no sense, or the documents cannot be read.
pub fn measure(settings: &Settings) -> Result<Load, OpenError> {
    let room = room(settings)?;
    let mut tokens = 0;
    documents::each(&settings.knowledge_base, &settings.rules(), |document| {
        tokens += tokens::estimate(&brief(&document)) + 1;
    })?;
    Ok(Load { tokens, room })
}

/// Looks at the settings and at the files, and opens none.
///
/// # Errors
///
/// Those of [`Cag::open`], as far as names and sizes show them.
pub fn survey(settings: &Settings) -> Result<Survey, OpenError> {
    room(settings)?;
    let survey = documents::survey(&settings.knowledge_base, &settings.rules())?;
    Ok(survey)
}

#[async_trait]
impl Retriever for Cag {
    fn briefing(&self) -> &str {
        &self.briefing
    }

    async fn retrieve(&self, _query: &Query) -> Result<Findings, RetrieveError> {
        Ok(Findings {
            passages: Vec::new(),
            searches: vec![Search {
                strategy: "cag".into(),
                outcome: Outcome::Found(0),
                took: Duration::ZERO,
            }],
        })
    }
}

fn room(settings: &Settings) -> Result<usize, OpenError> {
    if !(0.0..=1.0).contains(&settings.warn_at) {
        return Err(OpenError::WarnAt(settings.warn_at));
    }
    match settings.context_window.checked_sub(settings.reserve) {
        None | Some(0) => Err(OpenError::Reserve {
            reserve: settings.reserve,
            window: settings.context_window,
        }),
        Some(room) => Ok(room),
    }
}

fn brief(document: &Document) -> String {
    let path = attribute(&document.path);
    let text = inside(&document.text);
    format!("<document path=\"{path}\">\n{text}\n</document>\n")
}

fn attribute(path: &str) -> String {
    let path = path.replace('&', "&amp;").replace('"', "&quot;");
    path.replace('<', "&lt;").replace('\n', " ")
}

/// A document must not be able to end itself: what follows would look like the operator's words.
fn inside(text: &str) -> String {
    let text = text.replace("</document", "&lt;/document");
    text.replace("</knowledge", "&lt;/knowledge")
}

#[cfg(test)]
mod tests;
