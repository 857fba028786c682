//! What a configuration amounts to: what would run, and what is missing.

use std::fmt::Write as _;
use std::time::Duration;

use humantime_serde::re::humantime::format_duration;
use serde_json::{Value, json};
use voicera::words::Language;
use voicera_models::openai::Vendor;
use voicera_retrievers::cag;
use voicera_transports::conversation_relay::HandoffTarget;

use crate::carrier;
use crate::config::{Config, Kind, RetrieverKind, Transcript};
use crate::http::intelligence::PATH;
use crate::layout::{Ink, wrap};

/// How wide the names of the rows are.
const NAMES: usize = 14;

/// What would run.
#[derive(Clone, Debug)]
pub struct Plan {
    rows: Vec<Row>,
    /// What would make it better.
    hints: Vec<String>,
}

#[derive(Clone, Debug)]
struct Row {
    name: &'static str,
    lines: Vec<String>,
}

impl Plan {
    pub fn of(config: &Config) -> Self {
        Self {
            rows: vec![
                row("configuration", [file(config)]),
                row("agent", [agent(config)]),
                row("knowledge", [knowledge(config)]),
                row("models", models(config)),
                row("transcripts", transcripts(config)),
                row("listens on", [format!("http://{}", config.listen)]),
                row("public address", [public_url(config)]),
                row("webhooks", webhooks(config)),
                row("signatures", [signatures(config).to_owned()]),
                row("twilio", twilio(config)),
                row("hand-over", [handoff(config)]),
            ],
            hints: hints(config),
        }
    }

    /// The plan for people.
    pub(crate) fn text(&self, ink: Ink) -> String {
        let mut text = String::new();
        let indent = " ".repeat(NAMES + 2);
        for row in &self.rows {
            let mut name = format!("{:NAMES$}  ", row.name);
            for line in &row.lines {
                // Colour has no width, so it comes after wrapping.
                let wrapped = wrap(line, &name, &indent);
                let wrapped = match wrapped.strip_prefix(row.name) {
                    Some(rest) => format!("{}{rest}", ink.bold(row.name)),
                    None => wrapped,
                };
                let _ = writeln!(text, "{wrapped}");
                name.clone_from(&indent);
            }
        }
        text
    }

    pub(crate) fn hints(&self, ink: Ink) -> String {
        let mut text = String::new();
        for hint in &self.hints {
            let wrapped = wrap(hint, "hint: ", "      ");
            let hint = wrapped.strip_prefix("hint:").unwrap_or_default();
            let _ = writeln!(text, "{}{hint}", ink.careful("hint:"));
        }
        text
    }
}

/// The plan for programs.
pub fn json(config: &Config) -> Value {
    let agent = &config.agent;
    let languages = std::iter::once(&agent.language).chain(&agent.languages);
    let models = config.models.iter().map(|model| match &model.kind {
        Kind::Vendor(vendor, settings) => json!({
            "kind": kind(*vendor),
            "model": settings.model(*vendor),
            "base_url": settings.base_url(*vendor),
            "key": settings.key_name(*vendor),
        }),
        Kind::Extractive(_) => json!({ "kind": "extractive" }),
    });
    let transcripts = config
        .transcripts
        .iter()
        .map(|transcript| match transcript {
            Transcript::Sqlite(settings) => json!({ "kind": "sqlite", "path": settings.path }),
            Transcript::Postgres(settings) => json!({
                "kind": "postgres",
                "url": settings.url,
                "schema": settings.schema,
            }),
            Transcript::Jsonl(settings) => json!({ "kind": "jsonl", "path": settings.path }),
            Transcript::Stdout => json!({ "kind": "stdout" }),
            Transcript::Webhook(settings) => json!({
                "kind": "webhook",
                "secret": settings.secret,
            }),
            Transcript::Twilio(_) => json!({ "kind": "twilio" }),
        });
    let retriever = &config.retriever;
    let page = |path| config.public_url.as_ref().map(|url| url.page(path));
    json!({
        "ok": true,
        "file": config.file,
        "agent": {
            "name": agent.name,
            "company": agent.company,
            "languages": languages.map(Language::as_str).collect::<Vec<_>>(),
        },
        "retriever": {
            "kind": retriever.kind.name(),
            "index": retriever.index.name(),
            "knowledge_base": retriever.knowledge_base,
        },
        "models": models.collect::<Vec<_>>(),
        "transcripts": transcripts.collect::<Vec<_>>(),
        "listen": config.listen,
        "public_url": config.public_url.as_ref().map(ToString::to_string),
        "webhook": page("/call"),
        "intelligence_webhook": page(PATH).filter(|_| is_told_of_transcripts(config)),
        "signatures": config.twilio.is_signed(),
        "intelligence_service": config.twilio.intelligence_service,
        "twilio_lacks": carrier::missing(config),
        "handoff": config.handoff.target.as_ref().map(target),
        "hints": hints(config),
    })
}

fn row(name: &'static str, lines: impl Into<Vec<String>>) -> Row {
    Row {
        name,
        lines: lines.into(),
    }
}

fn file(config: &Config) -> String {
    match &config.file {
        Some(file) => file.display().to_string(),
        None => "built-in defaults; there is no voicera.toml here".to_owned(),
    }
}

pub(crate) fn agent(config: &Config) -> String {
    let agent = &config.agent;
    let languages = std::iter::once(&agent.language).chain(&agent.languages);
    let languages: Vec<_> = languages.map(Language::as_str).collect();
    format!(
        "{} of {}, speaks {}",
        agent.name,
        agent.company,
        languages.join(", ")
    )
}

/// By names and sizes; nothing is opened.
fn knowledge(config: &Config) -> String {
    let retriever = &config.retriever;
    let index = retriever.index.name();
    let how = match retriever.kind {
        RetrieverKind::Cag => "cag".to_owned(),
        RetrieverKind::Rag => format!("rag with {index}"),
        RetrieverKind::Auto => format!("auto: cag, or rag with {index}"),
    };
    let path = retriever.knowledge_base.display();
    match cag::survey(&retriever.cag()) {
        Ok(survey) => format!(
            "{how}, {}, {} KB in {path}",
            documents(survey.documents),
            survey.bytes.div_ceil(1024)
        ),
        Err(error) => format!("{how}: {error}"),
    }
}

pub(crate) fn documents(count: usize) -> String {
    match count {
        1 => "1 document".to_owned(),
        _ => format!("{count} documents"),
    }
}

pub(crate) fn models(config: &Config) -> Vec<String> {
    let models = config.models.iter().zip(1..);
    let line = |(model, number): (&crate::config::Model, usize)| {
        let how = match &model.kind {
            Kind::Vendor(vendor, settings) => match settings.key_name(*vendor) {
                Some(key) => format!("key from {key}"),
                None => settings.base_url(*vendor).unwrap_or_default().to_owned(),
            },
            Kind::Extractive(_) if number > 1 => "the last resort, quotes the documents".to_owned(),
            Kind::Extractive(_) => "quotes the documents, needs no vendor".to_owned(),
        };
        match config.models.len() {
            1 => format!("{} ({how})", model.name),
            _ => format!("{number}. {} ({how})", model.name),
        }
    };
    models.map(line).collect()
}

pub(crate) fn transcripts(config: &Config) -> Vec<String> {
    let line = |transcript: &Transcript| match transcript {
        Transcript::Sqlite(settings) => kept(&settings.path.display().to_string(), transcript),
        Transcript::Postgres(settings) => {
            let place = format!("PostgreSQL of {}, schema {}", settings.url, settings.schema);
            kept(&place, transcript)
        }
        Transcript::Jsonl(settings) => settings.path.display().to_string(),
        Transcript::Stdout => "standard output".to_owned(),
        // The rest of the address may hold a secret.
        Transcript::Webhook(settings) => match settings.url.split_once("://") {
            Some((_, rest)) => {
                let host = rest.split(['/', '?']).next().unwrap_or_default();
                format!("posted to {host}, signed with {}", settings.secret)
            }
            None => "posted".to_owned(),
        },
        Transcript::Twilio(_) => "what Twilio finds out comes into the archive".to_owned(),
    };
    let mut lines: Vec<_> = config.transcripts.iter().map(line).collect();
    if let Some(service) = &config.twilio.intelligence_service {
        lines.push(format!("Twilio Conversational Intelligence, {service}"));
    }
    if lines.is_empty() {
        lines.push("none are kept".to_owned());
    }
    lines
}

fn kept(place: &str, transcript: &Transcript) -> String {
    match transcript.keep() {
        Some(keep) => format!("{place}, for {}", format_duration(keep)),
        None => place.to_owned(),
    }
}

fn public_url(config: &Config) -> String {
    match &config.public_url {
        Some(url) => url.to_string(),
        None => "none: no carrier can call".to_owned(),
    }
}

fn webhooks(config: &Config) -> Vec<String> {
    let page = |path: &str| match &config.public_url {
        Some(url) => url.page(path),
        None => format!("<public address>{path}"),
    };
    let mut lines = vec![format!("when a call comes in: POST {}", page("/call"))];
    if is_told_of_transcripts(config) {
        lines.push(format!("when a transcript is there: POST {}", page(PATH)));
    }
    lines
}

/// Whether what Twilio finds out comes into the archive.
pub(crate) fn is_told_of_transcripts(config: &Config) -> bool {
    let is_twilio = |transcript: &Transcript| matches!(transcript, Transcript::Twilio(_));
    config.transcripts.iter().any(is_twilio)
}

/// What `voicera intelligence` and `voicera twilio` have, and what they lack.
fn twilio(config: &Config) -> Vec<String> {
    let missing = carrier::missing(config);
    let account = match missing.as_slice() {
        [] => format!("asked with {}", carrier::named(config)),
        [one] => format!("cannot be asked: {one} is not set"),
        several => format!("cannot be asked: {} are not set", several.join(" and ")),
    };
    let mut lines = vec![account];
    if missing.is_empty() && config.twilio.intelligence_service.is_none() {
        lines.push(
            "no intelligence service yet: `voicera intelligence provision` makes one".to_owned(),
        );
    }
    lines
}

pub(crate) fn signatures(config: &Config) -> &'static str {
    match (config.twilio.is_signed(), &config.public_url) {
        (true, Some(_)) => "checked",
        (true, None) => "required, but they cannot be checked without a public address",
        (false, _) => "off: only direct requests from this machine are served",
    }
}

fn handoff(config: &Config) -> String {
    match (&config.handoff.target, config.handoff.key) {
        (Some(handoff), Some(key)) => format!("to {}, or with the key {key}", target(handoff)),
        (Some(handoff), None) => format!("to {}", target(handoff)),
        (None, _) => "nobody takes calls over".to_owned(),
    }
}

fn target(target: &HandoffTarget) -> &str {
    match target {
        HandoffTarget::Number(to) | HandoffTarget::Sip(to) | HandoffTarget::Workflow(to) => to,
    }
}

fn kind(vendor: Vendor) -> &'static str {
    match vendor {
        Vendor::Groq => "groq",
        Vendor::OpenAi => "openai",
        Vendor::Compatible => "compatible",
    }
}

fn hints(config: &Config) -> Vec<String> {
    let mut hints = Vec::new();
    let has_vendor = |model: &crate::config::Model| matches!(model.kind, Kind::Vendor(..));
    if !config.models.iter().any(has_vendor) {
        hints.push(
            "set GROQ_API_KEY or OPENAI_API_KEY, here or in .env, and a model words the replies",
        );
    }
    match (&config.public_url, config.twilio.is_signed()) {
        (Some(_), true) => {}
        (None, false) => hints.push(
            "to take calls, set public_url (or NGROK_URL) and TWILIO_AUTH_TOKEN, and let the \
             Twilio number's voice webhook point to POST <public address>/call",
        ),
        (Some(_), false) => hints.push("set TWILIO_AUTH_TOKEN: without it, Twilio is refused"),
        (None, true) => hints.push(
            "set public_url (or NGROK_URL): signatures are checked against it, so without it \
             Twilio is refused",
        ),
    }
    let mut hints: Vec<_> = hints.into_iter().map(str::to_owned).collect();
    hints.extend(unheard_findings(config));
    hints.extend(short_patience(config));
    hints.extend(short_shutdown(config));
    hints
}

/// What Twilio finds out needs somebody to fetch it, who needs an account and a service.
fn unheard_findings(config: &Config) -> Option<String> {
    let has_service = config.twilio.intelligence_service.is_some();
    if !is_told_of_transcripts(config) {
        let hint = "add [[transcripts]] with kind = \"twilio\", and what Twilio finds out about \
                    calls comes into the archive";
        return has_service.then(|| hint.to_owned());
    }
    let mut missing = carrier::missing(config);
    let mut how = "";
    if !has_service {
        missing.push("TWILIO_CONVERSATIONAL_INTELLIGENCE_SID");
        how = "; `voicera intelligence provision` makes the service and says its id";
    }
    let missing = missing.join(" and ");
    let hint = format!(
        "the server does not start: [[transcripts]] with kind = \"twilio\" needs {missing}{how}"
    );
    (!missing.is_empty()).then_some(hint)
}

/// The session must not give up while there is a model left to ask.
fn short_patience(config: &Config) -> Vec<String> {
    let times = config.models.iter().map(|model| match &model.kind {
        Kind::Vendor(_, settings) => (settings.first_word, settings.next_word),
        // It answers at once.
        Kind::Extractive(_) => (Duration::ZERO, Duration::ZERO),
    });
    let times: Vec<_> = times.collect();
    let first = times.iter().map(|(first, _)| *first).sum();
    let others = times.iter().skip(1).map(|(first, _)| *first);
    let others = others.chain([Duration::ZERO]);
    let next = times
        .iter()
        .zip(others)
        .map(|((_, next), first)| *next + first);
    let patience = &config.patience;
    let needed = [
        (
            "first_word",
            "first_word of all models",
            first,
            patience.first_word,
        ),
        (
            "next_word",
            "next_word of one model and first_word of the next",
            next.max().unwrap_or_default(),
            patience.next_word,
        ),
    ];
    let short = needed
        .into_iter()
        .filter(|(_, _, needed, has)| needed > has);
    let hint = |(name, sum, needed, has): (&str, &str, Duration, Duration)| {
        let [needed, has] = [needed, has].map(format_duration);
        format!(
            "patience.{name} is {has}, and {sum} make {needed}: callers hear the apology before \
             every model was asked; raise patience.{name}, or lower those of the models"
        )
    };
    short.map(hint).collect()
}

/// Calls that are told goodbye when the server stops need the time to hear it.
fn short_shutdown(config: &Config) -> Option<String> {
    let characters = config.agent.lines.closing.chars().count() as f64;
    let spoken = Duration::from_secs_f64(characters / config.speech.pace);
    // A second for the words to get there.
    let needed = spoken + config.patience.farewell + Duration::from_secs(1);
    let needed = needed.as_secs_f64().ceil();
    (config.shutdown.farewell.as_secs_f64() < needed).then(|| {
        format!(
            "agent.closing takes up to {needed} s to be spoken, and calls are cut off before it \
             is over when the server stops: set shutdown.farewell to \"{needed}s\" or more"
        )
    })
}
