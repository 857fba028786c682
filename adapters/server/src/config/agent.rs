//! `[agent]` and `[phrases]`: who answers, and the words it has ready.

use serde::Deserialize;
use voicera::profile::{Lines, Phrases};
use voicera::words::Language;

use super::languages::{LANGUAGES, Words};
use super::reader::Reader;

/// `[agent]` as it is written.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Settings {
    /// What the agent calls itself. Default `Ava`.
    name: String,
    /// Whom it speaks for. Default `SupplyChainCo`.
    company: String,
    /// Where callers turn when the agent cannot help. Default `support@supplychainco.com`.
    contact: String,
    /// What it speaks, as a BCP 47 tag. Default `en-US`.
    language: String,
    /// What else it may be spoken to in. Default none.
    languages: Vec<String>,
    /// Its task and manner; the rules of speaking on the phone are added. Default: see below.
    instructions: String,
    /// The most words of a reply. Default 40.
    word_limit: usize,
    /// The lines it has ready; the defaults follow `language`.
    greeting: Option<String>,
    fallback: Option<String>,
    apology: Option<String>,
    nudge: Option<String>,
    farewell: Option<String>,
    handoff: Option<String>,
    closing: Option<String>,
    resume: Option<String>,
    /// All lines are busy, or the server is stopping.
    busy: Option<String>,
    /// The address of a sound to play while a reply is slow to come. Default: none.
    waiting_sound: Option<String>,
}

const INSTRUCTIONS: &str = "You support the suppliers and freight forwarders who work with \
    {company}, a logistics company. You are professional, friendly and precise.";

impl Default for Settings {
    fn default() -> Self {
        Self {
            name: "Ava".to_owned(),
            company: "SupplyChainCo".to_owned(),
            contact: "support@supplychainco.com".to_owned(),
            language: "en-US".to_owned(),
            languages: Vec::new(),
            instructions: INSTRUCTIONS.to_owned(),
            word_limit: 40,
            greeting: None,
            fallback: None,
            apology: None,
            nudge: None,
            farewell: None,
            handoff: None,
            closing: None,
            resume: None,
            busy: None,
            waiting_sound: None,
        }
    }
}

/// `[phrases]` as it is written; the defaults are those of every language the agent speaks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct PhraseSettings {
    /// What callers say to show that they listen.
    backchannel: Option<Vec<String>>,
    /// What callers say when they wonder whether somebody is there.
    waiting: Option<Vec<String>>,
    /// What callers say before they hang up.
    farewell: Option<Vec<String>>,
    /// What callers say when they want a person. Only used with `handoff.target`.
    handoff: Option<Vec<String>>,
}

/// Who answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agent {
    pub name: String,
    pub company: String,
    pub language: Language,
    /// Beside `language`.
    pub languages: Vec<Language>,
    pub instructions: String,
    pub word_limit: usize,
    pub lines: Lines,
    /// What a caller hears who does not get through.
    pub busy: String,
    pub phrases: Phrases,
    pub waiting_sound: Option<String>,
}

impl Agent {
    pub(super) fn of(settings: Settings, phrases: PhraseSettings, reader: &mut Reader<'_>) -> Self {
        for (key, tag) in tags(&settings) {
            if !is_tag(tag) {
                let fix = "use a tag like \"en-US\", \"de-DE\" or \"es\"";
                reader.problem(&key, "is not a language", fix);
            }
        }
        let show = usize::to_string;
        reader.within("agent.word_limit", &settings.word_limit, 5..=500, show);
        if let Some(sound) = &settings.waiting_sound
            && !sound.starts_with("https://")
        {
            let fix = "use one the carrier can fetch, like \"https://example.com/wait.mp3\"";
            reader.problem("agent.waiting_sound", "is not a safe web address", fix);
        }
        let language = Language::new(&settings.language);
        let words = words_of(&language);
        let mut line = |key: &str, own: &Option<String>, default: &str| {
            let template = own.as_deref().unwrap_or(default);
            settings.fill(&format!("agent.{key}"), template, reader)
        };
        let lines = Lines {
            greeting: line("greeting", &settings.greeting, words.lines.greeting),
            fallback: line("fallback", &settings.fallback, words.lines.fallback),
            apology: line("apology", &settings.apology, words.lines.apology),
            nudge: line("nudge", &settings.nudge, words.lines.nudge),
            farewell: line("farewell", &settings.farewell, words.lines.farewell),
            handoff: line("handoff", &settings.handoff, words.lines.handoff),
            closing: line("closing", &settings.closing, words.lines.closing),
            resume: line("resume", &settings.resume, words.lines.resume),
        };
        let busy = line("busy", &settings.busy, words.lines.busy);
        let instructions = line("instructions", &None, &settings.instructions);
        let languages: Vec<_> = settings
            .languages
            .iter()
            .map(|l| Language::new(l))
            .collect();
        let spoken: Vec<_> = std::iter::once(&language).chain(&languages).collect();
        Self {
            phrases: phrases.or_of(&spoken),
            name: settings.name,
            company: settings.company,
            instructions,
            word_limit: settings.word_limit,
            lines,
            busy,
            language,
            languages,
            waiting_sound: settings.waiting_sound,
        }
    }
}

impl Settings {
    /// Puts the agent's settings into a line.
    fn fill(&self, key: &str, template: &str, reader: &mut Reader<'_>) -> String {
        let line = template.replace("{name}", &self.name);
        let line = line.replace("{company}", &self.company);
        let line = line.replace("{contact}", &self.contact);
        if line.trim().is_empty() {
            reader.problem(
                key,
                "is empty",
                "write what the agent says, or remove the setting",
            );
        }
        if let Some(name) = placeholder(template) {
            let fix = "there is {name}, {company} and {contact}";
            reader.told(
                key,
                format!("`{key}` has `{{{name}}}`, which stands for nothing"),
                fix,
            );
        }
        line
    }
}

impl PhraseSettings {
    fn or_of(self, languages: &[&Language]) -> Phrases {
        let default = |phrases: fn(&Words) -> &'static [&'static str]| {
            let mut all: Vec<String> = Vec::new();
            for phrase in languages
                .iter()
                .flat_map(|language| phrases(words_of(language)))
            {
                if !all.iter().any(|known| known == phrase) {
                    all.push((*phrase).to_owned());
                }
            }
            all
        };
        let or = |own: Option<Vec<String>>, of| own.unwrap_or_else(|| default(of));
        Phrases {
            backchannel: or(self.backchannel, |words| words.phrases.backchannel),
            waiting: or(self.waiting, |words| words.phrases.waiting),
            farewell: or(self.farewell, |words| words.phrases.farewell),
            handoff: or(self.handoff, |words| words.phrases.handoff),
        }
    }
}

fn words_of(language: &Language) -> &'static Words {
    const ENGLISH: &Words = &LANGUAGES[0];
    let primary = language.primary();
    let words = LANGUAGES.iter().find(|words| words.language == primary);
    words.unwrap_or(ENGLISH)
}

fn tags(settings: &Settings) -> impl Iterator<Item = (String, &str)> {
    let others = settings.languages.iter().zip(0..);
    let others = others.map(|(tag, index)| (format!("agent.languages[{index}]"), tag.as_str()));
    let main = ("agent.language".to_owned(), settings.language.as_str());
    std::iter::once(main).chain(others)
}

fn is_tag(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let primary = parts.next().unwrap_or_default();
    let is_part = |part: &str| {
        (2..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    (2..=3).contains(&primary.len())
        && primary.bytes().all(|byte| byte.is_ascii_alphabetic())
        && parts.all(is_part)
}

/// A name in braces that is none of those that are filled in.
fn placeholder(template: &str) -> Option<&str> {
    let mut rest = template;
    while let Some((_, after)) = rest.split_once('{') {
        let (name, left) = after.split_once('}')?;
        let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase());
        if is_name && !matches!(name, "name" | "company" | "contact") {
            return Some(name);
        }
        rest = left;
    }
    None
}
