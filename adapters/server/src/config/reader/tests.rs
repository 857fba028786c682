use expect_test::{Expect, expect};

use super::*;

#[test]
fn names_are_alike_or_not() {
    let known = ["voice", "tts_provider", "hints", "language"];
    let near = [
        "voise",
        "voce",
        "provider",
        "tts_providr",
        "hint",
        "lang",
        "colour",
        "",
    ];
    let near = near.map(|name| format!("{name:?} -> {:?}\n", nearest(name, &known)));
    check(
        &near.concat(),
        expect![[r#"
        "voise" -> Some("voice")
        "voce" -> Some("voice")
        "provider" -> Some("tts_provider")
        "tts_providr" -> Some("tts_provider")
        "hint" -> Some("hints")
        "lang" -> Some("language")
        "colour" -> None
        "" -> None
    "#]],
    );
}

fn check(text: &str, expected: Expect) {
    expected.assert_eq(text);
}
