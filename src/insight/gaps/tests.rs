use expect_test::{Expect, expect};
use serde_json::{Value, json};

use super::{Gap, Group, Groups, Settings, Why, gaps, is_fallback};
use crate::testing::operators::entries;
use crate::words::{CallId, Turn};

/// A script of one line an entry: `c:` the caller, `a:` the agent, `n:` the agent without sources.
fn check(script: &str, settings: &Settings, expected: Expect) {
    let lines = script.lines().map(|line| {
        let (who, text) = line.trim().split_once(": ").unwrap();
        match who {
            "c" => json!({ "speaker": "caller", "text": text }),
            "n" => json!({ "speaker": "agent", "text": text, "sources": 0 }),
            _ => json!({ "speaker": "agent", "text": text }),
        }
    });
    let lines: Vec<Value> = lines.collect();
    let gaps = gaps(&entries(&json!({ "entries": lines })).unwrap(), settings);
    let told = gaps.iter().map(|gap| {
        let (turn, question, why) = (gap.turn, &gap.question, gap.why.name());
        format!("{turn} {why}: {question} [{}]", gap.about.join(" "))
    });
    expected.assert_eq(&told.collect::<Vec<_>>().join("\n"));
}

const CALL: &str = "a: Hello.
    c: how much does storage cost
    n: Storage costs 30 cents.
    c: i mean how much is storage in dubai
    a: I'm sorry, I don't have that information.
    c: thanks
    n: You're welcome.";

#[test]
fn each_open_question_has_one_reason() {
    check(
        CALL,
        &Settings::default(),
        expect![[r#"
            1 reasked: how much does storage cost [price storag]
            2 fallback: i mean how much is storage in dubai [dubai price storag]"#]],
    );
}

#[test]
fn whether_something_is_allowed_adds_nothing_to_what_it_is() {
    check(
        "c: can hazardous paint go by rail
        a: Rail goes from China to Europe.
        c: so is hazardous paint allowed by rail
        a: With a declaration.",
        &Settings::default(),
        expect!["1 reasked: can hazardous paint go by rail [hazard paint rail]"],
    );
}

#[test]
fn a_search_that_never_finds_says_nothing_of_evidence() {
    let script = "c: do you rent forklifts to customers
        n: We have warehouses.";
    check(
        script,
        &Settings::default(),
        expect!["1 low: do you rent forklifts to customers [custom forklift rent]"],
    );
    let briefed = Settings {
        briefed: vec!["tantivy".to_owned()],
        ..Settings::default()
    };
    check(script, &briefed, expect![""]);
}

#[test]
fn a_fallback_line_is_known_in_other_words() {
    let lines = ["Sorry. I can't find that in my papers. Ask support.".to_owned()];
    assert!(is_fallback("Hm, I can not find that in my papers.", &lines));
    assert!(!is_fallback("I can find that in my papers.", &lines));
    assert!(!is_fallback("Ask support.", &lines));
    assert!(!is_fallback("", &lines));
    assert!(!is_fallback("I can't find that.", &[]));
}

fn gap(question: &str, about: &[&str]) -> Gap {
    Gap {
        turn: Turn(1),
        entry: 1,
        question: question.to_owned(),
        why: Why::Fallback,
        about: about.iter().map(|it| (*it).to_owned()).collect(),
    }
}

fn ranked(groups: &Groups) -> String {
    let told = groups.ranked().into_iter().map(|group| {
        let Group {
            question,
            count,
            examples,
            calls,
            ..
        } = group;
        let calls: Vec<_> = calls.iter().map(CallId::as_str).collect();
        format!("{count} {question} {examples:?} {}", calls.join(" "))
    });
    told.collect::<Vec<_>>().join("\n")
}

#[test]
fn questions_are_grouped_in_whatever_order_the_calls_come() {
    let asked = [
        ("CA1", gap("rent a forklift?", &["forklift", "rent"])),
        ("CA2", gap("can i rent forklifts", &["forklift", "rent"])),
        (
            "CA3",
            gap("rent forklifts in dubai", &["dubai", "forklift", "rent"]),
        ),
        ("CA4", gap("ship to mars", &["mar", "send"])),
        ("CA2", gap("rent a forklift", &["forklift", "rent"])),
    ];
    let mut forwards = Groups::default();
    let mut backwards = Groups::default();
    for (call, gap) in &asked {
        forwards.add(&CallId::new(call), gap);
    }
    for (call, gap) in asked.iter().rev() {
        backwards.add(&CallId::new(call), gap);
    }
    assert_eq!(forwards.ranked(), backwards.ranked());
    expect![[r#"
        4 rent a forklift ["rent a forklift", "rent a forklift?", "can i rent forklifts", "rent forklifts in dubai"] CA1 CA2 CA3
        1 ship to mars ["ship to mars"] CA4"#]]
    .assert_eq(&ranked(&forwards));
}

#[test]
fn memory_is_bounded_and_what_is_frequent_stays() {
    let mut groups = Groups::default();
    for call in 0..100 {
        let call = CallId::new(&format!("CA{call}"));
        groups.add(&call, &gap("again and again", &["again"]));
    }
    for rare in 0..Groups::MOST + 10 {
        let about = format!("rare{rare}");
        groups.add(&CallId::new("CA"), &gap("once", &[&about]));
    }
    let ranked = groups.ranked();
    let total: u64 = ranked.iter().map(|group| group.count).sum();
    let first = ranked.first().unwrap();
    assert!(ranked.len() <= Groups::MOST);
    assert_eq!((first.count, first.calls.len()), (100, Groups::CALLS));
    let added = 100 + u64::try_from(Groups::MOST + 10).unwrap();
    assert_eq!(total + groups.forgotten(), added);
}
