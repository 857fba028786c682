//! Dense search over vectors held in the process.

use std::sync::Arc;

use async_trait::async_trait;
use serde::Deserialize;
use tokio::sync::Semaphore;

use crate::chunks::Chunk;
use crate::embedding::Embedder;
use crate::search::{Hit, Search, SearchError, Wanted};

mod blend;
mod rows;

pub use blend::blend;

use rows::Rows;

/// Numbers multiplied in about a tenth of a millisecond: handing less to another thread costs
/// more than it saves.
const INLINE: usize = 1 << 20;

/// `[retriever.vectors]`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// The most searches at once; more wait their turn. 0 means as many as there are processors.
    /// Default 0.
    pub searches: usize,
}

#[expect(
    clippy::derivable_impls,
    reason = "the defaults stand beside their documentation"
)]
impl Default for Settings {
    fn default() -> Self {
        Self { searches: 0 }
    }
}

/// Compares a question with every vector. Right up to tens of thousands of passages.
#[derive(Debug)]
pub struct Vectors {
    chunks: Vec<Arc<Chunk>>,
    rows: Arc<Rows>,
    embedder: Arc<dyn Embedder>,
    searches: Arc<Semaphore>,
}

impl Vectors {
    /// Searches `components`, which hold a vector of `dimension` numbers and length 1 for each of
    /// `chunks`, one after the other.
    ///
    /// # Errors
    ///
    /// [`SearchError::Broken`] when they do not fit the chunks or the embedder.
    pub fn new(
        chunks: Vec<Arc<Chunk>>,
        components: Vec<f32>,
        dimension: usize,
        embedder: Arc<dyn Embedder>,
        settings: &Settings,
    ) -> Result<Self, SearchError> {
        let broken = |misfit: Misfit| SearchError::Broken(Box::new(misfit));
        if dimension != embedder.dimension() || dimension == 0 {
            return Err(broken(Misfit::Dimension {
                index: dimension,
                model: embedder.dimension(),
            }));
        }
        if chunks.len().checked_mul(dimension) != Some(components.len()) {
            return Err(broken(Misfit::Length {
                chunks: chunks.len(),
                dimension,
                components: components.len(),
            }));
        }
        let searches = match settings.searches {
            0 => std::thread::available_parallelism().map_or(1, usize::from),
            searches => searches.min(Semaphore::MAX_PERMITS),
        };
        Ok(Self {
            chunks,
            rows: Arc::new(Rows::new(components, dimension)),
            embedder,
            searches: Arc::new(Semaphore::new(searches)),
        })
    }

    async fn question(&self, wanted: &Wanted) -> Result<Vec<f32>, SearchError> {
        let mut parts = Vec::with_capacity(wanted.said.len());
        for said in &wanted.said {
            let vector = self.embedder.question(&said.text).await;
            let vector = vector.map_err(|error| SearchError::Unavailable(Box::new(error)))?;
            parts.push((vector, said.weight));
        }
        Ok(blend(&parts))
    }

    async fn nearest(&self, question: Vec<f32>, limit: usize) -> Result<Vec<Near>, SearchError> {
        if self.rows.size() <= INLINE {
            return Ok(self.rows.nearest(&question, limit));
        }
        let unavailable = |cause| SearchError::Unavailable(cause);
        let permit = Arc::clone(&self.searches).acquire_owned().await;
        let permit = permit.map_err(|error| unavailable(Box::new(error)))?;
        let rows = Arc::clone(&self.rows);
        tokio::task::spawn_blocking(move || {
            let nearest = rows.nearest(&question, limit);
            drop(permit);
            nearest
        })
        .await
        .map_err(|error| unavailable(Box::new(error)))
    }
}

#[async_trait]
impl Search for Vectors {
    fn name(&self) -> &'static str {
        "dense"
    }

    async fn search(&self, wanted: &Wanted) -> Result<Vec<Hit>, SearchError> {
        let limit = wanted.limit.min(self.chunks.len());
        if limit == 0 || wanted.said.is_empty() {
            return Ok(Vec::new());
        }
        let question = self.question(wanted).await?;
        let nearest = self.nearest(question, limit).await?;
        Ok(nearest
            .into_iter()
            .filter_map(|near| {
                let chunk = Arc::clone(self.chunks.get(near.row)?);
                let score = near.score;
                Some(Hit { chunk, score })
            })
            .collect())
    }
}

/// A row and how like the question it is.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Near {
    row: usize,
    score: f32,
}

#[derive(Debug, thiserror::Error)]
enum Misfit {
    #[error(
        "the index holds vectors of {index} components and the model makes {model}; run `voicera index`"
    )]
    Dimension { index: usize, model: usize },
    #[error(
        "the index holds {components} components for {chunks} chunks of {dimension}; run `voicera index --rebuild`"
    )]
    Length {
        chunks: usize,
        dimension: usize,
        components: usize,
    },
}

#[cfg(test)]
mod tests;
