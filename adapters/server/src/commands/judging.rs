//! Asks questions with known answers, and judges what was found and said.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use voicera::ports::chain;
use voicera_retrievers::questions::{self, Question};
use voicera_retrievers::tokens;

use super::progress::Progress;
use crate::answering::{Agent, Size};
use crate::config::{Config, Kind, Model};

/// How one question went.
#[derive(Debug)]
pub(super) struct Judged {
    pub question: Question,
    /// What was said, or why nothing was.
    pub said: String,
    pub right: bool,
    /// Whether the document with the answer was before the model; nothing where it is not known.
    pub hit: Option<bool>,
    pub size: Size,
    /// The length of the answer, in tokens.
    pub reply: usize,
    pub search: Duration,
    pub whole: Duration,
}

/// Reads questions; without a file those of the knowledge base.
pub(super) fn read(
    file: Option<&Path>,
    config: &Config,
) -> anyhow::Result<(PathBuf, Vec<Question>)> {
    let file = match file {
        Some(file) => file.to_owned(),
        None => config.retriever.knowledge_base.join("questions.jsonl"),
    };
    let text = std::fs::read_to_string(&file).with_context(|| {
        format!(
            "the questions in {} cannot be read; name a file of them",
            file.display()
        )
    })?;
    let questions = questions::parse(&text).with_context(|| file.display().to_string())?;
    ensure!(
        !questions.is_empty(),
        "there are no questions in {}",
        file.display()
    );
    Ok((file, questions))
}

/// The configuration with the extractive model alone.
pub(super) fn extractive_only(config: &Config) -> Config {
    let configured = config.models.iter();
    let mut configured = configured.filter(|model| matches!(model.kind, Kind::Extractive(_)));
    let model = configured.next().cloned();
    Config {
        models: vec![model.unwrap_or_else(Model::quoting)],
        ..config.clone()
    }
}

/// Asks every question.
pub(super) async fn all(
    agent: &Agent,
    questions: &[Question],
    progress: &mut Progress,
) -> Vec<Judged> {
    let mut judged = Vec::with_capacity(questions.len());
    for question in questions {
        progress.step();
        judged.push(one(agent, question.clone()).await);
    }
    judged
}

async fn one(agent: &Agent, question: Question) -> Judged {
    let begun = Instant::now();
    let mut judged = Judged {
        said: String::new(),
        right: false,
        hit: None,
        size: Size::default(),
        reply: 0,
        search: Duration::ZERO,
        whole: Duration::ZERO,
        question,
    };
    let found = match agent.find(&judged.question.question, &[]).await {
        Ok(found) => found,
        Err(error) => {
            judged.said = format!("nothing: {}", chain(&error));
            judged.whole = begun.elapsed();
            return judged;
        }
    };
    let answer = agent.answer(&found, |_| {}).await;
    let question = &judged.question;
    judged.hit = question.source.as_ref().map(|source| {
        let mut passages = found.findings.passages.iter();
        passages.any(|passage| passage.source.document == *source)
            || found.prompt.briefing.contains(source.as_str())
    });
    judged.reply = tokens::estimate(&answer.said);
    (judged.said, judged.right) = match answer.broke {
        Some(error) => (format!("nothing: {}", chain(&error)), false),
        None => {
            let right = match question.answerable {
                true => questions::facts_in(&answer.said, question),
                false => answer.said.contains(agent.fallback()),
            };
            (answer.said, right)
        }
    };
    judged.size = found.size;
    judged.search = found.took;
    judged.whole = begun.elapsed();
    judged
}

/// How many are right of those that can be answered, or of the others, and how many there are.
pub(super) fn right(judged: &[Judged], answerable: bool) -> (usize, usize) {
    let of = judged
        .iter()
        .filter(|judged| judged.question.answerable == answerable);
    let right = of.clone().filter(|judged| judged.right).count();
    (right, of.count())
}

/// In how many of those where it is known the document with the answer was there.
pub(super) fn hits(judged: &[Judged]) -> (usize, usize) {
    let known = judged.iter().filter_map(|judged| judged.hit);
    (known.clone().filter(|hit| *hit).count(), known.count())
}

/// The time that this share of the questions does not exceed, in milliseconds.
pub(super) fn quantile(times: impl Iterator<Item = Duration>, share: f64) -> f64 {
    let mut times: Vec<_> = times.collect();
    times.sort_unstable();
    let last = times.len().saturating_sub(1) as f64;
    let time = times.get((last * share).round() as usize);
    time.map_or(0.0, |time| time.as_secs_f64() * 1000.0)
}
