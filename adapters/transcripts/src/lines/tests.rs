use std::sync::{Arc, Mutex};
use std::time::Duration;

use expect_test::{Expect, expect};
use futures_util::FutureExt as _;
use futures_util::future::join_all;
use voicera::testing::transcript_sink::call;

use super::*;
use crate::writer::{BACKLOG, GATHER};

#[tokio::test]
async fn what_finds_a_full_disk_is_written_in_order_when_there_is_space() {
    check(
        |disk| disk.space = 30,
        expect![[r#"
            one: kept
            two: waits
            three: waits
            on the disk: |one|
            space again
            two: kept
            three: kept
            on the disk: |one|two|three|
        "#]],
    )
    .await;
}

#[tokio::test]
async fn a_line_that_cannot_be_cut_off_at_once_is_cut_off_before_the_next() {
    check(
        |disk| (disk.space, disk.cuts) = (30, false),
        expect![[r#"
            one: kept
            two: waits
            three: waits
            on the disk: |one|{"v":1,"call":"two","session":…
            space again
            two: kept
            three: kept
            on the disk: |one|two|three|
        "#]],
    )
    .await;
}

#[tokio::test]
async fn a_line_that_cannot_be_committed_is_not_kept() {
    check(
        |disk| disk.commits = false,
        expect![[r#"
            one: waits
            two: waits
            three: waits
            on the disk: |
            space again
            one: kept
            two: kept
            three: kept
            on the disk: |one|two|three|
        "#]],
    )
    .await;
}

#[tokio::test]
async fn what_nobody_waits_for_is_written_all_the_same() {
    let disk = Faulty::default();
    let writer = Lines::start("disk", Box::new(disk.clone()), bound(GATHER)).unwrap();
    disk.set(|disk| disk.space = 0);
    let entries = call("CA-1");
    for entry in &entries {
        assert!(writer.append(entry).now_or_never().is_none());
    }
    disk.until(|disk| disk.failures > 1).await;
    disk.set(|disk| disk.space = usize::MAX);
    let lines = entries
        .iter()
        .map(|entry| Record::of(entry).line().unwrap());
    let lines = lines.collect::<Vec<_>>().concat();
    disk.until(|disk| disk.bytes == lines).await;
}

#[tokio::test]
async fn what_waits_is_bounded() {
    let disk = Faulty::default();
    let bound = Bound {
        backlog: 2,
        ..bound(Duration::ZERO)
    };
    let writer = Lines::start("disk", Box::new(disk.clone()), bound).unwrap();
    disk.set(|disk| disk.space = 0);
    let entries = call("CA-1");
    let mut appends = Vec::new();
    for entry in &entries[..2] {
        appends.push(Box::pin(writer.append(entry)));
        assert!(appends.last_mut().unwrap().now_or_never().is_none());
    }
    // Until both have been tried and wait again.
    disk.until(|disk| disk.failures > 2).await;
    let error = writer.append(&entries[2]).await.unwrap_err();
    let error = voicera::ports::chain(&error);
    expect!["the transcript cannot be written for now: as many entries wait to be written as `backlog` allows"].assert_eq(&error);
    disk.set(|disk| disk.space = usize::MAX);
    assert!(join_all(appends).await.iter().all(Result::is_ok));
    writer.append(&entries[2]).await.unwrap();
}

#[tokio::test]
async fn a_writer_that_stops_tries_once_more_and_gives_up() {
    let disk = Faulty::default();
    let writer = Lines::start("disk", Box::new(disk.clone()), bound(GATHER)).unwrap();
    disk.set(|disk| disk.space = 0);
    let entry = call("CA-1").remove(0);
    assert!(writer.append(&entry).now_or_never().is_none());
    disk.until(|disk| disk.failures > 0).await;
    drop(writer);
    assert_eq!(disk.set(|disk| disk.bytes.len()), 0);
}

#[tokio::test]
async fn lines_that_wait_are_written_and_committed_together() {
    let disk = Faulty::default();
    let writer = Lines::start("disk", Box::new(disk.clone()), bound(GATHER)).unwrap();
    let entry = call("CA-1").remove(0);
    // The thread is held in its first write until every other line waits.
    let outcomes = {
        let held = disk.state.lock().unwrap();
        let appends = join_all((0..1001).map(|_| writer.append(&entry)));
        let mut appends = Box::pin(tokio::task::unconstrained(appends));
        assert!((&mut appends).now_or_never().is_none());
        drop(held);
        appends.await
    };
    assert!(outcomes.iter().all(Result::is_ok));
    let (commits, lines) = disk.set(|disk| {
        (
            disk.committed,
            disk.bytes.iter().filter(|b| **b == b'\n').count(),
        )
    });
    assert_eq!(lines, 1001);
    assert!(commits < 10, "{commits} commits");
}

#[tokio::test]
async fn a_line_waits_for_others_as_long_as_is_set() {
    let gather = Duration::from_millis(60);
    let writer = Lines::start("disk", Box::new(Faulty::default()), bound(gather)).unwrap();
    let begun = std::time::Instant::now();
    writer.append(&call("CA-1").remove(0)).await.unwrap();
    assert!(begun.elapsed() >= gather);
}

#[tokio::test]
async fn what_waits_is_written_before_the_writer_is_gone() {
    let disk = Faulty::default();
    let writer = Lines::start("disk", Box::new(disk.clone()), bound(GATHER)).unwrap();
    let entry = call("CA-1").remove(0);
    {
        let _held = disk.state.lock().unwrap();
        let mut append = Box::pin(writer.append(&entry));
        assert!((&mut append).now_or_never().is_none());
    }
    drop(writer);
    assert_eq!(
        disk.set(|disk| disk.bytes.clone()),
        Record::of(&entry).line().unwrap()
    );
}

/// Appends three lines with a `fault` after the first, and heals the disk.
async fn check(fault: fn(&mut State), expected: Expect) {
    let disk = Faulty::default();
    let writer = Lines::start("disk", Box::new(disk.clone()), bound(GATHER)).unwrap();
    let entries = ["one", "two", "three"].map(|id| call(id).remove(0));
    disk.set(|disk| {
        fault(disk);
        disk.space = disk
            .space
            .saturating_add(Record::of(&entries[0]).line().unwrap().len());
    });
    let mut trace = String::new();
    let mut late = Vec::new();
    for entry in &entries {
        let mut append = Box::pin(writer.append(entry));
        let failures = disk.set(|disk| disk.failures);
        tokio::select! {
            biased;
            kept = &mut append => {
                kept.unwrap();
                trace.push_str(&format!("{}: kept\n", entry.call.id));
            }
            () = disk.until(|disk| disk.failures > failures) => {
                trace.push_str(&format!("{}: waits\n", entry.call.id));
                late.push((&entry.call.id, append));
            }
        }
    }
    trace.push_str(&disk.lines());
    trace.push_str("space again\n");
    disk.set(|disk| (disk.space, disk.cuts, disk.commits) = (usize::MAX, true, true));
    for (id, append) in late {
        append.await.unwrap();
        trace.push_str(&format!("{id}: kept\n"));
    }
    trace.push_str(&disk.lines());
    expected.assert_eq(&trace);
}

fn bound(gather: Duration) -> Bound {
    Bound {
        gather,
        backlog: BACKLOG,
    }
}

/// A disk in memory that fails on demand, in the middle of a line if need be.
#[derive(Clone, Default)]
struct Faulty {
    state: Arc<Mutex<State>>,
}

struct State {
    bytes: Vec<u8>,
    space: usize,
    cuts: bool,
    commits: bool,
    committed: usize,
    /// Of everything that was asked of it.
    failures: usize,
}

impl Default for State {
    fn default() -> Self {
        Self {
            bytes: Vec::new(),
            space: usize::MAX,
            cuts: true,
            commits: true,
            committed: 0,
            failures: 0,
        }
    }
}

impl Faulty {
    fn set<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.state.lock().unwrap())
    }

    async fn until(&self, happened: impl Fn(&State) -> bool) {
        let happens = async {
            while !self.set(|disk| happened(disk)) {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        let in_time = tokio::time::timeout(Duration::from_secs(30), happens).await;
        in_time.expect("the disk should have been written to");
    }

    /// The calls of the lines; of one that is torn, its beginning.
    fn lines(&self) -> String {
        let text = self.set(|disk| String::from_utf8(disk.bytes.clone()).unwrap());
        let lines =
            text.lines().map(
                |line| match serde_json::from_str::<serde_json::Value>(line) {
                    Ok(record) => format!("{}|", record["call"].as_str().unwrap()),
                    Err(_) => format!("{line}…"),
                },
            );
        format!("on the disk: |{}\n", lines.collect::<String>())
    }
}

impl Write for Faulty {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.set(|disk| {
            let some = bytes.len().min(disk.space);
            if some == 0 {
                disk.failures += 1;
                return Err(io::ErrorKind::StorageFull.into());
            }
            disk.space -= some;
            disk.bytes.extend_from_slice(&bytes[..some]);
            Ok(some)
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Disk for Faulty {
    fn length(&mut self) -> io::Result<u64> {
        Ok(self.set(|disk| disk.bytes.len()) as u64)
    }

    fn cut(&mut self, length: u64) -> io::Result<()> {
        self.set(|disk| match disk.cuts {
            true => {
                disk.bytes.truncate(length as usize);
                Ok(())
            }
            false => {
                disk.failures += 1;
                Err(io::ErrorKind::Other.into())
            }
        })
    }

    fn commit(&mut self) -> io::Result<()> {
        self.set(|disk| match disk.commits {
            true => {
                disk.committed += 1;
                Ok(())
            }
            false => {
                disk.failures += 1;
                Err(io::ErrorKind::Other.into())
            }
        })
    }
}
