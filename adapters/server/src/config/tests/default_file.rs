//! The documented default file is complete and true.

use std::collections::BTreeSet;

use super::super::{DEFAULT, SECTIONS};
use super::{config, read_text};

/// The secrets that its examples name.
const KEYS: [&str; 8] = [
    "DATABASE_URL",
    "GROQ_API_KEY",
    "VOICERA_SALT",
    "VOICERA_API_KEY",
    "VOICERA_WEBHOOK_SECRET",
    "VOICERA_OLD_WEBHOOK_SECRET",
    "TWILIO_API_KEY",
    "TWILIO_API_SECRET",
];

#[test]
fn the_default_file_holds_the_defaults() {
    let (defaults, _) = parts(DEFAULT);
    assert_eq!(config(&defaults, &[]), config("", &[]));
    assert_eq!(config(DEFAULT, &[]), config("", &[]));
}

#[test]
fn the_examples_of_the_default_file_work() {
    let (_, examples) = parts(DEFAULT);
    assert!(examples.len() > 30);
    for example in examples {
        // What is sent waits in an archive.
        let is_sent = ["webhook", "twilio"].map(|kind| example.contains(&format!("\"{kind}\"")));
        let example = match is_sent.contains(&true) {
            true => format!("[[transcripts]]\nkind = \"sqlite\"\n{example}"),
            false => example,
        };
        let keys = KEYS.map(|name| (name, "k"));
        let read = read_text(&example, &keys);
        assert!(read.is_ok(), "{example}\n{}", read.unwrap_err());
    }
}

#[test]
fn the_default_file_names_every_setting() {
    let named = settings_in(DEFAULT);
    let mut sections: Vec<_> = SECTIONS
        .iter()
        .map(|name| ((*name).to_owned(), String::new()))
        .collect();
    for (name, kind) in [
        ("models", "groq"),
        ("models", "extractive"),
        ("transcripts", "sqlite"),
        ("transcripts", "postgres"),
        ("transcripts", "jsonl"),
        ("transcripts", "webhook"),
        ("transcripts", "twilio"),
    ] {
        sections.push((name.to_owned(), format!("[[{name}]]\nkind = \"{kind}\"")));
    }
    for name in [
        "chunks",
        "lexical",
        "embedding",
        "vectors",
        "qdrant",
        "fusion",
        "conversation",
        "auto",
        "rerank",
        "hints",
    ] {
        sections.push((format!("retriever.{name}"), String::new()));
    }
    sections.extend(["api", "intelligence"].map(|name| (format!("twilio.{name}"), String::new())));
    let mut missing = Vec::new();
    for (section, text) in sections {
        let text = match text.is_empty() {
            true => format!("[{section}]"),
            false => text,
        };
        let known = known_in(&format!("{text}\nqqqqqq = 1"));
        missing.extend(
            known
                .into_iter()
                .map(|name| format!("{section}.{name}"))
                .filter(|name| !named.contains(name) && !DEFAULT.contains(&format!("[{name}]"))),
        );
    }
    assert_eq!(missing, [""; 0]);
}

#[test]
fn no_line_of_prose_in_the_default_file_is_too_long() {
    let prose = DEFAULT.lines().filter(|line| line.starts_with("# "));
    let long: Vec<_> = prose.filter(|line| line.chars().count() > 80).collect();
    assert_eq!(long, [""; 0]);
}

/// The default file with its defaults in force, and its examples, each with its section.
fn parts(file: &str) -> (String, Vec<String>) {
    let (mut defaults, mut examples) = (String::new(), Vec::<String>::new());
    let (mut section, mut prose, mut block) = (String::new(), "", None::<String>);
    for line in file.lines().chain([""]) {
        let setting = line
            .strip_prefix('#')
            .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()));
        if line.starts_with('[') {
            section = line.to_owned();
            defaults.push_str(&format!("{line}\n"));
        } else if line.starts_with("#[") {
            block = Some(format!("{}\n", &line[1..]));
        } else if let Some(setting) = setting {
            match &mut block {
                Some(block) => block.push_str(&format!("{setting}\n")),
                None if !prose.ends_with("For example:") => {
                    defaults.push_str(&format!("{setting}\n"))
                }
                None if needs_another(&section, setting) => {
                    let before = examples.pop().unwrap();
                    examples.push(format!("{before}\n{setting}"));
                }
                None if setting.starts_with("eager") || setting.starts_with("eot") => {
                    examples.push(format!("{section}\nspeech_model = \"flux\"\n{setting}"));
                }
                None => examples.push(format!("{section}\n{setting}")),
            }
        } else if line.is_empty() {
            examples.extend(block.take());
        }
        prose = line;
    }
    (defaults, examples)
}

/// Whether a setting means nothing without the example before it.
fn needs_another(section: &str, setting: &str) -> bool {
    match section {
        "[handoff]" => setting.starts_with("key"),
        "[retriever.auto]" => !setting.starts_with("price"),
        _ => false,
    }
}

/// The full names of the settings in a file, in force or not.
fn settings_in(file: &str) -> BTreeSet<String> {
    let mut section = "";
    let mut names = BTreeSet::new();
    for line in file.lines() {
        let line = line.strip_prefix('#').unwrap_or(line);
        if line.starts_with('[') {
            section = line.trim_matches(['[', ']']);
        } else if let Some((name, _)) = line.split_once(" = ")
            && name
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte == b'_')
        {
            names.insert(format!("{section}.{name}"));
        }
    }
    names
}

/// The settings a section has, from what is said about one it has not.
fn known_in(text: &str) -> Vec<String> {
    let said = match read_text(text, &[("GROQ_API_KEY", "k")]) {
        Ok(_) => String::new(),
        Err(invalid) => invalid.to_string().replace("\n       ", " "),
    };
    let Some((_, takes)) = said.split_once(" takes ") else {
        return Vec::new();
    };
    takes
        .split('`')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect()
}
