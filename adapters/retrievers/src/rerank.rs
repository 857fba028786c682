//! Reading question and passage together, to put the best of what was found first.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use serde::Deserialize;
use voicera::ports::Cause;

use crate::chunks::Chunk;

/// Says how well passages answer a question.
///
/// # Contract
///
/// - One finite score for each chunk, in their order; more is better. Scores are comparable
///   within one answer only.
/// - It never blocks the thread that polls it. Dropping the future abandons the work.
#[async_trait]
pub trait Reranker: fmt::Debug + Send + Sync + 'static {
    async fn scores(&self, question: &str, chunks: &[Arc<Chunk>]) -> Result<Vec<f32>, RerankError>;
}

/// Why there are no scores.
#[derive(Debug, thiserror::Error)]
pub enum RerankError {
    /// Too much at once; the next question may be answered.
    #[error("the reranking model is busy")]
    Busy,
    #[error("the reranking model fails")]
    Failed(#[source] Cause),
}

/// `[retriever.rerank]`. The ONNX runtime and the cache are those of `[retriever.embedding]`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// The model's name on the hub. Default `jinaai/jina-reranker-v1-turbo-en`.
    pub model: String,
    /// A folder with `model.onnx` and the tokenizer's files, relative to the configuration file,
    /// instead of a model from the hub. None by default.
    pub folder: Option<PathBuf>,
    /// How many of the best passages are read. Default 20.
    pub candidates: usize,
    /// How long that may take before the order stays as it was. Default `150ms`.
    #[serde(with = "humantime_serde")]
    pub deadline: Duration,
    /// How many copies of the model work side by side. Default 1.
    pub workers: usize,
    /// Threads of each copy. Default 1.
    pub threads: usize,
    /// Questions that may wait; more are refused. Default 16.
    pub queue: usize,
    /// What is read of a question and a passage together, in the model's tokens. Default 256.
    pub max_tokens: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            model: "jinaai/jina-reranker-v1-turbo-en".to_owned(),
            folder: None,
            candidates: 20,
            deadline: Duration::from_millis(150),
            workers: 1,
            threads: 1,
            queue: 16,
            max_tokens: 256,
        }
    }
}
