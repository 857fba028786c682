use std::net::SocketAddr;

use axum::extract::ConnectInfo;
use axum::http::Request;
use expect_test::{Expect, expect};

use super::*;

const LOCAL: [(&str, &str); 1] = [("host", "localhost:8080")];

#[test]
fn without_a_key_this_machine_is_served() {
    for peer in ["127.0.0.1:5", "[::1]:5", "[::ffff:127.0.0.1]:5"] {
        check(
            &Security::default(),
            peer,
            &LOCAL,
            expect!["http://localhost:8080"],
        );
    }
    let own_page = [
        ("host", "127.0.0.1:8080"),
        ("origin", "http://localhost:8080"),
    ];
    check(
        &Security::default(),
        "127.0.0.1:5",
        &own_page,
        expect!["http://127.0.0.1:8080"],
    );
}

#[test]
fn without_a_key_nobody_else_is_served() {
    let security = Security::default();
    check(
        &security,
        "192.0.2.1:5",
        &LOCAL,
        expect![
            "the request comes from another machine, and without an auth token only direct requests from this machine are served: set TWILIO_AUTH_TOKEN, and public_url in voicera.toml"
        ],
    );
    check(
        &security,
        "127.0.0.1:5",
        &[],
        expect![
            "the request names another host, and without an auth token only direct requests from this machine are served: set TWILIO_AUTH_TOKEN, and public_url in voicera.toml"
        ],
    );
    for (name, value) in [
        ("forwarded", "for=192.0.2.1"),
        ("x-forwarded-for", ""),
        ("X-Forwarded-Host", "voice.example.com"),
        ("x-forwarded-proto", "https"),
        ("x-real-ip", "127.0.0.1"),
        ("via", "1.1 proxy"),
        ("cf-connecting-ip", "127.0.0.1"),
        ("ngrok-trace-id", "1"),
    ] {
        let headers = [("host", "localhost"), (name, value)];
        let refusal = outcome(&security, "127.0.0.1:5", &headers);
        assert!(refusal.contains("was forwarded"), "{name}: {refusal}");
    }
    let rebound = [("host", "attacker.example.com")];
    check(
        &security,
        "127.0.0.1:5",
        &rebound,
        expect![
            "the request names another host, and without an auth token only direct requests from this machine are served: set TWILIO_AUTH_TOKEN, and public_url in voicera.toml"
        ],
    );
    let two = [("host", "localhost"), ("host", "attacker.example.com")];
    check(
        &security,
        "127.0.0.1:5",
        &two,
        expect![
            "the request names another host, and without an auth token only direct requests from this machine are served: set TWILIO_AUTH_TOKEN, and public_url in voicera.toml"
        ],
    );
    for origin in [
        "https://attacker.example.com",
        "null",
        "",
        "http://localhost.evil.com",
    ] {
        let page = [("host", "localhost"), ("origin", origin)];
        let refusal = outcome(&security, "127.0.0.1:5", &page);
        assert!(refusal.contains("another site"), "{origin}: {refusal}");
    }
}

#[test]
fn a_request_without_a_known_peer_is_not_local() {
    let request = Request::get("/call").header("host", "localhost").body(());
    let (parts, ()) = request.unwrap().into_parts();
    assert!(Security::default().admit(&parts).is_err());
}

#[test]
fn with_a_key_even_this_machine_has_to_sign() {
    let mut security = Security {
        public_url: None,
        keys: Keys {
            auth_token: Some("secret".into()),
            shared: Vec::new(),
        },
    };
    check(
        &security,
        "127.0.0.1:5",
        &LOCAL,
        expect![
            "no signature can be checked: set public_url in voicera.toml to the address the carrier calls"
        ],
    );
    security.public_url = Some(PublicUrl::parse("https://voice.example.com").unwrap());
    check(
        &security,
        "127.0.0.1:5",
        &LOCAL,
        expect!["the request carries no X-Twilio-Signature"],
    );
    let signed = [("host", "localhost"), ("x-twilio-signature", "c2lnbmVk")];
    check(
        &security,
        "192.0.2.1:5",
        &signed,
        expect!["https://voice.example.com"],
    );
    let (parts, ()) = request("192.0.2.1:5", &signed).into_parts();
    let checked = security.check(&parts, "https://voice.example.com/call", Content::Nothing);
    expect!["the signature does not fit: TWILIO_AUTH_TOKEN has to be that of the account, and public_url the address the carrier calls"].assert_eq(&checked.unwrap_err());
}

#[test]
fn the_query_is_part_of_what_is_signed() {
    let security = Security {
        public_url: None,
        keys: Keys {
            auth_token: Some("0123456789abcdef0123456789abcdef".into()),
            shared: Vec::new(),
        },
    };
    let signed = [("x-twilio-signature", "qMMeBLXoc1e3s3ZhVx5jdUif6uw=")];
    let check = |path: &str| {
        let mut request = request("192.0.2.1:5", &signed);
        *request.uri_mut() = path.parse().unwrap();
        let (parts, ()) = request.into_parts();
        let url = "https://relay.example.com/twilio/voice";
        security.check(&parts, url, Content::Nothing).is_ok()
    };
    let query = "CallSid=CA00000000000000000000000000000001&From=%2B14155550100";
    assert!(check(&format!("/anything?{query}")));
    assert!(!check("/anything"));
}

fn check(security: &Security, peer: &str, headers: &[(&str, &str)], expected: Expect) {
    expected.assert_eq(&outcome(security, peer, headers));
}

fn outcome(security: &Security, peer: &str, headers: &[(&str, &str)]) -> String {
    let (parts, ()) = request(peer, headers).into_parts();
    match security.admit(&parts) {
        Ok(url) => url.to_string(),
        Err(refusal) => refusal.into_owned(),
    }
}

fn request(peer: &str, headers: &[(&str, &str)]) -> Request<()> {
    let peer = peer.parse::<SocketAddr>().unwrap();
    let mut request = Request::get("/call").extension(ConnectInfo(peer));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(()).unwrap()
}
