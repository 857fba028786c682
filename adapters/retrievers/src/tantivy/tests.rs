use std::path::Path;

use voicera::ports::chain;
use voicera::ports::retriever::Span;
use voicera::words::Language;

use super::*;
use crate::chunks::{Chunk, ChunkId};
use crate::index::{ContentHash, Filed, Indexed, Recipe};
use crate::search::{Said, Wanted};

#[test]
fn what_was_committed_is_found_in_a_folder_and_in_memory() {
    let folder = tempfile::tempdir().unwrap();
    for index in [on_disk(folder.path()), in_memory()] {
        write(
            &index,
            Start::Update,
            &[
                ("a.md", "The vessel sails on Monday."),
                ("b.md", "Duties are paid on arrival."),
            ],
        );
        assert_eq!(find(&index, "when does the vessel sail"), ["a.md"]);
        let opened = index.open().unwrap();
        assert_eq!(opened.recipe, recipe());
        assert_eq!(opened.chunks.len(), 2);
        assert_eq!(
            *opened.chunks[0],
            chunk("a.md", 0, "The vessel sails on Monday.")
        );
    }
}

#[test]
fn an_empty_place_holds_no_index() {
    let folder = tempfile::tempdir().unwrap();
    let index = on_disk(&folder.path().join("not made"));
    assert_eq!(index.catalogue().unwrap(), None);
    let error = index.open().unwrap_err();
    assert!(
        chain(&error).contains("run `voicera index`"),
        "{}",
        chain(&error)
    );
    assert!(!folder.path().join("not made").exists());
}

#[test]
fn the_catalogue_names_each_document_once_with_its_hash() {
    let index = in_memory();
    write(
        &index,
        Start::Update,
        &[
            ("a.md", "one"),
            ("a.md", "two"),
            ("ordner/übersicht.md", "three"),
        ],
    );
    let catalogue = index.catalogue().unwrap().unwrap();
    let documents: Vec<_> = catalogue.documents.into_iter().collect();
    let named = |path: &str| (path.to_owned(), hash(path));
    assert_eq!(documents, [named("a.md"), named("ordner/übersicht.md")]);
    assert_eq!(catalogue.chunks, 3);
    assert_eq!(catalogue.recipe, recipe());
}

#[test]
fn a_document_taken_out_is_neither_found_nor_counted() {
    let index = in_memory();
    write(
        &index,
        Start::Update,
        &[
            ("a.md", "vessel schedule"),
            ("b.md", "vessel cargo"),
            ("c.md", "air cargo"),
        ],
    );
    let mut writer = index.begin(Start::Update).unwrap();
    writer.remove("a.md").unwrap();
    writer.remove("never was.md").unwrap();
    writer.commit(&recipe()).unwrap();
    assert_eq!(find(&index, "vessel schedule"), ["b.md"]);
    let catalogue = index.catalogue().unwrap().unwrap();
    assert_eq!(
        catalogue.documents.keys().collect::<Vec<_>>(),
        ["b.md", "c.md"]
    );
    assert_eq!(catalogue.chunks, 2);
}

#[test]
fn a_document_is_replaced_within_one_commit() {
    let index = in_memory();
    write(&index, Start::Update, &[("a.md", "the old rate")]);
    let mut writer = index.begin(Start::Update).unwrap();
    writer.remove("a.md").unwrap();
    writer
        .add(&filed("a.md"), vec![indexed("a.md", 0, "the new tariff")])
        .unwrap();
    writer.commit(&recipe()).unwrap();
    assert_eq!(find(&index, "tariff"), ["a.md"]);
    assert_eq!(find(&index, "rate").len(), 0);
}

#[test]
fn nothing_is_seen_of_a_writer_before_its_commit() {
    let folder = tempfile::tempdir().unwrap();
    for index in [on_disk(folder.path()), in_memory()] {
        write(&index, Start::Update, &[("a.md", "the vessel")]);
        for start in [Start::Update, Start::Afresh] {
            let before = index.catalogue().unwrap();
            let mut writer = index.begin(start).unwrap();
            writer.remove("a.md").unwrap();
            writer
                .add(&filed("b.md"), vec![indexed("b.md", 0, "the vessel")])
                .unwrap();
            assert_eq!(index.catalogue().unwrap(), before);
            assert_eq!(find(&index, "vessel"), ["a.md"]);
            drop(writer);
            assert_eq!(index.catalogue().unwrap(), before);
            assert_eq!(find(&index, "vessel"), ["a.md"]);
        }
    }
}

#[test]
fn what_is_open_stays_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let index = on_disk(folder.path());
    write(&index, Start::Update, &[("a.md", "the vessel")]);
    let opened = index.open().unwrap();
    write(&index, Start::Afresh, &[("b.md", "the truck")]);
    assert_eq!(documents(&opened, "vessel"), ["a.md"]);
    assert_eq!(find(&index, "vessel").len(), 0);
    assert_eq!(find(&index, "truck"), ["b.md"]);
}

#[test]
fn a_second_writer_finds_the_index_locked() {
    let folder = tempfile::tempdir().unwrap();
    for index in [on_disk(folder.path()), in_memory()] {
        let first = index.begin(Start::Update).unwrap();
        for start in [Start::Update, Start::Afresh] {
            let second = index.begin(start).err().unwrap();
            assert!(matches!(second, IndexError::Locked), "{second:?}");
        }
        drop(first);
        index.begin(Start::Update).unwrap();
    }
}

fn on_disk(folder: &Path) -> Tantivy {
    Tantivy::at(folder, Settings::default())
}

fn in_memory() -> Tantivy {
    Tantivy::in_memory(Settings::default())
}

/// Writes documents, each of one chunk or of several where they stand in a row.
fn write(index: &Tantivy, start: Start, documents: &[(&str, &str)]) {
    let mut writer = index.begin(start).unwrap();
    for (place, (document, text)) in documents.iter().enumerate() {
        let chunk = indexed(document, place as u32, text);
        writer.add(&filed(document), vec![chunk]).unwrap();
    }
    writer.commit(&recipe()).unwrap();
}

fn find(index: &Tantivy, question: &str) -> Vec<String> {
    documents(&index.open().unwrap(), question)
}

fn documents(opened: &Opened, question: &str) -> Vec<String> {
    let hits = opened.lexical.find(&wanted(&[question])).unwrap();
    hits.into_iter()
        .map(|hit| hit.chunk.document.clone())
        .collect()
}

fn wanted(said: &[&str]) -> Wanted {
    let said = said.iter().map(|text| Said {
        text: (*text).to_owned(),
        weight: 1.0,
    });
    Wanted {
        said: said.collect(),
        language: Language::new("en-US"),
        limit: 10,
    }
}

fn recipe() -> Recipe {
    Recipe {
        format: FORMAT,
        chunking: "whole".to_owned(),
        analysis: Settings::default().analysis(),
        embedding: None,
    }
}

fn filed(path: &str) -> Filed {
    Filed {
        path: path.to_owned(),
        hash: hash(path),
    }
}

fn hash(path: &str) -> ContentHash {
    ContentHash([path.len() as u8; 32])
}

fn indexed(document: &str, place: u32, text: &str) -> Indexed {
    Indexed {
        chunk: chunk(document, place, text),
        vector: None,
    }
}

fn chunk(document: &str, place: u32, text: &str) -> Chunk {
    Chunk {
        id: ChunkId::of(document, &[], "", text, place),
        document: document.to_owned(),
        title: String::new(),
        headings: Vec::new(),
        lead: String::new(),
        text: text.to_owned(),
        span: Span {
            start: 0,
            end: text.len(),
        },
        place,
        language: Language::new("en-US"),
    }
}
