//! Writes calls for other programs, one after the other, so that any number fits.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::pin::pin;

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use futures_util::TryStreamExt as _;
use serde::Serialize;
use voicera::digest::Digest;
use voicera::insight::Mood;
use voicera::ports::archive;
use voicera::ports::transcript_sink::Entry;
use voicera_transcripts::record::Record;
use voicera_transcripts::record::analysis::AnalysisRecord;

use super::{Desk, When};
use crate::{moment, reading};

#[derive(Debug, Args)]
pub(super) struct Wanted {
    /// Calls that began since then: 7d, 12h, 2026-11-23
    #[arg(long, value_name = "TIME", value_parser = When::read)]
    since: Option<When>,
    /// Calls that began before then
    #[arg(long, value_name = "TIME", value_parser = When::read)]
    until: Option<When>,
    /// jsonl: every entry and analysis, as the transcripts of kind jsonl; csv: a table
    #[arg(long, value_enum, default_value_t = Format::Jsonl)]
    format: Format,
    /// What a row of the table is
    #[arg(long, value_enum, default_value_t = Rows::Calls)]
    rows: Rows,
    /// Write here instead of to standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Jsonl,
    Csv,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Rows {
    Calls,
    Entries,
}

pub(super) async fn run(
    wanted: &Wanted,
    desk: &Desk,
    out: &mut (dyn Write + Send),
) -> anyhow::Result<()> {
    let Some(path) = &wanted.output else {
        let mut out = BufWriter::new(out);
        return match write(wanted, desk, &mut out).await {
            Err(error) if is_gone(&error) => {
                // What is left in the buffer has no reader either.
                let _ = out.into_parts();
                Ok(())
            }
            written => written,
        };
    };
    let file = File::create(path);
    let file = file.with_context(|| format!("{} cannot be written", path.display()))?;
    write(wanted, desk, &mut BufWriter::new(file)).await
}

/// Whoever read has seen enough.
fn is_gone(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let io = cause.downcast_ref::<io::Error>();
        io.is_some_and(|io| io.kind() == io::ErrorKind::BrokenPipe)
    })
}

async fn write(wanted: &Wanted, desk: &Desk, out: &mut (dyn Write + Send)) -> anyhow::Result<()> {
    let asked = archive::Wanted {
        since: wanted.since.map(|since| since.before(desk.now)),
        until: wanted.until.map(|until| until.before(desk.now)),
        ..archive::Wanted::latest(1)
    };
    let mut calls = pin!(reading::calls(&desk.archive, &asked));
    if wanted.format == Format::Csv {
        let head: &[&str] = match wanted.rows {
            Rows::Calls => &CALL,
            Rows::Entries => &ENTRY,
        };
        row(out, head)?;
    }
    while let Some(digest) = calls.try_next().await? {
        match (wanted.format, wanted.rows) {
            (Format::Csv, Rows::Calls) => row(out, &call(&digest, desk))?,
            (format, _) => {
                // Somebody may have it forgotten meanwhile.
                let Some(found) = desk.archive.call(&digest.call.id).await? else {
                    continue;
                };
                match format {
                    Format::Csv => {
                        for said in &found.entries {
                            row(out, &entry(said))?;
                        }
                    }
                    Format::Jsonl => {
                        for entry in &found.entries {
                            line(out, &Record::of(entry))?;
                        }
                        for analysis in &found.analyses {
                            line(
                                out,
                                &Line {
                                    v: 1,
                                    call: digest.call.id.as_str(),
                                    kind: "analysis",
                                    analysis: AnalysisRecord::of(analysis),
                                },
                            )?;
                        }
                    }
                }
            }
        }
    }
    Ok(out.flush()?)
}

/// An analysis as a line of transcripts.
#[derive(Serialize)]
struct Line<'a> {
    v: u8,
    call: &'a str,
    kind: &'static str,
    #[serde(flatten)]
    analysis: AnalysisRecord,
}

fn line(out: &mut dyn Write, line: &impl Serialize) -> anyhow::Result<()> {
    let mut line = serde_json::to_vec(line)?;
    line.push(b'\n');
    Ok(out.write_all(&line)?)
}

const CALL: [&str; 16] = [
    "call",
    "started",
    "from",
    "to",
    "ending",
    "turns",
    "duration_ms",
    "wait_median_ms",
    "wait_longest_ms",
    "interruptions",
    "apologies",
    "cost",
    "sentiment",
    "escalated",
    "services",
    "summary",
];

fn call(digest: &Digest, desk: &Desk) -> [String; 16] {
    let Digest {
        call,
        ended,
        waits,
        interruptions,
        apologies,
        usage,
        findings,
    } = digest;
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let mut waits: Vec<_> = waits.iter().copied().map(moment::milliseconds).collect();
    waits.sort_by(f64::total_cmp);
    let wait = |wait: Option<&f64>| wait.map(ToString::to_string).unwrap_or_default();
    let ended = ended.as_ref();
    [
        call.id.to_string(),
        moment::written(call.started),
        text(&call.from),
        text(&call.to),
        ended
            .map(|line| line.ending.name().to_owned())
            .unwrap_or_default(),
        ended.map(|line| line.turns.to_string()).unwrap_or_default(),
        ended
            .map(|line| line.duration.as_millis().to_string())
            .unwrap_or_default(),
        wait(waits.get(waits.len() / 2)),
        wait(waits.last()),
        interruptions.to_string(),
        apologies.to_string(),
        desk.prices
            .of_call(usage)
            .map(|cost| cost.to_string())
            .unwrap_or_default(),
        findings.sentiment.map_or("", Mood::name).to_owned(),
        findings.escalated.to_string(),
        words(&findings.services.join("; ")),
        words(findings.summary.as_deref().unwrap_or_default()),
    ]
}

const ENTRY: [&str; 10] = [
    "call",
    "session",
    "sequence",
    "turn",
    "at_ms",
    "kind",
    "speaker",
    "text",
    "planned",
    "interrupted",
];

fn entry(entry: &Entry) -> [String; 10] {
    let record = Record::of(entry);
    let name = |name: Option<serde_json::Value>| {
        let name = name.as_ref().and_then(serde_json::Value::as_str);
        name.unwrap_or_default().to_owned()
    };
    let said = entry.said().map(|(_, words)| words).unwrap_or_default();
    [
        record.call.to_string(),
        record.session.as_deref().unwrap_or_default().to_owned(),
        record.sequence.to_string(),
        record.turn.to_string(),
        record.at_ms.to_string(),
        name(serde_json::to_value(record.kind).ok()),
        name(serde_json::to_value(record.speaker).ok()),
        words(said),
        words(record.planned.as_deref().unwrap_or_default()),
        record
            .interrupted
            .map(|cut| cut.to_string())
            .unwrap_or_default(),
    ]
}

/// Words that a spreadsheet does not take for a formula: nobody says what it begins with.
pub(super) fn words(text: &str) -> String {
    match text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        true => format!("'{text}"),
        false => text.to_owned(),
    }
}

fn row<T: AsRef<[u8]>>(out: &mut dyn Write, cells: &[T]) -> anyhow::Result<()> {
    let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
    writer.write_record(cells)?;
    let row = writer.into_inner().context("a row cannot be written")?;
    Ok(out.write_all(&row)?)
}
