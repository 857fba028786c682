//! Files that are damaged, or taken away, while they are open.

use std::path::PathBuf;

use super::faults::{damages, logged};
use super::*;

#[tokio::test]
async fn calls_go_on_in_a_new_file_when_theirs_is_damaged() {
    let emptied = ("emptied", (|bytes| bytes.clear()) as faults::Damage);
    for (name, damage) in damages().into_iter().chain([emptied]) {
        let house = House::new(Damaged::SetAside).await;
        house.change(damage);
        house.go_on().await;
        assert_eq!(house.asides().len(), 1, "{name}");
        let kept = house.kept().await;
        assert!(kept.ends_with(&[2, 3]), "{name}: {kept:?}");
        assert!(kept.is_sorted_by(|a, b| a < b), "{name}: {kept:?}");
        assert_eq!(house.waiting().await, kept, "{name}");
        // It is a file like any other.
        let settings = house.settings.clone();
        drop(house.store);
        let store = Sqlite::open(&settings, Access::Keep, Vec::new()).unwrap();
        let id = CallId::new("CA-1");
        let call = store.call(&id).await.unwrap().unwrap();
        assert_eq!(call.entries.len(), kept.len(), "{name}");
    }
}

#[tokio::test]
async fn a_call_goes_on_in_a_new_file_when_theirs_is_taken_away() {
    let takes: [Take; 5] = [
        ("removed", |path| fs::remove_file(path).unwrap()),
        ("removed with its log", |path| {
            for ending in opening::ENDINGS {
                fs::remove_file(opening::beside(path, ending)).unwrap();
            }
        }),
        ("moved", |path| {
            fs::rename(path, path.with_extension("moved")).unwrap();
        }),
        ("without its log", |path| {
            fs::remove_file(opening::beside(path, "-wal")).unwrap();
        }),
        ("replaced by garbage", |path| {
            let other = path.with_extension("other");
            fs::write(&other, "garbage\n".repeat(1000)).unwrap();
            fs::rename(other, path).unwrap();
        }),
    ];
    for (name, take) in takes {
        let house = House::new(Damaged::SetAside).await;
        // Who reads has the file open, too.
        assert_eq!(house.kept().await, [0, 1], "{name}");
        take(&house.settings.path);
        house.go_on().await;
        assert_eq!(house.kept().await, [0, 1, 2, 3], "{name}");
        assert_eq!(house.waiting().await, [0, 1, 2, 3], "{name}");
        assert_eq!(house.calls().await, ["CA-1"], "{name}");
    }
}

#[tokio::test]
async fn a_file_that_is_emptied_in_place_is_begun_anew() {
    for endings in [&[""][..], &["", "-wal"]] {
        for damaged in [Damaged::SetAside, Damaged::Refuse] {
            let house = House::new(damaged).await;
            // Who writes knows all it needs.
            house.store.append(&call("CA-2")[0]).await.unwrap();
            for ending in endings {
                let file = opening::beside(&house.settings.path, ending);
                fs::File::options()
                    .write(true)
                    .truncate(true)
                    .open(file)
                    .unwrap();
            }
            house.go_on().await;
            let settings = house.settings.clone();
            drop(house.store);
            let store = Sqlite::open(&settings, Access::Keep, Vec::new()).unwrap();
            let kept = store.call(&CallId::new("CA-1")).await.unwrap().unwrap();
            let entries = call("CA-1");
            assert!(kept.entries.ends_with(&entries[2..]), "{endings:?}");
        }
    }
}

#[tokio::test]
async fn a_file_without_its_tables_is_damaged_to_who_reads() {
    let house = House::new(Damaged::SetAside).await;
    let other = rusqlite::Connection::open(&house.settings.path).unwrap();
    other.execute_batch("DROP TABLE calls").unwrap();
    let error = house.store.call(&CallId::new("CA-1")).await.unwrap_err();
    assert!(matches!(error, ArchiveError::Damaged(_)), "{error:?}");
    house.store.append(&call("CA-1")[2]).await.unwrap();
    assert_eq!(house.asides().len(), 1);
}

#[tokio::test]
async fn a_whole_archive_that_replaces_the_file_is_kept_and_gets_the_call() {
    let house = House::new(Damaged::SetAside).await;
    let other = settings(&house.settings.path.with_extension("other"));
    let store = Sqlite::open(&other, Access::Keep, Vec::new()).unwrap();
    for entry in call("CA-other") {
        store.append(&entry).await.unwrap();
    }
    drop(store);
    fs::rename(&other.path, &house.settings.path).unwrap();
    house.go_on().await;
    assert_eq!(house.kept().await, [0, 1, 2, 3]);
    assert_eq!(house.calls().await, ["CA-1", "CA-other"]);
}

#[tokio::test]
async fn a_call_that_cannot_be_brought_over_costs_no_other() {
    let house = House::new(Damaged::SetAside).await;
    for id in ["CA-2", "CA-3"] {
        house.store.append(&call(id)[0]).await.unwrap();
    }
    let other = settings(&house.settings.path.with_extension("other"));
    drop(Sqlite::open(&other, Access::Keep, Vec::new()).unwrap());
    let store = rusqlite::Connection::open(&other.path).unwrap();
    let refuse = "CREATE TRIGGER refuse BEFORE INSERT ON calls WHEN new.id = 'CA-2'
        BEGIN SELECT raise(ABORT, 'not this one'); END";
    store.execute_batch(refuse).unwrap();
    drop(store);
    fs::rename(&other.path, &house.settings.path).unwrap();
    house.store.retry(None).await.unwrap();
    assert_eq!(house.calls().await, ["CA-1", "CA-3"]);
    assert_eq!(house.kept().await, [0, 1]);
}

#[tokio::test]
async fn damage_that_only_who_reads_meets_is_met_by_who_writes() {
    let house = House::new(Damaged::SetAside).await;
    // What is read once is known to who writes.
    house.store.append(&call("CA-2")[0]).await.unwrap();
    house.change(|bytes| {
        let middle = bytes.len() / 2;
        bytes[middle..].fill(0x5A);
    });
    let old = CallId::new("CA-old-10");
    assert_eq!(house.store.call(&old).await.unwrap(), None);
    assert_eq!(house.asides().len(), 1);
    house.go_on().await;
    assert_eq!(house.kept().await[..], [0, 1, 2, 3]);
}

#[tokio::test]
async fn a_log_that_is_cut_off_is_damage() {
    let house = House::new(Damaged::SetAside).await;
    for number in 0..20 {
        let entry = call(&format!("CA-new-{number}")).remove(0);
        house.store.append(&entry).await.unwrap();
    }
    let log = opening::beside(&house.settings.path, "-wal");
    let log = fs::File::options().write(true).open(log).unwrap();
    log.set_len(4096).unwrap();
    let call = house.store.call(&CallId::new("CA-new-10")).await;
    assert_eq!(call.unwrap().unwrap().entries.len(), 1);
    assert_eq!(house.asides().len(), 1);
}

#[tokio::test]
async fn what_was_analysed_and_not_sent_is_brought_over() {
    let house = House::new(Damaged::SetAside).await;
    for entry in &call("CA-1")[2..] {
        house.store.append(entry).await.unwrap();
    }
    let id = CallId::new("CA-1");
    let analysis = archive::analysis(Origin::Operators);
    house.store.conclude(&id, &analysis).await.unwrap();
    let before = house.store.parcels(None, 100).await.unwrap();
    let call_before = house.store.call(&id).await.unwrap().unwrap();
    fs::remove_file(&house.settings.path).unwrap();
    house.store.retry(None).await.unwrap();
    assert_eq!(house.store.call(&id).await.unwrap().unwrap(), call_before);
    let ids = |parcels: &[Parcel]| {
        let ids = parcels
            .iter()
            .map(|p| (p.id.clone(), p.destination.clone()));
        ids.collect::<Vec<_>>()
    };
    let after = house.store.parcels(None, 100).await.unwrap();
    assert_eq!(ids(&after), ids(&before));
}

#[test]
fn the_log_says_what_became_of_the_file() {
    let takes: [Take; 4] = [
        ("is gone or empty", |path| fs::remove_file(path).unwrap()),
        ("is gone or empty", |path| fs::write(path, "").unwrap()),
        ("the one found in its place is used", |path| {
            let other = settings(&path.with_extension("other"));
            drop(Sqlite::open(&other, Access::Keep, Vec::new()).unwrap());
            fs::rename(&other.path, path).unwrap();
        }),
        ("`sqlite3 NAME .recover` reads what can be read", |_| {}),
    ];
    for (expected, take) in takes {
        let folder = tempfile::tempdir().unwrap();
        let settings = settings(&folder.path().join("calls.sqlite"));
        let store = opening::open(&settings, Access::Keep).unwrap();
        let mut place = Place::new(&settings, Arc::default(), Edition::default());
        take(&settings.path);
        let (new, log) = logged(|| place.begin_anew(&store, &Fault::Lost));
        assert!(new.unwrap().is_some());
        assert!(log.contains(expected), "{log}");
        let advice = expected.contains(".recover");
        assert_eq!(log.contains(".recover"), advice, "{log}");
    }
}

#[tokio::test]
async fn a_file_is_not_begun_again_and_again() {
    let house = House::new(Damaged::SetAside).await;
    let mut kept = Vec::new();
    for number in 0..6 {
        house.change(|bytes| *bytes = b"garbage\n".repeat(1000));
        let entry = call(&format!("CA-{number}")).remove(0);
        kept.push(house.store.append(&entry).await.is_ok());
        house.empty_log();
    }
    assert_eq!(kept, [true, true, true, false, false, false]);
    assert_eq!(house.asides().len(), 3);
}

#[tokio::test]
async fn a_damaged_file_is_left_alone_where_that_is_set() {
    let house = House::new(Damaged::Refuse).await;
    house.change(|bytes| *bytes = b"garbage\n".repeat(1000));
    let error = house.store.append(&call("CA-1")[2]).await.unwrap_err();
    let error = voicera::ports::chain(&error);
    assert!(error.contains("is damaged"), "{error}");
    assert_eq!(house.asides(), Vec::<PathBuf>::new());
}

#[tokio::test]
async fn entries_wait_until_a_new_file_can_be_begun() {
    let house = House::new(Damaged::SetAside).await;
    fs::remove_file(&house.settings.path).unwrap();
    // It cannot be created, and is not a file that could be set aside.
    fs::create_dir(&house.settings.path).unwrap();
    let entries = call("CA-1");
    let append = house.store.append(&entries[2]);
    let others = async {
        let refused = house.store.retry(None).await.unwrap_err();
        let chain = voicera::ports::chain(&refused);
        assert!(chain.contains("cannot be read or written"), "{chain}");
        fs::remove_dir(&house.settings.path).unwrap();
    };
    let (kept, ()) = tokio::join!(append, others);
    kept.unwrap();
    assert_eq!(house.kept().await, [0, 1, 2]);
}

/// What is done with a file.
type Take = (&'static str, fn(&Path));

/// An archive with calls of yesterday, and with one that goes on.
struct House {
    store: Sqlite,
    settings: Settings,
    _folder: tempfile::TempDir,
}

impl House {
    async fn new(damaged: Damaged) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let settings = Settings {
            damaged,
            ..settings(&folder.path().join("calls.sqlite"))
        };
        let store = Sqlite::open(&settings, Access::Keep, outbox::subscriptions()).unwrap();
        for number in 0..20 {
            let id = format!("CA-old-{number}");
            for entry in call(&id) {
                store.append(&entry).await.unwrap();
            }
            let analysis = archive::analysis(Origin::Operators);
            store.conclude(&CallId::new(&id), &analysis).await.unwrap();
        }
        let claim = |destination: &str| Claim {
            destination: destination.to_owned(),
            now: SystemTime::now(),
            lease: Duration::ZERO,
            limit: usize::MAX,
        };
        for destination in outbox::subscriptions() {
            let claimed = store.claim(&claim(&destination.destination)).await.unwrap();
            for parcel in claimed {
                store.settle(&parcel, &Outcome::Delivered).await.unwrap();
            }
        }
        for entry in &call("CA-1")[..2] {
            store.append(entry).await.unwrap();
        }
        let house = Self {
            store,
            settings,
            _folder: folder,
        };
        house.empty_log();
        house
    }

    /// So that what is in the file counts.
    fn empty_log(&self) {
        let other = rusqlite::Connection::open(&self.settings.path).unwrap();
        let _ = other.pragma(None, "wal_checkpoint", "truncate", |_| Ok(()));
    }

    fn change(&self, change: impl FnOnce(&mut Vec<u8>)) {
        let mut bytes = fs::read(&self.settings.path).unwrap();
        change(&mut bytes);
        fs::write(&self.settings.path, bytes).unwrap();
    }

    /// The call that goes on ends.
    async fn go_on(&self) {
        for entry in &call("CA-1")[2..] {
            self.store.append(entry).await.unwrap();
        }
        for number in 0..20 {
            let id = CallId::new(&format!("CA-old-{number}"));
            self.store.call(&id).await.unwrap();
        }
    }

    /// What there is of the call that went on.
    async fn kept(&self) -> Vec<u32> {
        let call = self.store.call(&CallId::new("CA-1")).await.unwrap();
        let entries = call.unwrap().entries;
        entries.iter().map(|entry| entry.sequence).collect()
    }

    /// The entries that wait to be sent.
    async fn waiting(&self) -> Vec<u32> {
        let parcels = self.store.parcels(None, 1000).await.unwrap();
        let sequence = |parcel: &Parcel| match &parcel.subject {
            crate::outbox::Subject::Entry { sequence, .. } => Some(*sequence),
            _ => None,
        };
        parcels.iter().filter_map(sequence).collect()
    }

    async fn calls(&self) -> Vec<String> {
        let calls = self.store.calls(&Wanted::latest(100)).await.unwrap();
        let ids = calls.iter().map(|digest| digest.call.id.to_string());
        let mut ids: Vec<_> = ids.collect();
        ids.sort();
        ids
    }

    /// The databases that were set aside.
    fn asides(&self) -> Vec<PathBuf> {
        let folder = self.settings.path.parent().unwrap();
        let files = fs::read_dir(folder)
            .unwrap()
            .map(|file| file.unwrap().path());
        let is_aside = |path: &PathBuf| {
            let name = path.to_string_lossy();
            name.contains(".damaged-") && name.ends_with('Z')
        };
        files.filter(is_aside).collect()
    }
}
