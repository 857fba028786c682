//! Calls that go as they should.

use std::time::Duration;

use expect_test::expect;
use serde_json::json;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use voicera::ports::transcript_sink::Content;
use voicera::testing::language_model::{Scripted, Step};
use voicera::words::Ending;

use crate::carrier::{LONG, server, server_with};

#[tokio::test]
async fn a_caller_asks_and_is_answered() {
    let server = server(|_| {}).await;
    let mut line = server.call("CA1").await;
    line.say("How long does it take?").await;
    expect![[r#"{"type":"text","token":"It takes","last":false}"#]].assert_eq(&line.next().await);
    assert_eq!(line.reply().await, " 18 days.");
    line.hang_up().await;
    server.wait_for(0).await;

    let entries = server.notebook.entries();
    let call = &entries[0].call;
    assert_eq!(call.id.as_str(), "CA1");
    assert!(call.session.as_ref().unwrap().starts_with("VX"));
    assert_eq!(call.from.as_deref(), Some("+14155550100"));
    assert_eq!(call.parameters.keys().collect::<Vec<_>>(), ["tenant"]);
    assert_eq!(ending(&server), Ending::HungUp);
}

#[tokio::test]
async fn every_text_arrives_as_it_was_said() {
    let text = "a\u{2028}<&\"\\ 洛杉矶 \u{1F6A2}\u{200D}\u{0301}\u{1}";
    let server = server_with(Scripted::new("echo", [vec![Step::Text(text)]]), |_| {}).await;
    let mut line = server.call("CA1").await;
    line.say(text).await;
    assert_eq!(line.reply().await, text);
    assert_eq!(server.model.prompts()[0].utterance, text);
}

#[tokio::test]
async fn an_interruption_stops_the_reply() {
    let reply = vec![Step::Text("One. "), Step::Text("Two. "), Step::Hang];
    let server = server_with(Scripted::new("slow", [reply]), |_| {}).await;
    let mut line = server.call("CA1").await;
    line.say("Count!").await;
    assert!(line.next().await.contains("One."));
    assert_eq!(server.model.open(), 1);
    line.send(json!({"type": "interrupt", "utteranceUntilInterrupt": "One.", "durationUntilInterruptMs": 200}))
        .await;
    expect![[r#"{"type":"text","token":"","last":true}"#]].assert_eq(&line.next().await);
    assert_eq!(server.model.open(), 0);
}

#[tokio::test]
async fn a_handoff_ends_the_session_and_the_carrier_dials() {
    let server = server(|_| {}).await;
    let mut line = server.call("CA1").await;
    line.say("a human").await;
    assert_eq!(line.reply().await, "A colleague takes over.");
    let end = line.next().await;
    let end: serde_json::Value = serde_json::from_str(&end).unwrap();
    assert_eq!(end["type"], "end");
    let note = end["handoffData"].as_str().unwrap();
    assert!(note.contains("live-agent-handoff"), "{note}");
    // The carrier closes, and asks what to do next.
    line.hang_up().await;
    let fields = [
        ("CallSid", "CA1"),
        ("SessionStatus", "ended"),
        ("CallStatus", "in-progress"),
        ("HandoffData", note),
    ];
    let (_, twiml) = server.post("/call/ended", &fields).await;
    assert!(
        twiml.contains("<Dial><Number>+14155550123</Number></Dial>"),
        "{twiml}"
    );
}

#[tokio::test]
async fn a_carrier_that_does_not_close_is_closed() {
    let server = server(|parts| parts.limits.closing = Duration::from_millis(50)).await;
    let mut line = server.call("CA1").await;
    line.say("bye").await;
    assert_eq!(line.reply().await, "Goodbye!");
    expect![[r#"
        {"type":"end","handoffData":"{\"reasonCode\":\"goodbye\"}"}
        closed: 1000 
    "#]]
    .assert_eq(&line.rest().await);
    server.wait_for(0).await;
}

#[tokio::test]
async fn a_server_that_stops_says_goodbye() {
    let server = server(|_| {}).await;
    let mut line = server.call("CA1").await;
    line.say("How long?").await;
    line.reply().await;
    let closing = server.switchboard.close(Duration::ZERO, LONG);
    let caller = async {
        assert_eq!(line.reply().await, "I have to close.");
        expect![[r#"{"type":"end","handoffData":"{\"reasonCode\":\"shutdown\"}"}"#]]
            .assert_eq(&line.next().await);
        line.hang_up().await;
    };
    let (left, ()) = tokio::join!(closing, caller);
    assert_eq!(left, 0);
    let (_, twiml) = server.post("/call", &[("CallSid", "CA2")]).await;
    assert!(twiml.contains("All lines are busy."), "{twiml}");
}

#[tokio::test]
async fn pings_are_answered_and_sent() {
    let server = server(|parts| parts.limits.ping = Duration::from_secs(1)).await;
    let mut line = server.call("CA1").await;
    line.send_raw(Message::Ping("are you there?".into())).await;
    assert_eq!(line.next().await, "ping");
    line.say("How long?").await;
    assert_eq!(line.reply().await, "It takes 18 days.");
}

#[tokio::test]
async fn frames_that_say_nothing_new_are_passed_over() {
    let server = server(|parts| parts.limits.malformed_frames = 3).await;
    let token = server.token("CA1").await;
    let mut line = server.open().await;
    line.send(crate::carrier::setup("CA1", &token)).await;
    for frame in [
        crate::carrier::setup("CA1", &token),
        json!({"type": "transfer", "to": [1, 2]}),
        json!({"type": "info", "name": "configUpdated", "value": {}}),
        json!({"type": "prompt", "voicePrompt": "How", "last": false}),
    ] {
        line.send(frame).await;
    }
    for _ in 0..3 {
        line.send_raw(Message::text("not JSON")).await;
        line.send_raw(Message::binary(vec![1, 2, 3])).await;
        line.send(json!({"type": "info", "name": "roundTripDelayMs", "value": "1"}))
            .await;
    }
    line.say("How long?").await;
    assert_eq!(line.reply().await, "It takes 18 days.");
}

#[tokio::test]
async fn many_calls_do_not_mix() {
    let server = server(|_| {}).await;
    let calls = (0..50).map(|call| {
        let server = &server;
        async move {
            let mut line = server.call(&format!("CA{call}")).await;
            for _ in 0..3 {
                line.say("How long?").await;
                assert_eq!(line.reply().await, "It takes 18 days.");
            }
            line.hang_up().await;
        }
    });
    timeout(LONG, futures_util::future::join_all(calls))
        .await
        .unwrap();
    server.wait_for(0).await;
}

fn ending(server: &crate::carrier::Server) -> Ending {
    let entries = server.notebook.entries();
    match &entries.last().unwrap().content {
        Content::Ended(ended) => ended.ending.clone(),
        other => panic!("{other:?} is last"),
    }
}
