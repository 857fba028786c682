use std::fs;

use expect_test::{Expect, expect};
use futures_util::FutureExt as _;
use voicera::insight::{Insights, Origin};
use voicera::testing::transcript_sink::{call, conforms};

use super::*;
use crate::record::Record;

#[tokio::test]
async fn it_keeps_what_the_contract_says() {
    for sync in [false, true] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("calls.jsonl");
        let sink = Jsonl::open(&Settings {
            sync,
            ..settings(&path)
        })
        .unwrap();
        let entries = conforms(&sink).await;
        let expected = entries.iter().map(line).collect::<String>();
        assert_eq!(fs::read_to_string(&path).unwrap(), expected);
    }
}

#[tokio::test]
async fn an_analysis_is_a_line_too() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("calls.jsonl");
    let sink = Jsonl::open(&settings(&path)).unwrap();
    let analysis = Analysis {
        origin: Origin::Operators,
        at: std::time::SystemTime::UNIX_EPOCH,
        insights: Insights::default(),
    };
    let call = CallId::new("CA-1");
    sink.conclude(&call, &analysis).await.unwrap();
    expect![[r#"
        {"v":1,"call":"CA-1","kind":"analysis","origin":"operators","at":"1970-01-01T00:00:00.000Z","insights":{}}
    "#]].assert_eq(&fs::read_to_string(&path).unwrap());
}

#[tokio::test]
async fn calls_follow_what_the_file_holds_already() {
    check(
        "{\"v\":1}\n",
        expect![[r#"
        {"v":1}
        {the next entry}
    "#]],
    )
    .await;
}

#[tokio::test]
async fn a_record_that_was_torn_is_cut_off() {
    check(
        "{\"v\":1}\n{\"v\":1,\"call\":\"CA",
        expect![[r#"
        {"v":1}
        {the next entry}
    "#]],
    )
    .await;
    check(
        "{\"v",
        expect![[r#"
        {the next entry}
    "#]],
    )
    .await;
}

#[tokio::test]
async fn a_record_that_only_lacks_its_end_is_ended() {
    check(
        "{\"v\":1,\"call\":\"CA-0\"}",
        expect![[r#"
        {"v":1,"call":"CA-0"}
        {the next entry}
    "#]],
    )
    .await;
}

#[tokio::test]
async fn what_is_not_a_record_is_not_touched() {
    check(
        "listen = 1\n# notes",
        expect![[r#"
        listen = 1
        # notes
        {the next entry}
    "#]],
    )
    .await;
}

#[tokio::test]
async fn a_torn_record_may_be_long() {
    let text = "x".repeat(200_000);
    check(
        &format!("{{\"v\":1}}\n{{\"v\":1,\"text\":\"{text}"),
        expect![[r#"
        {"v":1}
        {the next entry}
    "#]],
    )
    .await;
}

#[test]
fn a_file_that_cannot_be_opened_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("nowhere/calls.jsonl");
    let error = Jsonl::open(&settings(&path)).unwrap_err();
    assert_eq!(error.to_string(), format!("cannot open {}", path.display()));
}

#[cfg(unix)]
#[test]
fn only_the_owner_reads_a_new_file() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("calls.jsonl");
    let _sink = Jsonl::open(&settings(&path)).unwrap();
    assert_eq!(
        fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o600
    );
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_full_device_holds_up_nobody_who_stops() {
    let sink = Jsonl::open(&settings(Path::new("/dev/full"))).unwrap();
    for entry in call("CA-1") {
        assert!(sink.append(&entry).now_or_never().is_none());
    }
    drop(sink);
}

/// Opens a file that holds `before`, appends an entry, and shows the file.
async fn check(before: &str, expected: Expect) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("calls.jsonl");
    fs::write(&path, before).unwrap();
    let entry = call("CA-1").remove(0);
    let sink = Jsonl::open(&settings(&path)).unwrap();
    sink.append(&entry).await.unwrap();
    let after = fs::read_to_string(&path).unwrap();
    expected.assert_eq(&after.replace(&line(&entry), "{the next entry}\n"));
}

fn settings(path: &Path) -> Settings {
    Settings {
        path: path.to_owned(),
        ..Settings::default()
    }
}

fn line(entry: &Entry) -> String {
    String::from_utf8(Record::of(entry).line().unwrap()).unwrap()
}
