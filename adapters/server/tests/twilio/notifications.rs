//! `/intelligence`: Twilio says that a transcript is there.
//!
//! The signatures are those of https://voice.example.com/intelligence with the token `secret`,
//! computed with another program.

use std::time::{Duration, Instant, SystemTime};

use tokio::time::{sleep, timeout};
use voicera::insight::{Analysis, Origin};
use voicera::ports::TranscriptSink as _;
use voicera::testing::archive::analysis;
use voicera::words::CallId;
use voicera_transcripts::outbox::{Subscription, Wants};
use voicera_transcripts::twilio::scripted::{ACCOUNT, Fault, Scripted};

use crate::account::{LOGIN, SERVICE, archive, archive_that_sends, house, house_with, listening};
use crate::house::House;
use crate::serving::{PATIENCE, Serving};

const BODY: &str = r#"{"account_sid":"AC00000000000000000000000000000001","service_sid":"GA00000000000000000000000000000001","transcript_sid":"GT00000000000000000000000000000001","customer_key":null,"event_type":"voice_intelligence_transcript_available"}"#;
/// The hash of it is part of the address.
const PATH: &str =
    "/intelligence?bodySHA256=f643a9149e62eaf7f54d42436382b93c316144a4a85866b51877defde5f7ee33";
const SIGNATURE: &str = "AdoiidSg9yUNQm/yJiJTg6V7BT0=";

/// The same in a query.
const QUERY: &str = "/intelligence?account_sid=AC00000000000000000000000000000001\
    &service_sid=GA00000000000000000000000000000001\
    &transcript_sid=GT00000000000000000000000000000001\
    &event_type=voice_intelligence_transcript_available";
const QUERY_SIGNATURE: &str = "ySA+MxT9y5fJpYPcSabWabAPCRQ=";

/// The same of another service.
const FOREIGN_PATH: &str =
    "/intelligence?bodySHA256=d88928d2c8634bed8d96f3b8f800d1dab2b0735b656590fcdc107e93ff8b78be";
const FOREIGN_SIGNATURE: &str = "wrur+vc+fP4O4zqWiwZBEoDeAJ4=";

/// `{"hello":1}`
const HELLO_PATH: &str =
    "/intelligence?bodySHA256=0ea09e73d0357bb61ddf17c9e622566c90016909939ebeb446d21c558c9d2c0a";
const HELLO_SIGNATURE: &str = "ohf1vKaVU0jhiK4ApX5xQWByDgU=";

const HOUR: Duration = Duration::from_secs(60 * 60);

#[tokio::test(flavor = "multi_thread")]
async fn a_signed_notification_leads_to_an_analysis_and_a_repeated_one_to_nothing() {
    let twilio = Scripted::start(listening()).await;
    let house = told(&twilio).await;
    let server = Serving::start(&house);
    let answer = server.post(PATH, SIGNATURE, BODY).await;
    assert_eq!(answer, (204, String::new()));
    let found = server.by_the_carrier("CA1", 1).await;
    let said = found[0].to_string();
    assert!(said.contains("The caller paid with [card"), "{said}");
    let asked = twilio.log();
    assert!(asked.contains("/v2/Transcripts/GT"), "{asked}");
    for _ in 0..2 {
        assert_eq!(server.post(PATH, SIGNATURE, BODY).await.0, 204);
        assert_eq!(server.get(QUERY, QUERY_SIGNATURE).await.0, 204);
    }
    let log = server.stop();
    assert_eq!(twilio.log(), "", "nothing is asked again");
    assert!(!log.contains("\"WARN\""), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notification_may_come_in_a_query() {
    let twilio = Scripted::start(listening()).await;
    let house = told(&twilio).await;
    let server = Serving::start(&house);
    assert_eq!(server.get(QUERY, QUERY_SIGNATURE).await.0, 204);
    server.by_the_carrier("CA1", 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn twilio_is_not_asked_by_the_outbox_about_what_it_has_told_already() {
    let (told, log) = sent_after_twilio_s_word_at(SystemTime::now() + HOUR).await;
    assert_eq!(log, "", "Twilio is asked for nothing");
    assert!(told.contains("They spoke"), "{told}");
    // The call went on after Twilio's word.
    let (told, log) = sent_after_twilio_s_word_at(SystemTime::now() - HOUR).await;
    assert!(log.contains("/v2/Transcripts"), "{log}");
    assert!(told.contains("The caller paid with"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_twilio_s_word_on_our_service_does_nothing() {
    let twilio = Scripted::start(listening()).await;
    let house = told(&twilio).await;
    let server = Serving::start(&house);
    for signature in ["", "AdoiidSg9yUNQm/yJiJTg6V7BT1=", QUERY_SIGNATURE] {
        let (status, why) = server.post(PATH, signature, BODY).await;
        assert_eq!(status, 403, "{signature}: {why}");
    }
    // A signature is good for its body only.
    let other = BODY.replace("GT00", "GT10");
    assert_eq!(server.post(PATH, SIGNATURE, &other).await.0, 403);
    let (status, problem) = server
        .post(HELLO_PATH, HELLO_SIGNATURE, r#"{"hello":1}"#)
        .await;
    assert_eq!(status, 400);
    assert!(problem.contains("`transcript_sid`"), "{problem}");
    let foreign = BODY.replace(
        "GA00000000000000000000000000000001",
        "GA00000000000000000000000000000009",
    );
    let answer = server.post(FOREIGN_PATH, FOREIGN_SIGNATURE, &foreign).await;
    assert_eq!(answer.0, 204);
    let log = server.stop();
    assert_eq!(twilio.log(), "", "Twilio is asked for nothing");
    assert!(log.contains("another service"), "{log}");
    assert!(log.contains("cannot be read"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_failed_may_be_said_again() {
    let twilio = Scripted::start(listening()).await;
    let house = told(&twilio).await;
    let transcripts = std::mem::take(&mut twilio.account().transcripts);
    let server = Serving::start(&house);
    assert_eq!(server.post(PATH, SIGNATURE, BODY).await.0, 204);
    until(|| twilio.log().contains("/v2/Transcripts/GT")).await;
    twilio.account().transcripts = transcripts;
    let again = async {
        // The failure may be on its way still.
        while twilio.log().is_empty() {
            assert_eq!(server.post(PATH, SIGNATURE, BODY).await.0, 204);
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(PATIENCE, again).await.unwrap();
    server.by_the_carrier("CA1", 1).await;
    let log = server.stop();
    assert!(log.contains("the outbox asks again"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_an_auth_token_only_this_machine_may_say_so() {
    let twilio = Scripted::start(listening()).await;
    let key = format!("KEY={ACCOUNT}\nSECRET=secret\n{SERVICE}");
    let more = "[[transcripts]]\nkind = \"twilio\"\n\
        [twilio]\napi_key = { id = \"KEY\", secret = \"SECRET\" }\n";
    let house = house_with(&twilio, &key, more);
    archive(&house).await;
    let server = Serving::start(&house);
    let (status, why) = server.post_from("203.0.113.9", "/intelligence", BODY).await;
    assert_eq!(status, 403);
    assert!(why.contains("TWILIO_AUTH_TOKEN"), "{why}");
    assert_eq!(twilio.log(), "");
    assert_eq!(server.post("/intelligence", "", BODY).await.0, 204);
    server.by_the_carrier("CA1", 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_stops_does_not_wait_for_twilio() {
    let twilio = Scripted::start(listening()).await;
    let house = told(&twilio).await;
    let server = Serving::start(&house);
    twilio.account().faults.push_back(Fault::Silence);
    assert_eq!(server.post(PATH, SIGNATURE, BODY).await.0, 204);
    until(|| !twilio.account().log.is_empty()).await;
    let begun = Instant::now();
    server.stop();
    // Twilio's own patience is half a minute.
    assert!(begun.elapsed() < Duration::from_secs(20));
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_taken_where_nobody_wants_it() {
    let twilio = Scripted::start(listening()).await;
    let house = house_with(&twilio, &format!("{LOGIN}{SERVICE}"), "");
    let server = Serving::start(&house);
    let (status, problem) = server.post(PATH, SIGNATURE, BODY).await;
    assert_eq!(status, 404);
    assert!(problem.contains("kind = \\\"twilio\\\""), "{problem}");
}

/// Sends what waits for Twilio, of a call about which it has had its word. Answers its findings
/// after that, and what it was asked.
async fn sent_after_twilio_s_word_at(at: SystemTime) -> (String, String) {
    let twilio = Scripted::start(listening()).await;
    let house = house(&twilio, &format!("{LOGIN}{SERVICE}"));
    let subscription = Subscription {
        destination: "twilio".to_owned(),
        wants: Wants::Calls,
    };
    let archive = archive_that_sends(&house, vec![subscription]).await;
    let carrier = Origin::Carrier("GA1".to_owned());
    // What our own operators say is no word of Twilio's.
    let later = SystemTime::now() + HOUR;
    for (origin, at) in [(Origin::Operators, later), (carrier, at)] {
        let analysis = Analysis {
            at,
            ..analysis(origin)
        };
        let call = CallId::new("CA1");
        archive.conclude(&call, &analysis).await.unwrap();
    }
    drop(archive);
    let server = Serving::start(&house);
    let sent = async {
        while !server.get("/api/v1/outbox", "").await.1.contains("[]") {
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(PATIENCE, sent).await.unwrap();
    let found = server.by_the_carrier("CA1", 1).await;
    (found[0].to_string(), twilio.log())
}

/// A house with a service, and with a call that nothing waits to be sent of.
async fn told(twilio: &Scripted) -> House {
    let house = house(twilio, &format!("{LOGIN}{SERVICE}"));
    archive(&house).await;
    house
}

async fn until(is_so: impl Fn() -> bool) {
    let waiting = async {
        while !is_so() {
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(PATIENCE, waiting).await.unwrap();
}
