//! An updated index is the one that a fresh build would make.

use std::cell::RefCell;
use std::fs;
use std::sync::Arc;

use expect_test::{Expect, expect};
use proptest::prelude::*;
use tempfile::TempDir;

use super::*;
use crate::documents::BadFiles;
use crate::index::testing::{Memory, plan, updated};
use crate::testing::BagOfWords;

#[test]
fn an_update_costs_what_changed() {
    check(
        &[
            "+ a.md: One.",
            "+ b.md: Two.",
            "!",
            "+ a.md: One and a half.",
            "+ c.md: Three.",
            "- b.md",
            "!",
            "!",
        ],
        expect![[r#"
            afresh: 2 added, 0 changed, 0 removed, 0 unchanged, 0 skipped, 2 chunks +a.md +b.md
              commit 1: a.md "One." 0, b.md "Two." 0
            1 added, 1 changed, 1 removed, 0 unchanged, 0 skipped, 2 chunks +c.md ~a.md -b.md
              commit 2: a.md "One and a half." 0, c.md "Three." 0
            0 added, 0 changed, 0 removed, 2 unchanged, 0 skipped, 0 chunks
              commit 2: a.md "One and a half." 0, c.md "Three." 0
        "#]],
    );
}

#[test]
fn a_document_that_became_bad_is_taken_out_and_named() {
    check(
        &[
            "+ a.md: One.",
            "+ b.md: Two.",
            "!",
            "+ b.md:",
            "!",
            "!",
            "+ b.md: Two.",
            "!",
        ],
        expect![[r#"
            afresh: 2 added, 0 changed, 0 removed, 0 unchanged, 0 skipped, 2 chunks +a.md +b.md
              commit 1: a.md "One." 0, b.md "Two." 0
            0 added, 0 changed, 1 removed, 1 unchanged, 1 skipped, 0 chunks -b.md (b.md: it is empty)
              commit 2: a.md "One." 0
            0 added, 0 changed, 0 removed, 1 unchanged, 1 skipped, 0 chunks (b.md: it is empty)
              commit 2: a.md "One." 0
            1 added, 0 changed, 0 removed, 1 unchanged, 0 skipped, 1 chunks +b.md
              commit 3: a.md "One." 0, b.md "Two." 0
        "#]],
    );
}

#[test]
fn an_empty_folder_is_an_error_and_leaves_the_index_as_it_was() {
    check(
        &["!", "+ a.md: One.", "!", "- a.md", "!", "+ a.md: One.", "!"],
        expect![[r#"
            error: retriever.knowledge_base: `kb` holds no document that can be used (0 other files, 0 skipped); add files
              no index
            afresh: 1 added, 0 changed, 0 removed, 0 unchanged, 0 skipped, 1 chunks +a.md
              commit 1: a.md "One." 0
            error: retriever.knowledge_base: `kb` holds no document that can be used (0 other files, 0 skipped); add files
              commit 1: a.md "One." 0
            0 added, 0 changed, 0 removed, 1 unchanged, 0 skipped, 0 chunks
              commit 1: a.md "One." 0
        "#]],
    );
}

#[test]
fn a_bad_document_is_refused_where_that_is_wanted() {
    check(
        &[
            "+ a.md: One.",
            "+ b.md:",
            "refuse",
            "!",
            "skip",
            "!",
            "refuse",
            "!",
        ],
        expect![[r#"
            error: retriever.knowledge_base: `b.md` in `kb` cannot be used: it is empty; mend it, move it away, or set retriever.bad_files = "skip"
              no index
            afresh: 1 added, 0 changed, 0 removed, 0 unchanged, 1 skipped, 1 chunks +a.md (b.md: it is empty)
              commit 1: a.md "One." 0
            error: retriever.knowledge_base: `b.md` in `kb` cannot be used: it is empty; mend it, move it away, or set retriever.bad_files = "skip"
              commit 1: a.md "One." 0
        "#]],
    );
}

#[test]
fn another_recipe_makes_everything_anew() {
    check(
        &[
            "+ a.md: One.",
            "+ b.md: Two.",
            "!",
            "recipe other",
            "!",
            "!",
            "afresh",
            "!",
        ],
        expect![[r#"
            afresh: 2 added, 0 changed, 0 removed, 0 unchanged, 0 skipped, 2 chunks +a.md +b.md
              commit 1: a.md "One." 0, b.md "Two." 0
            afresh: 2 added, 0 changed, 0 removed, 0 unchanged, 0 skipped, 2 chunks +a.md +b.md
              commit 2: a.md "One." 0, b.md "Two." 0
            0 added, 0 changed, 0 removed, 2 unchanged, 0 skipped, 0 chunks
              commit 2: a.md "One." 0, b.md "Two." 0
            afresh: 2 added, 0 changed, 0 removed, 0 unchanged, 0 skipped, 2 chunks +a.md +b.md
              commit 3: a.md "One." 0, b.md "Two." 0
        "#]],
    );
}

#[test]
fn an_embedder_gives_every_chunk_its_vector() {
    check(
        &[
            "embed 8",
            "+ a.md: One.",
            "+ b.md: Two.",
            "!",
            "embed 16",
            "!",
            "+ b.md: Three.",
            "!",
        ],
        expect![[r#"
            afresh: 2 added, 0 changed, 0 removed, 0 unchanged, 0 skipped, 2 chunks +a.md +b.md
              commit 1: a.md "One." 8, b.md "Two." 8
            afresh: 2 added, 0 changed, 0 removed, 0 unchanged, 0 skipped, 2 chunks +a.md +b.md
              commit 2: a.md "One." 16, b.md "Two." 16
            0 added, 1 changed, 0 removed, 1 unchanged, 0 skipped, 1 chunks ~b.md
              commit 3: a.md "One." 16, b.md "Three." 16
        "#]],
    );
}

#[test]
fn it_stops_where_it_is_told_and_nothing_has_happened() {
    let kb = TempDir::new().unwrap();
    for name in ["a", "b", "c"] {
        fs::write(kb.path().join(name).with_extension("md"), name).unwrap();
    }
    let store = Memory::default();
    for phase in [Phase::Indexing, Phase::Committing] {
        let stopped = update(
            &store,
            &plan(kb.path()),
            Start::Update,
            &mut |progress| match progress.phase == phase && progress.done >= 1 {
                true => ControlFlow::Break(()),
                false => ControlFlow::Continue(()),
            },
        );
        assert!(matches!(stopped, Err(UpdateError::Stopped)), "{stopped:?}");
        assert_eq!(store.contents(), None);
    }
    updated(&store, &plan(kb.path())).unwrap();
}

#[test]
fn progress_names_phase_document_and_chunks() {
    let kb = TempDir::new().unwrap();
    fs::write(kb.path().join("a.md"), "One.\n\nTwo.").unwrap();
    fs::write(kb.path().join("b.md"), "Three.").unwrap();
    let store = Memory::default();
    let lines = RefCell::new(Vec::new());
    let mut watcher = |progress: Progress<'_>| {
        let Progress {
            phase,
            document,
            done,
            total,
            chunks,
        } = progress;
        let line = format!("{phase:?} {document} {done}/{total}, {chunks} chunks");
        lines.borrow_mut().push(line);
        ControlFlow::Continue(())
    };
    update(&store, &plan(kb.path()), Start::Update, &mut watcher).unwrap();
    fs::write(kb.path().join("b.md"), "Four.").unwrap();
    update(&store, &plan(kb.path()), Start::Update, &mut watcher).unwrap();
    expect![[r#"
        Indexing a.md 0/2, 0 chunks
        Indexing b.md 1/2, 1 chunks
        Committing  2/2, 2 chunks
        Comparing a.md 0/2, 0 chunks
        Comparing b.md 1/2, 0 chunks
        Indexing b.md 0/1, 0 chunks
        Committing  1/1, 1 chunks"#]]
    .assert_eq(&lines.take().join("\n"));
}

#[test]
fn while_another_writes_it_is_locked_and_an_update_without_changes_is_not() {
    let kb = TempDir::new().unwrap();
    fs::write(kb.path().join("a.md"), "One.").unwrap();
    let store = Memory::default();
    updated(&store, &plan(kb.path())).unwrap();
    let other = store.clone();
    let writer = other.begin(Start::Update).unwrap();
    updated(&store, &plan(kb.path())).unwrap();
    fs::write(kb.path().join("a.md"), "Two.").unwrap();
    let locked = updated(&store, &plan(kb.path()));
    assert!(matches!(
        locked,
        Err(UpdateError::Index(IndexError::Locked))
    ));
    drop(writer);
    updated(&store, &plan(kb.path())).unwrap();
}

#[test]
fn one_that_was_overtaken_between_look_and_lock_writes_nothing() {
    let kb = TempDir::new().unwrap();
    fs::write(kb.path().join("a.md"), "One.").unwrap();
    fs::write(kb.path().join("b.md"), "Two.").unwrap();
    let store = Memory::default();
    updated(&store, &plan(kb.path())).unwrap();
    fs::write(kb.path().join("a.md"), "Three.").unwrap();
    let mut overtaken = false;
    let result = update(&store, &plan(kb.path()), Start::Update, &mut |progress| {
        if progress.phase == Phase::Indexing && !overtaken {
            overtaken = true;
            updated(&store, &plan(kb.path())).unwrap();
        }
        ControlFlow::Continue(())
    });
    assert!(matches!(
        result,
        Err(UpdateError::Index(IndexError::Locked))
    ));
    assert_eq!(store.commits(), 2);
}

#[derive(Clone, Debug)]
enum Edit {
    Write(u8, u8),
    Remove(u8),
    Spoil(u8),
    Update,
}

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let edit = prop_oneof![
        4 => (0..6_u8, 0..8_u8).prop_map(|(file, text)| Edit::Write(file, text)),
        2 => (0..6_u8).prop_map(Edit::Remove),
        1 => (0..6_u8).prop_map(Edit::Spoil),
        2 => Just(Edit::Update),
    ];
    prop::collection::vec(edit, 1..40)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn an_updated_index_is_the_one_built_from_scratch(edits in edits(), dense: bool) {
        let kb = TempDir::new().unwrap();
        let mut plan = plan(kb.path());
        if dense {
            embed(&mut plan, 4);
        }
        let store = Memory::default();
        let file = |number: u8| kb.path().join(number.to_string()).with_extension("md");
        for edit in edits {
            match edit {
                Edit::Write(number, text) => {
                    let paragraphs = "Duty is 7 %.\n\n".repeat(text.into());
                    fs::write(file(number), format!("# {text}\n\n{paragraphs}End.")).unwrap();
                }
                Edit::Remove(number) => drop(fs::remove_file(file(number))),
                Edit::Spoil(number) => fs::write(file(number), [0xff, 0, 0xff]).unwrap(),
                Edit::Update => drop(updated(&store, &plan)),
            }
        }
        fs::write(kb.path().join("last.md"), "There is one at least.").unwrap();
        let commits = store.commits();
        let changes = updated(&store, &plan).unwrap();
        prop_assert_eq!(store.commits() - commits, usize::from(changes.any()));
        let fresh = Memory::default();
        updated(&fresh, &plan).unwrap();
        prop_assert_eq!(store.contents(), fresh.contents());
    }
}

/// Runs a script against a folder and an index: `+ name: text` writes a file, `- name` takes it
/// away, `!` brings the index up to date and tells what it says.
fn check(script: &[&str], expected: Expect) {
    let kb = TempDir::new().unwrap();
    let store = Memory::default();
    let mut plan = plan(kb.path());
    let mut start = Start::Update;
    let mut trace = String::new();
    for line in script {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        match word {
            "+" => {
                let (name, text) = rest.split_once(':').unwrap();
                fs::write(kb.path().join(name), text.trim()).unwrap();
            }
            "-" => fs::remove_file(kb.path().join(rest)).unwrap(),
            "skip" => plan.rules.bad_files = BadFiles::Skip,
            "refuse" => plan.rules.bad_files = BadFiles::Refuse,
            "recipe" => plan.analysis = rest.to_owned(),
            "embed" => embed(&mut plan, rest.parse().unwrap()),
            "afresh" => start = Start::Afresh,
            "!" => {
                let changes = update(&store, &plan, start, &mut unwatched);
                trace += &match changes {
                    Ok(changes) => told(&changes),
                    Err(error) => {
                        let folder = kb.path().display().to_string();
                        let error = format!("error: {error}").replace(&folder, "kb");
                        let fix = error.find(" that end in").unwrap_or(error.len());
                        error[..fix].to_owned()
                    }
                };
                trace += &format!("\n  {}\n", there(&store));
            }
            _ => panic!("`{line}` is no step"),
        }
    }
    expected.assert_eq(&trace);
}

fn told(changes: &Changes) -> String {
    let start = match changes.start {
        Start::Afresh => "afresh: ",
        Start::Update => "",
    };
    let mut told = format!("{start}{changes}, {} chunks", changes.chunks);
    for (what, names) in [
        ("+", &changes.added),
        ("~", &changes.changed),
        ("-", &changes.removed),
    ] {
        names
            .iter()
            .for_each(|name| told += &format!(" {what}{name}"));
    }
    changes
        .skipped
        .iter()
        .for_each(|file| told += &format!(" ({file})"));
    told
}

fn there(store: &Memory) -> String {
    let Some(contents) = store.contents() else {
        return "no index".to_owned();
    };
    let chunks = contents.chunks.iter().map(|indexed| {
        let vector = indexed.vector.as_ref().map_or(0, Vec::len);
        let chunk = &indexed.chunk;
        format!("{} {:?} {vector}", chunk.document, chunk.text)
    });
    let chunks: Vec<_> = chunks.collect();
    format!("commit {}: {}", store.commits(), chunks.join(", "))
}

fn embed(plan: &mut Plan, dimension: usize) {
    let embedder = BagOfWords::new(dimension);
    plan.embedder = Some(Arc::new(embedder));
}
