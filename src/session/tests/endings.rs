use super::*;

#[test]
fn goodbye_is_said_before_the_line_is_cut() {
    check(
        "greeted\n 2 caller Thanks, bye\n 2.2 voice-on\n 3.2 voice-off",
        expect![[r#"
                record #0 turn 0 at 0.0 started
            2 caller Thanks, bye
                record #1 turn 0 at 0.0 agent Greeting "Hello!"
                record #2 turn 1 at 2.0 caller Asked "Thanks, bye"
                say firmly 2 "Goodbye!"
                finish 2
            2.2 voice-on
            3.2 voice-off
                record #3 turn 2 at 2.0 agent Farewell "Goodbye!"
                end Goodbye
                record #4 turn 2 at 3.2 ended goodbye after 1 turns
        "#]],
    );
}

#[test]
fn goodbye_ends_the_call_even_if_the_carrier_reports_nothing() {
    check(
        "greeted\n 2 caller bye\n 9 passes",
        expect![[r#"
            record #0 turn 0 at 0.0 started
        2 caller bye
            record #1 turn 0 at 0.0 agent Greeting "Hello!"
            record #2 turn 1 at 2.0 caller Asked "bye"
            say firmly 2 "Goodbye!"
            finish 2
        (4.1s passed)
            record #3 turn 2 at 2.0 agent Farewell "Goodbye!"
            end Goodbye
            record #4 turn 2 at 4.1 ended goodbye after 1 turns
    "#]],
    );
}

#[test]
fn one_more_thing_calls_the_agent_back() {
    check(
        "greeted\n 2 caller bye\n 2.1 interrupts\n 2.5 caller One more thing\n 2.6 found",
        expect![[r#"
                record #0 turn 0 at 0.0 started
            2 caller bye
                record #1 turn 0 at 0.0 agent Greeting "Hello!"
                record #2 turn 1 at 2.0 caller Asked "bye"
                say firmly 2 "Goodbye!"
                finish 2
            2.1 interrupts
            2.5 caller One more thing
                record #3 turn 2 at 2.0 agent Farewell "Goodbye!"
                record #4 turn 3 at 2.5 caller Asked "One more thing"
                retrieve 3 "One more thing"
            2.6 found
                reply 3 [A: Hello!] [C: bye] [A: Goodbye!] "One more thing"
        "#]],
    );
}

#[test]
fn a_caller_who_wants_a_person_is_passed_on_with_a_summary() {
    check(
        r#"
        greeted
        2 caller How long?
        2.1 found
        2.2 wrote "Days."
        2.3 written
        6 caller Give me a human
        9 caller Hello?
        20 passes
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
            6 caller Give me a human
                record #3 turn 1 at 2.2 agent Reply "Days."
                record #4 turn 2 at 6.0 caller Asked "Give me a human"
                say firmly 3 "A colleague takes over."
                finish 3
            9 caller Hello?
                record #5 turn 3 at 9.0 caller Waiting "Hello?"
            (9.6s passed)
                record #6 turn 3 at 6.0 agent Farewell "A colleague takes over."
                end HandedOff(Handoff { reason: "the caller asks for a person", summary: "Agent: Hello!\nCaller: How long?\nAgent: Days.\nCaller: Give me a human" })
                record #7 turn 3 at 9.6 ended handed_off after 2 turns
        "#]],
    );
}

#[test]
fn the_key_for_a_person_works_at_once() {
    check(
        "greeted\n 2 key 0",
        expect![[r#"
                record #0 turn 0 at 0.0 started
            2 key 0
                record #1 turn 0 at 0.0 agent Greeting "Hello!"
                record #2 turn 0 at 2.0 caller Keys "0"
                say firmly 1 "A colleague takes over."
                finish 1
        "#]],
    );
}

#[test]
fn a_model_hands_over_after_its_words() {
    check(
        "greeted\n 2 caller My ship sank\n 2.1 found\n 2.2 calls hand_over reason=loss\n 2.3 wrote \"Oh no.\"\n 2.4 written",
        expect![[r#"
                record #0 turn 0 at 0.0 started
            2 caller My ship sank
                record #1 turn 0 at 0.0 agent Greeting "Hello!"
                record #2 turn 1 at 2.0 caller Asked "My ship sank"
                retrieve 1 "My ship sank"
            2.1 found
                reply 1 [A: Hello!] "My ship sank"
            2.2 calls hand_over reason=loss
            2.3 wrote "Oh no."
                say 1 "Oh no."
            2.4 written
                finish 1
                record #3 turn 1 at 2.3 agent Reply "Oh no."
                say firmly 2 "A colleague takes over."
                finish 2
        "#]],
    );
}

#[test]
fn a_model_that_ends_the_call_says_goodbye_itself_or_the_agent_does() {
    check(
        "greeted\n 2 caller That is all\n 2.1 found\n 2.2 wrote \"Take care!\"\n 2.3 calls end_call\n 2.4 written",
        expect![[r#"
                record #0 turn 0 at 0.0 started
            2 caller That is all
                record #1 turn 0 at 0.0 agent Greeting "Hello!"
                record #2 turn 1 at 2.0 caller Asked "That is all"
                retrieve 1 "That is all"
            2.1 found
                reply 1 [A: Hello!] "That is all"
            2.2 wrote "Take care!"
                say 1 "Take care!"
            2.3 calls end_call
            2.4 written
                finish 1
        "#]],
    );
    check(
        "greeted\n 2 caller That is all\n 2.1 found\n 2.3 calls end_call\n 2.4 written",
        expect![[r#"
                record #0 turn 0 at 0.0 started
            2 caller That is all
                record #1 turn 0 at 0.0 agent Greeting "Hello!"
                record #2 turn 1 at 2.0 caller Asked "That is all"
                retrieve 1 "That is all"
            2.1 found
                reply 1 [A: Hello!] "That is all"
            2.3 calls end_call
            2.4 written
                say firmly 1 "Goodbye!"
                finish 1
        "#]],
    );
}

#[test]
fn a_caller_who_hangs_up_in_mid_reply_heard_what_was_spoken() {
    check(
        "greeted\n 2 caller How long?\n 2.1 found\n 2.2 wrote \"It takes eighteen days.\"\n 3.6 hangs-up\n 3.7 wrote \" More.\"",
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
            3.6 hangs-up
                drop 1
                record #3 turn 1 at 2.2 agent Reply "It takes" of "It takes eighteen days." (Estimated)
                record #4 turn 1 at 3.6 ended hung_up after 1 turns
            3.7 wrote " More."
        "#]],
    );
}

#[test]
fn a_lost_line_ends_the_session() {
    check(
        "greeted\n 2 caller How long?\n 2.05 lost reset by peer",
        expect![[r#"
                record #0 turn 0 at 0.0 started
            2 caller How long?
                record #1 turn 0 at 0.0 agent Greeting "Hello!"
                record #2 turn 1 at 2.0 caller Asked "How long?"
                retrieve 1 "How long?"
            2.05 lost reset by peer
                drop 1
                record #3 turn 1 at 2.0 ended failed after 1 turns
        "#]],
    );
}

#[test]
fn a_server_that_stops_says_so_and_cannot_be_stopped() {
    check(
        "greeted\n 2 caller How long?\n 2.1 found\n 2.2 wrote \"It takes\"\n 2.3 closes\n 2.4 caller wait\n 9 passes",
        expect![[r#"
                record #0 turn 0 at 0.0 started
            2 caller How long?
                record #1 turn 0 at 0.0 agent Greeting "Hello!"
                record #2 turn 1 at 2.0 caller Asked "How long?"
                retrieve 1 "How long?"
            2.1 found
                reply 1 [A: Hello!] "How long?"
            2.2 wrote "It takes"
                say 1 "It takes"
            2.3 closes
                drop 1
                finish 1
                record #3 turn 1 at 2.2 agent Reply "It takes"
                say firmly 2 "I have to close."
                finish 2
            2.4 caller wait
                record #4 turn 2 at 2.4 caller Waiting "wait"
            (5.9s passed)
                record #5 turn 2 at 2.3 agent Farewell "I have to close."
                end Shutdown
                record #6 turn 2 at 5.9 ended shutdown after 1 turns
        "#]],
    );
}

#[test]
fn a_call_has_a_longest_duration_and_a_last_turn() {
    let short = Profile {
        bounds: Bounds {
            duration: Duration::from_secs(5),
            ..profile().bounds
        },
        ..profile()
    };
    check_with(
        short,
        "greeted\n 20 passes",
        expect![[r#"
            record #0 turn 0 at 0.0 started
        (5s passed)
            record #1 turn 0 at 0.0 agent Greeting "Hello!"
            say firmly 1 "I have to close."
            finish 1
        (7.9s passed)
            record #2 turn 1 at 5.0 agent Farewell "I have to close."
            end Exhausted
            record #3 turn 1 at 7.9 ended exhausted after 0 turns
    "#]],
    );
    let few = Profile {
        bounds: Bounds {
            turns: 1,
            ..profile().bounds
        },
        ..profile()
    };
    check_with(
        few,
        "greeted\n 2 caller How long?\n 2.1 found\n 2.2 wrote \"Days.\"\n 2.3 written\n 4 caller By air?",
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
            4 caller By air?
                record #3 turn 1 at 2.2 agent Reply "Days."
                record #4 turn 2 at 4.0 caller Asked "By air?"
                say firmly 3 "I have to close."
                finish 3
        "#]],
    );
}

#[test]
fn an_uh_huh_cannot_call_back_a_hand_over() {
    check(
        r#"
        greeted
        2 caller How long?
        2.1 found
        2.2 wrote "It takes 18 days to get there by sea."
        2.3 written
        3.5 interrupts It takes
        4 key 0
        4.5 caller okay
        20 passes
        "#,
        expect![[r#"
                record #0 turn 0 at 0.0 started
            2 caller How long?
                record #1 turn 0 at 0.0 agent Greeting "Hello!"
                record #2 turn 1 at 2.0 caller Asked "How long?"
                retrieve 1 "How long?"
            2.1 found
                reply 1 [A: Hello!] "How long?"
            2.2 wrote "It takes 18 days to get there by sea."
                say 1 "It takes 18 days to get there by sea."
            2.3 written
                finish 1
            3.5 interrupts It takes
                record #3 turn 1 at 2.2 agent Reply "It takes" of "It takes 18 days to get there by sea." (Reported)
            4 key 0
                record #4 turn 1 at 4.0 caller Keys "0"
                say firmly 2 "A colleague takes over."
                finish 2
            4.5 caller okay
                record #5 turn 2 at 4.5 caller Waiting "okay"
            (7.6s passed)
                record #6 turn 2 at 4.0 agent Farewell "A colleague takes over."
                end HandedOff(Handoff { reason: "the caller pressed the key for a person", summary: "Agent: Hello!\nCaller: How long?\nAgent: It takes" })
                record #7 turn 2 at 7.6 ended handed_off after 1 turns
        "#]],
    );
}

#[test]
fn a_key_that_is_reported_before_its_interruption_still_hands_over() {
    check(
        "greeted\n 0.5 key 0\n 0.6 interrupts Hel\n 20 passes",
        expect![[r#"
                record #0 turn 0 at 0.0 started
            0.5 key 0
                record #1 turn 0 at 0.0 agent Greeting "Hello!"
                record #2 turn 0 at 0.5 caller Keys "0"
                say firmly 1 "A colleague takes over."
                finish 1
            0.6 interrupts Hel
            (4.2s passed)
                record #3 turn 1 at 0.5 agent Farewell "A colleague takes over."
                end HandedOff(Handoff { reason: "the caller pressed the key for a person", summary: "Agent: Hello!" })
                record #4 turn 1 at 4.2 ended handed_off after 0 turns
        "#]],
    );
}

#[test]
fn the_line_is_cut_after_everything_that_was_said() {
    check(
        r#"
        greeted
        2 caller My ship sank
        2.1 found
        2.2 wrote "I am so sorry to hear that. Somebody will look into it with you at once."
        2.3 calls hand_over reason=loss
        2.4 written
        60 passes
        "#,
        expect![[r#"
                record #0 turn 0 at 0.0 started
            2 caller My ship sank
                record #1 turn 0 at 0.0 agent Greeting "Hello!"
                record #2 turn 1 at 2.0 caller Asked "My ship sank"
                retrieve 1 "My ship sank"
            2.1 found
                reply 1 [A: Hello!] "My ship sank"
            2.2 wrote "I am so sorry to hear that. Somebody will look into it with you at once."
                say 1 "I am so sorry to hear that. Somebody will look into it with you at once."
            2.3 calls hand_over reason=loss
            2.4 written
                finish 1
                record #3 turn 1 at 2.2 agent Reply "I am so sorry to hear that. Somebody will look into it with you at once."
                say firmly 2 "A colleague takes over."
                finish 2
            (13s passed)
                record #4 turn 2 at 2.4 agent Farewell "A colleague takes over."
                end HandedOff(Handoff { reason: "loss", summary: "Agent: Hello!\nCaller: My ship sank\nAgent: I am so sorry to hear that. Somebody will look into it with you at once." })
                record #5 turn 2 at 13.0 ended handed_off after 1 turns
        "#]],
    );
}

#[test]
fn a_bye_is_not_answered_again_and_again() {
    check(
        "greeted\n 2 caller bye\n 2.5 caller bye\n 20 passes",
        expect![[r#"
                record #0 turn 0 at 0.0 started
            2 caller bye
                record #1 turn 0 at 0.0 agent Greeting "Hello!"
                record #2 turn 1 at 2.0 caller Asked "bye"
                say firmly 2 "Goodbye!"
                finish 2
            2.5 caller bye
                record #3 turn 2 at 2.5 caller Waiting "bye"
            (4.1s passed)
                record #4 turn 2 at 2.0 agent Farewell "Goodbye!"
                end Goodbye
                record #5 turn 2 at 4.1 ended goodbye after 1 turns
        "#]],
    );
}

#[test]
fn a_goodbye_that_was_cut_off_by_a_noise_is_still_one() {
    check(
        r#"
        greeted
        2 caller That is all
        2.1 found
        2.2 wrote "Have a very nice day and take care."
        2.3 calls end_call
        2.4 written
        4.0 interrupts Have a very
        30 passes
        "#,
        expect![[r#"
                record #0 turn 0 at 0.0 started
            2 caller That is all
                record #1 turn 0 at 0.0 agent Greeting "Hello!"
                record #2 turn 1 at 2.0 caller Asked "That is all"
                retrieve 1 "That is all"
            2.1 found
                reply 1 [A: Hello!] "That is all"
            2.2 wrote "Have a very nice day and take care."
                say 1 "Have a very nice day and take care."
            2.3 calls end_call
            2.4 written
                finish 1
            4.0 interrupts Have a very
                record #3 turn 1 at 2.2 agent Reply "Have a very" of "Have a very nice day and take care." (Reported)
            (8s passed)
                say 2 "nice day and take care."
                finish 2
            (11.6s passed)
                record #4 turn 2 at 8.0 agent Reply "nice day and take care."
                end Goodbye
                record #5 turn 2 at 11.6 ended goodbye after 1 turns
        "#]],
    );
}

#[test]
fn keys_that_nothing_follows_are_kept() {
    check(
        "greeted\n 2 key 1\n 2.5 key 2\n 3 hangs-up",
        expect![[r#"
            record #0 turn 0 at 0.0 started
        2 key 1
        2.5 key 2
        3 hangs-up
            record #1 turn 0 at 3.0 caller Keys "12"
            record #2 turn 0 at 0.0 agent Greeting "Hello!"
            record #3 turn 0 at 3.0 ended hung_up after 0 turns
    "#]],
    );
}
