//! Calls whose answers are searched for, and documents that change under them.

use std::fs;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;
use voicera_models::testing::{Script, ScriptedVendor, Shape};

use crate::line::Line;
use crate::server::{PATIENCE, Server};
use crate::{QUESTION, model, parse};

/// What may stand in the file whatever the strategy.
const EVERYTHING: &str = "
index = \"tantivy\"
hybrid_with = \"qdrant\"
bad_files = \"refuse\"
path = \"the-index\"
update_at_start = true
watch = \"off\"
settle = \"1s\"
damaged = \"refuse\"
outdated = \"rebuild\"
[retriever.chunks]
tokens = 300
[retriever.lexical]
title = 2.0
[retriever.embedding]
folder = \"nowhere\"
[retriever.vectors]
searches = 1
[retriever.qdrant]
url = \"http://127.0.0.1:1\"
[retriever.fusion]
deadline = \"100ms\"
[retriever.conversation]
[retriever.auto]
";

const RELOAD: &str = "/api/v1/knowledge/reload";

#[tokio::test]
async fn the_passages_are_in_the_prompt_and_the_transcript_says_how_they_were_found() {
    let vendor = ScriptedVendor::start(Script::words(Shape::Groq, "About 18 to 20 days.")).await;
    let server = Server::start(&format!("kind = \"rag\"\n{}", model(&vendor))).await;
    let mut line = Line::open(&server, "CA1").await;
    line.ask(QUESTION).await;
    line.ask("and by air?").await;
    line.hang_up().await;
    let requests = vendor.requests();
    let [first, second] = [&requests[0], &requests[1]].map(|request| request.json().to_string());
    let by_sea = "Ocean freight from Shanghai to Los Angeles takes 18 to 20 days.";
    assert!(first.contains(by_sea), "{first}");
    assert!(
        !first.contains("Dangerous goods"),
        "not everything: {first}"
    );
    assert!(
        second.contains("Air freight from Shanghai to Los Angeles costs"),
        "{second}"
    );
    assert!(second.contains(by_sea), "{second}");

    let entries = server.transcript("CA1", 7).await;
    for (reply, turn) in [(&entries[3], 1), (&entries[5], 2)] {
        let search = &reply["searches"][0];
        assert_eq!(search["strategy"], "tantivy", "{reply}");
        assert_eq!(search["outcome"], "found", "{reply}");
        assert!(search["ms"].as_f64().unwrap() > 0.0, "{reply}");
        let sources = reply["sources"].as_array().unwrap();
        assert!(
            sources.iter().any(|source| source["turn"] == turn),
            "{reply}"
        );
        for source in sources {
            assert_eq!(source["passage"].as_str().unwrap().len(), 32, "{source}");
            assert!(source["score"].as_f64().unwrap() > 0.0, "{source}");
            assert!(source["headings"].is_array(), "{source}");
            let document = source["document"].as_str().unwrap();
            let text = fs::read_to_string(knowledge_base().join(document)).unwrap();
            let span = [0, 1].map(|end| source["span"][end].as_u64().unwrap() as usize);
            assert!(text.get(span[0]..span[1]).is_some(), "{source}");
        }
    }
    let found = |reply: &Value, document: &str| {
        let mut sources = reply["sources"].as_array().unwrap().iter();
        sources.any(|source| source["document"] == document)
    };
    assert!(found(&entries[3], "ocean-freight.md"), "{}", entries[3]);
    assert!(found(&entries[5], "air-freight.md"), "{}", entries[5]);
}

#[tokio::test]
async fn one_line_changes_the_strategy() {
    for kind in ["cag", "rag", "auto"] {
        let server = Server::start(&format!("kind = \"{kind}\"{EVERYTHING}")).await;
        let mut line = Line::open(&server, "CA1").await;
        let answer = line.ask(QUESTION).await;
        assert!(
            answer.contains("18") && answer.contains("20"),
            "{kind}: {answer}"
        );
        line.hang_up().await;
        let entries = server.transcript("CA1", 5).await;
        let searched = match kind {
            "rag" => "tantivy",
            _ => "cag",
        };
        assert_eq!(
            entries[3]["searches"][0]["strategy"], searched,
            "{kind}: {}",
            entries[3]
        );
    }
}

#[tokio::test]
async fn a_changed_document_is_answered_from_after_a_reload() {
    let server = Server::start_in(folder("5 dollars"), "kind = \"rag\"\n").await;
    let mut line = Line::open(&server, "CA1").await;
    assert!(line.ask("How much is a box?").await.contains("5 dollars"));
    price(&server, "7 dollars");
    assert!(line.ask("How much is a box?").await.contains("5 dollars"));
    let (status, body) = server.post(RELOAD, &[], "").await;
    assert_eq!(status, 200, "{body}");
    let body = parse(&body);
    let index = &body["indexes"][0];
    assert_eq!(index["switched"], true, "{body}");
    assert_eq!(index["changed"][0], "rates.md", "{body}");
    assert!(line.ask("How much is a box?").await.contains("7 dollars"));

    price(&server, "9 dollars");
    server.signal("-HUP");
    hears(&mut line, "9 dollars").await;
    let (status, body) = server
        .post(RELOAD, &[("x-forwarded-for", "203.0.113.9")], "")
        .await;
    assert_eq!(status, 401, "{body}");
    line.hang_up().await;
    let log = server.stop().await;
    let read = log.matches("the knowledge base was read again").count();
    assert_eq!(read, 2, "{log}");
}

#[tokio::test]
async fn a_watched_document_is_read_again_by_itself() {
    let config = "kind = \"rag\"\nwatch = \"events\"\nsettle = \"50ms\"\n";
    let server = Server::start_in(folder("5 dollars"), config).await;
    let mut line = Line::open(&server, "CA1").await;
    assert!(line.ask("How much is a box?").await.contains("5 dollars"));
    price(&server, "7 dollars");
    hears(&mut line, "7 dollars").await;
}

#[tokio::test]
async fn without_an_index_there_is_nothing_to_reload() {
    let server = Server::start("").await;
    let (status, body) = server.post(RELOAD, &[], "").await;
    assert_eq!(status, 409, "{body}");
    assert!(body.contains("restart"), "{body}");
}

#[tokio::test]
async fn an_index_of_garbage_is_made_anew_with_one_warning() {
    let folder = folder("5 dollars");
    let index = folder.path().join(".voicera/index/words");
    fs::create_dir_all(&index).unwrap();
    fs::write(index.join("meta.json"), [0xff, 0, 7]).unwrap();
    fs::write(index.join(".managed.json"), "no").unwrap();
    let server = Server::start_in(folder, "kind = \"rag\"\n").await;
    let mut line = Line::open(&server, "CA1").await;
    assert!(line.ask("How much is a box?").await.contains("5 dollars"));
    line.hang_up().await;
    let log = server.stop().await;
    let warnings: Vec<_> = log.lines().filter(|line| line.contains("WARN")).collect();
    assert_eq!(warnings.len(), 1, "{log}");
    assert!(warnings[0].contains("the index is made anew"), "{log}");
}

#[tokio::test]
async fn a_document_that_cannot_be_read_is_named_once_and_the_others_answer() {
    for kind in ["cag", "rag"] {
        let folder = folder("5 dollars");
        fs::write(
            folder.path().join("knowledge_base/noise.md"),
            [0xff, 0, 0xfe, 0],
        )
        .unwrap();
        let server = Server::start_in(folder, &format!("kind = \"{kind}\"\n")).await;
        let mut line = Line::open(&server, "CA1").await;
        assert!(line.ask("How much is a box?").await.contains("5 dollars"));
        line.hang_up().await;
        let log = server.stop().await;
        let warnings: Vec<_> = log.lines().filter(|line| line.contains("WARN")).collect();
        assert_eq!(warnings.len(), 1, "{kind}: {log}");
        assert!(warnings[0].contains("noise.md"), "{kind}: {log}");
    }
}

/// Asks until the answer has the words.
async fn hears(line: &mut Line, words: &str) {
    let begun = Instant::now();
    while !line.ask("How much is a box?").await.contains(words) {
        assert!(begun.elapsed() < PATIENCE, "nobody says {words}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// A folder with a document.
pub(crate) fn folder(price: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let documents = folder.path().join("knowledge_base");
    fs::create_dir(&documents).unwrap();
    fs::write(documents.join("rates.md"), rates(price)).unwrap();
    folder
}

fn price(server: &Server, price: &str) {
    fs::write(server.path().join("knowledge_base/rates.md"), rates(price)).unwrap();
}

fn rates(price: &str) -> String {
    format!("# Rates\n\nA box costs {price}.\n")
}

fn knowledge_base() -> std::path::PathBuf {
    concat!(env!("CARGO_MANIFEST_DIR"), "/../../knowledge_base").into()
}
