//! Files and disks that fail.

use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, Ordering};

use futures_util::FutureExt as _;

use super::*;

#[tokio::test]
async fn a_damaged_file_is_set_aside_and_calls_are_kept() {
    for (name, damage) in damages() {
        let folder = tempfile::tempdir().unwrap();
        let settings = damaged(folder.path(), damage).await;
        let (store, log) = logged(|| Sqlite::open(&settings, Access::Keep, Vec::new()));
        let store = store.unwrap();
        for entry in call("CA-2") {
            store.append(&entry).await.unwrap();
        }
        let kept = store.calls(&Wanted::latest(100)).await.unwrap();
        let kept = kept.iter().map(|digest| digest.call.id.as_str());
        assert_eq!(kept.collect::<Vec<_>>(), ["CA-2"], "{name}");
        assert_eq!(log.matches("ERROR").count(), 1, "{name}: {log}");
        assert!(
            log.contains("is set aside under another name"),
            "{name}: {log}"
        );
        let files = fs::read_dir(folder.path()).unwrap().map(Result::unwrap);
        let mut files = files.map(|file| file.file_name().into_string().unwrap());
        assert!(
            files.any(|file| file.starts_with("calls.sqlite.damaged-")),
            "{name}"
        );
    }
}

#[tokio::test]
async fn a_damaged_file_is_refused_where_that_is_set_and_left_alone() {
    for (name, damage) in damages() {
        let folder = tempfile::tempdir().unwrap();
        let settings = Settings {
            damaged: Damaged::Refuse,
            ..damaged(folder.path(), damage).await
        };
        let before = fs::read(&settings.path).unwrap();
        for access in [Access::Keep, Access::Change] {
            let error = Sqlite::open(&settings, access, Vec::new()).unwrap_err();
            let expected = format!("{} is damaged: move it", settings.path.display());
            assert!(error.to_string().starts_with(&expected), "{name}: {error}");
        }
        assert_eq!(fs::read(&settings.path).unwrap(), before);
    }
}

#[tokio::test]
async fn damage_is_not_taken_for_an_empty_archive() {
    let folder = tempfile::tempdir().unwrap();
    let settings = damaged(folder.path(), |bytes| bytes[100..].fill(0x5A)).await;
    let answer = match Sqlite::open(&settings, Access::Read, Vec::new()) {
        Ok(store) => store
            .calls(&Wanted::latest(1))
            .await
            .unwrap_err()
            .to_string(),
        Err(error) => error.to_string(),
    };
    assert!(answer.contains("damaged"), "{answer}");
}

#[test]
fn a_file_that_is_locked_when_it_is_opened_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let settings = settings(&folder.path().join("calls.sqlite"));
    let other = rusqlite::Connection::open(&settings.path).unwrap();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let error = Sqlite::open(&settings, Access::Keep, Vec::new()).unwrap_err();
    let expected = "is locked by another process: end it, or choose another `path`";
    assert!(error.to_string().ends_with(expected), "{error}");
}

#[tokio::test]
async fn entries_wait_for_another_writer_while_others_read_or_give_up() {
    let folder = tempfile::tempdir().unwrap();
    let settings = settings(&folder.path().join("calls.sqlite"));
    let store = Sqlite::open(&settings, Access::Keep, Vec::new()).unwrap();
    let entries = call("CA-1");
    store.append(&entries[0]).await.unwrap();

    let other = rusqlite::Connection::open(&settings.path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    assert!(store.append(&entries[1]).now_or_never().is_none());
    let append = store.append(&entries[2]);
    let others = async {
        let kept = store.calls(&Wanted::latest(10)).await.unwrap();
        assert_eq!(kept.len(), 1, "who reads waits for nobody");
        let refused = store.retry(None).await.unwrap_err();
        let chain = voicera::ports::chain(&refused);
        let expected = "calls.sqlite is locked by another process that is writing to it";
        assert!(chain.contains(expected), "{chain}");
        other.execute_batch("ROLLBACK").unwrap();
    };
    let (kept, ()) = tokio::join!(append, others);
    kept.unwrap();
    let kept = store.call(&CallId::new("CA-1")).await.unwrap().unwrap();
    assert_eq!(kept.entries, entries[..3]);
}

#[tokio::test]
async fn a_stalled_disk_holds_up_who_appends_and_nobody_else() {
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings {
        wait: Duration::from_secs(60),
        ..settings(&folder.path().join("calls.sqlite"))
    };
    let store = Sqlite::open(&settings, Access::Keep, Vec::new()).unwrap();
    let other = rusqlite::Connection::open(&settings.path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let calls = (0..50).map(|number| call(&format!("CA-{number}")).remove(0));
    let calls = calls.collect::<Vec<_>>();
    let appends = calls.iter().map(|entry| store.append(entry));
    let appends = futures_util::future::join_all(appends);
    let release = async {
        for _ in 0..3 {
            assert_eq!(store.calls(&Wanted::latest(10)).await.unwrap(), []);
        }
        other.execute_batch("ROLLBACK").unwrap();
    };
    let (kept, ()) = tokio::join!(appends, release);
    assert!(kept.iter().all(Result::is_ok));
    assert_eq!(store.calls(&Wanted::latest(100)).await.unwrap().len(), 50);
}

#[tokio::test]
async fn entries_wait_on_a_full_disk_and_are_kept_when_there_is_space() {
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings {
        gather: Duration::from_millis(100),
        ..settings(&folder.path().join("calls.sqlite"))
    };
    let store = Sqlite::open(&settings, Access::Keep, outbox::subscriptions()).unwrap();
    let pages = Arc::new(AtomicI64::new(1));
    let space = {
        let pages = Arc::clone(&pages);
        // Done again with each try of the step that it is part of.
        store.write(Patience::Lasting, 0, move |store| {
            let pages = pages.load(Ordering::SeqCst);
            Ok(store.pragma(None, "max_page_count", pages, |_| Ok(()))?)
        })
    };
    let calls = (0..100).map(|number| call(&format!("CA-{number}")).remove(0));
    let calls = calls.collect::<Vec<_>>();
    let appends = futures_util::future::join_all(calls.iter().map(|entry| store.append(entry)));
    let others = async {
        let refused = store.retry(None).await.unwrap_err();
        let chain = voicera::ports::chain(&refused);
        assert!(chain.contains("has no space left on its disk"), "{chain}");
        let kept = store.calls(&Wanted::latest(1000)).await.unwrap();
        let parcels = store.parcels(None, 1000).await.unwrap();
        assert_eq!((kept.len(), parcels.len()), (0, 0), "half a step was kept");
        pages.store(1 << 20, Ordering::SeqCst);
    };
    let (_, kept, ()) = tokio::join!(space, appends, others);
    assert!(kept.iter().all(Result::is_ok));
    assert_eq!(store.calls(&Wanted::latest(1000)).await.unwrap().len(), 100);
    assert_eq!(store.parcels(None, 1000).await.unwrap().len(), 100);
}

#[tokio::test]
async fn one_entry_that_cannot_be_written_costs_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings {
        gather: Duration::from_millis(100),
        ..settings(&folder.path().join("calls.sqlite"))
    };
    let store = Sqlite::open(&settings, Access::Keep, Vec::new()).unwrap();
    let (one, other) = (call("CA-1").remove(0), call("CA-2").remove(0));
    let broken = store.write(Patience::Short, 0, |store| {
        Ok(store.execute_batch("INSERT INTO nothing VALUES (1)")?)
    });
    let (one, broken, other) = tokio::join!(store.append(&one), broken, store.append(&other));
    one.unwrap();
    broken.unwrap_err();
    other.unwrap();
}

#[tokio::test]
async fn an_entry_that_cannot_be_read_is_no_reason_to_lose_the_ending() {
    let folder = tempfile::tempdir().unwrap();
    let settings = settings(&folder.path().join("calls.sqlite"));
    let store = Sqlite::open(&settings, Access::Keep, Vec::new()).unwrap();
    let entries = call("CA-1");
    for entry in &entries[..3] {
        store.append(entry).await.unwrap();
    }
    let other = rusqlite::Connection::open(&settings.path).unwrap();
    other
        .execute(
            "UPDATE entries SET record = '{' WHERE record LIKE '%asked%'",
            [],
        )
        .unwrap();
    store.append(&entries[3]).await.unwrap();
    let error = store.call(&CallId::new("CA-1")).await.unwrap_err();
    assert!(matches!(error, ArchiveError::Damaged(_)), "{error:?}");
}

pub(super) type Damage = fn(&mut Vec<u8>);

/// What can happen to a file.
pub(super) fn damages() -> [(&'static str, Damage); 5] {
    [
        ("torn off", |bytes| bytes.truncate(bytes.len() / 2)),
        ("overwritten in the middle", |bytes| {
            let middle = bytes.len() / 2;
            bytes[middle..middle + 8192].fill(0x5A);
        }),
        ("overwritten at the start", |bytes| bytes[..4096].fill(0)),
        ("garbage", |bytes| *bytes = b"garbage\n".repeat(1000)),
        ("a schema that is none", |bytes| bytes[100..4096].fill(0xFF)),
    ]
}

async fn damaged(folder: &Path, damage: Damage) -> Settings {
    let settings = settings(&folder.join("calls.sqlite"));
    let store = Sqlite::open(&settings, Access::Keep, Vec::new()).unwrap();
    for number in 0..20 {
        let entries = call(&format!("CA-old-{number}"));
        for entry in &entries {
            store.append(entry).await.unwrap();
        }
    }
    drop(store);
    let mut bytes = fs::read(&settings.path).unwrap();
    damage(&mut bytes);
    fs::write(&settings.path, bytes).unwrap();
    settings
}

/// What was logged meanwhile.
pub(super) fn logged<T>(work: impl FnOnce() -> T) -> (T, String) {
    let log = Arc::new(Mutex::new(Vec::new()));
    let subscriber = tracing_subscriber::fmt()
        .with_ansi(false)
        .with_writer({
            let log = Arc::clone(&log);
            move || Log(Arc::clone(&log))
        })
        .finish();
    let done = tracing::subscriber::with_default(subscriber, work);
    let log = String::from_utf8(log.lock().unwrap().clone()).unwrap();
    (done, log)
}

struct Log(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
