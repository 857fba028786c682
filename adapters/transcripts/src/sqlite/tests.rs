use std::fs;
use std::time::SystemTime;

use expect_test::{Expect, expect};
use voicera::insight::Origin;
use voicera::ports::transcript_sink::Content;
use voicera::testing::archive;
use voicera::testing::transcript_sink::call;

use super::*;
use crate::testing::outbox;

#[cfg(unix)]
mod anew;

mod faults;

mod files;

#[tokio::test]
async fn it_keeps_what_the_contract_says() {
    let folder = tempfile::tempdir().unwrap();
    for (name, sync) in [("one.sqlite", false), ("other.sqlite", true)] {
        let settings = Settings {
            sync,
            ..settings(&folder.path().join(name))
        };
        let store = Sqlite::open(&settings, Access::Keep, outbox::subscriptions()).unwrap();
        archive::conforms(&store, &store).await;
    }
}

#[tokio::test]
async fn it_sends_what_the_contract_says() {
    let folder = tempfile::tempdir().unwrap();
    let settings = settings(&folder.path().join("calls.sqlite"));
    let store = Sqlite::open(&settings, Access::Keep, outbox::subscriptions()).unwrap();
    outbox::conforms(&store, &store, &store).await;
}

#[tokio::test]
async fn two_that_have_a_file_open_see_what_the_other_keeps() {
    let folder = tempfile::tempdir().unwrap();
    let settings = settings(&folder.path().join("calls.sqlite"));
    let one = Sqlite::open(&settings, Access::Keep, Vec::new()).unwrap();
    let other = Sqlite::open(&settings, Access::Keep, Vec::new()).unwrap();
    archive::conforms(&one, &other).await;
}

#[tokio::test]
async fn a_call_goes_on_when_the_server_starts_again() {
    let folder = tempfile::tempdir().unwrap();
    let settings = settings(&folder.path().join("calls.sqlite"));
    let entries = call("CA-1");
    for entry in &entries {
        let store = Sqlite::open(&settings, Access::Keep, Vec::new()).unwrap();
        store.append(entry).await.unwrap();
    }
    let store = Sqlite::open(&settings, Access::Read, Vec::new()).unwrap();
    let kept = store.call(&CallId::new("CA-1")).await.unwrap().unwrap();
    assert_eq!(kept.entries, entries);
}

#[tokio::test]
async fn what_was_forgotten_is_nowhere_in_the_files() {
    let folder = tempfile::tempdir().unwrap();
    let settings = settings(&folder.path().join("calls.sqlite"));
    let store = Sqlite::open(&settings, Access::Keep, outbox::subscriptions()).unwrap();
    let mut secret = call("CA-secret");
    let Content::Caller(line) = &mut secret[1].content else {
        unreachable!("the caller asks");
    };
    line.text = "my name is Xanthippe".to_owned();
    for entry in secret.iter().chain(&call("CA-other")) {
        store.append(entry).await.unwrap();
    }
    let id = CallId::new("CA-secret");
    let analysis = archive::analysis(Origin::Operators);
    store.conclude(&id, &analysis).await.unwrap();
    let traces = ["xanthipp", "ca-secret"];
    assert_eq!(
        traces.map(|trace| is_found(folder.path(), trace)),
        [true; 2]
    );
    let which = Which::Call(id);
    assert_eq!(store.forget(&which).await.unwrap(), 1);
    assert_eq!(
        traces.map(|trace| is_found(folder.path(), trace)),
        [false; 2]
    );
    assert!(is_found(folder.path(), "ca-other"));
}

#[tokio::test]
async fn space_is_given_back_when_calls_are_forgotten() {
    let folder = tempfile::tempdir().unwrap();
    let settings = settings(&folder.path().join("calls.sqlite"));
    let store = Sqlite::open(&settings, Access::Keep, Vec::new()).unwrap();
    let long = "how long? ".repeat(100);
    for number in 0..120 {
        let mut entries = call(&format!("CA-{number}"));
        let Content::Caller(line) = &mut entries[1].content else {
            unreachable!("the caller asks");
        };
        line.text.push_str(&long);
        futures_util::future::join_all(entries.iter().map(|entry| store.append(entry))).await;
    }
    let size = || fs::metadata(&settings.path).unwrap().len();
    let which = Which::Before(SystemTime::now() + Duration::from_secs(1 << 30));
    assert_eq!(store.forget(&which).await.unwrap(), 120);
    assert!(size() < 100_000, "{} bytes are left", size());
}

#[tokio::test]
async fn a_call_without_an_ending_is_forgotten_when_it_cannot_go_on_any_more() {
    let folder = tempfile::tempdir().unwrap();
    let settings = settings(&folder.path().join("calls.sqlite"));
    let store = Sqlite::open(&settings, Access::Keep, Vec::new()).unwrap();
    let now = SystemTime::now();
    for (id, hours) in [("CA-killed", 25), ("CA-open", 23)] {
        let mut started = call(id).remove(0);
        let call = Arc::make_mut(&mut started.call);
        call.started = now - Duration::from_secs(hours * 60 * 60);
        store.append(&started).await.unwrap();
    }
    assert_eq!(store.forget(&Which::Before(now)).await.unwrap(), 1);
    let left = store.calls(&Wanted::latest(10)).await.unwrap();
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].call.id.as_str(), "CA-open");
}

/// Whether a word is in one of the files, whatever its case.
fn is_found(folder: &Path, word: &str) -> bool {
    fs::read_dir(folder).unwrap().any(|file| {
        let bytes = fs::read(file.unwrap().path()).unwrap().to_ascii_lowercase();
        bytes
            .windows(word.len())
            .any(|piece| piece == word.as_bytes())
    })
}

fn settings(path: &Path) -> Settings {
    Settings {
        path: path.to_owned(),
        gather: Duration::ZERO,
        wait: Duration::from_millis(200),
        ..Settings::default()
    }
}
