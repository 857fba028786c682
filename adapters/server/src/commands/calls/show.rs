//! One call: what was said in it, and what it tells.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::Context as _;
use clap::Args;
use serde_json::json;
use voicera::digest::Digest;
use voicera::insight::{Analysis, Detection, Entity, EntityKind, Origin, Place};
use voicera::ports::archive::Transcript;
use voicera::ports::transcript_sink::Entry;
use voicera::words::CallId;
use voicera_transcripts::record::Record;
use voicera_transcripts::record::analysis::AnalysisRecord;

use super::{Desk, hidden, minutes, no_call, said};
use crate::http::api::shapes::Call;
use crate::layout::{Ink, harmless, wrap};
use crate::moment;

#[derive(Debug, Args)]
pub(super) struct Wanted {
    /// The carrier's id of the call
    #[arg(value_name = "CALL")]
    id: String,
    /// Print JSON, with the callers' numbers
    #[arg(long)]
    json: bool,
}

/// Insights stand in two columns.
const INDENT: &str = "                 ";

pub(super) async fn run(wanted: &Wanted, desk: &Desk, ink: Ink) -> anyhow::Result<String> {
    let found = desk.archive.call(&CallId::new(&wanted.id)).await?;
    let transcript = found.ok_or_else(|| no_call(&wanted.id))?;
    let Transcript { entries, analyses } = &transcript;
    let digest = Digest::of(entries, analyses).context("the call has no entries")?;
    let call = Call::of(&digest, &desk.prices);
    if wanted.json {
        let entries: Vec<_> = entries.iter().map(Record::of).collect();
        let analyses: Vec<_> = analyses.iter().map(AnalysisRecord::of).collect();
        let call = json!({ "call": call, "entries": entries, "analyses": analyses });
        return Ok(format!("{call:#}\n"));
    }
    let mut text = head(&digest, call.cost, ink);
    text.push('\n');
    for entry in entries {
        text += &said::line(entry, ink);
    }
    for analysis in analyses {
        text.push('\n');
        text += &insights(analysis, entries, ink);
    }
    Ok(text)
}

fn head(digest: &Digest, cost: Option<f64>, ink: Ink) -> String {
    let call = &digest.call;
    let number = |number: &Option<String>| number.as_deref().map_or("unknown".to_owned(), hidden);
    let mut text = format!("{}\n", ink.bold(call.id.as_str()));
    let from = format!(
        "{} UTC, from {} to {}",
        moment::shown(call.started),
        number(&call.from),
        number(&call.to)
    );
    let mut facts = vec![match &digest.ended {
        Some(ended) => format!(
            "{} after {} minutes and {} {}",
            ended.ending.name().replace('_', " "),
            minutes(ended.duration),
            ended.turns,
            match ended.turns {
                1 => "turn",
                _ => "turns",
            }
        ),
        None => "without an ending: it goes on, or the server was killed in it".to_owned(),
    }];
    let mut waits = digest.waits.clone();
    waits.sort();
    if let (Some(middle), Some(longest)) = (waits.get(waits.len() / 2), waits.last()) {
        facts.push(format!(
            "median wait {}, longest {}",
            said::seconds(*middle),
            said::seconds(*longest)
        ));
    }
    match digest.interruptions {
        0 => {}
        1 => facts.push("interrupted once".to_owned()),
        times => facts.push(format!("interrupted {times} times")),
    }
    match cost {
        Some(0.0) => {}
        Some(cost) => facts.push(format!("cost {cost:.4}")),
        None => facts.push("cost not known".to_owned()),
    }
    for line in [from, facts.join(", ")] {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{}", wrap(&harmless(&line), "", "  "));
    }
    text
}

/// What an analysis says, a finding a line.
pub(crate) fn insights(analysis: &Analysis, entries: &[Entry], ink: Ink) -> String {
    let by = match &analysis.origin {
        Origin::Operators => "Insights".to_owned(),
        Origin::Model(name) => format!("Insights of the model {name}"),
        Origin::Carrier(name) => format!("Insights of the carrier's service {name}"),
    };
    let mut text = format!("{}\n", ink.bold(&by));
    let mut row = |name: &str, value: &str| {
        let value = wrap(&harmless(value), &format!("  {name:15}"), INDENT);
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{}", value.trim_end());
    };
    let found = &analysis.insights;
    if let Some(summary) = &found.summary {
        row("summary", summary);
    }
    if let Some(sentiment) = &found.sentiment {
        let sure = percent(sentiment.confidence);
        row(
            "sentiment",
            &format!("{}, {sure}", sentiment.overall.name()),
        );
    }
    for (name, detection) in [
        ("escalation", &found.escalation),
        ("introduction", &found.introduction),
        ("transfer", &found.transfer),
    ] {
        if let Some(detection) = detection {
            row(name, &detected(detection, entries));
        }
    }
    for service in found.services.iter().flatten() {
        let words = quotes(&service.evidence, entries);
        let service = format!("{}, {}{words}", service.label, percent(service.confidence));
        row("service", &service);
    }
    for (kind, names) in named(found.entities.iter().flatten()) {
        row(&kind.name().replace('_', " "), &names);
    }
    text
}

/// What was named, a line for each kind, with how often where it was more than once.
fn named<'a>(entities: impl Iterator<Item = &'a Entity>) -> Vec<(EntityKind, String)> {
    let mut kinds: BTreeMap<EntityKind, Vec<(String, usize)>> = BTreeMap::new();
    for entity in entities {
        let name = match &entity.value {
            Some(value) if *value != entity.text => format!("{} = {value}", entity.text),
            Some(_) | None => entity.text.clone(),
        };
        let names = kinds.entry(entity.kind).or_default();
        match names.iter_mut().find(|(known, _)| *known == name) {
            Some((_, times)) => *times += 1,
            None => names.push((name, 1)),
        }
    }
    let line = |(kind, names): (EntityKind, Vec<(String, usize)>)| {
        let names = names.into_iter().map(|(name, times)| match times {
            1 => name,
            _ => format!("{name} ({times})"),
        });
        (kind, names.collect::<Vec<_>>().join(", "))
    };
    kinds.into_iter().map(line).collect()
}

fn detected(detection: &Detection, entries: &[Entry]) -> String {
    let sure = percent(detection.confidence);
    match detection.detected {
        true => format!("yes, {sure}{}", quotes(&detection.evidence, entries)),
        false => format!("no, {sure}"),
    }
}

/// The words that support a finding.
fn quotes(places: &[Place], entries: &[Entry]) -> String {
    let quotes = places.iter().filter_map(|place| {
        let (_, said) = entries.get(place.entry)?.said()?;
        said.get(place.start..place.end)
    });
    let quotes: Vec<_> = quotes.map(|words| format!("\"{words}\"")).collect();
    match quotes.is_empty() {
        true => String::new(),
        false => format!(": {}", quotes.join(", ")),
    }
}

fn percent(confidence: f32) -> String {
    format!("{:.0} %", confidence * 100.0)
}
