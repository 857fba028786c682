//! Makes one ranking of several.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use serde::Deserialize;

use super::BadSetting;
use crate::chunks::ChunkId;
use crate::search::Hit;

/// `[retriever.fusion]`: how what the searches find becomes the passages of a turn.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// How rankings are fused: `convex` (the default) adds up normalised scores, `reciprocal` adds
    /// up reciprocal ranks.
    pub method: Method,
    /// How much each search counts, by its name (`tantivy`, `dense`, `qdrant`), 0 or above. One
    /// that is not named counts 1. Default none, so all count alike.
    pub weights: BTreeMap<String, f32>,
    /// The constant of `reciprocal`: the larger, the less the first ranks stand out. Default 60.
    pub k: f32,
    /// How many hits each search is asked for, before they are fused, 1 to 1000; at most 100 where
    /// it is the only one. Default 500.
    pub candidates: usize,
    /// How long a search may take; a later one is left out. It has to be shorter than
    /// `patience.knowledge`. Default `350ms`.
    #[serde(with = "humantime_serde")]
    pub deadline: Duration,
    /// How many neighbours of the same section a passage is widened by on each side, 0 for none.
    /// Default 1.
    pub reach: u32,
    /// What all passages of a turn may take, in tokens. The best one is given whatever it takes.
    /// Default 2000.
    pub max_tokens: usize,
}

/// How rankings are fused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Method {
    #[default]
    Convex,
    Reciprocal,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            method: Method::default(),
            weights: BTreeMap::new(),
            k: 60.0,
            candidates: 500,
            deadline: Duration::from_millis(350),
            reach: 1,
            max_tokens: 2_000,
        }
    }
}

impl Settings {
    pub(super) fn check(&self) -> Result<(), BadSetting> {
        for (name, weight) in &self.weights {
            let path = format!("retriever.fusion.weights.{name}");
            BadSetting::unless(
                weight.is_finite() && *weight >= 0.0,
                &path,
                weight,
                "0 or above",
            )?;
        }
        let none = !self.weights.is_empty() && self.weights.values().all(|weight| *weight == 0.0);
        BadSetting::unless(
            !none,
            "retriever.fusion.weights",
            &0,
            "one above 0 at least",
        )?;
        let (k, candidates, deadline) = (self.k, self.candidates, self.deadline);
        BadSetting::unless(
            k.is_finite() && k >= 0.0,
            "retriever.fusion.k",
            &k,
            "0 or above",
        )?;
        let path = "retriever.fusion.candidates";
        BadSetting::unless(
            (1..=1_000).contains(&candidates),
            path,
            &candidates,
            "1 to 1000",
        )?;
        let path = "retriever.fusion.deadline";
        BadSetting::unless(!deadline.is_zero(), path, &"0s", "a time above 0")
    }

    pub(super) fn weight(&self, search: &str) -> f32 {
        self.weights.get(search).copied().unwrap_or(1.0)
    }
}

/// One ranking, and how much it counts.
#[derive(Clone, Debug)]
pub(super) struct Ranking {
    pub(super) hits: Vec<Hit>,
    pub(super) weight: f32,
    /// Whether there is nothing beyond its hits.
    pub(super) complete: bool,
}

/// The hits of all rankings, best first, scored from 0 to 1.
pub(super) fn fuse(rankings: Vec<Ranking>, settings: &Settings) -> Vec<Hit> {
    let mut rankings = rankings;
    // What counts nothing beside another one is all there is without it.
    if rankings.iter().all(|ranking| ranking.weight <= 0.0) {
        rankings.iter_mut().for_each(|ranking| ranking.weight = 1.0);
    }
    let total: f32 = rankings.iter().map(|ranking| ranking.weight).sum();
    let mut fused: HashMap<ChunkId, Hit> = HashMap::new();
    for ranking in rankings {
        let Ranking {
            hits,
            weight,
            complete,
        } = ranking;
        let part = weight / total;
        let scores = match settings.method {
            Method::Convex => normal(&hits, complete),
            Method::Reciprocal => reciprocal(hits.len(), settings.k),
        };
        for (hit, score) in hits.into_iter().zip(scores) {
            let chunk = hit.chunk;
            let fused = fused.entry(chunk.id).or_insert(Hit { chunk, score: 0.0 });
            fused.score += part * score;
        }
    }
    let mut fused: Vec<_> = fused.into_values().collect();
    fused.sort_by(|a, b| {
        b.score
            .total_cmp(&a.score)
            .then(a.chunk.id.cmp(&b.chunk.id))
    });
    fused
}

/// The scores from 0 to 1, where 1 is the best and 0 what is not among the hits: at the most the
/// last score, or nothing at all where the hits are complete.
fn normal(hits: &[Hit], complete: bool) -> Vec<f32> {
    let scores = hits.iter().map(|hit| hit.score);
    let floor = if complete { 0.0 } else { f32::MAX };
    let low = scores.clone().fold(floor, f32::min);
    let range = scores.clone().fold(f32::MIN, f32::max) - low;
    let normal = |score| {
        if range > 0.0 {
            (score - low) / range
        } else {
            1.0
        }
    };
    scores.map(normal).collect()
}

/// `1 / (k + rank)`, so that the first has 1.
fn reciprocal(ranks: usize, k: f32) -> Vec<f32> {
    let ranks = (1..=ranks).map(|rank| rank as f32);
    ranks.map(|rank| (k + 1.0) / (k + rank)).collect()
}

#[cfg(test)]
mod tests;
