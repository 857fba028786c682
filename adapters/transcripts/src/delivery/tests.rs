use std::collections::VecDeque;
use std::sync::{LazyLock, Mutex};

use expect_test::{Expect, expect};
use tokio::time::{Instant, sleep};
use voicera::ports::TranscriptSink;
use voicera::ports::transcript_sink::{Entry, SinkError};
use voicera::testing::transcript_sink::call;
use voicera::words::CallId;

use super::*;
use crate::Fanout;
use crate::outbox::Subject;
use crate::testing::log::Log;
use crate::testing::tray::Tray;

#[tokio::test(start_paused = true)]
async fn what_is_written_is_sent_soon_and_once() {
    let stage = Stage::new([]);
    let deliverer = stage.deliverer();
    for sequence in 0..3 {
        stage.write("CA-1", sequence);
        sleep(Duration::from_secs(1)).await;
    }
    deliverer.stop(Duration::ZERO).await;
    expect![[r#"
        entry:CA-1::0 Take
        entry:CA-1::1 Take
        entry:CA-1::2 Take
    "#]]
    .assert_eq(&stage.log.read());
    assert_eq!(stage.tray.all(), []);
}

#[tokio::test(start_paused = true)]
async fn what_another_server_wrote_is_found() {
    let stage = Stage::new([]);
    let deliverer = stage.deliverer();
    sleep(Duration::from_secs(1)).await;
    stage.put("CA-1", 0);
    sleep(Duration::from_secs(20)).await;
    drop(deliverer);
    expect![[r#"
        entry:CA-1::0 Take
    "#]]
    .assert_eq(&stage.log.read());
}

#[tokio::test(start_paused = true)]
async fn an_idle_deliverer_asks_no_more_than_the_poll() {
    let stage = Stage::new([]);
    let _deliverer = stage.deliverer();
    sleep(Duration::from_secs(60 * 60)).await;
    assert_eq!(stage.tray.questions(), 60 * 60 / 15);
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_followed_by_another_attempt() {
    check(
        &Settings::default(),
        [Answer::Fail, Answer::Fail, Answer::Take],
        expect![[r#"
            entry:CA-1::0 Fail
             WARN voicera_transcripts::delivery::health: an event could not be delivered and is tried again later destination=door error="it cannot be sent for now: nobody is in"
            entry:CA-1::0 Fail
            entry:CA-1::0 Take
             INFO voicera_transcripts::delivery::health: the destination takes events again destination=door given_up=0
        "#]],
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn an_event_is_given_up_after_the_last_attempt() {
    let settings = Settings {
        attempts: 3,
        ..Settings::default()
    };
    check(&settings, [Answer::Fail; 9], expect![[r#"
        entry:CA-1::0 Fail
         WARN voicera_transcripts::delivery::health: an event could not be delivered and is tried again later destination=door error="it cannot be sent for now: nobody is in"
        entry:CA-1::0 Fail
        entry:CA-1::0 Fail
        ERROR voicera_transcripts::delivery::health: events are given up; mend the cause, then `voicera calls outbox` shows them and sends them again destination=door event.id=entry:CA-1::0 error="it cannot be sent for now: nobody is in"
        Dead after 3 attempts: it cannot be sent for now: nobody is in
    "#]]).await;
}

#[tokio::test(start_paused = true)]
async fn an_event_is_given_up_when_it_is_old() {
    let settings = Settings {
        age: Duration::from_millis(30),
        ..Settings::default()
    };
    check(&settings, [Answer::Fail; 9], expect![[r#"
        entry:CA-1::0 Fail
         WARN voicera_transcripts::delivery::health: an event could not be delivered and is tried again later destination=door error="it cannot be sent for now: nobody is in"
        entry:CA-1::0 Fail
        entry:CA-1::0 Fail
        entry:CA-1::0 Fail
        entry:CA-1::0 Fail
        ERROR voicera_transcripts::delivery::health: events are given up; mend the cause, then `voicera calls outbox` shows them and sends them again destination=door event.id=entry:CA-1::0 error="it cannot be sent for now: nobody is in"
        Dead after 5 attempts: it cannot be sent for now: nobody is in
    "#]]).await;
}

#[tokio::test(start_paused = true)]
async fn what_is_refused_is_given_up_at_once() {
    check(&Settings::default(), [Answer::Refuse], expect![[r#"
        entry:CA-1::0 Refuse
        ERROR voicera_transcripts::delivery::health: events are given up; mend the cause, then `voicera calls outbox` shows them and sends them again destination=door event.id=entry:CA-1::0 error="the destination refuses it: wrong door"
        Dead after 1 attempts: the destination refuses it: wrong door
    "#]]).await;
}

#[tokio::test(start_paused = true)]
async fn an_attempt_takes_no_longer_than_it_may() {
    check(
        &Settings::default(),
        [Answer::Hang, Answer::Take],
        expect![[r#"
            entry:CA-1::0 Hang
             WARN voicera_transcripts::delivery::health: an event could not be delivered and is tried again later destination=door error="it cannot be sent for now: no answer within 20s"
            entry:CA-1::0 Take
             INFO voicera_transcripts::delivery::health: the destination takes events again destination=door given_up=0
        "#]],
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn what_was_given_up_is_sent_when_somebody_says_so() {
    let stage = Stage::new([Answer::Refuse]);
    let _deliverer = stage.deliverer();
    stage.write("CA-1", 0);
    sleep(Duration::from_secs(1)).await;
    assert_eq!(stage.tray.retry(None).await.unwrap(), 1);
    sleep(Duration::from_secs(20)).await;
    assert_eq!(stage.tray.all(), []);
}

#[tokio::test(start_paused = true)]
async fn pauses_are_a_random_part_of_what_doubles() {
    let settings = Settings {
        attempts: 12,
        longest_pause: Duration::from_secs(300),
        ..Settings::default()
    };
    let stage = Stage::new([Answer::Fail; 12]);
    let _deliverer = stage.deliverer_with(&settings);
    stage.write("CA-1", 0);
    sleep(Duration::from_secs(60 * 60)).await;
    let times = stage.door.times.lock().unwrap().clone();
    assert_eq!(times.len(), 12);
    for (failures, pair) in times.windows(2).enumerate() {
        let longest = Duration::from_secs(2 << failures).min(settings.longest_pause);
        // A destination that fails again and again rests on top, half a minute at most.
        let slack = Duration::from_secs(31);
        assert!(
            pair[1] - pair[0] <= longest + slack,
            "{failures}: {times:?}"
        );
    }
    assert!(times[11] > Duration::from_secs(60), "{times:?}");
}

#[tokio::test(start_paused = true)]
async fn a_destination_that_asks_for_a_pause_is_left_alone() {
    let stage = Stage::new([Answer::Busy(Duration::from_secs(40))]);
    let settings = Settings {
        concurrency: 1,
        ..Settings::default()
    };
    let _deliverer = stage.deliverer_with(&settings);
    for number in 0..3 {
        stage.write(&format!("CA-{number}"), 0);
    }
    sleep(Duration::from_secs(1)).await;
    // Another server or the next start heeds it, too.
    let busy = &stage.tray.all()[0];
    assert!(busy.due >= busy.written + Duration::from_secs(40));
    // What was claimed and not sent comes back after the lease.
    sleep(Duration::from_secs(120)).await;
    let times = stage.door.times.lock().unwrap().clone();
    assert_eq!(times.len(), 4);
    assert!(times[1] - times[0] >= Duration::from_secs(40), "{times:?}");
    assert_eq!(stage.tray.all(), []);
}

#[tokio::test(start_paused = true)]
async fn nobody_may_ask_for_a_pause_without_end() {
    let settings = Settings {
        longest_pause: Duration::from_secs(10),
        ..Settings::default()
    };
    let stage = Stage::new([Answer::Busy(Duration::MAX)]);
    let _deliverer = stage.deliverer_with(&settings);
    stage.write("CA-1", 0);
    sleep(Duration::from_secs(30)).await;
    assert_eq!(stage.tray.all(), []);
}

#[tokio::test(start_paused = true)]
async fn the_events_of_a_call_come_in_order_and_calls_do_not_wait_for_each_other() {
    let stage = Stage::new([Answer::TakeAfter(Duration::from_secs(1)); 40]);
    for sequence in 0..4 {
        for number in 0..10 {
            stage.put(&format!("CA-{number}"), sequence);
        }
    }
    let _deliverer = stage.deliverer();
    sleep(Duration::from_secs(8)).await;
    let seen = stage.door.seen.lock().unwrap().clone();
    assert_eq!(seen.len(), 40);
    for number in 0..10 {
        let of_call = format!("entry:CA-{number}:");
        let seen: Vec<_> = seen.iter().filter(|id| id.starts_with(&of_call)).collect();
        assert!(seen.is_sorted(), "{seen:?}");
    }
    assert_eq!(
        *stage.door.most.lock().unwrap(),
        Settings::default().concurrency
    );
}

#[tokio::test(start_paused = true)]
async fn an_event_that_hangs_holds_up_its_own_call_only() {
    let stage = Stage::new([Answer::Hang]);
    for number in 0..100 {
        stage.put(&format!("CA-{number}"), 0);
    }
    let _deliverer = stage.deliverer();
    sleep(Duration::from_secs(1)).await;
    assert_eq!(stage.tray.all().len(), 1);
    sleep(Duration::from_secs(60)).await;
    assert_eq!(stage.tray.all(), []);
}

#[tokio::test(start_paused = true)]
async fn a_destination_that_is_down_is_asked_rarely_and_gets_all_of_it_later() {
    let stage = Stage::new([Answer::Fail; 1000]);
    let _guard = stage.log.listen();
    let _deliverer = stage.deliverer();
    for sequence in 0..300 {
        stage.write("CA-1", sequence);
        stage.write("CA-2", sequence);
        sleep(Duration::from_secs(1)).await;
    }
    let attempts = stage.door.times.lock().unwrap().len();
    assert!((5..40).contains(&attempts), "{attempts} attempts");
    stage.door.answers.lock().unwrap().clear();
    sleep(Duration::from_secs(60)).await;
    // Only those that were tried in vain wait for their next attempt.
    assert!(stage.tray.all().iter().all(|left| left.attempts > 0));
    assert!(stage.tray.all().len() < 40);
    sleep(Duration::from_secs(60 * 60)).await;
    assert_eq!(stage.tray.all(), []);
    assert_eq!(stage.door.seen.lock().unwrap().len(), 600);
    expect![[r#"
        WARN voicera_transcripts::delivery::health: an event could not be delivered and is tried again later destination=door error="it cannot be sent for now: nobody is in"
        INFO voicera_transcripts::delivery::health: the destination takes events again destination=door given_up=0
    "#]].assert_eq(&without_attempts(&stage.log));
}

#[tokio::test(start_paused = true)]
async fn an_event_that_always_fails_does_not_stop_the_others() {
    let stage = Stage::new([]);
    *stage.door.poison.lock().unwrap() = "entry:CA-1::0".to_owned();
    let _deliverer = stage.deliverer();
    for number in 0..100 {
        stage.write(&format!("CA-{number}"), 0);
        sleep(Duration::from_millis(100)).await;
    }
    sleep(Duration::from_secs(1)).await;
    assert_eq!(stage.tray.all().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_failing_outbox_is_asked_with_pauses_and_its_events_come_later() {
    let stage = Stage::new([]);
    let _guard = stage.log.listen();
    let _deliverer = stage.deliverer();
    stage.tray.fail(true);
    for sequence in 0..600 {
        stage.write("CA-1", sequence);
        sleep(Duration::from_secs(1)).await;
    }
    let questions = stage.tray.questions();
    assert!((5..20).contains(&questions), "{questions} questions");
    stage.tray.fail(false);
    sleep(Duration::from_secs(90)).await;
    assert_eq!(stage.tray.all(), []);
    expect![[r#"
        ERROR voicera_transcripts::delivery::health: nothing is delivered until the archive works again; what waits in it is kept destination=door error="the archive cannot be read for now: the tray is failing"
        INFO voicera_transcripts::delivery::health: the outbox works again destination=door
    "#]].assert_eq(&without_attempts(&stage.log));
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_settled_is_sent_again_under_the_same_id() {
    let stage = Stage::new([Answer::TakeAfter(Duration::from_secs(1))]);
    let _deliverer = stage.deliverer();
    stage.write("CA-1", 0);
    sleep(Duration::from_millis(500)).await;
    stage.tray.fail(true);
    sleep(Duration::from_secs(5)).await;
    stage.tray.fail(false);
    sleep(Duration::from_secs(90)).await;
    assert_eq!(stage.tray.all(), []);
    let seen = stage.door.seen.lock().unwrap().clone();
    assert_eq!(seen, ["entry:CA-1::0", "entry:CA-1::0"]);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_lost_whenever_the_task_is_dropped() {
    for life in (10..400).step_by(13) {
        let stage = Stage::new([Answer::TakeAfter(Duration::from_millis(30)); 2000]);
        for number in 0..60 {
            stage.put(&format!("CA-{}", number % 20), number);
        }
        for _ in 0..5 {
            let deliverer = stage.deliverer();
            sleep(Duration::from_millis(life)).await;
            drop(deliverer);
        }
        let _deliverer = stage.deliverer();
        sleep(Duration::from_secs(180)).await;
        assert_eq!(stage.tray.all(), [], "lived for {life} ms");
        let mut seen = stage.door.seen.lock().unwrap().clone();
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), 60, "lived for {life} ms");
    }
}

#[tokio::test(start_paused = true)]
async fn stopping_waits_for_what_is_on_its_way() {
    let stage = Stage::new([Answer::TakeAfter(Duration::from_secs(2))]);
    let settings = Settings {
        concurrency: 1,
        ..Settings::default()
    };
    let deliverer = stage.deliverer_with(&settings);
    stage.write("CA-1", 0);
    stage.write("CA-1", 1);
    sleep(Duration::from_secs(1)).await;
    let begun = Instant::now();
    deliverer.stop(Duration::from_secs(5)).await;
    assert!(begun.elapsed() <= Duration::from_secs(1));
    let left: Vec<_> = stage.tray.all().into_iter().map(|left| left.id).collect();
    assert_eq!(left, ["entry:CA-1::1"]);
}

/// The question a bench would ask, with a clock that only moves when somebody waits.
#[tokio::test(start_paused = true)]
async fn a_stalled_copy_and_a_dead_destination_add_nothing_to_an_acknowledgement() {
    let stage = Stage::new([Answer::Hang; 10_000]);
    let _deliverer = stage.deliverer();
    let fanout = Fanout::new(vec![
        ("archive".to_owned(), Arc::new(stage.clone()) as _),
        ("stalled".to_owned(), Arc::new(Stalled) as _),
    ]);
    let mut waited = Duration::ZERO;
    for number in 0..500 {
        for entry in call(&format!("CA-{number}")) {
            let begun = Instant::now();
            fanout.append(&entry).await.unwrap();
            waited += begun.elapsed();
        }
        // Time for everybody else to be in the way.
        sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(waited, Duration::ZERO);
    assert_eq!(stage.tray.all().len(), 2000);
    assert!(!stage.door.times.lock().unwrap().is_empty());
}

/// One event and what its destination answers, in turn; shows the attempts, the log and what
/// is left.
async fn check<const N: usize>(settings: &Settings, answers: [Answer; N], expected: Expect) {
    let stage = Stage::new(answers);
    let _guard = stage.log.listen();
    let deliverer = stage.deliverer_with(settings);
    stage.write("CA-1", 0);
    sleep(Duration::from_secs(120)).await;
    drop(deliverer);
    for parcel in stage.tray.all() {
        let trouble = parcel.trouble.unwrap_or_default();
        let left = format!("{} attempts: {trouble}", parcel.attempts);
        stage
            .log
            .write(&format!("{:?} after {left}\n", parcel.state));
    }
    expected.assert_eq(&stage.log.read());
}

fn without_attempts(log: &Log) -> String {
    let log = log.read();
    let lines = log.lines().filter(|line| !line.starts_with("entry:"));
    lines
        .map(|line| format!("{}\n", line.trim_start()))
        .collect()
}

/// A deliverer's surroundings. As a sink it is an archive that has every entry sent.
#[derive(Clone, Debug)]
struct Stage {
    tray: Tray,
    door: Arc<Door>,
    log: Log,
    written: Arc<Notify>,
}

impl Stage {
    fn new<const N: usize>(answers: [Answer; N]) -> Self {
        let log = Log::default();
        Self {
            tray: Tray::default(),
            door: Arc::new(Door::new(&answers, log.clone())),
            log,
            written: Arc::default(),
        }
    }

    fn deliverer(&self) -> Deliverer {
        self.deliverer_with(&Settings::default())
    }

    fn deliverer_with(&self, settings: &Settings) -> Deliverer {
        let route = Route {
            destination: "door".to_owned(),
            outbox: Arc::new(self.tray.clone()),
            courier: Arc::clone(&self.door) as _,
            written: Arc::clone(&self.written),
        };
        Deliverer::start_at(route, settings, clock)
    }

    fn write(&self, call: &str, sequence: u32) {
        self.put(call, sequence);
        self.written.notify_waiters();
    }

    fn put(&self, call: &str, sequence: u32) {
        let subject = Subject::Entry {
            call: CallId::new(call),
            session: None,
            sequence,
        };
        let id = format!("entry:{call}::{sequence}");
        self.tray.put(&id, "door", subject, clock());
    }
}

#[async_trait]
impl TranscriptSink for Stage {
    async fn append(&self, entry: &Entry) -> Result<(), SinkError> {
        self.write(entry.call.id.as_str(), entry.sequence);
        Ok(())
    }
}

/// The time of the system, as the paused clock has it.
fn clock() -> SystemTime {
    const HOUR: Duration = Duration::from_secs(60 * 60);
    static ZERO: LazyLock<Instant> = LazyLock::new(|| Instant::now().checked_sub(HOUR).unwrap());
    SystemTime::UNIX_EPOCH + Instant::now().duration_since(*ZERO)
}

#[derive(Clone, Copy, Debug)]
enum Answer {
    Take,
    TakeAfter(Duration),
    Fail,
    Busy(Duration),
    Refuse,
    Hang,
}

/// A destination that answers as it was told, in turn, and then takes everything.
#[derive(Debug)]
struct Door {
    answers: Mutex<VecDeque<Answer>>,
    /// Always fails.
    poison: Mutex<String>,
    log: Log,
    begun: Instant,
    times: Mutex<Vec<Duration>>,
    seen: Mutex<Vec<String>>,
    open: Mutex<Vec<CallId>>,
    /// The most that came at the same time.
    most: Mutex<usize>,
}

#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Trouble(&'static str);

impl Door {
    fn new(answers: &[Answer], log: Log) -> Self {
        Self {
            answers: Mutex::new(answers.iter().copied().collect()),
            poison: Mutex::default(),
            log,
            begun: Instant::now(),
            times: Mutex::default(),
            seen: Mutex::default(),
            open: Mutex::default(),
            most: Mutex::default(),
        }
    }

    fn answer(&self, parcel: &Parcel) -> Answer {
        self.times.lock().unwrap().push(self.begun.elapsed());
        let mut open = self.open.lock().unwrap();
        let call = parcel.subject.call();
        assert!(!open.contains(call), "two of {call} at the same time");
        open.push(call.clone());
        let mut most = self.most.lock().unwrap();
        *most = (*most).max(open.len());
        let answer = match *self.poison.lock().unwrap() == parcel.id {
            true => Answer::Fail,
            false => self
                .answers
                .lock()
                .unwrap()
                .pop_front()
                .unwrap_or(Answer::Take),
        };
        self.log.write(&format!("{} {answer:?}\n", parcel.id));
        answer
    }
}

#[async_trait]
impl Courier for Door {
    async fn send(&self, parcel: &Parcel) -> Result<(), SendError> {
        let answer = self.answer(parcel);
        let _leaving = Leaving(self, parcel.subject.call());
        match answer {
            Answer::Take => {}
            Answer::TakeAfter(time) => sleep(time).await,
            Answer::Fail => return Err(SendError::Unavailable(Trouble("nobody is in").into())),
            Answer::Busy(retry_after) => {
                return Err(SendError::Busy {
                    retry_after: Some(retry_after),
                    cause: Trouble("there is a queue").into(),
                });
            }
            Answer::Refuse => return Err(SendError::Refused(Trouble("wrong door").into())),
            Answer::Hang => std::future::pending().await,
        }
        self.seen.lock().unwrap().push(parcel.id.clone());
        Ok(())
    }
}

struct Leaving<'a>(&'a Door, &'a CallId);

impl Drop for Leaving<'_> {
    fn drop(&mut self) {
        self.0.open.lock().unwrap().retain(|call| call != self.1);
    }
}

#[derive(Debug)]
struct Stalled;

#[async_trait]
impl TranscriptSink for Stalled {
    async fn append(&self, _entry: &Entry) -> Result<(), SinkError> {
        std::future::pending().await
    }
}
