//! Calls that lose their socket and come back.

use std::collections::BTreeSet;
use std::time::Duration;

use expect_test::expect;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use voicera::testing::language_model::{Scripted, Step};
use voicera::words::Speaker;

use crate::carrier::{Server, server, server_with, setup, token};

const FAILED: [(&str, &str); 4] = [
    ("CallSid", "CA1"),
    ("SessionStatus", "failed"),
    ("CallStatus", "in-progress"),
    ("ErrorCode", "64105"),
];

#[tokio::test]
async fn a_call_that_comes_back_goes_on_where_it_was() {
    let server = server(|_| {}).await;
    let mut line = server.call("CA1").await;
    line.say("How long?").await;
    line.reply().await;
    drop(line);
    let mut line = reconnected(&server).await;
    assert_eq!(line.reply().await, "I am back.");
    line.say("And by air?").await;
    line.reply().await;
    let prompts = server.model.prompts();
    let history = &prompts.last().unwrap().history;
    assert_eq!(history[1].speaker, Speaker::Caller, "{history:?}");
    assert_eq!(&*history[1].text, "How long?");
}

#[tokio::test]
async fn a_socket_that_seems_alive_gives_way_to_the_call_that_comes_back() {
    let hang = vec![Step::Text("One moment. "), Step::Hang];
    let server = server_with(Scripted::new("slow", [hang]), |_| {}).await;
    let mut old = server.call("CA1").await;
    old.say("How long?").await;
    old.next().await;
    let mut new = reconnected(&server).await;
    assert_eq!(new.reply().await, "I am back.");
    expect!["closed: 1000 the caller is back on another line"]
        .assert_eq(old.rest().await.trim_end());
    assert_eq!(server.model.open(), 0);
    assert_eq!(server.switchboard.live(), 1);
}

#[tokio::test]
async fn a_socket_goes_when_the_carrier_says_that_it_is_lost() {
    let server = server(|_| {}).await;
    let mut old = server.call("CA1").await;
    server.wait_for(1).await;
    server.post("/call/ended", &FAILED).await;
    old.rest().await;
    server.wait_for(0).await;
}

#[tokio::test]
async fn a_carrier_that_connects_again_by_itself_takes_the_call_along() {
    let server = server(|parts| {
        parts.settings.application_reconnect = Some(true);
        parts.limits.token = Duration::from_millis(500);
    })
    .await;
    let token = server.token("CA1").await;
    let mut old = server.open().await;
    let first = setup("CA1", &token);
    old.send(first.clone()).await;
    server.wait_for(1).await;
    // By now the token is out of date, but the call is known.
    tokio::time::sleep(Duration::from_millis(600)).await;
    // The carrier may keep the name of its session.
    for _ in 0..2 {
        let mut again = setup("CA1", &token);
        again["sessionId"] = first["sessionId"].clone();
        let mut new = server.open().await;
        new.send(again).await;
        assert_eq!(new.reply().await, "I am back.");
    }
    let entries = server.notebook.entries();
    let sessions = entries
        .iter()
        .filter_map(|entry| entry.call.session.as_deref());
    let sessions: BTreeSet<_> = sessions.collect();
    assert_eq!(sessions.len(), 3, "{sessions:?}");
}

#[tokio::test]
async fn a_call_that_nobody_remembers_is_taken_up_all_the_same() {
    let server = server(|_| {}).await;
    let mut line = reconnected(&server).await;
    assert_eq!(line.reply().await, "I am back.");
}

#[tokio::test]
async fn a_carrier_that_closes_with_an_error_has_lost_the_call() {
    let server = server(|_| {}).await;
    let mut line = server.call("CA1").await;
    server.wait_for(1).await;
    let close = CloseFrame {
        code: 1011.into(),
        reason: "broken".into(),
    };
    line.send_raw(Message::Close(Some(close))).await;
    server.wait_for(0).await;
    assert!(
        server
            .switchboard
            .knows(&voicera::words::CallId::new("CA1"))
    );
}

#[tokio::test]
async fn a_call_that_hung_up_is_not_remembered() {
    let server = server(|_| {}).await;
    let line = server.call("CA1").await;
    server.wait_for(1).await;
    line.hang_up().await;
    server.wait_for(0).await;
    assert!(
        !server
            .switchboard
            .knows(&voicera::words::CallId::new("CA1"))
    );
}

/// The call, on the socket of the TwiML that answers its loss.
async fn reconnected(server: &Server) -> crate::carrier::Line {
    let (_, twiml) = server.post("/call/ended", &FAILED).await;
    assert!(!twiml.contains("welcomeGreeting"), "{twiml}");
    assert!(twiml.contains("/call/ended?losses=1\""), "{twiml}");
    let mut line = server.open().await;
    line.send(setup("CA1", &token(&twiml))).await;
    line
}
