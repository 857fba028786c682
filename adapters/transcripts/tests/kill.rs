//! An acknowledged entry survives `kill -9`.

#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test speaks by panicking"
)]

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use voicera::ports::TranscriptSink as _;
use voicera::ports::transcript_sink::Entry;
use voicera::testing::transcript_sink::call;
use voicera_transcripts::Jsonl;
use voicera_transcripts::jsonl::Durability;

const GATHER: Duration = Duration::from_millis(20);

/// Set in the child, which is this test again.
const FILE: &str = "VOICERA_TEST_FILE";

const CALLS: usize = 20;

#[test]
fn an_acknowledged_entry_survives_kill_9() {
    if let Some(path) = std::env::var_os(FILE) {
        append_until_killed(Path::new(&path));
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("calls.jsonl");
    for acknowledged in [1, 100, 2000] {
        let kept = kill_after(acknowledged, &path);
        assert!(kept.values().sum::<u64>() >= acknowledged);
        // Opening mends the last line; what is left is whole lines.
        drop(Jsonl::open(&path, Durability::Process, GATHER).unwrap());
        let written = lines_of(&path);
        for (call, kept) in kept {
            let written = &written[&call];
            let count = written.len() as u64;
            assert!(
                count >= kept,
                "{call}: {kept} acknowledged, {count} written"
            );
            let in_order = (0..count).collect::<Vec<_>>();
            assert_eq!(*written, in_order, "{call}");
        }
        std::fs::remove_file(&path).unwrap();
    }
}

/// Runs the child, kills it after so many acknowledgements, and answers how many entries of each
/// call it had acknowledged by then.
fn kill_after(acknowledged: u64, path: &Path) -> BTreeMap<String, u64> {
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args([
        "--exact",
        "an_acknowledged_entry_survives_kill_9",
        "--nocapture",
    ]);
    child.env(FILE, path).stdout(Stdio::piped());
    let mut child = child.spawn().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut kept = BTreeMap::new();
    let mut count = 0;
    for line in lines {
        // The last line may be torn by the kill.
        let line = line.unwrap();
        let Some(call) = line
            .strip_prefix("kept ")
            .and_then(|line| line.strip_suffix('.'))
        else {
            continue;
        };
        *kept.entry(call.to_owned()).or_insert(0) += 1;
        count += 1;
        if count == acknowledged {
            child.kill().unwrap();
        }
    }
    child.wait().unwrap();
    kept
}

fn append_until_killed(path: &Path) -> ! {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .build()
        .unwrap();
    let sink = std::sync::Arc::new(Jsonl::open(path, Durability::Process, GATHER).unwrap());
    for number in 0..CALLS {
        let sink = std::sync::Arc::clone(&sink);
        runtime.spawn(async move {
            let entry = call(&format!("CA-{number}")).remove(1);
            for sequence in 0.. {
                let entry = Entry {
                    sequence,
                    ..entry.clone()
                };
                sink.append(&entry).await.unwrap();
                let mut out = std::io::stdout().lock();
                writeln!(out, "kept {}.", entry.call.id).unwrap();
            }
        });
    }
    loop {
        std::thread::park();
    }
}

/// The sequence numbers of each call, in the order of the file.
fn lines_of(path: &Path) -> BTreeMap<String, Vec<u64>> {
    let mut lines = BTreeMap::<_, Vec<_>>::new();
    let text = std::fs::read_to_string(path).unwrap();
    assert!(text.ends_with('\n'));
    for line in text.lines() {
        let line = serde_json::from_str::<serde_json::Value>(line).unwrap();
        let call = line["call"].as_str().unwrap().to_owned();
        lines
            .entry(call)
            .or_default()
            .push(line["sequence"].as_u64().unwrap());
    }
    lines
}
