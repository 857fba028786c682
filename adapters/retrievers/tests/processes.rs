//! An index on disk is shared by processes, and survives that they are killed.
//!
//! The other process is this test binary, told by its environment to run one of the tests here as
//! its whole life.

#![expect(clippy::unwrap_used, reason = "a test speaks by panicking")]

use std::env;
use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::{self, BufRead as _, BufReader, Lines, Write as _};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;
use voicera::words::Language;

use voicera_retrievers::chunks::Chunk;
use voicera_retrievers::index::testing::{self, Contents, updated};
use voicera_retrievers::index::update::{Phase, Plan, update};
use voicera_retrievers::index::{Indexed, Start, Store as _};
use voicera_retrievers::search::{Said, Search as _, Wanted};
use voicera_retrievers::tantivy::{self, Tantivy};
use voicera_retrievers::testing::BagOfWords;

/// Set in the other process: where it lives, and its recipe.
const PLACE: &str = "VOICERA_TEST_PLACE";
const WORDS: &str = "VOICERA_TEST_WORDS";

const FILES: u64 = 100;
const ROUNDS: u64 = 9;

#[test]
fn an_index_that_was_killed_and_built_again_is_equal_to_one_that_was_not() {
    let _alone = alone();
    let (folder, other) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let place = Place::new(&folder);
    let mut halves = 0;
    for round in 0..ROUNDS {
        // From nothing, from an older state, or anew because the words are others.
        let from_nothing = round.is_multiple_of(3);
        let plan = place.plan(if round % 3 == 2 { "other" } else { "some" });
        if from_nothing && round > 0 {
            fs::remove_dir_all(place.index()).unwrap();
        }
        let before = place.contents();
        for number in 0..FILES {
            if round == 0 || random(round, number).is_multiple_of(4) {
                place.write(number, round);
            }
        }
        let mut child = place.other("builds", &plan);
        // Half of them die while they index, half while they commit.
        let steps = match random(round, FILES) % 2 {
            0 => random(round, FILES + 1) % FILES,
            _ => u64::MAX,
        };
        let mut step = 0;
        while step < steps && child.says().is_some_and(|phase| phase != "Committing") {
            step += 1;
        }
        if steps == u64::MAX {
            let until = Instant::now() + Duration::from_micros(random(round, FILES + 2) % 30_000);
            while Instant::now() < until {
                thread::yield_now();
            }
        }
        drop(child);
        let killed = place.contents();
        updated(&place.store(), &plan).unwrap();
        let mended = place.contents();
        let fresh = Place(other.path().join(round.to_string()));
        let plan = Plan {
            knowledge_base: place.documents(),
            ..plan
        };
        updated(&fresh.store(), &plan).unwrap();
        assert!(mended == fresh.contents(), "round {round} is not mended");
        assert!(
            killed == before || killed == mended,
            "half an update is seen in round {round}"
        );
        halves += u64::from(killed == before);
    }
    assert!(
        (1..=ROUNDS).contains(&halves),
        "{halves} of {ROUNDS} died before their commit"
    );
}

#[test]
fn a_second_writer_is_told_to_wait_and_the_death_of_the_first_lets_it_go_on() {
    let _alone = alone();
    let folder = TempDir::new().unwrap();
    let place = Place::new(&folder);
    let plan = place.plan("some");
    place.write(0, 0);
    updated(&place.store(), &plan).unwrap();
    let mut child = place.other("writes", &plan);
    assert_eq!(child.says().unwrap(), "writing");
    place.write(0, 1);
    let locked = updated(&place.store(), &plan).unwrap_err();
    assert_eq!(
        locked.to_string(),
        "another process is writing the index; wait until it is done"
    );
    assert_eq!(place.contents().unwrap().documents.len(), 1);
    drop(child);
    assert_eq!(updated(&place.store(), &plan).unwrap().changed, ["0.md"]);
}

#[test]
fn who_reads_in_another_process_reads_on_while_this_one_commits() {
    let _alone = alone();
    let folder = TempDir::new().unwrap();
    let place = Place::new(&folder);
    let plan = place.plan("some");
    place.write(0, 0);
    updated(&place.store(), &plan).unwrap();
    let mut child = place.other("reads", &plan);
    for round in 1..10 {
        assert_eq!(child.asked("search").unwrap(), "round0");
        place.write(0, round);
        place.write(round, round);
        updated(&place.store(), &plan).unwrap();
        assert_eq!(child.asked("search").unwrap(), "round0");
    }
    assert_eq!(child.asked("open").unwrap(), "opened");
    assert_eq!(child.asked("search").unwrap(), "round9");
}

/// The life of another process; nothing where this is not one.
#[test]
fn builds() {
    let Some((place, plan)) = Place::told() else {
        return;
    };
    let store = place.store();
    let built = update(&store, &plan, Start::Update, &mut |progress| {
        if progress.phase != Phase::Comparing {
            say(&format!("{:?}", progress.phase));
        }
        ControlFlow::Continue(())
    });
    built.unwrap();
}

/// The life of another process; nothing where this is not one.
#[test]
fn writes() {
    let Some((place, _)) = Place::told() else {
        return;
    };
    let store = place.store();
    let mut writer = store.begin(Start::Update).unwrap();
    writer.remove("0.md").unwrap();
    say("writing");
    io::stdin().read_line(&mut String::new()).unwrap();
}

/// The life of another process; nothing where this is not one.
#[tokio::test]
async fn reads() {
    let Some((place, _)) = Place::told() else {
        return;
    };
    let mut opened = place.store().open().unwrap();
    let wanted = Wanted {
        said: vec![Said {
            text: "the duty on shoes in file 0".to_owned(),
            weight: 1.0,
        }],
        language: Language::new("en-US"),
        limit: 1,
    };
    for asked in io::stdin().lines() {
        if asked.unwrap() == "open" {
            opened = place.store().open().unwrap();
            say("opened");
            continue;
        }
        let hits = opened.lexical.search(&wanted).await.unwrap();
        let words = hits[0].chunk.text.split_whitespace();
        say(words.last().unwrap());
    }
}

/// A knowledge base and its index.
struct Place(PathBuf);

impl Place {
    fn new(folder: &TempDir) -> Self {
        let place = Self(folder.path().to_owned());
        fs::create_dir(place.documents()).unwrap();
        place
    }

    /// Where this process was told to live.
    fn told() -> Option<(Self, Plan)> {
        let place = Self(env::var_os(PLACE)?.into());
        let plan = place.plan(&env::var(WORDS).ok()?);
        Some((place, plan))
    }

    fn documents(&self) -> PathBuf {
        self.0.join("documents")
    }

    fn index(&self) -> PathBuf {
        self.0.join("index")
    }

    fn plan(&self, words: &str) -> Plan {
        let embedder = BagOfWords::new(8);
        Plan {
            analysis: words.to_owned(),
            format: tantivy::FORMAT,
            embedder: Some(Arc::new(embedder)),
            ..testing::plan(&self.documents())
        }
    }

    fn store(&self) -> Tantivy {
        Tantivy::at(&self.index(), tantivy::Settings::default())
    }

    fn write(&self, number: u64, round: u64) {
        let text = format!("# File {number}\n\nThe duty on shoes in it is of round{round}");
        let path = self.documents().join(format!("{number}.md"));
        fs::write(path, text).unwrap();
    }

    /// What is committed; nothing where there is no index.
    fn contents(&self) -> Option<Contents> {
        let store = self.store();
        let catalogue = store.catalogue().unwrap()?;
        let opened = store.open().unwrap();
        let vectors = opened.vectors.unwrap();
        let vectors = vectors.components.chunks(vectors.dimension);
        let chunks = opened.chunks.iter().zip(vectors);
        let chunks = chunks.map(|(chunk, vector)| Indexed {
            chunk: Chunk::clone(chunk),
            vector: Some(vector.to_vec()),
        });
        Some(Contents::of(catalogue, chunks.collect()))
    }

    /// Starts another process that does nothing but live this life.
    fn other(&self, life: &str, plan: &Plan) -> Other {
        let mut child = Command::new(env::current_exe().unwrap())
            .args([life, "--exact", "--nocapture"])
            .env(PLACE, &self.0)
            .env(WORDS, &plan.analysis)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        Other {
            asks: child.stdin.take().unwrap(),
            says: BufReader::new(child.stdout.take().unwrap()).lines(),
            child,
        }
    }
}

/// Another process.
struct Other {
    child: Child,
    asks: ChildStdin,
    says: Lines<BufReader<ChildStdout>>,
}

/// Marks what a process says to the one that started it, among what the test harness says.
const SAID: &str = "said: ";

fn say(what: &str) {
    let mut out = io::stdout().lock();
    writeln!(out, "\n{SAID}{what}").unwrap();
    out.flush().unwrap();
}

impl Other {
    /// The next that it says; nothing when it has ended.
    fn says(&mut self) -> Option<String> {
        let mut lines = self.says.by_ref().map(Result::unwrap);
        lines.find_map(|line| line.strip_prefix(SAID).map(str::to_owned))
    }

    fn asked(&mut self, what: &str) -> Option<String> {
        writeln!(self.asks, "{what}").unwrap();
        self.says()
    }
}

/// Killed with a signal that cannot be caught.
impl Drop for Other {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// A process that starts holds the locks of the one that starts it for a moment, so one test
/// starts processes at a time.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The same numbers in every run.
fn random(round: u64, number: u64) -> u64 {
    let mut hasher = DefaultHasher::new();
    (round, number).hash(&mut hasher);
    hasher.finish()
}
