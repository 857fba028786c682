//! `[[transcripts]]`: where words go.

use std::path::Path;
use std::time::Duration;

use serde::Deserialize;
use toml::Value;
use voicera_transcripts::jsonl;

use super::kinds;
use super::reader::Reader;

/// One place that keeps transcripts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Transcript {
    Jsonl(jsonl::Settings),
    Stdout,
}

impl Transcript {
    fn file(&self) -> Option<&Path> {
        match self {
            Self::Jsonl(settings) => Some(&settings.path),
            Self::Stdout => None,
        }
    }
}

/// A line that waits for long is lost with the process.
const LONGEST_GATHER: Duration = Duration::from_secs(1);

const KINDS: [&str; 2] = ["jsonl", "stdout"];

/// `kind = "stdout"` has no settings.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

/// Without any, transcripts go to `calls.jsonl`. An empty list keeps none.
pub(super) fn of(value: Option<Value>, folder: &Path, reader: &mut Reader<'_>) -> Vec<Transcript> {
    let Some(value) = value else {
        return vec![jsonl(jsonl::Settings::default(), folder)];
    };
    let mut transcripts = Vec::new();
    for (path, mut table) in kinds::tables(value, "transcripts", reader) {
        let transcript = match kinds::kind(&mut table, &path, &KINDS, reader) {
            Some("jsonl") => {
                let settings: Option<jsonl::Settings> = reader.read(&path, table);
                settings.and_then(|settings| {
                    let (path, gather) = (format!("{path}.path"), format!("{path}.gather"));
                    if settings.path.as_os_str().is_empty() {
                        let fix = "name a file, like \"calls.jsonl\"";
                        reader.problem(&path, "is empty", fix);
                        return None;
                    }
                    if settings.gather > LONGEST_GATHER {
                        reader.problem(&gather, "is too long", "set 1s or less");
                        return None;
                    }
                    let transcript = jsonl(settings, folder);
                    look(&transcript, &path, reader);
                    Some(transcript)
                })
            }
            Some(_) => reader
                .read(&path, table)
                .map(|Nothing {}| Transcript::Stdout),
            None => None,
        };
        let Some(transcript) = transcript else {
            continue;
        };
        if transcripts
            .iter()
            .any(|other: &Transcript| other.file() == transcript.file())
        {
            reader.told(
                &path,
                format!("`{path}` keeps transcripts where another one does"),
                "remove one of them",
            );
        }
        transcripts.push(transcript);
    }
    transcripts
}

fn jsonl(settings: jsonl::Settings, folder: &Path) -> Transcript {
    Transcript::Jsonl(jsonl::Settings {
        path: folder.join(&settings.path),
        ..settings
    })
}

/// Looks whether the file can be there at all.
fn look(transcript: &Transcript, path: &str, reader: &mut Reader<'_>) {
    let Some(file) = transcript.file() else {
        return;
    };
    let folder = match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        Some(_) | None => Path::new("."),
    };
    if file.is_dir() {
        reader.problem(
            path,
            "is a folder",
            "name a file in it, like \"calls.jsonl\"",
        );
    } else if !folder.is_dir() {
        let what = format!("is in a folder that is not there: {}", folder.display());
        reader.problem(path, what, "create the folder, or choose another path");
    }
}
