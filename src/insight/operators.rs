//! Computes what a call tells from its entries alone: no clock, no network, no model.

use super::entities::{self, Gazetteer, Recogniser};
use super::introduction::Introduction;
use super::lines::{Spoken, spoken};
use super::patterns::Patterns;
use super::sentiment::Feelings;
use super::services::{Classifier, PhraseSet};
use super::stems::Stems;
use super::summary::Material;
use super::{Detection, Insights, Place, escalation, summary, transfer};
use crate::ports::transcript_sink::{AgentKind, Content, Entry};
use crate::words::{Ending, Language, Speaker};

/// What the operators know of the company before any call.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// What the agent is called; it introduces itself by it. May be empty.
    pub agent: Vec<String>,
    /// What the company is called. May be empty.
    pub company: Vec<String>,
    /// What is spoken in calls, the main language first: words lose their endings by them.
    pub languages: Vec<Language>,
    /// The services a caller may be interested in.
    pub services: Vec<PhraseSet>,
    /// What the agent says where the documents have no answer, in every language.
    pub fallback: Vec<String>,
    /// The names in the documents.
    pub names: Gazetteer,
}

impl Default for Settings {
    /// English, the phrase sets of the sample company, and nobody's name.
    fn default() -> Self {
        Self {
            agent: Vec::new(),
            company: Vec::new(),
            languages: vec![Language::default()],
            services: PhraseSet::sample(),
            fallback: vec!["I'm sorry, I don't have that information.".to_owned()],
            names: Gazetteer::default(),
        }
    }
}

/// All operators, made ready once for all calls.
#[derive(Debug)]
pub struct Operators {
    escalation: Patterns,
    introduction: Introduction,
    transfer: Patterns,
    feelings: Feelings,
    services: Classifier,
    stems: Stems,
    settings: Settings,
    recogniser: Recogniser,
}

/// How sure the operators are that they found what they found, and that nothing is there: about
/// as often as they are right on lines labelled by hand.
const FOUND: f32 = 0.9;
const FOUND_AGAIN: f32 = 0.95;
const NOT_FOUND: f32 = 0.9;

impl Operators {
    pub fn new(settings: Settings) -> Self {
        let stems = Stems::new(&settings.languages);
        Self {
            escalation: escalation::patterns(),
            introduction: Introduction::new(&settings.agent, &settings.company),
            transfer: transfer::patterns(),
            feelings: Feelings::new(),
            services: Classifier::new(&settings.services, &stems),
            stems,
            recogniser: Recogniser::new(&settings.names),
            settings,
        }
    }

    /// What the entries of a call tell, in the order they were kept.
    pub fn analyse(&self, entries: &[Entry]) -> Insights {
        let lines = spoken(entries);
        let escalation = self.escalation.places(&lines, Speaker::Caller);
        let passed_on = self.transfer.places(&lines, Speaker::Agent);
        let aside = escalation.iter().chain(&passed_on);
        let aside: Vec<usize> = aside.map(|place| place.entry).collect();
        let material = Material {
            entries,
            lines: &lines,
            aside: &aside,
            stems: &self.stems,
            settings: &self.settings,
        };
        Insights {
            summary: Some(summary::summary(&material)),
            escalation: Some(detection(escalation)),
            introduction: Some(detection(self.introduction.places(&lines))),
            transfer: Some(transfer(passed_on, entries, &lines)),
            entities: Some(entities::entities(entries, &self.recogniser)),
            sentiment: Some(self.feelings.sentiment(&lines)),
            services: Some(self.services.services(&lines, &self.stems)),
        }
    }
}

fn transfer(said: Vec<Place>, entries: &[Entry], lines: &[Spoken<'_>]) -> Detection {
    let Some(farewell) = handed_off(entries) else {
        return detection(said);
    };
    // The call was passed on, whatever was said about it.
    let farewell = lines.iter().find(|line| line.entry == farewell);
    Detection {
        detected: true,
        confidence: 1.0,
        evidence: match said.is_empty() {
            true => farewell.map(Spoken::whole).into_iter().collect(),
            false => said,
        },
    }
}

/// Where the agent takes its leave before a call is passed on, or where the call is.
fn handed_off(entries: &[Entry]) -> Option<usize> {
    let ended = entries.iter().rposition(|entry| match &entry.content {
        Content::Ended(line) => matches!(line.ending, Ending::HandedOff(_)),
        Content::Started | Content::Caller(_) | Content::Agent(_) => false,
    })?;
    let before = entries.get(..ended).unwrap_or_default();
    let farewell = before.iter().rposition(|entry| match &entry.content {
        Content::Agent(line) => line.kind == AgentKind::Farewell,
        Content::Started | Content::Caller(_) | Content::Ended(_) => false,
    });
    Some(farewell.unwrap_or(ended))
}

fn detection(evidence: Vec<Place>) -> Detection {
    Detection {
        detected: !evidence.is_empty(),
        confidence: match evidence.len() {
            0 => NOT_FOUND,
            1 => FOUND,
            _ => FOUND_AGAIN,
        },
        evidence,
    }
}

#[cfg(test)]
mod tests;
