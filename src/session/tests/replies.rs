use super::*;
use crate::ports::retriever::Outcome;
use crate::session::replying::unfound;
use crate::speech::Style;

#[test]
fn a_caller_asks_and_the_documents_answer() {
    check(
        r#"
        greeted
        2.0 caller How long to Los Angeles?
        2.1 found 18 to 20 days.
        2.5 wrote "It takes"
        2.6 wrote " 18 days."
        2.7 written
        8.0 caller And to Sydney?
        "#,
        expect![[r#"
                record #0 turn 0 at 0.0 started
            2.0 caller How long to Los Angeles?
                record #1 turn 0 at 0.0 agent Greeting "Hello!"
                record #2 turn 1 at 2.0 caller Asked "How long to Los Angeles?"
                retrieve 1 "How long to Los Angeles?"
            2.1 found 18 to 20 days.
                reply 1 [A: Hello!] <18 to 20 days.> "How long to Los Angeles?"
            2.5 wrote "It takes"
                say 1 "It takes"
            2.6 wrote " 18 days."
                say 1 " 18 days."
            2.7 written
                finish 1
            8.0 caller And to Sydney?
                record #3 turn 1 at 2.5 agent Reply "It takes 18 days."
                record #4 turn 2 at 8.0 caller Asked "And to Sydney?"
                retrieve 2 "And to Sydney?"
        "#]],
    );
}

#[test]
fn the_session_greets_where_the_carrier_does_not() {
    check(
        "greet\n 1.0 hangs-up",
        expect![[r#"
            record #0 turn 0 at 0.0 started
            say 0 "Hello!"
            finish 0
        1.0 hangs-up
            record #1 turn 0 at 0.0 agent Greeting "Hello!"
            record #2 turn 0 at 1.0 ended hung_up after 0 turns
    "#]],
    );
}

#[test]
fn a_call_that_goes_on_remembers() {
    let mut first = play(
        profile(),
        "greeted\n 2 caller How long?\n 2.1 found\n 2.2 wrote \"Days.\"\n 2.3 written\n 9 lost reset",
    );
    let memory = first.session.memory(Duration::ZERO);
    first.trace.clear();
    let (session, actions) = Session::begin(
        call(),
        Opening::Resume(memory),
        Arc::new(profile()),
        "".into(),
    );
    first.session = session;
    first.show(actions);
    let event = first.event("caller By air?");
    first.happen("caller By air?", event, Duration::from_secs(2));
    let event = first.event("found");
    first.happen("found", event, Duration::from_secs(2));
    expect![[r#"
            record #0 turn 0 at 0.0 started
            say 2 "I am back."
            finish 2
        caller By air?
            record #1 turn 2 at 0.0 agent Greeting "I am back."
            record #2 turn 3 at 2.0 caller Asked "By air?"
            retrieve 3 "By air?"
        found
            reply 3 [A: Hello!] [C: How long?] [A: Days.] [A: I am back.] "By air?"
    "#]]
    .assert_eq(&first.trace);
}

#[test]
fn late_knowledge_is_no_knowledge() {
    check(
        r#"
        greeted
        2.0 caller How long?
        2.6 found Too late.
        2.7 wrote "Long."
        2.8 written
        "#,
        expect![[r#"
                record #0 turn 0 at 0.0 started
            2.0 caller How long?
                record #1 turn 0 at 0.0 agent Greeting "Hello!"
                record #2 turn 1 at 2.0 caller Asked "How long?"
                retrieve 1 "How long?"
            (2.5s passed)
                reply 1 [A: Hello!] "How long?"
            2.6 found Too late.
            2.7 wrote "Long."
                say 1 "Long."
            2.8 written
                finish 1
        "#]],
    );
}

#[test]
fn a_retriever_that_fails_does_not_stop_the_turn() {
    check(
        "greeted\n 2.0 caller How long?\n 2.1 fails",
        expect![[r#"
            record #0 turn 0 at 0.0 started
        2.0 caller How long?
            record #1 turn 0 at 0.0 agent Greeting "Hello!"
            record #2 turn 1 at 2.0 caller Asked "How long?"
            retrieve 1 "How long?"
        2.1 fails
            reply 1 [A: Hello!] "How long?"
    "#]],
    );
}

#[test]
fn a_late_reply_is_ignored_by_its_turn() {
    check(
        r#"
        greeted
        2.0 caller How long?
        2.1 found
        2.2 wrote "It"
        2.3 caller By air I mean
        2.4 wrote@1 " takes 18 days"
        2.4 written@1
        2.4 found@1
        2.5 found
        2.5 wrote@1 " 18 days"
        2.5 broke@1
        2.6 wrote "A day."
        2.7 written
        "#,
        expect![[r#"
                record #0 turn 0 at 0.0 started
            2.0 caller How long?
                record #1 turn 0 at 0.0 agent Greeting "Hello!"
                record #2 turn 1 at 2.0 caller Asked "How long?"
                retrieve 1 "How long?"
            2.1 found
                reply 1 [A: Hello!] "How long?"
            2.2 wrote "It"
                say 1 "It"
            2.3 caller By air I mean
                drop 1
                finish 1
                record #3 turn 1 at 2.2 agent Reply "It"
                record #4 turn 2 at 2.3 caller Asked "By air I mean"
                retrieve 2 "By air I mean"
            2.4 wrote@1 " takes 18 days"
            2.4 written@1
            2.4 found@1
            2.5 found
                reply 2 [A: Hello!] [C: How long?] [A: It--] "By air I mean"
            2.5 wrote@1 " 18 days"
            2.5 broke@1
            2.6 wrote "A day."
                say 2 "A day."
            2.7 written
                finish 2
        "#]],
    );
}

#[test]
fn a_caller_who_pauses_asks_one_question() {
    check(
        r#"
        greeted
        2.0 caller How long is it
        2.1 found
        2.4 caller to Los Angeles
        2.5 found
        "#,
        expect![[r#"
                record #0 turn 0 at 0.0 started
            2.0 caller How long is it
                record #1 turn 0 at 0.0 agent Greeting "Hello!"
                record #2 turn 1 at 2.0 caller Asked "How long is it"
                retrieve 1 "How long is it"
            2.1 found
                reply 1 [A: Hello!] "How long is it"
            2.4 caller to Los Angeles
                drop 1
                record #3 turn 2 at 2.4 caller Asked "to Los Angeles"
                retrieve 2 "How long is it to Los Angeles"
            2.5 found
                reply 2 [A: Hello!] "How long is it to Los Angeles"
        "#]],
    );
}

#[test]
fn a_model_that_fails_at_once_draws_an_apology() {
    check(
        "greeted\n 2 caller How long?\n 2.1 found\n 2.2 broke",
        expect![[r#"
                record #0 turn 0 at 0.0 started
            2 caller How long?
                record #1 turn 0 at 0.0 agent Greeting "Hello!"
                record #2 turn 1 at 2.0 caller Asked "How long?"
                retrieve 1 "How long?"
            2.1 found
                reply 1 [A: Hello!] "How long?"
            2.2 broke
                say 1 "Sorry, I cannot answer."
                finish 1
        "#]],
    );
}

#[test]
fn a_model_that_fails_in_mid_reply_draws_an_apology_after_what_was_said() {
    check(
        "greeted\n 2 caller How long?\n 2.1 found\n 2.2 wrote \"It takes\"\n 2.3 broke",
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
            2.3 broke
                say 1 " Sorry, I cannot answer."
                finish 1
        "#]],
    );
}

#[test]
fn a_model_that_says_nothing_in_time_draws_an_apology() {
    check(
        "greeted\n 2 caller How long?\n 2.1 found\n 7.5 wrote \"Late.\"",
        expect![[r#"
                record #0 turn 0 at 0.0 started
            2 caller How long?
                record #1 turn 0 at 0.0 agent Greeting "Hello!"
                record #2 turn 1 at 2.0 caller Asked "How long?"
                retrieve 1 "How long?"
            2.1 found
                reply 1 [A: Hello!] "How long?"
            (7s passed)
                drop 1
                say 1 "Sorry, I cannot answer."
                finish 1
            7.5 wrote "Late."
        "#]],
    );
}

#[test]
fn a_model_that_stalls_in_mid_reply_draws_an_apology() {
    check(
        "greeted\n 2 caller How long?\n 2.1 found\n 3 wrote \"It\"\n 7 passes",
        expect![[r#"
                record #0 turn 0 at 0.0 started
            2 caller How long?
                record #1 turn 0 at 0.0 agent Greeting "Hello!"
                record #2 turn 1 at 2.0 caller Asked "How long?"
                retrieve 1 "How long?"
            2.1 found
                reply 1 [A: Hello!] "How long?"
            3 wrote "It"
                say 1 "It"
            (6s passed)
                drop 1
                say 1 " Sorry, I cannot answer."
                finish 1
        "#]],
    );
}

#[test]
fn a_reply_without_words_is_a_failure() {
    check(
        "greeted\n 2 caller How long?\n 2.1 found\n 2.2 written",
        expect![[r#"
                record #0 turn 0 at 0.0 started
            2 caller How long?
                record #1 turn 0 at 0.0 agent Greeting "Hello!"
                record #2 turn 1 at 2.0 caller Asked "How long?"
                retrieve 1 "How long?"
            2.1 found
                reply 1 [A: Hello!] "How long?"
            2.2 written
                say 1 "Sorry, I cannot answer."
                finish 1
        "#]],
    );
}

#[test]
fn a_slow_reply_is_bridged_by_a_sound() {
    let profile = Profile {
        waiting_sound: Some("https://example.com/typing.mp3".to_owned()),
        ..profile()
    };
    check_with(
        profile,
        "greeted\n 2 caller How long?\n 2.1 found\n 4.5 wrote \"Long.\"\n 4.6 written",
        expect![[r#"
                record #0 turn 0 at 0.0 started
            2 caller How long?
                record #1 turn 0 at 0.0 agent Greeting "Hello!"
                record #2 turn 1 at 2.0 caller Asked "How long?"
                retrieve 1 "How long?"
            2.1 found
                reply 1 [A: Hello!] "How long?"
            (4s passed)
                play https://example.com/typing.mp3
            4.5 wrote "Long."
                say 1 "Long."
            4.6 written
                finish 1
        "#]],
    );
}

#[test]
fn an_endless_reply_is_cut() {
    let long = "x".repeat(150);
    let script = format!(
        "greeted\n 2 caller How long?\n 2.1 found\n 2.2 wrote \"{long}\"\n 2.3 wrote \"{long}\"\n 2.4 wrote \"{long}\""
    );
    let played = play(profile(), &script);
    let Some(Stage::Listening) = Some(&played.session.stage) else {
        panic!("{}", played.trace);
    };
    let delivery = played.session.delivery.unwrap();
    assert_eq!(delivery.line.planned.len(), 200);
}

#[test]
fn keys_are_an_utterance_once_they_are_complete() {
    check(
        r#"
        greeted
        2.0 key 4
        2.5 key 1
        3.0 key #
        3.1 found
        4.0 key 7
        6.5 passes
        "#,
        expect![[r#"
                record #0 turn 0 at 0.0 started
            2.0 key 4
            2.5 key 1
            3.0 key #
                record #1 turn 0 at 0.0 agent Greeting "Hello!"
                record #2 turn 1 at 3.0 caller Keys "41"
                retrieve 1 "[The caller pressed the keys 41]"
            3.1 found
                reply 1 [A: Hello!] "[The caller pressed the keys 41]"
            4.0 key 7
            (6s passed)
                drop 1
                record #3 turn 2 at 6.0 caller Keys "7"
                retrieve 2 "[The caller pressed the keys 41] [The caller pressed the keys 7]"
            (6.5s passed)
                reply 2 [A: Hello!] "[The caller pressed the keys 41] [The caller pressed the keys 7]"
        "#]],
    );
}

#[test]
fn the_agent_follows_the_caller_into_a_language_it_knows() {
    check(
        r#"
        greeted
        2 caller-in de Wie lange?
        2.1 found
        3 caller-in fr Combien de temps?
        "#,
        expect![[r#"
                record #0 turn 0 at 0.0 started
            2 caller-in de Wie lange?
                record #1 turn 0 at 0.0 agent Greeting "Hello!"
                record #2 turn 1 at 2.0 caller Asked "Wie lange?"
                language de-DE
                retrieve 1 "Wie lange?"
            2.1 found
                reply 1 [A: Hello!] "Wie lange?"
            3 caller-in fr Combien de temps?
                drop 1
                record #3 turn 2 at 3.0 caller Asked "Combien de temps?"
                retrieve 2 "Wie lange? Combien de temps?"
        "#]],
    );
}

#[test]
fn a_model_may_change_the_language_and_press_keys() {
    check(
        r#"
        greeted
        2 caller Sprechen Sie Deutsch?
        2.1 found
        2.2 calls speak_language language=de
        2.2 calls press_keys keys=1w2
        2.2 calls press_keys keys=rm
        2.2 calls launch rocket=yes
        2.3 wrote "Ja."
        2.4 written
        "#,
        expect![[r#"
                record #0 turn 0 at 0.0 started
            2 caller Sprechen Sie Deutsch?
                record #1 turn 0 at 0.0 agent Greeting "Hello!"
                record #2 turn 1 at 2.0 caller Asked "Sprechen Sie Deutsch?"
                retrieve 1 "Sprechen Sie Deutsch?"
            2.1 found
                reply 1 [A: Hello!] "Sprechen Sie Deutsch?"
            2.2 calls speak_language language=de
                language de-DE
            2.2 calls press_keys keys=1w2
                press 1w2
            2.2 calls press_keys keys=rm
            2.2 calls launch rocket=yes
            2.3 wrote "Ja."
                say 1 "Ja."
            2.4 written
                finish 1
        "#]],
    );
}

#[test]
fn the_history_is_bounded() {
    let turn = |n: u32| {
        format!("{n}.0 caller Q{n}?\n {n}.1 found\n {n}.2 wrote \"A{n}.\"\n {n}.3 written\n")
    };
    let script = (2..9).map(turn).collect::<String>();
    let played = play(profile(), &format!("greeted\n{script}"));
    let lines = played.session.memory(Duration::ZERO).history;
    let lines: Vec<_> = lines.iter().map(|line| line.text.to_string()).collect();
    expect!["Q6? A6. Q7? A7. Q8?"].assert_eq(&lines.join(" "));
}

#[test]
fn an_endless_utterance_is_cut_between_characters() {
    let played = play(
        profile(),
        &format!("greeted\n 2 caller {}", "ü".repeat(500)),
    );
    assert_eq!(played.session.history.question(), "ü".repeat(100));
}

#[test]
fn an_apology_forgets_what_was_written_and_not_said() {
    let profile = Profile {
        style: Style {
            format: true,
            pace: 10.0,
        },
        ..profile()
    };
    check_with(
        profile,
        "greeted\n 2 caller How much?\n 2.1 found\n 2.2 wrote \"$12\"\n 2.3 broke\n 9 hangs-up",
        expect![[r#"
                record #0 turn 0 at 0.0 started
            2 caller How much?
                record #1 turn 0 at 0.0 agent Greeting "Hello!"
                record #2 turn 1 at 2.0 caller Asked "How much?"
                retrieve 1 "How much?"
            2.1 found
                reply 1 [A: Hello!] "How much?"
            2.2 wrote "$12"
            2.3 broke
                say 1 "Sorry, I cannot"
                say 1 " answer."
                finish 1
            9 hangs-up
                record #3 turn 1 at 2.3 agent Apology "Sorry, I cannot answer."
                record #4 turn 1 at 9.0 ended hung_up after 1 turns
        "#]],
    );
}

#[test]
fn a_reply_that_no_voice_can_speak_is_a_failure() {
    check(
        "greeted\n 2 caller How much?\n 2.1 found\n 2.2 wrote \"***\"\n 2.3 written",
        expect![[r#"
                record #0 turn 0 at 0.0 started
            2 caller How much?
                record #1 turn 0 at 0.0 agent Greeting "Hello!"
                record #2 turn 1 at 2.0 caller Asked "How much?"
                retrieve 1 "How much?"
            2.1 found
                reply 1 [A: Hello!] "How much?"
            2.2 wrote "***"
                say 1 "***"
            2.3 written
                say 1 " Sorry, I cannot answer."
                finish 1
        "#]],
    );
}

#[test]
fn blanks_are_no_first_word() {
    check(
        "greeted\n 2 caller How much?\n 2.1 found\n 6 wrote \" \"\n 6.9 wrote \" \"\n 9 passes",
        expect![[r#"
                record #0 turn 0 at 0.0 started
            2 caller How much?
                record #1 turn 0 at 0.0 agent Greeting "Hello!"
                record #2 turn 1 at 2.0 caller Asked "How much?"
                retrieve 1 "How much?"
            2.1 found
                reply 1 [A: Hello!] "How much?"
            6 wrote " "
            6.9 wrote " "
            (7s passed)
                drop 1
                say 1 "Sorry, I cannot answer."
                finish 1
        "#]],
    );
}

#[test]
fn a_tool_that_was_not_offered_is_not_used() {
    let profile = Profile {
        tools: Arc::from([]),
        ..profile()
    };
    check_with(
        profile,
        "greeted\n 2 caller Bye?\n 2.1 found\n 2.2 calls end_call\n 2.3 wrote \"No.\"\n 2.4 written",
        expect![[r#"
                record #0 turn 0 at 0.0 started
            2 caller Bye?
                record #1 turn 0 at 0.0 agent Greeting "Hello!"
                record #2 turn 1 at 2.0 caller Asked "Bye?"
                retrieve 1 "Bye?"
            2.1 found
                reply 1 [A: Hello!] "Bye?"
            2.2 calls end_call
            2.3 wrote "No."
                say 1 "No."
            2.4 written
                finish 1
        "#]],
    );
}

#[test]
fn a_model_that_only_changes_the_language_is_asked_for_its_words() {
    check(
        r#"
        greeted
        2 caller Deutsch bitte
        2.1 found
        2.2 calls speak_language language=de
        2.3 written
        2.4 wrote "Gern."
        2.5 written
        "#,
        expect![[r#"
                record #0 turn 0 at 0.0 started
            2 caller Deutsch bitte
                record #1 turn 0 at 0.0 agent Greeting "Hello!"
                record #2 turn 1 at 2.0 caller Asked "Deutsch bitte"
                retrieve 1 "Deutsch bitte"
            2.1 found
                reply 1 [A: Hello!] "Deutsch bitte"
            2.2 calls speak_language language=de
                language de-DE
            2.3 written
                reply 1 [A: Hello!] "Deutsch bitte"
            2.4 wrote "Gern."
                say 1 "Gern."
            2.5 written
                finish 1
        "#]],
    );
}

#[test]
fn a_model_that_only_presses_keys_need_not_speak() {
    check(
        "greeted\n 2 caller Press one\n 2.1 found\n 2.2 calls press_keys keys=1\n 2.3 written",
        expect![[r#"
                record #0 turn 0 at 0.0 started
            2 caller Press one
                record #1 turn 0 at 0.0 agent Greeting "Hello!"
                record #2 turn 1 at 2.0 caller Asked "Press one"
                retrieve 1 "Press one"
            2.1 found
                reply 1 [A: Hello!] "Press one"
            2.2 calls press_keys keys=1
                press 1
            2.3 written
        "#]],
    );
}

#[test]
fn the_best_of_the_last_turn_is_there_for_the_next_one_and_no_longer() {
    check(
        r#"
        greeted
        2 caller How long by sea?
        2.1 found sea | rates
        2.2 wrote "18 days."
        2.3 written
        8 caller And by air?
        8.1 found air
        8.2 wrote "Two days."
        8.3 written
        14 caller And by rail?
        14.1 found air | rail
        "#,
        expect![[r#"
                record #0 turn 0 at 0.0 started
            2 caller How long by sea?
                record #1 turn 0 at 0.0 agent Greeting "Hello!"
                record #2 turn 1 at 2.0 caller Asked "How long by sea?"
                retrieve 1 "How long by sea?"
            2.1 found sea | rates
                reply 1 [A: Hello!] <sea> <rates> "How long by sea?"
            2.2 wrote "18 days."
                say 1 "18 days."
            2.3 written
                finish 1
            8 caller And by air?
                record #3 turn 1 at 2.2 agent Reply "18 days."
                record #4 turn 2 at 8.0 caller Asked "And by air?"
                retrieve 2 "And by air?"
            8.1 found air
                reply 2 [A: Hello!] [C: How long by sea?] [A: 18 days.] <air> <sea> "And by air?"
            8.2 wrote "Two days."
                say 2 "Two days."
            8.3 written
                finish 2
            14 caller And by rail?
                record #5 turn 2 at 8.2 agent Reply "Two days."
                record #6 turn 3 at 14.0 caller Asked "And by rail?"
                retrieve 3 "And by rail?"
            14.1 found air | rail
                reply 3 [A: Hello!] [C: How long by sea?] [A: 18 days.] [C: And by air?] [A: Two days.] <air> <rail> "And by rail?"
        "#]],
    );
}

#[test]
fn late_knowledge_leaves_a_note() {
    let mut played = play(profile(), "greeted\n 2 caller How long?\n 9 passes");
    let actions = played
        .session
        .handle(Event::Input(Input::HungUp), Duration::from_secs(60));
    let searches = actions.iter().find_map(|action| match action {
        Action::Record(entry) => match &entry.content {
            Content::Agent(line) => Some(line.searches.clone()),
            Content::Started | Content::Caller(_) | Content::Ended(_) => None,
        },
        _ => None,
    });
    let late = unfound(Outcome::Late, profile().patience.knowledge).searches;
    assert_eq!(searches, Some(late));
}
