use expect_test::{Expect, expect};

use super::*;
use crate::terminal::paper::Paper;

#[test]
fn words_wrap_under_the_name() {
    check(
        |screen| {
            for word in [
                "Ocean", " freight", " takes", " 18", " to", " 20", " days,", "\n door",
            ] {
                screen.agent_says(word);
            }
        },
        Below::Nothing,
        expect![[r#"
            Ava> Ocean freight takes
                 18 to 20 days, door▏"#]],
    );
}

#[test]
fn an_agent_that_is_cut_off_shows_it_and_the_next_line_is_the_callers() {
    check(
        |screen| {
            for word in ["It", " takes", " 18"] {
                screen.agent_says(word);
            }
            screen.agent_cut();
        },
        Below::Line("wait", 4),
        expect![[r#"
            Ava> It takes 18—
            you> wait▏"#]],
    );
}

#[test]
fn a_long_line_wraps_and_the_cursor_stands_where_it_is_edited() {
    let text = "do you ship to 洛杉矶 and back? ";
    check(
        |_| {},
        Below::Line(text, text.len()),
        expect![[r#"
            you> do you ship to
                 洛杉矶 and back? ▏"#]],
    );
    check(
        |_| {},
        Below::Line(text, 4),
        expect![[r#"
            you> do y▏ou ship to
                 洛杉矶 and back?"#]],
    );
    let exact = "do you ship to Oslo? ";
    check(
        |_| {},
        Below::Line(exact, exact.len()),
        expect![[r#"
        you> do you ship to Oslo?
             ▏"#]],
    );
}

#[test]
fn a_word_without_end_is_cut() {
    check(
        |screen| screen.caller_said("https://example.com/a/very/long/address"),
        Below::Nothing,
        expect![[r#"
            you> https://example.com/
                 a/very/long/address
            ▏"#]],
    );
}

#[test]
fn typing_while_the_agent_speaks_stands_below_its_words() {
    check(
        |screen| {
            screen.caller_said("hello?");
            screen.agent_says("Goodbye");
            screen.agent_says(" and");
        },
        Below::Line("but", 3),
        expect![[r#"
            you> hello?
            Ava> Goodbye and
            you> but▏"#]],
    );
}

#[test]
fn what_a_terminal_would_obey_is_not_shown() {
    check(
        |screen| screen.agent_says("a\u{1b}[2Jb\u{7}\r\n\tc"),
        Below::Nothing,
        expect!["Ava> a[2Jb c▏"],
    );
}

#[test]
fn each_drawing_replaces_the_one_before() {
    let paper = Paper::default();
    let mut screen = Screen::new("Ava", 26, Look::Dim);
    let mut trace = Vec::new();
    let mut draw = |screen: &mut Screen, below: Below<'_>| {
        screen.draw(&mut paper.clone(), below).unwrap();
        trace.push(paper.show());
    };
    draw(&mut screen, Below::Line("one two three four five six", 3));
    screen.caller_said("one two three four five six");
    draw(&mut screen, Below::Waiting);
    screen.agent_says("Seven");
    draw(&mut screen, Below::Nothing);
    screen.agent_says(" eight nine ten eleven");
    draw(&mut screen, Below::Line("x", 1));
    screen.agent_done();
    screen.note("over");
    draw(&mut screen, Below::Nothing);
    expect![[r#"
        you> one▏ two three four
             five six
        ~
        you> one two three four
             five six
        …▏
        ~
        you> one two three four
             five six
        Ava> Seven▏
        ~
        you> one two three four
             five six
        Ava> Seven eight nine ten
             eleven
        you> x▏
        ~
        you> one two three four
             five six
        Ava> Seven eight nine ten
             eleven
        over
        ▏"#]]
    .assert_eq(&trace.join("\n~\n"));
}

/// Draws on a terminal of 26 columns.
fn check(said: impl FnOnce(&mut Screen), below: Below<'_>, expected: Expect) {
    let mut paper = Paper::default();
    let mut screen = Screen::new("Ava", 26, Look::Plain);
    said(&mut screen);
    screen.draw(&mut paper, below).unwrap();
    expected.assert_eq(&paper.show());
}
