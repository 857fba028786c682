use crossterm::event::KeyEventState;
use expect_test::{Expect, expect};

use super::*;

#[test]
fn characters_and_enter_make_a_line() {
    check(
        "h i space ö Enter x",
        expect![[r#"
        h▏
        hi▏
        hi ▏
        hi ö▏
        entered "hi ö"
        x▏
    "#]],
    );
}

#[test]
fn text_is_inserted_and_removed_where_the_cursor_is() {
    check(
        "a c Left b Right 洛 Backspace Home Delete End Backspace",
        expect![[r#"
        a▏
        ac▏
        a▏c
        ab▏c
        abc▏
        abc洛▏
        abc▏
        ▏abc
        ▏bc
        bc▏
        b▏
    "#]],
    );
}

#[test]
fn nothing_happens_beyond_the_ends() {
    check(
        "Backspace Delete Left Right ^u ^w",
        expect![[r#"
        nothing
        nothing
        ▏
        ▏
        nothing
        nothing
    "#]],
    );
}

#[test]
fn a_word_and_the_line_before_the_cursor_are_removed_at_once() {
    check(
        "a space ö space space ^w ^w b c Left ^u",
        expect![[r#"
        a▏
        a ▏
        a ö▏
        a ö ▏
        a ö  ▏
        a ▏
        ▏
        b▏
        bc▏
        b▏c
        ▏c
    "#]],
    );
}

#[test]
fn the_call_is_hung_up_by_its_keys() {
    check(
        "a ^d ^a ^d ^d",
        expect![[r#"
        a▏
        nothing
        ▏a
        ▏
        hang up
    "#]],
    );
    check(
        "a ^c",
        expect![[r#"
        a▏
        hang up
    "#]],
    );
}

#[test]
fn the_release_of_a_key_is_no_key() {
    let mut editor = LineEditor::default();
    let release = KeyEvent {
        code: KeyCode::Char('a'),
        modifiers: KeyModifiers::NONE,
        kind: KeyEventKind::Release,
        state: KeyEventState::NONE,
    };
    assert_eq!(editor.press(release), Edit::Nothing);
}

/// Presses keys by name; the trace shows the cursor as `▏`.
fn check(keys: &str, expected: Expect) {
    let mut editor = LineEditor::default();
    let mut trace = String::new();
    for key in keys.split(' ') {
        let line = match editor.press(named(key)) {
            Edit::Nothing => "nothing".to_owned(),
            Edit::Moved | Edit::Changed => {
                let (before, after) = editor.text().split_at(editor.cursor());
                format!("{before}▏{after}")
            }
            Edit::Entered(text) => format!("entered {text:?}"),
            Edit::HangUp => "hang up".to_owned(),
        };
        trace.push_str(&line);
        trace.push('\n');
    }
    expected.assert_eq(&trace);
}

fn named(key: &str) -> KeyEvent {
    let (code, modifiers) = match key {
        "Enter" => (KeyCode::Enter, KeyModifiers::NONE),
        "Backspace" => (KeyCode::Backspace, KeyModifiers::NONE),
        "Delete" => (KeyCode::Delete, KeyModifiers::NONE),
        "Left" => (KeyCode::Left, KeyModifiers::NONE),
        "Right" => (KeyCode::Right, KeyModifiers::NONE),
        "Home" => (KeyCode::Home, KeyModifiers::NONE),
        "End" => (KeyCode::End, KeyModifiers::NONE),
        "space" => (KeyCode::Char(' '), KeyModifiers::NONE),
        key => match key.strip_prefix('^') {
            Some(key) => (KeyCode::Char(only(key)), KeyModifiers::CONTROL),
            None => (KeyCode::Char(only(key)), KeyModifiers::NONE),
        },
    };
    KeyEvent::new(code, modifiers)
}

fn only(key: &str) -> char {
    assert_eq!(key.chars().count(), 1, "no key is named {key:?}");
    key.chars().next().unwrap()
}
