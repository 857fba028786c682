//! How long does a turn wait for its passages, at worst, and how long does it take to index them?
//!
//! ```text
//! cargo run --release -p voicera-benches --example latency
//! VOICERA_MODEL=<folder> cargo run --release -p voicera-benches --features fastembed \
//!     --example latency
//! ```
//!
//! Every question is asked once, so no vector is remembered but those of earlier turns, as in a
//! call. The vectors of passages are cheap ones, which cost a search as much as any; those of
//! questions are too, unless `VOICERA_MODEL` names a model's folder.

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::ensure;
use clap::Parser;
use futures_util::future::try_join_all;
use serde::Serialize;
use voicera::ports::Retriever;
use voicera::ports::retriever::{Outcome, Query};
use voicera_benches::strategies::{self, Strategy};
use voicera_retrievers::embedding::Embedder;

/// Asks many questions of made-up knowledge bases and prints how long the answers take.
#[derive(Debug, Parser)]
struct Arguments {
    /// How many passages; may be given several times, or with commas
    #[arg(long, value_delimiter = ',', default_values_t = [100, 1_000, 10_000])]
    passages: Vec<usize>,

    /// How many questions each strategy is asked
    #[arg(long, default_value_t = 2_000)]
    questions: usize,

    /// Prints JSON, one object a line
    #[arg(long)]
    json: bool,

    /// Fails when a figure misses its target
    #[arg(long)]
    check: bool,
}

/// What was measured of one strategy over one knowledge base.
#[derive(Clone, Debug, Serialize)]
struct Row {
    passages: usize,
    strategy: &'static str,
    /// From files to an index in memory. None where there is no index.
    index_ms: Option<f64>,
    open_ms: f64,
    one_call_ms: Spread,
    two_calls_ms: Spread,
}

/// Of many times, in milliseconds.
#[derive(Clone, Copy, Debug, Serialize)]
struct Spread {
    p50: f64,
    p99: f64,
}

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    let arguments = Arguments::parse();
    let embedder = strategies::embedder()?;
    let mut rows = Vec::new();
    // No question twice, whatever the strategy, or its vector would be remembered.
    let mut numbers = (0_usize..).step_by(2 * arguments.questions.max(1));
    for passages in arguments.passages.iter().copied() {
        let folder = tempfile::tempdir()?;
        strategies::write(folder.path(), passages)?;
        for strategy in Strategy::ALL {
            let first = numbers.next().unwrap_or_default();
            let halves = [first, first + arguments.questions];
            let questions = halves
                .map(|first| strategies::questions(first..first + arguments.questions, passages));
            rows.push(measure(strategy, &folder, passages, &embedder, questions).await?);
        }
    }
    let mut out = std::io::stdout().lock();
    match arguments.json {
        true => {
            for row in &rows {
                writeln!(out, "{}", serde_json::to_string(row)?)?;
            }
        }
        false => write!(out, "{}", table(&rows))?,
    }
    let misses = misses(&rows);
    if !arguments.check || misses.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    let mut out = std::io::stderr().lock();
    for miss in misses {
        writeln!(out, "{miss}")?;
    }
    Ok(ExitCode::FAILURE)
}

async fn measure(
    strategy: Strategy,
    folder: &tempfile::TempDir,
    passages: usize,
    embedder: &Arc<dyn Embedder>,
    [questions, others]: [Vec<Query>; 2],
) -> anyhow::Result<Row> {
    let begun = Instant::now();
    let index = match strategy {
        Strategy::Cag => None,
        Strategy::Tantivy => Some(strategies::index(folder.path(), passages, None)?),
        Strategy::Dense | Strategy::Hybrid => {
            Some(strategies::index(folder.path(), passages, Some(embedder))?)
        }
    };
    let index_ms = index.is_some().then(|| millis(begun.elapsed()));
    let begun = Instant::now();
    let retriever = match &index {
        None => strategies::cag(folder.path())?,
        Some(index) => strategies::rag(strategy, index, embedder)?,
    };
    let open_ms = millis(begun.elapsed());
    Ok(Row {
        passages,
        strategy: strategy.name(),
        index_ms,
        open_ms,
        one_call_ms: ask(&retriever, questions, 1).await?,
        two_calls_ms: ask(&retriever, others, 2).await?,
    })
}

/// Asks the questions one after the other in each of so many calls at once.
async fn ask(
    retriever: &Arc<dyn Retriever>,
    questions: Vec<Query>,
    calls: usize,
) -> anyhow::Result<Spread> {
    let share = questions.len().div_ceil(calls).max(1);
    let asking = questions.chunks(share).map(|questions| {
        let (retriever, questions) = (Arc::clone(retriever), questions.to_vec());
        tokio::spawn(async move {
            let mut times = Vec::with_capacity(questions.len());
            for question in &questions {
                let begun = Instant::now();
                let findings = retriever.retrieve(question).await?;
                times.push(millis(begun.elapsed()));
                let mut outcomes = findings.searches.iter().map(|search| search.outcome);
                let whole = outcomes.all(|outcome| matches!(outcome, Outcome::Found(_)));
                ensure!(whole, "a search was late: {:?}", findings.searches);
            }
            Ok(times)
        })
    });
    let mut times = Vec::new();
    for asked in try_join_all(asking).await? {
        times.extend(asked?);
    }
    times.sort_by(f64::total_cmp);
    let at = |share: f64| {
        let place = (times.len() as f64 * share).ceil() as usize;
        let time = times.get(place.saturating_sub(1));
        time.copied().unwrap_or_default()
    };
    Ok(Spread {
        p50: at(0.50),
        p99: at(0.99),
    })
}

fn table(rows: &[Row]) -> String {
    let mut table = format!(
        "{:<18}  {:>9} {:>9}   {:^17}   {:^17}\n{:>8}  {:<8}  {:>9} {:>9}   {:>8} {:>8}   {:>8} {:>8}\n",
        "",
        "index",
        "open",
        "one call, ms",
        "two calls, ms",
        "passages",
        "strategy",
        "ms",
        "ms",
        "p50",
        "p99",
        "p50",
        "p99",
    );
    for row in rows {
        let index = row.index_ms.map(|ms| format!("{ms:.0}"));
        let (one, two) = (row.one_call_ms, row.two_calls_ms);
        let _ = writeln!(
            table,
            "{:>8}  {:<8}  {:>9} {:>9.0}   {:>8.3} {:>8.3}   {:>8.3} {:>8.3}",
            row.passages,
            row.strategy,
            index.unwrap_or_default(),
            row.open_ms,
            one.p50,
            one.p99,
            two.p50,
            two.p99
        );
    }
    table
}

/// What misses its target, one sentence each. The targets are those of two cores.
fn misses(rows: &[Row]) -> Vec<String> {
    let mut misses = Vec::new();
    for row in rows.iter().filter(|row| row.passages <= 10_000) {
        let (latency, index) = match row.strategy {
            "tantivy" => (1.0, 5_000.0),
            "hybrid" => (20.0, f64::INFINITY),
            _ => continue,
        };
        let mut hold = |what: &str, figure: f64, target: f64| {
            if figure > target {
                let Row {
                    passages, strategy, ..
                } = row;
                misses.push(format!(
                    "{strategy}, {passages} passages: {what} takes {figure:.2} ms, not {target:.2}"
                ));
            }
        };
        hold("indexing", row.index_ms.unwrap_or_default(), index);
        hold("a turn, p99,", row.one_call_ms.p99, latency);
        hold("a turn beside another, p99,", row.two_calls_ms.p99, latency);
    }
    misses
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
