use super::*;

/// A reply that is being written and heard.
const SPEAKING: &str = r#"
    greeted
    2.0 caller Which plans?
    2.1 found
    2.2 wrote "We have three. The first is Basic, with ten users. "
    2.3 wrote "The second is Team."
"#;

#[test]
fn an_interruption_stops_the_model_and_keeps_what_was_heard() {
    speaking(
        r#"
        5.0 interrupts The first is Basic
        5.0 wrote " The third"
        6.0 caller Just the cheapest
        6.1 found
        "#,
        expect![[r#"
            5.0 interrupts The first is Basic
                drop 1
                abandon 1
                record #3 turn 1 at 2.2 agent Reply "We have three. The first is Basic," of "We have three. The first is Basic, with ten users. The second is Team." (Reported)
            5.0 wrote " The third"
            6.0 caller Just the cheapest
                record #4 turn 2 at 6.0 caller Asked "Just the cheapest"
                retrieve 2 "Just the cheapest"
            6.1 found
                reply 2 [A: Hello!] [C: Which plans?] [A: We have three. The first is Basic,--] "Just the cheapest"
        "#]],
    );
}

#[test]
fn an_interruption_after_the_last_word_closes_nothing_twice() {
    speaking(
        "2.4 written\n 5.0 interrupts first is Basic\n 6 caller How much?\n 6.1 found",
        expect![[r#"
            2.4 written
                finish 1
            5.0 interrupts first is Basic
                record #3 turn 1 at 2.2 agent Reply "We have three. The first is Basic," of "We have three. The first is Basic, with ten users. The second is Team." (Reported)
            6 caller How much?
                record #4 turn 2 at 6.0 caller Asked "How much?"
                retrieve 2 "How much?"
            6.1 found
                reply 2 [A: Hello!] [C: Which plans?] [A: We have three. The first is Basic,--] "How much?"
        "#]],
    );
}

#[test]
fn played_words_are_heard_even_where_the_carrier_reports_no_clause() {
    speaking(
        r#"
        2.4 played "We have three. "
        3.0 played "The first is Basic,"
        5.0 interrupts
        "#,
        expect![[r#"
            2.4 played "We have three. "
            3.0 played "The first is Basic,"
            5.0 interrupts
                drop 1
                abandon 1
                record #3 turn 1 at 2.2 agent Reply "We have three. The first is Basic," of "We have three. The first is Basic, with ten users. The second is Team." (Played)
        "#]],
    );
}

#[test]
fn without_any_report_the_pace_of_speech_tells() {
    speaking(
        "5.0 interrupts",
        expect![[r#"
        5.0 interrupts
            drop 1
            abandon 1
            record #3 turn 1 at 2.2 agent Reply "We have three. The first" of "We have three. The first is Basic, with ten users. The second is Team." (Estimated)
    "#]],
    );
}

#[test]
fn the_carriers_duration_beats_the_clock() {
    speaking(
        "5.0 interrupts-after 1.5",
        expect![[r#"
        5.0 interrupts-after 1.5
            drop 1
            abandon 1
            record #3 turn 1 at 2.2 agent Reply "We have three." of "We have three. The first is Basic, with ten users. The second is Team." (Estimated)
    "#]],
    );
}

#[test]
fn an_interruption_before_the_first_word_changes_nothing() {
    check(
        "greeted\n 2 caller Which plans?\n 2.1 found\n 2.2 interrupts\n 2.3 wrote \"Three.\"\n 2.4 written",
        expect![[r#"
                record #0 turn 0 at 0.0 started
            2 caller Which plans?
                record #1 turn 0 at 0.0 agent Greeting "Hello!"
                record #2 turn 1 at 2.0 caller Asked "Which plans?"
                retrieve 1 "Which plans?"
            2.1 found
                reply 1 [A: Hello!] "Which plans?"
            2.2 interrupts
            2.3 wrote "Three."
                say 1 "Three."
            2.4 written
                finish 1
        "#]],
    );
}

#[test]
fn the_greeting_can_be_interrupted() {
    check(
        "greeted\n 0.5 interrupts Hel\n 1 caller How long?",
        expect![[r#"
                record #0 turn 0 at 0.0 started
            0.5 interrupts Hel
                record #1 turn 0 at 0.0 agent Greeting "Hel" of "Hello!" (Reported)
            1 caller How long?
                record #2 turn 1 at 1.0 caller Asked "How long?"
                retrieve 1 "How long?"
        "#]],
    );
}

#[test]
fn a_backchannel_does_not_stop_the_reply() {
    speaking(
        "3 caller Uh-huh.\n 3.1 wrote \" The third is Max.\"\n 3.2 written",
        expect![[r#"
            3 caller Uh-huh.
                record #3 turn 1 at 3.0 caller Backchannel "Uh-huh."
            3.1 wrote " The third is Max."
                say 1 " The third is Max."
            3.2 written
                finish 1
        "#]],
    );
}

#[test]
fn a_backchannel_that_cut_the_voice_lets_the_reply_go_on() {
    speaking(
        "2.4 written\n 3.5 interrupts We have three.\n 4 caller okay\n 12 caller How much?\n 12 found",
        expect![[r#"
            2.4 written
                finish 1
            3.5 interrupts We have three.
                record #3 turn 1 at 2.2 agent Reply "We have three." of "We have three. The first is Basic, with ten users. The second is Team." (Reported)
            4 caller okay
                record #4 turn 1 at 4.0 caller Backchannel "okay"
                say 2 "The first is Basic, with ten users. The second is Team."
                finish 2
            12 caller How much?
                record #5 turn 2 at 4.0 agent Reply "The first is Basic, with ten users. The second is Team."
                record #6 turn 3 at 12.0 caller Asked "How much?"
                retrieve 3 "How much?"
            12 found
                reply 3 [A: Hello!] [C: Which plans?] [A: We have three.] [A: The first is Basic, with ten users. The second is Team.] "How much?"
        "#]],
    );
}

#[test]
fn a_backchannel_that_cut_the_model_lets_it_go_on_from_what_was_heard() {
    speaking(
        "3.5 interrupts We have three.\n 4 caller okay\n 4.2 wrote \" The first is Basic.\"\n 4.3 written\n 20 passes",
        expect![[r#"
            3.5 interrupts We have three.
                drop 1
                abandon 1
                record #3 turn 1 at 2.2 agent Reply "We have three." of "We have three. The first is Basic, with ten users. The second is Team." (Reported)
            4 caller okay
                record #4 turn 1 at 4.0 caller Backchannel "okay"
                reply 2 [A: Hello!] "Which plans?" said "We have three."
            4.2 wrote " The first is Basic."
                say 2 "The first is Basic."
            4.3 written
                finish 2
            (14.4s passed)
                record #5 turn 2 at 4.2 agent Reply "The first is Basic."
                say 3 "Are you there?"
                finish 3
        "#]],
    );
}

#[test]
fn okay_answers_a_question() {
    check(
        r#"
        greeted
        2 caller Can you book it?
        2.1 found
        2.2 wrote "Shall I?"
        2.3 written
        2.9 caller okay
        "#,
        expect![[r#"
                record #0 turn 0 at 0.0 started
            2 caller Can you book it?
                record #1 turn 0 at 0.0 agent Greeting "Hello!"
                record #2 turn 1 at 2.0 caller Asked "Can you book it?"
                retrieve 1 "Can you book it?"
            2.1 found
                reply 1 [A: Hello!] "Can you book it?"
            2.2 wrote "Shall I?"
                say 1 "Shall I?"
            2.3 written
                finish 1
            2.9 caller okay
                record #3 turn 1 at 2.2 agent Reply "Shall I?"
                record #4 turn 2 at 2.9 caller Asked "okay"
                retrieve 2 "okay"
        "#]],
    );
}

#[test]
fn a_hello_while_the_reply_is_on_its_way_does_not_cancel_it() {
    check(
        "greeted\n 2 caller How long?\n 2.1 found\n 4 caller Hello?\n 4.1 wrote \"Days.\"\n 4.2 written",
        expect![[r#"
                record #0 turn 0 at 0.0 started
            2 caller How long?
                record #1 turn 0 at 0.0 agent Greeting "Hello!"
                record #2 turn 1 at 2.0 caller Asked "How long?"
                retrieve 1 "How long?"
            2.1 found
                reply 1 [A: Hello!] "How long?"
            4 caller Hello?
                record #3 turn 1 at 4.0 caller Waiting "Hello?"
            4.1 wrote "Days."
                say 1 "Days."
            4.2 written
                finish 1
        "#]],
    );
}

#[test]
fn a_caller_who_talks_on_without_an_interruption_gets_a_new_reply() {
    speaking(
        "3 caller Stop, how much is Team?\n 3.1 found",
        expect![[r#"
            3 caller Stop, how much is Team?
                drop 1
                finish 1
                record #3 turn 1 at 2.2 agent Reply "We have three. The first is Basic, with ten users. The second is Team."
                record #4 turn 2 at 3.0 caller Asked "Stop, how much is Team?"
                retrieve 2 "Stop, how much is Team?"
            3.1 found
                reply 2 [A: Hello!] [C: Which plans?] [A: We have three. The first is Basic, with ten users. The second is Team.--] "Stop, how much is Team?"
        "#]],
    );
}

fn speaking(script: &str, expected: Expect) {
    let shown = play(profile(), SPEAKING).trace;
    let all = play(profile(), &format!("{SPEAKING}{script}")).trace;
    expected.assert_eq(all.strip_prefix(&shown).unwrap());
}

#[test]
fn yeah_answers_a_question_that_was_cut_off() {
    check(
        r#"
        greeted
        2 caller My ship sank
        2.1 found
        2.2 wrote "Shall I connect you with a colleague?"
        2.3 written
        5 interrupts Shall I connect you
        5.5 caller yeah
        "#,
        expect![[r#"
                record #0 turn 0 at 0.0 started
            2 caller My ship sank
                record #1 turn 0 at 0.0 agent Greeting "Hello!"
                record #2 turn 1 at 2.0 caller Asked "My ship sank"
                retrieve 1 "My ship sank"
            2.1 found
                reply 1 [A: Hello!] "My ship sank"
            2.2 wrote "Shall I connect you with a colleague?"
                say 1 "Shall I connect you with a colleague?"
            2.3 written
                finish 1
            5 interrupts Shall I connect you
                record #3 turn 1 at 2.2 agent Reply "Shall I connect you" of "Shall I connect you with a colleague?" (Reported)
            5.5 caller yeah
                record #4 turn 2 at 5.5 caller Asked "yeah"
                retrieve 2 "yeah"
        "#]],
    );
}

#[test]
fn a_noise_does_not_end_the_reply() {
    speaking(
        "2.4 written\n 3.5 interrupts We have three.\n 8 passes",
        expect![[r#"
            2.4 written
                finish 1
            3.5 interrupts We have three.
                record #3 turn 1 at 2.2 agent Reply "We have three." of "We have three. The first is Basic, with ten users. The second is Team." (Reported)
            (7.5s passed)
                say 2 "The first is Basic, with ten users. The second is Team."
                finish 2
        "#]],
    );
}

#[test]
fn an_interruption_of_what_was_said_before_comes_too_late() {
    speaking(
        r#"
        2.4 written
        6.0 caller How much?
        6.1 found
        6.2 wrote "Nine dollars."
        6.3 interrupts The second is
        "#,
        expect![[r#"
            2.4 written
                finish 1
            6.0 caller How much?
                record #3 turn 1 at 2.2 agent Reply "We have three. The first is Basic, with ten users. The second is Team."
                record #4 turn 2 at 6.0 caller Asked "How much?"
                retrieve 2 "How much?"
            6.1 found
                reply 2 [A: Hello!] [C: Which plans?] [A: We have three. The first is Basic, with ten users. The second is Team.] "How much?"
            6.2 wrote "Nine dollars."
                say 2 "Nine dollars."
            6.3 interrupts The second is
        "#]],
    );
}
