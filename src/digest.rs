//! What a call amounts to: a row in a list, and what is added up over many calls.

use std::sync::Arc;
use std::time::Duration;

use crate::insight::{Analysis, Mood, Origin};
use crate::ports::language_model::Usage;
use crate::ports::transcript_sink::{AgentKind, AgentLine, Content, EndedLine, Entry};
use crate::words::Call;

pub mod price;

pub mod totals;

/// A call in a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Digest {
    /// As its first session began.
    pub call: Arc<Call>,
    /// How its last session ended, with the turns and the duration of the whole call. `None`: it
    /// goes on, or the process was killed in it.
    pub ended: Option<EndedLine>,
    /// What the caller waited for in each turn, in order: from the end of the utterance to the
    /// first words.
    pub waits: Vec<Duration>,
    /// How many replies the caller interrupted.
    pub interruptions: u32,
    /// How often the agent could only say that it is sorry.
    pub apologies: u32,
    /// What each model cost, added up.
    pub usage: Vec<Usage>,
    /// What the analyses say, as far as a list shows it.
    pub findings: Findings,
}

/// The findings that a list shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Findings {
    pub sentiment: Option<Mood>,
    pub escalated: bool,
    pub services: Vec<String>,
    pub summary: Option<String>,
}

impl Digest {
    /// From the entries of a call in order. `None` without entries.
    pub fn of(entries: &[Entry], analyses: &[Analysis]) -> Option<Self> {
        let mut digest = Self {
            call: Arc::clone(&entries.first()?.call),
            ended: None,
            waits: Vec::new(),
            interruptions: 0,
            apologies: 0,
            usage: Vec::new(),
            findings: Findings::of(analyses),
        };
        for entry in entries {
            match &entry.content {
                // A session that follows an ending continues the call.
                Content::Started => digest.ended = None,
                Content::Caller(_) => {}
                Content::Agent(line) => digest.count(line),
                Content::Ended(line) => digest.ended = Some(line.clone()),
            }
        }
        Some(digest)
    }

    fn count(&mut self, line: &AgentLine) {
        match line.kind {
            AgentKind::Reply | AgentKind::Apology => self.waits.extend(line.latency.first_words),
            // Nobody asked, so nobody waited.
            AgentKind::Greeting | AgentKind::Nudge | AgentKind::Farewell => {}
        }
        self.interruptions += u32::from(line.interrupted);
        self.apologies += u32::from(line.kind == AgentKind::Apology);
        for usage in &line.usage {
            self.pay(usage);
        }
    }

    fn pay(&mut self, usage: &Usage) {
        let known = self
            .usage
            .iter_mut()
            .find(|known| known.model == usage.model);
        let Some(known) = known else {
            return self.usage.push(usage.clone());
        };
        for (sum, more) in [
            (&mut known.prompt_tokens, usage.prompt_tokens),
            (&mut known.cached_tokens, usage.cached_tokens),
            (&mut known.reply_tokens, usage.reply_tokens),
        ] {
            if let Some(more) = more {
                *sum = Some(sum.unwrap_or(0).saturating_add(more));
            }
        }
    }
}

impl Findings {
    /// Where several origins answer, the model is believed before the operators, and the operators
    /// before the carrier.
    pub fn of(analyses: &[Analysis]) -> Self {
        let mut ranked: Vec<_> = analyses.iter().collect();
        ranked.sort_by_key(|analysis| match analysis.origin {
            Origin::Model(_) => 0,
            Origin::Operators => 1,
            Origin::Carrier(_) => 2,
        });
        let insights = || ranked.iter().map(|analysis| &analysis.insights);
        let escalation = insights().find_map(|found| found.escalation.as_ref());
        let services = insights().find_map(|found| found.services.as_ref());
        let services = services.into_iter().flatten();
        Self {
            sentiment: insights().find_map(|found| Some(found.sentiment.as_ref()?.overall)),
            escalated: escalation.is_some_and(|escalation| escalation.detected),
            services: services.map(|service| service.label.clone()).collect(),
            summary: insights().find_map(|found| found.summary.clone()),
        }
    }
}

#[cfg(test)]
mod tests;
