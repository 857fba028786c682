//! Vectors side by side in memory, and the comparison with every one of them.

use std::fmt;

use super::Near;

/// Sums that run beside each other, so that the compiler can use the machine's vector registers.
const LANES: usize = 16;

/// Vectors of one dimension, one after the other.
pub(super) struct Rows {
    components: Vec<f32>,
    dimension: usize,
}

impl Rows {
    /// `dimension` is not 0 and divides the number of components.
    pub(super) fn new(components: Vec<f32>, dimension: usize) -> Self {
        Self {
            components,
            dimension,
        }
    }

    /// How many numbers a search multiplies.
    pub(super) fn size(&self) -> usize {
        self.components.len()
    }

    /// The rows most like the question, best first, at most `limit` and not 0. A row that is
    /// not a number is like nothing.
    pub(super) fn nearest(&self, question: &[f32], limit: usize) -> Vec<Near> {
        let mut best = Vec::with_capacity(limit.saturating_mul(2).min(4096));
        let mut bar = f32::NEG_INFINITY;
        for (row, vector) in self.components.chunks_exact(self.dimension).enumerate() {
            let score = dot(vector, question);
            if score > bar && score < f32::INFINITY {
                best.push(Near { row, score });
                if best.len() >= limit.saturating_mul(2) {
                    keep(&mut best, limit);
                    bar = best.last().map_or(bar, |near| near.score);
                }
            }
        }
        keep(&mut best, limit);
        best
    }
}

impl fmt::Debug for Rows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rows")
            .field("components", &self.components.len())
            .field("dimension", &self.dimension)
            .finish()
    }
}

pub(super) fn dot(a: &[f32], b: &[f32]) -> f32 {
    let (a, a_rest) = a.as_chunks::<LANES>();
    let (b, b_rest) = b.as_chunks::<LANES>();
    let mut sums = [0.0_f32; LANES];
    for (a, b) in a.iter().zip(b) {
        for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
            *sum += a * b;
        }
    }
    let rest: f32 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
    sums.iter().sum::<f32>() + rest
}

fn keep(best: &mut Vec<Near>, limit: usize) {
    best.sort_unstable_by(|a, b| b.score.total_cmp(&a.score).then(a.row.cmp(&b.row)));
    best.truncate(limit);
}
