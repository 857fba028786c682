//! `voicera gaps`: the questions that the documents leave open.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::SystemTime;

use clap::Args;
use voicera::insight::gaps::Settings;
use voicera::ports::Archive;

use super::calls::When;
use crate::config::Config;
use crate::http::api::gaps::{Gap, Gaps};
use crate::layout::{Ink, harmless, wrap};
use crate::reading;

#[derive(Debug, Args)]
pub struct Arguments {
    /// In calls that began since then: 30d, 12h, 2026-11-23
    #[arg(long, value_name = "TIME", default_value = "30d", value_parser = When::read)]
    since: When,
    /// How many groups of questions at the most
    #[arg(long, value_name = "COUNT", default_value_t = 20)]
    limit: usize,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// What tells an open question in the calls of a configured agent.
pub fn settings(config: &Config) -> Settings {
    let agent = &config.agent;
    let languages = std::iter::once(&agent.language).chain(&agent.languages);
    Settings {
        fallback: vec![agent.lines.fallback.clone()],
        languages: languages.cloned().collect(),
        ..Settings::default()
    }
}

/// Answers the text to print.
///
/// # Errors
///
/// When the archive does not answer.
pub(crate) async fn run(
    arguments: &Arguments,
    archive: &Arc<dyn Archive>,
    settings: &Settings,
    now: SystemTime,
    ink: Ink,
) -> anyhow::Result<String> {
    let since = arguments.since.before(now);
    let open = reading::open_questions(archive, since..now, settings).await?;
    let gaps = Gaps::of(&open, since, now, arguments.limit);
    if arguments.json {
        return Ok(format!("{:#}\n", serde_json::to_value(&gaps)?));
    }
    let calls = match gaps.calls {
        1 => "1 call".to_owned(),
        calls => format!("{calls} calls"),
    };
    if gaps.gaps.is_empty() {
        return Ok(format!("No question was left open in {calls}.\n"));
    }
    let mut text = String::new();
    for gap in &gaps.gaps {
        text += &shown(gap, ink);
    }
    // Writing to a string cannot fail.
    let _ = writeln!(
        text,
        "\nLeft open in {calls}; an answer in the documents closes them."
    );
    Ok(text)
}

fn shown(gap: &Gap, ink: Ink) -> String {
    let Gap {
        question,
        count,
        why,
        examples,
        calls,
    } = gap;
    let head = format!("{count:>4} x ");
    let line = wrap(&harmless(question), &head, INDENT);
    let rest = line.get(head.len()..).unwrap_or_default();
    let mut text = format!("{head}{}\n", ink.bold(rest));
    let others = examples.iter().filter(|example| *example != question);
    for example in others.take(EXAMPLES) {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{}", wrap(&harmless(example), INDENT, "         "));
    }
    let why: Vec<_> = match why.len() {
        1 => why.keys().map(|why| said(why).to_owned()).collect(),
        _ => {
            let why = why.iter();
            why.map(|(why, count)| format!("{} {count} x", said(why)))
                .collect()
        }
    };
    let calls = calls.iter().take(CALLS).map(String::as_str);
    let calls = calls.collect::<Vec<_>>().join(", ");
    let note = format!("{}: {calls}", why.join(", "));
    for line in wrap(&note, INDENT, INDENT).lines() {
        let _ = writeln!(text, "{INDENT}{}", ink.dim(line.trim_start()));
    }
    text
}

/// Under a question.
const INDENT: &str = "       ";

/// How many further examples and how many calls are shown; `--json` has more.
const EXAMPLES: usize = 2;
const CALLS: usize = 3;

fn said(why: &str) -> &str {
    match why {
        "apology" => "no model could answer",
        "fallback" => "no answer in the documents",
        "reasked" => "asked again",
        _ => "little was found",
    }
}

#[cfg(test)]
mod tests;
