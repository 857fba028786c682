use expect_test::{Expect, expect};
use serde_json::json;

use super::PhraseSet;
use crate::insight::operators::{Operators, Settings};
use crate::testing::operators::entries;
use crate::words::Language;

fn set(label: &str, exact: &[&str], fuzzy: &[&str], except: &[&str]) -> PhraseSet {
    let list = |phrases: &[&str]| phrases.iter().map(|it| (*it).to_owned()).collect();
    PhraseSet {
        label: label.to_owned(),
        exact: list(exact),
        fuzzy: list(fuzzy),
        except: list(except),
    }
}

/// What a caller is interested in who says these lines, with the words that say so.
fn check(sets: Vec<PhraseSet>, said: &[&str], expected: Expect) {
    let operators = Operators::new(Settings {
        services: sets,
        languages: ["en-US", "de-DE"].map(Language::new).into(),
        ..Settings::default()
    });
    let lines = said.iter().map(|text| json!({ "text": text }));
    let lines = json!({ "entries": lines.collect::<Vec<_>>() });
    let insights = operators.analyse(&entries(&lines).unwrap());
    let services = insights.services.unwrap().into_iter().map(|service| {
        let evidence = service.evidence.iter().map(|place| {
            let text = said[place.entry];
            format!(" {:?}", &text[place.start..place.end])
        });
        let evidence: String = evidence.collect();
        format!("{} {:.2}:{evidence}", service.label, service.confidence)
    });
    expected.assert_eq(&services.collect::<Vec<_>>().join("\n"));
}

#[test]
fn exact_phrases_are_whole_words_as_they_are() {
    check(
        vec![set("booking", &["book a"], &[], &[])],
        &[
            "Please BOOK, a slot.",
            "booking a slot",
            "a facebook account",
        ],
        expect![[r#"booking 0.95: "BOOK, a""#]],
    );
}

#[test]
fn fuzzy_phrases_come_in_other_forms_and_orders() {
    check(
        vec![set("booking", &[], &["ship a container"], &[])],
        &[
            "we were shipping two big containers",
            "a container to be shipped",
            "ship it, and by the way I once saw a container",
        ],
        expect![[r#"booking 0.90: "shipping two big containers" "container to be shipped""#]],
    );
}

#[test]
fn a_slip_of_the_recogniser_is_forgiven_in_long_words_only() {
    check(
        vec![
            set("tracking", &[], &["shipment"], &[]),
            set("rates", &[], &["rate"], &[]),
        ],
        &["where is my shipmant", "the date of it"],
        expect![[r#"tracking 0.75: "shipmant""#]],
    );
}

#[test]
fn what_is_excepted_does_not_count() {
    check(
        vec![set("booking", &[], &["book"], &["a book", "by the book"])],
        &["i read a book", "we do it by the book", "i book it now"],
        expect![[r#"booking 0.85: "book""#]],
    );
}

#[test]
fn any_script_and_language_will_do() {
    check(
        vec![
            set("予約", &["予約したい"], &["コンテナ 予約"], &[]),
            set("buchung", &[], &["container buchen"], &[]),
            set("بحث", &[], &["حجز"], &[]),
        ],
        &[
            "コンテナを予約したいです。",
            "Ich habe Container gebucht, buche Container",
            "أريد حجز حاوية",
        ],
        expect![[r#"
            予約 0.95: "予約したい"
            buchung 0.85: "Container gebucht, buche"
            بحث 0.85: "حجز""#]],
    );
}

#[test]
fn the_agent_is_interested_in_nothing() {
    let operators = Operators::new(Settings::default());
    let line = json!({ "speaker": "agent", "text": "Where is my shipment?" });
    let insights = operators.analyse(&entries(&line).unwrap());
    assert_eq!(insights.services, Some(Vec::new()));
}
