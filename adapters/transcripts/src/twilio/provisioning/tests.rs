use std::fmt::Write as _;

use expect_test::{Expect, expect};
use serde_json::json;

use super::*;
use crate::twilio::scripted::{Account, Fault, Scripted, sid, thing};

fn wanted() -> Wanted {
    let phrase = |text: &str, matching| Phrase {
        text: text.to_owned(),
        matching,
    };
    Wanted {
        settings: Settings::default(),
        sid: None,
        webhook: Some(Webhook {
            url: "https://voice.example.com/intelligence".to_owned(),
            method: Method::Post,
        }),
        phrase_sets: vec![PhraseSet {
            label: "booking".to_owned(),
            phrases: vec![
                phrase("book", Matching::Exact),
                phrase("ocean freight", Matching::Fuzzy),
            ],
        }],
    }
}

fn prebuilt(number: usize, name: &str, availability: &str) -> Value {
    thing(
        "prebuilt_operator",
        json!({"sid": sid("LY", number), "friendly_name": name, "author": "Twilio",
            "availability": availability, "version": 1}),
    )
}

fn kind(name: &str, schema: Value) -> Value {
    thing(
        "operator_type",
        json!({"name": name, "sid": sid("EY", 1), "configurable": true,
            "availability": "general-availability", "config_schema": schema}),
    )
}

fn schema() -> Value {
    json!({"type": "object", "required": ["phrase_sets"], "properties": {"phrase_sets": {
        "type": "array",
        "items": {"type": "object", "required": ["name", "phrases"],
            "properties": {"name": {"type": "string"}, "phrases": {"type": "array"}}},
    }}})
}

/// An account with Twilio's operators under the names of the documentation.
fn account() -> Account {
    let names = [
        "Escalation Request",
        "Agent Introduction",
        "Call (Conversation) Transfer",
        "Entity Recognition",
        "Summarization",
        "Sentiment Analysis",
        "Voicemail Detection",
    ];
    let mut operators: Vec<Value> = (1..)
        .zip(names)
        .map(|(number, name)| prebuilt(number, name, "general-availability"))
        .collect();
    operators.insert(0, prebuilt(9, "Conversation Summary", "retired"));
    Account {
        prebuilt: operators,
        types: vec![
            kind("PromptUserDefined", json!({"type": "object"})),
            kind("PhraseMatching", schema()),
        ],
        ..Account::default()
    }
}

fn service(given: Value) -> Value {
    let mut service = json!({"sid": sid("GA", 7), "unique_name": "voicera", "language_code": "en-US",
        "auto_redaction": true, "version": 3, "webhook_http_method": "POST",
        "webhook_url": "https://voice.example.com/intelligence"});
    for (name, value) in given.as_object().unwrap() {
        service[name] = value.clone();
    }
    thing("service", service)
}

fn shown(outcome: &Result<Report, ProvisionError>) -> String {
    match outcome {
        Ok(report) => {
            let mut text = format!("{}\n", report.service_sid);
            for Done { what, sid, outcome } in &report.done {
                let sid = sid.as_deref().unwrap_or("-");
                writeln!(text, "{outcome:?}: {what}, {sid}").unwrap();
            }
            text
        }
        Err(error) => {
            use std::error::Error as _;
            let cause = error.source().map(|cause| format!(": {cause}"));
            format!("{error}{}", cause.unwrap_or_default())
        }
    }
}

/// What a run reports, and what it changed.
async fn check(account: Account, wanted: &Wanted, expected: Expect) -> Scripted {
    let twilio = Scripted::start(account).await;
    let outcome = provision(&twilio.client(), wanted).await;
    let log = twilio.log();
    let changes = log.lines().filter(|line| line.starts_with("POST"));
    let changes: String = changes.map(|line| format!("{line}\n")).collect();
    expected.assert_eq(&format!("{}{changes}", shown(&outcome)));
    twilio
}

#[tokio::test]
async fn a_second_run_changes_nothing_and_says_so() {
    let twilio = check(account(), &wanted(), expect![[r#"
        GA00000000000000000000000000000001
        Made: service voicera, GA00000000000000000000000000000001
        Attached: operator Escalation Request, LY00000000000000000000000000000001
        Attached: operator Agent Introduction, LY00000000000000000000000000000002
        Attached: operator Call (Conversation) Transfer, LY00000000000000000000000000000003
        Attached: operator Entity Recognition, LY00000000000000000000000000000004
        Attached: operator Summarization, LY00000000000000000000000000000005
        Attached: operator Sentiment Analysis, LY00000000000000000000000000000006
        Made: operator Service Classifier, LY00000000000000000000000000000100
        Attached: operator Service Classifier, LY00000000000000000000000000000100
        POST /v2/Services AutoRedaction=true LanguageCode=en-US UniqueName=voicera WebhookHttpMethod=POST WebhookUrl=https://voice.example.com/intelligence
        POST /v2/Services/GA00000000000000000000000000000001/Operators/LY00000000000000000000000000000001
        POST /v2/Services/GA00000000000000000000000000000001/Operators/LY00000000000000000000000000000002
        POST /v2/Services/GA00000000000000000000000000000001/Operators/LY00000000000000000000000000000003
        POST /v2/Services/GA00000000000000000000000000000001/Operators/LY00000000000000000000000000000004
        POST /v2/Services/GA00000000000000000000000000000001/Operators/LY00000000000000000000000000000005
        POST /v2/Services/GA00000000000000000000000000000001/Operators/LY00000000000000000000000000000006
        POST /v2/Operators/Custom Config={"phrase_sets":[{"name":"booking","phrases":[{"match":"exact","phrase":"book"},{"match":"fuzzy","phrase":"ocean freight"}]}]} FriendlyName=Service Classifier OperatorType=PhraseMatching
        POST /v2/Services/GA00000000000000000000000000000001/Operators/LY00000000000000000000000000000100
    "#]]).await;
    let second = provision(&twilio.client(), &wanted()).await;
    expect![[r#"
        GA00000000000000000000000000000001
        Left: service, GA00000000000000000000000000000001
        Left: operator Escalation Request, LY00000000000000000000000000000001
        Left: operator Agent Introduction, LY00000000000000000000000000000002
        Left: operator Call (Conversation) Transfer, LY00000000000000000000000000000003
        Left: operator Entity Recognition, LY00000000000000000000000000000004
        Left: operator Summarization, LY00000000000000000000000000000005
        Left: operator Sentiment Analysis, LY00000000000000000000000000000006
        Left: operator Service Classifier, LY00000000000000000000000000000100
    "#]]
    .assert_eq(&shown(&second));
    let second = second.unwrap();
    assert!(second.is_unchanged() && second.is_complete());
    assert!(!twilio.log().contains("POST"));
}

#[tokio::test]
async fn a_dry_run_only_plans() {
    let twilio = Scripted::start(account()).await;
    let steps = rehearse(&twilio.client(), &wanted()).await.unwrap();
    let steps: String = steps.iter().map(|step| format!("{step}\n")).collect();
    expect![[r#"
        make service voicera: AutoRedaction true, WebhookUrl https://voice.example.com/intelligence, WebhookHttpMethod POST, LanguageCode en-US
        attach operator Escalation Request, LY00000000000000000000000000000001
        attach operator Agent Introduction, LY00000000000000000000000000000002
        attach operator Call (Conversation) Transfer, LY00000000000000000000000000000003
        attach operator Entity Recognition, LY00000000000000000000000000000004
        attach operator Summarization, LY00000000000000000000000000000005
        attach operator Sentiment Analysis, LY00000000000000000000000000000006
        make operator Service Classifier of type PhraseMatching
        attach operator Service Classifier
    "#]].assert_eq(&steps);
    assert!(!twilio.log().contains("POST"));
}

/// An account with a service, and nothing else to do with it.
fn with(given: Value) -> (Account, Wanted) {
    let mut account = account();
    account.services.push(service(given));
    let mut wanted = wanted();
    wanted.settings.operators.clear();
    wanted.phrase_sets.clear();
    (account, wanted)
}

#[tokio::test]
async fn only_what_differs_is_updated_in_the_version_that_was_read() {
    let (account, mut wanted) = with(json!({"auto_redaction": false, "auto_transcribe": true}));
    wanted.sid = Some(sid("GA", 7));
    wanted.settings.media_redaction = Some(true);
    check(account, &wanted, expect![[r#"
        GA00000000000000000000000000000007
        Updated: service, GA00000000000000000000000000000007
        POST /v2/Services/GA00000000000000000000000000000007 AutoRedaction=true MediaRedaction=true if 3
    "#]]).await;
}

#[tokio::test]
async fn what_somebody_else_attached_stays() {
    let (mut account, mut wanted) = with(json!({}));
    account.attached.insert(
        sid("GA", 7),
        vec![sid("LY", 7), sid("LY", 77), sid("LY", 1)],
    );
    wanted.settings.operators = vec!["escalation request".to_owned()];
    check(
        account,
        &wanted,
        expect![[r#"
        GA00000000000000000000000000000007
        Left: service, GA00000000000000000000000000000007
        Left: operator Escalation Request, LY00000000000000000000000000000001
        Left: operator Voicemail Detection, LY00000000000000000000000000000007
        Left: operator of somebody else, LY00000000000000000000000000000077
    "#]],
    )
    .await;
}

#[tokio::test]
async fn a_language_cannot_be_changed() {
    let (account, mut wanted) = with(json!({"language_code": "en-GB"}));
    wanted.settings.language = "de-DE".to_owned();
    check(account, &wanted, expect![[r#"
        GA00000000000000000000000000000007
        Left: service, GA00000000000000000000000000000007
        Failed("the service was made for en-GB, which cannot be changed: set `language`, or another `unique_name` to make another service"): language de-DE, -
    "#]]).await;
}

#[tokio::test]
async fn a_service_that_is_not_there_is_named() {
    let mut wanted = wanted();
    wanted.sid = Some(sid("GA", 9));
    check(account(), &wanted, expect!["there is no intelligence service GA00000000000000000000000000000009 in this account: check its id"]).await;
}

#[tokio::test]
async fn an_operator_that_twilio_lacks_keeps_nothing_else_from_being_done() {
    let (account, mut wanted) = with(json!({}));
    wanted.settings.operators = vec!["Mind Reading".to_owned(), "Sentiment Analysis".to_owned()];
    check(account, &wanted, expect![[r#"
        GA00000000000000000000000000000007
        Left: service, GA00000000000000000000000000000007
        Failed("twilio has Escalation Request, Agent Introduction, Call (Conversation) Transfer, Entity Recognition, Summarization, Sentiment Analysis, Voicemail Detection"): operator Mind Reading, -
        Attached: operator Sentiment Analysis, LY00000000000000000000000000000006
        POST /v2/Services/GA00000000000000000000000000000007/Operators/LY00000000000000000000000000000006
    "#]]).await;
}

/// A service that only lacks its classifier, which Twilio knows by these types.
fn classifying(types: Vec<Value>, custom: Vec<Value>) -> (Account, Wanted) {
    let (mut account, mut wanted) = with(json!({}));
    account.types = types;
    account.custom = custom;
    wanted.phrase_sets = self::wanted().phrase_sets;
    (account, wanted)
}

#[tokio::test]
async fn a_classifier_whose_type_is_not_offered_is_left_to_a_person() {
    let (account, wanted) = classifying(vec![kind("PromptUserDefined", json!({}))], vec![]);
    check(account, &wanted, expect![[r#"
        GA00000000000000000000000000000007
        Left: service, GA00000000000000000000000000000007
        Failed("twilio has no operator type for matching phrases (it has PromptUserDefined): set `classifier_type`, or make an operator \"Service Classifier\" in Twilio's console, which the next run attaches"): operator Service Classifier, -
    "#]]).await;
    let (account, mut wanted) = classifying(vec![], vec![]);
    wanted.settings.classifier_type = Some("Phrases".to_owned());
    check(account, &wanted, expect![[r#"
        GA00000000000000000000000000000007
        Left: service, GA00000000000000000000000000000007
        Failed("twilio has no operator type \"Phrases\" (it has none): set `classifier_type`, or make an operator \"Service Classifier\" in Twilio's console, which the next run attaches"): operator Service Classifier, -
    "#]]).await;
}

#[tokio::test]
async fn a_schema_that_wants_something_else_is_not_guessed_at() {
    let strange = [
        json!({"required": ["labels"]}),
        json!({"properties": {"sets": {}}}),
        json!({"type": "object", "properties": {"phrase_sets": {"items": {"required": ["words"]}}}}),
    ];
    let expected = [
        expect![[r#"
        GA00000000000000000000000000000007
        Left: service, GA00000000000000000000000000000007
        Failed("the operator type PhraseMatching is not as it is known here, it wants `labels`: make an operator \"Service Classifier\" in Twilio's console, which the next run attaches"): operator Service Classifier, -
    "#]],
        expect![[r#"
        GA00000000000000000000000000000007
        Left: service, GA00000000000000000000000000000007
        Failed("the operator type PhraseMatching is not as it is known here, it does not know `phrase_sets`: make an operator \"Service Classifier\" in Twilio's console, which the next run attaches"): operator Service Classifier, -
    "#]],
        expect![[r#"
        GA00000000000000000000000000000007
        Left: service, GA00000000000000000000000000000007
        Failed("the operator type PhraseMatching is not as it is known here, it wants `phrase_sets.words`: make an operator \"Service Classifier\" in Twilio's console, which the next run attaches"): operator Service Classifier, -
    "#]],
    ];
    for (schema, expected) in strange.into_iter().zip(expected) {
        let (account, wanted) = classifying(vec![kind("PhraseMatching", schema)], vec![]);
        check(account, &wanted, expected).await;
    }
}

fn custom(config: Value) -> Value {
    thing(
        "custom_operator",
        json!({"sid": sid("LY", 50), "friendly_name": "Service Classifier", "version": 4,
            "operator_type": "PhraseMatching", "config": config}),
    )
}

#[tokio::test]
async fn a_classifier_with_other_phrases_is_updated_and_attached() {
    let config = json!({"phrase_sets": [{"name": "booking", "phrases": []}]});
    let (account, wanted) =
        classifying(vec![kind("PhraseMatching", schema())], vec![custom(config)]);
    check(account, &wanted, expect![[r#"
        GA00000000000000000000000000000007
        Left: service, GA00000000000000000000000000000007
        Updated: operator Service Classifier, LY00000000000000000000000000000050
        Attached: operator Service Classifier, LY00000000000000000000000000000050
        POST /v2/Operators/Custom/LY00000000000000000000000000000050 Config={"phrase_sets":[{"name":"booking","phrases":[{"match":"exact","phrase":"book"},{"match":"fuzzy","phrase":"ocean freight"}]}]} FriendlyName=Service Classifier if 4
        POST /v2/Services/GA00000000000000000000000000000007/Operators/LY00000000000000000000000000000050
    "#]]).await;
}

#[tokio::test]
async fn a_classifier_of_another_shape_is_attached_as_it_is() {
    let config = json!({"concepts": {"booking": ["book"]}});
    let (account, wanted) = classifying(vec![], vec![custom(config)]);
    check(account, &wanted, expect![[r#"
        GA00000000000000000000000000000007
        Left: service, GA00000000000000000000000000000007
        Failed("it was configured in a way that is not known here, and is left as it is: change its phrases in Twilio's console"): the phrases of operator Service Classifier, -
        Attached: operator Service Classifier, LY00000000000000000000000000000050
        POST /v2/Services/GA00000000000000000000000000000007/Operators/LY00000000000000000000000000000050
    "#]]).await;
}

#[tokio::test]
async fn what_twilio_adds_to_a_configuration_is_no_difference() {
    let config = json!({"threshold": 0.5, "phrase_sets": [{"name": "booking", "id": 1, "phrases": [
        {"phrase": "book", "match": "exact", "language": "en"},
        {"phrase": "ocean freight", "match": "fuzzy"},
    ]}]});
    let (mut account, wanted) = classifying(vec![], vec![custom(config)]);
    account.attached.insert(sid("GA", 7), vec![sid("LY", 50)]);
    check(
        account,
        &wanted,
        expect![[r#"
        GA00000000000000000000000000000007
        Left: service, GA00000000000000000000000000000007
        Left: operator Service Classifier, LY00000000000000000000000000000050
    "#]],
    )
    .await;
}

/// What a run reports when the request after the survey draws an error.
async fn refused(status: u16, code: u64, message: &str, expected: Expect) {
    let (account, wanted) = with(json!({"auto_redaction": false}));
    let twilio = Scripted::start(account).await;
    let client = twilio.client();
    let steps = rehearse(&client, &wanted).await.unwrap();
    twilio
        .account()
        .faults
        .push_back(Fault::error(status, code, message));
    expected.assert_eq(&shown(&apply(&client, &steps).await));
}

#[tokio::test]
async fn what_twilio_refuses_is_told() {
    refused(401, 20003, "Authenticate", expect!["the service cannot be made or updated: twilio answers 401, error 20003: Authenticate: check TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN (see https://www.twilio.com/docs/errors/20003)"]).await;
    refused(
        409,
        20409,
        "A service of that name exists",
        expect!["the service cannot be made or updated: twilio answers 409, error 20409: A service of that name exists: there is one of that name already, run it again (see https://www.twilio.com/docs/errors/20409)"],
    )
    .await;
}

#[tokio::test]
async fn somebody_elses_change_is_not_lost() {
    let (account, wanted) = with(json!({"auto_redaction": false}));
    let twilio = Scripted::start(account).await;
    let client = twilio.client();
    let steps = rehearse(&client, &wanted).await.unwrap();
    twilio.account().services[0]["version"] = json!(4);
    expect!["the service cannot be made or updated: twilio answers 412, error 20412: Precondition failed: somebody else has changed it meanwhile, run it again (see https://www.twilio.com/docs/errors/20412)"].assert_eq(&shown(&apply(&client, &steps).await));
}

#[tokio::test]
async fn an_operator_that_fails_keeps_nothing_else_from_being_done() {
    let (account, mut wanted) = with(json!({}));
    wanted.settings.operators = vec!["Agent Introduction".to_owned(), "Summarization".to_owned()];
    let twilio = Scripted::start(account).await;
    let client = twilio.client();
    let steps = rehearse(&client, &wanted).await.unwrap();
    let fault = Fault::error(400, 70001, "not for this language");
    twilio.account().faults.push_back(fault);
    expect![[r#"
        GA00000000000000000000000000000007
        Left: service, GA00000000000000000000000000000007
        Failed("twilio answers 400, error 70001: not for this language (see https://www.twilio.com/docs/errors/70001)"): operator Agent Introduction, LY00000000000000000000000000000002
        Attached: operator Summarization, LY00000000000000000000000000000005
    "#]].assert_eq(&shown(&apply(&client, &steps).await));
}

#[test]
fn what_twilio_would_refuse_is_said_before() {
    let check = |change: fn(&mut Settings), expected: Expect| {
        let mut settings = Settings::default();
        change(&mut settings);
        expected.assert_eq(&settings.check().unwrap_err().to_string());
    };
    check(
        |settings| {
            settings.auto_redaction = false;
            settings.media_redaction = Some(true);
        },
        expect!["`media_redaction` does not work: set `auto_redaction`, too, which it wants"],
    );
    check(
        |settings| settings.classifier = "x".repeat(65),
        expect!["`classifier` does not work: write 1 to 64 characters"],
    );
    check(
        |settings| settings.unique_name.clear(),
        expect!["`unique_name` does not work: write a name"],
    );
}
