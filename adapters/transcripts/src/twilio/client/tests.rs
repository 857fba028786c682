use std::cell::Cell;

use expect_test::{Expect, expect};
use tokio::time::timeout;

use super::*;
use crate::twilio::scripted::{ACCOUNT, Account, Fault, Scripted, sid, thing};

async fn services(client: &Client) -> Result<Vec<String>, ApiError> {
    let url = client.intelligence(&["Services"]);
    let services: Vec<Value> = client.list(url, "services").await?;
    let sids = services
        .iter()
        .map(|service| service["sid"].as_str().unwrap().to_owned());
    Ok(sids.collect())
}

fn many() -> Account {
    let service = |number| thing("service", serde_json::json!({"sid": sid("GA", number)}));
    Account {
        services: (1..=5).map(service).collect(),
        ..Account::default()
    }
}

/// What a list draws with these faults, and how often it was asked for.
async fn check(faults: impl IntoIterator<Item = Fault>, expected: Expect) {
    let twilio = Scripted::start(many()).await;
    twilio.account().faults = faults.into_iter().collect();
    let mut settings = twilio.settings();
    settings.timeout = Duration::from_secs(1);
    settings.attempts = 3;
    let credentials = Credentials::auth_token(ACCOUNT, "secret".into());
    let client = Client::new(&settings, credentials).unwrap();
    let answer = timeout(Duration::from_secs(60), services(&client)).await;
    let answer = answer.expect("an answer in time");
    let asked = twilio.log().lines().count();
    let answer = match answer {
        Ok(services) => format!("{} services", services.len()),
        Err(error) => error.to_string(),
    };
    let answer = answer.replace(&twilio.base_url, "http://twilio");
    expected.assert_eq(&format!("{answer}\nasked {asked} times"));
}

#[tokio::test]
async fn all_pages_of_a_list_are_read() {
    let twilio = Scripted::start(many()).await;
    let mut settings = twilio.settings();
    settings.page_size = 2;
    let credentials = Credentials::auth_token(ACCOUNT, "secret".into());
    let client = Client::new(&settings, credentials).unwrap();
    assert_eq!(services(&client).await.unwrap().len(), 5);
    expect![[r#"
        GET /v2/Services?PageSize=2
        GET /v2/Services?Page=1&PageSize=2
        GET /v2/Services?Page=2&PageSize=2
    "#]]
    .assert_eq(&twilio.log());
}

#[tokio::test]
async fn pages_in_a_circle_end() {
    let twilio = Scripted::start(many()).await;
    twilio.account().next_page = Some("/v2/Services?Page=7".to_owned());
    let error = services(&twilio.client()).await.unwrap_err();
    expect!["the pages of /v2/Services have no end"].assert_eq(&error.to_string());
    assert_eq!(twilio.log().lines().count(), 2);
}

#[tokio::test]
async fn the_login_stays_with_its_host() {
    let twilio = Scripted::start(many()).await;
    twilio.account().next_page = Some("https://example.com/v2/Services?Page=1".to_owned());
    let error = services(&twilio.client()).await.unwrap_err();
    expect!["the next page of /v2/Services is at example.com, where the login is not sent"]
        .assert_eq(&error.to_string());
}

#[tokio::test]
async fn a_refused_login_says_what_to_check() {
    let twilio = Scripted::start(many()).await;
    let credentials = Credentials::auth_token(ACCOUNT, "stale".into());
    let client = Client::new(&twilio.settings(), credentials).unwrap();
    let error = services(&client).await.unwrap_err();
    expect!["twilio answers 401, error 20003: Authenticate: check TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN (see https://www.twilio.com/docs/errors/20003)"].assert_eq(&error.to_string());
    assert_eq!(twilio.log().lines().count(), 1);
}

#[tokio::test]
async fn an_error_is_told_in_twilios_words() {
    check(
        [Fault::error(
            404,
            20404,
            "The requested resource was not found.",
        )],
        expect![[r#"
            twilio answers 404, error 20404: The requested resource was not found: check the id, and whether it belongs to this account (see https://www.twilio.com/docs/errors/20404)
            asked 1 times"#]],
    )
    .await;
    check(
        [Fault::error(400, 20001, "UniqueName is wrong")],
        expect![[r#"
            twilio answers 400, error 20001: UniqueName is wrong (see https://www.twilio.com/docs/errors/20001)
            asked 1 times"#]],
    )
    .await;
}

#[tokio::test]
async fn a_busy_twilio_is_asked_again() {
    let busy = || Fault::error(429, 20429, "Too Many Requests");
    check(
        [busy(), busy()],
        expect![[r#"
        5 services
        asked 3 times"#]],
    )
    .await;
    check([busy(), busy(), busy()], expect![[r#"
        twilio answers 429, error 20429: Too Many Requests: try again later (see https://www.twilio.com/docs/errors/20429)
        asked 3 times"#]]).await;
}

#[tokio::test]
async fn a_failing_twilio_is_asked_again() {
    let failing = || Fault::Answer(500, &[], "<html>oops".to_owned());
    check(
        [failing()],
        expect![[r#"
        5 services
        asked 2 times"#]],
    )
    .await;
    check(
        [failing(), failing(), failing()],
        expect![[r#"
        twilio answers 500: try again later
        asked 3 times"#]],
    )
    .await;
}

#[tokio::test]
async fn silence_is_not_waited_for_without_end() {
    check(
        [Fault::Silence],
        expect![[r#"
        5 services
        asked 2 times"#]],
    )
    .await;
    check(
        [Fault::Silence, Fault::Silence, Fault::Silence],
        expect![[r#"
            twilio cannot be reached at 127.0.0.1: check the connection and the base URLs
            asked 3 times"#]],
    )
    .await;
}

#[tokio::test]
async fn twilio_says_when_to_come_back() {
    let after = |seconds| Fault::Answer(429, seconds, String::new());
    check(
        [after(&[("retry-after", "0")])],
        expect![[r#"
        5 services
        asked 2 times"#]],
    )
    .await;
    // Nobody waits for an hour.
    check(
        [after(&[("retry-after", "3600")])],
        expect![[r#"
        twilio answers 429: try again in 1h
        asked 1 times"#]],
    )
    .await;
}

#[tokio::test]
async fn garbage_is_no_answer() {
    let answer = |body: &str| Fault::Answer(200, &[], body.to_owned());
    check(
        [answer("<html>")],
        expect![[r#"
        twilio's answer to /v2/Services is not what its API describes: line 1 column 1
        asked 1 times"#]],
    )
    .await;
    check(
        [answer("")],
        expect![[r#"
        twilio's answer to /v2/Services is not what its API describes: its `services` cannot be read
        asked 1 times"#]],
    )
    .await;
    check(
        [answer("{}")],
        expect![[r#"
        twilio's answer to /v2/Services is not what its API describes: its `services` cannot be read
        asked 1 times"#]],
    )
    .await;
    check(
        [answer(r#"{"services": "none"}"#)],
        expect![[r#"
        twilio's answer to /v2/Services is not what its API describes: its `services` cannot be read
        asked 1 times"#]],
    )
    .await;
}

#[tokio::test]
async fn an_answer_without_end_is_not_read() {
    let long = format!(r#"{{"services": ["{}"]}}"#, "x".repeat(ANSWER_BYTES));
    check(
        [Fault::Answer(200, &[], long)],
        expect![[r#"
        twilio's answer to /v2/Services is longer than 16777216 bytes
        asked 1 times"#]],
    )
    .await;
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = &[("location", "https://example.com/")];
    check(
        [Fault::Answer(302, elsewhere, String::new())],
        expect![[r#"
            twilio answers 302: check the base URLs
            asked 1 times"#]],
    )
    .await;
}

#[tokio::test]
async fn what_may_have_been_made_is_not_made_twice() {
    let twilio = Scripted::start(Account::default()).await;
    let client = twilio.client();
    let create = || async {
        let form = [("UniqueName", "voicera".to_owned())];
        let url = client.intelligence(&["Services"]);
        client.create::<Value>(url, &form).await
    };
    twilio
        .account()
        .faults
        .push_back(Fault::error(500, 20500, "Internal"));
    assert_eq!(create().await.unwrap_err().status(), Some(500));
    twilio
        .account()
        .faults
        .push_back(Fault::error(429, 20429, "Too Many Requests"));
    create().await.unwrap();
    expect![[r#"
        POST /v2/Services UniqueName=voicera
        POST /v2/Services UniqueName=voicera
        POST /v2/Services UniqueName=voicera
    "#]]
    .assert_eq(&twilio.log());
}

#[tokio::test]
async fn no_more_requests_are_on_their_way_than_allowed() {
    let twilio = Scripted::start(many()).await;
    let mut settings = twilio.settings();
    settings.requests = 1;
    settings.timeout = Duration::from_secs(1);
    settings.attempts = 1;
    let credentials = Credentials::auth_token(ACCOUNT, "secret".into());
    let client = Client::new(&settings, credentials).unwrap();
    twilio.account().faults.push_back(Fault::Silence);
    let is_free = Cell::new(false);
    let (first, second) = tokio::join!(
        async {
            let answer = services(&client).await;
            is_free.set(true);
            answer
        },
        async {
            let answer = services(&client).await;
            assert!(is_free.get(), "the second waits for the first");
            answer
        }
    );
    assert!(first.is_err());
    assert_eq!(second.unwrap().len(), 5);
}

#[tokio::test]
async fn nothing_shows_the_secret() {
    let twilio = Scripted::start(many()).await;
    let fault = Fault::error(400, 20001, "the password secret is\nwrong");
    twilio.account().faults.push_back(fault);
    let error = services(&twilio.client()).await.unwrap_err();
    let shown = format!("{:?} {error} {error:?}", twilio.client());
    assert!(!shown.contains("secret is"), "{shown}");
    assert!(shown.contains("the password [secret] is wrong"), "{shown}");
}

#[test]
fn what_cannot_work_is_said_before_anything_is_asked() {
    let check = |account: &str, secret: &str, expected: Expect| {
        let credentials = Credentials::auth_token(account, secret.into());
        let error = Client::new(&Settings::default(), credentials).unwrap_err();
        expected.assert_eq(&error.to_string());
    };
    check(
        "0123456789abcdef",
        "secret",
        expect!["`01…` is not the id of an account: copy the Account SID, which begins with AC"],
    );
    check(
        ACCOUNT,
        " ",
        expect![
            "the secret for Twilio's API is empty: check TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN"
        ],
    );
}
