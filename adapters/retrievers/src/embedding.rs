//! What turns words into vectors, whatever the model.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use voicera::ports::Cause;

/// Turns words into vectors of one length, so that like meanings lie close together.
///
/// # Contract
///
/// - Every vector has [`Embedder::dimension`] components, all finite, and length 1: the dot
///   product of two is their cosine.
/// - The same words give the same vector for the life of the process.
#[async_trait]
pub trait Embedder: fmt::Debug + Send + Sync + 'static {
    /// Names the model and everything that changes its vectors; vectors of two embedders with
    /// different names must not be compared.
    fn name(&self) -> &str;

    fn dimension(&self) -> usize;

    /// The vectors of passages, in their order. Blocks: it is for indexing, not for calls.
    fn passages(&self, texts: &[String]) -> Result<Vec<Vec<f32>>, EmbedError>;

    /// The vector of a question. Never blocks, and remembers what it was asked lately.
    async fn question(&self, text: &str) -> Result<Arc<[f32]>, EmbedError>;
}

/// Why there is no vector.
#[derive(Debug, thiserror::Error)]
pub enum EmbedError {
    /// Too many questions at once; the next one may be answered.
    #[error("the embedding model is busy")]
    Busy,
    #[error("the embedding model fails")]
    Failed(#[source] Cause),
}
