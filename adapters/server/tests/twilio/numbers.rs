//! `voicera twilio setup-number`, and what `voicera check` says of Twilio.

use expect_test::expect;
use serde_json::{Value, json};
use voicera_transcripts::twilio::scripted::{Account, Scripted, sid};

use crate::account::{LOGIN, SERVICE, house, house_with};
use crate::house::{House, check};

const NUMBER: &str = "+14155550100";

#[tokio::test(flavor = "multi_thread")]
async fn a_number_is_pointed_here() {
    let twilio = owning(vec![number("https://demo.twilio.com/welcome/voice/")]).await;
    let house = house(&twilio, LOGIN);
    check(
        &house,
        &["twilio", "setup-number", NUMBER, "--dry-run"],
        expect![[r#"
            exit 0
            +14155550100, PN00000000000000000000000000000001
              VoiceUrl
                before  https://demo.twilio.com/welcome/voice/
                after   https://voice.example.com/call
              VoiceMethod
                before  GET
                after   POST

            This is what would be changed; nothing was.
        "#]],
    );
    assert!(!twilio.log().contains("POST"));
    check(
        &house,
        &["twilio", "setup-number", NUMBER],
        expect![[r#"
        exit 0
        +14155550100, PN00000000000000000000000000000001
          VoiceUrl
            before  https://demo.twilio.com/welcome/voice/
            after   https://voice.example.com/call
          VoiceMethod
            before  GET
            after   POST

        Its calls come to this server now.
    "#]],
    );
    let log = twilio.log();
    assert!(
        log.contains("VoiceUrl=https://voice.example.com/call"),
        "{log}"
    );
    assert!(!log.contains("StatusCallback"), "{log}");
    check(
        &house,
        &["twilio", "setup-number", NUMBER],
        expect![[r#"
        exit 0
        +14155550100, PN00000000000000000000000000000001

        There is nothing to do: its calls come to this server already.
    "#]],
    );
    assert!(!twilio.log().contains("POST"));
    check(
        &house,
        &["twilio", "setup-number", NUMBER, "--json"],
        expect![[r#"
            exit 0
            {
              "changes": [],
              "dry_run": false,
              "number": "+14155550100",
              "sid": "PN00000000000000000000000000000001"
            }
        "#]],
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_that_cannot_lead_here_is_left_alone() {
    let twilio = owning(Vec::new()).await;
    let house = house(&twilio, LOGIN);
    check(
        &house,
        &["twilio", "setup-number", NUMBER],
        expect![[r#"
        exit 1
        error: this account of twilio does not own +14155550100: check the number, and
               whose login is used
    "#]],
    );
    check(
        &house,
        &["twilio", "setup-number", "555"],
        expect![[r#"
        exit 1
        error: "555" is not a number in the international form: write it as +14155550100
    "#]],
    );
    let house = House::new("");
    check(
        &house,
        &["twilio", "setup-number", NUMBER],
        expect![[r#"
        exit 1
        error: Twilio cannot be told where its calls go
          fix: set public_url in voicera.toml, or NGROK_URL, to the address of this
               server
    "#]],
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn check_says_what_these_commands_have_and_lack() {
    let twilio = Scripted::start(Account::default()).await;
    let rows = |house: &House| {
        let said = String::from_utf8(house.run(&["check"]).stdout).unwrap();
        let from = said.find("webhooks").unwrap();
        let rest: Vec<_> = said[from..].lines().filter(|it| !it.is_empty()).collect();
        rest.join("\n") + "\n"
    };
    expect![[r#"
        webhooks        when a call comes in: POST https://voice.example.com/call
                        when a transcript is there: POST
                        https://voice.example.com/intelligence
        signatures      checked
        twilio          asked with TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN
                        no intelligence service yet: `voicera intelligence provision`
                        makes one
        hand-over       nobody takes calls over
        The configuration is fine; nothing was opened.
        hint: set GROQ_API_KEY or OPENAI_API_KEY, here or in .env, and a model words the
              replies
        hint: the server does not start: [[transcripts]] with kind = "twilio" needs
              TWILIO_CONVERSATIONAL_INTELLIGENCE_SID; `voicera intelligence provision`
              makes the service and says its id
    "#]]
    .assert_eq(&rows(&house(&twilio, LOGIN)));
    let environment = format!("{LOGIN}{SERVICE}");
    expect![[r#"
        webhooks        when a call comes in: POST https://voice.example.com/call
                        when a transcript is there: POST
                        https://voice.example.com/intelligence
        signatures      checked
        twilio          asked with TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN
        hand-over       nobody takes calls over
        The configuration is fine; nothing was opened.
        hint: set GROQ_API_KEY or OPENAI_API_KEY, here or in .env, and a model words the
              replies
    "#]]
    .assert_eq(&rows(&house(&twilio, &environment)));
    expect![[r#"
        webhooks        when a call comes in: POST https://voice.example.com/call
        signatures      checked
        twilio          asked with TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN
        hand-over       nobody takes calls over
        The configuration is fine; nothing was opened.
        hint: set GROQ_API_KEY or OPENAI_API_KEY, here or in .env, and a model words the
              replies
        hint: add [[transcripts]] with kind = "twilio", and what Twilio finds out about
              calls comes into the archive
    "#]]
    .assert_eq(&rows(&house_with(&twilio, &environment, "")));
}

async fn owning(numbers: Vec<Value>) -> Scripted {
    Scripted::start(Account {
        numbers,
        ..Account::default()
    })
    .await
}

fn number(voice_url: &str) -> Value {
    json!({
        "sid": sid("PN", 1),
        "phone_number": NUMBER,
        "voice_url": voice_url,
        "voice_method": "GET",
        "voice_fallback_url": null,
        "voice_fallback_method": "POST",
        "status_callback": "",
        "status_callback_method": "POST",
        "capabilities": {"voice": true},
    })
}
