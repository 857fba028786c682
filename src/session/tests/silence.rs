use super::*;

#[test]
fn a_silent_caller_is_nudged_and_then_let_go() {
    check(
        "greeted\n 60 passes",
        expect![[r#"
            record #0 turn 0 at 0.0 started
        (8.9s passed)
            record #1 turn 0 at 0.0 agent Greeting "Hello!"
            say 1 "Are you there?"
            finish 1
        (18.6s passed)
            record #2 turn 1 at 8.9 agent Nudge "Are you there?"
            say 2 "Are you there?"
            finish 2
        (28.3s passed)
            record #3 turn 2 at 18.6 agent Nudge "Are you there?"
            say firmly 3 "Goodbye!"
            finish 3
        (30.4s passed)
            record #4 turn 3 at 28.3 agent Farewell "Goodbye!"
            end Silent
            record #5 turn 3 at 30.4 ended silent after 0 turns
    "#]],
    );
}

#[test]
fn a_caller_who_speaks_is_not_nudged() {
    check(
        "greeted\n 8 speaking\n 15 speaking\n 22 caller How long?",
        expect![[r#"
                record #0 turn 0 at 0.0 started
            8 speaking
            15 speaking
            22 caller How long?
                record #1 turn 0 at 0.0 agent Greeting "Hello!"
                record #2 turn 1 at 22.0 caller Asked "How long?"
                retrieve 1 "How long?"
        "#]],
    );
}

#[test]
fn patience_begins_when_the_voice_stops() {
    check(
        r#"
        greeted
        2 caller How long?
        2.1 found
        2.2 wrote "Days."
        2.3 written
        2.5 voice-on
        7.0 voice-off
        14.9 passes
        15.1 passes
        "#,
        expect![[r#"
                record #0 turn 0 at 0.0 started
            2 caller How long?
                record #1 turn 0 at 0.0 agent Greeting "Hello!"
                record #2 turn 1 at 2.0 caller Asked "How long?"
                retrieve 1 "How long?"
            2.1 found
                reply 1 [A: Hello!] "How long?"
            2.2 wrote "Days."
                say 1 "Days."
            2.3 written
                finish 1
            2.5 voice-on
            7.0 voice-off
                record #3 turn 1 at 2.2 agent Reply "Days."
            (15s passed)
                say 2 "Are you there?"
                finish 2
        "#]],
    );
}

#[test]
fn a_voice_that_stops_before_the_words_arrived_does_not_count() {
    check(
        "greeted\n 2 caller How long?\n 2.1 found\n 2.2 wrote \"It takes eighteen days.\"\n 2.3 written\n 2.35 voice-off",
        expect![[r#"
                record #0 turn 0 at 0.0 started
            2 caller How long?
                record #1 turn 0 at 0.0 agent Greeting "Hello!"
                record #2 turn 1 at 2.0 caller Asked "How long?"
                retrieve 1 "How long?"
            2.1 found
                reply 1 [A: Hello!] "How long?"
            2.2 wrote "It takes eighteen days."
                say 1 "It takes eighteen days."
            2.3 written
                finish 1
            2.35 voice-off
        "#]],
    );
}
