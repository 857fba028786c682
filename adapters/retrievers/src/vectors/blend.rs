//! One question out of several utterances.

use std::sync::Arc;

/// The mean of vectors, each counted by its weight, at length 1. Where they cancel out, the last
/// speaks alone.
pub fn blend(parts: &[(Arc<[f32]>, f32)]) -> Vec<f32> {
    let Some((last, _)) = parts.last() else {
        return Vec::new();
    };
    let mut mean = vec![0.0_f32; last.len()];
    for (vector, weight) in parts {
        for (sum, component) in mean.iter_mut().zip(vector.iter()) {
            *sum += component * weight;
        }
    }
    let length = mean.iter().map(|c| c * c).sum::<f32>().sqrt();
    if !length.is_finite() || length < 1e-6 {
        return last.to_vec();
    }
    mean.iter_mut().for_each(|c| *c /= length);
    mean
}
