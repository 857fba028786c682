//! Scores what was found a second time, by reading question and passage together.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use voicera::ports::Cause;

use crate::chunks::Chunk;

/// Reads a question together with each passage.
///
/// # Contract
///
/// One finite score a chunk, in their order; higher is better. Never blocks the thread that polls
/// it. Dropping the future abandons the work.
#[async_trait]
pub trait Reranker: fmt::Debug + Send + Sync + 'static {
    async fn scores(&self, question: &str, chunks: &[Arc<Chunk>]) -> Result<Vec<f32>, RerankError>;
}

/// Why there are no scores.
#[derive(Debug, thiserror::Error)]
pub enum RerankError {
    /// Too many questions at once; the next one may be answered.
    #[error("the reranking model is busy")]
    Busy,
    #[error("the reranking model fails")]
    Failed(#[source] Cause),
}
