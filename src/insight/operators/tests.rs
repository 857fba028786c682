use std::sync::LazyLock;

use expect_test::{Expect, expect};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Operators, Settings};
use crate::insight::{Insights, Mood, Place};
use crate::testing::operators::{Score, conversation, entries, macro_f1, operators, scores};

/// Made once, as the server does.
static OPERATORS: LazyLock<Operators> = LazyLock::new(operators);

fn labels(file: &str) -> &'static str {
    match file {
        "escalation" => include_str!("../../../benches/operators/escalation.jsonl"),
        "introduction" => include_str!("../../../benches/operators/introduction.jsonl"),
        "transfer" => include_str!("../../../benches/operators/transfer.jsonl"),
        "services" => include_str!("../../../benches/operators/services.jsonl"),
        "summary" => include_str!("../../../benches/operators/summary.jsonl"),
        "gaps" => include_str!("../../../benches/operators/gaps.jsonl"),
        "sentiment" => include_str!("../../../benches/operators/sentiment.jsonl"),
        "moods" => include_str!("../../../benches/operators/moods.jsonl"),
        _ => panic!("no labels of {file}"),
    }
}

fn check(file: &str, fewest: usize) {
    let labels = labels(file);
    assert!(labels.lines().count() >= fewest, "{file} has too few lines");
    let scores = scores(file, labels, &OPERATORS).unwrap();
    for held_out in [false, true] {
        let of_set = scores.iter().filter(|score| score.held_out == held_out);
        let of_set: Vec<Score> = of_set.cloned().collect();
        assert!(!of_set.is_empty(), "{file} has no such set");
        if matches!(file, "sentiment" | "moods") {
            let f1 = macro_f1(&of_set);
            assert!(f1 >= 0.75, "{file}: macro-F1 {f1:.3}: {of_set:#?}");
            continue;
        }
        for score in of_set {
            assert!(score.precision() >= 0.9, "{score:#?}");
            assert!(score.recall() >= 0.85, "{score:#?}");
        }
    }
}

#[test]
fn requests_for_a_person_are_found() {
    check("escalation", 150);
}

#[test]
fn introductions_are_found() {
    check("introduction", 150);
}

#[test]
fn transfers_are_found() {
    check("transfer", 150);
}

#[test]
fn services_are_found() {
    check("services", 150);
}

#[test]
fn summaries_hold_what_matters() {
    check("summary", 60);
}

#[test]
fn open_questions_are_found() {
    check("gaps", 150);
}

#[test]
fn lines_sound_as_they_were_meant() {
    check("sentiment", 150);
}

#[test]
fn calls_sound_as_they_were_meant() {
    check("moods", 70);
}

/// A script of one line an entry, `c:` the caller and `a:` the agent, and the ending.
fn call(script: &str) -> Value {
    let mut ending = None;
    let mut lines = Vec::new();
    for line in script.lines() {
        match line.trim().split_once(": ").unwrap() {
            ("c", text) => lines.push(json!({ "speaker": "caller", "text": text })),
            ("a", text) => lines.push(json!({ "speaker": "agent", "text": text })),
            (_, name) => ending = Some(name.to_owned()),
        }
    }
    json!({ "entries": lines, "ending": ending })
}

fn analyse(script: &str) -> Insights {
    OPERATORS.analyse(&entries(&call(script)).unwrap())
}

fn check_summary(script: &str, expected: Expect) {
    expected.assert_eq(&analyse(script).summary.unwrap());
}

#[test]
fn a_summary_tells_what_was_wanted_and_answered_and_how_it_ended() {
    check_summary(
        "a: Hello, how can I help?
        c: um hi how much is a container to rotterdam
        a: Let me see. A 20-foot container to Rotterdam costs USD 1,600.
        c: okay and what's the cut off for ocean freight
        a: The ocean cut-off is 3 days before departure. Anything else?
        c: no thanks bye
        ended: goodbye",
        expect![
            "The caller asked: “How much is a container to rotterdam?” The agent answered: “A 20-foot container to Rotterdam costs USD 1,600.” To “What's the cut off for ocean freight?” the agent answered: “The ocean cut-off is 3 days before departure.” The call ended with a goodbye."
        ],
    );
}

#[test]
fn a_call_of_one_turn_has_a_summary_and_so_has_one_without_words() {
    check_summary(
        "c: where is my shipment",
        expect!["The caller asked: “Where is my shipment?” The call has not ended."],
    );
    check_summary(
        "a: Hello, how can I help?
        ended: hung_up",
        expect!["The caller asked for nothing. The caller hung up."],
    );
    assert!(OPERATORS.analyse(&[]).summary.is_some());
}

#[test]
fn a_long_call_is_summed_up_in_four_sentences_at_the_most() {
    let summary = OPERATORS.analyse(&conversation(60)).summary.unwrap();
    assert!(summary.split('”').count() <= 5, "{summary}");
    assert!(summary.len() < 800, "{summary}");
}

#[test]
fn evidence_leads_to_the_words() {
    let script = "a: Hello, this is Ava from SupplyChainCo.
        c: Well – I'd like to speak to a manager, please.
        a: Of course. I will connect you with a colleague.";
    let told = analyse(script);
    let lines = call(script);
    let words = |places: &[Place]| {
        let words = places.iter().map(|place| {
            let text = lines["entries"][place.entry]["text"].as_str().unwrap();
            text[place.start..place.end].to_owned()
        });
        words.collect::<Vec<_>>().join(" | ")
    };
    let found = [told.introduction, told.escalation, told.transfer].map(|it| {
        let found = it.unwrap();
        format!("{} {}", found.confidence, words(&found.evidence))
    });
    expect![[r#"
        0.9 this is Ava
        0.9 I'd like to speak to a manager
        0.9 I will connect you"#]]
    .assert_eq(&found.join("\n"));
}

#[test]
fn a_call_that_was_handed_off_was_transferred() {
    let transfer = analyse(
        "c: can i ask somebody
        a: Goodbye.
        ended: handed_off",
    );
    let transfer = transfer.transfer.unwrap();
    assert!(transfer.detected && transfer.confidence == 1.0);
}

#[test]
fn names_may_be_missing_or_odd() {
    let settings = Settings {
        agent: vec![String::new(), "A+ (B".to_owned()],
        company: Vec::new(),
        services: Vec::new(),
        fallback: Vec::new(),
        languages: Vec::new(),
        ..Settings::default()
    };
    let line = json!({ "speaker": "agent", "text": "This is A+ (B." });
    let told = Operators::new(settings).analyse(&entries(&line).unwrap());
    assert!(told.introduction.unwrap().detected);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn places_are_within_what_was_said(words in prop::collection::vec("(I'd|like|to|speak|manager|ß|İ|a|ship|,|“|é|.){1,3}", 0..20)) {
        let text = words.join(" ");
        let told = OPERATORS.analyse(&entries(&json!({ "text": text })).unwrap());
        let services = told.services.unwrap_or_default().into_iter();
        let mut places: Vec<Place> = services.flat_map(|it| it.evidence).collect();
        places.extend(told.escalation.unwrap().evidence);
        for place in places {
            prop_assert!(text.get(place.start..place.end).is_some());
        }
    }
}

#[test]
fn people_are_asked_for_in_many_words() {
    for text in [
        "could i uh speak to um somebody",
        "is there a guy at your place i could talk to",
        "have you got any real people",
        "who do i speak to about this",
        "i'd like this looked at by a manager",
        "pop me through to the claims desk",
        "can a colleague take over",
        "could someone from your team ring me back",
        "can you get me somebody with some authority",
        "why can't we simply talk to a person",
        "it would be quicker if i spoke with one of your experts",
        "i want to hear that from a human",
        "please ask a manager to contact me",
        "necesito que me llame una persona",
        "je voudrais que votre responsable me rappelle",
    ] {
        let told = analyse(&format!("c: {text}"));
        assert!(told.escalation.unwrap().detected, "{text}");
    }
    for text in [
        "hand it to the guy at the gate",
        "do i have to speak to an agent",
        "we had a nice chat with your colleague",
        "are you a real person",
        "who's in charge of the packing list",
    ] {
        let told = analyse(&format!("c: {text}"));
        assert!(!told.escalation.unwrap().detected, "{text}");
    }
}

#[test]
fn introductions_and_transfers_are_heard_in_other_tongues() {
    for text in ["Mi chiamo Ava.", "Meu nome é Ava.", "Mijn naam is Ava."] {
        let told = analyse(&format!("a: {text}"));
        assert!(told.introduction.unwrap().detected, "{text}");
    }
    for text in ["La passo a un collega.", "Vou transferir a sua chamada."] {
        let told = analyse(&format!("a: {text}"));
        assert!(told.transfer.unwrap().detected, "{text}");
    }
    let told = analyse("a: You've got through to the night line of SupplyChainCo.");
    assert!(told.introduction.unwrap().detected);
}

#[test]
fn scorn_is_no_praise_and_patience_ends_in_many_words() {
    let sounds = |text: &str| analyse(&format!("c: {text}")).sentiment.unwrap().overall;
    for text in [
        "great job breaking my vase",
        "thanks for nothing",
        "how difficult can it be",
        "you said friday and now it's sunday",
        "i'll see you in court",
        "not a single one of you knew",
        "how dare you",
        "you must be joking",
        "the driver almost hit my son",
    ] {
        assert_eq!(sounds(text), Mood::Negative, "{text}");
    }
    for text in [
        "hats off to your crew",
        "we've never had any trouble with you",
        "your lads did a cracking job",
        "it arrived on the dot",
        "thank heavens",
        "the friendliest people i've dealt with",
    ] {
        assert_eq!(sounds(text), Mood::Positive, "{text}");
    }
    for text in [
        "in the worst case how long is it",
        "ist gut",
        "the ship is called brave star",
    ] {
        assert_eq!(sounds(text), Mood::Neutral, "{text}");
    }
}

#[test]
fn what_is_not_wished_for_is_no_service() {
    let services = |text: &str| {
        let told = analyse(&format!("c: {text}")).services.unwrap();
        let labels = told.into_iter().map(|it| it.label);
        labels.collect::<Vec<_>>().join(" ")
    };
    for (text, expected) in [
        ("i don't want to book a container", ""),
        ("i'm not looking for a quote", ""),
        ("i don't need any storage", ""),
        ("i want to book a container", "booking"),
        ("my invoice has not come", "billing"),
        ("we lost a customer over it", ""),
        ("has the cargo been unloaded", "tracking"),
        ("two of the cartons were torn", "complaint"),
        ("can it stay at your depot", "storage"),
    ] {
        assert_eq!(services(text), expected, "{text}");
    }
}

#[test]
fn a_summary_tells_of_short_questions_of_silence_and_of_nothing_but_a_wish_for_a_person() {
    check_summary(
        "c: what does a container to busan cost
        a: A container to Busan costs USD 900.
        c: and how long
        a: It takes 20 days.
        ended: goodbye",
        expect![[
            "The caller asked: “What does a container to busan cost?” The agent answered: “A container to Busan costs USD 900.” To “How long?” the agent answered: “It takes 20 days.” The call ended with a goodbye."
        ]],
    );
    check_summary(
        "c: what does a container to busan cost
        a: A container to Busan costs USD 900.
        c: have you got an office in busan
        a: I'm sorry, I don't have that information.
        ended: hung_up",
        expect![
            "The caller asked: “What does a container to busan cost?” The agent answered: “A container to Busan costs USD 900.” To “Have you got an office in busan?” the agent had no answer. The caller hung up."
        ],
    );
    check_summary(
        "c: i want to talk to a person
        a: I'll connect you with a colleague.
        ended: handed_off",
        expect![
            "The caller said: “I want to talk to a person.” The caller was passed to a person."
        ],
    );
}

#[test]
fn what_only_sounds_like_it_is_left_alone() {
    for text in [
        "I don't want a human",
        "i spoke to a person yesterday",
        "is your manager on holiday",
        "the person who packed it",
        "the transfer of my goods",
        "I read a book",
        "we go by the book",
        "the rate book",
    ] {
        let told = analyse(&format!("c: {text}"));
        assert!(!told.escalation.unwrap().detected, "{text}");
        assert!(!told.transfer.unwrap().detected, "{text}");
        assert_eq!(told.services, Some(Vec::new()), "{text}");
    }
    for text in [
        "You pay by wire transfer.",
        "we transferred the container to a truck",
    ] {
        let told = analyse(&format!("a: {text}"));
        assert!(!told.transfer.unwrap().detected, "{text}");
    }
}
