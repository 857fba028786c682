//! Makes the index of the documents, or brings it up to date.

use std::fmt::Write as _;
use std::io;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use serde_json::{Value, json};
use tokio::task::spawn_blocking;
use voicera_retrievers::index::Start;
use voicera_retrievers::index::update::{Changes, Progress, update};

use super::progress::Bar;
use crate::config::{Config, Environment};
use crate::knowledge::{Searching, Strategy};
use crate::layout::{Ink, wrap};

/// What to do with the index and how to show it.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Instead of the configured one.
    pub strategy: Option<Strategy>,
    pub start: Start,
    pub form: Form,
}

/// How the result is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Text,
    /// With the names of all documents that were touched.
    Verbose,
    Json,
}

/// How many names of a kind the short form shows.
const NAMES: usize = 8;

/// Answers the text to print.
///
/// # Errors
///
/// When the index cannot be made; it is as it was.
pub async fn run(
    config: &Config,
    environment: &Environment,
    wanted: &Wanted,
) -> anyhow::Result<String> {
    let strategy = wanted.strategy.unwrap_or(Strategy::Rag);
    if strategy == Strategy::Cag {
        bail!("cag needs no index: everything is in every prompt");
    }
    let searching = Searching::of(strategy, config, environment).await?;
    let mut text = String::new();
    let mut results = Vec::new();
    for (place, upkeep) in searching.indexes() {
        let begun = Instant::now();
        let upkeep = upkeep.clone();
        let start = wanted.start;
        let changes = spawn_blocking(move || {
            let mut bar = Bar::new();
            let mut told = |progress: Progress<'_>| bar.tell(progress);
            update(&*upkeep.store, &upkeep.plan, start, &mut told)
        });
        let changes = changes.await?;
        let changes = changes.with_context(|| format!("the index in {place} is as it was"))?;
        let took = begun.elapsed();
        match wanted.form {
            Form::Json => results.push(as_json(&place, &changes, took)),
            Form::Text => text += &as_text(&place, &changes, took, NAMES),
            Form::Verbose => text += &as_text(&place, &changes, took, usize::MAX),
        }
    }
    Ok(match wanted.form {
        Form::Json => format!("{:#}\n", json!({ "indexes": results })),
        Form::Text | Form::Verbose => text,
    })
}

fn as_text(place: &str, changes: &Changes, took: Duration, names: usize) -> String {
    let ink = Ink::of(&io::stdout());
    let mut text = String::new();
    let verdict = match (changes.any(), changes.start) {
        (false, _) => "Nothing has changed in",
        (true, Start::Update) => "Brought up to date:",
        (true, Start::Afresh) => "Made anew:",
    };
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{} {place}", ink.good(verdict));
    for (what, documents) in [
        ("added", &changes.added),
        ("changed", &changes.changed),
        ("removed", &changes.removed),
    ] {
        list(&mut text, what, documents.iter().cloned(), names);
    }
    let skipped = changes.skipped.iter().map(ToString::to_string);
    list(&mut text, "skipped", skipped, names.max(NAMES));
    let _ = writeln!(
        text,
        "{} unchanged, {} passages written, {} other files, {:.1} s",
        changes.unchanged,
        changes.chunks,
        changes.ignored,
        took.as_secs_f64()
    );
    text
}

fn list(text: &mut String, what: &str, names: impl ExactSizeIterator<Item = String>, most: usize) {
    let count = names.len();
    if count == 0 {
        return;
    }
    let _ = writeln!(text, "{count} {what}");
    for name in names.take(most) {
        let _ = writeln!(text, "{}", wrap(&name, "  ", "    "));
    }
    if count > most {
        let _ = writeln!(text, "  and {} more; --verbose names them", count - most);
    }
}

fn as_json(place: &str, changes: &Changes, took: Duration) -> Value {
    let skipped = changes
        .skipped
        .iter()
        .map(|file| json!({ "path": file.path, "reason": file.reason }));
    json!({
        "index": place,
        "anew": changes.start == Start::Afresh,
        "added": changes.added,
        "changed": changes.changed,
        "removed": changes.removed,
        "unchanged": changes.unchanged,
        "skipped": skipped.collect::<Vec<_>>(),
        "other_files": changes.ignored,
        "passages": changes.chunks,
        "seconds": took.as_secs_f64(),
    })
}
