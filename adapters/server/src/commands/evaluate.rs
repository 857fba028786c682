//! Asks the questions of a knowledge base and counts the right answers.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;
use std::path::PathBuf;

use clap::ValueEnum;
use serde_json::json;

use super::judging::{self, Judged};
use super::progress::Progress;
use crate::answering::Agent;
use crate::config::{Config, Environment};
use crate::layout::{Ink, wrap};
use crate::{assembly, knowledge, profile};

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
        Writer::Extractive => judging::extractive_only(config),
        Writer::Configured => config.clone(),
    };
    let (file, questions) = judging::read(wanted.file.as_deref(), config)?;
    let knowledge = knowledge::open(config, environment).await?;
    let model = assembly::model(config, environment)?;
    let agent = Agent::new(profile::of(config), knowledge.retriever, model);
    let mut progress = Progress::new("questions", questions.len());
    let answers = judging::all(&agent, &questions, &mut progress).await;
    drop(progress);
    let names: Vec<_> = config
        .models
        .iter()
        .map(|model| model.name.as_str())
        .collect();
    let heading = [
        (
            "questions",
            format!("{} in {}", questions.len(), file.display()),
        ),
        ("knowledge", knowledge.summary),
        ("model", names.join(", then ")),
    ];
    Ok(match wanted.form {
        Form::Text => text(&heading, &answers),
        Form::Verbose => text(&heading, &answers) + &misses(&answers),
        Form::Json => format!("{:#}\n", as_json(&heading, &answers)),
    })
}

fn text(heading: &[(&str, String)], answers: &[Judged]) -> String {
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
        let (right, all) = judging::right(answers, is_answerable);
        let percent = 100.0 * right as f64 / all.max(1) as f64;
        line(name, &format!("{right} of {all} ({percent:.1} %) {how}"));
    }
    let time = |share| judging::quantile(answers.iter().map(|a| a.whole), share);
    let (p50, p99) = (time(0.5), time(0.99));
    line(
        "time",
        &format!("p50 {p50:.1} ms, p99 {p99:.1} ms for a whole answer"),
    );
    text
}

fn misses(answers: &[Judged]) -> String {
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

fn as_json(heading: &[(&str, String)], answers: &[Judged]) -> serde_json::Value {
    let misses = answers.iter().filter(|answer| !answer.right).map(|answer| {
        json!({
            "id": answer.question.id,
            "question": answer.question.question,
            "facts": answer.question.facts,
            "answerable": answer.question.answerable,
            "said": answer.said,
        })
    });
    let time = |share| judging::quantile(answers.iter().map(|a| a.whole), share);
    let (answered, answerable) = judging::right(answers, true);
    let (refused, unanswerable) = judging::right(answers, false);
    json!({
        "about": heading.iter().cloned().collect::<BTreeMap<_, _>>(),
        "answerable": answerable,
        "answered": answered,
        "unanswerable": unanswerable,
        "refused": refused,
        "p50_ms": time(0.5),
        "p99_ms": time(0.99),
        "misses": misses.collect::<Vec<_>>(),
    })
}
