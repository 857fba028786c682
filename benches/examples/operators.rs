//! How well do the operators do on lines that were labelled by hand, and what do they cost?
//!
//! ```text
//! cargo run --release -p voicera-benches --example operators [-- --json] [--misses] [--check]
//! ```
//!
//! `--author second` scores only the lines of the second author, who wrote without knowledge of
//! the operators or of the lines that were there; half of them, by chance (Python's
//! `random.Random(20261123).shuffle`), are held out. `second, after` are lines of the same author
//! from after that tuning, tuned on in their turn once they had been scored, and `second, last`
//! those from after all tuning, all held out. Lines that name no author are the first's.
//!
//! `--misses` also prints every tuned line that came out wrong; the held-out ones stay unseen, so
//! that nobody tunes on them. `--check` exits with 1 where a target is missed.

#![expect(clippy::print_stdout, reason = "a command speaks by printing")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use clap::Parser;
use serde_json::{Value, json};
use voicera::insight::operators::Operators;
use voicera::testing::operators::{FILES, Score, conversation, macro_f1, operators, scores};

/// The targets.
const PRECISION: f64 = 0.9;
const RECALL: f64 = 0.85;
const MACRO_F1: f64 = 0.75;
const COST: Duration = Duration::from_millis(5);

/// The entries of the transcript that is timed, and how often it is.
const ENTRIES: usize = 60;
const REPETITIONS: usize = 200;

#[derive(Debug, Parser)]
struct Arguments {
    /// Prints one JSON object.
    #[arg(long)]
    json: bool,
    /// Prints what came out wrong in the tuned sets.
    #[arg(long)]
    misses: bool,
    /// Exits with 1 where a target is missed.
    #[arg(long)]
    check: bool,
    /// Scores only the lines of this author: "first", "second" and so on.
    #[arg(long)]
    author: Option<String>,
}

/// A file of labels and how its two sets came out.
#[derive(Debug)]
struct Row {
    name: String,
    /// Its classes count together, each as much as another, whatever their size.
    by_class: bool,
    tuned: Vec<Score>,
    held_out: Vec<Score>,
}

fn main() -> Result<ExitCode> {
    let arguments = Arguments::parse();
    let operators = operators();
    let rows = rows(&operators, arguments.author.as_deref())?;
    let cost = cost(&operators);
    let misses: Vec<String> = rows.iter().flat_map(Row::missed_targets).collect();
    match arguments.json {
        true => print_json(&rows, cost),
        false => print_table(&rows, cost),
    }
    if arguments.misses {
        let tuned = rows.iter().flat_map(|row| &row.tuned);
        for score in tuned {
            for miss in &score.misses {
                println!("{}  {miss}", score.name);
            }
        }
    }
    let mut failed = false;
    if arguments.check {
        for miss in &misses {
            println!("missed: {miss}");
        }
        if cost > COST {
            println!("missed: {cost:?} for a transcript, at most {COST:?}");
        }
        failed = !misses.is_empty() || cost > COST;
    }
    Ok(match failed {
        true => ExitCode::FAILURE,
        false => ExitCode::SUCCESS,
    })
}

fn rows(operators: &Operators, author: Option<&str>) -> Result<Vec<Row>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("operators");
    let mut rows = Vec::new();
    for file in FILES {
        let path = folder.join(file).with_extension("jsonl");
        if !path.exists() {
            continue;
        }
        let labels = fs::read_to_string(&path);
        let labels = labels.with_context(|| format!("cannot read {}", path.display()))?;
        let labels = match author {
            Some(author) => by(author, &labels)?,
            None => labels,
        };
        let scores = scores(file, &labels, operators).map_err(anyhow::Error::msg)?;
        let (held_out, tuned) = scores.into_iter().partition(|score| score.held_out);
        rows.push(Row {
            name: file.to_owned(),
            by_class: matches!(file, "sentiment" | "moods"),
            tuned,
            held_out,
        });
    }
    Ok(rows)
}

/// The labels that an author wrote.
fn by(author: &str, labels: &str) -> Result<String> {
    let mut kept = String::new();
    for line in labels.lines() {
        let label: Value = serde_json::from_str(line)?;
        let wrote = label.get("author").and_then(Value::as_str);
        if wrote.unwrap_or("first") == author {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    Ok(kept)
}

impl Row {
    fn missed_targets(&self) -> Vec<String> {
        let mut missed = Vec::new();
        for (set, scores) in [("tuned", &self.tuned), ("held out", &self.held_out)] {
            if self.by_class {
                let f1 = macro_f1(scores);
                if f1 < MACRO_F1 {
                    missed.push(format!("{} ({set}): macro-F1 {f1:.3}", self.name));
                }
                continue;
            }
            // An operator is held to its targets as a whole: a kind of entity has few lines.
            let whole = whole(&self.name, scores);
            let (precision, recall) = (whole.precision(), whole.recall());
            if precision < PRECISION || recall < RECALL {
                let name = &self.name;
                missed.push(format!("{name} ({set}): {precision:.3} / {recall:.3}"));
            }
        }
        missed
    }
}

/// All classes of an operator together.
fn whole(name: &str, scores: &[Score]) -> Score {
    let sum = |part: fn(&Score) -> usize| scores.iter().map(part).sum();
    Score {
        name: name.to_owned(),
        held_out: scores.iter().any(|score| score.held_out),
        lines: sum(|score| score.lines),
        right: sum(|score| score.right),
        extra: sum(|score| score.extra),
        missed: sum(|score| score.missed),
        misses: Vec::new(),
    }
}

/// The median of what all operators cost over one transcript.
fn cost(operators: &Operators) -> Duration {
    let entries = conversation(ENTRIES);
    let mut took: Vec<Duration> = (0..REPETITIONS)
        .map(|_| {
            let began = Instant::now();
            std::hint::black_box(operators.analyse(std::hint::black_box(&entries)));
            began.elapsed()
        })
        .collect();
    took.sort_unstable();
    took.get(REPETITIONS / 2).copied().unwrap_or_default()
}

fn print_table(rows: &[Row], cost: Duration) {
    println!(
        "{:<26} {:>5} {:>5} {:>5} {:>5}   {:>5} {:>5} {:>5} {:>5}",
        "", "lines", "prec", "rec", "F1", "lines", "prec", "rec", "F1"
    );
    println!("{:<26} {:^23}   {:^23}", "", "tuned", "held out");
    for row in rows {
        let all = row.tuned.iter().chain(&row.held_out);
        let names: BTreeSet<&str> = all.map(|score| score.name.as_str()).collect();
        for name in &names {
            let [tuned, held_out] = [&row.tuned, &row.held_out].map(|scores| {
                let score = scores.iter().find(|score| score.name == *name);
                score.map(cells).unwrap_or_default()
            });
            println!("{name:<26} {tuned:>23}   {held_out}");
        }
        if !row.by_class && names.len() > 1 {
            let name = format!("{}, all", row.name);
            let [tuned, held_out] = [&row.tuned, &row.held_out].map(|scores| whole(&name, scores));
            println!("{name:<26} {}   {}", cells(&tuned), cells(&held_out));
        }
        if row.by_class && !names.is_empty() {
            let (tuned, held_out) = (macro_f1(&row.tuned), macro_f1(&row.held_out));
            let name = format!("{}, macro-F1", row.name);
            println!("{name:<26} {tuned:>23.3}   {held_out:>23.3}");
        }
    }
    let ms = cost.as_secs_f64() * 1e3;
    println!("\nall operators over {ENTRIES} entries: {ms:.2} ms (median)");
}

fn cells(score: &Score) -> String {
    let (precision, recall, f1) = (score.precision(), score.recall(), score.f1());
    format!(
        "{:>5} {precision:>5.3} {recall:>5.3} {f1:>5.3}",
        score.lines
    )
}

fn print_json(rows: &[Row], cost: Duration) {
    let of_row = |row: &Row| {
        let scores = row.tuned.iter().chain(&row.held_out).map(|score| {
            json!({
                "operator": score.name,
                "set": if score.held_out { "held_out" } else { "tuned" },
                "lines": score.lines,
                "precision": score.precision(),
                "recall": score.recall(),
                "f1": score.f1(),
            })
        });
        let macro_f1 = row
            .by_class
            .then(|| json!({ "tuned": macro_f1(&row.tuned), "held_out": macro_f1(&row.held_out) }));
        json!({
            "labels": row.name,
            "scores": scores.collect::<Vec<_>>(),
            "macro_f1": macro_f1,
        })
    };
    let report = json!({
        "operators": rows.iter().map(of_row).collect::<Vec<_>>(),
        "entries": ENTRIES,
        "cost_ms": cost.as_secs_f64() * 1e3,
    });
    println!("{report}");
}
