//! A line of a transcript, for people.

use std::fmt::Write as _;
use std::time::Duration;

use voicera::ports::transcript_sink::{
    AgentKind, AgentLine, CallerKind, CallerLine, Content, EndedLine, Entry,
};
use voicera::words::Ending;

use crate::layout::{Ink, harmless, wrap};

/// Under what was said.
const INDENT: &str = "               ";

/// Ends with a line feed.
pub(super) fn line(entry: &Entry, ink: Ink) -> String {
    let seconds = entry.at.as_secs();
    let time = format!("{:02}:{:02}", seconds / 60, seconds % 60);
    match &entry.content {
        Content::Started => spoken(&time, "", "the call is answered"),
        Content::Caller(line) => caller(&time, line, ink),
        Content::Agent(line) => agent(&time, line, ink),
        Content::Ended(line) => spoken(&time, "", &ended(line)),
    }
}

/// A time to wait.
pub(super) fn seconds(time: Duration) -> String {
    format!("{:.2} s", time.as_secs_f64())
}

fn caller(time: &str, line: &CallerLine, ink: Ink) -> String {
    let mut text = spoken(time, "caller", &line.text);
    let note = match line.kind {
        CallerKind::Asked => return text,
        CallerKind::Backchannel => "while the agent spoke, who went on",
        CallerKind::Waiting => "while the agent was busy with the reply",
        CallerKind::Keys => "pressed",
    };
    text += &noted(note, ink);
    text
}

fn agent(time: &str, line: &AgentLine, ink: Ink) -> String {
    let mark = match line.interrupted {
        true => " ✂",
        false => "",
    };
    let mut text = spoken(time, "agent", &format!("{}{mark}", line.heard));
    let missed = line.planned.strip_prefix(line.heard.as_str());
    let missed = missed.map(str::trim);
    if line.planned != line.heard && missed != Some("") {
        let unheard = match missed {
            Some(missed) => format!("not heard: {missed}"),
            None => format!("planned: {}", line.planned),
        };
        text += &noted(&unheard, ink);
    }
    let kind = match line.kind {
        AgentKind::Reply => None,
        AgentKind::Greeting => Some("greeting".to_owned()),
        AgentKind::Nudge => Some("into silence".to_owned()),
        AgentKind::Apology => Some("apology: no model answered".to_owned()),
        AgentKind::Farewell => Some("farewell".to_owned()),
    };
    // Nobody waits for what the agent says of its own accord.
    let is_answer = matches!(line.kind, AgentKind::Reply | AgentKind::Apology);
    let waited = line.latency.first_words.filter(|_| is_answer);
    let waited = waited.map(|waited| format!("after {}", seconds(waited)));
    let mut sources: Vec<_> = line.sources.iter().map(|s| s.source.to_string()).collect();
    sources.dedup();
    let sources = match sources.is_empty() {
        true => None,
        false => Some(format!("from {}", sources.join("; "))),
    };
    let notes: Vec<_> = [kind, waited, sources].into_iter().flatten().collect();
    if !notes.is_empty() {
        text += &noted(&notes.join(", "), ink);
    }
    text
}

fn ended(line: &EndedLine) -> String {
    let name = line.ending.name().replace('_', " ");
    match &line.ending {
        Ending::HandedOff(handoff) => format!("{name}: {}", handoff.reason),
        Ending::Failed(why) => format!("{name}: {why}"),
        Ending::HungUp
        | Ending::Goodbye
        | Ending::Silent
        | Ending::Exhausted
        | Ending::Shutdown => name,
    }
}

fn spoken(time: &str, speaker: &str, words: &str) -> String {
    let words = harmless(words);
    wrap(&words, &format!("{time}  {speaker:6}  "), INDENT) + "\n"
}

fn noted(note: &str, ink: Ink) -> String {
    let mut text = String::new();
    for line in wrap(&harmless(note), INDENT, INDENT).lines() {
        let note = line.strip_prefix(INDENT).unwrap_or(line);
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{INDENT}{}", ink.dim(note));
    }
    text
}
