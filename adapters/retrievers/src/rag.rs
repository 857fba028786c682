//! Searches the knowledge base for what each turn asks (RAG): several searches at once, fused.

use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use tokio::time::{Instant, timeout};
use voicera::ports::Retriever;
use voicera::ports::retriever::{Findings, Outcome, Query, RetrieveError, Search as Report};

use crate::rerank::{self, Reranker};
use crate::search::{Hit, SearchError, Wanted};

pub mod fusion;

mod generation;

pub mod question;

mod asking;

mod duplicates;

mod health;

mod runs;

use asking::{Asked, Silence};
use fusion::Ranking;
pub use generation::{Generation, Live};
use health::Health;
use question::Question;

/// What transcripts call the second reading.
const RERANK: &str = "rerank";

/// How questions are built and answers put together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings {
    pub fusion: fusion::Settings,
    pub conversation: question::Settings,
    /// How many are read again, and for how long; whoever opens the reranker reads the rest.
    pub rerank: rerank::Settings,
}

/// A setting that makes no sense. The message names it and the fix.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {value} does not fit; use {range}")]
pub struct BadSetting {
    path: String,
    value: String,
    range: &'static str,
}

impl BadSetting {
    pub(crate) fn unless(
        fits: bool,
        path: &str,
        value: &dyn fmt::Display,
        range: &'static str,
    ) -> Result<(), Self> {
        match fits {
            true => Ok(()),
            false => Err(Self {
                path: path.to_owned(),
                value: value.to_string(),
                range,
            }),
        }
    }
}

impl Settings {
    /// # Errors
    ///
    /// At the first setting that makes no sense.
    pub fn check(&self) -> Result<(), BadSetting> {
        self.fusion.check()?;
        self.conversation.check()
    }

    /// The longest that a turn may take; it has to be shorter than the core's patience for
    /// knowledge.
    pub fn longest(&self) -> Duration {
        self.fusion.deadline + self.rerank.deadline + runs::NEIGHBOURLY
    }
}

/// What a search is asked for where no other one has to find the same: more changes no score of
/// the judged sets, and takes longer.
const ALONE: usize = 100;

/// Finds passages with every search of the latest generation.
#[derive(Debug)]
pub struct Rag {
    live: Arc<Live>,
    reranker: Option<Arc<dyn Reranker>>,
    settings: Settings,
    health: Health,
}

/// All that was found for a turn.
#[derive(Clone, Debug, Default)]
pub struct Ranked {
    /// Best first, neither widened nor bounded, with those that repeat a better one.
    pub hits: Vec<Hit>,
    pub searches: Vec<Report>,
}

impl Rag {
    /// # Errors
    ///
    /// At the first setting that makes no sense.
    pub fn new(
        live: Arc<Live>,
        reranker: Option<Arc<dyn Reranker>>,
        settings: Settings,
    ) -> Result<Self, BadSetting> {
        settings.check()?;
        Ok(Self {
            live,
            reranker,
            settings,
            health: Health::default(),
        })
    }

    /// The cell it takes its generation from.
    pub fn live(&self) -> &Arc<Live> {
        &self.live
    }

    /// Everything found for the turn, before passages are made of it.
    ///
    /// # Errors
    ///
    /// When no search has answered.
    pub async fn rank(&self, query: &Query) -> Result<Ranked, RetrieveError> {
        let (hits, searches) = self.rank_in(&self.live.current(), query).await;
        Ok(Ranked {
            hits: hits?,
            searches,
        })
    }

    /// What was found, or why nothing could be, and what was searched.
    async fn rank_in(
        &self,
        generation: &Generation,
        query: &Query,
    ) -> (Result<Vec<Hit>, RetrieveError>, Vec<Report>) {
        let question = Question::of(query, &self.settings.conversation);
        let Some(question) = question.filter(|_| query.limit > 0) else {
            return (Ok(Vec::new()), nothing(generation));
        };
        let candidates = match generation.searches.len() {
            1 => self.settings.fusion.candidates.min(ALONE),
            _ => self.settings.fusion.candidates,
        };
        let wanted = |said| Wanted {
            said,
            language: query.language.clone(),
            limit: candidates,
        };
        let mut wordings = vec![wanted(question.alone())];
        wordings.extend(question.in_conversation().map(wanted));
        let deadline = self.settings.fusion.deadline;
        let asked = asking::ask(&generation.searches, &wordings, deadline).await;
        for asked in &asked {
            match &asked.found {
                Ok(_) => self.health.is_well(asked.name),
                Err(silence) => self.health.is_silent(asked.name, silence),
            }
        }
        let mut searches: Vec<_> = asked.iter().map(report).collect();
        let hits = match self.fuse(asked, &question) {
            Ok(hits) => hits,
            Err(error) => return (Err(error), searches),
        };
        let (hits, reranked) = self.rerank(hits, &question).await;
        searches.extend(reranked);
        (Ok(hits), searches)
    }

    /// One ranking of all searches for each wording, and one of all wordings.
    fn fuse(&self, asked: Vec<Asked>, question: &Question) -> Result<Vec<Hit>, RetrieveError> {
        let Settings {
            fusion,
            conversation,
            ..
        } = &self.settings;
        let mut alone = Vec::new();
        let mut in_conversation = Vec::new();
        let mut silences = Vec::new();
        for Asked { name, found, .. } in asked {
            let weight = fusion.weight(name);
            match found {
                Ok(found) => {
                    let rankings = found.into_iter().map(|hits| Ranking {
                        complete: hits.len() < fusion.candidates,
                        hits,
                        weight,
                    });
                    for (ranking, wording) in rankings.zip([&mut alone, &mut in_conversation]) {
                        wording.push(ranking);
                    }
                }
                Err(silence) => silences.push((name, silence)),
            }
        }
        if alone.is_empty() {
            return Err(nobody(silences));
        }
        let hits = fusion::fuse(alone, fusion);
        if in_conversation.is_empty() {
            return Ok(hits);
        }
        let share = match question.leans {
            true => conversation.leaning_share,
            false => conversation.share,
        };
        let in_conversation = fusion::fuse(in_conversation, fusion);
        let wordings = [(hits, 1.0 - share), (in_conversation, share)];
        let rankings = wordings.map(|(hits, weight)| Ranking {
            hits,
            weight,
            complete: true,
        });
        Ok(fusion::fuse(rankings.into(), fusion))
    }

    /// Puts the best in the order that the reranker sees, before all others.
    async fn rerank(&self, mut hits: Vec<Hit>, question: &Question) -> (Vec<Hit>, Option<Report>) {
        let Some(reranker) = self.reranker.as_ref().filter(|_| !hits.is_empty()) else {
            return (hits, None);
        };
        let rerank::Settings {
            candidates,
            deadline,
            ..
        } = self.settings.rerank;
        let begun = Instant::now();
        let mut rest = hits.split_off(candidates.min(hits.len()));
        let chunks: Vec<_> = hits.iter().map(|hit| Arc::clone(&hit.chunk)).collect();
        let question = question.whole();
        let scores = timeout(deadline, reranker.scores(&question, &chunks)).await;
        let outcome = match scores {
            Ok(Ok(scores)) => {
                self.health.is_well(RERANK);
                for (hit, score) in hits.iter_mut().zip(scores) {
                    hit.score = logistic(score);
                }
                hits.sort_by(|a, b| b.score.total_cmp(&a.score));
                let least = hits.last().map_or(1.0, |hit| hit.score);
                rest.iter_mut().for_each(|hit| hit.score *= least);
                Outcome::Found(hits.len())
            }
            Ok(Err(error)) => {
                let silence = Silence::Failed(SearchError::Unavailable(error.into()));
                self.health.is_silent(RERANK, &silence);
                Outcome::Failed
            }
            Err(_) => {
                self.health.is_silent(RERANK, &Silence::Late);
                Outcome::Late
            }
        };
        hits.append(&mut rest);
        (hits, Some(reported(RERANK, outcome, begun.elapsed())))
    }
}

#[async_trait]
impl Retriever for Rag {
    fn briefing(&self) -> &str {
        ""
    }

    async fn retrieve(&self, query: &Query) -> Result<Findings, RetrieveError> {
        let generation = self.live.current();
        let (hits, searches) = self.rank_in(&generation, query).await;
        // Why nobody answered has been logged; the transcript names them all.
        let hits = hits.unwrap_or_default();
        let fusion::Settings {
            reach, max_tokens, ..
        } = self.settings.fusion;
        // Comparing all that was found would take longer than finding it. Passages that are joined
        // leave room for others, hence twice the limit.
        let hits = duplicates::without(hits).take(query.limit.saturating_mul(2));
        let runs = runs::choose(hits, query.limit, max_tokens);
        let neighbours = generation.neighbours.as_ref();
        let runs = runs::widen(runs, neighbours, reach, max_tokens).await;
        Ok(Findings {
            passages: runs.iter().map(runs::Run::passage).collect(),
            searches,
        })
    }
}

fn reported(name: &'static str, outcome: Outcome, took: Duration) -> Report {
    Report {
        strategy: name.into(),
        outcome,
        took,
    }
}

fn report(asked: &Asked) -> Report {
    let outcome = match &asked.found {
        Ok(found) => {
            let found: HashSet<_> = found.iter().flatten().map(|hit| hit.chunk.id).collect();
            Outcome::Found(found.len())
        }
        Err(Silence::Late) => Outcome::Late,
        Err(Silence::Failed(_)) => Outcome::Failed,
    };
    reported(asked.name, outcome, asked.took)
}

/// Nothing is asked, so nothing is found.
fn nothing(generation: &Generation) -> Vec<Report> {
    let searches = generation.searches.iter();
    let searches = searches.map(|s| reported(s.name(), Outcome::Found(0), Duration::ZERO));
    searches.collect()
}

fn nobody(silences: Vec<(&'static str, Silence)>) -> RetrieveError {
    let is_broken = |silence: &Silence| matches!(silence, Silence::Failed(SearchError::Broken(_)));
    let broken = !silences.is_empty() && silences.iter().all(|(_, silence)| is_broken(silence));
    let causes = silences
        .iter()
        .map(|(name, silence)| format!("{name}: {silence}"));
    let cause = causes.collect::<Vec<_>>().join("; ").into();
    match broken {
        true => RetrieveError::Broken(cause),
        false => RetrieveError::Unavailable(cause),
    }
}

/// From 0 to 1, in the same order.
fn logistic(score: f32) -> f32 {
    1.0 / (1.0 + (-score).exp())
}

#[cfg(test)]
mod tests;
