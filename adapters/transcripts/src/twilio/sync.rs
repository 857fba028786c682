//! Brings what Twilio found out about a call into the archive.

use std::fmt;
use std::time::SystemTime;

use voicera::insight::{Analysis, Origin};
use voicera::ports::archive::{Archive, ArchiveError};
use voicera::ports::chain;
use voicera::ports::transcript_sink::{Entry, SinkError, TranscriptSink};
use voicera::words::CallId;

use super::results::{Classifier, Places, insights, merge};
use super::transcripts::{Sentence, Status};
use super::{ApiError, Client, provisioning, results, transcripts};
use crate::outbox::{Parcel, Subject};

/// A service of Conversational Intelligence that transcribes our calls.
#[derive(Clone, Debug)]
pub struct Intelligence {
    pub client: Client,
    /// `GA…`.
    pub service_sid: String,
    pub classifier: Classifier,
}

/// Whether to take what is there while more is to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Patience {
    /// Conclude only when nothing more is to come.
    Wait,
    /// Conclude with what is there, if there is anything.
    Take,
}

/// What Twilio has of a call.
#[derive(Clone, Debug, PartialEq)]
pub struct Synced {
    /// What was concluded; nothing when there was nothing to conclude yet.
    pub analysis: Option<Analysis>,
    /// The sessions of the call, in order.
    pub sessions: Vec<Session>,
}

/// What Twilio has of one session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// `VX…`.
    pub id: String,
    /// `GT…`.
    pub transcript: Option<String>,
    pub state: State,
    /// What Twilio heard; personal data.
    pub sentences: Vec<Sentence>,
}

/// How far Twilio is with a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// There is no transcript yet.
    NotThere,
    /// The transcript is being made; the status in Twilio's words.
    Running(String),
    /// The transcript is there, the results of these operators are not.
    Operators(Vec<String>),
    /// There will be no transcript; the status in Twilio's words.
    Failed(String),
    Complete,
}

/// Why a call cannot be brought in line with Twilio.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    #[error("the archive has no call {0}")]
    NoCall(CallId),
    #[error("the call {0} has no session of Twilio's relay")]
    NoSession(CallId),
    #[error("twilio's transcript cannot be fetched")]
    Twilio(#[from] ApiError),
    #[error("the call cannot be read")]
    Archive(#[from] ArchiveError),
    #[error("twilio's results cannot be kept")]
    Sink(#[from] SinkError),
}

/// How it went with a parcel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivery {
    Done,
    /// Once more, later.
    Later {
        trouble: String,
    },
    /// Trying again will not help.
    Dead {
        trouble: String,
    },
}

impl Intelligence {
    /// Fetches what Twilio found out about a call and concludes it.
    pub async fn sync(
        &self,
        archive: &dyn Archive,
        sink: &dyn TranscriptSink,
        call: &CallId,
        patience: Patience,
        now: SystemTime,
    ) -> Result<Synced, SyncError> {
        let entries = archive.call(call).await?.map(|kept| kept.entries);
        let entries = entries.ok_or_else(|| SyncError::NoCall(call.clone()))?;
        let ids = sessions(&entries);
        if ids.is_empty() {
            return Err(SyncError::NoSession(call.clone()));
        }
        let attached = provisioning::attached(&self.client, &self.service_sid).await?;
        let mut sessions = Vec::new();
        let mut found = None;
        for id in ids {
            let (session, more) = self.session(&entries, id, &attached).await?;
            sessions.push(session);
            found = match (found, more) {
                (Some(found), Some(more)) => Some(merge(found, more)),
                (found, more) => found.or(more),
            };
        }
        let waits = sessions.iter().any(|session| session.state.may_change());
        let found = found.filter(|_| !waits || patience == Patience::Take);
        let analysis = found.map(|insights| Analysis {
            origin: Origin::Carrier(self.service_sid.clone()),
            at: now,
            insights,
        });
        if let Some(analysis) = &analysis {
            sink.conclude(call, analysis).await?;
        }
        Ok(Synced { analysis, sessions })
    }

    /// The call that a transcript is of, where it is one of this service and Twilio says so.
    pub async fn call_of(&self, transcript_sid: &str) -> Result<Option<CallId>, ApiError> {
        let transcript = transcripts::fetch(&self.client, transcript_sid).await?;
        let ours = transcript.service_sid.as_ref() == Some(&self.service_sid);
        Ok(transcript.call_sid().filter(|_| ours).map(CallId::new))
    }

    /// Syncs the call of a parcel that says it is finished; there is nothing to do for others.
    pub async fn deliver(
        &self,
        archive: &dyn Archive,
        sink: &dyn TranscriptSink,
        parcel: &Parcel,
        now: SystemTime,
    ) -> Delivery {
        let Subject::Finished { call } = &parcel.subject else {
            return Delivery::Done;
        };
        let waited = now.duration_since(parcel.written).unwrap_or_default();
        let patience = match waited < self.client.settings().patience {
            true => Patience::Wait,
            false => Patience::Take,
        };
        match self.sync(archive, sink, call, patience, now).await {
            Ok(synced) => synced.delivery(patience),
            // It was forgotten meanwhile, or came from somewhere else.
            Err(SyncError::NoCall(_) | SyncError::NoSession(_)) => Delivery::Done,
            Err(error) => {
                let trouble = chain(&error);
                match error.may_pass() {
                    true => Delivery::Later { trouble },
                    false => Delivery::Dead { trouble },
                }
            }
        }
    }

    async fn session(
        &self,
        entries: &[Entry],
        id: &str,
        attached: &[String],
    ) -> Result<(Session, Option<voicera::insight::Insights>), ApiError> {
        let found = transcripts::find(&self.client, &self.service_sid, id).await?;
        let mut session = Session {
            id: id.to_owned(),
            transcript: found.as_ref().map(|transcript| transcript.sid.clone()),
            state: State::NotThere,
            sentences: Vec::new(),
        };
        let Some(transcript) = found else {
            return Ok((session, None));
        };
        match transcript.status {
            Status::Running(status) => session.state = State::Running(status),
            Status::Failed(status) => session.state = State::Failed(status),
            Status::Completed => {
                let sid = &transcript.sid;
                session.sentences = transcripts::sentences(&self.client, sid).await?;
                let results = results::fetch(&self.client, sid).await?;
                let missing: Vec<String> = attached
                    .iter()
                    .filter(|sid| results.iter().all(|result| result.operator_sid() != *sid))
                    .cloned()
                    .collect();
                session.state = match missing.is_empty() {
                    true => State::Complete,
                    false => State::Operators(missing),
                };
                let mut places = Places::of(entries, id);
                let found = insights(&results, &session.sentences, &mut places, &self.classifier);
                return Ok((session, Some(found)));
            }
        }
        Ok((session, None))
    }
}

impl Synced {
    fn delivery(&self, patience: Patience) -> Delivery {
        if self.analysis.is_some() {
            return Delivery::Done;
        }
        let states = self
            .sessions
            .iter()
            .filter(|session| session.state != State::Complete);
        let states: Vec<String> = states.map(Session::to_string).collect();
        let trouble = states.join("; ");
        let waits = self
            .sessions
            .iter()
            .any(|session| session.state.may_change());
        match waits && patience == Patience::Wait {
            true => Delivery::Later { trouble },
            false => Delivery::Dead { trouble },
        }
    }
}

impl fmt::Display for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let transcript = self.transcript.as_deref().unwrap_or_default();
        match &self.state {
            State::NotThere => write!(
                f,
                "twilio has no transcript of session {} yet; if it never has one, check that \
                 the calls are answered with this intelligence service",
                self.id
            ),
            State::Running(status) => write!(f, "twilio's transcript {transcript} is {status}"),
            State::Operators(missing) => write!(
                f,
                "twilio's transcript {transcript} lacks the results of {}",
                missing.join(", ")
            ),
            State::Failed(status) => {
                write!(
                    f,
                    "twilio's transcript {transcript} came to nothing: {status}"
                )
            }
            State::Complete => write!(f, "twilio's transcript {transcript} is complete"),
        }
    }
}

impl State {
    fn may_change(&self) -> bool {
        match self {
            Self::NotThere | Self::Running(_) | Self::Operators(_) => true,
            Self::Failed(_) | Self::Complete => false,
        }
    }
}

impl SyncError {
    fn may_pass(&self) -> bool {
        match self {
            Self::Twilio(error) => error.may_pass(),
            Self::Archive(ArchiveError::Unavailable(_)) => true,
            Self::Sink(SinkError::Unavailable(_)) => true,
            Self::NoCall(_)
            | Self::NoSession(_)
            | Self::Archive(ArchiveError::Damaged(_))
            | Self::Sink(SinkError::Refused(_)) => false,
        }
    }
}

/// The sessions of Twilio's relay in a call, in order.
fn sessions(entries: &[Entry]) -> Vec<&str> {
    let mut sessions = Vec::new();
    for session in entries
        .iter()
        .filter_map(|entry| entry.call.session.as_deref())
    {
        if session.starts_with("VX") && !sessions.contains(&session) {
            sessions.push(session);
        }
    }
    sessions
}

#[cfg(test)]
mod tests;
