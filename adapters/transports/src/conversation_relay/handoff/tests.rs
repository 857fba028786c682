use expect_test::{Expect, expect};
use voicera::words::Handoff;

use super::*;

fn check(table: &str, expected: Expect) {
    #[derive(Deserialize)]
    struct Table {
        handoff: HandoffTarget,
    }
    let outcome = match toml::from_str::<Table>(table) {
        Ok(table) => format!("{:?} {:?}", table.handoff, table.handoff.problem()),
        Err(error) => format!("not read: {}", error.message().trim_end()),
    };
    expected.assert_eq(&outcome);
}

#[test]
fn a_target_is_one_of_three() {
    check(
        r#"handoff = { number = "+14155550123" }"#,
        expect![[r#"Number("+14155550123") None"#]],
    );
    check(
        "[handoff]\nsip = \"sip:desk@example.com\"",
        expect![[r#"Sip("sip:desk@example.com") None"#]],
    );
    check(
        r#"handoff = { workflow = "WW1" }"#,
        expect![[r#"Workflow("WW1") None"#]],
    );
    check(
        r#"handoff = { number = "+14155550123", sip = "sip:a@b" }"#,
        expect!["not read: wanted exactly 1 element, more than 1 element"],
    );
    check(
        r#"handoff = { fax = "1" }"#,
        expect!["not read: unknown variant `fax`, expected one of `number`, `sip`, `workflow`"],
    );
    check(
        r#"handoff = { number = "555-LOGI" }"#,
        expect![[
            r#"Number("555-LOGI") Some(Problem { key: "number", message: "number is \"555-LOGI\": write it with country code, as +14155550123" })"#
        ]],
    );
}

#[test]
fn a_note_comes_back_as_it_was_told() {
    let handoff = Handoff {
        reason: "asks for a person".to_owned(),
        summary: "Kunde: \"wie lange?\"".to_owned(),
    };
    let note = note(&Ending::HandedOff(handoff)).unwrap();
    expect![[r#"{"reasonCode":"live-agent-handoff","reason":"asks for a person","summary":"Kunde: \"wie lange?\""}"#]].assert_eq(&note);
    assert!(is_asked(&note));
}

#[test]
fn only_a_handoff_asks_for_a_person() {
    let goodbye = note(&Ending::Goodbye).unwrap();
    expect![[r#"{"reasonCode":"goodbye"}"#]].assert_eq(&goodbye);
    assert!(!is_asked(&goodbye));
    assert!(!is_asked(""));
    assert!(!is_asked("[]"));
    assert_eq!(note(&Ending::HungUp), None);
    assert_eq!(note(&Ending::Failed("broken".to_owned())), None);
}
