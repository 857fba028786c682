use expect_test::{Expect, expect};
use tokio::time::Instant;

use super::*;

#[test]
fn words_are_spoken_at_the_pace_of_speech() {
    check(
        &[
            Step::Say("Ocean freight"),
            Step::Say(" takes 18 days."),
            Step::Finish,
        ],
        expect![[r#"
            0 started
            0 "Ocean"
            500 " freight"
            1300 " takes"
            1900 " 18"
            2200 " days."
            2800 stopped
        "#]],
    );
}

#[test]
fn a_word_waits_until_it_is_whole() {
    check(
        &[
            Step::Say("ship"),
            Step::Wait(1000),
            Step::Say("ment arr"),
            Step::Wait(2000),
            Step::Finish,
        ],
        expect![[r#"
            1000 started
            1000 "shipment"
            3000 " arr"
            3400 stopped
        "#]],
    );
}

#[test]
fn a_stalled_reply_keeps_the_voice_open() {
    check(
        &[
            Step::Say("Well "),
            Step::Wait(5000),
            Step::Say("yes. "),
            Step::Finish,
        ],
        expect![[r#"
            0 started
            0 "Well"
            5000 " yes."
            5500 " "
            5600 stopped
        "#]],
    );
}

#[test]
fn characters_without_spaces_between_words_are_spoken_one_by_one() {
    check(
        &[Step::Say("Ab洛杉 c"), Step::Finish],
        expect![[r#"
            0 started
            0 "Ab"
            200 "洛"
            300 "杉"
            400 " c"
            600 stopped
        "#]],
    );
}

#[test]
fn an_interruption_drops_the_words_that_were_not_spoken() {
    check(
        &[
            Step::Say("It is fine. It takes 18 days."),
            Step::Finish,
            Step::Wait(1800),
            Step::Interrupt,
        ],
        expect![[r#"
            0 started
            0 "It"
            200 " is"
            500 " fine."
            1100 " It"
            1400 " takes"
            1800 cut after 1800
        "#]],
    );
}

#[test]
fn what_must_be_heard_is_not_interrupted() {
    check(
        &[
            Step::Insist("Goodbye now."),
            Step::Finish,
            Step::Wait(300),
            Step::Interrupt,
        ],
        expect![[r#"
            0 started
            0 "Goodbye"
            300 goes on
            700 " now."
            1200 stopped
        "#]],
    );
}

#[test]
fn a_silent_voice_is_not_interrupted() {
    check(
        &[
            Step::Say("Hi."),
            Step::Finish,
            Step::Wait(1000),
            Step::Interrupt,
        ],
        expect![[r#"
            0 started
            0 "Hi."
            300 stopped
            1000 goes on
        "#]],
    );
}

#[test]
fn a_pace_of_nothing_speaks_at_once() {
    let now = Instant::now();
    let mut voice = Voice::new(0.0);
    voice.say("Hello there", true);
    voice.finish();
    while voice.due(now).is_some() {}
    assert!(!voice.is_busy());
}

enum Step {
    Say(&'static str),
    Insist(&'static str),
    Finish,
    /// Lets this many milliseconds pass.
    Wait(u64),
    Interrupt,
}

/// Speaks ten characters a second; the trace begins with milliseconds.
fn check(script: &[Step], expected: Expect) {
    let start = Instant::now();
    let mut now = start;
    let mut voice = Voice::new(10.0);
    let mut trace = String::new();
    for step in script {
        match step {
            Step::Say(text) => voice.say(text, true),
            Step::Insist(text) => voice.say(text, false),
            Step::Finish => voice.finish(),
            Step::Wait(time) => {
                let until = now + Duration::from_millis(*time);
                now = speak(&mut voice, start, now, Some(until), &mut trace);
            }
            Step::Interrupt => {
                let line = match voice.interrupt(now) {
                    Some(after) => format!("cut after {}", after.as_millis()),
                    None => "goes on".to_owned(),
                };
                let at = (now - start).as_millis();
                trace.push_str(&format!("{at} {line}\n"));
            }
        }
    }
    speak(&mut voice, start, now, None, &mut trace);
    expected.assert_eq(&trace);
}

fn speak(
    voice: &mut Voice,
    start: Instant,
    mut now: Instant,
    until: Option<Instant>,
    trace: &mut String,
) -> Instant {
    while let Some(deadline) = voice.deadline(now) {
        if until.is_some_and(|until| deadline > until) {
            break;
        }
        now = now.max(deadline);
        let at = (now - start).as_millis();
        match voice.due(now).unwrap() {
            Due::Started => trace.push_str(&format!("{at} started\n")),
            Due::Spoken(word) => trace.push_str(&format!("{at} {word:?}\n")),
            Due::Stopped => trace.push_str(&format!("{at} stopped\n")),
        }
    }
    until.unwrap_or(now)
}
