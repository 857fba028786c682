//! What the suite keeps.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use crate::insight::{
    Analysis, Detection, Entity, EntityKind, Insights, LineMood, Mood, Origin, Place, Sentiment,
    Service,
};
use crate::ports::transcript_sink::{CallerKind, CallerLine, Content, EndedLine, Entry};
use crate::testing::transcript_sink::call;
use crate::words::{Call, Ending, Speaker, Turn};

/// An analysis that uses every field.
pub fn analysis(origin: Origin) -> Analysis {
    let place = |entry, start, end| Place { entry, start, end };
    let detection = |detected, evidence| Detection {
        detected,
        confidence: 0.75,
        evidence,
    };
    let entities = EntityKind::ALL.map(|kind| Entity {
        kind,
        text: format!("a {}, \"as it was said\"", kind.name()),
        value: (kind == EntityKind::Money).then(|| "USD 2200".to_owned()),
        confidence: 0.1,
        place: (kind != EntityKind::Person).then(|| place(1, 0, 4)),
    });
    let line = |entry, speaker, mood, score| LineMood {
        entry,
        speaker,
        mood,
        score,
    };
    Analysis {
        origin,
        at: minute(8),
        insights: Insights {
            escalation: Some(detection(true, vec![place(1, 0, 3), place(1, 4, 5)])),
            introduction: Some(detection(false, Vec::new())),
            transfer: Some(detection(true, vec![place(2, 1, 2)])),
            entities: Some(entities.into()),
            sentiment: Some(Sentiment {
                overall: Mood::Mixed,
                confidence: 0.6,
                lines: vec![
                    line(1, Speaker::Caller, Mood::Negative, -0.7),
                    line(2, Speaker::Agent, Mood::Positive, 0.3),
                ],
            }),
            summary: Some("They spoke,\nand \u{6D1B}.".to_owned()),
            services: Some(vec![
                service("Sea freight"),
                service("Customs & \"duties\""),
            ]),
        },
    }
}

/// A call in which the caller says these words and hangs up.
pub(super) fn told(id: &str, caller: &str, minutes: u64, words: &[&str]) -> Vec<Entry> {
    let call = Arc::new(Call {
        from: Some(caller.to_owned()),
        started: minute(minutes),
        ..Call::clone(&call(id)[0].call)
    });
    let said = words.iter().map(|text| {
        Content::Caller(CallerLine {
            text: (*text).to_owned(),
            language: None,
            kind: CallerKind::Asked,
        })
    });
    let ended = Content::Ended(EndedLine {
        ending: Ending::HungUp,
        turns: words.len().try_into().unwrap(),
        duration: Duration::from_secs(60),
    });
    let contents = std::iter::once(Content::Started).chain(said).chain([ended]);
    let entry = |(content, sequence)| Entry {
        call: Arc::clone(&call),
        sequence,
        turn: Turn(sequence),
        at: Duration::from_secs(sequence.into()),
        content,
    };
    contents.zip(0..).map(entry).collect()
}

pub(super) fn service(label: &str) -> Service {
    Service {
        label: label.to_owned(),
        confidence: 0.9,
        evidence: vec![Place {
            entry: 1,
            start: 0,
            end: 2,
        }],
    }
}

pub(super) fn minute(minute: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_millis(1_795_300_000_123 + minute * 60_000)
}
