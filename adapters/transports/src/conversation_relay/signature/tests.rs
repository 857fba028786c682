//! The vectors were made with the carrier's own Python package.

use super::*;

const TOKEN: &str = "0123456789abcdef0123456789abcdef";
const VOICE: &str = "https://relay.example.com/twilio/voice";
const P1: &[(&str, &str)] = &[
    ("AccountSid", "AC00000000000000000000000000000001"),
    ("ApiVersion", "2010-04-01"),
    ("CallSid", "CA00000000000000000000000000000001"),
    ("CallStatus", "ringing"),
    ("Direction", "inbound"),
    ("From", "+14155550100"),
    ("To", "+14155550199"),
];
const H1: &str = "jpkfSn3pG97b4fpES2t41/mJy2s=";
const H1P: &str = "IQZc3LYxISNc9w84yWC26pUVhmc=";
const W1: &str = "YLT4aLTYRW2teTWnQ+eSv9c6vDM=";
const W2: &str = "3hSZl1a2sk2P7OcGz0eE8nmhjFQ=";
const RELAY: &str = "wss://relay.example.com/ws/relay";

#[test]
fn h1_a_form() {
    assert!(form(VOICE, P1, H1));
    let mut reversed = P1.to_vec();
    reversed.reverse();
    assert!(form(VOICE, &reversed, H1), "the order of fields matters");
}

#[test]
fn h1p_a_port_that_only_one_side_writes() {
    assert!(form("https://relay.example.com:443/twilio/voice", P1, H1P));
    assert!(form(VOICE, P1, H1P));
    assert!(form("https://relay.example.com:443/twilio/voice", P1, H1));
    assert!(!form("http://relay.example.com/twilio/voice", P1, H1P));
}

#[test]
fn h2_an_encoded_query_and_fields_with_an_empty_value_and_an_umlaut() {
    let fields = &[
        ("AccountSid", "AC00000000000000000000000000000001"),
        ("CallSid", "CA00000000000000000000000000000001"),
        ("CallStatus", "in-progress"),
        ("ErrorMessage", ""),
        (
            "HandoffData",
            r#"{"reasonCode":"live-agent-handoff","reason":"Kunde möchte mit einem Menschen sprechen"}"#,
        ),
        ("SessionDuration", "25"),
        ("SessionId", "VX00000000000000000000000000000001"),
        ("SessionStatus", "ended"),
    ];
    assert!(form(
        "https://relay.example.com/twilio/action?tenant=acme%20co&v=2",
        fields,
        "OmBidV/qHe7HvzkQuyKCH37HhFQ="
    ));
    assert!(!form(
        "https://relay.example.com/twilio/action?tenant=acme+co&v=2",
        fields,
        "OmBidV/qHe7HvzkQuyKCH37HhFQ="
    ));
}

#[test]
fn h3_a_get() {
    let url = "https://relay.example.com/twilio/voice?CallSid=CA00000000000000000000000000000001&From=%2B14155550100";
    let signature = "qMMeBLXoc1e3s3ZhVx5jdUif6uw=";
    assert!(signed(url, Content::Nothing, signature));
    assert!(!signed(
        &url.replace("%2B", "+"),
        Content::Nothing,
        signature
    ));
}

#[test]
fn h4_a_field_that_comes_several_times() {
    let fields = &[
        ("Body", "x"),
        ("MediaUrl", "b"),
        ("MediaUrl", "a"),
        ("MediaUrl", "b"),
    ];
    assert!(form(
        "https://relay.example.com/dup",
        fields,
        "uh3HGCy3MMLDF2x5grO5yLKXYNE="
    ));
}

#[test]
fn h5_names_are_ordered_by_code_point() {
    let fields = &[("b", "1"), ("A", "2"), ("a", "3")];
    assert!(form(
        "https://x.example/",
        fields,
        "0kLXBpfiX913tpMDb1fZd1SX5j0="
    ));
}

#[test]
fn j1_a_json_body() {
    let url = "https://relay.example.com/twilio/intelligence?bodySHA256=343f630b9bff4b37c403e3db5484f5520f7abf78b3b817b5029a149186c50cd1";
    let body = br#"{"account_sid":"AC00000000000000000000000000000001","service_sid":"GA00000000000000000000000000000001","transcript_sid":"GT00000000000000000000000000000001","customer_key":"order-42","event_type":"voice_intelligence_transcript_available"}"#;
    let signature = "ZWZtIkCGszqbjfHOKCfReWIgRVE=";
    assert_eq!(body.len(), 238);
    assert!(signed(url, Content::Body(body), signature));
    let changed = [body.as_slice(), b" "].concat();
    assert!(!signed(url, Content::Body(&changed), signature));
    // The body's hash is not to be got around by calling it something else.
    assert!(!signed(url, Content::Form(&[]), signature));
    assert!(!signed(url, Content::Nothing, signature));
}

#[test]
fn a_json_body_without_a_hash_is_not_signed() {
    let url = "https://relay.example.com/ws/relay";
    let signature = "Ra9heMM9FcBouO3TduyCpm8QS68=";
    assert!(signed(url, Content::Nothing, signature));
    assert!(!signed(url, Content::Body(b"{}"), signature));
    assert!(!signed(url, Content::Body(b""), signature));
}

#[test]
fn w1_an_upgrade_is_signed_with_its_own_scheme_and_no_slash() {
    assert!(signed(RELAY, Content::Upgrade, W1));
    let slash = "wss://relay.example.com/ws/relay/";
    assert!(!signed(slash, Content::Upgrade, W1));
    assert!(signed(
        slash,
        Content::Upgrade,
        "KJ71mQmuDnKrf7kLMBdYIRu8dVA="
    ));
    let http = "Ra9heMM9FcBouO3TduyCpm8QS68=";
    assert!(!signed(RELAY, Content::Upgrade, http));
    assert!(signed(
        "https://relay.example.com/ws/relay",
        Content::Upgrade,
        http
    ));
}

#[test]
fn w2_an_upgrade_with_the_port_of_its_scheme() {
    assert!(signed(
        "wss://relay.example.com:443/ws/relay",
        Content::Upgrade,
        W2
    ));
    assert!(signed(RELAY, Content::Upgrade, W2));
}

#[test]
fn w3_and_w4_an_upgrade_with_a_query_in_either_form() {
    let url = "wss://relay.example.com/ws/relay?tenant=acme&v=2";
    assert!(signed(
        url,
        Content::Upgrade,
        "Ru9Z7uJ6Mk5OBt8hmxiMFZCPfbY="
    ));
    assert!(signed(
        url,
        Content::Upgrade,
        "Lw/PhWN9SyzUthHD8UuC1ki3SoA="
    ));
    assert!(form(
        RELAY,
        &[("tenant", "acme"), ("v", "2")],
        "Lw/PhWN9SyzUthHD8UuC1ki3SoA="
    ));
    assert!(!signed(url, Content::Upgrade, W1));
}

#[test]
fn k1_a_shared_key_counts_only_where_it_is_configured() {
    let fields = owned(P1);
    let request = Signed {
        url: VOICE,
        content: Content::Form(&fields),
        signature: "JJIWiN75WnY1Qo6rfgFC+cVYDnG5FyLX1yn1fx5NWN4=",
        settings: Some("key=SK1,algorithm=HMAC_SHA256"),
    };
    let shared = |id: &str| Keys {
        auth_token: None,
        shared: vec![SharedKey {
            id: id.to_owned(),
            secret: TOKEN.into(),
        }],
    };
    assert!(shared("SK1").signed(&request));
    assert!(!shared("SK2").signed(&request));
    assert!(!keys(TOKEN).signed(&request), "the header chose the key");
    for settings in [
        None,
        Some(""),
        Some("key=SK1"),
        Some("algorithm=HMAC_SHA256"),
        Some("key=SK1,algorithm=none"),
    ] {
        let request = Signed {
            settings,
            ..request
        };
        assert!(!shared("SK1").signed(&request), "{settings:?}");
    }
    // The header without an algorithm means the auth token.
    let request = Signed {
        signature: H1,
        settings: Some("key=SK1"),
        ..request
    };
    assert!(keys(TOKEN).signed(&request));
    assert!(!shared("SK1").signed(&request));
}

#[test]
fn the_vectors_of_the_carriers_own_tests() {
    let url = "https://mycompany.com/myapp.php?foo=1&bar=2";
    let with = |url: &str, content, signature| {
        let request = Signed {
            url,
            content,
            signature,
            settings: None,
        };
        keys("12345").signed(&request)
    };
    let fields = owned(&[
        ("CallSid", "CA1234567890ABCDE"),
        ("Caller", "+14158675309"),
        ("Digits", "1234"),
        ("From", "+14158675309"),
        ("To", "+18005551212"),
    ]);
    let ported = "https://mycompany.com:443/myapp.php?foo=1&bar=2";
    for url in [url, ported] {
        for signature in [
            "RSOYDt4T1cUTdK1PDd93/VVr8B8=",
            "kvajT1Ptam85bY51eRf/AJRuM3w=",
        ] {
            assert!(with(url, Content::Form(&fields), signature), "{url}");
        }
    }
    let body = br#"{"property": "value", "boolean": true}"#;
    let hash = "0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620";
    let hashed = format!("{url}&bodySHA256={hash}");
    assert!(with(
        &hashed,
        Content::Body(body),
        "a9nBmqA0ju/hNViExpshrM61xv4="
    ));
    let twice = owned(&[
        ("Sid", "CA123"),
        ("SidAccount", "AC123"),
        ("Digits", "5678"),
        ("Digits", "1234"),
        ("Digits", "1234"),
    ]);
    assert!(with(
        url,
        Content::Form(&twice),
        "IK+Dwps556ElfBT0I3Rgjkr1wJU="
    ));
}

#[test]
fn anything_else_is_not_signed() {
    for signature in [
        "",
        "=",
        "ü",
        "jpkfSn3pG97b4fpES2t41",
        &H1[..27],
        &H1.repeat(2),
    ] {
        assert!(!form(VOICE, P1, signature), "{signature}");
    }
    let fields = owned(P1);
    let request = Signed {
        url: VOICE,
        content: Content::Form(&fields),
        signature: H1,
        settings: None,
    };
    assert!(!keys("another").signed(&request));
    assert!(!Keys::default().signed(&request));
    assert!(!form(VOICE, &P1[1..], H1));
    assert!(!form(&VOICE.replace("https", "http"), P1, H1));
    assert!(!form(&format!("{VOICE}?"), P1, H1));
}

#[test]
fn ports_are_found_in_every_kind_of_address() {
    let tried = |url: &str| urls(url).collect::<Vec<_>>().join(" ");
    assert_eq!(
        tried("wss://u:p@host:8443/a:1?b=c:2"),
        "wss://u:p@host:8443/a:1?b=c:2 wss://u:p@host/a:1?b=c:2 wss://u:p@host:443/a:1?b=c:2"
    );
    assert_eq!(
        tried("http://[::1]"),
        "http://[::1] http://[::1] http://[::1]:80"
    );
    assert_eq!(tried("nothing"), "nothing");
}

fn form(url: &str, fields: &[(&str, &str)], signature: &str) -> bool {
    signed(url, Content::Form(&owned(fields)), signature)
}

fn signed(url: &str, content: Content<'_>, signature: &str) -> bool {
    keys(TOKEN).signed(&Signed {
        url,
        content,
        signature,
        settings: None,
    })
}

fn keys(token: &str) -> Keys {
    Keys {
        auth_token: Some(token.into()),
        shared: Vec::new(),
    }
}

fn owned(fields: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    fields.iter().map(owned).collect()
}
