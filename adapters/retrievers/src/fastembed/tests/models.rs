//! With the models of a build that has them. What needs the ONNX runtime says so where it is
//! missing.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::Arc;

use expect_test::expect;
use tempfile::TempDir;
use voicera::ports::chain;
use voicera::ports::retriever::Span;
use voicera::words::Language;

use super::*;
use crate::chunks::{Chunk, ChunkId};
use crate::testing::tiny::Tiny;
use crate::testing::{embedder_conforms, search_conforms};
use crate::vectors::{self, Vectors};

const TEXTS: [&str; 4] = [
    "how long does ocean freight from shanghai take",
    "the price of air freight to oslo is forty dollars",
    "customs list",
    "parcel",
];

#[tokio::test]
async fn it_gives_the_vectors_that_the_model_defines() {
    let Some((tiny, embedder, _folder)) = embedder() else {
        return;
    };
    assert_eq!(embedder.dimension(), 32);
    let texts = TEXTS.map(str::to_owned);
    let passages = embedder.passages(&texts).unwrap();
    for (text, passage) in TEXTS.iter().zip(&passages) {
        let expected = tiny.vector(text);
        let question = embedder.question(text).await.unwrap();
        for vector in [&passage[..], &question[..]] {
            let cosine: f32 = vector.iter().zip(&expected).map(|(a, b)| a * b).sum();
            assert!((cosine - 1.0).abs() < 1e-5, "{text}: cosine {cosine}");
        }
    }
    let alike: f32 = passages[0]
        .iter()
        .zip(&passages[3])
        .map(|(a, b)| a * b)
        .sum();
    assert!(alike < 0.99, "everything is alike: {alike}");
}

#[tokio::test]
async fn it_keeps_the_contract() {
    let Some((_, embedder, _folder)) = embedder() else {
        return;
    };
    embedder_conforms(embedder.as_ref(), &TEXTS).await;
}

#[tokio::test]
async fn a_search_of_its_vectors_keeps_the_contract() {
    let Some((_, embedder, _folder)) = embedder() else {
        return;
    };
    let components = embedder
        .passages(&TEXTS.map(str::to_owned))
        .unwrap()
        .concat();
    let settings = vectors::Settings::default();
    let vectors = Vectors::new(TEXTS.map(chunk).into(), components, 32, embedder, &settings);
    search_conforms(&vectors.unwrap(), &["air freight", TEXTS[2]]).await;
}

#[tokio::test]
async fn it_gives_the_scores_that_the_model_defines() {
    if !has_runtime() {
        return;
    }
    let tiny = Tiny::new(11);
    let folder = TempDir::new().unwrap();
    tiny.write_reranker(folder.path()).unwrap();
    let settings = rerank::Settings {
        folder: Some(folder.path().to_owned()),
        ..rerank::Settings::default()
    };
    let reranker = open_reranker(&settings, &Settings::default()).unwrap();
    let scores = reranker.scores("air freight", &TEXTS.map(chunk)).await;
    let scores = scores.unwrap();
    assert_eq!(scores.len(), TEXTS.len());
    for (text, score) in TEXTS.iter().zip(&scores) {
        let expected = tiny.score("air freight", &format!("list {text}"));
        assert!(
            (score - expected).abs() < 1e-4,
            "{text}: {score} is not {expected}"
        );
    }
    assert!((scores[0] - scores[3]).abs() > 1e-3, "everything is alike");
    assert_eq!(reranker.scores("air", &[]).await.unwrap().len(), 0);
}

#[test]
fn another_model_has_another_name() {
    let Some((_, first, folder)) = embedder() else {
        return;
    };
    let name = |change: fn(&mut Settings)| {
        let mut settings = local(folder.path());
        change(&mut settings);
        open(&settings).unwrap().name().to_owned()
    };
    assert_eq!(first.name(), name(|_| ()));
    assert_ne!(
        first.name(),
        name(|settings| settings.pooling = Some(Pooling::Cls))
    );
    assert_ne!(first.name(), name(|settings| settings.max_tokens = 64));
    assert_ne!(
        first.name(),
        name(|settings| settings.question_prefix = Some("q: ".into()))
    );
    Tiny::new(12).write_embedder(folder.path()).unwrap();
    assert_ne!(first.name(), name(|_| ()));
}

#[test]
fn a_model_that_cannot_be_used_is_named_with_the_fix() {
    if !has_runtime() {
        return;
    }
    let folder = TempDir::new().unwrap();
    let refused = || {
        let error = chain(&open(&local(folder.path())).unwrap_err());
        error.replace(&folder.path().display().to_string(), "FOLDER")
    };
    expect!["cannot read FOLDER/model.onnx; a model's folder holds model.onnx, tokenizer.json and tokenizer_config.json: No such file or directory (os error 2)"].assert_eq(&refused());
    Tiny::new(1).write_embedder(folder.path()).unwrap();
    fs::write(folder.path().join("tokenizer.json"), "{").unwrap();
    expect!["the model `FOLDER` cannot be loaded: Error building TokenizerFiles for UserDefinedEmbeddingModel. Could not read tokenizer.json file."].assert_eq(&refused());
    Tiny::new(1).write_embedder(folder.path()).unwrap();
    fs::write(folder.path().join("model.onnx"), "not a model").unwrap();
    // The rest is the runtime's, and each version has its own.
    let refused = refused();
    let (ours, _) = refused.split_once("loaded: ").unwrap();
    assert_eq!(ours, "the model `FOLDER` cannot be ");
}

#[test]
fn an_unknown_name_lists_the_known_ones() {
    let error = hub::model("nobody/nothing").unwrap_err().to_string();
    assert!(error.starts_with("unknown model `nobody/nothing`; put its files into a `folder`"));
    assert!(error.contains("Qdrant/all-MiniLM-L6-v2-onnx, "), "{error}");
}

#[test]
fn models_are_known_by_the_names_that_people_use() {
    let check = |name: &str, expected: &str| {
        let info = hub::model(name).unwrap();
        let prefixes = hub::prefixes(&info.model_code);
        assert_eq!(format!("{:?} {prefixes:?}", info.model), expected, "{name}");
    };
    check(
        "sentence-transformers/all-MiniLM-L6-v2",
        r#"AllMiniLML6V2 ("", "")"#,
    );
    check("Qdrant/all-MiniLM-L6-v2-onnx", r#"AllMiniLML6V2 ("", "")"#);
    check("AllMiniLML6V2Q", r#"AllMiniLML6V2Q ("", "")"#);
    check(
        "intfloat/multilingual-e5-small",
        r#"MultilingualE5Small ("query: ", "passage: ")"#,
    );
    check(
        "BAAI/bge-small-en-v1.5",
        r#"BGESmallENV15 ("Represent this sentence for searching relevant passages: ", "")"#,
    );
    let reranker = hub::reranker("jinaai/jina-reranker-v1-turbo-en").unwrap();
    assert_eq!(format!("{reranker:?}"), "JINARerankerV1TurboEn");
}

#[test]
fn the_runtime_is_found_in_python_s_packages() {
    let prefix = TempDir::new().unwrap();
    let capi = prefix
        .path()
        .join("lib/python3.13/site-packages/onnxruntime/capi");
    fs::create_dir_all(&capi).unwrap();
    let name = |version: &str| {
        format!(
            "{}onnxruntime{}{version}",
            std::env::consts::DLL_PREFIX,
            std::env::consts::DLL_SUFFIX
        )
    };
    for version in [".1.20.0", ".1.32.0"] {
        fs::write(capi.join(name(version)), "").unwrap();
    }
    fs::write(capi.join("libonnxruntime_providers_shared.so"), "").unwrap();
    assert_eq!(runtime::site_packages(prefix.path()), [capi.as_path()]);
    let found = runtime::libraries(&capi);
    assert_eq!(
        found,
        [capi.join(name(".1.32.0")), capi.join(name(".1.20.0"))]
    );
}

#[test]
fn a_library_that_is_none_is_refused() {
    let folder = TempDir::new().unwrap();
    let library = folder.path().join("libonnxruntime.so");
    fs::write(&library, "no library").unwrap();
    let refused = runtime::load_from(&library);
    // Once a good one is loaded, the process stays with it.
    if let Err(error) = refused {
        let error = error
            .to_string()
            .replace(&folder.path().display().to_string(), "FOLDER");
        expect!["the ONNX runtime FOLDER/libonnxruntime.so cannot be used; `pip install --upgrade onnxruntime`, or point `library` at another one"]
            .assert_eq(&error);
    }
}

fn embedder() -> Option<(Tiny, Arc<dyn Embedder>, TempDir)> {
    if !has_runtime() {
        return None;
    }
    let tiny = Tiny::new(11);
    let folder = TempDir::new().unwrap();
    tiny.write_embedder(folder.path()).unwrap();
    let embedder = open(&local(folder.path())).unwrap();
    Some((tiny, embedder, folder))
}

fn local(folder: &Path) -> Settings {
    Settings {
        folder: Some(folder.to_owned()),
        ..Settings::default()
    }
}

/// Whether the ONNX runtime is on this machine; a test that needs it says what it missed.
fn has_runtime() -> bool {
    match runtime::load(None) {
        Ok(()) => true,
        Err(error) => {
            let test = std::thread::current();
            let name = test.name().unwrap_or_default();
            // Past the harness, which hides what a test prints when it passes.
            let line = format!("skipped {name}: {}\n", chain(&error));
            io::stderr().write_all(line.as_bytes()).unwrap();
            false
        }
    }
}

fn chunk(text: &str) -> Arc<Chunk> {
    Arc::new(Chunk {
        id: ChunkId::of("list.md", &[], "", text, 0),
        document: "list.md".to_owned(),
        title: "list".to_owned(),
        headings: Vec::new(),
        lead: String::new(),
        text: text.to_owned(),
        span: Span {
            start: 0,
            end: text.len(),
        },
        place: 0,
        language: Language::default(),
    })
}
