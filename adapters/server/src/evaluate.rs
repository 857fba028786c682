//! Asks the questions of a knowledge base and counts the right answers.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use clap::ValueEnum;
use futures_util::StreamExt as _;
use serde_json::json;
use voicera::ports::language_model::Piece;
use voicera::ports::retriever::Query;
use voicera::ports::{LanguageModel, Retriever};
use voicera::profile::Profile;
use voicera::prompt::Prompt;
use voicera_models::extractive;
use voicera_retrievers::questions::{self, Question};

use crate::config::{self, Config, Environment, Kind, Model};
use crate::layout::{Ink, wrap};
use crate::{assembly, profile};

/// What to evaluate and how to show it.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The questions; without it those of the knowledge base.
    pub file: Option<PathBuf>,
    pub model: Writer,
    pub form: Form,
}

/// Who writes the answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Writer {
    /// The extractive model: needs no vendor, and always says the same
    Extractive,
    /// The models of the configuration
    Configured,
}

/// How the result is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Text,
    /// With the wrong answers.
    Verbose,
    Json,
}

/// How one question went.
#[derive(Debug)]
struct Answer {
    question: Question,
    /// What was said, or why nothing was.
    said: String,
    right: bool,
    took: Duration,
}

/// Answers the text to print.
///
/// # Errors
///
/// When the questions cannot be read or the adapters not be opened.
pub async fn run(
    config: &Config,
    environment: &Environment,
    wanted: &Wanted,
) -> anyhow::Result<String> {
    let config = &match wanted.model {
        Writer::Extractive => extractive_only(config),
        Writer::Configured => config.clone(),
    };
    let file = wanted.file.clone().unwrap_or_else(|| questions_of(config));
    let questions = read(&file)?;
    let (retriever, knowledge) = assembly::retriever(config)?;
    let model = assembly::model(config, environment)?;
    let bench = Bench {
        profile: profile::of(config),
        briefing: retriever.briefing().into(),
        retriever: &*retriever,
        model: &*model,
    };
    let progress = io::stderr().is_terminal();
    let count = questions.len();
    let mut answers = Vec::with_capacity(count);
    for question in questions {
        if progress {
            let _ = write!(io::stderr(), "\r{} of {count}", answers.len() + 1);
        }
        answers.push(bench.answer(question).await);
    }
    if progress {
        let _ = write!(io::stderr(), "\r\u{1b}[K");
    }
    let names: Vec<_> = config
        .models
        .iter()
        .map(|model| model.name.as_str())
        .collect();
    let heading = [
        ("questions", format!("{count} in {}", file.display())),
        ("knowledge", knowledge),
        ("model", names.join(", then ")),
    ];
    Ok(match wanted.form {
        Form::Text => text(&heading, &answers),
        Form::Verbose => text(&heading, &answers) + &misses(&answers),
        Form::Json => format!("{:#}\n", as_json(&heading, &answers)),
    })
}

fn extractive_only(config: &Config) -> Config {
    let configured = config.models.iter();
    let mut configured = configured.filter(|model| matches!(model.kind, Kind::Extractive(_)));
    let model = configured.next().cloned().unwrap_or_else(|| Model {
        name: "extractive".to_owned(),
        kind: Kind::Extractive(extractive::Settings::default()),
    });
    Config {
        models: vec![model],
        ..config.clone()
    }
}

fn questions_of(config: &Config) -> PathBuf {
    let config::Retriever::Cag(settings) = &config.retriever;
    settings.knowledge_base.join("questions.jsonl")
}

fn read(file: &Path) -> anyhow::Result<Vec<Question>> {
    let text = fs::read_to_string(file).with_context(|| {
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
    Ok(questions)
}

/// What is evaluated.
struct Bench<'a> {
    profile: Profile,
    briefing: Arc<str>,
    retriever: &'a dyn Retriever,
    model: &'a dyn LanguageModel,
}

impl Bench<'_> {
    async fn answer(&self, question: Question) -> Answer {
        let begun = Instant::now();
        let said = self.ask(&question.question).await;
        let took = begun.elapsed();
        let (said, right) = match said {
            Ok(said) if question.answerable => {
                let right = questions::facts_in(&said, &question);
                (said, right)
            }
            Ok(said) => {
                let right = said.contains(&self.profile.lines.fallback);
                (said, right)
            }
            Err(error) => (format!("nothing: {error:#}"), false),
        };
        Answer {
            question,
            said,
            right,
            took,
        }
    }

    async fn ask(&self, utterance: &str) -> anyhow::Result<String> {
        let query = Query {
            utterance: utterance.to_owned(),
            earlier: Vec::new(),
            language: self.profile.language.clone(),
            limit: self.profile.bounds.passages,
        };
        let passages = self.retriever.retrieve(&query).await?.passages;
        let mut reply = self.model.reply(Prompt {
            instructions: self.profile.instructions.clone(),
            briefing: self.briefing.clone(),
            history: Vec::new(),
            passages,
            utterance: utterance.to_owned(),
            language: self.profile.language.clone(),
            said: String::new(),
            tools: Arc::from([]),
        });
        let mut said = String::new();
        while let Some(piece) = reply.next().await {
            match piece? {
                Piece::Text(text) => said.push_str(&text),
                Piece::ToolCall(_) | Piece::Usage(_) => {}
            }
        }
        Ok(said)
    }
}

/// How many of the answers to answerable questions, or to the others, are right.
fn count(answers: &[Answer], answerable: bool) -> (usize, usize) {
    let of = answers
        .iter()
        .filter(|a| a.question.answerable == answerable);
    let (right, all) = (of.clone().filter(|answer| answer.right).count(), of.count());
    (right, all)
}

/// The time that this share of the answers does not exceed, in milliseconds.
fn quantile(answers: &[Answer], share: f64) -> f64 {
    let mut times: Vec<_> = answers.iter().map(|answer| answer.took).collect();
    times.sort_unstable();
    let last = times.len().saturating_sub(1) as f64;
    let time = times.get((last * share).round() as usize);
    time.map_or(0.0, |time| time.as_secs_f64() * 1000.0)
}

fn text(heading: &[(&str, String)], answers: &[Answer]) -> String {
    let ink = Ink::of(&io::stdout());
    let mut text = String::new();
    let mut line = |name: &str, value: &str| {
        let wrapped = wrap(value, &format!("{name:16}"), &" ".repeat(16));
        let rest = wrapped.strip_prefix(name).unwrap_or_default();
        let _ = writeln!(text, "{}{rest}", ink.bold(name));
    };
    for (name, value) in heading {
        line(name, value);
    }
    for (name, is_answerable, how) in [
        ("answerable", true, "answered with all their facts"),
        ("not answerable", false, "declined with the fallback"),
    ] {
        let (right, all) = count(answers, is_answerable);
        let percent = 100.0 * right as f64 / all.max(1) as f64;
        line(name, &format!("{right} of {all} ({percent:.1} %) {how}"));
    }
    let (p50, p99) = (quantile(answers, 0.5), quantile(answers, 0.99));
    line(
        "time",
        &format!("p50 {p50:.1} ms, p99 {p99:.1} ms for a whole answer"),
    );
    text
}

fn misses(answers: &[Answer]) -> String {
    let mut text = String::new();
    for answer in answers.iter().filter(|answer| !answer.right) {
        let question = &answer.question;
        let wanted = match question.answerable {
            true => question.facts.join(", "),
            false => "the fallback".to_owned(),
        };
        for (value, first) in [
            (format!("{}: {}", question.id, question.question), "\n"),
            (wanted, "  wanted  "),
            (answer.said.clone(), "  said    "),
        ] {
            let _ = writeln!(text, "{}", wrap(&value, first, "          "));
        }
    }
    text
}

fn as_json(heading: &[(&str, String)], answers: &[Answer]) -> serde_json::Value {
    let misses = answers.iter().filter(|answer| !answer.right).map(|answer| {
        json!({
            "id": answer.question.id,
            "question": answer.question.question,
            "facts": answer.question.facts,
            "answerable": answer.question.answerable,
            "said": answer.said,
        })
    });
    let (answered, answerable) = count(answers, true);
    let (refused, unanswerable) = count(answers, false);
    json!({
        "about": heading.iter().cloned().collect::<BTreeMap<_, _>>(),
        "answerable": answerable,
        "answered": answered,
        "unanswerable": unanswerable,
        "refused": refused,
        "p50_ms": quantile(answers, 0.5),
        "p99_ms": quantile(answers, 0.99),
        "misses": misses.collect::<Vec<_>>(),
    })
}
