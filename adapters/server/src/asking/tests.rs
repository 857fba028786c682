use std::time::Duration;

use voicera::ports::chain;
use voicera::testing::archive::{Shelf, analysis};
use voicera::testing::language_model::{Scripted, Step};
use voicera::testing::transcript_sink::call;
use voicera::words::{Call, CallId};
use voicera_transcripts::outbox::State;

use super::*;

const ANSWER: &str = "{\"summary\": \"The caller asked how long it takes.\"}";

#[tokio::test]
async fn a_finished_call_is_asked_about_once_however_often_it_comes() {
    let (shelf, model) = (kept("CA-1").await, Scripted::new("m", [words(ANSWER)]));
    let parcel = parcel("CA-1");
    for _ in 0..3 {
        asker(&shelf, &model).send(&parcel).await.unwrap();
    }
    assert_eq!(model.prompts().len(), 1);
    let [analysis] = &analyses(&shelf).await[..] else {
        panic!("one analysis");
    };
    assert_eq!(analysis.origin, Origin::Model("m".to_owned()));
    let summary = analysis.insights.summary.as_deref();
    assert_eq!(summary, Some("The caller asked how long it takes."));
}

#[tokio::test(start_paused = true)]
async fn a_call_that_goes_on_while_the_model_answers_is_asked_about_again() {
    let slow = [vec![Step::Pause(Duration::from_secs(1))], words(ANSWER)].concat();
    let (shelf, model) = (kept("CA-1").await, Scripted::new("m", [slow]));
    let (asker, first) = (asker(&shelf, &model), parcel("CA-1"));
    let goes_on = async {
        let mut entries = call("CA-1");
        let call = Arc::new(Call {
            session: Some("VX-2".to_owned()),
            ..(*entries[0].call).clone()
        });
        for entry in &mut entries {
            entry.call = Arc::clone(&call);
        }
        keep(&shelf, &entries).await;
        parcel("CA-1")
    };
    let (sent, second) = tokio::join!(asker.send(&first), goes_on);
    sent.unwrap();
    asker.send(&second).await.unwrap();
    let [one, other] = &model.prompts()[..] else {
        panic!("two questions");
    };
    assert!(one.utterance.len() < other.utterance.len());
    assert_eq!(analyses(&shelf).await.len(), 1);
}

#[tokio::test]
async fn what_is_found_out_later_and_what_was_deleted_is_no_question() {
    let (shelf, model) = (kept("CA-1").await, Scripted::new("m", [words(ANSWER)]));
    let id = CallId::new("CA-1");
    shelf
        .conclude(&id, &analysis(Origin::Operators))
        .await
        .unwrap();
    let origin = "model".to_owned();
    let later = Parcel {
        subject: Subject::Analysed { call: id, origin },
        ..parcel("CA-1")
    };
    for parcel in [later, parcel("CA-deleted")] {
        asker(&shelf, &model).send(&parcel).await.unwrap();
    }
    assert_eq!(model.prompts(), []);
}

#[tokio::test]
async fn an_answer_that_is_not_as_asked_is_asked_for_a_few_times() {
    let (shelf, model) = (
        kept("CA-1").await,
        Scripted::new("m", [words("It was nice.")]),
    );
    for attempts in 0..10 {
        let parcel = Parcel {
            attempts,
            ..parcel("CA-1")
        };
        let error = asker(&shelf, &model).send(&parcel).await.unwrap_err();
        let is_refused = matches!(error, SendError::Refused(_));
        assert_eq!(is_refused, attempts >= 4, "{attempts}: {error:?}");
        assert!(chain(&error).contains("insight.ask_model = false"));
    }
    assert_eq!(analyses(&shelf).await, []);
}

#[test]
fn what_the_vendor_says_decides_when_it_is_asked_again() {
    let cause = || "why".into();
    let hour = Some(Duration::from_secs(3600));
    let busy = ModelError::Busy {
        retry_after: hour,
        cause: cause(),
    };
    for (error, expected) in [
        (
            busy,
            "the destination has too much to do: the model is busy: why",
        ),
        (
            ModelError::Unavailable(cause()),
            "it cannot be sent for now: the model cannot be reached: why",
        ),
        (
            ModelError::Refused(cause()),
            "it cannot be sent for now: the model refuses the request: why",
        ),
        (
            ModelError::Empty,
            "it cannot be sent for now: the model sent no words",
        ),
    ] {
        let error = no_answer(error);
        assert_eq!(chain(&error), expected);
        if let SendError::Busy { retry_after, .. } = error {
            assert_eq!(retry_after, hour);
        }
    }
}

async fn kept(id: &str) -> Shelf {
    let shelf = Shelf::default();
    keep(&shelf, &call(id)).await;
    shelf
}

async fn keep(shelf: &Shelf, entries: &[voicera::ports::transcript_sink::Entry]) {
    for entry in entries {
        shelf.append(entry).await.unwrap();
    }
}

async fn analyses(shelf: &Shelf) -> Vec<Analysis> {
    let kept = shelf.call(&CallId::new("CA-1")).await.unwrap();
    kept.unwrap().analyses
}

fn words(text: &'static str) -> Vec<Step> {
    vec![Step::Text(text)]
}

fn asker(shelf: &Shelf, model: &Scripted) -> Asker {
    Asker {
        archive: Arc::new(shelf.clone()),
        sink: Arc::new(shelf.clone()),
        model: Arc::new(model.clone()),
    }
}

/// What says that a call was finished just now.
fn parcel(call: &str) -> Parcel {
    let now = SystemTime::now();
    Parcel {
        id: format!("call:{call}:4"),
        destination: "model".to_owned(),
        subject: Subject::Finished {
            call: CallId::new(call),
        },
        state: State::Waiting,
        attempts: 0,
        written: now,
        due: now,
        trouble: None,
    }
}
