//! What is posted.

use serde::Serialize;
use voicera::digest::Digest;
use voicera::insight::Analysis;
use voicera::ports::archive::Transcript;

use crate::outbox::{Parcel, Subject};
use crate::record::Record;
use crate::record::analysis::AnalysisRecord;
use crate::record::time::rfc3339;

/// The id of an event as a header takes it, and without full stops, which separate what is signed.
pub(super) fn id(parcel: &Parcel) -> String {
    let mut id = String::with_capacity(parcel.id.len());
    for byte in parcel.id.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b':' | b'-' | b'_' => id.push(byte.into()),
            _ => id.push_str(&format!("%{byte:02X}")),
        }
    }
    id
}

/// `None`: what the event is about was forgotten.
pub(super) fn of(
    id: &str,
    parcel: &Parcel,
    transcript: &Transcript,
) -> serde_json::Result<Option<Vec<u8>>> {
    let Some(digest) = Digest::of(&transcript.entries, &transcript.analyses) else {
        return Ok(None);
    };
    let Some(data) = Data::of(&parcel.subject, transcript, &digest) else {
        return Ok(None);
    };
    let body = Body {
        id,
        kind: match parcel.subject {
            Subject::Entry { .. } => "entry",
            Subject::Finished { .. } => "call.finished",
            Subject::Analysed { .. } => "call.analysed",
        },
        created: rfc3339(parcel.written),
        data,
    };
    serde_json::to_vec(&body).map(Some)
}

#[derive(Serialize)]
struct Body<'a> {
    id: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    created: String,
    data: Data<'a>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Data<'a> {
    Entry(Box<Record<'a>>),
    Finished {
        call: Box<DigestRecord<'a>>,
        entries: Vec<Record<'a>>,
        analyses: Vec<AnalysisRecord>,
    },
    Analysed {
        call: &'a str,
        analysis: Box<AnalysisRecord>,
    },
}

impl<'a> Data<'a> {
    fn of(subject: &'a Subject, transcript: &'a Transcript, digest: &'a Digest) -> Option<Self> {
        let Transcript { entries, analyses } = transcript;
        match subject {
            Subject::Entry {
                session, sequence, ..
            } => {
                let mut entries = entries.iter();
                let entry = entries
                    .find(|entry| entry.call.session == *session && entry.sequence == *sequence)?;
                Some(Self::Entry(Box::new(Record::of(entry))))
            }
            Subject::Finished { .. } => Some(Self::Finished {
                call: Box::new(DigestRecord::of(digest)),
                entries: entries.iter().map(Record::of).collect(),
                analyses: analyses.iter().map(AnalysisRecord::of).collect(),
            }),
            Subject::Analysed { call, origin } => {
                let mut analyses = analyses.iter();
                let wanted = |analysis: &&Analysis| analysis.origin.name() == origin;
                let analysis = analyses.find(wanted)?;
                Some(Self::Analysed {
                    call: call.as_str(),
                    analysis: Box::new(AnalysisRecord::of(analysis)),
                })
            }
        }
    }
}

/// What a call amounts to, beyond what its entries say one by one.
#[derive(Serialize)]
struct DigestRecord<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<&'a str>,
    started: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    ending: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    turns: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration_ms: Option<u128>,
    interruptions: u32,
    apologies: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    sentiment: Option<&'static str>,
    escalated: bool,
    services: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<&'a str>,
}

impl<'a> DigestRecord<'a> {
    fn of(digest: &'a Digest) -> Self {
        let Digest {
            call,
            ended,
            findings,
            ..
        } = digest;
        let ended = ended.as_ref();
        Self {
            id: call.id.as_str(),
            session: call.session.as_deref(),
            from: call.from.as_deref(),
            to: call.to.as_deref(),
            started: rfc3339(call.started),
            ending: ended.map(|ended| ended.ending.name()),
            turns: ended.map(|ended| ended.turns),
            duration_ms: ended.map(|ended| ended.duration.as_millis()),
            interruptions: digest.interruptions,
            apologies: digest.apologies,
            sentiment: findings.sentiment.map(|mood| mood.name()),
            escalated: findings.escalated,
            services: &findings.services,
            summary: findings.summary.as_deref(),
        }
    }
}
