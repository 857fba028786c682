use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard};

use async_trait::async_trait;

use crate::digest::Digest;
use crate::insight::{Analysis, Origin};
use crate::ports::archive::{ArchiveError, State, Transcript, Wanted, Which};
use crate::ports::transcript_sink::{Content, Entry, SinkError};
use crate::ports::{Archive, TranscriptSink};
use crate::words::CallId;

/// An archive in memory that insists on the order that the contract promises to sinks.
#[derive(Clone, Debug, Default)]
pub struct Shelf {
    calls: Arc<Mutex<Vec<Kept>>>,
}

#[derive(Debug)]
struct Kept {
    id: CallId,
    sessions: Vec<Vec<Entry>>,
    analyses: Vec<Analysis>,
    /// How many entries the operators have looked at.
    analysed: usize,
}

impl Shelf {
    fn calls(&self) -> MutexGuard<'_, Vec<Kept>> {
        self.calls.lock().unwrap()
    }
}

#[async_trait]
impl TranscriptSink for Shelf {
    async fn append(&self, entry: &Entry) -> Result<(), SinkError> {
        let mut calls = self.calls();
        let place = calls.iter().position(|kept| kept.id == entry.call.id);
        let place = place.unwrap_or_else(|| {
            calls.push(Kept {
                id: entry.call.id.clone(),
                sessions: Vec::new(),
                analyses: Vec::new(),
                analysed: 0,
            });
            calls.len() - 1
        });
        calls[place].append(entry);
        Ok(())
    }

    async fn conclude(&self, call: &CallId, analysis: &Analysis) -> Result<(), SinkError> {
        let mut calls = self.calls();
        let Some(kept) = calls.iter_mut().find(|kept| kept.id == *call) else {
            return Err(SinkError::Refused(format!("no call {call}").into()));
        };
        assert!(kept.has_ended(), "{call} is analysed before its ending");
        if analysis.origin == Origin::Operators {
            kept.analysed = kept.entries().count();
        }
        let name = analysis.origin.name();
        kept.analyses.retain(|known| known.origin.name() != name);
        kept.analyses.push(analysis.clone());
        Ok(())
    }
}

#[async_trait]
impl Archive for Shelf {
    async fn calls(&self, wanted: &Wanted) -> Result<Vec<Digest>, ArchiveError> {
        let calls = self.calls();
        let found = calls.iter().filter(|kept| kept.is(wanted));
        let mut found: Vec<_> = found.map(Kept::digest).collect();
        found.sort_by(|one, other| place(other).cmp(&place(one)));
        found.truncate(wanted.limit);
        Ok(found)
    }

    async fn call(&self, id: &CallId) -> Result<Option<Transcript>, ArchiveError> {
        let calls = self.calls();
        let kept = calls.iter().find(|kept| kept.id == *id);
        Ok(kept.map(|kept| Transcript {
            entries: kept.entries().cloned().collect(),
            analyses: kept.analyses.clone(),
        }))
    }

    async fn forget(&self, which: &Which) -> Result<u64, ArchiveError> {
        let mut calls = self.calls();
        let before = calls.len();
        calls.retain(|kept| {
            let call = kept.digest().call;
            let named = match which {
                Which::Before(time) => call.started < *time,
                Which::Caller(number) => call.from.as_ref() == Some(number),
                Which::Call(id) => call.id == *id,
            };
            !(named && kept.has_ended())
        });
        Ok((before - calls.len()) as u64)
    }
}

impl Kept {
    fn append(&mut self, entry: &Entry) {
        let place = self.sessions.iter().position(|session| {
            let call = session.first().map(|first| &first.call);
            call.is_some_and(|call| call.session == entry.call.session)
        });
        let place = place.unwrap_or_else(|| {
            self.sessions.push(Vec::new());
            self.sessions.len() - 1
        });
        let session = &mut self.sessions[place];
        if let Some(known) = session.get(entry.sequence as usize) {
            assert_eq!(known, entry, "two entries have one name");
            return;
        }
        assert_eq!(
            entry.sequence as usize,
            session.len(),
            "an entry is missing"
        );
        assert_eq!(
            entry.sequence == 0,
            entry.content == Content::Started,
            "a session begins with its start, and only once"
        );
        let ended = session.last().is_some_and(is_ending);
        assert!(!ended, "an entry after the ending: {entry:?}");
        session.push(entry.clone());
    }

    fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.sessions.iter().flatten()
    }

    fn has_ended(&self) -> bool {
        self.entries().last().is_some_and(is_ending)
    }

    fn digest(&self) -> Digest {
        let entries: Vec<_> = self.entries().cloned().collect();
        Digest::of(&entries, &self.analyses).unwrap()
    }

    fn is(&self, wanted: &Wanted) -> bool {
        let digest = self.digest();
        let state = match wanted.state {
            State::Any => true,
            State::Open => !self.has_ended(),
            State::Unanalysed => self.has_ended() && self.analysed < self.entries().count(),
        };
        let ending = digest.ended.as_ref().map(|line| line.ending.name());
        let after = wanted.after.as_ref();
        let text = wanted.text.as_ref();
        state
            && wanted
                .since
                .is_none_or(|since| digest.call.started >= since)
            && wanted.until.is_none_or(|until| digest.call.started < until)
            && text.is_none_or(|text| words(text).is_subset(&self.words()))
            && (wanted.caller.is_none() || digest.call.from == wanted.caller)
            && (wanted.sentiment.is_none() || digest.findings.sentiment == wanted.sentiment)
            && (wanted.service.iter()).all(|label| digest.findings.services.contains(label))
            && (wanted.ending.is_none() || ending == wanted.ending.as_deref())
            && after.is_none_or(|after| place(&digest) < (after.started, &after.call))
    }

    fn words(&self) -> BTreeSet<String> {
        let said = self.entries().filter_map(Entry::said);
        said.flat_map(|(_, text)| words(text)).collect()
    }
}

/// The words of a text, without the endings that a word of the suite has in another form.
fn words(text: &str) -> BTreeSet<String> {
    let words = text.split(|character: char| !character.is_alphanumeric());
    let words = words.filter(|word| !word.is_empty()).map(str::to_lowercase);
    words
        .map(|word| {
            let mut end = word.len();
            for ending in ["s", "ped"] {
                end = word.strip_suffix(ending).map_or(end, str::len);
            }
            word[..end].to_owned()
        })
        .collect()
}

fn place(digest: &Digest) -> (std::time::SystemTime, &CallId) {
    (digest.call.started, &digest.call.id)
}

fn is_ending(entry: &Entry) -> bool {
    matches!(entry.content, Content::Ended(_))
}
