use std::fmt::Write as _;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use expect_test::{Expect, expect};
use serde_json::json;
use voicera::ports::transcript_sink::{CallerKind, CallerLine, Content, Entry};
use voicera::words::{Call, CallId, Turn};

use super::*;
use crate::twilio::scripted::thing;

const SESSION: &str = "VX00000000000000000000000000000001";

fn entry(sequence: u32, content: Content) -> Entry {
    let call = Call {
        id: CallId::new("CA1"),
        session: Some(SESSION.to_owned()),
        from: None,
        to: None,
        started: SystemTime::UNIX_EPOCH,
        parameters: Default::default(),
    };
    Entry {
        call: Arc::new(call),
        sequence,
        turn: Turn(sequence),
        at: Duration::ZERO,
        content,
    }
}

fn said(lines: &[&str]) -> Vec<Entry> {
    let line = |text: &&str| {
        Content::Caller(CallerLine {
            text: (*text).to_owned(),
            language: None,
            kind: CallerKind::Asked,
        })
    };
    let contents = [Content::Started].into_iter().chain(lines.iter().map(line));
    contents
        .zip(0..)
        .map(|(content, sequence)| entry(sequence, content))
        .collect()
}

fn operator(name: &str, kind: &str, given: Value) -> OperatorResult {
    let mut given = given;
    given["name"] = name.into();
    given["operator_type"] = kind.into();
    match thing("transcript.operator_result", given) {
        Value::Object(fields) => OperatorResult(fields),
        other => panic!("{other}"),
    }
}

/// What the results say about a call in which these lines were said.
fn check(lines: &[&str], results: &[OperatorResult], expected: Expect) {
    let entries = said(lines);
    let sentence = |(text, index): (&&str, i64)| Sentence {
        media_channel: Some(2),
        sentence_index: Some(index),
        transcript: Some((*text).to_owned()),
    };
    let sentences: Vec<Sentence> = lines.iter().zip(0..).map(sentence).collect();
    let classifier = Classifier {
        name: "Service Classifier".to_owned(),
        labels: vec!["Track a shipment".to_owned(), "booking".to_owned()],
    };
    let mut places = Places::of(&entries, SESSION);
    let insights = insights(results, &sentences, &mut places, &classifier);
    expected.assert_eq(&shown(&insights, &entries));
}

fn shown(insights: &Insights, entries: &[Entry]) -> String {
    let quote = |place: &Place| {
        let (_, text) = entries[place.entry].said().unwrap();
        format!("{}:{:?}", place.entry, &text[place.start..place.end])
    };
    let quotes = |places: &[Place]| places.iter().map(quote).collect::<Vec<_>>().join(" ");
    let mut text = String::new();
    let detections = [
        ("escalation", &insights.escalation),
        ("introduction", &insights.introduction),
        ("transfer", &insights.transfer),
    ];
    for (name, detection) in detections {
        if let Some(Detection {
            detected,
            confidence,
            evidence,
        }) = detection
        {
            writeln!(text, "{name} {detected} {confidence} {}", quotes(evidence)).unwrap();
        }
    }
    for entity in insights.entities.iter().flatten() {
        let place = entity.place.as_ref().map_or("nowhere".to_owned(), quote);
        let (kind, said, sure) = (entity.kind.name(), &entity.text, entity.confidence);
        writeln!(text, "{kind} {said:?} {sure} {place}").unwrap();
    }
    if let Some(sentiment) = &insights.sentiment {
        writeln!(
            text,
            "{} {}",
            sentiment.overall.name(),
            sentiment.confidence
        )
        .unwrap();
    }
    if let Some(summary) = &insights.summary {
        writeln!(text, "summary {summary:?}").unwrap();
    }
    for service in insights.services.iter().flatten() {
        let evidence = quotes(&service.evidence);
        writeln!(
            text,
            "service {:?} {} {evidence}",
            service.label, service.confidence
        )
        .unwrap();
    }
    if insights.services.as_deref() == Some(&[]) {
        writeln!(text, "no services").unwrap();
    }
    if insights.entities.as_deref() == Some(&[]) {
        writeln!(text, "no entities").unwrap();
    }
    text
}

#[test]
fn what_was_not_asked_is_not_answered() {
    let other = operator(
        "Recording Disclosure",
        "extract",
        json!({"extract_match": true}),
    );
    check(&["hello"], &[other], expect![""]);
}

#[test]
fn a_phrase_that_matched_is_found_in_our_own_words() {
    check(
        &["Hi.", "Could I speak to a Manager, please?"],
        &[
            operator(
                "Escalation Request",
                "extract",
                json!({"extract_match": true, "match_probability": "0.93",
                    "extract_results": {"escalation": ["speak to a manager"]}}),
            ),
            operator(
                "Agent Introduction",
                "extract",
                json!({"extract_match": false}),
            ),
        ],
        expect![[r#"
            escalation true 0.93 2:"speak to a Manager"
            introduction false 1 
        "#]],
    );
}

#[test]
fn a_class_is_a_yes_or_a_no() {
    for (label, detected) in [
        ("Transfer", true),
        ("NoTransfer", false),
        ("true", true),
        ("false", false),
    ] {
        let result = operator(
            "Call Transfer",
            "conversation-classify",
            json!({"predicted_label": label, "predicted_probability": "0.81",
                "extract_match": false, "utterance_match": false}),
        );
        let found = result.detection(&[], &Places::of(&[], SESSION)).unwrap();
        assert_eq!(
            (found.detected, found.confidence),
            (detected, 0.81),
            "{label}"
        );
    }
}

#[test]
fn a_sentence_may_be_pointed_to() {
    check(
        &["Hi.", "Get me a human!"],
        &[operator(
            "escalation request",
            "utterance-classify",
            json!({"utterance_match": true, "utterance_results": [{"sentence_index": 1, "label": 7}]}),
        )],
        expect![[r#"
            escalation true 1 2:"Get me a human"
        "#]],
    );
}

#[test]
fn an_operator_of_ones_own_may_judge_in_json() {
    check(
        &[],
        &[operator(
            "Human Escalation Request",
            "json",
            json!({"json_results": {"escalation": true}}),
        )],
        expect![[r#"
            escalation true 1 
        "#]],
    );
}

#[test]
fn of_two_operators_with_one_question_the_first_that_answers_counts() {
    check(
        &[],
        &[
            operator("Summary", "text-generation", json!({})),
            operator(
                "Summarization",
                "text-generation",
                json!({"text_generation_results": "Booked."}),
            ),
            operator(
                "Call Summary",
                "text-generation",
                json!({"text_generation_results": "Sold."}),
            ),
        ],
        expect![[r#"
            summary "Booked."
        "#]],
    );
}

#[test]
fn a_mood_is_its_class_however_the_probabilities_come() {
    let cases = [
        json!({"predicted_label": "neutral", "predicted_probability": "0.71"}),
        json!({"predicted_label": "neutral", "label_probabilities": {"neutral": 0.71, "mixed": "0.2"}}),
        json!({"label_probabilities": {"mixed": "0.29", "neutral": "0.71"}}),
        json!({"label_probabilities": [{"label": "neutral", "probability": 0.71}]}),
    ];
    for case in cases {
        let result = operator("Sentiment Analysis", "conversation-classify", case);
        check(
            &[],
            &[result],
            expect![[r#"
            neutral 0.71
        "#]],
        );
    }
    let unknown = json!({"predicted_label": "bored"});
    let unknown = operator("Sentiment Analysis", "conversation-classify", unknown);
    check(&[], &[unknown], expect![""]);
}

#[test]
fn a_summary_is_text_in_either_shape() {
    for generated in [
        json!(" The caller booked. "),
        json!({"format": "text", "result": "The caller booked."}),
    ] {
        let given = json!({"text_generation_results": generated});
        let result = operator("Summarization", "text-generation", given);
        check(
            &[],
            &[result],
            expect![[r#"
            summary "The caller booked."
        "#]],
        );
    }
    let nothing = operator("Conversation Summary", "text-generation", json!({}));
    check(&[], &[nothing], expect![""]);
}

#[test]
fn entities_are_found_one_after_the_other() {
    check(
        &[
            "From Mumbai on May 4th.",
            "To Hamburg, not Mumbai",
            "ask Ms. Rao",
        ],
        &[operator(
            "Entity Recognition",
            "extract",
            json!({"extract_match": true, "extract_results": {
                "Location": ["mumbai", "Hamburg", "Mumbai", "Mumbai"],
                "Date": [{"text": "May 4th", "probability": "0.9"}],
                "Person": "Ms Rao",
                "Vibe": ["good"],
            }}),
        )],
        expect![[r#"
            date "May 4th" 0.9 1:"May 4th"
            location "mumbai" 1 1:"Mumbai"
            location "Hamburg" 1 2:"Hamburg"
            location "Mumbai" 1 2:"Mumbai"
            location "Mumbai" 1 nowhere
            person "Ms Rao" 1 3:"Ms. Rao"
        "#]],
    );
    check(
        &["call 415 555 0100"],
        &[operator(
            "Entity Recognition",
            "pii-extract",
            json!({"extract_results": [{"type": "PhoneNumber", "text": "4155550100"}]}),
        )],
        expect![[r#"
            phone "4155550100" 1 nowhere
        "#]],
    );
}

#[test]
fn no_entities_is_an_answer_and_silence_is_none() {
    let none = json!({"extract_match": false});
    check(
        &[],
        &[operator("Entity Recognition", "extract", none)],
        expect![[r#"
            no entities
        "#]],
    );
    check(
        &[],
        &[operator("Entity Recognition", "extract", json!({}))],
        expect![[r#""#]],
    );
}

#[test]
fn phrase_sets_get_their_own_labels_back() {
    let classified = |given| operator("Service Classifier", "extract", given);
    check(
        &["I want to track my box", "and book"],
        &[classified(
            json!({"extract_match": true, "extract_results": {
                "track_a_shipment": ["track my box"], "booking": [], "pricing": true, "other": false,
            }}),
        )],
        expect![[r#"
            service "pricing" 1 
            service "Track a shipment" 1 1:"track my box"
        "#]],
    );
    check(
        &[],
        &[classified(json!({"extract_match": false}))],
        expect![[r#"
            no services
        "#]],
    );
    check(
        &[],
        &[classified(json!({"predicted_label": "Booking"}))],
        expect![[r#"
            service "booking" 1 
        "#]],
    );
    check(
        &["book it"],
        &[classified(
            json!({"extract_match": true, "extract_results": [
                {"phrase_set": "booking", "text": "book"}, "stray"
            ]}),
        )],
        expect![[r#"
            service "booking" 1 1:"book"
        "#]],
    );
}

#[test]
fn results_of_no_sense_are_no_answers() {
    let given = json!({"match_probability": "often", "extract_results": 7, "label_probabilities": "all",
        "text_generation_results": [], "json_results": {"a": true, "b": false}});
    let names = [
        "Escalation Request",
        "Agent Introduction",
        "Call Transfer",
        "Entity Recognition",
        "Conversation Summary",
        "Sentiment Analysis",
        "Service Classifier",
    ];
    let results = names.map(|name| operator(name, "json", given.clone()));
    check(&["all of it"], &results, expect![""]);
}

#[test]
fn two_sessions_are_one_call() {
    let detected = |detected| {
        Some(Detection {
            detected,
            confidence: 0.5,
            evidence: Vec::new(),
        })
    };
    let mood = |overall| {
        Some(Sentiment {
            overall,
            confidence: 0.5,
            lines: Vec::new(),
        })
    };
    let earlier = Insights {
        escalation: detected(false),
        transfer: detected(true),
        sentiment: mood(Mood::Negative),
        summary: Some("First.".to_owned()),
        ..Insights::default()
    };
    let later = Insights {
        escalation: detected(true),
        transfer: detected(false),
        sentiment: mood(Mood::Positive),
        summary: Some("Then.".to_owned()),
        entities: Some(Vec::new()),
        ..Insights::default()
    };
    expect![[r#"
        escalation true 0.5 
        transfer true 0.5 
        mixed 0.5
        summary "First.\nThen."
        no entities
    "#]]
    .assert_eq(&shown(&merge(earlier, later), &[]));
}
