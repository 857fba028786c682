//! A start ends with an index that serves, or with the reason why there is none.

use std::fs;
use std::ops::ControlFlow;
use std::path::Path;

use expect_test::{Expect, expect};
use tempfile::TempDir;

use super::*;
use crate::index::testing::{self, Memory};
use crate::index::update::unwatched;

#[test]
fn an_index_is_built_brought_up_to_date_or_taken_as_it_is() {
    check(
        &[
            "start", "edit", "start", "start", "edit", "as it is", "start",
        ],
        expect![[r#"
            Afresh: 1 added, 0 changed, 0 removed, 0 unchanged, 0 skipped; 1 commits
            Update: 0 added, 1 changed, 0 removed, 0 unchanged, 0 skipped; 2 commits
            Update: 0 added, 0 changed, 0 removed, 1 unchanged, 0 skipped; 2 commits
            as it is; 2 commits
        "#]],
    );
}

#[test]
fn an_index_is_built_even_where_it_is_taken_as_it_is() {
    check(
        &["as it is", "start", "start"],
        expect![[r#"
        Afresh: 1 added, 0 changed, 0 removed, 0 unchanged, 0 skipped; 1 commits
        as it is; 1 commits
    "#]],
    );
}

#[test]
fn an_index_of_another_configuration_is_refused_or_made_anew() {
    check(
        &[
            "start",
            "other words",
            "start",
            "as it is",
            "start",
            "rebuild",
            "start",
            "start",
        ],
        expect![[r#"
            Afresh: 1 added, 0 changed, 0 removed, 0 unchanged, 0 skipped; 1 commits
            error: the index was made with no terms and this configuration wants terms `other`; run `voicera index`; 1 commits
            error: the index was made with no terms and this configuration wants terms `other`; run `voicera index`; 1 commits
            Afresh: 1 added, 0 changed, 0 removed, 0 unchanged, 0 skipped; 2 commits
            as it is; 2 commits
        "#]],
    );
}

#[test]
fn a_damaged_index_is_made_anew_or_refused() {
    check(
        &["start", "damage", "start", "refuse", "damage", "start"],
        expect![[r#"
            Afresh: 1 added, 0 changed, 0 removed, 0 unchanged, 0 skipped; 1 commits
            Afresh: 1 added, 0 changed, 0 removed, 0 unchanged, 0 skipped; 2 commits
            error: the index is damaged; run `voicera index --rebuild`: it was damaged on purpose; 2 commits
        "#]],
    );
}

#[test]
fn damage_that_shows_when_it_is_opened_is_mended_too() {
    let (kb, mut upkeep, _) = sample();
    upkeep.settings.update_at_start = false;
    upkeep.update(&mut unwatched).unwrap();
    let mut opened = 0;
    let mut open = || {
        opened += 1;
        match opened {
            1 => Err(IndexError::Corrupt("a checksum".into())),
            _ => Ok(opened),
        }
    };
    let started = upkeep.start(&mut open, &mut unwatched).unwrap();
    assert_eq!(started.generation, 2);
    assert_eq!(started.changes.unwrap().start, Start::Afresh);
    drop(kb);
}

#[test]
fn while_another_process_writes_what_is_committed_is_served() {
    let (kb, upkeep, store) = sample();
    upkeep.update(&mut unwatched).unwrap();
    let writer = store.begin(Start::Update).unwrap();
    fs::write(kb.path().join("b.md"), "Two.").unwrap();
    let started = upkeep.start(&mut || Ok(()), &mut unwatched).unwrap();
    assert_eq!(started.changes, None);
    assert_eq!(started.catalogue.documents.len(), 1);
    drop(writer);
}

#[test]
fn the_first_build_of_another_process_is_waited_for() {
    let (_kb, upkeep, store) = sample();
    let mut writer = Some(store.begin(Start::Update).unwrap());
    let mut looks = 0;
    let started = upkeep.start(&mut || Ok(()), &mut |_| {
        looks += 1;
        if looks == 2 {
            writer = None;
        }
        ControlFlow::Continue(())
    });
    assert_eq!(started.unwrap().changes.unwrap().added, ["a.md"]);
}

#[test]
fn settings_are_read_as_they_are_written() {
    let settings: Settings = serde_json::from_value(serde_json::json!({
        "path": "memory", "watch": "poll", "settle": "250ms", "damaged": "refuse",
        "outdated": "rebuild", "update_at_start": false,
    }))
    .unwrap();
    assert_eq!(settings.path, Place::Memory);
    assert_eq!(settings.settle, Duration::from_millis(250));
    let folder: Settings = serde_json::from_str(r#"{"path": "index"}"#).unwrap();
    assert_eq!(folder.path, Place::Folder("index".into()));
}

/// Runs a script: what the user does, and what a start says.
fn check(script: &[&str], expected: Expect) {
    let (kb, mut upkeep, store) = sample();
    let (mut trace, mut edits) = (String::new(), 0);
    for line in script {
        match *line {
            "edit" => {
                edits += 1;
                fs::write(kb.path().join("a.md"), edits.to_string()).unwrap();
            }
            "as it is" => upkeep.settings.update_at_start = false,
            "other words" => upkeep.plan.analysis = "other".to_owned(),
            "rebuild" => upkeep.settings.outdated = Remedy::Rebuild,
            "refuse" => upkeep.settings.damaged = Remedy::Refuse,
            "damage" => store.damage(),
            "start" => {
                let mut open = || Ok(store.contents().map(|contents| contents.chunks.len()));
                let started = upkeep.start(&mut open, &mut unwatched);
                let told = match started {
                    Ok(Opened { changes: None, .. }) => "as it is".to_owned(),
                    Ok(Opened {
                        changes: Some(changes),
                        ..
                    }) => {
                        format!("{:?}: {changes}", changes.start)
                    }
                    Err(error) => format!("error: {}", chain(&error)),
                };
                trace += &format!("{told}; {} commits\n", store.commits());
            }
            _ => panic!("`{line}` is no step"),
        }
    }
    expected.assert_eq(&trace);
}

fn sample() -> (TempDir, Upkeep, Memory) {
    let kb = TempDir::new().unwrap();
    fs::write(kb.path().join("a.md"), "One.").unwrap();
    let store = Memory::default();
    let upkeep = upkeep(kb.path(), &store);
    (kb, upkeep, store)
}

fn upkeep(knowledge_base: &Path, store: &Memory) -> Upkeep {
    Upkeep {
        store: Arc::new(store.clone()),
        plan: testing::plan(knowledge_base),
        settings: Settings::default(),
    }
}
