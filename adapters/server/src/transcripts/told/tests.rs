use std::io;
use std::sync::atomic::{AtomicBool, Ordering};

use expect_test::{Expect, expect};
use futures_util::stream::BoxStream;
use futures_util::{FutureExt as _, StreamExt as _};
use voicera::testing::transcript_sink::call;
use voicera_transcripts::live::{self, Heard};

use super::*;

#[tokio::test]
async fn who_listens_hears_an_entry_at_once_and_once_whether_it_is_kept_or_not() {
    check(
        "CA1:0 kept, CA1:1 fails, CA2:0 fails, CA1:1 fails, CA2:0 kept, CA2:1 kept, CA1:1 kept, \
         CA1:2 kept, CA1:3 fails, CA1:3 kept",
        expect![[r#"
            CA1:0 is kept: CA1:0
            CA1:1 fails: CA1:1
            CA2:0 fails: CA2:0
            CA1:1 fails: nothing
            CA2:0 is kept: nothing
            CA2:1 is kept: CA2:1
            CA1:1 is kept: nothing
            CA1:2 is kept: CA1:2
            CA1:3 fails: CA1:3
            CA1:3 is kept: nothing
        "#]],
    )
    .await;
}

#[tokio::test]
async fn an_entry_that_is_given_up_keeps_none_of_the_next_from_who_listens() {
    check(
        "CA1:0 fails, CA1:0 fails, CA1:1 fails, CA1:1 fails, CA1:2 fails, CA1:3 kept",
        expect![[r#"
            CA1:0 fails: CA1:0
            CA1:0 fails: nothing
            CA1:1 fails: CA1:1
            CA1:1 fails: nothing
            CA1:2 fails: CA1:2
            CA1:3 is kept: CA1:3
        "#]],
    )
    .await;
}

/// Appends entries to what keeps them or fails; shows what is heard of each.
async fn check(script: &str, expected: Expect) {
    let live = Arc::new(Live::new(&live::Settings::default()));
    let sink = Arc::new(Fickle::default());
    let (told, _ended) = Told::before(Arc::clone(&sink) as _, Arc::clone(&live), Arc::default());
    let mut feed = live.listen(None);
    let mut trace = String::new();
    for step in script.split(", ") {
        let (entry, outcome) = step.split_once(' ').unwrap();
        let (id, sequence) = entry.split_once(':').unwrap();
        let entries = call(id);
        let entry = &entries[sequence.parse::<usize>().unwrap()];
        sink.fails.store(outcome == "fails", Ordering::Relaxed);
        let kept = match told.append(entry).await {
            Ok(()) => "is kept",
            Err(_) => "fails",
        };
        trace.push_str(&format!("{id}:{sequence} {kept}: {}\n", heard(&mut feed)));
    }
    expected.assert_eq(&trace);
}

fn heard(feed: &mut BoxStream<'static, Heard>) -> String {
    let mut heard = Vec::new();
    while let Some(Some(Heard::Event(event))) = feed.next().now_or_never() {
        let line: serde_json::Value = serde_json::from_str(&event.json).unwrap();
        heard.push(format!("{}:{}", event.call, line["sequence"]));
    }
    match heard.is_empty() {
        true => "nothing".to_owned(),
        false => heard.join(" "),
    }
}

/// An archive that fails when it is told to.
#[derive(Debug, Default)]
struct Fickle {
    fails: AtomicBool,
}

#[async_trait]
impl TranscriptSink for Fickle {
    async fn append(&self, _: &Entry) -> Result<(), SinkError> {
        match self.fails.load(Ordering::Relaxed) {
            true => Err(SinkError::Unavailable(io::Error::other("on fire").into())),
            false => Ok(()),
        }
    }
}
