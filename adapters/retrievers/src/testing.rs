//! A small real embedder without a model, and the contracts as suites, for tests and benches.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a suite fails by panicking"
)]

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash as _, Hasher as _};
use std::sync::Arc;

use async_trait::async_trait;

use crate::embedding::{EmbedError, Embedder};

mod embedding;
mod search;
pub mod tiny;

pub use embedding::embedder_conforms;
pub use search::search_conforms;

/// Embeds a text as the bag of its words and their beginnings: texts that share words lie close
/// together.
#[derive(Clone, Debug)]
pub struct BagOfWords {
    pub dimension: usize,
    name: String,
}

impl BagOfWords {
    pub fn new(dimension: usize) -> Self {
        let name = format!("bag-of-words-{dimension}");
        Self { dimension, name }
    }

    fn vector(&self, text: &str) -> Vec<f32> {
        let mut vector = vec![0.0_f32; self.dimension];
        for word in text.to_lowercase().split(|c: char| !c.is_alphanumeric()) {
            let stem: String = word.chars().take(5).collect();
            for (part, weight) in [(word, 1.0), (stem.as_str(), 0.5)] {
                // Its keys are fixed, so every run hashes alike.
                let mut hasher = DefaultHasher::new();
                part.hash(&mut hasher);
                let hash = hasher.finish();
                let sign = if hash & 1 == 0 { weight } else { -weight };
                let place = (hash >> 1) as usize % self.dimension.max(1);
                if let Some(component) = vector.get_mut(place).filter(|_| !part.is_empty()) {
                    *component += sign;
                }
            }
        }
        let length = vector.iter().map(|c| c * c).sum::<f32>().sqrt();
        match length > 0.0 {
            true => vector.iter_mut().for_each(|c| *c /= length),
            false => vector.iter_mut().take(1).for_each(|c| *c = 1.0),
        }
        vector
    }
}

#[async_trait]
impl Embedder for BagOfWords {
    fn name(&self) -> &str {
        &self.name
    }

    fn dimension(&self) -> usize {
        self.dimension
    }

    fn passages(&self, texts: &[String]) -> Result<Vec<Vec<f32>>, EmbedError> {
        Ok(texts.iter().map(|text| self.vector(text)).collect())
    }

    async fn question(&self, text: &str) -> Result<Arc<[f32]>, EmbedError> {
        Ok(self.vector(text).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_bag_of_words_keeps_the_contract() {
        embedder_conforms(&BagOfWords::new(64), &["ocean freight", "Ocean freight?"]).await;
    }
}
