//! What a build without graphs has in their place: none.

use std::sync::Arc;

use super::Near;
use super::rows::Rows;

#[derive(Debug)]
pub(super) enum Graph {}

impl Graph {
    pub(super) fn start(rows: &Arc<Rows>) -> Option<Arc<Self>> {
        tracing::warn!(
            index.passages = rows.count(),
            "the index is larger than `retriever.vectors.exact`, and this build has no graphs: \
             every passage is compared; build with `--features hnsw`, or raise it"
        );
        None
    }

    pub(super) fn nearest(&self, _: &Rows, _: &[f32], _: usize) -> Option<Vec<Near>> {
        match *self {}
    }
}
