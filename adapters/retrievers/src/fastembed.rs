//! Vectors and scores from a model that runs in the process, through fastembed and the ONNX
//! runtime.
//!
//! The settings are known to every build; the models need the cargo feature `fastembed`.

#[cfg(feature = "fastembed")]
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

use serde::Deserialize;
use voicera::ports::Cause;

use crate::embedding::Embedder;
use crate::rerank::{self, Reranker};

#[cfg(feature = "fastembed")]
mod embedder;
#[cfg(feature = "fastembed")]
mod files;
#[cfg(feature = "fastembed")]
mod hub;
#[cfg(feature = "fastembed")]
mod questions;
#[cfg(feature = "fastembed")]
mod reranker;
#[cfg(feature = "fastembed")]
mod runtime;
#[cfg(feature = "fastembed")]
mod workers;

/// `[retriever.embedding]`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// The model's name on the hub, or fastembed's name for it. Default
    /// `sentence-transformers/all-MiniLM-L6-v2`.
    pub model: String,
    /// A folder with `model.onnx`, `tokenizer.json` and `tokenizer_config.json`, relative to the
    /// configuration file, instead of a model from the hub. None by default.
    pub folder: Option<PathBuf>,
    /// How the vectors of words become one, for a model from a folder: `mean` or `cls`. Default:
    /// what its `1_Pooling/config.json` says, else `mean`. A model from the hub knows its own.
    pub pooling: Option<Pooling>,
    /// Where models from the hub are kept, relative to the configuration file. What is there
    /// needs no network. Default: `FASTEMBED_CACHE_DIR`, else `.fastembed_cache` in the working
    /// directory; `HF_HOME` goes before all of them.
    pub cache: Option<PathBuf>,
    /// The ONNX runtime's library, relative to the configuration file. Default: `ORT_DYLIB_PATH`,
    /// else beside the program, in the system's library folders or in Python's site-packages.
    pub library: Option<PathBuf>,
    /// How many copies of the model answer side by side, each with its own memory (all-MiniLM:
    /// 160 to 310 MB). While calls are asking, indexing leaves one of them free. Default 2.
    pub workers: usize,
    /// Threads of each copy. Default 1.
    pub threads: usize,
    /// Passages embedded at once while indexing. 1 for a model with dynamically quantised
    /// weights, whose vectors would depend on their neighbours. Default 8.
    pub batch: usize,
    /// Questions that may wait; more are refused. Default 64.
    pub queue: usize,
    /// Questions whose vectors are remembered. Default 4096.
    pub remember: usize,
    /// What the model wants before a question. Default: what a known model was trained with.
    pub question_prefix: Option<String>,
    /// What the model wants before a passage. Default: what a known model was trained with.
    pub passage_prefix: Option<String>,
    /// What is read of a text, in the model's tokens. Default 256.
    pub max_tokens: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            model: "sentence-transformers/all-MiniLM-L6-v2".to_owned(),
            folder: None,
            pooling: None,
            cache: None,
            library: None,
            workers: 2,
            threads: 1,
            batch: 8,
            queue: 64,
            remember: 4096,
            question_prefix: None,
            passage_prefix: None,
            max_tokens: 256,
        }
    }
}

/// How the vectors of words become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pooling {
    /// Their mean.
    Mean,
    /// That of the first, which stands for all.
    Cls,
}

/// Why a model cannot be used. The message names the fix.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error(
        "this build has no models; build it with `--features fastembed`, or use another index, such as tantivy"
    )]
    NotBuilt,
    #[error(
        "the ONNX runtime is not found; `pip install onnxruntime`, or point `library` at libonnxruntime.so (the npm package onnxruntime-node carries it too), or use another index, such as tantivy"
    )]
    NoRuntime,
    #[error(
        "the ONNX runtime {path} cannot be used; `pip install --upgrade onnxruntime`, or point `library` at another one"
    )]
    Runtime {
        path: String,
        #[source]
        cause: Cause,
    },
    #[error("unknown model `{model}`; put its files into a `folder`, or use one of {known}")]
    UnknownModel { model: String, known: String },
    #[error(
        "the model `{model}` cannot be fetched; let this machine reach the hub, or bring a `cache` that holds it or a `folder` with its files, or use another index, such as tantivy"
    )]
    Hub {
        model: String,
        #[source]
        cause: Cause,
    },
    #[error(
        "cannot read {path}; a model's folder holds model.onnx, tokenizer.json and tokenizer_config.json"
    )]
    File {
        path: String,
        #[source]
        cause: Cause,
    },
    #[error("the model `{model}` cannot be loaded")]
    Model {
        model: String,
        #[source]
        cause: Cause,
    },
}

/// Loads the model and warms it up, in about a second; longer where it is fetched first. Blocks.
///
/// # Errors
///
/// When the runtime or the model cannot be had; see [`OpenError`].
pub fn open(settings: &Settings) -> Result<Arc<dyn Embedder>, OpenError> {
    #[cfg(feature = "fastembed")]
    return Ok(Arc::new(embedder::Fastembed::open(settings)?));
    #[cfg(not(feature = "fastembed"))]
    {
        let _ = settings;
        Err(OpenError::NotBuilt)
    }
}

/// Loads the reranking model and warms it up. Of `shared` it takes the library and the cache.
/// Blocks.
///
/// # Errors
///
/// When the runtime or the model cannot be had; see [`OpenError`].
pub fn open_reranker(
    settings: &rerank::Settings,
    shared: &Settings,
) -> Result<Arc<dyn Reranker>, OpenError> {
    #[cfg(feature = "fastembed")]
    return Ok(Arc::new(reranker::Fastembed::open(settings, shared)?));
    #[cfg(not(feature = "fastembed"))]
    {
        let _ = (settings, shared);
        Err(OpenError::NotBuilt)
    }
}

/// What messages call a model.
#[cfg(feature = "fastembed")]
fn model_name(name: &str, folder: Option<&Path>) -> String {
    folder.map_or_else(|| name.to_owned(), |folder| folder.display().to_string())
}

/// Which of the errors of fastembed is about the hub, and which about the model.
#[cfg(feature = "fastembed")]
fn unloaded(model: &str, error: ::fastembed::Error) -> OpenError {
    let model = model.to_owned();
    match error {
        // What the hub says of a tokenizer's file comes as text.
        ::fastembed::Error::ModelRetrieval { .. } | ::fastembed::Error::Other(_) => {
            let cause = Box::new(error);
            OpenError::Hub { model, cause }
        }
        // Their own messages repeat their causes.
        ::fastembed::Error::Ort(error) => {
            let cause = Box::new(error);
            OpenError::Model { model, cause }
        }
        ::fastembed::Error::Io(error) => {
            let cause = Box::new(error);
            OpenError::Model { model, cause }
        }
        error => {
            let cause = Box::new(error);
            OpenError::Model { model, cause }
        }
    }
}

#[cfg(test)]
mod tests;
