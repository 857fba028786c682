//! A graph that leads to near vectors, for more of them than are compared one by one.
//!
//! It is built on a thread of its own while the comparison answers, and takes as much memory as
//! the vectors again.

use std::fmt;
use std::sync::{Arc, OnceLock, Weak};
use std::thread;
use std::time::Instant;

use hnsw_rs::prelude::{Distance, Hnsw};

use super::Near;
use super::rows::{Rows, dot};

/// Edges of a vector, and how many candidates they are chosen from: the usual middle.
const EDGES: usize = 16;
const CHOICE: usize = 100;
const LAYERS: usize = 16;

/// How many candidates a search follows for each hit, and at least.
const CARE: usize = 2;
const LEAST: usize = 64;

pub(super) struct Graph(OnceLock<Hnsw<'static, f32, Unlike>>);

/// 0 for the same direction.
#[derive(Clone, Copy, Default)]
struct Unlike;

impl Graph {
    /// Begins to build the graph. Dropping it ends the building.
    pub(super) fn start(rows: &Arc<Rows>) -> Option<Arc<Self>> {
        let graph = Arc::new(Self(OnceLock::new()));
        let (rows, unfinished) = (Arc::clone(rows), Arc::downgrade(&graph));
        let builder = thread::Builder::new().name("graph".to_owned());
        match builder.spawn(move || build(&rows, &unfinished)) {
            Ok(_) => Some(graph),
            Err(error) => {
                tracing::warn!(error = %error, "no thread builds the graph: every passage is compared");
                None
            }
        }
    }

    /// None until it is built.
    pub(super) fn nearest(&self, rows: &Rows, question: &[f32], limit: usize) -> Option<Vec<Near>> {
        let graph = self.0.get()?;
        let follow = limit.saturating_mul(CARE).max(LEAST);
        let found = graph.search(question, limit, follow);
        let found = found.iter().map(|neighbour| neighbour.d_id);
        Some(rows.nearest_of(found, question, limit))
    }
}

fn build(rows: &Rows, unfinished: &Weak<Graph>) {
    let begun = Instant::now();
    let graph = Hnsw::new(EDGES, rows.count(), LAYERS, CHOICE, Unlike);
    for (row, vector) in rows.all().enumerate() {
        if unfinished.strong_count() == 0 {
            return;
        }
        graph.insert_slice((vector, row));
    }
    if let Some(unfinished) = unfinished.upgrade() {
        let _ = unfinished.0.set(graph);
        tracing::info!(
            index.passages = rows.count(),
            duration_ms = begun.elapsed().as_millis() as u64,
            "the graph of vectors is built"
        );
    }
}

impl Distance<f32> for Unlike {
    /// Never below 0 and always a number: the crate panics otherwise.
    fn eval(&self, a: &[f32], b: &[f32]) -> f32 {
        match 1.0 - dot(a, b) {
            unlike if unlike.is_finite() => unlike.max(0.0),
            _ => f32::MAX,
        }
    }
}

impl fmt::Debug for Graph {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let built = self.0.get().is_some();
        f.debug_struct("Graph").field("built", &built).finish()
    }
}
