//! Knows which entries come again, because they could not be kept the first time.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use voicera::ports::transcript_sink::{Entry, SinkError};
use voicera::words::CallId;

/// The most sessions that are remembered. An archive that fails under more calls than that leaves
/// repetitions.
const SESSIONS: usize = 10_000;

/// The last entry of each session, where the sink that counts did not keep it: it is going to be
/// appended again, and who heard of it need not hear of it twice.
#[derive(Debug, Default)]
pub struct Unkept(Mutex<HashMap<Session, u32>>);

type Session = (CallId, Option<String>);

impl Unkept {
    pub fn is_repetition(&self, entry: &Entry) -> bool {
        let unkept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        !unkept.is_empty() && unkept.get(&session(entry)) == Some(&entry.sequence)
    }

    /// Takes note of what became of an entry.
    pub fn note(&self, entry: &Entry, outcome: &Result<(), SinkError>) {
        let mut unkept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if outcome.is_err() {
            if unkept.len() >= SESSIONS {
                unkept.clear();
            }
            unkept.insert(session(entry), entry.sequence);
        } else if !unkept.is_empty() {
            unkept.remove(&session(entry));
        }
    }
}

fn session(entry: &Entry) -> Session {
    (entry.call.id.clone(), entry.call.session.clone())
}
