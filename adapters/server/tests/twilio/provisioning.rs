//! `voicera intelligence provision`, and what the user reads when Twilio refuses.

use expect_test::{Expect, expect};
use voicera_transcripts::twilio::scripted::{Account, Fault, Scripted};

use crate::account::{LOGIN, SERVICE, account, house, house_with};
use crate::house::check;

const PROVISION: [&str; 2] = ["intelligence", "provision"];

#[tokio::test(flavor = "multi_thread")]
async fn a_service_is_made_once() {
    let twilio = Scripted::start(account()).await;
    let house = house(&twilio, LOGIN);
    check(
        &house,
        &["intelligence", "provision", "--dry-run"],
        expect![[r#"
            exit 0
            make service voicera: AutoRedaction true, WebhookUrl
              https://voice.example.com/intelligence, WebhookHttpMethod POST, LanguageCode
              en-US
            attach operator Escalation Request, LY00000000000000000000000000000001
            attach operator Agent Introduction, LY00000000000000000000000000000002
            attach operator Call (Conversation) Transfer, LY00000000000000000000000000000003
            attach operator Entity Recognition, LY00000000000000000000000000000004
            attach operator Summarization, LY00000000000000000000000000000005
            attach operator Sentiment Analysis, LY00000000000000000000000000000006
            make operator Service Classifier of type PhraseMatching
            attach operator Service Classifier

            This is what would be done; nothing was changed.
        "#]],
    );
    assert!(!twilio.log().contains("POST"));
    check(
        &house,
        &PROVISION,
        expect![[r#"
        exit 0
        GA00000000000000000000000000000001
          made      service voicera
          attached  operator Escalation Request
          attached  operator Agent Introduction
          attached  operator Call (Conversation) Transfer
          attached  operator Entity Recognition
          attached  operator Summarization
          attached  operator Sentiment Analysis
          made      operator Service Classifier
          attached  operator Service Classifier

        The service is as it should be.

        Put this line into .env, so that calls are analysed:

          TWILIO_CONVERSATIONAL_INTELLIGENCE_SID=GA00000000000000000000000000000001
    "#]],
    );
    let changes = twilio.log();
    let changes: Vec<_> = changes
        .lines()
        .filter(|it| it.starts_with("POST"))
        .collect();
    assert_eq!(changes.len(), 9, "{changes:?}");
    assert!(
        changes[0].contains("WebhookUrl=https://voice.example.com/intelligence"),
        "{changes:?}"
    );
    // By its name, and then by the id that the first run has said.
    for environment in [LOGIN.to_owned(), format!("{LOGIN}{SERVICE}")] {
        let house = crate::account::house(&twilio, &environment);
        let output = house.run(&PROVISION);
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(said.contains("There was nothing to do."), "{said}");
        assert_eq!(said.contains(".env"), environment == LOGIN, "{said}");
        assert!(!twilio.log().contains("POST"));
    }
    check(
        &house,
        &["intelligence", "provision", "--json"],
        expect![[r#"
            exit 0
            {
              "changed": false,
              "complete": true,
              "done": [
                {
                  "outcome": "left",
                  "sid": "GA00000000000000000000000000000001",
                  "what": "service",
                  "why": null
                },
                {
                  "outcome": "left",
                  "sid": "LY00000000000000000000000000000001",
                  "what": "operator Escalation Request",
                  "why": null
                },
                {
                  "outcome": "left",
                  "sid": "LY00000000000000000000000000000002",
                  "what": "operator Agent Introduction",
                  "why": null
                },
                {
                  "outcome": "left",
                  "sid": "LY00000000000000000000000000000003",
                  "what": "operator Call (Conversation) Transfer",
                  "why": null
                },
                {
                  "outcome": "left",
                  "sid": "LY00000000000000000000000000000004",
                  "what": "operator Entity Recognition",
                  "why": null
                },
                {
                  "outcome": "left",
                  "sid": "LY00000000000000000000000000000005",
                  "what": "operator Summarization",
                  "why": null
                },
                {
                  "outcome": "left",
                  "sid": "LY00000000000000000000000000000006",
                  "what": "operator Sentiment Analysis",
                  "why": null
                },
                {
                  "outcome": "left",
                  "sid": "LY00000000000000000000000000000100",
                  "what": "operator Service Classifier",
                  "why": null
                }
              ],
              "new": true,
              "service": "GA00000000000000000000000000000001"
            }
        "#]],
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_configuration_lacks_is_said() {
    let twilio = Scripted::start(account()).await;
    let house = house_with(&twilio, LOGIN, "");
    let file = std::fs::read_to_string(house.path().join("voicera.toml")).unwrap();
    house.write("voicera.toml", &file.replace("public_url", "#public_url"));
    check(
        &house,
        &PROVISION,
        expect![[r#"
            exit 0
            GA00000000000000000000000000000001
              made      service voicera
              attached  operator Escalation Request
              attached  operator Agent Introduction
              attached  operator Call (Conversation) Transfer
              attached  operator Entity Recognition
              attached  operator Summarization
              attached  operator Sentiment Analysis
              made      operator Service Classifier
              attached  operator Service Classifier

            The service is as it should be.

            note: without public_url (or NGROK_URL) Twilio cannot announce transcripts here:
                  set it and run this again. Until then they are asked for from time to time

            note: to have what Twilio finds in the archive, add [[transcripts]] with kind =
                  "twilio" to voicera.toml; until then `voicera intelligence sync CALL`
                  fetches it

            Put this line into .env, so that calls are analysed:

              TWILIO_CONVERSATIONAL_INTELLIGENCE_SID=GA00000000000000000000000000000001
        "#]],
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_that_fails_is_named_and_the_rest_is_done() {
    let twilio = Scripted::start(Account {
        types: Vec::new(),
        ..account()
    })
    .await;
    check(
        &house(&twilio, LOGIN),
        &PROVISION,
        expect![[r#"
        exit 1
        GA00000000000000000000000000000001
          made      service voicera
          attached  operator Escalation Request
          attached  operator Agent Introduction
          attached  operator Call (Conversation) Transfer
          attached  operator Entity Recognition
          attached  operator Summarization
          attached  operator Sentiment Analysis
          failed    operator Service Classifier: twilio has no operator type for
                    matching phrases (it has none): set `classifier_type`, or make an
                    operator "Service Classifier" in Twilio's console, which the next
                    run attaches

        The rest has to be mended; running it again is safe.

        Put this line into .env, so that calls are analysed:

          TWILIO_CONVERSATIONAL_INTELLIGENCE_SID=GA00000000000000000000000000000001
    "#]],
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn twilio_s_refusals_say_what_to_do() {
    refused(
        "TWILIO_AUTH_TOKEN=wrong\n",
        Vec::new(),
        expect![[r#"
        exit 1
        error: the account cannot be read: twilio answers 401, error 20003:
               Authenticate: check TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN (see
               https://www.twilio.com/docs/errors/20003)
    "#]],
    )
    .await;
    refused(
        &format!("{LOGIN}{SERVICE}"),
        Vec::new(),
        expect![[r#"
        exit 1
        error: there is no intelligence service GA00000000000000000000000000000001 in
               this account: check its id
    "#]],
    )
    .await;
    refused(
        "",
        Vec::new(),
        expect![[r#"
        exit 1
        error: Twilio cannot be asked without a secret
          fix: set TWILIO_AUTH_TOKEN, here or in .env, or twilio.api_key in voicera.toml
    "#]],
    )
    .await;
    let busy = || Fault::Answer(429, &[], BUSY.to_owned());
    refused(
        LOGIN,
        vec![busy(), busy()],
        expect![[r#"
            exit 1
            error: the account cannot be read: twilio answers 429, error 20429: Too many
                   requests: try again later
        "#]],
    )
    .await;
    let broken = || Fault::Answer(500, &[], "<html>".to_owned());
    refused(
        LOGIN,
        vec![broken(), broken()],
        expect![[r#"
        exit 1
        error: the account cannot be read: twilio answers 500: try again later
    "#]],
    )
    .await;
    // One that passes is not noticed.
    refused(
        LOGIN,
        vec![busy(), Fault::error(403, 20003, "Forbidden")],
        expect![[r#"
            exit 1
            error: the account cannot be read: twilio answers 403, error 20003: Forbidden:
                   check TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN, and whether they may do
                   this (see https://www.twilio.com/docs/errors/20003)
        "#]],
    )
    .await;
}

const BUSY: &str = r#"{"code": 20429, "message": "Too many requests", "status": 429}"#;

async fn refused(environment: &str, faults: Vec<Fault>, expected: Expect) {
    let twilio = Scripted::start(account()).await;
    twilio.account().faults.extend(faults);
    let said = check(&house(&twilio, environment), &PROVISION, expected);
    assert!(!said.contains("wrong"), "{said}");
    assert!(!twilio.log().contains("POST"));
}
