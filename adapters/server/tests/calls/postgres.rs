//! Calls that are kept in PostgreSQL, in a build that has it, and what becomes of them when it is
//! gone. What stops the database runs alone, and where it is told how.

use std::env;
use std::fs;
use std::io::{self, Write as _};
use std::net::TcpListener;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use tokio::sync::{Mutex, MutexGuard};
use voicera_models::testing::{Script, ScriptedVendor, Shape};

use crate::endurance::{assert_whole, has, trouble};
use crate::line::Line;
use crate::model;
use crate::server::{Server, command};

/// Names the variable that has the database's url.
const URL: &str = "VOICERA_POSTGRES_URL";

#[tokio::test]
async fn calls_go_on_without_their_database_and_are_whole_once_it_is_back() {
    let test = "postgres::calls_go_on_without_their_database_and_are_whole_once_it_is_back";
    let Some(database) = Database::of(test).await else {
        return;
    };
    let vendor = ScriptedVendor::start(Script::words(Shape::OpenAi, "About 18 days.")).await;
    let config = format!("{}{}", config(URL), model(&vendor));
    let server = Server::start_with(tempfile::tempdir().unwrap(), &config).await;
    let mut line = Line::open(&server, "CA1").await;
    assert_eq!(line.ask("How long?").await, "About 18 days.");
    kept(&server, "CA1", 3).await;

    database.told("stop");
    assert_eq!(line.ask("And by air?").await, "About 18 days.");
    server.logs("the archive takes no entries").await;
    let answer = server.get("/api/v1/calls/CA1").await;
    assert_eq!(answer["status"], 503, "{answer}");
    let mut other = Line::open(&server, "CA2").await;
    assert_eq!(other.ask("How long?").await, "About 18 days.");
    other.hang_up().await;
    server.logs("call ended").await;
    assert_eq!(line.ask("By train?").await, "About 18 days.");

    database.told("start");
    assert_eq!(line.ask("By road?").await, "About 18 days.");
    line.hang_up().await;
    for (call, entries) in [("CA1", 11), ("CA2", 5)] {
        let kept = kept(&server, call, entries).await;
        assert_eq!(kept.len(), entries, "{kept:?}");
        assert_whole(&kept);
    }
    let analysed = server.get_until("/api/v1/calls/CA1/insights", |found| {
        found["analyses"][0]["origin"] == "operators"
    });
    analysed.await;
    let log = server.stop().await;
    assert!(log.contains("the archive takes entries again"), "{log}");
    let [gone, unanswered] = &trouble(&log)[..] else {
        panic!("{log}");
    };
    let advice =
        format!("cannot be reached: check that it runs, and the host and the port in {URL}: ");
    assert!(gone.contains("they wait in memory"), "{gone}");
    assert!(gone.contains(&advice), "{gone}");
    assert!(
        unanswered.contains("a request cannot be answered"),
        "{unanswered}"
    );
}

#[tokio::test]
async fn a_server_that_stops_without_its_database_says_what_is_lost() {
    let test = "postgres::a_server_that_stops_without_its_database_says_what_is_lost";
    let Some(database) = Database::of(test).await else {
        return;
    };
    let vendor = ScriptedVendor::start(Script::words(Shape::OpenAi, "About 18 days.")).await;
    let config = format!("{}{}", config(URL), model(&vendor));
    let server = Server::start_with(tempfile::tempdir().unwrap(), &config).await;
    let mut line = Line::open(&server, "CA1").await;
    assert_eq!(line.ask("How long?").await, "About 18 days.");
    kept(&server, "CA1", 3).await;
    database.told("stop");
    assert_eq!(line.ask("And by air?").await, "About 18 days.");
    line.hang_up().await;
    server.logs("call ended").await;
    let log = server.stop().await;
    database.told("start");
    let [gone, lost] = &trouble(&log)[..] else {
        panic!("{log}");
    };
    assert!(gone.contains("they wait in memory"), "{gone}");
    let expected = "the server stops, and entries that the archive did not take are lost";
    assert!(lost.contains(expected), "{lost}");
    // The first reply, and the second question with its reply and the ending.
    assert!(lost.contains("\"waiting\":4"), "{lost}");
}

#[test]
fn a_server_without_its_database_does_not_start_and_says_what_to_do() {
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = nobody.local_addr().unwrap();
    drop(nobody);
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("voicera.toml"), config("ABSENT_URL")).unwrap();
    let url = format!("ABSENT_URL=postgres://user:hunter2@{address}/calls\n");
    fs::write(folder.path().join(".env"), url).unwrap();
    let done = command(folder.path()).output().unwrap();
    assert_eq!(done.status.code(), Some(1), "{done:?}");
    let said = String::from_utf8(done.stderr).unwrap();
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    let expected = format!(
        "error: `transcripts[0]`: the database calls at {address} cannot be reached: check that \
         it runs, and the host and the port in ABSENT_URL"
    );
    assert!(said.starts_with(&expected), "{said}");
    assert!(!said.contains("hunter2"), "{said}");
}

/// The entries of a call, once there are so many.
async fn kept(server: &Server, call: &str, entries: usize) -> Vec<serde_json::Value> {
    let path = format!("/api/v1/calls/{call}");
    let kept = server.get_until(&path, |call| has(call, entries)).await;
    kept["entries"].as_array().unwrap().clone()
}

fn config(url: &str) -> String {
    let knowledge = concat!(env!("CARGO_MANIFEST_DIR"), "/../../knowledge_base");
    // Each test has tables of its own.
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let schema = format!("calls_{}_{count}", std::process::id());
    format!(
        "listen = \"127.0.0.1:0\"\n[log]\nformat = \"json\"\n[limits]\ndrain = \"1s\"\n\
         [retriever]\nknowledge_base = {knowledge:?}\n\
         [[transcripts]]\nkind = \"postgres\"\nurl = {url:?}\nschema = {schema:?}\n"
    )
}

/// A database that may be stopped.
struct Database {
    control: String,
    /// It is stopped under nobody else.
    _alone: MutexGuard<'static, ()>,
}

impl Database {
    async fn of(test: &str) -> Option<Self> {
        static ALONE: Mutex<()> = Mutex::const_new(());
        let set = |name: &str| env::var(name).ok().filter(|value| !value.is_empty());
        let control = set("VOICERA_POSTGRES_CONTROL").filter(|_| set(URL).is_some());
        if control.is_none() {
            // Past the harness, which hides what a test prints when it passes.
            let why = "there is no PostgreSQL that may be stopped";
            let line = format!(
                "skipped: {test}: {why} (set {URL} and VOICERA_POSTGRES_CONTROL, or run \
                 .ci/postgres)\n"
            );
            io::stderr().write_all(line.as_bytes()).unwrap();
        }
        Some(Self {
            control: control?,
            _alone: ALONE.lock().await,
        })
    }

    fn told(&self, order: &str) {
        let told = Command::new(&self.control)
            .arg(order)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .status();
        assert!(told.unwrap().success(), "{order}");
    }
}
