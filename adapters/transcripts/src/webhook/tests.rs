use expect_test::{Expect, expect};
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::time::sleep;
use voicera::insight::{Analysis, Insights, Origin};
use voicera::ports::archive::{ArchiveError, Transcript, Wanted, Which};
use voicera::ports::chain;
use voicera::testing::transcript_sink::call;
use voicera::words::CallId;

use super::*;
use crate::Deliverer;
use crate::delivery::Route;
use crate::outbox::{State, Subject};
use crate::testing::tray::Tray;
use receiver::{Answer, OK, Receiver};

mod receiver;

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

#[tokio::test]
async fn an_entry_is_posted_as_its_record() {
    let subject = Subject::Entry {
        call: CallId::new("CA-1"),
        session: Some("VX-1".to_owned()),
        sequence: 1,
    };
    posts(
        "entry:CA-1:VX-1:1",
        subject,
        expect![[r#"
        POST /hook?token=hidden HTTP/1.1
        application/json
        entry:CA-1:VX-1:1
        {
          "created": "2026-11-21T22:26:40.123Z",
          "data": {
            "at_ms": 1000,
            "call": "CA-1",
            "kind": "asked",
            "language": "en-US",
            "sequence": 1,
            "session": "VX-1",
            "speaker": "caller",
            "started": "2026-11-21T22:26:40.123Z",
            "text": "how long,\nto 洛杉矶? 🚢 \"quoted\" \\  ",
            "turn": 1,
            "v": 1
          },
          "id": "entry:CA-1:VX-1:1",
          "type": "entry"
        }
    "#]],
    )
    .await;
}

#[tokio::test]
async fn a_finished_call_is_posted_whole() {
    let subject = Subject::Finished {
        call: CallId::new("CA-1"),
    };
    posts(
        "call:CA-1:4",
        subject,
        expect![[r#"
            POST /hook?token=hidden HTTP/1.1
            application/json
            call:CA-1:4
            {
              "created": "2026-11-21T22:26:40.123Z",
              "data": {
                "analyses": [
                  {
                    "at": "1970-01-01T00:00:00.000Z",
                    "by": "a/model",
                    "insights": {
                      "summary": "The caller asks how long it takes."
                    },
                    "origin": "model"
                  }
                ],
                "call": {
                  "apologies": 0,
                  "duration_ms": 9876,
                  "ending": "handed_off",
                  "escalated": false,
                  "from": "+14155550100",
                  "id": "CA-1",
                  "interruptions": 1,
                  "services": [],
                  "session": "VX-1",
                  "started": "2026-11-21T22:26:40.123Z",
                  "summary": "The caller asks how long it takes.",
                  "to": "+14155550199",
                  "turns": 1
                },
                "entries": [
                  "started",
                  "asked",
                  "reply",
                  "ended"
                ]
              },
              "id": "call:CA-1:4",
              "type": "call.finished"
            }
        "#]],
    )
    .await;
}

#[tokio::test]
async fn an_analysis_is_posted_with_its_call() {
    let subject = Subject::Analysed {
        call: CallId::new("CA-1"),
        origin: "model".to_owned(),
    };
    posts(
        "analysis:CA-1:model:1795300000123",
        subject,
        expect![[r#"
            POST /hook?token=hidden HTTP/1.1
            application/json
            analysis:CA-1:model:1795300000123
            {
              "created": "2026-11-21T22:26:40.123Z",
              "data": {
                "analysis": {
                  "at": "1970-01-01T00:00:00.000Z",
                  "by": "a/model",
                  "insights": {
                    "summary": "The caller asks how long it takes."
                  },
                  "origin": "model"
                },
                "call": "CA-1"
              },
              "id": "analysis:CA-1:model:1795300000123",
              "type": "call.analysed"
            }
        "#]],
    )
    .await;
}

#[tokio::test]
async fn what_was_forgotten_is_not_posted() {
    let receiver = Receiver::start(&[]).await;
    let webhook = webhook(&receiver.url, Library::default());
    let forgotten = [
        Subject::Finished {
            call: CallId::new("forgotten"),
        },
        Subject::Analysed {
            call: CallId::new("CA-1"),
            origin: "carrier".to_owned(),
        },
        Subject::Entry {
            call: CallId::new("CA-1"),
            session: None,
            sequence: 1,
        },
    ];
    for subject in forgotten {
        webhook.send(&parcel("id", subject)).await.unwrap();
    }
    assert_eq!(receiver.requests().len(), 0);
}

#[tokio::test]
async fn an_archive_that_cannot_be_read_is_asked_again() {
    let library = Library { failing: true };
    let webhook = webhook("http://127.0.0.1:1", library);
    let error = webhook.send(&finished()).await.unwrap_err();
    expect!["Unavailable: it cannot be sent for now: the transcript cannot be read: the archive cannot be read for now: the disk is away"].assert_eq(&shown(&error, "http://127.0.0.1:1"));
}

#[tokio::test]
async fn nobody_at_home_is_a_reason_to_come_again() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!(
        "http://{}/hook?token=hidden",
        listener.local_addr().unwrap()
    );
    drop(listener);
    let webhook = webhook(&url, Library::default());
    let error = webhook.send(&finished()).await.unwrap_err();
    let shown = shown(&error, &url);
    assert!(shown.starts_with("Unavailable: "), "{shown}");
    assert!(!shown.contains("hidden"), "{shown}");
}

#[tokio::test]
async fn an_answer_decides_what_is_next() {
    let cases = [
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 301 Moved\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 400 Bad\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 408 Slow\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 413 Large\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 429 Busy\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 429 Busy\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 503 Oops\r\nRetry-After: 30\r\nContent-Length: 0\r\n\r\n",
    ];
    check(&cases.map(Answer::Says), expect![[r#"
        Ok
        Ok
        Refused: the destination refuses it: receiver answers status 301, redirects are not followed, set `url` to where it points
        Refused: the destination refuses it: receiver answers status 400, check what the receiver expects, its own log should say
        Refused: the destination refuses it: receiver answers status 401, check that both sides have the same secret, and that the receiver lets this server in
        Refused: the destination refuses it: receiver answers status 403, check that both sides have the same secret, and that the receiver lets this server in
        Refused: the destination refuses it: receiver answers status 404, check `url`
        Unavailable: it cannot be sent for now: receiver answers status 408
        Refused: the destination refuses it: receiver answers status 410, it wants no events any more, remove it from the configuration
        Refused: the destination refuses it: receiver answers status 413, the event is too large for it, let it take larger ones
        Busy Some(7s): the destination has too much to do: receiver answers status 429
        Busy None: the destination has too much to do: receiver answers status 429
        Unavailable: it cannot be sent for now: receiver answers status 500
        Busy Some(30s): the destination has too much to do: receiver answers status 503
    "#]]).await;
}

#[tokio::test]
async fn a_broken_answer_counts_as_far_as_it_goes() {
    let answers = [
        Answer::Says(""),
        Answer::Says("what?\r\n\r\n"),
        Answer::Says("HTTP/1.1 200"),
        Answer::Breaks(""),
        Answer::Breaks("HTTP/1.1 200 OK\r\nContent-Le"),
        // It was taken: the status has come.
        Answer::Breaks("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nha"),
        Answer::Breaks("HTTP/1.1 404 No\r\nContent-Length: 100\r\n\r\nha"),
    ];
    let outcomes = outcomes(&answers).await;
    let kinds: Vec<_> = outcomes
        .iter()
        .map(|line| line.split(':').next().unwrap())
        .collect();
    let [empty, garbage, short, reset, torn, taken, refused] = kinds[..] else {
        panic!("{outcomes:?}");
    };
    for unavailable in [empty, garbage, short, reset, torn] {
        assert_eq!(unavailable, "Unavailable", "{outcomes:?}");
    }
    assert_eq!((taken, refused), ("Ok", "Refused"), "{outcomes:?}");
}

#[tokio::test]
async fn an_answer_without_end_is_not_read_to_its_end() {
    let answers = [Answer::Says(
        "HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\nha",
    )];
    assert_eq!(outcomes(&answers).await, ["Ok"]);
}

#[tokio::test]
async fn a_receiver_that_honours_ids_sees_each_event_once() {
    let answers = [
        Answer::Says("HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n"),
        Answer::Says(OK),
        Answer::Silence,
        Answer::Says(OK),
        // Taken, but the sender cannot know.
        Answer::Breaks("HTTP/1."),
        Answer::Says(OK),
        Answer::Says("garbage\r\n\r\n"),
        Answer::Says(OK),
        Answer::Says("HTTP/1.1 429 Busy\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n"),
    ];
    let receiver = Receiver::start(&answers).await;
    let tray = filled();
    let deliverer = deliver(&tray, &receiver.url);
    until(|| tray.all().is_empty()).await;
    deliverer.stop(Duration::from_secs(5)).await;
    let signer = Signer::new(&SecretString::from(SECRET)).unwrap();
    assert_eq!(receiver.events(&signer).len(), 40);
    assert!(receiver.requests().len() >= 44);
}

#[tokio::test]
async fn nothing_is_lost_when_the_sender_is_killed_now_and_then() {
    let receiver = Receiver::start(&[]).await;
    let tray = filled();
    for requests in [1, 5, 17, 33] {
        let deliverer = deliver(&tray, &receiver.url);
        until(|| receiver.requests().len() >= requests).await;
        drop(deliverer);
    }
    let _deliverer = deliver(&tray, &receiver.url);
    until(|| tray.all().is_empty()).await;
    let signer = Signer::new(&SecretString::from(SECRET)).unwrap();
    assert_eq!(receiver.events(&signer).len(), 40);
}

#[tokio::test]
async fn what_the_receiver_refuses_waits_for_somebody_to_look_at_it() {
    let refused = [Answer::Says("HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n"); 40];
    let receiver = Receiver::start(&refused).await;
    let tray = filled();
    let _deliverer = deliver(&tray, &receiver.url);
    until(|| tray.all().iter().all(|left| left.state == State::Dead)).await;
    assert_eq!(receiver.requests().len(), 40);
    let trouble = tray.all()[0].trouble.clone().unwrap();
    assert!(trouble.contains("check that both sides have the same secret"));
}

#[test]
fn a_webhook_that_cannot_work_says_what_to_set() {
    for url in ["", "example.com/hook", "ftp://example.com"] {
        let settings = Settings {
            url: url.to_owned(),
            ..Settings::default()
        };
        let built = Webhook::new(&settings, &SecretString::from(SECRET), None, archive());
        assert!(matches!(built, Err(BuildError::Url(_))), "{url}");
    }
    let settings = Settings {
        url: "https://example.com".to_owned(),
        ..Settings::default()
    };
    let built = Webhook::new(&settings, &SecretString::from("x"), None, archive());
    expect!["the secret in VOICERA_WEBHOOK_SECRET cannot sign: it is not base64, make one with `openssl rand -base64 32`: Invalid input length: 1"].assert_eq(&chain(&built.unwrap_err()));
}

/// Posts one event and shows the request.
async fn posts(id: &str, subject: Subject, expected: Expect) {
    let receiver = Receiver::start(&[]).await;
    let webhook = webhook(&receiver.url, Library::default());
    webhook.send(&parcel(id, subject)).await.unwrap();
    let request = receiver.requests().remove(0);
    let timestamp: u64 = request.header("webhook-timestamp").parse().unwrap();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    assert!(now.as_secs().abs_diff(timestamp) < 60);
    assert!(request.header("webhook-signature").starts_with("v1,"));
    let mut body: serde_json::Value = serde_json::from_str(&request.body).unwrap();
    if let Some(entries) = body.pointer_mut("/data/entries") {
        let kinds = entries.as_array().unwrap().iter();
        *entries = kinds.map(|entry| entry["kind"].clone()).collect();
    }
    expected.assert_eq(&format!(
        "{}\n{}\n{}\n{body:#}\n",
        request.head.lines().next().unwrap(),
        request.header("content-type"),
        request.header("webhook-id"),
    ));
}

/// What one attempt after the other comes to.
async fn check(answers: &[Answer], expected: Expect) {
    let outcomes = outcomes(answers).await;
    expected.assert_eq(&format!("{}\n", outcomes.join("\n")));
}

async fn outcomes(answers: &[Answer]) -> Vec<String> {
    let receiver = Receiver::start(answers).await;
    let webhook = webhook(&receiver.url, Library::default());
    let mut outcomes = Vec::new();
    for _ in answers {
        outcomes.push(match webhook.send(&finished()).await {
            Ok(()) => "Ok".to_owned(),
            Err(error) => shown(&error, &receiver.url),
        });
    }
    assert_eq!(receiver.requests().len(), answers.len());
    outcomes
}

fn shown(error: &SendError, url: &str) -> String {
    let kind = match error {
        SendError::Unavailable(_) => "Unavailable".to_owned(),
        SendError::Busy { retry_after, .. } => format!("Busy {retry_after:?}"),
        SendError::Refused(_) => "Refused".to_owned(),
    };
    let host = url.trim_end_matches("/hook?token=hidden");
    format!("{kind}: {}", chain(error)).replace(host, "receiver")
}

fn deliver(tray: &Tray, url: &str) -> Deliverer {
    let settings = delivery::Settings {
        first_pause: Duration::from_millis(10),
        timeout: Duration::from_millis(500),
        lease: Duration::from_millis(1500),
        poll: Duration::from_millis(50),
        ..delivery::Settings::default()
    };
    let route = Route {
        destination: "hook".to_owned(),
        outbox: Arc::new(tray.clone()),
        courier: Arc::new(webhook(url, Library::default())),
        written: Arc::new(Notify::new()),
    };
    Deliverer::start(route, &settings)
}

/// Forty events of ten calls.
fn filled() -> Tray {
    let tray = Tray::default();
    for number in 0..40 {
        let subject = Subject::Entry {
            call: CallId::new(&format!("CA-{}", number % 10)),
            session: Some("VX-1".to_owned()),
            sequence: number / 10,
        };
        tray.put(
            &format!("entry:{number}"),
            "hook",
            subject,
            SystemTime::now(),
        );
    }
    tray
}

async fn until(done: impl Fn() -> bool) {
    let watching = async {
        while !done() {
            sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(Duration::from_secs(60), watching).await.unwrap();
}

fn webhook(url: &str, library: Library) -> Webhook {
    let settings = Settings {
        url: url.to_owned(),
        ..Settings::default()
    };
    let secret = SecretString::from(SECRET);
    Webhook::new(&settings, &secret, None, Arc::new(library)).unwrap()
}

fn archive() -> Arc<dyn Archive> {
    Arc::new(Library::default())
}

fn finished() -> Parcel {
    let call = CallId::new("CA-1");
    parcel("call:CA-1:4", Subject::Finished { call })
}

fn parcel(id: &str, subject: Subject) -> Parcel {
    Parcel {
        id: id.to_owned(),
        destination: "hook".to_owned(),
        subject,
        state: State::Waiting,
        attempts: 0,
        written: UNIX_EPOCH + Duration::from_millis(1_795_300_000_123),
        due: UNIX_EPOCH,
        trouble: None,
    }
}

/// Knows every call but one.
#[derive(Debug, Default)]
struct Library {
    failing: bool,
}

#[async_trait]
impl Archive for Library {
    async fn calls(&self, _wanted: &Wanted) -> Result<Vec<voicera::digest::Digest>, ArchiveError> {
        Ok(Vec::new())
    }

    async fn call(&self, id: &CallId) -> Result<Option<Transcript>, ArchiveError> {
        if self.failing {
            return Err(ArchiveError::Unavailable("the disk is away".into()));
        }
        let analysis = Analysis {
            origin: Origin::Model("a/model".to_owned()),
            at: UNIX_EPOCH,
            insights: Insights {
                summary: Some("The caller asks how long it takes.".to_owned()),
                ..Insights::default()
            },
        };
        let transcript = || Transcript {
            entries: call(id.as_str()),
            analyses: vec![analysis],
        };
        Ok((id.as_str() != "forgotten").then(transcript))
    }

    async fn forget(&self, _which: &Which) -> Result<u64, ArchiveError> {
        Ok(0)
    }
}
