use expect_test::{Expect, expect};
use serde_json::{Value, json};

use super::*;
use crate::twilio::scripted::{Account, Fault, Scripted, sid};

fn number(given: Value) -> Value {
    let mut number = json!({
        "sid": sid("PN", 1),
        "phone_number": "+14155550100",
        "friendly_name": "desk",
        "voice_url": "https://demo.twilio.com/welcome",
        "voice_method": "GET",
        "voice_fallback_url": "",
        "voice_fallback_method": "POST",
        "status_callback": "",
        "status_callback_method": "POST",
        "voice_application_sid": "",
        "trunk_sid": null,
        "capabilities": {"voice": true, "sms": true, "mms": false, "fax": false},
    });
    for (name, value) in given.as_object().unwrap() {
        number[name] = value.clone();
    }
    number
}

fn webhooks() -> Webhooks {
    Webhooks {
        voice_url: "https://voice.example.com/call".to_owned(),
        voice_fallback_url: None,
        status_callback: Some("https://voice.example.com/call/ended".to_owned()),
    }
}

fn shown(outcome: Result<Setup, NumberError>) -> String {
    match outcome {
        Ok(setup) => {
            let line = |c: &Change| format!("\n{} {:?} -> {:?}", c.field, c.before, c.after);
            let changes: String = setup.changes.iter().map(line).collect();
            format!("{} {}{changes}", setup.number, setup.sid)
        }
        Err(NumberError::Twilio(error)) => format!("the number cannot be set up: {error}"),
        Err(error) => error.to_string(),
    }
}

async fn owning(numbers: Vec<Value>) -> Scripted {
    Scripted::start(Account {
        numbers,
        ..Account::default()
    })
    .await
}

async fn check(numbers: Vec<Value>, expected: Expect) {
    let twilio = owning(numbers).await;
    let outcome = setup(&twilio.client(), "+14155550100", &webhooks(), Run::Real).await;
    expected.assert_eq(&shown(outcome));
    assert!(!twilio.log().contains("POST"), "nothing is changed");
}

#[tokio::test]
async fn a_number_is_pointed_here_once() {
    let twilio = owning(vec![number(json!({}))]).await;
    let client = twilio.client();
    let outcome = setup(&client, "+1 (415) 555-0100", &webhooks(), Run::Real).await;
    expect![[r#"
        +14155550100 PN00000000000000000000000000000001
        VoiceUrl "https://demo.twilio.com/welcome" -> "https://voice.example.com/call"
        VoiceMethod "GET" -> "POST"
        StatusCallback "" -> "https://voice.example.com/call/ended""#]]
    .assert_eq(&shown(outcome));
    let again = setup(&client, "+14155550100", &webhooks(), Run::Real).await;
    expect!["+14155550100 PN00000000000000000000000000000001"].assert_eq(&shown(again));
    expect![[r#"
        GET /2010-04-01/Accounts/AC00000000000000000000000000000001/IncomingPhoneNumbers.json?PhoneNumber=%2B14155550100
        POST /2010-04-01/Accounts/AC00000000000000000000000000000001/IncomingPhoneNumbers/PN00000000000000000000000000000001.json StatusCallback=https://voice.example.com/call/ended VoiceMethod=POST VoiceUrl=https://voice.example.com/call
        GET /2010-04-01/Accounts/AC00000000000000000000000000000001/IncomingPhoneNumbers.json?PhoneNumber=%2B14155550100
    "#]].assert_eq(&twilio.log());
}

#[tokio::test]
async fn a_dry_run_only_says_what_would_change() {
    let twilio = owning(vec![number(json!({}))]).await;
    let outcome = setup(&twilio.client(), "+14155550100", &webhooks(), Run::Dry).await;
    assert_eq!(outcome.unwrap().changes.len(), 3);
    assert_eq!(twilio.log().lines().count(), 1);
}

#[tokio::test]
async fn a_number_that_is_not_there_is_named() {
    check(
        vec![],
        expect!["this account of twilio does not own +14155550100: check the number, and whose login is used"],
    )
    .await;
    // Twilio finds parts of numbers, too.
    let longer = number(json!({"phone_number": "+141555501009"}));
    check(
        vec![longer],
        expect!["this account of twilio does not own +14155550100: check the number, and whose login is used"],
    )
    .await;
}

#[tokio::test]
async fn a_number_that_is_there_twice_is_left_alone() {
    check(
        vec![number(json!({})), number(json!({}))],
        expect!["the account has +14155550100 2 times: set it up in Twilio's console"],
    )
    .await;
}

#[tokio::test]
async fn what_overrides_the_webhooks_is_said() {
    let trunk = number(json!({"trunk_sid": sid("TK", 1)}));
    check(vec![trunk], expect!["the calls of +14155550100 go to the SIP trunk TK00000000000000000000000000000001, whatever its webhooks are: take the number off the trunk in Twilio's console first"]).await;
    let application = number(json!({"voice_application_sid": sid("AP", 1)}));
    check(vec![application], expect!["the calls of +14155550100 go to the TwiML application AP00000000000000000000000000000001, whatever its webhooks are: set the application's voice URL to this server, or take the number off it, in Twilio's console"]).await;
    let silent = number(json!({"capabilities": {"voice": false, "sms": true}}));
    check(
        vec![silent],
        expect!["+14155550100 cannot take calls: it is a number for messages only"],
    )
    .await;
}

#[tokio::test]
async fn a_wrong_number_is_not_asked_for() {
    for wrong in ["4155550100", "+1415", "+1415555010a", ""] {
        let twilio = owning(vec![]).await;
        let outcome = setup(&twilio.client(), wrong, &webhooks(), Run::Real).await;
        assert!(
            matches!(outcome, Err(NumberError::NotANumber(_))),
            "{wrong}"
        );
        assert_eq!(twilio.log(), "");
    }
}

#[tokio::test]
async fn a_refusal_is_told() {
    let twilio = owning(vec![number(json!({}))]).await;
    let faults = [Fault::error(403, 20003, "Permission Denied")];
    twilio.account().faults.extend(faults);
    let outcome = setup(&twilio.client(), "+14155550100", &webhooks(), Run::Real).await;
    expect!["the number cannot be set up: twilio answers 403, error 20003: Permission Denied: check TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN, and whether they may do this (see https://www.twilio.com/docs/errors/20003)"].assert_eq(&shown(outcome));
}
