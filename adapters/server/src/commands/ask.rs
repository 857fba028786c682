//! Asks one question outside a call and shows how the answer came about.

use std::fmt::Write as _;
use std::io;
use std::time::Duration;

use serde_json::{Value, json};
use voicera::ports::chain;
use voicera::ports::retriever::{Outcome, Passage, Search};

use crate::answering::{Agent, Answer, Found};
use crate::config::{Config, Environment};
use crate::knowledge::Strategy;
use crate::layout::{COLUMNS, Flow, Ink, wrap};
use crate::{assembly, cli, knowledge, profile};

/// What to ask and how to show it.
#[derive(Clone, Debug)]
pub struct Wanted {
    pub question: String,
    /// What was asked before, oldest first.
    pub earlier: Vec<String>,
    /// Instead of the configured one.
    pub strategy: Option<Strategy>,
    pub form: Form,
}

/// How the result is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Text,
    /// With the whole text of the passages.
    Explained,
    Json,
}

/// Prints what was found, where the time went and the answer, as it comes.
///
/// # Errors
///
/// When the adapters cannot be opened, nothing can be searched or nobody answers.
pub async fn run(
    config: &Config,
    environment: &Environment,
    wanted: &Wanted,
) -> anyhow::Result<()> {
    let knowledge = match wanted.strategy {
        Some(strategy) => knowledge::open_as(strategy, config, environment).await?,
        None => knowledge::open(config, environment).await?,
    };
    let model = assembly::model(config, environment)?;
    let agent = Agent::new(profile::of(config), knowledge.retriever, model);
    let found = agent.find(&wanted.question, &wanted.earlier).await?;
    let ink = Ink::of(&io::stdout());
    match wanted.form {
        Form::Json => {}
        Form::Text => {
            cli::print(&knowledge_text(&knowledge.summary, &found, short, ink));
        }
        Form::Explained => {
            cli::print(&knowledge_text(&knowledge.summary, &found, whole, ink));
        }
    }
    let shown = wanted.form != Form::Json;
    let mut flow = Flow::default();
    let answer = agent
        .answer(&found, |text| {
            if shown {
                cli::print(&flow.push(text));
            }
        })
        .await;
    match wanted.form {
        Form::Json => {
            cli::print(&format!(
                "{:#}\n",
                as_json(&knowledge.summary, &found, &answer)
            ));
        }
        Form::Text | Form::Explained => {
            let times = times(&found, &answer, ink);
            cli::print(&format!("{}\n\n{times}", flow.rest()));
        }
    }
    match answer.broke {
        None => Ok(()),
        Some(error) => Err(error.into()),
    }
}

fn knowledge_text(summary: &str, found: &Found, show: fn(&Passage) -> String, ink: Ink) -> String {
    let mut text = wrap(summary, "", "") + "\n";
    for search in &found.findings.searches {
        let _ = writeln!(text, "{}", ink.dim(&search_text(search)));
    }
    for (passage, place) in found.findings.passages.iter().zip(1..) {
        let head = format!("{place}. {:.3}  ", passage.score);
        let title = wrap(&passage.source.to_string(), &head, "          ");
        let title = title.strip_prefix(&head).unwrap_or(&title);
        let _ = writeln!(text, "\n{head}{}", ink.bold(title));
        let _ = writeln!(text, "{}", show(passage));
    }
    text.push('\n');
    text
}

fn search_text(search: &Search) -> String {
    let Search {
        strategy,
        outcome,
        took,
    } = search;
    let came = match outcome {
        Outcome::Found(0) if strategy == "cag" => "everything is in the prompt".to_owned(),
        Outcome::Found(count) => format!("{count} found"),
        Outcome::Late => "too late, left out".to_owned(),
        Outcome::Failed => "failed, left out".to_owned(),
    };
    format!("{strategy}: {came} in {:.1} ms", milliseconds(*took))
}

/// The first line or two of a passage.
fn short(passage: &Passage) -> String {
    let most = 2 * COLUMNS - 30;
    let words = passage
        .text
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    let cut = words.char_indices().nth(most).map(|(at, _)| at);
    let cut = cut.and_then(|at| words.get(..at));
    let words = cut.map_or(words.clone(), |cut| format!("{cut}…"));
    wrap(&words, "   ", "   ")
}

/// All of a passage, its lines as they are where they are not too long.
fn whole(passage: &Passage) -> String {
    let lines = passage.text.lines().map(|line| {
        let shown = format!("   {line}");
        match shown.chars().count() > COLUMNS {
            true => wrap(line, "   ", "   "),
            false => shown.trim_end().to_owned(),
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn times(found: &Found, answer: &Answer, ink: Ink) -> String {
    let first = answer.first_text.unwrap_or(answer.whole);
    let size = found.size;
    let text = format!(
        "knowledge {:.1} ms, first word {:.1} ms later, all of it {:.1} ms later; the prompt has \
         about {} tokens, {} of them the same in every turn",
        milliseconds(found.took),
        milliseconds(first),
        milliseconds(answer.whole),
        size.stable + size.volatile,
        size.stable,
    );
    let lines = wrap(&text, "", "");
    let lines: Vec<_> = lines.lines().map(|line| ink.dim(line)).collect();
    lines.join("\n") + "\n"
}

fn as_json(summary: &str, found: &Found, answer: &Answer) -> Value {
    let passages = found.findings.passages.iter().map(|passage| {
        json!({
            "id": passage.id,
            "score": passage.score,
            "document": passage.source.document,
            "headings": passage.source.headings,
            "span": passage.source.span.map(|span| [span.start, span.end]),
            "text": passage.text,
        })
    });
    let searches = found.findings.searches.iter().map(|search| {
        let (outcome, found) = match search.outcome {
            Outcome::Found(count) => ("found", Some(count)),
            Outcome::Late => ("late", None),
            Outcome::Failed => ("failed", None),
        };
        json!({
            "strategy": search.strategy,
            "outcome": outcome,
            "found": found,
            "ms": milliseconds(search.took),
        })
    });
    json!({
        "knowledge": summary,
        "searches": searches.collect::<Vec<_>>(),
        "passages": passages.collect::<Vec<_>>(),
        "answer": answer.said,
        "error": answer.broke.as_ref().map(|error| chain(error)),
        "prompt_tokens": { "stable": found.size.stable, "volatile": found.size.volatile },
        "latency_ms": {
            "knowledge": milliseconds(found.took),
            "first_text": answer.first_text.map(milliseconds),
            "whole": milliseconds(answer.whole),
        },
    })
}

fn milliseconds(time: Duration) -> f64 {
    (time.as_secs_f64() * 1_000_000.0).round() / 1000.0
}
