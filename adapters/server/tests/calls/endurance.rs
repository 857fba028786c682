//! What is kept of calls when the server is killed, and when the archive's file fails.

use std::collections::BTreeSet;
use std::fs;
use std::hash::{BuildHasher as _, RandomState};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use rusqlite::Connection;
use serde_json::Value;
use tempfile::TempDir;
use tokio::time::timeout;

use crate::line::Line;
use crate::reading::voicera;
use crate::receiver::Receiver;
use crate::server::{PATIENCE, Server, command};

const CALLS: usize = 100;

const TURNS: usize = 10;

const QUESTION: &str = "When are you open?";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_server_loses_nothing_and_sends_everything_once() {
    let (receiver, url) = Receiver::start().await;
    // Once while calls go on and once while events are sent, at other moments in each run.
    let seed = RandomState::new().hash_one(&url);
    let turns = 1 + usize::try_from(seed % 990).unwrap();
    let events = 1 + usize::try_from(seed % 491).unwrap();
    #[expect(clippy::print_stdout, reason = "it is shown when the test fails")]
    {
        println!("killed after {turns} turns, and after {events} events more (seed {seed})");
    }
    let folder = folder();
    let secret = "VOICERA_WEBHOOK_SECRET=c29tZXRoaW5nIHRoYXQgbm9ib2R5IGtub3dz\n";
    fs::write(folder.path().join(".env"), secret).unwrap();
    let webhook = format!(
        "[[transcripts]]\nkind = \"webhook\"\nurl = {url:?}\nevents = \"entries\"\n\
         delivery = {{ first_pause = \"20ms\", longest_pause = \"200ms\", timeout = \"1s\", \
         lease = \"3s\", poll = \"100ms\" }}\n"
    );
    let config = config("gather = \"10ms\"\n", &webhook);
    let mut server = Server::start_with(folder, &config).await;
    let mut calls = tokio::task::JoinSet::new();
    let played = Arc::new(AtomicUsize::new(0));
    for call in 0..CALLS {
        let (address, played) = (server.address.clone(), Arc::clone(&played));
        calls.spawn(async move {
            let mut line = Line::open_while_it_lives(&address, &format!("CA{call}")).await?;
            for _ in 0..TURNS {
                line.ask_while_it_lives(QUESTION).await?;
                played.fetch_add(1, Ordering::SeqCst);
            }
            line.hang_up().await;
            Some(())
        });
    }
    let enough = async {
        while played.load(Ordering::SeqCst) < turns {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    timeout(2 * PATIENCE, enough).await.unwrap();
    server.kill();
    calls.join_all().await;
    let events = receiver.events().len() + events;
    let is_empty = |answer: &Value, list: &str| answer[list] == Value::Array(Vec::new());

    let mut server = server.start_again().await;
    let outbox = "/api/v1/outbox?limit=1";
    let some = server.get_until(outbox, |answer| {
        receiver.events().len() >= events || is_empty(answer, "parcels")
    });
    some.await;
    server.kill();
    let acknowledged = receiver.events();

    let server = server.start_again().await;
    let unanalysed = "/api/v1/calls?state=unanalysed&limit=1";
    let all = server.get_until(unanalysed, |answer| is_empty(answer, "calls"));
    all.await;
    let all = server.get_until(outbox, |answer| is_empty(answer, "parcels"));
    all.await;
    let mut expected = BTreeSet::new();
    for call in 0..CALLS {
        let call = format!("CA{call}");
        let kept = server.get(&format!("/api/v1/calls/{call}")).await;
        // Nothing of it was acknowledged, or its acknowledged entries will be missed below.
        let Some(kept) = kept["entries"].as_array() else {
            continue;
        };
        for (place, entry) in kept.iter().enumerate() {
            assert_eq!(entry["sequence"], place, "{entry}");
            expected.insert(format!("entry:{call}:VX-{call}:{place}"));
        }
        if kept[kept.len() - 1]["kind"] == "ended" {
            expected.insert(format!("call:{call}:{}", kept.len()));
        }
    }
    let lost = acknowledged.keys().find(|id| !expected.contains(*id));
    assert_eq!(lost, None, "it was sent before and is lost");
    let received: BTreeSet<_> = receiver.events().into_keys().collect();
    assert_eq!(received, expected);
    server.stop().await;
}

#[tokio::test]
async fn a_locked_archive_holds_up_nobody_and_loses_nothing() {
    let server = Server::start_with(folder(), &config("wait = \"100ms\"\n", NO_DRAIN)).await;
    let mut line = Line::open(&server, "CA1").await;
    assert_answered(&line.ask(QUESTION).await);
    entries(&server, 3).await;
    let other = Connection::open(server.path().join("calls.sqlite")).unwrap();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    assert_answered(&line.ask(QUESTION).await);
    server.logs("entries cannot be written").await;
    assert_answered(&line.ask(QUESTION).await);
    line.hang_up().await;
    server.logs("call ended").await;
    assert_eq!(entries(&server, 3).await.len(), 3);
    other.execute_batch("ROLLBACK").unwrap();
    assert_whole(&entries(&server, 9).await);
    server.logs("written again").await;
    let said = trouble(&server.stop().await);
    assert_eq!(said.len(), 1, "{said:?}");
    for part in [
        "calls.sqlite is locked by another process",
        "let it finish, or end it",
    ] {
        assert!(said[0].contains(part), "{said:?}");
    }
}

#[tokio::test]
async fn a_full_disk_holds_up_nobody_and_loses_nothing() {
    let folder = folder();
    let Some(disk) = SmallDisk::mount(folder.path().join("disk")) else {
        return;
    };
    let path = "path = \"disk/calls.sqlite\"\n";
    let server = Server::start_with(folder, &config(path, NO_DRAIN)).await;
    let mut line = Line::open(&server, "CA1").await;
    assert_answered(&line.ask(QUESTION).await);
    entries(&server, 3).await;
    disk.fill();
    assert_answered(&line.ask(QUESTION).await);
    server.logs("entries cannot be written").await;
    assert_answered(&line.ask(QUESTION).await);
    line.hang_up().await;
    server.logs("call ended").await;
    disk.make_room();
    assert_whole(&entries(&server, 9).await);
    server.logs("written again").await;
    let said = trouble(&server.stop().await);
    assert_eq!(said.len(), 1, "{said:?}");
    for part in ["calls.sqlite has no space left on its disk", "make some"] {
        assert!(said[0].contains(part), "{said:?}");
    }
}

#[tokio::test]
async fn a_damaged_archive_is_set_aside_when_the_server_starts() {
    let folder = folder();
    let garbage = b"garbage\n".repeat(1000);
    fs::write(folder.path().join("calls.sqlite"), &garbage).unwrap();
    let server = Server::start_with(folder, &config("", "")).await;
    let mut line = Line::open(&server, "CA1").await;
    assert_answered(&line.ask(QUESTION).await);
    line.hang_up().await;
    entries(&server, 5).await;
    assert_eq!(fs::read(&set_aside(server.path())[0]).unwrap(), garbage);
    said_once(server, "is set aside under another name").await;
}

#[tokio::test]
async fn a_call_goes_on_in_a_new_archive_when_its_file_is_overwritten() {
    let garbage = b"garbage\n".repeat(1000);
    let server = damaged_in_a_call(|file| fs::write(file, &garbage).unwrap()).await;
    let aside = set_aside(server.path());
    assert_eq!(aside.len(), 1);
    assert_eq!(fs::read(&aside[0]).unwrap(), garbage);
    // The start of the call cannot be read any more.
    let kept = entries(&server, 4).await;
    let sequence = kept.iter().map(|entry| entry["sequence"].as_u64().unwrap());
    assert_eq!(sequence.collect::<Vec<_>>(), [3, 4, 5, 6]);
    let said = said_once(server, "a new one is begun").await;
    let name = aside[0].file_name().unwrap().to_str().unwrap();
    for part in [name, "`sqlite3 NAME .recover`"] {
        assert!(said.contains(part), "{said}");
    }
}

#[tokio::test]
async fn a_call_goes_on_in_a_new_archive_when_its_file_is_removed() {
    let server = damaged_in_a_call(|file| fs::remove_file(file).unwrap()).await;
    assert_whole(&entries(&server, 7).await);
    let said = said_once(server, "a new one is begun").await;
    assert!(said.contains("is gone or empty"), "{said}");
}

#[test]
fn a_damaged_archive_stops_the_start_where_that_is_set() {
    let folder = folder();
    let path = folder.path();
    fs::write(
        path.join("voicera.toml"),
        config("damaged = \"refuse\"\n", ""),
    )
    .unwrap();
    fs::write(path.join("calls.sqlite"), b"garbage\n".repeat(1000)).unwrap();
    let done = command(path).output().unwrap();
    assert_eq!(done.status.code(), Some(1), "{done:?}");
    let said = String::from_utf8(done.stderr).unwrap();
    for part in [
        "calls.sqlite",
        "is damaged",
        "move it",
        "damaged = \"set_aside\"",
    ] {
        let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(said.contains(part), "{said}");
    }
}

#[tokio::test]
async fn a_killed_call_is_open_and_one_that_was_not_analysed_is_analysed() {
    let mut server = Server::start_with(folder(), &config("", "")).await;
    let file = server.path().join("calls.sqlite");
    let archive = Connection::open(&file).unwrap();
    archive
        .execute_batch(
            "CREATE TRIGGER too_late BEFORE INSERT ON analyses BEGIN
                SELECT RAISE(FAIL, 'killed before that');
            END",
        )
        .unwrap();
    let mut ended = Line::open(&server, "CA1").await;
    assert_answered(&ended.ask(QUESTION).await);
    ended.hang_up().await;
    let mut open = Line::open(&server, "CA2").await;
    assert_answered(&open.ask(QUESTION).await);
    entries(&server, 5).await;
    server
        .get_until("/api/v1/calls/CA2", |call| has(call, 3))
        .await;
    server.kill();
    archive.execute_batch("DROP TRIGGER too_late").unwrap();
    drop(archive);

    let server = server.start_again().await;
    let insights = server.get_until("/api/v1/calls/CA1/insights", |call| {
        call["analyses"][0]["origin"] == "operators"
    });
    insights.await;
    let open = server.get("/api/v1/calls?state=open").await;
    assert_eq!(open["calls"].as_array().unwrap().len(), 1, "{open}");
    assert_eq!(open["calls"][0]["id"], "CA2", "{open}");
    server.stop().await;
}

/// A call in which something happens to the file of the archive; what is said after it is kept.
async fn damaged_in_a_call(damage: impl FnOnce(&Path)) -> Server {
    let server = Server::start_with(folder(), &config("", "")).await;
    let mut line = Line::open(&server, "CA1").await;
    assert_answered(&line.ask(QUESTION).await);
    entries(&server, 3).await;
    let file = server.path().join("calls.sqlite");
    let other = Connection::open(&file).unwrap();
    // What is in the log beside the file is in no danger.
    let emptied = other.pragma(None, "wal_checkpoint", "truncate", |_| Ok(()));
    emptied.unwrap();
    drop(other);
    damage(&file);
    let later = "Until when are you open on weekdays?";
    assert_answered(&line.ask(later).await);
    line.hang_up().await;
    let insights = server.get_until("/api/v1/calls/CA1/insights", |call| {
        call["analyses"][0]["origin"] == "operators"
    });
    insights.await;
    let shown = voicera(&server, &["calls", "show", "CA1"]);
    assert!(shown.contains(later), "{shown}");
    assert!(shown.contains("9 to 18"), "{shown}");
    server
}

/// The archives that were set aside, without what SQLite keeps beside them.
fn set_aside(folder: &Path) -> Vec<PathBuf> {
    let files = fs::read_dir(folder).unwrap();
    let files = files.map(|file| file.unwrap().path());
    let is_aside = |file: &PathBuf| {
        let name = file.file_name().unwrap().to_string_lossy();
        name.starts_with("calls.sqlite.damaged-") && name.ends_with('Z')
    };
    files.filter(is_aside).collect()
}

/// What waits when a call ends is left to the archive at once.
const NO_DRAIN: &str = "[limits]\ndrain = \"0s\"\n";

/// A folder with a document that answers the question.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let hours = "# Opening hours\n\nWe are open from 9 to 18 on weekdays.\n";
    fs::write(folder.path().join("hours.md"), hours).unwrap();
    folder
}

fn config(archive: &str, rest: &str) -> String {
    format!(
        "listen = \"127.0.0.1:0\"\n[log]\nformat = \"json\"\n\
         [retriever]\nknowledge_base = \"hours.md\"\n\
         [[transcripts]]\nkind = \"sqlite\"\n{archive}{rest}"
    )
}

fn assert_answered(heard: &str) {
    assert!(heard.contains("9 to 18"), "{heard}");
}

/// The entries of the only call, once there are so many.
async fn entries(server: &Server, count: usize) -> Vec<Value> {
    let call = server.get_until("/api/v1/calls/CA1", |call| has(call, count));
    call.await["entries"].as_array().unwrap().clone()
}

pub(crate) fn has(call: &Value, entries: usize) -> bool {
    call["entries"]
        .as_array()
        .is_some_and(|kept| kept.len() >= entries)
}

pub(crate) fn assert_whole(entries: &[Value]) {
    for (place, entry) in entries.iter().enumerate() {
        assert_eq!(entry["sequence"], place, "{entry}");
    }
    assert_eq!(entries[entries.len() - 1]["kind"], "ended");
}

/// The only line of the log that a person should look at, of a server that stops.
async fn said_once(server: Server, what: &str) -> String {
    let mut said = trouble(&server.stop().await);
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].contains(what), "{said:?}");
    said.remove(0)
}

/// The lines of a log that a person should look at.
pub(crate) fn trouble(log: &str) -> Vec<String> {
    let lines = log
        .lines()
        .filter(|line| line.contains("\"WARN\"") || line.contains("\"ERROR\""));
    lines.map(str::to_owned).collect()
}

/// A disk of a few megabytes, where the system lets this user have one.
struct SmallDisk(PathBuf);

impl SmallDisk {
    fn mount(path: PathBuf) -> Option<Self> {
        fs::create_dir(&path).unwrap();
        let mut mount = Command::new("mount");
        mount
            .args(["-t", "tmpfs", "-o", "size=2m", "tmpfs"])
            .arg(&path);
        let mounted = mount.output().is_ok_and(|done| done.status.success());
        if !mounted {
            let _ = writeln!(
                std::io::stderr(),
                "skipped: only root may mount a small disk"
            );
        }
        mounted.then_some(Self(path))
    }

    fn fill(&self) {
        let mut file = fs::File::create(self.filler()).unwrap();
        while file.write_all(&[0; 512]).is_ok() {}
    }

    fn make_room(&self) {
        fs::remove_file(self.filler()).unwrap();
    }

    fn filler(&self) -> PathBuf {
        self.0.join("filler")
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        unmount(&self.0);
    }
}

fn unmount(path: &Path) {
    // A server that is stopped by a panic may still have the file open.
    let _ = Command::new("umount").arg("--lazy").arg(path).status();
}
