//! Who takes a call over, and what they are told.

use serde::{Deserialize, Serialize};
use voicera::words::Ending;

use super::settings::Problem;

/// Where callers who want a person are sent: exactly one of the three.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HandoffTarget {
    /// A telephone number, as in `number = "+14155550123"`. The person sees the caller's number.
    Number(String),
    /// A SIP address, as in `sip = "sip:desk@example.com"`.
    Sip(String),
    /// A TaskRouter workflow, as in `workflow = "WW…"`. Its task holds the summary of the call.
    Workflow(String),
}

/// What the relay tells the carrier when it ends a session, and is told back by the carrier when
/// it asks what to do with the call.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Note<'a> {
    reason_code: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<&'a str>,
}

/// The reason code that the carrier's own examples use.
const HANDED_OFF: &str = "live-agent-handoff";

impl HandoffTarget {
    /// What is wrong with it, if anything.
    pub fn problem(&self) -> Option<Problem> {
        let (key, value, holds, fix) = match self {
            Self::Number(number) => (
                "number",
                number,
                is_number(number),
                "write it with country code, as +14155550123",
            ),
            Self::Sip(sip) => (
                "sip",
                sip,
                sip.starts_with("sip:") || sip.starts_with("sips:"),
                "begin with sip:",
            ),
            Self::Workflow(workflow) => (
                "workflow",
                workflow,
                !workflow.trim().is_empty(),
                "give the workflow's SID",
            ),
        };
        (!holds).then(|| Problem {
            key: key.to_owned(),
            message: format!("{key} is \"{value}\": {fix}"),
        })
    }
}

fn is_number(number: &str) -> bool {
    let digits = number.strip_prefix('+').unwrap_or_default();
    (5..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())
}

/// What to tell the carrier, as JSON. Nothing where the relay did not end the call itself.
pub(super) fn note(ending: &Ending) -> Option<String> {
    let note = match ending {
        Ending::HungUp | Ending::Failed(_) => return None,
        Ending::HandedOff(handoff) => Note {
            reason_code: HANDED_OFF,
            reason: Some(&handoff.reason),
            summary: Some(&handoff.summary),
        },
        Ending::Goodbye | Ending::Silent | Ending::Exhausted | Ending::Shutdown => Note {
            reason_code: ending.name(),
            reason: None,
            summary: None,
        },
    };
    serde_json::to_string(&note).ok()
}

/// Whether the carrier was told to pass the caller to a person.
pub(super) fn is_asked(note: &str) -> bool {
    #[derive(Deserialize)]
    struct Code {
        #[serde(rename = "reasonCode")]
        reason_code: String,
    }
    serde_json::from_str::<Code>(note).is_ok_and(|note| note.reason_code == HANDED_OFF)
}

#[cfg(test)]
mod tests;
