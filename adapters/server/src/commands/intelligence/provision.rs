//! Makes or updates the service of Conversational Intelligence.

use std::fmt::Write as _;
use std::process::ExitCode;

use clap::Args;
use serde_json::{Value, json};
use voicera_transcripts::twilio::Client;
use voicera_transcripts::twilio::provisioning::{
    self, Done, Matching, Method, Outcome, Phrase, PhraseSet, Report, Step, Webhook,
};

use crate::config::Config;
use crate::http::intelligence::PATH;
use crate::layout::{Ink, harmless, wrap};
use crate::{analysing, plan};

#[derive(Debug, Args)]
pub(super) struct Wanted {
    /// Only say what would be done
    #[arg(long)]
    dry_run: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// What the service is named by in the environment.
const VARIABLE: &str = "TWILIO_CONVERSATIONAL_INTELLIGENCE_SID";

pub(super) async fn run(
    wanted: &Wanted,
    config: &Config,
    client: &Client,
    ink: Ink,
) -> anyhow::Result<(String, ExitCode)> {
    let service = service(config);
    if wanted.dry_run {
        let steps = provisioning::rehearse(client, &service).await?;
        let cannot = |step: &Step| matches!(step, Step::Cannot { .. });
        let code = code(!steps.iter().any(cannot));
        return Ok(match wanted.json {
            true => (format!("{:#}\n", planned(&steps)), code),
            false => (rehearsed(&steps, ink) + &notes(config, ink), code),
        });
    }
    let report = provisioning::provision(client, &service).await?;
    let code = code(report.is_complete());
    let is_new = config.twilio.intelligence_service.as_ref() != Some(&report.service_sid);
    Ok(match wanted.json {
        true => (format!("{:#}\n", reported(&report, is_new)), code),
        false => {
            let mut text = told(&report, ink);
            text += &notes(config, ink);
            if is_new {
                let sid = &report.service_sid;
                // Writing to a string cannot fail.
                let _ = write!(
                    text,
                    "\nPut this line into .env, so that calls are analysed:\n\n  {VARIABLE}={sid}\n"
                );
            }
            (text, code)
        }
    })
}

fn code(is_complete: bool) -> ExitCode {
    match is_complete {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}

/// How the service is to be.
fn service(config: &Config) -> provisioning::Wanted {
    let webhook = config.public_url.as_ref().map(|url| Webhook {
        url: url.page(PATH),
        method: Method::Post,
    });
    let phrases = |matching: Matching, texts: Vec<String>| {
        let phrases = texts.into_iter();
        phrases.map(move |text| Phrase { text, matching })
    };
    // Twilio knows no exceptions.
    let sets = analysing::services(config)
        .into_iter()
        .map(|set| PhraseSet {
            label: set.label,
            phrases: phrases(Matching::Exact, set.exact)
                .chain(phrases(Matching::Fuzzy, set.fuzzy))
                .collect(),
        });
    provisioning::Wanted {
        settings: config.twilio.intelligence.clone(),
        sid: config.twilio.intelligence_service.clone(),
        webhook,
        phrase_sets: sets.collect(),
    }
}

fn rehearsed(steps: &[Step], ink: Ink) -> String {
    let mut text = String::new();
    for step in steps {
        let line = wrap(&harmless(&step.to_string()), "", "  ");
        let line = match step {
            Step::Cannot { .. } => ink.careful(&line),
            _ if step.is_change() => line,
            _ => ink.dim(&line),
        };
        let _ = writeln!(text, "{line}");
    }
    text + match steps.iter().any(Step::is_change) {
        true => "\nThis is what would be done; nothing was changed.\n",
        false => "\nThere is nothing to do.\n",
    }
}

fn told(report: &Report, ink: Ink) -> String {
    let mut text = format!("{}\n", ink.bold(&report.service_sid));
    for Done { what, outcome, .. } in &report.done {
        let (name, why) = outcome_of(outcome);
        let what = match why {
            Some(why) => format!("{what}: {why}"),
            None => what.clone(),
        };
        let head = format!("  {name:8}  ");
        let line = wrap(&harmless(&what), &head, "            ");
        let _ = match outcome {
            Outcome::Failed(_) => writeln!(text, "{}", ink.careful(&line)),
            Outcome::Left => writeln!(text, "{}", ink.dim(&line)),
            Outcome::Made | Outcome::Updated | Outcome::Attached => writeln!(text, "{line}"),
        };
    }
    text + match (report.is_unchanged(), report.is_complete()) {
        (true, true) => "\nThere was nothing to do.\n",
        (_, true) => "\nThe service is as it should be.\n",
        (_, false) => "\nThe rest has to be mended; running it again is safe.\n",
    }
}

/// What the configuration lacks for the service to be of use.
fn notes(config: &Config, ink: Ink) -> String {
    let mut text = String::new();
    let mut note = |note: &str| {
        let wrapped = wrap(note, "note: ", "      ");
        let rest = wrapped.strip_prefix("note:").unwrap_or_default();
        let _ = write!(text, "\n{}{rest}\n", ink.careful("note:"));
    };
    if config.public_url.is_none() {
        note(
            "without public_url (or NGROK_URL) Twilio cannot announce transcripts here: set it and \
             run this again. Until then they are asked for from time to time",
        );
    }
    if !plan::is_told_of_transcripts(config) {
        note(
            "to have what Twilio finds in the archive, add [[transcripts]] with kind = \
             \"twilio\" to voicera.toml; until then `voicera intelligence sync CALL` fetches it",
        );
    }
    text
}

fn outcome_of(outcome: &Outcome) -> (&'static str, Option<&str>) {
    match outcome {
        Outcome::Made => ("made", None),
        Outcome::Updated => ("updated", None),
        Outcome::Attached => ("attached", None),
        Outcome::Left => ("left", None),
        Outcome::Failed(why) => ("failed", Some(why)),
    }
}

fn planned(steps: &[Step]) -> Value {
    let steps: Vec<_> = steps
        .iter()
        .map(|step| json!({ "step": step.to_string(), "changes": step.is_change() }))
        .collect();
    json!({ "dry_run": true, "steps": steps })
}

fn reported(report: &Report, is_new: bool) -> Value {
    let done = report.done.iter().map(|done| {
        let (outcome, why) = outcome_of(&done.outcome);
        json!({ "what": done.what, "sid": done.sid, "outcome": outcome, "why": why })
    });
    json!({
        "service": report.service_sid,
        "new": is_new,
        "changed": !report.is_unchanged(),
        "complete": report.is_complete(),
        "done": done.collect::<Vec<_>>(),
    })
}
