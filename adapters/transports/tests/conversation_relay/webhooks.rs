//! What the carrier is answered over HTTP.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use expect_test::{Expect, expect};
use voicera_transports::conversation_relay::{Parts, PublicUrl};
use voicera_transports::switchboard::{self, Switchboard};

use crate::carrier::{Server, server};

#[tokio::test]
async fn a_call_is_connected_to_where_it_was_asked_for() {
    let server = server(|_| {}).await;
    for request in [
        Request::post("/call").header("content-type", "application/x-www-form-urlencoded"),
        Request::get("/call?CallSid=CA1"),
        Request::post("/call"),
    ] {
        let request = request.header("host", "localhost:8080");
        let request = request.body(Body::from("CallSid=CA1")).unwrap();
        let (status, twiml) = server.ask(request).await;
        assert_eq!(status, StatusCode::OK);
        assert!(
            twiml.contains(r#" url="wss://localhost:8080/relay""#),
            "{twiml}"
        );
        let action = r#" action="http://localhost:8080/call/ended""#;
        assert!(twiml.contains(action), "{twiml}");
        assert!(twiml.contains(r#" welcomeGreeting="Hello!""#), "{twiml}");
    }
}

#[tokio::test]
async fn who_asks_on_this_machine_sees_the_public_address() {
    let server = server(|parts| {
        let url = PublicUrl::parse("https://voice.example.com");
        parts.security.public_url = Some(url.unwrap());
    })
    .await;
    let (status, twiml) = server.post("/call", &[("CallSid", "CA1")]).await;
    assert_eq!(status, StatusCode::OK);
    for url in [
        r#" url="wss://voice.example.com/relay""#,
        r#" action="https://voice.example.com/call/ended""#,
    ] {
        assert!(twiml.contains(url), "{twiml}");
    }
}

#[tokio::test]
async fn what_the_carrier_says_by_itself_is_speakable() {
    let written = "**Open** 24/7 & $5 a day.";
    let spoken = "Open twenty-four seven and 5 dollars a day.";
    let change = |parts: &mut Parts| {
        let profile = Arc::make_mut(&mut parts.profile);
        profile.lines.greeting = written.to_owned();
        parts.busy = written.to_owned();
    };
    let call = [("CallSid", "CA1")];
    let (_, twiml) = server(change).await.post("/call", &call).await;
    assert!(
        twiml.contains(&format!(" welcomeGreeting=\"{spoken}\"")),
        "{twiml}"
    );
    let full = server(|parts| {
        change(parts);
        parts.switchboard = Switchboard::new(switchboard::Settings {
            calls: 0,
            ..Default::default()
        });
    });
    let (_, twiml) = full.await.post("/call", &call).await;
    assert!(twiml.contains(&format!(">{spoken}</Say>")), "{twiml}");
}

#[tokio::test]
async fn who_asks_on_this_machine_need_not_know_the_calls_id() {
    let server = server(|_| {}).await;
    let (status, twiml) = server.post("/call", &[]).await;
    assert_eq!(status, StatusCode::OK);
    let mut line = server.open().await;
    line.send(crate::carrier::setup(
        "CA-any",
        &crate::carrier::token(&twiml),
    ))
    .await;
    line.say("How long?").await;
    assert_eq!(line.reply().await, "It takes 18 days.");
}

#[tokio::test]
async fn who_is_not_on_this_machine_is_told_what_to_set() {
    let server = server(|_| {}).await;
    let request = Request::post("/call").header("host", "voice.example.com");
    let (status, text) = server.ask(request.body(Body::empty()).unwrap()).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    expect![[r#"
        the request names another host, and without an auth token only direct requests from this machine are served: set TWILIO_AUTH_TOKEN, and public_url in voicera.toml
    "#]].assert_eq(&text);
}

#[tokio::test]
async fn a_body_that_is_too_large_is_not_read() {
    let server = server(|_| {}).await;
    let (status, _) = server
        .post("/call", &[("CallSid", &"x".repeat(70_000))])
        .await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn other_methods_and_a_plain_get_of_the_relay_are_refused() {
    let server = server(|_| {}).await;
    let local = |request: axum::http::request::Builder| {
        request
            .header("host", "localhost")
            .body(Body::empty())
            .unwrap()
    };
    let (status, _) = server.ask(local(Request::put("/call"))).await;
    assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED);
    let (status, _) = server.ask(local(Request::get("/relay"))).await;
    assert!(status.is_client_error(), "{status}");
    let (status, _) = server.ask(local(Request::get("/relay/"))).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_end_of_a_session_is_answered_by_how_it_ended() {
    let server = server(|_| {}).await;
    let handoff = r#"{"reasonCode":"live-agent-handoff","reason":"asks"}"#;
    check(
        &server,
        "SessionStatus=ended&CallStatus=in-progress",
        expect!["<Response><Hangup/></Response>"],
    )
    .await;
    let asked = format!("SessionStatus=ended&CallStatus=in-progress&HandoffData={handoff}");
    check(
        &server,
        &asked,
        expect!["<Response><Dial><Number>+14155550123</Number></Dial></Response>"],
    )
    .await;
    let gone = format!("SessionStatus=ended&CallStatus=completed&HandoffData={handoff}");
    check(&server, &gone, expect!["<Response/>"]).await;
    check(
        &server,
        "SessionStatus=completed&CallStatus=completed",
        expect!["<Response/>"],
    )
    .await;
    check(
        &server,
        "SessionStatus=failed&CallStatus=completed",
        expect!["<Response/>"],
    )
    .await;
    check(
        &server,
        "SessionStatus=new&CallStatus=in-progress",
        expect!["<Response><Hangup/></Response>"],
    )
    .await;
    check(&server, "", expect!["<Response><Hangup/></Response>"]).await;
}

#[tokio::test]
async fn a_call_is_connected_again_so_many_times() {
    let server = server(|_| {}).await;
    for losses in 0..3 {
        let lost =
            format!("losses={losses}&SessionStatus=failed&CallStatus=in-progress&ErrorCode=64105");
        for _ in 0..2 {
            let twiml = ended(&server, &lost).await;
            let action = format!("/call/ended?losses={}\"", losses + 1);
            assert!(twiml.contains(&action), "{twiml}");
        }
    }
    check(
        &server,
        "losses=3&SessionStatus=failed&CallStatus=in-progress&ErrorCode=64105",
        expect![[r#"<Response><Say language="en-US">Sorry, I cannot answer.</Say><Dial><Number>+14155550123</Number></Dial></Response>"#]],
    )
    .await;
    check(
        &server,
        "SessionStatus=failed&CallStatus=in-progress&ErrorCode=64101",
        expect![[r#"<Response><Say language="en-US">Sorry, I cannot answer.</Say><Dial><Number>+14155550123</Number></Dial></Response>"#]],
    )
    .await;
}

#[tokio::test]
async fn a_caller_without_a_person_to_go_to_hears_an_apology() {
    let server = server(|parts| parts.handoff = None).await;
    let lost = "losses=3&SessionStatus=failed&CallStatus=in-progress";
    check(
        &server,
        lost,
        expect![[
            r#"<Response><Say language="en-US">Sorry, I cannot answer.</Say><Hangup/></Response>"#
        ]],
    )
    .await;
    let handoff = r#"{"reasonCode":"live-agent-handoff"}"#;
    let asked = format!("SessionStatus=ended&CallStatus=in-progress&HandoffData={handoff}");
    check(&server, &asked, expect!["<Response><Hangup/></Response>"]).await;
}

async fn check(server: &Server, fields: &str, expected: Expect) {
    let twiml = ended(server, fields).await;
    let (_, response) = twiml.split_once("?>").unwrap();
    expected.assert_eq(response);
}

async fn ended(server: &Server, fields: &str) -> String {
    let path = format!("/call/ended?CallSid=CA1&{}", fields.replace('"', "%22"));
    let request = Request::get(path).header("host", "localhost");
    let (status, twiml) = server.ask(request.body(Body::empty()).unwrap()).await;
    assert_eq!(status, StatusCode::OK);
    twiml
}
