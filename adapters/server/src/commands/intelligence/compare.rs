//! How far Twilio's operators and ours agree.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::SystemTime;

use clap::Args;
use futures_util::TryStreamExt as _;
use serde_json::{Value, json};
use voicera::insight::{Analysis, Origin};
use voicera::ports::Archive;
use voicera::ports::archive::{self, Transcript};
use voicera::words::CallId;
use voicera_transcripts::twilio::compare::{Agreement, Comparison, Overlap, Rate, compare};

use crate::commands::calls::{When, no_call};
use crate::commands::table::table;
use crate::layout::{Ink, wrap};
use crate::reading;

#[derive(Debug, Args)]
pub(super) struct Wanted {
    /// These calls instead of the latest
    #[arg(value_name = "CALL", conflicts_with = "since")]
    calls: Vec<String>,
    /// Calls that began since then: 30d, 12h, 2026-11-23
    #[arg(long, value_name = "TIME", default_value = "30d", value_parser = When::read)]
    since: When,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// What was found in the archive.
#[derive(Debug, Default)]
struct Found {
    comparisons: Vec<Comparison>,
    /// Calls of which one of the two says nothing.
    left_out: Vec<String>,
}

pub(super) async fn run(
    wanted: &Wanted,
    archive: &Arc<dyn Archive>,
    now: SystemTime,
    ink: Ink,
) -> anyhow::Result<String> {
    let found = match wanted.calls.is_empty() {
        true => since(wanted.since.before(now), archive).await?,
        false => named(&wanted.calls, archive).await?,
    };
    let agreement = Agreement::of(&found.comparisons);
    Ok(match wanted.json {
        true => format!("{:#}\n", written(&agreement, &found.left_out)),
        false => shown(&agreement, &found.left_out, ink),
    })
}

async fn since(since: SystemTime, archive: &Arc<dyn Archive>) -> anyhow::Result<Found> {
    let asked = archive::Wanted {
        since: Some(since),
        ..archive::Wanted::latest(1)
    };
    let mut found = Found::default();
    let mut calls = std::pin::pin!(reading::calls(archive, &asked));
    while let Some(digest) = calls.try_next().await? {
        let id = &digest.call.id;
        // Somebody may have it forgotten meanwhile.
        if let Some(transcript) = archive.call(id).await? {
            found.add(id, &transcript);
        }
    }
    Ok(found)
}

async fn named(calls: &[String], archive: &Arc<dyn Archive>) -> anyhow::Result<Found> {
    let mut found = Found::default();
    for id in calls {
        let call = CallId::new(id);
        let transcript = archive.call(&call).await?;
        found.add(&call, &transcript.ok_or_else(|| no_call(id))?);
    }
    Ok(found)
}

impl Found {
    fn add(&mut self, id: &CallId, transcript: &Transcript) {
        let by = |is: fn(&Origin) -> bool| {
            let mut analyses = transcript.analyses.iter();
            analyses.find(move |analysis: &&Analysis| is(&analysis.origin))
        };
        let ours = by(|origin| *origin == Origin::Operators);
        let theirs = by(|origin| matches!(origin, Origin::Carrier(_)));
        match (ours, theirs) {
            (Some(ours), Some(theirs)) => {
                let comparison = compare(&ours.insights, &theirs.insights);
                self.comparisons.push(comparison);
            }
            _ => self.left_out.push(id.to_string()),
        }
    }
}

fn shown(agreement: &Agreement, left_out: &[String], ink: Ink) -> String {
    let mut text = String::new();
    if agreement.calls == 0 {
        text += "No call was looked at by both, Twilio's operators and ours.\n";
        text += "`voicera intelligence sync CALL` fetches what Twilio found.\n";
        return text + &omitted(left_out, ink);
    }
    let count = calls(agreement.calls);
    let head = format!(
        "{count} that Twilio's operators and ours have looked at. Precision and recall are ours, \
         as if Twilio were right."
    );
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{}\n", wrap(&head, "", ""));
    let rows = rates(agreement).map(|(name, rate)| {
        let same = match rate.calls {
            0 => "-".to_owned(),
            calls => format!("{}/{calls}", rate.same),
        };
        let kappa = rate
            .kappa
            .map_or("-".to_owned(), |kappa| format!("{kappa:.2}"));
        vec![name.to_owned(), same, share(rate.accuracy()), kappa]
    });
    text += &table(&["answer", "same", "share", "kappa"], &rows, ink);
    let rows: Vec<_> = overlaps(agreement)
        .map(|(name, overlap)| {
            vec![
                name.replace('_', " "),
                overlap.both.to_string(),
                overlap.ours_only.to_string(),
                overlap.theirs_only.to_string(),
                share(overlap.precision()),
                share(overlap.recall()),
                share(overlap.f1()),
            ]
        })
        .collect();
    let heads = [
        "named things",
        "both",
        "ours only",
        "Twilio only",
        "precision",
        "recall",
        "F1",
    ];
    if !rows.is_empty() {
        text.push('\n');
        text += &table(&heads, &rows, ink);
    }
    let services = agreement.services;
    let _ = match services == Overlap::default() {
        true => writeln!(text, "\nservices   none to compare"),
        false => writeln!(
            text,
            "\nservices   {} of {} named by both, Jaccard {:.2}",
            services.both,
            services.both + services.ours_only + services.theirs_only,
            services.jaccard()
        ),
    };
    let _ = match agreement.summary {
        Some(overlap) => writeln!(
            text,
            "summaries  their words overlap by {overlap:.2} (Jaccard)"
        ),
        None => writeln!(text, "summaries  none to compare"),
    };
    text + &omitted(left_out, ink)
}

/// Some calls that are not compared.
fn omitted(left_out: &[String], ink: Ink) -> String {
    const NAMED: usize = 5;
    if left_out.is_empty() {
        return String::new();
    }
    let named: Vec<_> = left_out.iter().take(NAMED).map(String::as_str).collect();
    let more = match left_out.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let count = calls(left_out.len());
    let line = format!("Not compared, {count}: {}{more}", named.join(", "));
    let lines = wrap(&line, "", "  ");
    let lines: String = lines.lines().map(|line| ink.dim(line) + "\n").collect();
    format!("\n{lines}")
}

fn rates(agreement: &Agreement) -> [(&'static str, Rate); 4] {
    [
        ("escalation", agreement.escalation),
        ("introduction", agreement.introduction),
        ("transfer", agreement.transfer),
        ("sentiment", agreement.sentiment),
    ]
}

fn overlaps(agreement: &Agreement) -> impl Iterator<Item = (&'static str, Overlap)> {
    let entities = agreement.entities.iter();
    entities.map(|(kind, overlap)| (kind.name(), *overlap))
}

fn calls(count: usize) -> String {
    match count {
        1 => "1 call".to_owned(),
        count => format!("{count} calls"),
    }
}

fn share(share: Option<f64>) -> String {
    share.map_or("-".to_owned(), |share| format!("{share:.2}"))
}

fn written(agreement: &Agreement, left_out: &[String]) -> Value {
    let rates = rates(agreement).map(|(name, rate)| {
        let rate = json!({
            "calls": rate.calls,
            "same": rate.same,
            "accuracy": rate.accuracy(),
            "kappa": rate.kappa,
        });
        (name.to_owned(), rate)
    });
    let entities = overlaps(agreement).map(|(name, overlap)| (name.to_owned(), counts(overlap)));
    json!({
        "calls": agreement.calls,
        "answers": rates.into_iter().collect::<serde_json::Map<_, _>>(),
        "entities": entities.collect::<serde_json::Map<_, _>>(),
        "services": counts(agreement.services),
        "summary_jaccard": agreement.summary,
        "not_compared": left_out,
    })
}

fn counts(overlap: Overlap) -> Value {
    json!({
        "both": overlap.both,
        "ours_only": overlap.ours_only,
        "theirs_only": overlap.theirs_only,
        "precision": overlap.precision(),
        "recall": overlap.recall(),
        "f1": overlap.f1(),
        "jaccard": overlap.jaccard(),
    })
}
