//! The transcript that Twilio made of a session, and its sentences.

use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::{ApiError, Client};

/// A transcript of one session of a call.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Transcript {
    /// `GT…`.
    pub sid: String,
    /// `GA…`.
    pub service_sid: Option<String>,
    pub status: Status,
    pub date_created: Option<String>,
    #[serde(default)]
    channel: Value,
}

/// How far Twilio is with a transcript.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// In Twilio's words: new, queued, in-progress.
    Running(String),
    Completed,
    /// In Twilio's words: failed, canceled, error.
    Failed(String),
}

impl<'de> Deserialize<'de> for Status {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Ok(match name.as_str() {
            "completed" => Self::Completed,
            "failed" | "canceled" | "error" => Self::Failed(name),
            _ => Self::Running(name),
        })
    }
}

/// One sentence of a transcript. What it says is personal data.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Sentence {
    /// By default 1 is the agent's, 2 the caller's.
    pub media_channel: Option<i64>,
    pub sentence_index: Option<i64>,
    pub transcript: Option<String>,
}

impl Transcript {
    /// What it was made of: the session of the relay, `VX…`, or a recording, `RE…`.
    pub fn source_sid(&self) -> Option<&str> {
        self.media("source_sid")?.as_str()
    }

    /// The call, where Twilio says so.
    pub fn call_sid(&self) -> Option<&str> {
        self.media("reference_sids")?.get("call_sid")?.as_str()
    }

    fn media(&self, name: &str) -> Option<&Value> {
        self.channel.get("media_properties")?.get(name)
    }
}

/// The transcript that a service made of a session. Where there are several, the one that is
/// furthest counts, then the newest.
pub async fn find(
    client: &Client,
    service_sid: &str,
    session: &str,
) -> Result<Option<Transcript>, ApiError> {
    let mut url = client.intelligence(&["Transcripts"]);
    url.query_pairs_mut()
        .append_pair("ServiceSid", service_sid)
        .append_pair("SourceSid", session);
    let found: Vec<Transcript> = client.list(url, "transcripts").await?;
    // Never somebody else's words, should the question be misunderstood.
    let ours = found.into_iter().filter(|transcript| {
        let source = transcript.source_sid();
        transcript.service_sid.as_deref() == Some(service_sid)
            && source.is_none_or(|source| source == session)
    });
    Ok(ours.max_by_key(|transcript| {
        let progress = match transcript.status {
            Status::Failed(_) => 0,
            Status::Running(_) => 1,
            Status::Completed => 2,
        };
        (progress, transcript.date_created.clone())
    }))
}

/// One transcript, by its id.
pub async fn fetch(client: &Client, sid: &str) -> Result<Transcript, ApiError> {
    client.get(client.intelligence(&["Transcripts", sid])).await
}

/// The sentences of a transcript, in order; redacted where the service redacts.
pub async fn sentences(client: &Client, sid: &str) -> Result<Vec<Sentence>, ApiError> {
    let url = client.intelligence(&["Transcripts", sid, "Sentences"]);
    let mut sentences: Vec<Sentence> = client.list(url, "sentences").await?;
    sentences.sort_by_key(|sentence| sentence.sentence_index);
    Ok(sentences)
}
