//! `[[transcripts]]`: where words go.

use std::path::Path;
use std::time::Duration;

use serde::Deserialize;
use toml::Value;
use voicera_transcripts::{delivery, jsonl, postgres, sqlite, webhook};

use super::environment::Environment;
use super::kinds;
use super::reader::Reader;
use super::telephone::required;

/// What the outbox calls the model that is asked about calls.
pub const MODEL: &str = "model";

/// What the outbox calls that which brings Twilio's findings.
pub const TWILIO: &str = "twilio";

/// One place that keeps transcripts, or is told of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Transcript {
    /// The archive that is read from.
    Sqlite(sqlite::Settings),
    /// The archive that several servers share.
    Postgres(postgres::Settings),
    Jsonl(jsonl::Settings),
    Stdout,
    Webhook(webhook::Settings),
    Twilio(Twilio),
}

/// What Twilio finds out about calls is brought into the archive.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Twilio {
    /// How often, and for how long, Twilio is asked.
    pub delivery: delivery::Settings,
}

impl Transcript {
    pub fn is_archive(&self) -> bool {
        matches!(self, Self::Sqlite(_) | Self::Postgres(_))
    }

    /// What is sent needs an archive to wait in.
    fn is_sent(&self) -> bool {
        matches!(self, Self::Webhook(_) | Self::Twilio(_))
    }

    fn file(&self) -> Option<&Path> {
        match self {
            Self::Sqlite(settings) => Some(&settings.path),
            Self::Jsonl(settings) => Some(&settings.path),
            Self::Postgres(_) | Self::Stdout | Self::Webhook(_) | Self::Twilio(_) => None,
        }
    }

    /// How long an archive keeps calls; without it, for ever.
    pub fn keep(&self) -> Option<Duration> {
        match self {
            Self::Sqlite(settings) => settings.keep,
            Self::Postgres(settings) => settings.keep,
            Self::Jsonl(_) | Self::Stdout | Self::Webhook(_) | Self::Twilio(_) => None,
        }
    }

    /// Whether two keep, or tell, the same place.
    fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Webhook(one), Self::Webhook(other)) => one.name == other.name,
            (Self::Stdout, Self::Stdout) | (Self::Twilio(_), Self::Twilio(_)) => true,
            (one, other) => one.file().is_some() && one.file() == other.file(),
        }
    }
}

/// Less would delete calls before they are looked at and sent.
const SHORTEST_KEEP: Duration = Duration::from_secs(24 * 3600);

/// A line that waits for long is lost with the process.
const LONGEST_GATHER: Duration = Duration::from_secs(1);

const KINDS: [&str; 6] = ["sqlite", "postgres", "jsonl", "stdout", "webhook", "twilio"];

/// `kind = "stdout"` has no settings.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

/// Without any, transcripts go to `calls.sqlite`. An empty list keeps none.
pub(super) fn of(
    value: Option<Value>,
    folder: &Path,
    environment: &Environment,
    reader: &mut Reader<'_>,
) -> Vec<Transcript> {
    let Some(value) = value else {
        let settings = sqlite::Settings::default();
        return vec![Transcript::Sqlite(sqlite::Settings {
            path: folder.join(&settings.path),
            ..settings
        })];
    };
    let mut transcripts = Vec::new();
    for (path, mut table) in kinds::tables(value, "transcripts", reader) {
        let transcript = match kinds::kind(&mut table, &path, &KINDS, reader) {
            Some("sqlite") => reader.read(&path, table).map(Transcript::Sqlite),
            Some("postgres") => reader.read(&path, table).map(Transcript::Postgres),
            Some("jsonl") => reader.read(&path, table).map(Transcript::Jsonl),
            Some("webhook") => reader.read(&path, table).map(Transcript::Webhook),
            Some("twilio") => reader.read(&path, table).map(Transcript::Twilio),
            Some(_) => reader
                .read(&path, table)
                .map(|Nothing {}| Transcript::Stdout),
            None => None,
        };
        let Some(transcript) = transcript.and_then(|it| placed(it, folder, &path, reader)) else {
            continue;
        };
        check(&transcript, &path, environment, reader);
        if transcripts.iter().any(|other| transcript.is_same(other)) {
            let (what, fix) = match transcript {
                Transcript::Webhook(_) => (
                    "has the name of another webhook",
                    "give it a `name` of its own",
                ),
                Transcript::Sqlite(_)
                | Transcript::Postgres(_)
                | Transcript::Jsonl(_)
                | Transcript::Stdout
                | Transcript::Twilio(_) => (
                    "keeps transcripts where another one does",
                    "remove one of them",
                ),
            };
            reader.told(&path, format!("`{path}` {what}"), fix);
        }
        transcripts.push(transcript);
    }
    check_archive(&transcripts, reader);
    transcripts
}

/// Paths are relative to the folder of the file.
fn placed(
    mut transcript: Transcript,
    folder: &Path,
    path: &str,
    reader: &mut Reader<'_>,
) -> Option<Transcript> {
    let (file, example) = match &mut transcript {
        Transcript::Sqlite(settings) => (&mut settings.path, "calls.sqlite"),
        Transcript::Jsonl(settings) => (&mut settings.path, "calls.jsonl"),
        Transcript::Postgres(_)
        | Transcript::Stdout
        | Transcript::Webhook(_)
        | Transcript::Twilio(_) => return Some(transcript),
    };
    let path = format!("{path}.path");
    if file.as_os_str().is_empty() {
        reader.problem(
            &path,
            "is empty",
            format!("name a file, like \"{example}\""),
        );
        return None;
    }
    *file = folder.join(&*file);
    look(file, &path, example, reader);
    Some(transcript)
}

fn check(transcript: &Transcript, path: &str, environment: &Environment, reader: &mut Reader<'_>) {
    let at = |name: &str| format!("{path}.{name}");
    if transcript.keep().is_some_and(|keep| keep < SHORTEST_KEEP) {
        let fix = "use 1day or more: calls are looked at and sent before they are deleted";
        reader.problem(&at("keep"), "is too short", fix);
    }
    match transcript {
        Transcript::Sqlite(sqlite::Settings { gather, .. })
        | Transcript::Jsonl(jsonl::Settings { gather, .. }) => {
            if *gather > LONGEST_GATHER {
                reader.problem(&at("gather"), "is too long", "set 1s or less");
            }
        }
        Transcript::Postgres(settings) => {
            if settings.gather > LONGEST_GATHER {
                reader.problem(&at("gather"), "is too long", "set 1s or less");
            }
            required(&at("url"), settings.url.clone(), environment, reader);
        }
        Transcript::Stdout => {}
        Transcript::Webhook(settings) => {
            if settings.url.is_empty() {
                let fix = "set where to post to, like \"https://example.com/voicera\"";
                reader.problem(&at("url"), "is missing", fix);
            }
            if settings.name.trim().is_empty() {
                let fix = "name the webhook, like \"crm\"";
                reader.problem(&at("name"), "is empty", fix);
            }
            if [MODEL, TWILIO].contains(&settings.name.as_str()) {
                let fix = format!("choose another one than \"{MODEL}\" and \"{TWILIO}\"");
                reader.problem(&at("name"), "is taken: no webhook can have it", fix);
            }
            required(&at("secret"), settings.secret.clone(), environment, reader);
            if let Some(old) = &settings.old_secret {
                required(&at("old_secret"), old.clone(), environment, reader);
            }
            check_delivery(&settings.delivery, path, reader);
        }
        Transcript::Twilio(settings) => check_delivery(&settings.delivery, path, reader),
    }
}

fn check_delivery(settings: &delivery::Settings, path: &str, reader: &mut Reader<'_>) {
    let at = |name: &str| format!("{path}.delivery.{name}");
    let least = settings.timeout.saturating_mul(3);
    if settings.lease < least {
        let fix = format!(
            "set {} or more: three times the timeout",
            super::in_words(&least)
        );
        reader.problem(&at("lease"), "is too short", fix);
    }
    let (day, year) = (24 * 3600, 365 * 24 * 3600);
    for (name, value, longest) in [
        ("age", settings.age, year),
        ("first_pause", settings.first_pause, day),
        ("longest_pause", settings.longest_pause, day),
        ("timeout", settings.timeout, 3600),
        ("poll", settings.poll, day),
    ] {
        let range = Duration::from_millis(1)..=Duration::from_secs(longest);
        reader.within(&at(name), &value, range, super::in_words);
    }
    let attempts = 1..=1_000_000;
    reader.within(
        &at("attempts"),
        &settings.attempts,
        attempts,
        u32::to_string,
    );
    let show = usize::to_string;
    reader.within(&at("concurrency"), &settings.concurrency, 1..=1000, show);
}

/// One archive is read from, and what is sent waits in it.
fn check_archive(transcripts: &[Transcript], reader: &mut Reader<'_>) {
    let archives = transcripts.iter().filter(|it| it.is_archive()).count();
    if archives > 1 {
        let what = "`transcripts` has more than one archive";
        reader.told(
            "transcripts",
            what,
            "keep one of them: calls are read from it",
        );
    }
    if archives == 0 && transcripts.iter().any(Transcript::is_sent) {
        let what = "`transcripts` sends calls that are kept in no archive";
        let fix = "add [[transcripts]] with kind = \"sqlite\": what is sent waits there until it \
                   has arrived";
        reader.told("transcripts", what, fix);
    }
}

/// Looks whether a file can be there at all.
fn look(file: &Path, path: &str, example: &str, reader: &mut Reader<'_>) {
    let folder = match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        Some(_) | None => Path::new("."),
    };
    if file.is_dir() {
        let fix = format!("name a file in it, like \"{example}\"");
        reader.problem(path, "is a folder", fix);
    } else if !folder.is_dir() {
        let what = format!("is in a folder that is not there: {}", folder.display());
        reader.problem(path, what, "create the folder, or choose another path");
    }
}
