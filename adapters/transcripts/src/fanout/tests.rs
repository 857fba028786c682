use std::io;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use expect_test::{Expect, expect};
use tokio::time::{Instant, sleep};
use voicera::insight::{Insights, Origin};
use voicera::testing::transcript_sink::{Notebook, call, conforms};

use super::*;
use crate::testing::log::Log;

#[tokio::test]
async fn every_sink_keeps_what_the_contract_says() {
    let (first, second) = (Notebook::default(), Notebook::default());
    let fanout = Fanout::new(sinks([Arc::new(first.clone()), Arc::new(second.clone())]));
    let entries = conforms(&fanout).await;
    assert_eq!(first.entries(), entries);
    fanout.close().await;
    assert_eq!(second.entries(), entries);
}

#[tokio::test]
async fn no_sink_keeps_nothing() {
    conforms(&Fanout::new(Vec::new())).await;
}

#[tokio::test(start_paused = true)]
async fn the_first_sink_decides() {
    check(
        Trouble::of("first", u32::MAX),
        expect![[r#"
        CA-1 0: false
        CA-1 0: false
        CA-1 0: false
        CA-1 1: false
        CA-1 1: false
        CA-1 1: false
        CA-1 2: false
        CA-1 2: false
        CA-1 2: false
        CA-1 3: false
        CA-1 3: false
        CA-1 3: false
        CA-2 0: true
        CA-2 1: true
        CA-2 2: true
        CA-2 3: true
        the copy has CA-1:0 CA-1:1 CA-1:2 CA-1:3 CA-2:0 CA-2:1 CA-2:2 CA-2:3 
    "#]],
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_copy_that_fails_is_logged_once_until_it_works_again() {
    check(Trouble::of("second", u32::MAX), expect![[r#"
        CA-1 0: true
        CA-1 1: true
        CA-1 2: true
        CA-1 3: true
        ERROR voicera_transcripts::fanout::follower: a transcript sink misses entries until it works again sink=second error=the transcript cannot be written for now: on fire
        CA-2 0: true
        CA-2 1: true
        CA-2 2: true
        CA-2 3: true
         INFO voicera_transcripts::fanout::follower: the transcript sink works again sink=second missed=4
        the copy has CA-2:0 CA-2:1 CA-2:2 CA-2:3 
    "#]]).await;
}

#[tokio::test(start_paused = true)]
async fn a_copy_that_fails_for_a_moment_is_asked_again() {
    check(
        Trouble::of("second", 4),
        expect![[r#"
        CA-1 0: true
        CA-1 1: true
        CA-1 2: true
        CA-1 3: true
        CA-2 0: true
        CA-2 1: true
        CA-2 2: true
        CA-2 3: true
        the copy has CA-1:0 CA-1:1 CA-1:2 CA-1:3 CA-2:0 CA-2:1 CA-2:2 CA-2:3 
    "#]],
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_copy_that_refuses_an_entry_is_not_asked_again() {
    let trouble = Trouble {
        refuses: true,
        ..Trouble::of("second", 1)
    };
    check(trouble, expect![[r#"
        CA-1 0: true
        CA-1 1: true
        CA-1 2: true
        CA-1 3: true
        ERROR voicera_transcripts::fanout::follower: a transcript sink misses entries until it works again sink=second error=the transcript refuses the entry: on fire
         INFO voicera_transcripts::fanout::follower: the transcript sink works again sink=second missed=1
        CA-2 0: true
        CA-2 1: true
        CA-2 2: true
        CA-2 3: true
        the copy has CA-1:1 CA-1:2 CA-1:3 CA-2:0 CA-2:1 CA-2:2 CA-2:3 
    "#]]).await;
}

#[tokio::test(start_paused = true)]
async fn a_copy_that_is_dead_is_not_asked_again_for_each_entry() {
    let dead = Arc::new(Breakable {
        failures: AtomicU32::new(u32::MAX),
        refuses: false,
        notebook: Mutex::default(),
    });
    let fanout = Fanout::new(sinks([
        Arc::new(Notebook::default()),
        Arc::clone(&dead) as _,
    ]));
    for number in 0..25 {
        for entry in call(&format!("CA-{number}")) {
            fanout.append(&entry).await.unwrap();
        }
    }
    sleep(Duration::from_secs(60)).await;
    let asked = u32::MAX - dead.failures.load(Ordering::Relaxed);
    assert_eq!(asked, Settings::default().tries + 99);
}

/// The question a bench would ask, with a clock that only moves when somebody waits.
#[tokio::test(start_paused = true)]
async fn a_stalled_copy_adds_nothing_to_an_acknowledgement() {
    let (first, third) = (Notebook::default(), Notebook::default());
    let copies: [Arc<dyn TranscriptSink>; 3] = [
        Arc::new(first.clone()),
        Arc::new(Stalled),
        Arc::new(third.clone()),
    ];
    let settings = Settings {
        queue: 16,
        ..Settings::default()
    };
    let fanout = Fanout::with(sinks(copies), &settings);
    let begun = Instant::now();
    for number in 0..1000 {
        for entry in call(&format!("CA-{number}")) {
            fanout.append(&entry).await.unwrap();
        }
        tokio::task::yield_now().await;
    }
    assert_eq!(begun.elapsed(), Duration::ZERO);
    assert_eq!(first.entries().len(), 4000);
    fanout.close().await;
    assert_eq!(third.entries(), first.entries());
    assert_eq!(begun.elapsed(), settings.drain);
}

#[tokio::test(start_paused = true)]
async fn what_a_slow_copy_misses_is_said_once() {
    let log = Log::default();
    let _guard = log.listen();
    let slow = Arc::new(Slow::default());
    let settings = Settings {
        queue: 4,
        ..Settings::default()
    };
    let copies: [Arc<dyn TranscriptSink>; 2] =
        [Arc::new(Notebook::default()), Arc::clone(&slow) as _];
    let fanout = Fanout::with(sinks(copies), &settings);
    for id in ["CA-1", "CA-2", "CA-3"] {
        for entry in call(id) {
            fanout.append(&entry).await.unwrap();
        }
    }
    sleep(Duration::from_secs(60)).await;
    log.write(&format!("the copy has {}\n", slow.0.lock().unwrap()));
    expect![[r#"
        ERROR voicera_transcripts::fanout::follower: a transcript sink misses entries until it works again sink=second error=it is too slow, and its queue is full
         INFO voicera_transcripts::fanout::follower: the transcript sink works again sink=second missed=8
        the copy has CA-1:0 CA-1:1 CA-1:2 CA-1:3 
    "#]].assert_eq(&log.read());
}

#[tokio::test(start_paused = true)]
async fn a_copy_that_does_not_end_is_left_behind() {
    let log = Log::default();
    let _guard = log.listen();
    let copies: [Arc<dyn TranscriptSink>; 2] = [Arc::new(Notebook::default()), Arc::new(Stalled)];
    let fanout = Fanout::new(sinks(copies));
    conforms(&fanout).await;
    fanout.close().await;
    expect![[r#"
        ERROR voicera_transcripts::fanout::follower: a transcript sink does not take what waits for it, and the server stops sink=second missed=4
    "#]].assert_eq(&log.read());
}

#[tokio::test]
async fn copies_finish_when_nobody_closes_the_fanout() {
    let copy = Notebook::default();
    let fanout = Fanout::new(sinks([
        Arc::new(Notebook::default()),
        Arc::new(copy.clone()),
    ]));
    let entries = conforms(&fanout).await;
    assert_eq!(copy.entries().len(), 0);
    drop(fanout);
    while copy.entries().len() < entries.len() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn an_analysis_reaches_every_sink() {
    let concluded = [Concluded::default(), Concluded::default()];
    let fanout = Fanout::new(sinks(concluded.clone().map(|sink| Arc::new(sink) as _)));
    let analysis = Analysis {
        origin: Origin::Operators,
        at: std::time::SystemTime::UNIX_EPOCH,
        insights: Insights::default(),
    };
    let call = CallId::new("CA-1");
    fanout.conclude(&call, &analysis).await.unwrap();
    fanout.close().await;
    for sink in concluded {
        assert_eq!(*sink.0.lock().unwrap(), [(call.clone(), analysis.clone())]);
    }
}

/// Appends a call while a sink is in trouble and another when it is mended, as the engine does:
/// again where that may work. Shows outcomes, the log and what the copy has.
async fn check(trouble: Trouble, expected: Expect) {
    let log = Log::default();
    let _guard = log.listen();
    let breakable = |name| {
        let failures = if trouble.sink == name {
            trouble.failures
        } else {
            0
        };
        Arc::new(Breakable {
            failures: AtomicU32::new(failures),
            refuses: trouble.refuses,
            notebook: Mutex::default(),
        })
    };
    let (first, second) = (breakable("first"), breakable("second"));
    let fanout = Fanout::new(sinks([Arc::clone(&first) as _, Arc::clone(&second) as _]));
    for id in ["CA-1", "CA-2"] {
        for entry in call(id) {
            for _ in 0..3 {
                let outcome = fanout.append(&entry).await;
                log.write(&format!("{id} {}: {}\n", entry.sequence, outcome.is_ok()));
                if outcome.is_ok() {
                    break;
                }
            }
        }
        sleep(Duration::from_secs(60)).await;
        for sink in [&first, &second] {
            sink.failures.store(0, Ordering::Relaxed);
        }
    }
    fanout.close().await;
    log.write(&format!(
        "the copy has {}\n",
        second.notebook.lock().unwrap()
    ));
    expected.assert_eq(&log.read());
}

struct Trouble {
    sink: &'static str,
    failures: u32,
    refuses: bool,
}

impl Trouble {
    fn of(sink: &'static str, failures: u32) -> Self {
        Self {
            sink,
            failures,
            refuses: false,
        }
    }
}

/// The first sink has no name that matters.
fn sinks<const N: usize>(
    sinks: [Arc<dyn TranscriptSink>; N],
) -> Vec<(String, Arc<dyn TranscriptSink>)> {
    let names = ["first", "second", "third"].map(str::to_owned);
    names.into_iter().zip(sinks).collect()
}

#[derive(Debug)]
struct Breakable {
    /// How many more times it fails.
    failures: AtomicU32,
    refuses: bool,
    notebook: Mutex<String>,
}

#[async_trait]
impl TranscriptSink for Breakable {
    async fn append(&self, entry: &Entry) -> Result<(), SinkError> {
        let left = self.failures.load(Ordering::Relaxed);
        if left > 0 {
            self.failures.store(left - 1, Ordering::Relaxed);
            let cause = Box::new(io::Error::other("on fire"));
            return Err(match self.refuses {
                true => SinkError::Refused(cause),
                false => SinkError::Unavailable(cause),
            });
        }
        let line = format!("{}:{} ", entry.call.id, entry.sequence);
        self.notebook.lock().unwrap().push_str(&line);
        Ok(())
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

/// Takes a second for each entry.
#[derive(Debug, Default)]
struct Slow(Mutex<String>);

#[async_trait]
impl TranscriptSink for Slow {
    async fn append(&self, entry: &Entry) -> Result<(), SinkError> {
        sleep(Duration::from_secs(1)).await;
        let line = format!("{}:{} ", entry.call.id, entry.sequence);
        self.0.lock().unwrap().push_str(&line);
        Ok(())
    }
}

#[derive(Clone, Debug, Default)]
struct Concluded(Arc<Mutex<Vec<(CallId, Analysis)>>>);

#[async_trait]
impl TranscriptSink for Concluded {
    async fn append(&self, _entry: &Entry) -> Result<(), SinkError> {
        Ok(())
    }

    async fn conclude(&self, call: &CallId, analysis: &Analysis) -> Result<(), SinkError> {
        self.0
            .lock()
            .unwrap()
            .push((call.clone(), analysis.clone()));
        Ok(())
    }
}
