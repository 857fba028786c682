//! The latest calls.

use std::fmt::Write as _;

use clap::Args;
use futures_util::{StreamExt as _, TryStreamExt as _};
use serde_json::json;
use voicera::digest::Digest;
use voicera::insight::Mood;
use voicera::ports::archive;

use super::{Desk, When, hidden, minutes};
use crate::commands::table::table;
use crate::http::api::shapes::Call;
use crate::layout::{Ink, harmless, wrap};
use crate::{moment, reading};

#[derive(Debug, Args)]
pub(super) struct Wanted {
    /// Calls that began since then: 7d, 12h, 2026-11-23
    #[arg(long, value_name = "TIME", value_parser = When::read)]
    since: Option<When>,
    /// How many at the most
    #[arg(long, value_name = "COUNT", default_value_t = 20)]
    limit: usize,
    /// Calls in which all of these words were said
    #[arg(long, value_name = "WORDS")]
    search: Option<String>,
    /// Calls of this caller
    #[arg(long, value_name = "NUMBER", allow_hyphen_values = true)]
    caller: Option<String>,
    /// Print JSON, with the callers' numbers
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(wanted: &Wanted, desk: &Desk, ink: Ink) -> anyhow::Result<String> {
    let asked = archive::Wanted {
        since: wanted.since.map(|since| since.before(desk.now)),
        text: wanted.search.clone(),
        caller: wanted
            .caller
            .as_deref()
            .map(|caller| desk.masker.caller(caller)),
        ..archive::Wanted::latest(wanted.limit)
    };
    let calls = reading::calls(&desk.archive, &asked).take(wanted.limit);
    let calls: Vec<_> = calls.try_collect().await?;
    if wanted.json {
        let calls = calls.iter().map(|call| Call::of(call, &desk.prices));
        return Ok(format!(
            "{:#}\n",
            json!({ "calls": calls.collect::<Vec<_>>() })
        ));
    }
    if calls.is_empty() {
        return Ok("No calls.\n".to_owned());
    }
    let heads = [
        "time (UTC)",
        "caller",
        "minutes",
        "turns",
        "outcome",
        "sentiment",
    ];
    let rows: Vec<_> = calls.iter().map(row).collect();
    let rows = table(&heads, &rows, ink);
    let mut rows = rows.lines();
    let mut text = format!("{}\n", rows.next().unwrap_or_default());
    for (row, call) in rows.zip(&calls) {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{row}");
        let services = harmless(&call.findings.services.join(", "));
        let id = format!("  {}  ", call.call.id);
        let line = wrap(&services, &id, "    ");
        let rest = line.get(id.len()..).unwrap_or_default();
        let _ = writeln!(text, "{}", format!("{}{rest}", ink.dim(&id)).trim_end());
    }
    Ok(text)
}

fn row(digest: &Digest) -> Vec<String> {
    let ended = digest.ended.as_ref();
    let unknown = || "-".to_owned();
    vec![
        moment::shown(digest.call.started),
        digest.call.from.as_deref().map_or_else(unknown, hidden),
        ended.map_or_else(unknown, |ended| minutes(ended.duration)),
        ended.map_or_else(unknown, |ended| ended.turns.to_string()),
        ended
            .map_or("open", |ended| ended.ending.name())
            .replace('_', " "),
        digest.findings.sentiment.map_or("-", Mood::name).to_owned(),
    ]
}
