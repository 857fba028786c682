//! Calls whose answers are searched for with a model and in a Qdrant server, in a build that has
//! both. What needs the ONNX runtime says so where it is missing.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;
use voicera::ports::chain;
use voicera_retrievers::fastembed;
use voicera_retrievers::qdrant::testing::{Server as Qdrant, Weather};
use voicera_retrievers::testing::tiny::Tiny;

use crate::knowledge::folder;
use crate::line::Line;
use crate::server::Server;

const ASKED: &str = "How much is a box?";

#[tokio::test]
async fn every_index_answers() {
    let Some(model) = model("every_index_answers") else {
        return;
    };
    let qdrant = Qdrant::start().unwrap();
    for (index, with, searched) in [
        ("dense", "dense", &["dense"][..]),
        ("qdrant", "dense", &["qdrant"]),
        ("hybrid", "dense", &["dense", "tantivy"]),
        ("hybrid", "qdrant", &["qdrant", "tantivy"]),
    ] {
        let config = config(index, with, &model, &qdrant, "");
        let server = Server::start_in(folder("5 dollars"), &config).await;
        let (answer, reply) = call(&server, "CA1").await;
        assert!(answer.contains("5 dollars"), "{index}: {answer}");
        assert_eq!(searches(&reply), found(searched), "{index} with {with}");
        let log = server.stop().await;
        assert!(!log.contains("WARN"), "{index}: {log}");
    }
}

#[tokio::test]
async fn a_server_that_fails_in_a_call_is_left_out_and_named_once() {
    let Some(model) = model("a_server_that_fails_in_a_call") else {
        return;
    };
    for index in ["hybrid", "qdrant"] {
        for fault in ["down", "silent"] {
            let qdrant = Qdrant::start().unwrap();
            // Silence is ended by the deadline of all searches, and not by this one's own.
            let patient = "timeout = \"5s\"\n";
            let config = config(index, "qdrant", &model, &qdrant, patient);
            let server = Server::start_in(folder("5 dollars"), &config).await;
            let outcome = match fault {
                "down" => {
                    qdrant.stop();
                    "failed"
                }
                _ => {
                    qdrant.set(Weather::Silent);
                    "late"
                }
            };
            let mut line = Line::open(&server, "CA1").await;
            for _ in 0..2 {
                let answer = line.ask(ASKED).await;
                let sorry = answer.contains("I'm sorry") || answer.contains("can't answer");
                assert!(
                    answer.contains("5 dollars") || index == "qdrant" && sorry,
                    "{index} {fault}: {answer}"
                );
            }
            line.hang_up().await;
            let entries = server.transcript("CA1", 7).await;
            let searches = searches(&entries[3]);
            let told = searches.iter().find(|(name, _)| name == "qdrant");
            let (_, told) = told.unwrap_or_else(|| panic!("{index} {fault}: {}", entries[3]));
            assert_eq!(told, outcome, "{index} {fault}");
            let log = server.stop().await;
            let warnings = warnings(&log);
            assert_eq!(warnings.len(), 1, "{index} {fault}: {log}");
            assert!(warnings[0].contains("a search is left out"), "{log}");
        }
    }
}

#[tokio::test]
async fn words_are_searched_alone_until_a_reload_finds_the_server() {
    let Some(model) = model("words_are_searched_alone") else {
        return;
    };
    let qdrant = Qdrant::start().unwrap();
    let config = config("hybrid", "qdrant", &model, &qdrant, "");
    qdrant.stop();
    let server = Server::start_in(folder("5 dollars"), &config).await;
    let (answer, reply) = call(&server, "CA1").await;
    assert!(answer.contains("5 dollars"), "{answer}");
    assert_eq!(searches(&reply), found(&["tantivy"]));
    qdrant.restart().unwrap();
    let (status, body) = server.post("/api/v1/knowledge/reload", &[], "").await;
    assert_eq!(status, 200, "{body}");
    let (_, reply) = call(&server, "CA2").await;
    assert_eq!(searches(&reply), found(&["qdrant", "tantivy"]));
    let log = server.stop().await;
    let warnings = warnings(&log);
    assert_eq!(warnings.len(), 1, "{log}");
    assert!(warnings[0].contains("left out until a reload"), "{log}");
    assert!(warnings[0].contains("retriever.qdrant.url"), "{log}");
}

#[tokio::test]
async fn a_wrong_key_costs_the_vectors_alone() {
    let Some(model) = model("a_wrong_key_costs_the_vectors_alone") else {
        return;
    };
    let qdrant = Qdrant::with_key("right").unwrap();
    let config = config(
        "hybrid",
        "qdrant",
        &model,
        &qdrant,
        "key = \"QDRANT_KEY\"\n",
    );
    let folder = folder("5 dollars");
    fs::write(folder.path().join(".env"), "QDRANT_KEY=wrong\n").unwrap();
    let server = Server::start_in(folder, &config).await;
    let (answer, _) = call(&server, "CA1").await;
    assert!(answer.contains("5 dollars"), "{answer}");
    let log = server.stop().await;
    let warnings = warnings(&log);
    assert_eq!(warnings.len(), 1, "{log}");
    assert!(warnings[0].contains("does not accept the key"), "{log}");
    assert!(warnings[0].contains("QDRANT_KEY"), "{log}");
}

/// A model of the project's own, where there is the library that runs it.
fn model(test: &str) -> Option<TempDir> {
    let folder = tempfile::tempdir().unwrap();
    Tiny::new(11).write_embedder(folder.path()).unwrap();
    let settings = fastembed::Settings {
        folder: Some(folder.path().to_owned()),
        ..fastembed::Settings::default()
    };
    match fastembed::open(&settings) {
        Ok(_) => Some(folder),
        Err(error) => {
            // Past the harness, which hides what a test prints when it passes.
            let line = format!("skipped {test}: {}\n", chain(&error));
            io::stderr().write_all(line.as_bytes()).unwrap();
            None
        }
    }
}

fn config(index: &str, with: &str, model: &TempDir, qdrant: &Qdrant, more: &str) -> String {
    let model: &Path = model.path();
    let url = qdrant.url();
    format!(
        "kind = \"rag\"\nindex = \"{index}\"\nhybrid_with = \"{with}\"\n\
         [retriever.embedding]\nfolder = {model:?}\n\
         [retriever.qdrant]\nurl = \"{url}\"\n{more}"
    )
}

/// A question, its answer and what the transcript says of it.
async fn call(server: &Server, call: &str) -> (String, Value) {
    let mut line = Line::open(server, call).await;
    let answer = line.ask(ASKED).await;
    line.hang_up().await;
    let entries = server.transcript(call, 5).await;
    (answer, entries[3].clone())
}

/// The searches of a reply and what came of them, by name.
fn searches(reply: &Value) -> Vec<(String, String)> {
    let searches = reply["searches"].as_array().unwrap().iter();
    let mut searches: Vec<_> = searches
        .map(|search| {
            let [name, outcome] = ["strategy", "outcome"].map(|part| &search[part]);
            let [name, outcome] = [name, outcome].map(|part| part.as_str().unwrap().to_owned());
            (name, outcome)
        })
        .collect();
    searches.sort();
    searches
}

fn found(names: &[&str]) -> Vec<(String, String)> {
    let names = names.iter();
    names
        .map(|name| (name.to_string(), "found".to_owned()))
        .collect()
}

fn warnings(log: &str) -> Vec<&str> {
    log.lines()
        .filter(|line| line.contains("\"WARN\""))
        .collect()
}
