mod faults;

mod place;

use std::collections::BTreeMap;
use std::mem;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use super::{Languages, Quantization, Settings, Versions, open};
use crate::index::testing::conforms;
use crate::index::{Catalogue, IndexError, Start, Store as _};
use crate::search::{Neighbours as _, Said, Search as _, Wanted};
use crate::testing::search_conforms;
use place::{DIMENSION, Filled, Place, add, chunks, hash, recipe, wanted};

#[test]
fn it_keeps_the_contract_of_an_index() {
    conforms(&|| Box::new(Filled::new(Place::new()))).unwrap();
}

#[test]
fn it_keeps_the_contract_of_a_search() {
    let place = Place::new();
    let text = "By air it takes two days. By sea it takes a month. By rail it takes a fortnight.";
    place.build(&[
        ("a.md", text),
        ("b.md", "We ship to Rotterdam. We ship to Hamburg."),
    ]);
    let index = place.open().unwrap().index;
    let questions = ["How long by air?", "and to Hamburg?"];
    let asking = search_conforms(&*index, &questions);
    place.runtime.block_on(asking);
}

#[test]
fn what_is_indexed_is_found_as_it_was_given() {
    let place = Place::new();
    place.build(&[
        ("air.md", "By air it takes two days."),
        ("sea.md", "By sea it takes a month."),
    ]);
    let opened = place.open().unwrap();
    assert_eq!((opened.chunks, opened.recipe.clone()), (2, recipe()));
    let hits = place.search(&opened.index, "How long by air?").unwrap();
    assert_eq!(
        *hits[0].chunk,
        chunks("air.md", "By air it takes two days.", "en-US").remove(0)
    );
    assert!(hits[0].score > hits[1].score && hits[0].score <= 1.001);
}

#[test]
fn the_catalogue_lists_documents_and_their_hashes() {
    let place = Place::new();
    assert_eq!(place.store().catalogue().unwrap(), None);
    place.build(&[("a.md", "One. Two."), ("b.md", "Three.")]);
    let documents = [("a.md", "One. Two."), ("b.md", "Three.")];
    let documents = documents.map(|(path, text)| (path.to_owned(), hash(text)));
    let expected = Catalogue {
        recipe: recipe(),
        documents: BTreeMap::from(documents),
        chunks: 3,
    };
    assert_eq!(place.store().catalogue().unwrap(), Some(expected));
}

#[test]
fn an_updated_index_equals_one_built_anew() {
    let updated = Place::new();
    updated.build(&[
        ("a.md", "Alpha. Beta."),
        ("b.md", "Gamma."),
        ("c.md", "Delta. Eps. Zeta."),
    ]);
    let store = updated.store();
    let mut writer = store.begin(Start::Update).unwrap();
    writer.remove("b.md").unwrap();
    writer.remove("c.md").unwrap();
    add(&mut *writer, "c.md", "Delta. Eta.", "en-US");
    // Given and taken back.
    add(&mut *writer, "d.md", "Theta.", "en-US");
    writer.remove("d.md").unwrap();
    add(&mut *writer, "e.md", "Iota.", "en-US");
    writer.commit(&recipe()).unwrap();
    let fresh = Place::new();
    fresh.build(&[
        ("a.md", "Alpha. Beta."),
        ("c.md", "Delta. Eta."),
        ("e.md", "Iota."),
    ]);
    assert_eq!(updated.contents().join("\n"), fresh.contents().join("\n"));
}

#[test]
fn nothing_is_seen_before_the_commit() {
    let place = Place::new();
    place.build(&[("a.md", "Old.")]);
    let before = place.store().catalogue().unwrap();
    let store = place.store();
    let mut writer = store.begin(Start::Update).unwrap();
    writer.remove("a.md").unwrap();
    add(&mut *writer, "a.md", "New. Newer.", "en-US");
    assert_eq!(place.store().catalogue().unwrap(), before);
    assert_eq!(place.texts(&place.open().unwrap().index), ["Old."]);
    writer.commit(&recipe()).unwrap();
    assert_eq!(
        place.texts(&place.open().unwrap().index),
        ["New.", "Newer."]
    );
}

#[test]
fn a_dropped_writer_leaves_nothing() {
    let place = Place::new();
    place.build(&[("a.md", "Old.")]);
    let before = place.versions();
    let store = place.store();
    let mut writer = store.begin(Start::Afresh).unwrap();
    add(&mut *writer, "b.md", "New.", "en-US");
    assert_eq!(place.versions().len(), before.len() + 1);
    drop(writer);
    assert_eq!(place.versions(), before);
    assert_eq!(place.texts(&place.open().unwrap().index), ["Old."]);
}

#[test]
fn what_a_killed_writer_leaves_is_swept_up_by_the_next() {
    let place = Place::new();
    place.build(&[("a.md", "Old.")]);
    let store = place.store();
    let mut writer = store.begin(Start::Update).unwrap();
    add(&mut *writer, "b.md", "Lost.", "en-US");
    // Its beats end with the runtime of its store.
    mem::forget(writer);
    drop(store);
    let left = place.versions();
    place.change(Start::Update, &[("c.md", "Kept.")]);
    assert_eq!(place.texts(&place.open().unwrap().index), ["Kept.", "Old."]);
    let versions = place.versions();
    assert_eq!((left.len(), versions.len()), (2, 2));
    assert!(!versions.contains(&left[1]), "{left:?} {versions:?}");
}

#[test]
fn a_second_writer_is_refused_while_the_first_lives() {
    let place = Place::new();
    let (one, two) = (place.store(), place.store());
    let mut writer = one.begin(Start::Update).unwrap();
    let refused = two.begin(Start::Update).err();
    assert!(matches!(refused, Some(IndexError::Locked)), "{refused:?}");
    add(&mut *writer, "a.md", "First.", "en-US");
    writer.commit(&recipe()).unwrap();
    assert_eq!(place.versions().len(), 1);
    drop(two.begin(Start::Update).unwrap());
}

#[test]
fn of_many_writers_at_once_at_most_one_writes() {
    let place = Place::new();
    let writing = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let store = place.store();
                let Ok(writer) = store.begin(Start::Update) else {
                    return;
                };
                assert_eq!(writing.fetch_add(1, Ordering::SeqCst), 0);
                thread::yield_now();
                writing.fetch_sub(1, Ordering::SeqCst);
                drop(writer);
            });
        }
    });
    assert_eq!(place.versions(), Vec::<String>::new());
}

#[test]
fn a_writer_that_was_silent_too_long_cannot_commit() {
    let place = Place::new();
    let mut settings = place.settings.clone();
    settings.lease = Duration::from_hours(1);
    let slow = Versions::new(settings, None, DIMENSION).unwrap();
    let mut silent = slow.begin(Start::Update).unwrap();
    add(&mut *silent, "a.md", "Late.", "en-US");
    let store = place.store();
    let mut next = store.begin(Start::Update).unwrap();
    add(&mut *next, "a.md", "In time.", "en-US");
    let refused = silent.commit(&recipe()).err();
    assert!(matches!(refused, Some(IndexError::Locked)), "{refused:?}");
    next.commit(&recipe()).unwrap();
    assert_eq!(place.texts(&place.open().unwrap().index), ["In time."]);
}

#[test]
fn of_two_that_start_at_once_none_claims_what_both_made() {
    let place = Place::new();
    let (one, two) = (place.store(), place.store());
    // Both saw that nobody writes.
    let (survey, beats) = one.wait(one.free(Start::Update)).unwrap();
    let mut later = survey.clone();
    let version = one.wait(one.create(&survey)).unwrap();
    later.versions.insert(version);
    let next = two.wait(two.create(&later)).unwrap();
    for (store, version) in [(&one, version), (&two, next)] {
        let refused = store.wait(store.claim(version, &survey, &beats)).err();
        assert!(matches!(refused, Some(IndexError::Locked)), "{refused:?}");
    }
    // The same name cannot be made twice either.
    let refused = two.wait(two.create(&later)).err();
    assert!(matches!(refused, Some(IndexError::Locked)), "{refused:?}");
}

#[test]
fn a_writer_that_is_being_overtaken_cannot_commit() {
    let place = Place::new();
    place.build(&[("a.md", "Old.")]);
    let (one, two) = (place.store(), place.store());
    let mut writer = one.begin(Start::Update).unwrap();
    add(&mut *writer, "b.md", "Late.", "en-US");
    let survey = two.wait(two.remote.survey()).unwrap();
    two.wait(two.create(&survey)).unwrap();
    let refused = writer.commit(&recipe()).err();
    assert!(matches!(refused, Some(IndexError::Locked)), "{refused:?}");
    assert_eq!(place.texts(&place.open().unwrap().index), ["Old."]);
}

#[test]
fn a_search_sees_one_version_whole_whatever_is_switched_meanwhile() {
    let place = Place::new();
    let version = |n: usize| format!("Version {n} one. Version {n} two. Version {n} three.");
    place.build(&[("a.md", &version(0))]);
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        let searching = scope.spawn(|| {
            let mut seen = 0;
            while !is_over.load(Ordering::Relaxed) {
                let texts = place.texts(&place.open().unwrap().index);
                let versions: Vec<_> = texts.iter().map(|t| t.split(' ').nth(1)).collect();
                assert_eq!(versions.len(), 3, "{texts:?}");
                assert!(versions.iter().all(|v| *v == versions[0]), "{texts:?}");
                seen += 1;
            }
            seen
        });
        for n in 1..6 {
            place.change(Start::Update, &[("a.md", &version(n))]);
        }
        is_over.store(true, Ordering::Relaxed);
        assert!(searching.join().unwrap() > 0);
    });
}

#[test]
fn an_open_index_stays_as_it_was_until_the_second_update_and_then_follows() {
    let place = Place::new();
    place.build(&[("a.md", "First.")]);
    let opened = place.open().unwrap();
    place.change(Start::Update, &[("a.md", "Second.")]);
    assert_eq!(place.texts(&opened.index), ["First."]);
    place.change(Start::Update, &[("a.md", "Third.")]);
    assert_eq!(place.texts(&opened.index), ["Third."]);
    assert_eq!(place.versions().len(), 2);
}

#[test]
fn agents_share_a_collection_and_see_only_their_own() {
    let place = Place::new();
    let mut other = place.settings.clone();
    other.agent = "other".to_owned();
    let change = |settings: &Settings, text| {
        let store = Versions::new(settings.clone(), None, DIMENSION).unwrap();
        let mut writer = store.begin(Start::Afresh).unwrap();
        add(&mut *writer, "a.md", text, "en-US");
        writer.commit(&recipe()).unwrap();
    };
    change(&place.settings, "Ours.");
    change(&other, "Theirs.");
    change(&place.settings, "Ours again.");
    assert_eq!(place.texts(&place.open().unwrap().index), ["Ours again."]);
    let theirs = place.runtime.block_on(open(other, None, place.embedder()));
    assert_eq!(place.texts(&theirs.unwrap().index), ["Theirs."]);
}

#[test]
fn a_question_searches_its_own_language_where_the_setting_says_so() {
    let mut place = Place::new();
    let store = place.store();
    let mut writer = store.begin(Start::Afresh).unwrap();
    add(&mut *writer, "en.md", "The port.", "en-GB");
    add(&mut *writer, "de.md", "Der Hafen.", "de");
    writer.commit(&recipe()).unwrap();
    assert_eq!(
        place.texts(&place.open().unwrap().index),
        ["Der Hafen.", "The port."]
    );
    place.settings.languages = Languages::Same;
    assert_eq!(place.texts(&place.open().unwrap().index), ["The port."]);
}

#[test]
fn a_question_searches_the_documents_that_the_setting_names() {
    let mut place = Place::new();
    place.build(&[("a.md", "One."), ("b.md", "Two."), ("c.md", "Three.")]);
    place.settings.documents = vec!["a.md".to_owned(), "c.md".to_owned()];
    assert_eq!(
        place.texts(&place.open().unwrap().index),
        ["One.", "Three."]
    );
}

#[test]
fn neighbours_are_those_around_it_in_order() {
    let place = Place::new();
    place.build(&[
        ("a.md", "One. Two. Three. Four. Five."),
        ("b.md", "Six. Seven."),
    ]);
    let index = place.open().unwrap().index;
    let around = |place_in: usize, reach| {
        let chunk = chunks("a.md", "One. Two. Three. Four. Five.", "en-US").remove(place_in);
        let around = place.runtime.block_on(index.around(&chunk, reach));
        around.iter().map(|c| c.text.clone()).collect::<Vec<_>>()
    };
    assert_eq!(around(2, 1), ["Two.", "Four."]);
    assert_eq!(around(0, 2), ["Two.", "Three."]);
    assert_eq!(around(4, 0), [""; 0]);
}

#[test]
fn several_utterances_are_searched_by_their_weighted_mean() {
    let place = Place::new();
    place.build(&[("air.md", "Air freight."), ("sea.md", "Sea freight.")]);
    let index = place.open().unwrap().index;
    let first = |air, sea| {
        let said = [("air", air), ("sea", sea)].map(|(text, weight)| Said {
            text: text.to_owned(),
            weight,
        });
        let wanted = Wanted {
            said: said.into(),
            ..wanted("")
        };
        let hits = place.runtime.block_on(index.search(&wanted)).unwrap();
        hits[0].chunk.document.clone()
    };
    assert_eq!(
        (first(0.3, 1.0), first(1.0, 0.3)),
        ("sea.md".into(), "air.md".into())
    );
}

#[test]
fn the_settings_are_read_as_users_write_them() {
    let written = r#"
        url = "https://qdrant.example.com:6334"
        key = "QDRANT_API_KEY"
        timeout = "250ms"
        quantization = "int8"
        languages = "same"
    "#;
    let settings: Settings = toml::from_str(written).unwrap();
    let expected = Settings {
        url: "https://qdrant.example.com:6334".to_owned(),
        key: Some("QDRANT_API_KEY".to_owned()),
        timeout: Duration::from_millis(250),
        quantization: Quantization::Int8,
        languages: Languages::Same,
        ..Settings::default()
    };
    assert_eq!(settings, expected);
    for mistaken in ["colection = 'x'", "batch = 0", "timeout = 300"] {
        assert!(toml::from_str::<Settings>(mistaken).is_err(), "{mistaken}");
    }
}
