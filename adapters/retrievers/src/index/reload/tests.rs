//! What is served follows the documents and the index, and stays where they cannot be followed.

use std::fs;
use std::path::Path;
use std::sync::mpsc;

use tempfile::TempDir;

use super::*;
use crate::index::Store as _;
use crate::index::testing::{self, Memory};
use crate::index::update::unwatched;
use crate::index::upkeep::{Remedy, Settings};

/// Waits are bounded by this; nothing takes as long.
const PATIENCE: Duration = Duration::from_secs(20);

#[tokio::test]
async fn who_asks_is_told_what_changed_and_new_calls_hear_it() {
    let served = Served::new(Watch::Off);
    served.write("a.md", "One and a half.");
    served.write("b.md", "Two.");
    let reloaded = served.reload().await.unwrap();
    assert!(reloaded.switched);
    assert_eq!(
        reloaded.changes.unwrap().to_string(),
        "1 added, 1 changed, 0 removed, 0 unchanged, 0 skipped"
    );
    assert_eq!(served.next(), ["a.md: One and a half.", "b.md: Two."]);
    let reloaded = served.reload().await.unwrap();
    assert!(!reloaded.switched, "{reloaded:?}");
    assert_eq!(served.store.commits(), 2);
}

#[tokio::test]
async fn what_fails_leaves_in_service_what_was() {
    let served = Served::new(Watch::Off);
    fs::remove_file(served.kb.path().join("a.md")).unwrap();
    let failed = served.reload().await.unwrap_err();
    assert!(failed.to_string().contains("holds no document"), "{failed}");
    served.write("a.md", "One.");
    assert!(!served.reload().await.unwrap().switched);
    assert_eq!(served.seen.try_recv(), Err(mpsc::TryRecvError::Empty));
}

#[tokio::test]
async fn those_who_ask_during_a_reload_share_the_next() {
    let served = Served::new(Watch::Off);
    served.write("a.md", "Two.");
    let (first, second, third) = tokio::join!(served.reload(), served.reload(), served.reload());
    let outcomes = [first, second, third].map(Result::unwrap);
    assert!(outcomes.iter().any(|outcome| outcome.switched));
    assert_eq!(served.store.commits(), 2);
}

#[tokio::test]
async fn while_another_process_writes_what_it_committed_is_served() {
    let served = Served::new(Watch::Off);
    served.write("a.md", "Two.");
    let other = served.store.clone();
    testing::updated(&other, &testing::plan(served.kb.path())).unwrap();
    let writer = other.begin(Start::Update).unwrap();
    served.write("a.md", "Three.");
    let reloaded = served.reload().await.unwrap();
    assert_eq!((reloaded.changes, reloaded.switched), (None, true));
    assert_eq!(served.next(), ["a.md: Two."]);
    drop(writer);
    assert!(served.reload().await.unwrap().switched);
    assert_eq!(served.next(), ["a.md: Three."]);
}

#[tokio::test]
async fn an_index_that_another_process_made_for_itself_is_not_served() {
    let served = Served::new(Watch::Off);
    let mut plan = testing::plan(served.kb.path());
    plan.analysis = "of another".to_owned();
    testing::updated(&served.store, &plan).unwrap();
    let failed = served.reload().await.unwrap_err();
    assert!(
        failed.to_string().contains("run `voicera index`"),
        "{failed}"
    );
    assert_eq!(served.store.commits(), 2);
}

#[tokio::test]
async fn a_damaged_index_is_made_anew_and_served() {
    let served = Served::new(Watch::Off);
    served.store.damage();
    let reloaded = served.reload().await.unwrap();
    assert!(reloaded.switched);
    assert_eq!(served.next(), ["a.md: One."]);
}

#[test]
fn documents_that_change_are_noticed_and_read_once_they_have_settled() {
    let served = Served::new(Watch::Events);
    served.write("b.md", "Two.");
    assert_eq!(served.until(2), ["a.md: One.", "b.md: Two."]);
    fs::create_dir(served.kb.path().join("more")).unwrap();
    served.write("more/c.md", "Three.");
    assert_eq!(served.until(3).len(), 3);
    fs::rename(served.kb.path().join("more"), served.kb.path().join("else")).unwrap();
    assert_eq!(served.next().last().unwrap(), "else/c.md: Three.");
}

#[test]
fn a_commit_of_another_process_is_noticed() {
    let served = Served::new(Watch::Events);
    served.write(".hidden.md", "Nobody reads it.");
    let mut writer = served.store.begin(Start::Update).unwrap();
    writer.remove("a.md").unwrap();
    writer
        .commit(&testing::plan(served.kb.path()).recipe())
        .unwrap();
    fs::write(served.index.path().join("meta.json"), "another").unwrap();
    assert_eq!(served.next(), [""; 0]);
}

#[tokio::test]
async fn who_asks_when_it_is_gone_is_told() {
    let served = Served::new(Watch::Off);
    let reload = served.reloader.handle();
    drop(served);
    let outcome = reload.reload().await.unwrap_err();
    assert!(matches!(*outcome, UpdateError::Stopped));
}

#[tokio::test]
async fn who_waits_for_a_thread_that_dies_is_told() {
    let served = Served::new(Watch::Off);
    let Served {
        seen, reloader, kb, ..
    } = served;
    drop(seen);
    write(kb.path(), "a.md", "Putting this in service fails badly.");
    for _ in 0..2 {
        let outcome = tokio::time::timeout(PATIENCE, reloader.handle().reload()).await;
        let outcome = outcome.unwrap().unwrap_err();
        assert!(matches!(*outcome, UpdateError::Stopped));
    }
}

#[test]
fn dropping_it_stops_an_update_that_is_under_way() {
    let served = Served::new(Watch::Off);
    for number in 0..500 {
        served.write(&format!("{number}.md"), "Some.");
    }
    served.reloader.reload.request();
    let store = served.store.clone();
    drop(served);
    assert!(store.begin(Start::Update).is_ok());
}

/// A server with one document, and what it puts in service.
struct Served {
    kb: TempDir,
    index: TempDir,
    store: Memory,
    reloader: Reloader,
    seen: mpsc::Receiver<Vec<String>>,
}

impl Served {
    fn new(watch: Watch) -> Self {
        let (kb, index) = (TempDir::new().unwrap(), TempDir::new().unwrap());
        write(kb.path(), "a.md", "One.");
        let store = Memory::default();
        let upkeep = Upkeep {
            store: Arc::new(store.clone()),
            plan: testing::plan(kb.path()),
            settings: Settings {
                path: Place::Folder(index.path().to_owned()),
                watch,
                settle: Duration::from_millis(20),
                damaged: Remedy::Rebuild,
                ..Settings::default()
            },
        };
        let opened = upkeep.start(&mut || Ok(()), &mut unwatched);
        let (puts, seen) = mpsc::channel();
        let committed = store.clone();
        let switch = move || {
            let chunks = committed.contents().unwrap().chunks.into_iter();
            let lines =
                chunks.map(|indexed| format!("{}: {}", indexed.chunk.document, indexed.chunk.text));
            puts.send(lines.collect()).unwrap();
            Ok(())
        };
        let reloader = Reloader::start(upkeep, opened.unwrap().catalogue, Box::new(switch));
        Self {
            kb,
            index,
            store,
            reloader: reloader.unwrap(),
            seen,
        }
    }

    fn write(&self, name: &str, text: &str) {
        write(self.kb.path(), name, text);
    }

    async fn reload(&self) -> Outcome {
        let reload = self.reloader.handle();
        tokio::time::timeout(PATIENCE, reload.reload())
            .await
            .unwrap()
    }

    /// What is put in service next.
    fn next(&self) -> Vec<String> {
        self.seen.recv_timeout(PATIENCE).unwrap()
    }

    /// What is in service once it holds so many documents.
    fn until(&self, documents: usize) -> Vec<String> {
        loop {
            let served = self.next();
            if served.len() == documents {
                return served;
            }
        }
    }
}

fn write(folder: &Path, name: &str, text: &str) {
    fs::write(folder.join(name), text).unwrap();
}
