use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::SystemTime;

use jiff::Timestamp;
use serde_json::Value;

use crate::insight::entities::{Gazetteer, Recogniser};
use crate::insight::{Entity, EntityKind};

/// Lines with what is named in them.
const LINES: &str = include_str!("../../../../benches/operators/entities.jsonl");

#[derive(Debug, Default)]
struct Score {
    hits: usize,
    wrong: usize,
    missed: usize,
}

#[test]
fn labelled_lines_are_recognised() {
    for set in ["tuning"] {
        let (scores, report) = score(set);
        for (kind, score) in &scores {
            let of = |others: usize| score.hits as f64 / (score.hits + others).max(1) as f64;
            let (precision, recall) = (of(score.wrong), of(score.missed));
            eprintln!(
                "{set} {:15} precision {precision:.2} recall {recall:.2} of {}",
                kind.name(),
                score.hits + score.missed
            );
        }
        let good = |score: &Score| {
            10 * score.hits >= 9 * (score.hits + score.wrong)
                && 100 * score.hits >= 85 * (score.hits + score.missed)
        };
        if std::env::var("SHOW").is_ok_and(|show| show == set) {
            eprintln!("{report}");
        }
        assert!(scores.values().all(good), "{set}\n{report}");
    }
}

/// A hit has the kind of what is labelled, overlaps it, and has its value where one is labelled.
fn score(set: &str) -> (BTreeMap<EntityKind, Score>, String) {
    let mut gazetteer = Gazetteer::default();
    gazetteer.add(EntityKind::Organization, "SupplyChainCo");
    let recogniser = Recogniser::new(&gazetteer);
    let mut scores = BTreeMap::<_, Score>::new();
    let mut report = String::new();
    let lines = LINES
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    for line in lines.filter(|line| line["set"] == set) {
        let text = line["text"].as_str().unwrap();
        let started: Timestamp = line["started"].as_str().unwrap().parse().unwrap();
        let mut found = recogniser.recognise(text, SystemTime::from(started));
        let mut from = 0;
        for label in line["entities"].as_array().unwrap() {
            let kind = EntityKind::named(label["kind"].as_str().unwrap()).unwrap();
            let said = label["text"].as_str().unwrap();
            let start = from + text[from..].find(said).unwrap();
            let end = start + said.len();
            from = end;
            let is_hit = |entity: &Entity| {
                let place = entity.place.unwrap();
                let value = label["value"].as_str();
                entity.kind == kind
                    && place.start < end
                    && start < place.end
                    && value.is_none_or(|value| entity.value.as_deref() == Some(value))
            };
            match found.iter().position(is_hit) {
                Some(at) => {
                    let entity = found.remove(at);
                    if entity.text != said {
                        writeln!(
                            report,
                            "close   {kind:?} {:?} for {said:?} in {text:?}",
                            entity.text
                        )
                        .unwrap();
                    }
                    scores.entry(kind).or_default().hits += 1;
                }
                None => {
                    scores.entry(kind).or_default().missed += 1;
                    writeln!(
                        report,
                        "missed  {kind:?} {said:?} {} in {text:?}",
                        label["value"]
                    )
                    .unwrap();
                }
            }
        }
        for entity in found {
            scores.entry(entity.kind).or_default().wrong += 1;
            writeln!(
                report,
                "wrong   {:?} {:?} {:?} in {text:?}",
                entity.kind, entity.text, entity.value
            )
            .unwrap();
        }
    }
    (scores, report)
}
