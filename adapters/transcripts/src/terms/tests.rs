use expect_test::{Expect, expect};
use voicera::testing::transcript_sink::call;

use super::*;

#[test]
fn what_was_said_in_a_call_becomes_terms() {
    check(
        &call("CA-1"),
        expect![[
            r#"en/18 en/20 en/day en/how en/it en/long en/quot en/take en/to 杉 杉矶 洛 洛杉 矶"#
        ]],
    );
}

#[test]
fn the_agent_answers_in_the_language_of_the_caller() {
    let mut entries = call("CA-1");
    for (language, expected) in [
        (
            "de-AT",
            expect!["de/18 de/20 de/days de/it de/kost de/liefer de/tak de/to"],
        ),
        (
            "xx",
            expect![[r#"18 20 days it kosten lieferungen takes to"#]],
        ),
    ] {
        let Content::Caller(line) = &mut entries[1].content else {
            unreachable!("the caller asks");
        };
        line.text = "Lieferungen: Kosten?".to_owned();
        line.language = Some(Language::new(language));
        check(&entries, expected);
    }
}

#[test]
fn a_question_finds_its_words_in_any_language() {
    let mut terms = BTreeSet::new();
    add(&mut terms, "shipped to M\u{DC}NCHEN", "en");
    add(&mut terms, "zwei Lieferungen", "de");
    add(&mut terms, "klingon ships9", "tlh");
    add(
        &mut terms,
        "iPhone\u{624B}\u{673A}\u{58F3} \u{D55C}\u{AD6D}\u{C5B4}",
        "zh",
    );
    for (text, found) in [
        ("shipping", true),
        ("m\u{FC}nchen ships", true),
        ("lieferung", true),
        ("lieferung nothing", false),
        ("KLINGON", true),
        ("klingons", false),
        ("\u{624B}\u{673A}", true),
        ("\u{673A}", true),
        ("\u{624B}\u{58F3}", false),
        ("iphone\u{624B}\u{673A}", true),
        ("\u{D55C}\u{AD6D}", true),
        ("tlh/klingon", false),
    ] {
        let question = Question::of(text).unwrap();
        assert_eq!(question.is_answered_by(&terms), found, "{text}");
    }
    for text in ["", "  ", "\"*(", "-"] {
        assert_eq!(Question::of(text), None, "{text}");
    }
}

#[test]
fn a_long_word_is_cut_off_and_found() {
    let long = "\u{E4}".repeat(1000);
    let mut terms = BTreeSet::new();
    add(&mut terms, &long, "xx");
    assert_eq!(terms.first().unwrap().len(), LONGEST);
    assert!(Question::of(&long).unwrap().is_answered_by(&terms));
}

fn check(entries: &[Entry], expected: Expect) {
    let terms = of(entries).into_iter().collect::<Vec<_>>();
    expected.assert_eq(&terms.join(" "));
}
