use std::io;
use std::sync::Mutex;

use expect_test::{Expect, expect};
use voicera::testing::transcript_sink::{Notebook, call, conforms};

use super::*;

#[tokio::test]
async fn every_sink_keeps_what_the_contract_says() {
    let (first, second) = (Notebook::default(), Notebook::default());
    let fanout = Fanout::new(vec![
        ("first".to_owned(), Arc::new(first.clone())),
        ("second".to_owned(), Arc::new(second.clone())),
    ]);
    let entries = conforms(&fanout).await;
    assert_eq!(first.entries(), entries);
    assert_eq!(second.entries(), entries);
}

#[tokio::test]
async fn the_first_sink_decides() {
    check(
        "first",
        expect![[r#"
        CA-1 0: false
        CA-1 1: false
        CA-1 2: false
        CA-1 3: false
        CA-2 0: true
        CA-2 1: true
        CA-2 2: true
        CA-2 3: true
    "#]],
    )
    .await;
}

#[tokio::test]
async fn a_copy_that_fails_is_logged_once_until_it_works_again() {
    check("second", expect![[r#"
        ERROR voicera_transcripts::fanout: a transcript sink fails and misses entries until it works again sink=second error=the transcript cannot be written for now error.sources=[on fire]
        CA-1 0: true
        CA-1 1: true
        CA-1 2: true
        CA-1 3: true
         INFO voicera_transcripts::fanout: the transcript sink works again sink=second missed=4
        CA-2 0: true
        CA-2 1: true
        CA-2 2: true
        CA-2 3: true
    "#]]).await;
}

#[tokio::test]
async fn no_sink_keeps_nothing() {
    conforms(&Fanout::new(Vec::new())).await;
}

/// Appends a call while a sink is broken and another when it is mended; shows outcomes and log.
async fn check(broken: &str, expected: Expect) {
    let log = Log::default();
    let sinks = ["first", "second"].map(|name| (name.to_owned(), Arc::new(Breakable::default())));
    let named = |(name, sink): &(String, Arc<Breakable>)| {
        (name.clone(), Arc::clone(sink) as Arc<dyn TranscriptSink>)
    };
    let fanout = Fanout::new(sinks.iter().map(named).collect());
    let subscriber = tracing_subscriber::fmt().with_writer(log.clone());
    let subscriber = subscriber.without_time().with_ansi(false).finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    for (id, is_broken) in [("CA-1", true), ("CA-2", false)] {
        for (name, sink) in &sinks {
            *sink.broken.lock().unwrap() = is_broken && name == broken;
        }
        for entry in call(id) {
            let outcome = fanout.append(&entry).await;
            log.write(&format!("{id} {}: {}\n", entry.sequence, outcome.is_ok()));
        }
    }
    expected.assert_eq(&log.read());
}

#[derive(Debug, Default)]
struct Breakable {
    broken: Mutex<bool>,
}

#[async_trait]
impl TranscriptSink for Breakable {
    async fn append(&self, _entry: &Entry) -> Result<(), SinkError> {
        match *self.broken.lock().unwrap() {
            true => Err(SinkError::Unavailable(Box::new(io::Error::other(
                "on fire",
            )))),
            false => Ok(()),
        }
    }
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn write(&self, text: &str) {
        self.0.lock().unwrap().extend_from_slice(text.as_bytes());
    }

    fn read(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> tracing_subscriber::fmt::MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}
