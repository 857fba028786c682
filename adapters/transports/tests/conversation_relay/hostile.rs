//! Sockets that are not what they should be. They are closed, and nobody else notices.

use std::time::Duration;

use expect_test::{Expect, expect};
use serde_json::json;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};

use crate::carrier::{Server, server, setup};

#[tokio::test]
async fn a_socket_that_does_not_begin_with_a_setup_is_closed() {
    let server = server(|parts| parts.limits.setup = Duration::from_millis(200)).await;
    let prompt = json!({"type": "prompt", "voicePrompt": "hi", "last": true}).to_string();
    check(
        &server,
        vec![],
        expect!["closed: 1008 the socket sent no setup in time"],
    )
    .await;
    check(
        &server,
        vec![Message::text(prompt)],
        expect!["closed: 1008 the first frame is no setup"],
    )
    .await;
    check(
        &server,
        vec![Message::text("{}")],
        expect!["closed: 1008 the first frame cannot be understood"],
    )
    .await;
    check(
        &server,
        vec![Message::binary(vec![0])],
        expect!["closed: 1003 the first frame is binary"],
    )
    .await;
    check(
        &server,
        vec![Message::text("x".repeat(70_000))],
        expect!["closed: 1009 the socket broke before its setup: Space limit exceeded: Message too long: 70000 > 65536"],
    )
    .await;
    let mut line = server.open().await;
    line.send_raw(Message::Ping("still here".into())).await;
    assert!(line.rest().await.contains("no setup in time"));
    check(
        &server,
        vec![Message::Ping("here".into()); 10],
        expect!["closed: 1008 the socket sends pings and no setup"],
    )
    .await;
}

#[tokio::test]
async fn endless_empty_fragments_do_not_keep_the_server_from_other_calls() {
    let server = server(|_| {}).await;
    let mut bystander = server.call("CA-bystander").await;
    let mut hostile = server.call("CA-hostile").await;
    let begin = Frame::message("", OpCode::Data(Data::Text), false);
    hostile.send_raw(Message::Frame(begin)).await;
    let flood = async {
        loop {
            let more = Frame::message("", OpCode::Data(Data::Continue), false);
            hostile.send_raw(Message::Frame(more)).await;
            tokio::task::yield_now().await;
        }
    };
    let answers = async {
        for _ in 0..10 {
            bystander.say("How long?").await;
            assert_eq!(bystander.reply().await, "It takes 18 days.");
        }
    };
    tokio::select! {
        () = flood => {}
        () = answers => {}
    }
}

#[tokio::test]
async fn a_setup_needs_the_token_of_its_call() {
    let server = server(|_| {}).await;
    let token = server.token("CA1").await;
    for (frame, expected) in [
        (
            setup("CA2", &token),
            expect!["closed: 1008 the token is not that of this call"],
        ),
        (
            setup("CA1", ""),
            expect!["closed: 1008 the token is not that of this call"],
        ),
        (
            setup("", &token),
            expect!["closed: 1008 the setup names no call"],
        ),
        (
            json!({"type": "setup", "callSid": "CA1"}),
            expect!["closed: 1008 the setup carries no token"],
        ),
        (
            json!({"type": "setup", "callSid": "CA1", "customParameters": null}),
            expect!["closed: 1008 the setup carries no token"],
        ),
    ] {
        check(&server, vec![Message::text(frame.to_string())], expected).await;
    }
    assert_eq!(server.switchboard.live(), 0);
}

#[tokio::test]
async fn a_token_goes_out_of_date() {
    let server = server(|parts| parts.limits.token = Duration::ZERO).await;
    let token = server.token("CA1").await;
    tokio::time::sleep(Duration::from_millis(10)).await;
    let frame = setup("CA1", &token).to_string();
    check(
        &server,
        vec![Message::text(frame)],
        expect!["closed: 1008 the token is out of date"],
    )
    .await;
}

#[tokio::test]
async fn a_call_that_is_live_is_not_opened_again() {
    let server = server(|_| {}).await;
    let token = server.token("CA1").await;
    let mut line = server.open().await;
    line.send(setup("CA1", &token)).await;
    server.wait_for(1).await;
    let frame = setup("CA1", &token).to_string();
    check(
        &server,
        vec![Message::text(frame)],
        expect!["closed: 1008 the call is live already"],
    )
    .await;
    line.say("How long?").await;
    assert_eq!(line.reply().await, "It takes 18 days.");
}

#[tokio::test]
async fn a_call_beyond_the_bound_is_sent_back_to_the_carrier() {
    let server = server(|parts| {
        let settings = voicera_transports::switchboard::Settings {
            calls: 1,
            ..Default::default()
        };
        parts.switchboard = voicera_transports::switchboard::Switchboard::new(settings);
    })
    .await;
    let token = server.token("CA2").await;
    let _first = server.call("CA1").await;
    server.wait_for(1).await;
    let frame = setup("CA2", &token).to_string();
    check(
        &server,
        vec![Message::text(frame)],
        expect!["closed: 1013 all lines are busy"],
    )
    .await;
    let (status, twiml) = server.post("/call", &[("CallSid", "CA3")]).await;
    assert_eq!(status, 200);
    assert!(
        twiml.contains("All lines are busy.</Say><Hangup/>"),
        "{twiml}"
    );
}

#[tokio::test]
async fn a_live_call_that_misbehaves_is_closed() {
    let server = server(|parts| {
        parts.limits.malformed_frames = 5;
        parts.limits.frames_burst = 40;
        parts.limits.frames_per_second = 5;
    })
    .await;
    let mut bystander = server.call("CA-bystander").await;
    server.wait_for(1).await;
    check_live(
        &server,
        vec![Message::text("x"); 5],
        expect!["closed: 1007 too many malformed frames in a row"],
    )
    .await;
    check_live(
        &server,
        vec![Message::binary(vec![0]); 5],
        expect!["closed: 1007 too many malformed frames in a row"],
    )
    .await;
    check_live(
        &server,
        vec![Message::text("{\"type\":\"x\"}"); 60],
        expect!["closed: 1008 too many frames"],
    )
    .await;
    check_live(
        &server,
        vec![Message::Ping("x".into()); 60],
        expect!["closed: 1008 too many frames"],
    )
    .await;
    let other = setup("CA-other", "x").to_string();
    check_live(
        &server,
        vec![Message::text(other)],
        expect!["closed: 1008 a setup for another call"],
    )
    .await;
    let long = json!({"type": "prompt", "voicePrompt": "x".repeat(70_000)}).to_string();
    check_live(
        &server,
        vec![Message::text(long)],
        expect!["closed: 1009 Space limit exceeded: Message too long: 70034 > 65536"],
    )
    .await;
    let not_utf8 = Frame::message(vec![0xFF, 0xFE], OpCode::Data(Data::Text), true);
    check_live(
        &server,
        vec![Message::Frame(not_utf8)],
        expect![
            "closed: 1007 UTF-8 encoding error: invalid utf-8 sequence of 1 bytes from index 0"
        ],
    )
    .await;
    let begin = Frame::message("x".repeat(10_000), OpCode::Data(Data::Text), false);
    let more = Frame::message("x".repeat(10_000), OpCode::Data(Data::Continue), false);
    let mut endless = vec![Message::Frame(begin)];
    endless.extend(vec![Message::Frame(more.clone()); 10]);
    check_live(
        &server,
        endless,
        expect!["closed: 1009 Space limit exceeded: Message too long: 70000 > 65536"],
    )
    .await;
    check_live(
        &server,
        vec![Message::Frame(more)],
        expect!["closed: 1002 WebSocket protocol error: Continue frame but nothing to continue"],
    )
    .await;
    bystander.say("How long?").await;
    assert_eq!(bystander.reply().await, "It takes 18 days.");
    assert_eq!(server.switchboard.live(), 1);
}

#[tokio::test]
async fn a_page_in_a_browser_cannot_open_a_socket() {
    let server = server(|_| {}).await;
    let page = [("origin", "https://attacker.example.com")];
    let refused = server.open_with(&page).await.err().unwrap();
    assert!(refused.to_string().contains("403"), "{refused}");
    let proxied = [("x-forwarded-for", "192.0.2.1")];
    let refused = server.open_with(&proxied).await.err().unwrap();
    assert!(refused.to_string().contains("403"), "{refused}");
}

/// What becomes of a socket that sends this first.
async fn check(server: &Server, messages: Vec<Message>, expected: Expect) {
    let mut line = server.open().await;
    for message in messages {
        line.send_raw(message).await;
    }
    expected.assert_eq(line.rest().await.trim_end());
}

/// What becomes of a call that sends this.
async fn check_live(server: &Server, messages: Vec<Message>, expected: Expect) {
    let mut line = server.call("CA-hostile").await;
    for message in messages {
        if !line.try_send(message).await {
            break;
        }
    }
    expected.assert_eq(line.rest().await.trim_end());
    server.wait_for(1).await;
}
