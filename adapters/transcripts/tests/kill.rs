//! An acknowledged entry survives `kill -9`.

#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test speaks by panicking"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use voicera::ports::transcript_sink::Entry;
use voicera::ports::{Archive as _, TranscriptSink};
use voicera::testing::transcript_sink::call;
use voicera::words::CallId;
use voicera_transcripts::jsonl;
use voicera_transcripts::outbox::{Outbox as _, Subscription, Wants};
use voicera_transcripts::sqlite::{Access, Settings};
use voicera_transcripts::{Jsonl, Sqlite};

/// Set in the child, which is the same test again.
const FILE: &str = "VOICERA_TEST_FILE";

const CALLS: usize = 100;

/// How many entries were acknowledged when the process was killed.
const MOMENTS: [u64; 3] = [1, 100, 2000];

#[test]
fn an_acknowledged_line_survives_kill_9() {
    if let Some(path) = std::env::var_os(FILE) {
        let path = Path::new(&path);
        append_until_killed(file(path));
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("calls.jsonl");
    for acknowledged in MOMENTS {
        let kept = kill_after(acknowledged, "an_acknowledged_line_survives_kill_9", &path);
        // Opening mends the last line; what is left is whole lines.
        drop(file(&path));
        let written = lines_of(&path);
        for (call, kept) in kept {
            check(&call, kept, &written[&call]);
        }
        std::fs::remove_file(&path).unwrap();
    }
}

#[test]
fn an_acknowledged_entry_and_what_is_to_be_sent_of_it_survive_kill_9() {
    if let Some(path) = std::env::var_os(FILE) {
        append_until_killed(archive(Path::new(&path)));
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("calls.sqlite");
    let name = "an_acknowledged_entry_and_what_is_to_be_sent_of_it_survive_kill_9";
    let runtime = tokio::runtime::Runtime::new().unwrap();
    for acknowledged in MOMENTS {
        let kept = kill_after(acknowledged, name, &path);
        let archive = archive(&path);
        let parcels = runtime.block_on(archive.parcels(None, usize::MAX)).unwrap();
        let count = parcels.len();
        let mut parcels = parcels
            .into_iter()
            .map(|parcel| parcel.id)
            .collect::<BTreeSet<_>>();
        assert_eq!(parcels.len(), count, "none is doubled");
        for number in 0..CALLS {
            let id = format!("CA-{number}");
            let written = runtime.block_on(archive.call(&CallId::new(&id))).unwrap();
            let written = written
                .map(|transcript| transcript.entries)
                .unwrap_or_default();
            let sequences = written.iter().map(|entry| u64::from(entry.sequence));
            let sequences = sequences.collect::<Vec<_>>();
            check(&id, kept.get(&id).copied().unwrap_or(0), &sequences);
            for sequence in sequences {
                let parcel = format!("entry:{id}:VX-1:{sequence}");
                assert!(parcels.remove(&parcel), "{parcel} is not there");
            }
        }
        assert_eq!(parcels, BTreeSet::new(), "of entries that are not there");
        drop(archive);
        std::fs::remove_file(&path).unwrap();
    }
}

fn file(path: &Path) -> Jsonl {
    let settings = jsonl::Settings {
        path: path.to_owned(),
        ..jsonl::Settings::default()
    };
    Jsonl::open(&settings).unwrap()
}

fn archive(path: &Path) -> Sqlite {
    let settings = Settings {
        path: path.to_owned(),
        ..Settings::default()
    };
    let subscription = Subscription {
        destination: "somewhere".to_owned(),
        wants: Wants::Entries,
    };
    Sqlite::open(&settings, Access::Keep, vec![subscription]).unwrap()
}

/// What is written is whole and in order, and has at least what was acknowledged.
fn check(call: &str, kept: u64, written: &[u64]) {
    let count = written.len() as u64;
    assert!(
        count >= kept,
        "{call}: {kept} acknowledged, {count} written"
    );
    let in_order = (0..count).collect::<Vec<_>>();
    assert_eq!(*written, in_order, "{call}");
}

/// Runs the child, kills it after so many acknowledgements, and answers how many entries of each
/// call it had acknowledged by then.
fn kill_after(acknowledged: u64, test: &str, path: &Path) -> BTreeMap<String, u64> {
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", test, "--nocapture"]);
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
    assert!(count >= acknowledged);
    kept
}

fn append_until_killed(sink: impl TranscriptSink) -> ! {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .build()
        .unwrap();
    let sink = Arc::new(sink);
    for number in 0..CALLS {
        let sink = Arc::clone(&sink);
        runtime.spawn(async move {
            let [started, entry, ..] =
                <[Entry; 4]>::try_from(call(&format!("CA-{number}"))).unwrap();
            for sequence in 0.. {
                let entry = match sequence {
                    0 => started.clone(),
                    _ => Entry {
                        sequence,
                        ..entry.clone()
                    },
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
