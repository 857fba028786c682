use std::collections::BTreeMap;
use std::env;
use std::error::Error;
use std::io::{Read as _, Write as _};
use std::mem;
use std::net::{TcpListener, TcpStream};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use ::qdrant_client::qdrant::{Condition, Filter, ScrollPointsBuilder};
use expect_test::{Expect, expect};
use secrecy::SecretString;
use tokio::runtime::{Builder, Runtime};
use voicera::ports::retriever::Span;
use voicera::words::Language;

use super::payload::lease_id;
use super::remote::Remote;
use super::testing::{Server, Weather};
use super::*;
use crate::chunks::{Chunk, ChunkId};
use crate::embedding::Embedder;
use crate::index::{Catalogue, ContentHash, Filed, Indexed, Start, Store as _, Writer};
use crate::search::{Neighbours as _, Said, Search as _, SearchError, Wanted};
use crate::testing::BagOfWords;

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

#[test]
fn a_server_that_is_down_is_named_with_its_setting() {
    let mut place = Place::fake();
    place.build(&[("a.md", "One.")]);
    place.settings.timeout = DEADLINE;
    let index = place.open().unwrap().index;
    place.server().stop();
    let failed = expect![
        "unavailable: qdrant cannot be reached at URL; start it, or mend `retriever.qdrant.url`"
    ];
    place.check_search(&index, &failed);
    place.check_open(&failed);
    assert!(place.neighbours(&index).is_empty());
    place.server().restart().unwrap();
    place.check_answers(&index);
}

#[test]
fn a_server_that_does_not_answer_is_not_waited_for() {
    let mut place = Place::fake();
    place.build(&[("a.md", "One.")]);
    place.settings.timeout = DEADLINE;
    let index = place.open().unwrap().index;
    place.server().set(Weather::Silent);
    place.check_search(&index, &expect!["unavailable: qdrant at URL did not answer in 300ms; raise `retriever.qdrant.timeout`, or see what keeps it busy"]);
    assert!(place.neighbours(&index).is_empty());
    place.settings.write_timeout = Duration::from_millis(50);
    place.check_open(&expect!["unavailable: qdrant at URL did not answer in 50ms; raise `retriever.qdrant.write_timeout`, or see what keeps it busy"]);
    place.server().set(Weather::Fair);
    place.check_answers(&index);
}

#[test]
fn a_busy_server_is_asked_again_as_often_as_set() {
    let mut place = Place::fake();
    place.build(&[("a.md", "One.")]);
    place.settings.retries = 2;
    place.settings.timeout = DEADLINE;
    let index = place.open().unwrap().index;
    let asked = place.server().asked();
    place.server().set(Weather::Busy);
    place.check_search(&index, &expect!["unavailable: qdrant at URL is too busy"]);
    assert_eq!(place.server().asked() - asked, 3);
}

#[test]
fn a_connection_that_went_dead_is_made_anew() {
    let mut place = Place::fake();
    place.build(&[("a.md", "One.")]);
    let line = Line::to(place.server().url());
    place.settings.url = line.url.clone();
    place.settings.timeout = DEADLINE;
    let index = place.open().unwrap().index;
    line.swallow_all();
    place.check_search(&index, &expect!["unavailable: qdrant at URL did not answer in 300ms; raise `retriever.qdrant.timeout`, or see what keeps it busy"]);
    place.check_answers(&index);
}

#[test]
fn a_server_without_tls_is_not_spoken_to_where_tls_is_wanted() {
    let mut place = Place::fake();
    place.settings.url = place.server().url().replace("http:", "https:");
    place.check_open(&expect![
        "unavailable: qdrant cannot be reached at URL; start it, or mend `retriever.qdrant.url`"
    ]);
}

#[test]
fn a_server_that_dies_while_it_answers_is_down() {
    let mut place = Place::fake();
    place.build(&[("a.md", "One.")]);
    place.settings.timeout = DEADLINE;
    let index = place.open().unwrap().index;
    place.server().set(Weather::Deadly);
    place.check_search(
        &index,
        &expect![
            "unavailable: qdrant cannot be reached at URL; start it, or mend `retriever.qdrant.url`"
        ],
    );
}

#[test]
fn a_server_that_dies_while_it_is_written_keeps_what_it_had() {
    let place = Place::fake();
    place.build(&[("a.md", "One.")]);
    let store = place.store();
    let mut writer = store.begin(Start::Update).unwrap();
    add(&mut *writer, "b.md", "Two.", "en-US");
    place.server().stop();
    let failed = writer.commit(&recipe()).err();
    assert!(
        matches!(failed, Some(IndexError::Unavailable(_))),
        "{failed:?}"
    );
    place.server().restart().unwrap();
    assert_eq!(place.texts(&place.open().unwrap().index), ["One."]);
    place.change(Start::Update, &[("b.md", "Two.")]);
    assert_eq!(place.texts(&place.open().unwrap().index), ["One.", "Two."]);
}

#[test]
fn a_key_that_is_wrong_or_absent_is_asked_for_by_its_setting() {
    let mut place = Place::fake();
    place.server = Some(Server::with_key("right").unwrap());
    place.settings.url = place.server().url();
    place.check_open(&expect!["unavailable: qdrant at URL wants a key; name the environment variable that holds it as `retriever.qdrant.key`"]);
    place.settings.key = Some("QDRANT_API_KEY".to_owned());
    for (key, failed) in [
        (
            "wrong",
            expect![
                "unavailable: qdrant at URL does not accept the key; put a valid one into the environment variable QDRANT_API_KEY"
            ],
        ),
        (
            "secret\n",
            expect![
                "unavailable: the key in the environment variable QDRANT_API_KEY has characters that no key has; mend it"
            ],
        ),
        (
            "right",
            expect![[
                r#"unavailable: qdrant at URL has no collection "voicera"; run `voicera index`, or mend `retriever.qdrant.collection`"#
            ]],
        ),
    ] {
        let key = SecretString::from(key);
        let opening = open(place.settings.clone(), Some(&key), place.embedder());
        place.check_index_error(place.runtime.block_on(opening).err(), &failed);
    }
}

#[test]
fn what_is_not_there_is_said() {
    let mut place = Place::fake();
    place.check_open(&expect![[r#"unavailable: qdrant at URL has no collection "voicera"; run `voicera index`, or mend `retriever.qdrant.collection`"#]]);
    place.build(&[("a.md", "One.")]);
    let index = place.open().unwrap().index;
    place.settings.agent = "nobody".to_owned();
    place.check_open(&expect![[r#"unavailable: collection "voicera" has nothing of agent "nobody"; run `voicera index`, or mend `retriever.qdrant.agent`"#]]);
    place.change(Start::Afresh, &[]);
    place.check_open(&expect![[r#"unavailable: collection "voicera" has nothing of agent "nobody"; run `voicera index`, or mend `retriever.qdrant.agent`"#]]);
    place.sweep();
    place.check_search(&index, &expect![[r#"broken: qdrant at URL has no collection "voicera"; run `voicera index`, or mend `retriever.qdrant.collection`"#]]);
}

#[test]
fn vectors_of_another_model_are_refused() {
    let place = Place::fake();
    place.build(&[("a.md", "One.")]);
    let other = |dimension| {
        let embedder = Arc::new(BagOfWords::new(dimension));
        let opening = open(place.settings.clone(), None, embedder);
        let failed = place.runtime.block_on(opening).err().unwrap();
        failed.to_string()
    };
    expect![[r#"the index was made with "bag-of-words-64" (64 dimensions) and this configuration wants "bag-of-words-32" (32 dimensions); run `voicera index`"#]].assert_eq(&other(32));
    let store = Versions::new(place.settings.clone(), None, 32).unwrap();
    let failed = store.begin(Start::Update).err();
    assert!(
        matches!(failed, Some(IndexError::Mismatch { .. })),
        "{failed:?}"
    );
    // Whoever searches with it nevertheless is told.
    let version = place.versions().remove(0);
    let index = Index::new(place.remote(), version, Arc::new(BagOfWords::new(32)));
    let failed = place.search(&index, "One").err().unwrap();
    let cause = failed.source().unwrap();
    assert!(matches!(failed, SearchError::Broken(_)));
    assert!(
        cause
            .to_string()
            .contains("does not take vectors of this model"),
        "{cause}"
    );
}

#[test]
fn a_collection_in_the_place_of_the_alias_is_left_alone() {
    let mut place = Place::fake();
    place.build(&[("a.md", "One.")]);
    place.settings.collection = place.versions().remove(0);
    let failed = place.store().begin(Start::Update).err();
    let failed = failed.unwrap();
    let cause = failed.source().unwrap().to_string();
    assert!(cause.contains("which is wanted for an alias"), "{cause}");
}

#[test]
fn a_chunk_without_a_vector_is_refused() {
    let place = Place::fake();
    let store = place.store();
    let mut writer = store.begin(Start::Update).unwrap();
    let chunk = chunks("a.md", "One.", "en-US").remove(0);
    let chunks = vec![Indexed {
        chunk,
        vector: None,
    }];
    let failed = writer.add(&filed("a.md", "One."), chunks).err();
    let failed = failed.unwrap().source().unwrap().to_string();
    assert!(
        failed.ends_with("has no vector; qdrant needs an embedding model"),
        "{failed}"
    );
}

const DIMENSION: usize = 64;

const DEADLINE: Duration = Duration::from_millis(300);

/// A collection of one test: on the server that `QDRANT_URL` names, or on one in this process.
struct Place {
    server: Option<Server>,
    settings: Settings,
    key: Option<SecretString>,
    runtime: Runtime,
}

impl Place {
    fn new() -> Self {
        static PLACES: AtomicUsize = AtomicUsize::new(0);
        let Ok(url) = env::var("QDRANT_URL") else {
            return Self::fake();
        };
        let place = PLACES.fetch_add(1, Ordering::Relaxed);
        let settings = Settings {
            url,
            key: Some("QDRANT_API_KEY".to_owned()),
            collection: format!("voicera-test-{}-{place}", std::process::id()),
            timeout: Duration::from_secs(10),
            lease: Duration::from_secs(3),
            ..Settings::default()
        };
        let key = env::var("QDRANT_API_KEY").ok().map(SecretString::from);
        let mut place = Self::at(None, settings);
        place.key = key;
        place
    }

    fn fake() -> Self {
        let server = Server::start().unwrap();
        let settings = Settings {
            url: server.url(),
            // Where a deadline is what is tested, the test sets its own.
            timeout: Duration::from_secs(10),
            lease: Duration::from_millis(500),
            batch: NonZeroU32::MIN.saturating_add(1),
            ..Settings::default()
        };
        Self::at(Some(server), settings)
    }

    fn at(server: Option<Server>, settings: Settings) -> Self {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build();
        Self {
            server,
            settings,
            key: None,
            runtime: runtime.unwrap(),
        }
    }

    fn server(&self) -> &Server {
        self.server.as_ref().unwrap()
    }

    fn store(&self) -> Versions {
        Versions::new(self.settings.clone(), self.key.as_ref(), DIMENSION).unwrap()
    }

    fn embedder(&self) -> Arc<dyn Embedder> {
        Arc::new(BagOfWords::new(DIMENSION))
    }

    fn build(&self, documents: &[(&str, &str)]) {
        self.change(Start::Afresh, documents);
    }

    fn change(&self, start: Start, documents: &[(&str, &str)]) {
        let store = self.store();
        let mut writer = store.begin(start).unwrap();
        for (path, text) in documents {
            writer.remove(path).unwrap();
            add(&mut *writer, path, text, "en-US");
        }
        writer.commit(&recipe()).unwrap();
    }

    fn open(&self) -> Result<Opened, IndexError> {
        let opening = open(self.settings.clone(), self.key.as_ref(), self.embedder());
        self.runtime.block_on(opening)
    }

    fn search(&self, index: &Index, text: &str) -> Result<Vec<crate::search::Hit>, SearchError> {
        self.runtime.block_on(index.search(&wanted(text)))
    }

    /// All its texts, sorted.
    fn texts(&self, index: &Index) -> Vec<String> {
        let hits = self.search(index, "all").unwrap();
        let mut texts: Vec<_> = hits.iter().map(|hit| hit.chunk.text.clone()).collect();
        texts.sort();
        texts
    }

    fn neighbours(&self, index: &Index) -> Vec<Arc<Chunk>> {
        let chunk = chunks("a.md", "One.", "en-US").remove(0);
        let begun = Instant::now();
        let around = self.runtime.block_on(index.around(&chunk, 1));
        assert!(begun.elapsed() < DEADLINE * 4);
        around
    }

    fn check_search(&self, index: &Index, expected: &Expect) {
        let begun = Instant::now();
        let failed = self.search(index, "One").err().unwrap();
        // The deadline is 300 ms; machines that build at the same time are slow.
        assert!(
            begun.elapsed() < Duration::from_secs(1),
            "{:?}",
            begun.elapsed()
        );
        let kind = match &failed {
            SearchError::Unavailable(_) => "unavailable",
            SearchError::Broken(_) => "broken",
        };
        self.check_cause(kind, &failed, expected);
    }

    /// It answers again, if not at once: a machine that builds at the same time misses a deadline.
    fn check_answers(&self, index: &Index) {
        assert!((0..20).any(|_| self.search(index, "One").is_ok()));
    }

    fn check_open(&self, expected: &Expect) {
        self.check_index_error(self.open().err(), expected);
    }

    fn check_index_error(&self, failed: Option<IndexError>, expected: &Expect) {
        let failed = failed.unwrap();
        assert!(matches!(failed, IndexError::Unavailable(_)), "{failed:?}");
        self.check_cause("unavailable", &failed, expected);
    }

    fn check_cause(&self, kind: &str, failed: &dyn Error, expected: &Expect) {
        let cause = failed.source().unwrap().to_string();
        expected.assert_eq(&format!(
            "{kind}: {}",
            cause.replace(&self.settings.url, "URL")
        ));
    }

    fn remote(&self) -> Remote {
        Remote::new(self.settings.clone(), self.key.as_ref()).unwrap()
    }

    /// The names of its collections.
    fn versions(&self) -> Vec<String> {
        let remote = self.remote();
        let survey = self.runtime.block_on(remote.survey()).unwrap();
        survey
            .versions
            .iter()
            .map(|version| remote.name(*version))
            .collect()
    }

    /// Every point of the current version, with its vector.
    fn contents(&self) -> Vec<String> {
        let remote = self.remote();
        self.runtime.block_on(async {
            let live = remote.live().await.unwrap().unwrap();
            let mut scroll = ScrollPointsBuilder::new(live)
                .filter(Filter::must_not([Condition::has_id([lease_id()])]))
                .limit(100)
                .with_payload(true)
                .with_vectors(true)
                .build();
            let page = remote.page(&mut scroll).await.unwrap();
            let points = page.into_iter().map(|point| {
                let payload: BTreeMap<_, _> = point.payload.into_iter().collect();
                format!("{:?} {payload:?} {:?}", point.id, point.vectors)
            });
            points.collect()
        })
    }

    fn sweep(&self) {
        let remote = self.remote();
        for version in self.versions() {
            let deleted = self
                .runtime
                .block_on(remote.qdrant.delete_collection(version));
            deleted.unwrap();
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if self.server.is_none() && !thread::panicking() {
            self.sweep();
        }
    }
}

/// A line to a server, whose connections can go dead without either end hearing of it.
struct Line {
    url: String,
    /// Connections up to this number are dead.
    dead: Arc<AtomicUsize>,
    made: Arc<AtomicUsize>,
}

impl Line {
    fn to(url: String) -> Self {
        let server = url.replace("http://", "");
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (dead, made) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let line = Self {
            url,
            dead: Arc::clone(&dead),
            made: Arc::clone(&made),
        };
        // They end with the process, like the sockets they hold.
        thread::spawn(move || {
            for near in listener.incoming() {
                let near = near.unwrap();
                let far = TcpStream::connect(&server).unwrap();
                let number = made.fetch_add(1, Ordering::SeqCst) + 1;
                let ways = [(near.try_clone(), far.try_clone()), (Ok(far), Ok(near))];
                for (from, to) in ways {
                    let (mut from, mut to) = (from.unwrap(), to.unwrap());
                    let dead = Arc::clone(&dead);
                    thread::spawn(move || {
                        let mut bytes = [0; 4096];
                        while let Ok(read @ 1..) = from.read(&mut bytes) {
                            let is_dead = number <= dead.load(Ordering::SeqCst);
                            if !is_dead && to.write_all(&bytes[..read]).is_err() {
                                break;
                            }
                        }
                    });
                }
            }
        });
        line
    }

    /// Lets every connection there is go dead.
    fn swallow_all(&self) {
        self.dead
            .store(self.made.load(Ordering::SeqCst), Ordering::SeqCst);
    }
}

fn recipe() -> Recipe {
    Recipe {
        format: 1,
        chunking: "sentences".to_owned(),
        analysis: String::new(),
        embedding: Some((format!("bag-of-words-{DIMENSION}"), DIMENSION)),
    }
}

fn wanted(text: &str) -> Wanted {
    Wanted {
        said: vec![Said {
            text: text.to_owned(),
            weight: 1.0,
        }],
        language: Language::default(),
        limit: 10,
    }
}

fn add(writer: &mut dyn Writer, path: &str, text: &str, language: &str) {
    let embedder = BagOfWords::new(DIMENSION);
    let chunks = chunks(path, text, language)
        .into_iter()
        .map(|chunk| Indexed {
            vector: embedder
                .passages(std::slice::from_ref(&chunk.text))
                .unwrap()
                .pop(),
            chunk,
        });
    writer.add(&filed(path, text), chunks.collect()).unwrap();
}

fn filed(path: &str, text: &str) -> Filed {
    Filed {
        path: path.to_owned(),
        hash: hash(text),
    }
}

fn hash(text: &str) -> ContentHash {
    let mut hash = [7; 32];
    for (byte, of_text) in hash.iter_mut().zip(text.bytes()) {
        *byte = of_text;
    }
    ContentHash(hash)
}

/// A chunk a sentence.
fn chunks(path: &str, text: &str, language: &str) -> Vec<Chunk> {
    let mut chunks = Vec::new();
    let mut start = 0;
    for (place, sentence) in text.split_inclusive('.').enumerate() {
        let end = start + sentence.len();
        let headings = vec!["Freight".to_owned(), "Times".to_owned()];
        chunks.push(Chunk {
            id: ChunkId::of(path, &headings, "", sentence.trim(), 0),
            document: path.to_owned(),
            title: "Terms".to_owned(),
            headings,
            lead: String::new(),
            text: sentence.trim().to_owned(),
            span: Span { start, end },
            place: place as u32,
            language: Language::new(language),
        });
        start = end;
    }
    chunks
}
