//! The contract of [`TranscriptSink`] as a suite, and a fake.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use async_trait::async_trait;

use crate::ports::TranscriptSink;
use crate::ports::language_model::Usage;
use crate::ports::retriever::{Outcome, Search, Source, Span};
use crate::ports::transcript_sink::{
    AgentKind, AgentLine, Basis, CallerKind, CallerLine, Content, EndedLine, Entry, Evidence,
    Latency, SinkError,
};
use crate::words::{Call, CallId, Ending, Handoff, Language, Turn};

/// Appends a whole call and answers its entries, so that the test can read back what was kept.
///
/// # Panics
///
/// When an entry is not taken.
pub async fn conforms(sink: &dyn TranscriptSink) -> Vec<Entry> {
    let entries = call("CA-conforms");
    for entry in &entries {
        if let Err(error) = sink.append(entry).await {
            panic!("entry {} is not taken: {error}", entry.sequence);
        }
    }
    entries
}

/// A call that uses every field of every entry, some with text that is hard to keep.
pub fn call(id: &str) -> Vec<Entry> {
    let call = Arc::new(Call {
        id: CallId::new(id),
        session: Some("VX-1".to_owned()),
        from: Some("+14155550100".to_owned()),
        to: Some("+14155550199".to_owned()),
        started: SystemTime::UNIX_EPOCH + Duration::from_millis(1_795_300_000_123),
        parameters: BTreeMap::from([("tenant".to_owned(), "acme \"&\" co".to_owned())]),
    });
    let asked = CallerLine {
        text: "how long,\nto 洛杉矶? \u{1F6A2} \"quoted\" \\ \u{2028}".to_owned(),
        language: Some(Language::new("en-US")),
        kind: CallerKind::Asked,
    };
    let said = AgentLine {
        kind: AgentKind::Reply,
        planned: "It takes **18** to 20 days. Anything else?".to_owned(),
        heard: "It takes **18** to 20 days.".to_owned(),
        interrupted: true,
        basis: Basis::Reported,
        sources: vec![Evidence {
            turn: Turn(1),
            passage: "p-1".to_owned(),
            source: Source {
                document: "ocean-freight.md".to_owned(),
                headings: vec!["Transit times".to_owned()],
                span: Some(Span {
                    start: 120,
                    end: 480,
                }),
            },
            score: 0.5,
        }],
        searches: vec![
            Search {
                strategy: "tantivy".into(),
                outcome: Outcome::Found(20),
                took: Duration::from_micros(180),
            },
            Search {
                strategy: "dense".into(),
                outcome: Outcome::Late,
                took: Duration::from_millis(150),
            },
        ],
        usage: vec![Usage {
            model: "a/model".to_owned(),
            prompt_tokens: Some(1200),
            cached_tokens: Some(1024),
            reply_tokens: Some(17),
        }],
        latency: Latency {
            knowledge: Some(Duration::from_micros(250)),
            first_text: Some(Duration::from_millis(310)),
            first_words: Some(Duration::from_millis(311)),
            written: Some(Duration::from_millis(640)),
        },
    };
    let ended = EndedLine {
        ending: Ending::HandedOff(Handoff {
            reason: "the caller asks for a person".to_owned(),
            summary: "Caller: how long?".to_owned(),
        }),
        turns: 1,
        duration: Duration::from_millis(9_876),
    };
    let contents = [
        (0, 0, Content::Started),
        (1, 1_000, Content::Caller(asked)),
        (1, 1_311, Content::Agent(said)),
        (1, 9_876, Content::Ended(ended)),
    ];
    let entry = |((turn, at, content), sequence)| Entry {
        call: Arc::clone(&call),
        sequence,
        turn: Turn(turn),
        at: Duration::from_millis(at),
        content,
    };
    contents.into_iter().zip(0..).map(entry).collect()
}

/// Keeps entries in memory, and insists on the order that the contract promises to sinks.
#[derive(Clone, Debug, Default)]
pub struct Notebook {
    entries: Arc<Mutex<Vec<Entry>>>,
}

impl Notebook {
    /// What was kept so far.
    ///
    /// # Panics
    ///
    /// When another thread panicked in the fake.
    pub fn entries(&self) -> Vec<Entry> {
        self.entries.lock().unwrap().clone()
    }
}

#[async_trait]
impl TranscriptSink for Notebook {
    async fn append(&self, entry: &Entry) -> Result<(), SinkError> {
        let mut entries = self.entries.lock().unwrap();
        let mut before = entries.iter().rev();
        let before =
            before.find(|e| e.call.id == entry.call.id && e.call.session == entry.call.session);
        let expected = before.map_or(0, |e| e.sequence + 1);
        assert_eq!(entry.sequence, expected, "an entry is missing or doubled");
        assert_eq!(
            entry.sequence == 0,
            entry.content == Content::Started,
            "a session begins with its start, and only once"
        );
        assert!(
            !before.is_some_and(|e| matches!(e.content, Content::Ended(_))),
            "an entry after the ending: {entry:?}"
        );
        entries.push(entry.clone());
        Ok(())
    }
}
