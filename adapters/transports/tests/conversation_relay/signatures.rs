//! A server that knows the carrier's key.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use expect_test::expect;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;
use voicera_transports::conversation_relay::signature::Keys;
use voicera_transports::conversation_relay::{PublicUrl, Security};

use crate::carrier::{Server, server, setup, token};

const KEY: &str = "0123456789abcdef0123456789abcdef";
const FORM: &str = "CallSid=CA1&From=%2B14155550100";

#[tokio::test]
async fn a_signed_call_is_held() {
    let server = secured("https://voice.example.com/agent").await;
    let signature = sign("https://voice.example.com/agent/callCallSidCA1From+14155550100");
    let (status, twiml) = post(&server, "/call", Some(&signature)).await;
    assert_eq!(status, StatusCode::OK);
    assert!(
        twiml.contains(r#" url="wss://voice.example.com/agent/relay""#),
        "{twiml}"
    );
    let action = r#" action="https://voice.example.com/agent/call/ended""#;
    assert!(twiml.contains(action), "{twiml}");

    let signature = sign("wss://voice.example.com/agent/relay");
    let headers = [
        ("x-twilio-signature", signature.as_str()),
        ("x-forwarded-proto", "https"),
    ];
    let mut line = server.open_with(&headers).await.unwrap();
    line.send(setup("CA1", &token(&twiml))).await;
    line.say("How long?").await;
    assert_eq!(line.reply().await, "It takes 18 days.");
}

#[tokio::test]
async fn nothing_unsigned_is_served_even_from_this_machine() {
    let server = secured("https://voice.example.com").await;
    let (status, text) = post(&server, "/call", None).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    expect![[r#"
        the request carries no X-Twilio-Signature
    "#]]
    .assert_eq(&text);
    let (status, text) = post(&server, "/call", Some("AAAA")).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    expect![[r#"
        the signature does not fit: TWILIO_AUTH_TOKEN has to be that of the account, and public_url the address the carrier calls
    "#]].assert_eq(&text);
    let (status, _) = post(&server, "/call/ended", Some("AAAA")).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    let refused = server.open_with(&[]).await.err().unwrap();
    assert!(refused.to_string().contains("403"), "{refused}");
    let http = sign("https://voice.example.com/relay");
    let wrong = [("x-twilio-signature", http.as_str())];
    let refused = server.open_with(&wrong).await.err().unwrap();
    assert!(refused.to_string().contains("403"), "{refused}");
}

#[tokio::test]
async fn a_signature_is_good_for_its_path_and_its_fields_alone() {
    let server = secured("https://voice.example.com").await;
    let signature = sign("https://voice.example.com/callCallSidCA1From+14155550100");
    let (status, _) = post(&server, "/call", Some(&signature)).await;
    assert_eq!(status, StatusCode::OK);
    for path in ["/call/ended", "/call?losses=0", "/call?"] {
        let (status, _) = post(&server, path, Some(&signature)).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{path}");
    }
}

#[tokio::test]
async fn a_signed_request_has_to_name_its_call() {
    let server = secured("https://voice.example.com").await;
    let signature = sign("https://voice.example.com/call");
    let request = Request::get("/call").header("x-twilio-signature", signature);
    let (status, text) = server.ask(request.body(Body::empty()).unwrap()).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    expect!["the request names no CallSid"].assert_eq(&text);
}

#[tokio::test]
async fn a_signed_socket_still_needs_the_token() {
    let server = secured("https://voice.example.com").await;
    let signature = sign("wss://voice.example.com/relay");
    let headers = [("x-twilio-signature", signature.as_str())];
    let mut line = server.open_with(&headers).await.unwrap();
    line.send(setup("CA1", "1.0.AAAA")).await;
    expect!["closed: 1008 the token is not that of this call"]
        .assert_eq(line.rest().await.trim_end());
}

#[tokio::test]
async fn without_a_public_url_nothing_can_be_checked() {
    let server = server(|parts| parts.security = security(None)).await;
    let (status, text) = post(&server, "/call", Some("AAAA")).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    expect![[r#"
        no signature can be checked: set public_url in voicera.toml to the address the carrier calls
    "#]]
    .assert_eq(&text);
}

async fn secured(url: &str) -> Server {
    let url = PublicUrl::parse(url).unwrap();
    server(|parts| parts.security = security(Some(url))).await
}

fn security(public_url: Option<PublicUrl>) -> Security {
    Security {
        public_url,
        keys: Keys {
            auth_token: Some(KEY.into()),
            shared: Vec::new(),
        },
    }
}

async fn post(server: &Server, path: &str, signature: Option<&str>) -> (StatusCode, String) {
    let mut request = Request::post(path)
        .header("host", "voice.example.com")
        .header(
            "content-type",
            "application/x-www-form-urlencoded; charset=UTF-8",
        );
    if let Some(signature) = signature {
        request = request.header("x-twilio-signature", signature);
    }
    server.ask(request.body(Body::from(FORM)).unwrap()).await
}

fn sign(base: &str) -> String {
    let mac = Hmac::<Sha1>::new_from_slice(KEY.as_bytes()).unwrap();
    STANDARD.encode(mac.chain_update(base).finalize().into_bytes())
}
