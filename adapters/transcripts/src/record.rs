//! The format of a line: what a transcript looks like outside of this process.
//!
//! A line is one JSON object. Names are stable; a reader ignores those it does not know. Absent
//! means unknown. Every line has:
//!
//! | Name | Meaning |
//! |---|---|
//! | `v` | the format, 1 |
//! | `call` | the carrier's id of the call |
//! | `session` | the carrier's id of this stretch of the call, where it has one |
//! | `sequence` | counts the lines of a session from 0; with `call` and `session` it names the line |
//! | `turn` | the turn; the greeting is 0 |
//! | `at_ms` | milliseconds from the start of the call to the first word |
//! | `started` | when the call was answered, RFC 3339 in UTC |
//! | `kind` | what the line is, see below |
//!
//! and by its `kind`:
//!
//! | `kind` | Further names |
//! |---|---|
//! | `started` | `from`, `to`, `parameters{}` |
//! | `asked`, `backchannel`, `waiting`, `keys` | `speaker` = `caller`, `text`, `language` |
//! | `greeting`, `reply`, `nudge`, `apology`, `farewell` | `speaker` = `agent`, `planned`, `heard`, `interrupted`, `basis` (`played`, `reported`, `estimated`, `whole`), `sources[]` (`turn` that found it, `passage`, `document`, `headings[]`, `span` in bytes, `score`), `searches[]` (`strategy`, `outcome` of `found`, `late`, `failed`, `found`, `ms`), `usage[]` (`model`, `prompt_tokens`, `cached_tokens`, `reply_tokens`), `latency_ms{}` (`knowledge`, `first_text`, `first_words`, `written`, from the end of the utterance) |
//! | `ended` | `ending{}` (`name`, `turns`, `duration_ms`; `reason` and `summary` of `handed_off`; `detail` of `failed`) |

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use serde::Serialize;
use voicera::ports::language_model::Usage;
use voicera::ports::retriever::{Outcome, Search};
use voicera::ports::transcript_sink::{
    AgentKind, AgentLine, Basis, CallerKind, CallerLine, Content, EndedLine, Entry, Evidence,
    Latency,
};
use voicera::words::{Call, Ending};

/// One line, borrowed from its entry.
#[derive(Debug, Serialize)]
pub struct Record<'a> {
    v: u8,
    call: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<&'a str>,
    sequence: u32,
    turn: u32,
    at_ms: u128,
    started: String,
    #[serde(flatten)]
    body: Body<'a>,
}

impl<'a> Record<'a> {
    pub fn of(entry: &'a Entry) -> Self {
        Self {
            v: 1,
            call: entry.call.id.as_str(),
            session: entry.call.session.as_deref(),
            sequence: entry.sequence,
            turn: entry.turn.0,
            at_ms: entry.at.as_millis(),
            started: rfc3339(entry.call.started),
            body: Body::of(&entry.call, &entry.content),
        }
    }

    /// The line as bytes, with the line feed that ends it and no other.
    pub(crate) fn line(&self) -> serde_json::Result<Vec<u8>> {
        let mut line = serde_json::to_vec(self)?;
        line.push(b'\n');
        Ok(line)
    }
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Body<'a> {
    Started {
        kind: &'static str,
        #[serde(skip_serializing_if = "Option::is_none")]
        from: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        to: Option<&'a str>,
        #[serde(skip_serializing_if = "BTreeMap::is_empty")]
        parameters: &'a BTreeMap<String, String>,
    },
    Caller {
        speaker: &'static str,
        kind: &'static str,
        text: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        language: Option<&'a str>,
    },
    Agent {
        speaker: &'static str,
        kind: &'static str,
        planned: &'a str,
        heard: &'a str,
        interrupted: bool,
        basis: &'static str,
        sources: Vec<SourceRecord<'a>>,
        searches: Vec<SearchRecord<'a>>,
        usage: Vec<UsageRecord<'a>>,
        latency_ms: LatencyRecord,
    },
    Ended {
        kind: &'static str,
        ending: EndingRecord<'a>,
    },
}

impl<'a> Body<'a> {
    fn of(call: &'a Call, content: &'a Content) -> Self {
        match content {
            Content::Started => Self::Started {
                kind: "started",
                from: call.from.as_deref(),
                to: call.to.as_deref(),
                parameters: &call.parameters,
            },
            Content::Caller(line) => Self::caller(line),
            Content::Agent(line) => Self::agent(line),
            Content::Ended(line) => Self::Ended {
                kind: "ended",
                ending: EndingRecord::of(line),
            },
        }
    }

    fn caller(line: &'a CallerLine) -> Self {
        Self::Caller {
            speaker: "caller",
            kind: match line.kind {
                CallerKind::Asked => "asked",
                CallerKind::Backchannel => "backchannel",
                CallerKind::Waiting => "waiting",
                CallerKind::Keys => "keys",
            },
            text: &line.text,
            language: line.language.as_ref().map(|language| language.as_str()),
        }
    }

    fn agent(line: &'a AgentLine) -> Self {
        Self::Agent {
            speaker: "agent",
            kind: match line.kind {
                AgentKind::Greeting => "greeting",
                AgentKind::Reply => "reply",
                AgentKind::Nudge => "nudge",
                AgentKind::Apology => "apology",
                AgentKind::Farewell => "farewell",
            },
            planned: &line.planned,
            heard: &line.heard,
            interrupted: line.interrupted,
            basis: match line.basis {
                Basis::Played => "played",
                Basis::Reported => "reported",
                Basis::Estimated => "estimated",
                Basis::Whole => "whole",
            },
            sources: line.sources.iter().map(SourceRecord::of).collect(),
            searches: line.searches.iter().map(SearchRecord::of).collect(),
            usage: line.usage.iter().map(UsageRecord::of).collect(),
            latency_ms: LatencyRecord::of(&line.latency),
        }
    }
}

#[derive(Debug, Serialize)]
struct SourceRecord<'a> {
    turn: u32,
    passage: &'a str,
    document: &'a str,
    headings: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    span: Option<[usize; 2]>,
    score: f32,
}

impl<'a> SourceRecord<'a> {
    fn of(evidence: &'a Evidence) -> Self {
        Self {
            turn: evidence.turn.0,
            passage: &evidence.passage,
            document: &evidence.source.document,
            headings: &evidence.source.headings,
            span: evidence.source.span.map(|span| [span.start, span.end]),
            score: evidence.score,
        }
    }
}

#[derive(Debug, Serialize)]
struct SearchRecord<'a> {
    strategy: &'a str,
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    found: Option<usize>,
    ms: f64,
}

impl<'a> SearchRecord<'a> {
    fn of(search: &'a Search) -> Self {
        let (outcome, found) = match search.outcome {
            Outcome::Found(count) => ("found", Some(count)),
            Outcome::Late => ("late", None),
            Outcome::Failed => ("failed", None),
        };
        Self {
            strategy: &search.strategy,
            outcome,
            found,
            ms: milliseconds(search.took),
        }
    }
}

#[derive(Debug, Serialize)]
struct UsageRecord<'a> {
    model: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    prompt_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cached_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reply_tokens: Option<u32>,
}

impl<'a> UsageRecord<'a> {
    fn of(usage: &'a Usage) -> Self {
        Self {
            model: &usage.model,
            prompt_tokens: usage.prompt_tokens,
            cached_tokens: usage.cached_tokens,
            reply_tokens: usage.reply_tokens,
        }
    }
}

#[derive(Debug, Serialize)]
struct LatencyRecord {
    #[serde(skip_serializing_if = "Option::is_none")]
    knowledge: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_text: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_words: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    written: Option<f64>,
}

impl LatencyRecord {
    fn of(latency: &Latency) -> Self {
        Self {
            knowledge: latency.knowledge.map(milliseconds),
            first_text: latency.first_text.map(milliseconds),
            first_words: latency.first_words.map(milliseconds),
            written: latency.written.map(milliseconds),
        }
    }
}

#[derive(Debug, Serialize)]
struct EndingRecord<'a> {
    name: &'static str,
    turns: u32,
    duration_ms: u128,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a str>,
}

impl<'a> EndingRecord<'a> {
    fn of(line: &'a EndedLine) -> Self {
        let (reason, summary, detail) = match &line.ending {
            Ending::HandedOff(handoff) => (
                Some(handoff.reason.as_str()),
                Some(handoff.summary.as_str()),
                None,
            ),
            Ending::Failed(detail) => (None, None, Some(detail.as_str())),
            Ending::HungUp
            | Ending::Goodbye
            | Ending::Silent
            | Ending::Exhausted
            | Ending::Shutdown => (None, None, None),
        };
        Self {
            name: line.ending.name(),
            turns: line.turns,
            duration_ms: line.duration.as_millis(),
            reason,
            summary,
            detail,
        }
    }
}

/// Milliseconds with three decimals: what is below a microsecond is noise.
fn milliseconds(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 1_000_000.0).round() / 1000.0
}

/// The formatter takes no time outside of the years 1970 to 9999.
pub(crate) fn rfc3339(time: SystemTime) -> String {
    const LAST_SECOND: Duration = Duration::from_secs(253_402_300_799);
    let since = time.duration_since(SystemTime::UNIX_EPOCH);
    let since = since.unwrap_or_default().min(LAST_SECOND);
    humantime::format_rfc3339_millis(SystemTime::UNIX_EPOCH + since).to_string()
}

#[cfg(test)]
mod tests;
