use std::fmt::Write as _;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use expect_test::{Expect, expect};
use serde_json::{Value, json};
use voicera::digest::Digest;
use voicera::ports::archive::{Transcript, Wanted, Which};
use voicera::ports::transcript_sink::{CallerKind, CallerLine, Content};
use voicera::words::{Call, Turn};

use super::*;
use crate::outbox;
use crate::twilio::scripted::{Account, Fault, Scripted, sid, thing};

const FIRST: &str = "VX00000000000000000000000000000001";
const SECOND: &str = "VX00000000000000000000000000000002";

/// An archive of one call, which has these sessions.
#[derive(Debug)]
struct Kept {
    entries: Vec<Entry>,
    concluded: Mutex<Vec<Analysis>>,
}

impl Kept {
    fn of(sessions: &[Option<&str>]) -> Self {
        let entries = sessions.iter().zip(0..).map(|(session, sequence)| {
            let call = Call {
                id: CallId::new("CA1"),
                session: session.map(str::to_owned),
                from: None,
                to: None,
                started: SystemTime::UNIX_EPOCH,
                parameters: Default::default(),
            };
            let line = CallerLine {
                text: "Give me a person".to_owned(),
                language: None,
                kind: CallerKind::Asked,
            };
            Entry {
                call: Arc::new(call),
                sequence,
                turn: Turn(1),
                at: Duration::ZERO,
                content: Content::Caller(line),
            }
        });
        Self {
            entries: entries.collect(),
            concluded: Mutex::default(),
        }
    }
}

#[async_trait]
impl Archive for Kept {
    async fn calls(&self, _: &Wanted) -> Result<Vec<Digest>, ArchiveError> {
        Ok(Vec::new())
    }

    async fn call(&self, id: &CallId) -> Result<Option<Transcript>, ArchiveError> {
        Ok((id.as_str() == "CA1").then(|| Transcript {
            entries: self.entries.clone(),
            analyses: Vec::new(),
        }))
    }

    async fn forget(&self, _: &Which) -> Result<u64, ArchiveError> {
        Ok(0)
    }
}

#[async_trait]
impl TranscriptSink for Kept {
    async fn append(&self, _: &Entry) -> Result<(), SinkError> {
        Ok(())
    }

    async fn conclude(&self, _: &CallId, analysis: &Analysis) -> Result<(), SinkError> {
        self.concluded.lock().unwrap().push(analysis.clone());
        Ok(())
    }
}

fn transcript(number: usize, session: &str, status: &str) -> Value {
    thing(
        "transcript",
        json!({
            "sid": sid("GT", number),
            "service_sid": sid("GA", 1),
            "status": status,
            "date_created": format!("2026-11-23T10:00:0{number}Z"),
            "channel": {"media_properties": {
                "source": "ConversationRelay",
                "source_sid": session,
                "reference_sids": {"call_sid": "CA1"},
            }},
        }),
    )
}

fn escalation(number: usize, found: bool) -> Value {
    thing(
        "transcript.operator_result",
        json!({
            "transcript_sid": sid("GT", number),
            "operator_sid": sid("LY", 1),
            "operator_type": "extract",
            "name": "Escalation Request",
            "extract_match": found,
            "extract_results": {"escalation": ["a person"]},
        }),
    )
}

/// An account whose service has one operator.
fn account(transcripts: Vec<Value>, results: Vec<Value>) -> Account {
    Account {
        attached: [(sid("GA", 1), vec![sid("LY", 1)])].into(),
        transcripts,
        results,
        ..Account::default()
    }
}

fn intelligence(twilio: &Scripted) -> Intelligence {
    Intelligence {
        client: twilio.client(),
        service_sid: sid("GA", 1),
        classifier: Classifier {
            name: "Service Classifier".to_owned(),
            labels: Vec::new(),
        },
    }
}

fn now() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000)
}

/// What a sync says and concludes.
async fn check(sessions: &[Option<&str>], account: Account, patience: Patience, expected: Expect) {
    let twilio = Scripted::start(account).await;
    let kept = Kept::of(sessions);
    let call = CallId::new("CA1");
    let synced = intelligence(&twilio)
        .sync(&kept, &kept, &call, patience, now())
        .await;
    let mut text = String::new();
    match synced {
        Ok(synced) => {
            for session in &synced.sessions {
                writeln!(text, "{session}").unwrap();
            }
            let concluded = kept.concluded.lock().unwrap();
            assert_eq!(concluded.as_slice(), synced.analysis.as_slice());
        }
        Err(error) => writeln!(text, "{}", chain(&error)).unwrap(),
    }
    for analysis in kept.concluded.lock().unwrap().iter() {
        let escalation = analysis.insights.escalation.as_ref().unwrap();
        let entries: Vec<usize> = escalation
            .evidence
            .iter()
            .map(|place| place.entry)
            .collect();
        let (origin, detected) = (analysis.origin.name(), escalation.detected);
        writeln!(text, "{origin}: escalation {detected} in {entries:?}").unwrap();
    }
    expected.assert_eq(&text);
}

#[tokio::test]
async fn results_that_are_all_there_are_concluded() {
    let transcripts = vec![transcript(1, FIRST, "completed")];
    let account = account(transcripts, vec![escalation(1, true)]);
    check(
        &[Some(FIRST)],
        account,
        Patience::Wait,
        expect![[r#"
        twilio's transcript GT00000000000000000000000000000001 is complete
        carrier: escalation true in [0]
    "#]],
    )
    .await;
}

#[tokio::test]
async fn a_call_of_two_sessions_has_one_analysis() {
    let transcripts = vec![
        transcript(1, FIRST, "completed"),
        transcript(2, SECOND, "completed"),
    ];
    let account = account(transcripts, vec![escalation(1, false), escalation(2, true)]);
    let sessions = [Some(FIRST), Some(SECOND)];
    check(
        &sessions,
        account,
        Patience::Wait,
        expect![[r#"
        twilio's transcript GT00000000000000000000000000000001 is complete
        twilio's transcript GT00000000000000000000000000000002 is complete
        carrier: escalation true in [1]
    "#]],
    )
    .await;
}

#[tokio::test]
async fn nothing_is_concluded_before_it_is_there() {
    for patience in [Patience::Wait, Patience::Take] {
        let nothing = account(vec![], vec![]);
        check(&[Some(FIRST)], nothing, patience, expect![[r#"
            twilio has no transcript of session VX00000000000000000000000000000001 yet; if it never has one, check that the calls are answered with this intelligence service
        "#]]).await;
        let running = account(vec![transcript(1, FIRST, "in-progress")], vec![]);
        check(
            &[Some(FIRST)],
            running,
            patience,
            expect![[r#"
            twilio's transcript GT00000000000000000000000000000001 is in-progress
        "#]],
        )
        .await;
        let failed = account(vec![transcript(1, FIRST, "failed")], vec![]);
        check(
            &[Some(FIRST)],
            failed,
            patience,
            expect![[r#"
            twilio's transcript GT00000000000000000000000000000001 came to nothing: failed
        "#]],
        )
        .await;
    }
}

#[tokio::test]
async fn operators_that_still_run_are_waited_for() {
    let half = || {
        let transcripts = vec![
            transcript(1, FIRST, "completed"),
            transcript(2, SECOND, "queued"),
        ];
        let mut account = account(transcripts, vec![escalation(1, true)]);
        account
            .attached
            .get_mut(&sid("GA", 1))
            .unwrap()
            .push(sid("LY", 2));
        account
    };
    let sessions = [Some(FIRST), Some(SECOND)];
    check(&sessions, half(), Patience::Wait, expect![[r#"
        twilio's transcript GT00000000000000000000000000000001 lacks the results of LY00000000000000000000000000000002
        twilio's transcript GT00000000000000000000000000000002 is queued
    "#]]).await;
    check(&sessions, half(), Patience::Take, expect![[r#"
        twilio's transcript GT00000000000000000000000000000001 lacks the results of LY00000000000000000000000000000002
        twilio's transcript GT00000000000000000000000000000002 is queued
        carrier: escalation true in [0]
    "#]]).await;
}

#[tokio::test]
async fn of_several_transcripts_the_furthest_and_newest_counts() {
    let mut stranger = transcript(4, FIRST, "completed");
    stranger["service_sid"] = json!(sid("GA", 2));
    let transcripts = vec![
        transcript(1, FIRST, "completed"),
        transcript(2, FIRST, "completed"),
        transcript(3, FIRST, "failed"),
        stranger,
    ];
    let account = account(transcripts, vec![escalation(2, true)]);
    check(
        &[Some(FIRST)],
        account,
        Patience::Wait,
        expect![[r#"
        twilio's transcript GT00000000000000000000000000000002 is complete
        carrier: escalation true in [0]
    "#]],
    )
    .await;
}

#[tokio::test]
async fn a_call_that_was_not_on_the_relay_has_nothing_there() {
    let nothing = || account(vec![], vec![]);
    check(
        &[None],
        nothing(),
        Patience::Wait,
        expect![[r#"
        the call CA1 has no session of Twilio's relay
    "#]],
    )
    .await;
    check(
        &[Some("chat-1")],
        nothing(),
        Patience::Wait,
        expect![[r#"
            the call CA1 has no session of Twilio's relay
        "#]],
    )
    .await;
}

#[tokio::test]
async fn what_twilio_refuses_is_told() {
    let mut account = account(vec![], vec![]);
    account.faults.push_back(Fault::error(
        404,
        20404,
        "The requested resource was not found",
    ));
    check(&[Some(FIRST)], account, Patience::Wait, expect![[r#"
        twilio's transcript cannot be fetched: twilio answers 404, error 20404: The requested resource was not found: check the id, and whether it belongs to this account (see https://www.twilio.com/docs/errors/20404)
    "#]]).await;
}

/// How it goes with a parcel that was written so long ago.
async fn delivers(subject: Subject, account: Account, waited: Duration, expected: Expect) {
    let twilio = Scripted::start(account).await;
    let kept = Kept::of(&[Some(FIRST)]);
    let parcel = Parcel {
        id: "call:CA1:1".to_owned(),
        destination: "twilio".to_owned(),
        subject,
        state: outbox::State::Waiting,
        attempts: 0,
        written: now() - waited,
        due: now(),
        trouble: None,
    };
    let delivery = intelligence(&twilio)
        .deliver(&kept, &kept, &parcel, now())
        .await;
    expected.assert_eq(&format!("{delivery:?}"));
}

fn finished(call: &str) -> Subject {
    Subject::Finished {
        call: CallId::new(call),
    }
}

const SOON: Duration = Duration::from_secs(10);
const LATE: Duration = Duration::from_secs(31 * 60);

#[tokio::test]
async fn a_finished_call_is_synced() {
    let transcripts = vec![transcript(1, FIRST, "completed")];
    let there = account(transcripts, vec![escalation(1, true)]);
    delivers(finished("CA1"), there, SOON, expect!["Done"]).await;
}

#[tokio::test]
async fn a_transcript_is_waited_for_but_not_without_end() {
    let nothing = || account(vec![], vec![]);
    delivers(finished("CA1"), nothing(), SOON, expect![[r#"Later { trouble: "twilio has no transcript of session VX00000000000000000000000000000001 yet; if it never has one, check that the calls are answered with this intelligence service" }"#]]).await;
    delivers(finished("CA1"), nothing(), LATE, expect![[r#"Dead { trouble: "twilio has no transcript of session VX00000000000000000000000000000001 yet; if it never has one, check that the calls are answered with this intelligence service" }"#]]).await;
    let half = || account(vec![transcript(1, FIRST, "completed")], vec![]);
    delivers(finished("CA1"), half(), SOON, expect![[r#"Later { trouble: "twilio's transcript GT00000000000000000000000000000001 lacks the results of LY00000000000000000000000000000001" }"#]]).await;
    delivers(finished("CA1"), half(), LATE, expect!["Done"]).await;
    let failed = account(vec![transcript(1, FIRST, "failed")], vec![]);
    delivers(finished("CA1"), failed, SOON, expect![[r#"Dead { trouble: "twilio's transcript GT00000000000000000000000000000001 came to nothing: failed" }"#]]).await;
}

#[tokio::test]
async fn what_is_not_ours_is_done() {
    let nothing = || account(vec![], vec![]);
    delivers(finished("CA2"), nothing(), SOON, expect!["Done"]).await;
    let analysed = Subject::Analysed {
        call: CallId::new("CA1"),
        origin: "carrier".to_owned(),
    };
    delivers(analysed, nothing(), SOON, expect!["Done"]).await;
}

#[tokio::test]
async fn a_login_that_somebody_can_mend_is_tried_again() {
    let refusing = |status, code| {
        let mut account = account(vec![], vec![]);
        account.faults.push_back(Fault::error(status, code, "No"));
        account
    };
    delivers(
        finished("CA1"),
        refusing(401, 20003),
        SOON,
        expect![[r#"Later { trouble: "twilio's transcript cannot be fetched: twilio answers 401, error 20003: No: check TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN (see https://www.twilio.com/docs/errors/20003)" }"#]],
    )
    .await;
    delivers(
        finished("CA1"),
        refusing(400, 20001),
        SOON,
        expect![[r#"Dead { trouble: "twilio's transcript cannot be fetched: twilio answers 400, error 20001: No (see https://www.twilio.com/docs/errors/20001)" }"#]],
    )
    .await;
}

#[tokio::test]
async fn a_transcript_leads_to_its_call() {
    let mut stranger = transcript(2, FIRST, "completed");
    stranger["service_sid"] = json!(sid("GA", 2));
    let twilio = Scripted::start(account(
        vec![transcript(1, FIRST, "queued"), stranger],
        vec![],
    ))
    .await;
    let intelligence = intelligence(&twilio);
    let call = intelligence.call_of(&sid("GT", 1)).await.unwrap();
    assert_eq!(call, Some(CallId::new("CA1")));
    assert_eq!(intelligence.call_of(&sid("GT", 2)).await.unwrap(), None);
    assert_eq!(
        intelligence
            .call_of(&sid("GT", 3))
            .await
            .unwrap_err()
            .status(),
        Some(404)
    );
}
