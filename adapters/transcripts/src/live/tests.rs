use std::time::SystemTime;

use expect_test::{Expect, expect};
use futures_util::FutureExt as _;
use voicera::insight::{Insights, Origin};
use voicera::testing::transcript_sink::{call, conforms};

use super::*;

#[tokio::test]
async fn everybody_hears_what_is_said_from_now_on() {
    let live = Live::new(&Settings::default());
    conforms(&live).await;
    let (first, second) = (live.listen(None), live.listen(None));
    say(&live, "CA-1").await;
    let first = heard(first).await;
    assert_eq!(first, heard(second).await);
    check(
        &first,
        expect![[r#"
        CA-1 Entry {"v":1,"call":"CA-1","session":"VX-1","s
        CA-1 Entry {"v":1,"call":"CA-1","session":"VX-1","s
        CA-1 Analysis {"v":1,"call":"CA-1","kind":"analysis","
    "#]],
    );
}

#[tokio::test]
async fn who_listens_to_one_call_hears_no_other() {
    let live = Live::new(&Settings::default());
    let feed = live.listen(Some(CallId::new("CA-2")));
    for id in ["CA-1", "CA-2", "CA-3"] {
        say(&live, id).await;
    }
    check(
        &heard(feed).await,
        expect![[r#"
        CA-2 Entry {"v":1,"call":"CA-2","session":"VX-1","s
        CA-2 Entry {"v":1,"call":"CA-2","session":"VX-1","s
        CA-2 Analysis {"v":1,"call":"CA-2","kind":"analysis","
    "#]],
    );
}

#[tokio::test]
async fn who_is_too_slow_is_told_how_many_were_missed_and_goes_on() {
    let live = Live::new(&Settings { behind: 4 });
    let feed = live.listen(None);
    say(&live, "CA-1").await;
    say(&live, "CA-2").await;
    check(
        &heard(feed).await,
        expect![[r#"
        missed 2
        CA-1 Analysis {"v":1,"call":"CA-1","kind":"analysis","
        CA-2 Entry {"v":1,"call":"CA-2","session":"VX-1","s
        CA-2 Entry {"v":1,"call":"CA-2","session":"VX-1","s
        CA-2 Analysis {"v":1,"call":"CA-2","kind":"analysis","
    "#]],
    );
}

#[tokio::test]
async fn a_line_is_that_of_the_record() {
    let live = Live::new(&Settings::default());
    let mut feed = live.listen(None);
    let entries = call("CA-1");
    live.append(&entries[2]).await.unwrap();
    let Some(Heard::Event(event)) = feed.next().await else {
        panic!("nothing is heard");
    };
    let line = String::from_utf8(Record::of(&entries[2]).line().unwrap()).unwrap();
    assert_eq!(format!("{}\n", event.json), line);
}

#[tokio::test]
async fn nothing_is_written_while_nobody_listens() {
    let live = Live::new(&Settings::default());
    drop(live.listen(None));
    let written = live.tell(Kind::Entry, &CallId::new("CA-1"), || {
        panic!("a line is written")
    });
    assert!(written.is_ok());
}

#[tokio::test]
async fn a_feed_ends_with_its_source() {
    let live = Live::new(&Settings::default());
    let mut feed = live.listen(None);
    drop(live);
    assert_eq!(feed.next().await, None);
}

/// The beginning and the ending of a call, and what is found out about it.
async fn say(live: &Live, id: &str) {
    let entries = call(id);
    for entry in [&entries[0], &entries[3]] {
        live.append(entry).await.unwrap();
    }
    let analysis = Analysis {
        origin: Origin::Model("a/model".to_owned()),
        at: SystemTime::UNIX_EPOCH,
        insights: Insights {
            summary: Some("All is well.".to_owned()),
            ..Insights::default()
        },
    };
    live.conclude(&CallId::new(id), &analysis).await.unwrap();
}

/// What there is to hear now.
async fn heard(mut feed: BoxStream<'static, Heard>) -> Vec<Heard> {
    let mut heard = Vec::new();
    while let Some(Some(next)) = feed.next().now_or_never() {
        heard.push(next);
    }
    heard
}

fn check(heard: &[Heard], expected: Expect) {
    let line = |heard: &Heard| match heard {
        Heard::Event(event) => format!("{} {:?} {:.40}\n", event.call, event.kind, event.json),
        Heard::Missed(missed) => format!("missed {missed}\n"),
    };
    expected.assert_eq(&heard.iter().map(line).collect::<String>());
}
