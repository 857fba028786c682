//! Files that are opened.

use super::*;

#[test]
fn settings_have_defaults_and_read_as_they_are_documented() {
    let settings = |json| serde_json::from_str::<Settings>(json).unwrap();
    assert_eq!(settings("{}"), Settings::default());
    let set = settings(r#"{"keep": "90days", "damaged": "refuse", "wait": "1s", "gather": "0s"}"#);
    let days = Duration::from_secs(90 * 24 * 60 * 60);
    assert_eq!((set.keep, set.damaged), (Some(days), Damaged::Refuse));
}

#[test]
fn a_file_of_any_earlier_version_is_brought_up_to_date() {
    for version in 0..schema::STEPS.len() {
        let folder = tempfile::tempdir().unwrap();
        let settings = settings(&folder.path().join("calls.sqlite"));
        let store = rusqlite::Connection::open(&settings.path).unwrap();
        for step in &schema::STEPS[..version] {
            store.execute_batch(step).unwrap();
        }
        store
            .pragma_update(None, "user_version", version as i64)
            .unwrap();
        let application = if version == 0 { 0 } else { schema::APPLICATION };
        store
            .pragma_update(None, "application_id", application)
            .unwrap();
        drop(store);
        let read = Sqlite::open(&settings, Access::Read, Vec::new());
        assert!(read.is_err(), "reading does not change it");
        drop(Sqlite::open(&settings, Access::Keep, Vec::new()).unwrap());
        drop(Sqlite::open(&settings, Access::Read, Vec::new()).unwrap());
        let store = rusqlite::Connection::open(&settings.path).unwrap();
        assert_eq!(schema::version(&store).unwrap(), schema::latest());
    }
}

#[test]
fn a_file_that_is_not_of_this_version_or_program_is_refused_and_left_alone() {
    let version = "PRAGMA user_version = 99;";
    check(
        version,
        expect!["F was written by a later version: use that one, or choose another `path`"],
    );
    check(
        "PRAGMA application_id = 7;",
        expect!["F belongs to another program: choose another `path`"],
    );
    let folder = tempfile::tempdir().unwrap();
    let settings = settings(&folder.path().join("calls.sqlite"));
    let store = rusqlite::Connection::open(&settings.path).unwrap();
    store.execute_batch("CREATE TABLE theirs (a)").unwrap();
    let error = Sqlite::open(&settings, Access::Keep, Vec::new()).unwrap_err();
    assert!(error.to_string().contains("another program"), "{error}");
}

#[test]
fn reading_and_changing_create_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let settings = settings(&folder.path().join("calls.sqlite"));
    for access in [Access::Read, Access::Change] {
        let error = Sqlite::open(&settings, access, Vec::new()).unwrap_err();
        let error = error.to_string();
        assert!(
            error.ends_with("does not exist: no call has been kept there"),
            "{error}"
        );
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    drop(Sqlite::open(&settings, Access::Keep, Vec::new()).unwrap());
    drop(Sqlite::open(&settings, Access::Read, Vec::new()).unwrap());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[tokio::test]
async fn what_is_opened_to_be_read_is_not_changed() {
    let folder = tempfile::tempdir().unwrap();
    let settings = settings(&folder.path().join("calls.sqlite"));
    drop(Sqlite::open(&settings, Access::Keep, Vec::new()).unwrap());
    let store = Sqlite::open(&settings, Access::Read, Vec::new()).unwrap();
    let error = store.append(&call("CA-1")[0]).await.unwrap_err();
    assert!(matches!(error, SinkError::Refused(_)), "{error:?}");
    let which = Which::Call(CallId::new("CA-1"));
    store.forget(&which).await.unwrap_err();
    assert_eq!(store.calls(&Wanted::latest(10)).await.unwrap(), []);
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_reads_the_files() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let settings = settings(&folder.path().join("calls.sqlite"));
    let store = Sqlite::open(&settings, Access::Keep, Vec::new()).unwrap();
    store.append(&call("CA-1")[0]).await.unwrap();
    let files = fs::read_dir(folder.path()).unwrap().map(Result::unwrap);
    let modes = files.map(|file| file.metadata().unwrap().permissions().mode() & 0o777);
    assert_eq!(modes.collect::<Vec<_>>(), [0o600; 3]);
}

#[test]
fn several_that_begin_a_file_at_once_agree() {
    for _ in 0..10 {
        let folder = tempfile::tempdir().unwrap();
        let settings = Settings {
            wait: Duration::from_secs(30),
            ..settings(&folder.path().join("calls.sqlite"))
        };
        std::thread::scope(|scope| {
            let open = || Sqlite::open(&settings, Access::Keep, Vec::new()).unwrap();
            let opened = [(); 4].map(|()| scope.spawn(open));
            for opened in opened {
                drop(opened.join().unwrap());
            }
        });
    }
}

#[test]
fn a_file_in_no_folder_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let settings = settings(&folder.path().join("nowhere/calls.sqlite"));
    let error = Sqlite::open(&settings, Access::Keep, Vec::new()).unwrap_err();
    let expected = format!("{} cannot be opened", settings.path.display());
    assert_eq!(error.to_string(), expected);
}

/// Changes a file of this version, and opens it.
fn check(change: &str, expected: Expect) {
    let folder = tempfile::tempdir().unwrap();
    let settings = settings(&folder.path().join("calls.sqlite"));
    drop(Sqlite::open(&settings, Access::Keep, Vec::new()).unwrap());
    let store = rusqlite::Connection::open(&settings.path).unwrap();
    store.execute_batch(change).unwrap();
    drop(store);
    let before = fs::read(&settings.path).unwrap();
    for access in [Access::Keep, Access::Change, Access::Read] {
        let error = Sqlite::open(&settings, access, Vec::new()).unwrap_err();
        let error = error
            .to_string()
            .replace(settings.path.to_str().unwrap(), "F");
        expected.assert_eq(&error);
    }
    assert_eq!(fs::read(&settings.path).unwrap(), before);
}
