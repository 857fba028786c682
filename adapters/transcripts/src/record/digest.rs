//! The format of a digest, as archives keep it so that a list need not read whole calls. It is
//! theirs alone, and can be made again from the entries.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use voicera::digest::{Digest, Findings};
use voicera::words::{Call, CallId};

use super::analysis::Mood;
use super::{Ended, Unreadable, Usage, time};

/// A digest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct DigestRecord<'a> {
    call: Cow<'a, str>,
    session: Option<Cow<'a, str>>,
    from: Option<Cow<'a, str>>,
    to: Option<Cow<'a, str>>,
    started: String,
    parameters: Cow<'a, BTreeMap<String, String>>,
    ending: Option<Ended<'a>>,
    waits_ms: Vec<f64>,
    interruptions: u32,
    apologies: u32,
    usage: Vec<Usage<'a>>,
    sentiment: Option<Mood>,
    escalated: bool,
    services: Cow<'a, [String]>,
    summary: Option<Cow<'a, str>>,
}

impl<'a> DigestRecord<'a> {
    pub(crate) fn of(digest: &'a Digest) -> Self {
        let Digest { call, findings, .. } = digest;
        let waits = digest.waits.iter().copied();
        Self {
            call: call.id.as_str().into(),
            session: call.session.as_deref().map(Cow::from),
            from: call.from.as_deref().map(Cow::from),
            to: call.to.as_deref().map(Cow::from),
            started: time::rfc3339(call.started),
            parameters: Cow::Borrowed(&call.parameters),
            ending: digest.ended.as_ref().map(Ended::of),
            waits_ms: waits.map(time::milliseconds).collect(),
            interruptions: digest.interruptions,
            apologies: digest.apologies,
            usage: digest.usage.iter().map(Usage::of).collect(),
            sentiment: findings.sentiment.map(Mood::from),
            escalated: findings.escalated,
            services: findings.services.as_slice().into(),
            summary: findings.summary.as_deref().map(Cow::from),
        }
    }

    pub(crate) fn digest(self) -> Result<Digest, Unreadable> {
        let waits = self.waits_ms.into_iter().map(time::duration);
        Ok(Digest {
            call: Arc::new(Call {
                id: CallId::new(&self.call),
                session: self.session.map(Cow::into_owned),
                from: self.from.map(Cow::into_owned),
                to: self.to.map(Cow::into_owned),
                started: time::parse(&self.started)?,
                parameters: self.parameters.into_owned(),
            }),
            ended: self.ending.map(Ended::ended).transpose()?,
            waits: waits.collect(),
            interruptions: self.interruptions,
            apologies: self.apologies,
            usage: self.usage.into_iter().map(Usage::usage).collect(),
            findings: Findings {
                sentiment: self.sentiment.map(Into::into),
                escalated: self.escalated,
                services: self.services.into_owned(),
                summary: self.summary.map(Cow::into_owned),
            },
        })
    }
}

#[cfg(test)]
mod tests;
