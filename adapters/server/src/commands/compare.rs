//! Runs the questions of a knowledge base through every strategy there is and says which to take.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::{Value, json};
use voicera_retrievers::questions::Question;

use super::evaluate::Writer;
use super::judging::{self, Judged};
use super::progress::Progress;
use super::table::table;
use crate::answering::Agent;
use crate::config::{Config, Environment, Price};
use crate::knowledge::Strategy;
use crate::layout::{Ink, wrap};
use crate::{assembly, knowledge, profile};

/// What to compare and how to show it.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The questions; without it those of the knowledge base.
    pub file: Option<PathBuf>,
    pub model: Writer,
    /// Empty: all.
    pub strategies: Vec<Strategy>,
    pub json: bool,
}

/// How a strategy did.
#[derive(Debug)]
struct Row {
    strategy: Strategy,
    hits: (usize, usize),
    answered: (usize, usize),
    declined: (usize, usize),
    /// Of a prompt, in the middle.
    tokens: usize,
    search_p50: f64,
    search_p99: f64,
    /// Of a thousand turns.
    cost: Option<f64>,
}

/// Answers the text to print.
///
/// # Errors
///
/// When the questions cannot be read, or no strategy can be opened.
pub async fn run(
    config: &Config,
    environment: &Environment,
    wanted: &Wanted,
) -> anyhow::Result<String> {
    let price = config.models.iter().find_map(|model| model.price);
    let config = &match wanted.model {
        Writer::Extractive => judging::extractive_only(config),
        Writer::Configured => config.clone(),
    };
    let (file, questions) = judging::read(wanted.file.as_deref(), config)?;
    let strategies = match wanted.strategies.is_empty() {
        true => Strategy::ALL.to_vec(),
        false => wanted.strategies.clone(),
    };
    let mut rows = Vec::new();
    let mut missing = Vec::new();
    for strategy in strategies {
        match measure(strategy, config, environment, &questions, price).await {
            Ok(row) => rows.push(row),
            Err(error) => missing.push((strategy, format!("{error:#}"))),
        }
    }
    let pick = pick(&rows);
    Ok(match wanted.json {
        true => format!("{:#}\n", as_json(&rows, &missing, pick)),
        false => {
            let about = format!("{} questions in {}", questions.len(), file.display());
            text(&about, &rows, &missing, pick)
        }
    })
}

async fn measure(
    strategy: Strategy,
    config: &Config,
    environment: &Environment,
    questions: &[Question],
    price: Option<Price>,
) -> anyhow::Result<Row> {
    let knowledge = knowledge::open_as(strategy, config, environment).await?;
    let model = assembly::model(config, environment)?;
    let agent = Agent::new(profile::of(config), Arc::clone(&knowledge.retriever), model);
    let mut progress = Progress::new(strategy.name(), questions.len());
    let judged = judging::all(&agent, questions, &mut progress).await;
    let mut tokens: Vec<_> = judged
        .iter()
        .map(|judged| judged.size.stable + judged.size.volatile)
        .collect();
    tokens.sort_unstable();
    let searches = |share| judging::quantile(judged.iter().map(|judged| judged.search), share);
    Ok(Row {
        strategy,
        hits: judging::hits(&judged),
        answered: judging::right(&judged, true),
        declined: judging::right(&judged, false),
        tokens: tokens.get(tokens.len() / 2).copied().unwrap_or_default(),
        search_p50: searches(0.5),
        search_p99: searches(0.99),
        cost: price.map(|price| cost(&judged, &price)),
    })
}

/// Of a thousand turns like these.
fn cost(judged: &[Judged], price: &Price) -> f64 {
    let cost = judged
        .iter()
        .map(|judged| judged.size.cost(judged.reply, price));
    1000.0 * cost.sum::<f64>() / judged.len().max(1) as f64
}

/// The one with the most right answers; among equals, or nearly equals, the one with the shortest
/// prompt, which is the quickest and the cheapest.
fn pick(rows: &[Row]) -> Option<&Row> {
    let right = |row: &Row| row.answered.0 + row.declined.0;
    if rows.len() < 2 {
        return None;
    }
    let most = rows.iter().map(right).max()?;
    let all = rows
        .iter()
        .map(|row| row.answered.1 + row.declined.1)
        .max()?;
    // One in a hundred is chance.
    let near = rows
        .iter()
        .filter(|row| right(row) + all.div_ceil(100) >= most);
    near.min_by_key(|row| row.tokens)
}

fn text(about: &str, rows: &[Row], missing: &[(Strategy, String)], pick: Option<&Row>) -> String {
    let ink = Ink::of(&io::stdout());
    let heads = [
        "strategy", "hits", "answered", "declined", "tokens", "p50 ms", "p99 ms", "per 1000",
    ];
    let of = |(right, all): (usize, usize)| format!("{right}/{all}");
    let cells = |row: &Row| {
        vec![
            row.strategy.name().to_owned(),
            of(row.hits),
            of(row.answered),
            of(row.declined),
            row.tokens.to_string(),
            format!("{:.2}", row.search_p50),
            format!("{:.2}", row.search_p99),
            row.cost.map_or("-".to_owned(), |cost| format!("{cost:.2}")),
        ]
    };
    let rows_text: Vec<_> = rows.iter().map(cells).collect();
    let mut text = wrap(about, "", "") + "\n\n" + &table(&heads, &rows_text, ink) + "\n";
    for (strategy, why) in missing {
        let name = strategy.name();
        text += &(wrap(why, &format!("{name}: "), "  ") + "\n");
    }
    let legend = "hits: the document with the answer was before the model. answered: with all \
        facts. declined: questions without an answer. tokens: of a prompt, in the middle. ms: of \
        the search. per 1000: cost of a thousand turns, the stable part of the prompt at the \
        cached price";
    let priced = rows.iter().any(|row| row.cost.is_some());
    let hint = match priced {
        true => "",
        false => "; set models.price to see it",
    };
    text += &(ink.dim(&wrap(&format!("{legend}{hint}."), "", "")) + "\n");
    if let Some(row) = pick {
        text += &format!("\n{}\n", ink.good(&wrap(&advice(row), "", "")));
    }
    text
}

fn advice(row: &Row) -> String {
    format!(
        "Take {}: no other has clearly more right answers, and of those as good its prompts are \
         the shortest. {}",
        row.strategy.name(),
        row.strategy.settings()
    )
}

fn as_json(rows: &[Row], missing: &[(Strategy, String)], pick: Option<&Row>) -> Value {
    let row = |row: &Row| {
        json!({
            "strategy": row.strategy.name(),
            "hits": row.hits.0,
            "with_a_source": row.hits.1,
            "answered": row.answered.0,
            "answerable": row.answered.1,
            "declined": row.declined.0,
            "unanswerable": row.declined.1,
            "prompt_tokens": row.tokens,
            "search_p50_ms": row.search_p50,
            "search_p99_ms": row.search_p99,
            "cost_per_1000": row.cost,
        })
    };
    let missing = missing
        .iter()
        .map(|(strategy, why)| json!({ "strategy": strategy.name(), "why": why }));
    json!({
        "strategies": rows.iter().map(row).collect::<Vec<_>>(),
        "missing": missing.collect::<Vec<_>>(),
        "pick": pick.map(|row| row.strategy.name()),
    })
}
