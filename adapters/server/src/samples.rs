//! Calls to test with.

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use voicera::digest::Digest;
use voicera::insight::Origin;
use voicera::ports::archive::{ArchiveError, Transcript, Wanted, Which};
use voicera::ports::transcript_sink::{CallerKind, CallerLine, Content, Entry};
use voicera::ports::{Archive, TranscriptSink as _};
use voicera::testing::archive::{Shelf, analysis};
use voicera::testing::transcript_sink::call;
use voicera::words::{Call, CallId};
use voicera_transcripts::outbox::{Claim, Outbox, Outcome, Parcel, State, Subject};

/// An archive with a call that has ended and was analysed by the operators and by a model, `CA1`,
/// and one of another caller, a day later, that goes on, `CA2`.
pub(crate) async fn shelf() -> Arc<Shelf> {
    let shelf = Shelf::default();
    for entry in call("CA1") {
        shelf.append(&entry).await.unwrap();
    }
    let id = CallId::new("CA1");
    for origin in [Origin::Operators, Origin::Model("a/model".to_owned())] {
        shelf.conclude(&id, &analysis(origin)).await.unwrap();
    }
    for entry in open("CA2") {
        shelf.append(&entry).await.unwrap();
    }
    Arc::new(shelf)
}

/// A call that goes on.
pub(crate) fn open(id: &str) -> Vec<Entry> {
    let entries = call(id);
    let started = entries[0].call.started + Duration::from_secs(24 * 3600);
    let call = Arc::new(Call {
        from: Some("+442079460958".to_owned()),
        started,
        ..Call::clone(&entries[0].call)
    });
    let asked = Content::Caller(CallerLine {
        text: "Is anybody there?".to_owned(),
        language: None,
        kind: CallerKind::Asked,
    });
    let mut entries: Vec<_> = entries.into_iter().take(2).collect();
    entries[1].content = asked;
    for entry in &mut entries {
        entry.call = Arc::clone(&call);
    }
    entries
}

/// A call with one question, which the documents do not answer.
pub(crate) fn unanswered(id: &str, question: &str) -> Vec<Entry> {
    let mut entries = call(id);
    if let Content::Caller(line) = &mut entries[1].content {
        line.text = question.to_owned();
    }
    if let Content::Agent(line) = &mut entries[2].content {
        line.heard = "I'm sorry, I don't have that information.".to_owned();
        line.planned.clone_from(&line.heard);
        line.sources.clear();
        line.interrupted = false;
    }
    entries
}

/// An archive that answers nothing.
#[derive(Debug)]
pub(crate) struct Faulty(pub(crate) fn(std::io::Error) -> ArchiveError);

impl Faulty {
    pub(crate) fn unavailable() -> Arc<Self> {
        Arc::new(Self(|cause| ArchiveError::Unavailable(cause.into())))
    }

    pub(crate) fn damaged() -> Arc<Self> {
        Arc::new(Self(|cause| ArchiveError::Damaged(cause.into())))
    }

    fn fault<T>(&self) -> Result<T, ArchiveError> {
        Err((self.0)(std::io::Error::other("/secret/path is gone")))
    }
}

#[async_trait]
impl Archive for Faulty {
    async fn calls(&self, _: &Wanted) -> Result<Vec<Digest>, ArchiveError> {
        self.fault()
    }

    async fn call(&self, _: &CallId) -> Result<Option<Transcript>, ArchiveError> {
        self.fault()
    }

    async fn forget(&self, _: &Which) -> Result<u64, ArchiveError> {
        self.fault()
    }
}

#[async_trait]
impl Outbox for Faulty {
    async fn claim(&self, _: &Claim) -> Result<Vec<Parcel>, ArchiveError> {
        self.fault()
    }

    async fn settle(&self, _: &Parcel, _: &Outcome) -> Result<(), ArchiveError> {
        self.fault()
    }

    async fn parcels(&self, _: Option<State>, _: usize) -> Result<Vec<Parcel>, ArchiveError> {
        self.fault()
    }

    async fn retry(&self, _: Option<&str>) -> Result<u64, ArchiveError> {
        self.fault()
    }

    async fn waiting(&self) -> Result<Vec<(String, u64)>, ArchiveError> {
        self.fault()
    }

    async fn give_up(&self, _: &str, _: &str) -> Result<u64, ArchiveError> {
        self.fault()
    }

    async fn discard(&self, _: &str) -> Result<u64, ArchiveError> {
        self.fault()
    }
}

/// Parcels that nobody fetches.
#[derive(Debug)]
pub(crate) struct Tray(Mutex<Vec<Parcel>>);

impl Tray {
    /// One that waits and one that was given up.
    pub(crate) fn with_two() -> Arc<Self> {
        let at =
            |seconds: u64| SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_300_000 + seconds);
        let call = CallId::new("CA1");
        let dead = Parcel {
            id: "call:CA1:4".to_owned(),
            destination: "https://crm.example.com/calls".to_owned(),
            subject: Subject::Finished { call: call.clone() },
            state: State::Dead,
            attempts: 12,
            written: at(10),
            due: at(86_400),
            trouble: Some("it answers 410: the hook was removed".to_owned()),
        };
        let waiting = Parcel {
            id: "analysis:CA1:model:1795300000123".to_owned(),
            destination: "twilio".to_owned(),
            subject: Subject::Analysed {
                call,
                origin: "model".to_owned(),
            },
            state: State::Waiting,
            attempts: 0,
            written: at(20),
            due: at(20),
            trouble: None,
        };
        Arc::new(Self(Mutex::new(vec![dead, waiting])))
    }
}

#[async_trait]
impl Outbox for Tray {
    async fn claim(&self, _: &Claim) -> Result<Vec<Parcel>, ArchiveError> {
        Ok(Vec::new())
    }

    async fn settle(&self, _: &Parcel, _: &Outcome) -> Result<(), ArchiveError> {
        Ok(())
    }

    async fn parcels(
        &self,
        state: Option<State>,
        limit: usize,
    ) -> Result<Vec<Parcel>, ArchiveError> {
        let parcels = self.0.lock().unwrap();
        let wanted = parcels
            .iter()
            .filter(|p| state.is_none_or(|state| p.state == state));
        Ok(wanted.take(limit).cloned().collect())
    }

    async fn retry(&self, id: Option<&str>) -> Result<u64, ArchiveError> {
        let mut parcels = self.0.lock().unwrap();
        let dead = parcels
            .iter_mut()
            .filter(|parcel| parcel.state == State::Dead && id.is_none_or(|id| parcel.id == id));
        let mut retried = 0;
        for parcel in dead {
            parcel.state = State::Waiting;
            retried += 1;
        }
        Ok(retried)
    }

    async fn waiting(&self) -> Result<Vec<(String, u64)>, ArchiveError> {
        Ok(Vec::new())
    }

    async fn give_up(&self, _: &str, _: &str) -> Result<u64, ArchiveError> {
        Ok(0)
    }

    async fn discard(&self, destination: &str) -> Result<u64, ArchiveError> {
        let mut parcels = self.0.lock().unwrap();
        let before = parcels.len();
        parcels
            .retain(|parcel| parcel.state == State::Waiting || parcel.destination != destination);
        Ok((before - parcels.len()) as u64)
    }
}
