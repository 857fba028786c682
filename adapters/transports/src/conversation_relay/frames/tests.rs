use std::fmt::Write as _;
use std::time::Duration;

use expect_test::{Expect, expect};
use proptest::prelude::*;
use serde_json::{Value, json};
use voicera::transport::{Input, Output, Say};
use voicera::words::{Ending, Handoff, Language, Turn};

use super::heard::{Heard, read};
use super::said::{Said, Speaker};
use crate::conversation_relay::Settings;

#[test]
fn a_question_and_an_answer() {
    check(
        include_str!("recordings/question_and_answer.jsonl"),
        expect![[r#"
            Setup(Setup { call_sid: "CA10000000000000000000000000000001", session_id: "VX10000000000000000000000000000001", from: "+14155550100", to: "+14155550199", custom_parameters: {"tenant": "acme", "token": "s1.e1.mac"} })
            Utterance(Utterance { text: "What time do you close today?", language: Some(Language("en-US")) })
            Utterance(Utterance { text: "Thanks, bye.", language: Some(Language("en-US")) })
        "#]],
    );
}

#[test]
fn an_interruption() {
    check(
        include_str!("recordings/barge_in.jsonl"),
        expect![[r#"
        Utterance(Utterance { text: "Tell me about your plans.", language: Some(Language("en-US")) })
        Interrupted { heard: Some("The first is Basic,"), after: Some(2.31s) }
        Utterance(Utterance { text: "Just the cheapest one.", language: Some(Language("en-US")) })
    "#]],
    );
}

#[test]
fn keys_and_events() {
    check(
        include_str!("recordings/keys.jsonl"),
        expect![[r#"
        VoiceStarted
        Key('4')
        Interrupted { heard: Some("Please key in your"), after: Some(900ms) }
        VoiceStopped
        Key('2')
        Key('1')
        Key('7')
        Key('#')
        Played("Thank you, that is correct.")
    "#]],
    );
}

#[test]
fn a_handoff() {
    check(
        include_str!("recordings/handoff.jsonl"),
        expect![[r#"
        Utterance(Utterance { text: "I want to talk to a human.", language: Some(Language("en-US")) })
        VoiceStopped
    "#]],
    );
}

#[test]
fn a_switch_of_language() {
    check(
        include_str!("recordings/language_switch.jsonl"),
        expect![[r#"
            Utterance(Utterance { text: "Can we speak Spanish?", language: Some(Language("en-US")) })
            Utterance(Utterance { text: "¿A qué hora cierran?", language: Some(Language("es-US")) })
        "#]],
    );
}

#[test]
fn partial_prompts_and_a_rejected_message() {
    check(
        include_str!("recordings/partials_and_rejection.jsonl"),
        expect![[r#"
            Speaking
            Speaking
            Utterance(Utterance { text: "I need a refund for order 77.", language: Some(Language("en-US")) })
            Trouble("Invalid message received:")
        "#]],
    );
}

#[test]
fn what_is_unknown_or_missing_is_tolerated() {
    let frames = [
        json!({"type": "prompt", "voicePrompt": "no last", "extra": {"a": 1}}),
        json!({"type": "prompt", "voicePrompt": "odd", "lang": "", "last": null}),
        json!({"type": "prompt", "voicePrompt": "detecting", "lang": "multi", "last": true}),
        json!({"type": "prompt", "voicePrompt": "quoted", "lang": 7, "last": "true"}),
        json!({"type": "prompt", "voicePrompt": "counted", "lang": {"a": 1}, "last": 1}),
        json!({"type": "prompt", "voicePrompt": "quo", "lang": ["en"], "last": "false"}),
        json!({"type": "prompt", "voicePrompt": "cou", "last": 0}),
        json!({"type": "prompt", "voicePrompt": "strange", "lang": true, "last": {}}),
        json!({"type": "prompt", "voicePrompt": "  ", "last": true}),
        json!({"type": "interrupt"}),
        json!({"type": "interrupt", "utteranceUntilInterrupt": "", "durationUntilInterruptMs": 0}),
        json!({"type": "interrupt", "utteranceUntilInterrupt": "so", "durationUntilInterruptMs": " 1500 "}),
        json!({"type": "interrupt", "utteranceUntilInterrupt": "so", "durationUntilInterruptMs": 12.5}),
        json!({"type": "interrupt", "utteranceUntilInterrupt": "so", "durationUntilInterruptMs": "soon"}),
        json!({"type": "interrupt", "utteranceUntilInterrupt": "so", "durationUntilInterruptMs": -1}),
        json!({"type": "dtmf", "digit": 5}),
        json!({"type": "dtmf", "digit": "*"}),
        json!({"type": "error"}),
        json!({"type": "info", "name": "roundTripDelayMs", "value": "148"}),
        json!({"type": "info", "name": "configUpdated", "value": {"provider": "x"}}),
        json!({"type": "info", "name": "clientSpeaking", "value": "on"}),
        json!({"type": "info", "name": "clientSpeaking", "value": "off"}),
        json!({"type": "info", "name": "agentSpeaking"}),
        json!({"type": "connected", "streamSid": "MZ"}),
        json!({"type": "setup"}),
        json!({"type": "setup", "callSid": "v3:opaque", "callControlId": "x", "customParameters": null, "from": null}),
        json!({"type": "setup", "callSid": "CA1", "customParameters": {"n": 1, "b": true, "z": null}}),
    ];
    let mut trace = String::new();
    for frame in frames {
        writeln!(trace, "{:?}", read(&frame.to_string()).unwrap()).unwrap();
    }
    expect![[r#"
        Input(Utterance(Utterance { text: "no last", language: None }))
        Input(Utterance(Utterance { text: "odd", language: None }))
        Input(Utterance(Utterance { text: "detecting", language: None }))
        Input(Utterance(Utterance { text: "quoted", language: None }))
        Input(Utterance(Utterance { text: "counted", language: None }))
        Input(Speaking)
        Input(Speaking)
        Input(Utterance(Utterance { text: "strange", language: None }))
        Nothing
        Input(Interrupted { heard: None, after: None })
        Input(Interrupted { heard: None, after: Some(0ns) })
        Input(Interrupted { heard: Some("so"), after: Some(1.5s) })
        Input(Interrupted { heard: Some("so"), after: Some(12.5ms) })
        Input(Interrupted { heard: Some("so"), after: None })
        Input(Interrupted { heard: Some("so"), after: None })
        Input(Key('5'))
        Input(Key('*'))
        Input(Trouble(""))
        Nothing
        Nothing
        Input(Speaking)
        Input(Quiet)
        Nothing
        Unknown("connected")
        Setup(Setup { call_sid: "", session_id: "", from: "", to: "", custom_parameters: {} })
        Setup(Setup { call_sid: "v3:opaque", session_id: "", from: "", to: "", custom_parameters: {} })
        Setup(Setup { call_sid: "CA1", session_id: "", from: "", to: "", custom_parameters: {"b": "true", "n": "1", "z": ""} })
    "#]].assert_eq(&trace);
}

#[test]
fn a_duration_too_long_to_hold_is_none() {
    let frame = json!({"type": "interrupt", "durationUntilInterruptMs": "1e300"}).to_string();
    let expected = Input::Interrupted {
        heard: None,
        after: None,
    };
    assert_eq!(read(&frame).unwrap(), Heard::Input(expected));
    let frame = json!({"type": "interrupt", "durationUntilInterruptMs": 2310}).to_string();
    let Ok(Heard::Input(Input::Interrupted { after, .. })) = read(&frame) else {
        panic!()
    };
    assert_eq!(after, Some(Duration::from_millis(2310)));
}

#[test]
fn what_cannot_be_understood_is_malformed() {
    for frame in [
        "",
        "{",
        "[]",
        "null",
        "\"setup\"",
        "{}",
        "{\"type\":1}",
        "{\"type\":\"prompt\"}",
        "{\"type\":\"prompt\",\"voicePrompt\":7}",
        "{\"type\":\"prompt\",\"voicePrompt\":\"x\"} {}",
        "{\"type\":\"dtmf\",\"digit\":\"12\"}",
        "{\"type\":\"dtmf\",\"digit\":\"A\"}",
        "{\"type\":\"dtmf\"}",
        "{\"type\":\"info\"}",
        "{\"type\":\"setup\",\"customParameters\":[]}",
    ] {
        assert!(read(frame).is_err(), "{frame} is understood");
    }
}

#[test]
fn every_output_has_its_frame() {
    let handoff = Handoff {
        reason: "asks".to_owned(),
        summary: "how long?".to_owned(),
    };
    check_said(
        [
            say(1, "One"),
            say(1, " two."),
            Output::Finish(Turn(1)),
            Output::Finish(Turn(2)),
            say(3, "Cut"),
            Output::Abandon(Turn(3)),
            Output::Language(Language::new("es-US")),
            Output::Play("https://cdn.example.com/typing.mp3".to_owned()),
            Output::Press("1w#x*".to_owned()),
            Output::Press("abc".to_owned()),
            say(4, "Bye."),
            Output::End(Ending::HandedOff(handoff)),
        ],
        expect![[r#"
            {"type":"text","token":"One","last":false}
            {"type":"text","token":" two.","last":true}
            {"type":"text","token":"","last":true}
            {"type":"text","token":"","last":true}
            {"type":"language","ttsLanguage":"es-US","transcriptionLanguage":"es-US"}
            {"type":"play","source":"https://cdn.example.com/typing.mp3","loop":0,"preemptible":true,"interruptible":false}
            {"type":"sendDigits","digits":"1w#*"}
            {"type":"text","token":"Bye.","last":false}
            {"type":"end","handoffData":"{\"reasonCode\":\"live-agent-handoff\",\"reason\":\"asks\",\"summary\":\"how long?\"}"}
        "#]],
    );
}

#[test]
fn nothing_is_sent_to_a_caller_who_is_gone() {
    check_said([Output::End(Ending::HungUp)], expect![[""]]);
    let mut speaker = Speaker::new(&Settings::default());
    speaker.take(Output::End(Ending::HungUp));
    assert!(!speaker.has_ended());
    speaker.take(Output::End(Ending::Goodbye));
    assert!(speaker.has_ended());
}

#[test]
fn words_that_must_not_be_interrupted_say_so() {
    let say = Output::Say(Say {
        turn: Turn(1),
        text: "Goodbye!".to_owned(),
        interruptible: false,
    });
    check_said(
        [say, Output::Finish(Turn(1))],
        expect![[r#"
        {"type":"text","token":"Goodbye!","last":true,"interruptible":false}
    "#]],
    );
}

#[test]
fn a_language_that_is_detected_is_not_overruled() {
    let settings = Settings {
        transcription_language: Some("multi".to_owned()),
        ..Settings::default()
    };
    let mut speaker = Speaker::new(&settings);
    let frames = speaker.take(Output::Language(Language::new("es-US")));
    expect![[r#"[None, Some("{\"type\":\"language\",\"ttsLanguage\":\"es-US\"}")]"#]]
        .assert_eq(&format!("{frames:?}"));
}

#[test]
fn the_end_of_a_reply_travels_with_its_last_words() {
    let mut speaker = Speaker::new(&Settings::default());
    assert_eq!(speaker.take(say(1, "One.")), [None, None]);
    let words = speaker.take(Output::Finish(Turn(1)));
    expect![[r#"[Some("{\"type\":\"text\",\"token\":\"One.\",\"last\":true}"), None]"#]]
        .assert_eq(&format!("{words:?}"));
    // Once they had to leave, the end follows alone.
    speaker.take(say(2, "Two."));
    assert!(speaker.flush().is_some());
    let end = speaker.take(Output::Finish(Turn(2)));
    expect![[r#"[None, Some("{\"type\":\"text\",\"token\":\"\",\"last\":true}")]"#]]
        .assert_eq(&format!("{end:?}"));
}

proptest! {
    #[test]
    fn text_is_never_changed(text in "\\PC*|(?s:.)*|[\u{2028}\u{1F6A2}\\\\\"/\u{0}-\u{1F}]*") {
        let frame = json!({"type": "prompt", "voicePrompt": text, "last": true}).to_string();
        match read(&frame).unwrap() {
            Heard::Input(Input::Utterance(utterance)) => prop_assert_eq!(utterance.text, text.clone()),
            Heard::Nothing => prop_assert!(text.trim().is_empty()),
            other => prop_assert!(false, "{:?}", other),
        }
        if !text.is_empty() {
            let mut speaker = Speaker::new(&Settings::default());
            speaker.take(say(1, &text));
            let said: Value = serde_json::from_str(&speaker.flush().unwrap()).unwrap();
            prop_assert_eq!(said, json!({"type": "text", "token": text, "last": false}));
        }
    }

    #[test]
    fn no_frame_breaks_the_reader(frame in any::<String>()) {
        let _ = read(&frame);
    }
}

/// Plays a recording: what comes in is translated, what went out is a frame of ours.
fn check(recording: &str, expected: Expect) {
    let mut trace = String::new();
    for line in recording.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        let frame = &line["m"];
        if line["d"] == "in" {
            match read(&frame.to_string()).unwrap() {
                Heard::Input(input) => writeln!(trace, "{input:?}").unwrap(),
                heard => writeln!(trace, "{heard:?}").unwrap(),
            }
        } else if frame["type"] != "ping" {
            assert_eq!(serde_json::to_value(ours(frame)).unwrap(), spelt_out(frame));
        }
    }
    expected.assert_eq(&trace);
}

/// What we would have sent for a recorded frame.
fn ours(frame: &Value) -> Said<'_> {
    match frame["type"].as_str().unwrap() {
        "text" => Said::Text {
            token: frame["token"].as_str().unwrap(),
            last: frame["last"].as_bool().unwrap(),
            interruptible: frame["interruptible"].as_bool(),
        },
        "play" => Said::Play {
            source: frame["source"].as_str().unwrap(),
            loop_: frame["loop"].as_u64().unwrap().try_into().unwrap(),
            preemptible: frame["preemptible"].as_bool().unwrap(),
            interruptible: frame["interruptible"].as_bool().unwrap(),
        },
        "language" => Said::Language {
            tts_language: frame["ttsLanguage"].as_str(),
            transcription_language: frame["transcriptionLanguage"].as_str(),
        },
        "end" => Said::End {
            handoff_data: frame["handoffData"].as_str(),
        },
        other => panic!("nobody sends {other}"),
    }
}

/// A recorded frame without the language of a single piece, which we never say.
fn spelt_out(frame: &Value) -> Value {
    let mut frame = frame.clone();
    frame
        .as_object_mut()
        .unwrap()
        .retain(|name, _| name != "lang");
    frame
}

fn check_said(outputs: impl IntoIterator<Item = Output>, expected: Expect) {
    let mut speaker = Speaker::new(&Settings::default());
    let mut trace = String::new();
    for output in outputs {
        for frame in speaker.take(output).into_iter().flatten() {
            writeln!(trace, "{frame}").unwrap();
        }
    }
    expected.assert_eq(&trace);
}

fn say(turn: u32, text: &str) -> Output {
    Output::Say(Say {
        turn: Turn(turn),
        text: text.to_owned(),
        interruptible: true,
    })
}
