//! Transcripts that Twilio says are there: their calls are brought in line, a few at a time.
//!
//! Nothing is lost with what finds no place here or fails: the outbox asks Twilio about every call.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use futures_util::stream::{self, StreamExt as _};
use tokio::sync::mpsc;
use voicera::ports::chain;
use voicera_transcripts::twilio::sync::{Patience, SyncError};
use voicera_transcripts::twilio::webhook::Notification;

use super::Findings;

/// How many transcripts wait to be asked for.
const QUEUE: usize = 256;

/// How many are asked for at the same time.
const AT_ONCE: usize = 4;

/// How many are remembered, so that hearing of one again does nothing.
const REMEMBERED: usize = 4096;

/// Takes notifications. Clones share what they remember.
#[derive(Clone, Debug)]
pub struct Notified {
    service_sid: String,
    waiting: mpsc::Sender<String>,
    known: Known,
}

/// What becomes of a notification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// Its transcript will be asked for.
    New,
    /// Its transcript was asked for, or is about to be.
    Again,
    /// It is of a service that nobody here knows.
    Foreign,
    /// Too many wait.
    Full,
}

/// Works on what was taken.
#[derive(Debug)]
pub(super) struct Syncing {
    findings: Arc<Findings>,
    waiting: mpsc::Receiver<String>,
    known: Known,
}

pub(super) fn of(findings: Arc<Findings>) -> (Notified, Syncing) {
    let (sender, receiver) = mpsc::channel(QUEUE);
    let known = Known::default();
    let notified = Notified {
        service_sid: findings.intelligence.service_sid.clone(),
        waiting: sender,
        known: known.clone(),
    };
    let syncing = Syncing {
        findings,
        waiting: receiver,
        known,
    };
    (notified, syncing)
}

impl Notified {
    pub fn take(&self, notification: &Notification) -> Taken {
        let transcript = &notification.transcript_sid;
        if notification.service_sid != self.service_sid {
            return Taken::Foreign;
        }
        if !self.known.remember(transcript) {
            return Taken::Again;
        }
        match self.waiting.try_send(transcript.clone()) {
            Ok(()) => Taken::New,
            Err(_) => {
                self.known.forget(transcript);
                Taken::Full
            }
        }
    }
}

impl Syncing {
    /// Works until nobody takes notifications any more.
    pub(super) async fn work(self) {
        let Self {
            findings,
            waiting,
            known,
        } = self;
        let waiting = stream::unfold(waiting, async |mut waiting| {
            let transcript = waiting.recv().await?;
            Some((transcript, waiting))
        });
        let sync = async |transcript: String| {
            let concluded = sync(&findings, &transcript).await.unwrap_or_else(|error| {
                let error = chain(&error);
                tracing::warn!(
                    error,
                    transcript.id = transcript,
                    "what Twilio has announced is not in the archive; the outbox asks again"
                );
                false
            });
            if !concluded {
                // Hearing of it again may do more.
                known.forget(&transcript);
            }
        };
        waiting.for_each_concurrent(AT_ONCE, sync).await;
    }
}

/// Answers whether nothing is left to be done.
async fn sync(findings: &Findings, transcript: &str) -> Result<bool, SyncError> {
    let Findings {
        intelligence,
        archive,
        sink,
    } = findings;
    let Some(call) = intelligence.call_of(transcript).await? else {
        tracing::info!(
            transcript.id = transcript,
            "Twilio does not say of which call this transcript is; the outbox asks for it"
        );
        return Ok(true);
    };
    let (archive, sink) = (&**archive, &**sink);
    let now = SystemTime::now();
    match intelligence
        .sync(archive, sink, &call, Patience::Wait, now)
        .await
    {
        Ok(synced) => Ok(synced.analysis.is_some()),
        // It was forgotten, or another server has taken it.
        Err(SyncError::NoCall(call)) => {
            tracing::info!(call.id = %call, "Twilio has a transcript of a call that is not kept here");
            Ok(true)
        }
        Err(error) => Err(error),
    }
}

/// The transcripts that were heard of last.
#[derive(Clone, Debug, Default)]
struct Known(Arc<Mutex<VecDeque<String>>>);

impl Known {
    /// Answers whether it is new.
    fn remember(&self, transcript: &str) -> bool {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.iter().any(|known| known == transcript) {
            return false;
        }
        if known.len() == REMEMBERED {
            known.pop_front();
        }
        known.push_back(transcript.to_owned());
        true
    }

    fn forget(&self, transcript: &str) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|known| known != transcript);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_heard_of_long_ago_is_new_again() {
        let known = Known::default();
        assert!(known.remember("GT0"));
        assert!(!known.remember("GT0"));
        for number in 1..=REMEMBERED {
            assert!(known.remember(&format!("GT{number}")));
        }
        assert_eq!(known.0.lock().unwrap().len(), REMEMBERED);
        assert!(known.remember("GT0"));
        known.forget("GT0");
        assert!(known.remember("GT0"));
    }
}
