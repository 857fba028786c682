use std::sync::{Arc, Mutex};

use expect_test::{Expect, expect};
use futures_util::FutureExt as _;
use futures_util::future::join_all;
use voicera::testing::transcript_sink::call;

use super::*;
use crate::writer::GATHER;

#[tokio::test]
async fn a_full_disk_loses_nothing_that_was_kept_and_goes_on_when_there_is_space() {
    check(
        |disk| disk.space = 30,
        expect![[r#"
            one: kept
            two: cannot be written
            space again
            three: kept
            |one|three|
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
            two: cannot be written
            space again
            three: kept
            |one|three|
        "#]],
    )
    .await;
}

#[tokio::test]
async fn a_line_that_cannot_be_committed_is_not_kept() {
    check(
        |disk| disk.commits = false,
        expect![[r#"
            one: cannot be written
            two: cannot be written
            space again
            three: kept
            |three|
        "#]],
    )
    .await;
}

#[tokio::test]
async fn a_torn_line_stops_everything_until_it_is_cut_off() {
    let disk = Faulty::default();
    let writer = Lines::start("disk", Box::new(disk.clone()), GATHER).unwrap();
    disk.set(|disk| (disk.space, disk.cuts) = (10, false));
    let entries = call("CA-1");
    writer.append(&entries[0]).await.unwrap_err();
    disk.set(|disk| disk.space = usize::MAX);
    writer.append(&entries[0]).await.unwrap_err();
    assert_eq!(disk.set(|disk| disk.bytes.len()), 10);
    disk.set(|disk| disk.cuts = true);
    writer.append(&entries[0]).await.unwrap();
    assert_eq!(
        disk.set(|disk| disk.bytes.clone()),
        Record::of(&entries[0]).line().unwrap()
    );
}

#[tokio::test]
async fn lines_that_wait_are_written_and_committed_together() {
    let disk = Faulty::default();
    let writer = Lines::start("disk", Box::new(disk.clone()), GATHER).unwrap();
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
    let writer = Lines::start("disk", Box::new(Faulty::default()), gather).unwrap();
    let begun = std::time::Instant::now();
    writer.append(&call("CA-1").remove(0)).await.unwrap();
    assert!(begun.elapsed() >= gather);
}

#[tokio::test]
async fn what_waits_is_written_before_the_writer_is_gone() {
    let disk = Faulty::default();
    let writer = Lines::start("disk", Box::new(disk.clone()), GATHER).unwrap();
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

/// Appends a line, another after `fault`, and a third when the disk is well again.
async fn check(fault: fn(&mut State), expected: Expect) {
    let disk = Faulty::default();
    let writer = Lines::start("disk", Box::new(disk.clone()), GATHER).unwrap();
    let entries = ["one", "two", "three"].map(|id| call(id).remove(0));
    let mut trace = String::new();
    disk.set(|disk| {
        fault(disk);
        disk.space = disk
            .space
            .saturating_add(Record::of(&entries[0]).line().unwrap().len());
    });
    for (entry, number) in entries.iter().zip(1..) {
        if number == 3 {
            disk.set(|disk| (disk.space, disk.cuts, disk.commits) = (usize::MAX, true, true));
            trace.push_str("space again\n");
        }
        let outcome = match writer.append(entry).await {
            Ok(()) => "kept",
            Err(SinkError::Unavailable(_)) => "cannot be written",
            Err(SinkError::Refused(_)) => "refused",
        };
        trace.push_str(&format!("{}: {outcome}\n", entry.call.id));
    }
    trace.push('|');
    for line in disk
        .set(|disk| String::from_utf8(disk.bytes.clone()).unwrap())
        .lines()
    {
        let record = serde_json::from_str::<serde_json::Value>(line).unwrap();
        trace.push_str(&format!("{}|", record["call"].as_str().unwrap()));
    }
    trace.push('\n');
    expected.assert_eq(&trace);
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
}

impl Default for State {
    fn default() -> Self {
        Self {
            bytes: Vec::new(),
            space: usize::MAX,
            cuts: true,
            commits: true,
            committed: 0,
        }
    }
}

impl Faulty {
    fn set<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.state.lock().unwrap())
    }
}

impl Write for Faulty {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.set(|disk| {
            let some = bytes.len().min(disk.space);
            if some == 0 {
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
            false => Err(io::ErrorKind::Other.into()),
        })
    }

    fn commit(&mut self) -> io::Result<()> {
        self.set(|disk| match disk.commits {
            true => {
                disk.committed += 1;
                Ok(())
            }
            false => Err(io::ErrorKind::Other.into()),
        })
    }
}
