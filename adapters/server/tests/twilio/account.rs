//! A Twilio account, and a house whose binary asks it.

use serde_json::{Value, json};
use voicera::ports::TranscriptSink as _;
use voicera::testing::transcript_sink::call;
use voicera_transcripts::outbox::Subscription;
use voicera_transcripts::sqlite::{self, Access, Sqlite};
use voicera_transcripts::twilio::scripted::{ACCOUNT, Account, Scripted, sid, thing};

use crate::house::House;

/// An account with Twilio's operators and types, and nothing of ours.
pub(crate) fn account() -> Account {
    let names = [
        "Escalation Request",
        "Agent Introduction",
        "Call (Conversation) Transfer",
        "Entity Recognition",
        "Summarization",
        "Sentiment Analysis",
    ];
    let operator = |(number, name): (usize, &str)| {
        thing(
            "prebuilt_operator",
            json!({"sid": sid("LY", number), "friendly_name": name, "author": "Twilio",
                "availability": "general-availability", "version": 1}),
        )
    };
    let phrases = thing(
        "operator_type",
        json!({"name": "PhraseMatching", "sid": sid("EY", 1), "configurable": true,
            "availability": "general-availability", "config_schema": {"type": "object"}}),
    );
    Account {
        prebuilt: (1..).zip(names).map(operator).collect(),
        types: vec![phrases],
        ..Account::default()
    }
}

/// An account whose service has looked at the call `CA1`.
pub(crate) fn listening() -> Account {
    let transcript = thing(
        "transcript",
        json!({
            "sid": sid("GT", 1),
            "service_sid": sid("GA", 1),
            "status": "completed",
            "date_created": "2026-11-23T10:00:00Z",
            "channel": {"media_properties": {
                "source": "ConversationRelay",
                "source_sid": "VX-1",
                "reference_sids": {"call_sid": "CA1"},
            }},
        }),
    );
    let sentence = thing(
        "transcript.sentence",
        json!({"media_channel": 2, "sentence_index": 0, "transcript": "how long to Los Angeles"}),
    );
    let result = |number: usize, name: &str, kind: &str, given: Value| {
        let mut result = json!({"transcript_sid": sid("GT", 1), "operator_sid": sid("LY", number),
            "operator_type": kind, "name": name});
        for (field, value) in given.as_object().unwrap() {
            result[field] = value.clone();
        }
        thing("transcript.operator_result", result)
    };
    let escalation = json!({"extract_match": true, "extract_results": {"escalation": ["how"]}});
    let summary = json!({"text_generation_results":
        {"format": "text", "result": "The caller paid with 4111 1111 1111 1111."}});
    let things = json!({"extract_match": true, "extract_results":
        {"Location": ["Los Angeles"], "Consumer Good": ["a consumer_good, \"as it was said\""]}});
    let services = json!({"extract_match": true, "extract_results": {"sea_freight": ["how long"]}});
    let mood = json!({"predicted_label": "neutral", "predicted_probability": "0.7"});
    Account {
        attached: [(sid("GA", 1), [1, 4, 5, 6, 9].map(|it| sid("LY", it)).into())].into(),
        transcripts: vec![transcript],
        sentences: vec![sentence],
        results: vec![
            result(1, "Escalation Request", "extract", escalation),
            result(4, "Entity Recognition", "extract", things),
            result(5, "Summarization", "text-generation", summary),
            result(6, "Sentiment Analysis", "conversation-classify", mood),
            result(9, "Service Classifier", "extract", services),
        ],
        ..account()
    }
}

/// What is in the environment.
pub(crate) const LOGIN: &str = "TWILIO_AUTH_TOKEN=secret\n";
pub(crate) const SERVICE: &str =
    "TWILIO_CONVERSATIONAL_INTELLIGENCE_SID=GA00000000000000000000000000000001\n";

/// A house whose binary asks this Twilio.
pub(crate) fn house(twilio: &Scripted, environment: &str) -> House {
    let more = "[[transcripts]]\nkind = \"twilio\"\n[masking]\nsalt = \"SALT\"\n";
    house_with(
        twilio,
        &format!("{environment}SALT=a-long-random-text\n"),
        more,
    )
}

pub(crate) fn house_with(twilio: &Scripted, environment: &str, more: &str) -> House {
    let url = &twilio.base_url;
    let house = House::new(&format!(
        "listen = \"127.0.0.1:0\"
public_url = \"https://voice.example.com\"
[log]
format = \"json\"
[[transcripts]]
kind = \"sqlite\"
[insight]
services = [{{ label = \"booking\", exact = [\"book\"], fuzzy = [\"ocean freight\"] }}]
[twilio.api]
base_url = \"{url}\"
api_base_url = \"{url}\"
attempts = 2
backoff = \"1ms\"
{more}"
    ));
    house.write(
        ".env",
        &format!("TWILIO_ACCOUNT_SID={ACCOUNT}\n{environment}"),
    );
    house
}

/// The archive of a house, which nothing is sent from, with the call `CA1` in it.
pub(crate) async fn archive(house: &House) -> Sqlite {
    archive_that_sends(house, Vec::new()).await
}

/// The archive of a house, with the call `CA1` in it.
pub(crate) async fn archive_that_sends(house: &House, subscriptions: Vec<Subscription>) -> Sqlite {
    let settings = sqlite::Settings {
        path: house.path().join("calls.sqlite"),
        ..sqlite::Settings::default()
    };
    let archive = Sqlite::open(&settings, Access::Keep, subscriptions).unwrap();
    for entry in call("CA1") {
        archive.append(&entry).await.unwrap();
    }
    archive
}
