//! What a user has written down: `voicera.toml`, the environment and `.env`, read as data.
//!
//! Reading opens nothing but the file itself. Everything that is wrong is found here, all of it at
//! once, so that what comes out can be built.

use std::io::Read as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{fs, io};

use toml::Value;
use voicera_transports::conversation_relay;
use voicera_transports::conversation_relay::PublicUrl;

mod problem;

mod environment;

mod reader;

mod kinds;

mod addresses;

mod agent;

mod languages;

mod patience;

mod limits;

mod retriever;

mod models;

mod transcripts;

mod masking;

mod insight;

mod api;

mod telephone;

mod operation;

pub use agent::Agent;
pub use api::Api;
pub use environment::{Environment, Variable};
pub use insight::{Insight, Service};
pub use limits::Limits;
pub use masking::{Caller, Masking};
pub use models::{Kind, Model, Price};
pub use operation::{Format, Level, Log, Shutdown};
pub use patience::Patience;
pub use problem::{Invalid, Problem};
pub use retriever::{HybridWith, Index, Kind as RetrieverKind, Retriever};
pub use telephone::{ApiKey, Handoff, SharedKey, Tools, Twilio};
pub use transcripts::{MODEL, TWILIO, Transcript};

use agent::PhraseSettings;
use reader::{Reader, split};

/// The documented default file.
pub const DEFAULT: &str = include_str!("config/default.toml");

/// The file that is read where none is named.
const FILE: &str = "voicera.toml";

/// Far more than every setting takes, in bytes.
const LARGEST_FILE: u64 = 1024 * 1024;

/// Everything a user can choose, checked and with its defaults.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// The file it is from; nothing where the defaults do.
    pub file: Option<PathBuf>,
    pub listen: SocketAddr,
    /// What the carrier calls this server.
    pub public_url: Option<PublicUrl>,
    pub agent: Agent,
    pub speech: conversation_relay::Settings,
    pub retriever: Retriever,
    /// In order of preference, at least one.
    pub models: Vec<Model>,
    /// The first is the one that counts; may be empty.
    pub transcripts: Vec<Transcript>,
    pub masking: Masking,
    pub insight: Insight,
    pub api: Api,
    pub twilio: Twilio,
    pub handoff: Handoff,
    pub tools: Tools,
    /// What the carrier may send.
    pub relay: conversation_relay::Limits,
    pub patience: Patience,
    pub limits: Limits,
    pub log: Log,
    pub shutdown: Shutdown,
}

/// The text of a configuration and where it stands.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// What messages call it.
    pub name: &'a str,
    pub text: &'a str,
    /// What relative paths are relative to.
    pub folder: &'a Path,
}

/// Reads the named file, else `voicera.toml` in this folder, else nothing, and the environment.
///
/// # Errors
///
/// When anything is wrong with them.
pub fn load(file: Option<&Path>) -> Result<(Config, Environment), Invalid> {
    let path = file.unwrap_or(Path::new(FILE));
    let text = match read_file(path) {
        Ok(text) => Some(text),
        Err(error) if file.is_none() && error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => {
            return Err(Invalid(vec![Problem::new(
                &path.display().to_string(),
                format!("the configuration cannot be read: {error}"),
                "name a file with --config, or start from `voicera config > voicera.toml`",
            )]));
        }
    };
    let here = Path::new("");
    let folder = path.parent().unwrap_or(here);
    let mut problems = Vec::new();
    let folders = match is_here(folder) {
        true => &[here][..],
        false => &[folder, here],
    };
    let environment = Environment::read(folders, &mut problems);
    let source = Source {
        name: &path.display().to_string(),
        text: text.as_deref().unwrap_or_default(),
        folder,
    };
    match (read(source, &environment), problems.is_empty()) {
        (Ok(config), true) => {
            let file = text.is_some().then(|| path.to_owned());
            Ok((Config { file, ..config }, environment))
        }
        (Ok(_), false) => Err(Invalid(problems)),
        (Err(Invalid(mut others)), _) => {
            problems.append(&mut others);
            Err(Invalid(problems))
        }
    }
}

/// The text of a file that may be any file.
fn read_file(path: &Path) -> io::Result<String> {
    let mut bytes = Vec::new();
    let file = fs::File::open(path)?;
    file.take(LARGEST_FILE + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST_FILE {
        return Err(io::Error::other("it is larger than 1 MiB"));
    }
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let lines = error.as_bytes().iter().take(valid);
        let line = lines.filter(|byte| **byte == b'\n').count() + 1;
        io::Error::other(format!("line {line} is not UTF-8 text"))
    })
}

/// Whether a folder is the current one, however it is written.
fn is_here(folder: &Path) -> bool {
    let real = |folder: &Path| fs::canonicalize(Path::new(".").join(folder)).ok();
    real(folder) == real(Path::new(""))
}

/// Reads a configuration as data.
///
/// # Errors
///
/// When anything is wrong with it.
pub fn read(source: Source<'_>, environment: &Environment) -> Result<Config, Invalid> {
    let (mut reader, mut table) = Reader::open(source.name, source.text);
    let reader = &mut reader;
    if !reader.problems.is_empty() {
        // Without its syntax nothing else can be said of the file.
        return Err(Invalid(std::mem::take(&mut reader.problems)));
    }
    let mut take = |name: &str| table.remove(name);
    let config = Config {
        file: None,
        listen: addresses::listen(take("listen"), environment, reader),
        public_url: addresses::public_url(take("public_url"), environment, reader),
        agent: {
            let agent = section(take("agent"), "agent", reader);
            let phrases: PhraseSettings = section(take("phrases"), "phrases", reader);
            Agent::of(agent, phrases, reader)
        },
        speech: speech(take("speech"), reader),
        retriever: Retriever::of(take("retriever"), source.folder, reader),
        models: models::of(take("models"), environment, reader),
        transcripts: transcripts::of(take("transcripts"), source.folder, environment, reader),
        masking: section(take("masking"), "masking", reader),
        insight: section(take("insight"), "insight", reader),
        api: section(take("api"), "api", reader),
        twilio: Twilio::of(
            section(take("twilio"), "twilio", reader),
            environment,
            reader,
        ),
        handoff: Handoff::of(section(take("handoff"), "handoff", reader), reader),
        tools: section(take("tools"), "tools", reader),
        relay: relay(take("relay"), reader),
        patience: section(take("patience"), "patience", reader),
        limits: section(take("limits"), "limits", reader),
        log: section(take("log"), "log", reader),
        shutdown: section(take("shutdown"), "shutdown", reader),
    };
    reader.no_others("", &table, &SECTIONS);
    let knowledge = config.patience.knowledge;
    config.retriever.check_patience(knowledge, reader);
    config.retriever.check_budget(&config.models, reader);
    config.masking.check(environment, reader);
    config.insight.check(reader);
    config.api.check(environment, reader);
    config.patience.check(reader);
    config.limits.check(reader);
    config.shutdown.check(reader);
    match reader.problems.is_empty() {
        true => Ok(config),
        false => {
            let mut problems = std::mem::take(&mut reader.problems);
            problems.sort_by_key(|problem| problem.line);
            Err(Invalid(problems))
        }
    }
}

/// What may stand at the top of the file.
const SECTIONS: [&str; 19] = [
    "listen",
    "public_url",
    "agent",
    "phrases",
    "speech",
    "retriever",
    "models",
    "transcripts",
    "masking",
    "insight",
    "api",
    "twilio",
    "handoff",
    "tools",
    "relay",
    "patience",
    "limits",
    "log",
    "shutdown",
];

/// A section that has a default for everything in it.
fn section<T: serde::de::DeserializeOwned + Default>(
    value: Option<Value>,
    path: &str,
    reader: &mut Reader<'_>,
) -> T {
    let read = value.and_then(|value| reader.read(path, value));
    read.unwrap_or_default()
}

fn speech(value: Option<Value>, reader: &mut Reader<'_>) -> conversation_relay::Settings {
    let speech: conversation_relay::Settings = section(value, "speech", reader);
    tell("speech", speech.problems(), reader);
    speech
}

fn relay(value: Option<Value>, reader: &mut Reader<'_>) -> conversation_relay::Limits {
    let limits: conversation_relay::Limits = section(value, "relay", reader);
    tell("relay", limits.problems(), reader);
    limits
}

/// What the transport finds wrong with a section of its own.
fn tell(section: &str, problems: Vec<conversation_relay::Problem>, reader: &mut Reader<'_>) {
    for problem in problems {
        let (what, fix) = split(&problem.message);
        let path = format!("{section}.{}", problem.key);
        reader.told(&path, format!("{section}.{what}"), fix);
    }
}

/// A time as messages say it.
fn in_words(time: &Duration) -> String {
    humantime_serde::re::humantime::format_duration(*time).to_string()
}

#[cfg(test)]
mod tests;
