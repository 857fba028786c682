//! What happens when the server is down, slow, empty or another one than was meant.

use std::error::Error as _;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use expect_test::expect;
use secrecy::SecretString;

use super::place::{DEADLINE, Place, add, chunks, filed, recipe};
use crate::index::{IndexError, Indexed, Start, Store as _};
use crate::qdrant::testing::{Server, Weather};
use crate::qdrant::{Index, Settings, Versions, open};
use crate::search::SearchError;
use crate::testing::BagOfWords;

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
fn a_version_whose_switch_was_not_answered_is_not_dropped() {
    let place = Place::fake();
    place.build(&[("a.md", "One.")]);
    let store = place.store();
    let mut writer = store.begin(Start::Update).unwrap();
    add(&mut *writer, "b.md", "Two.", "en-US");
    place.server().set(Weather::Muddled);
    let failed = writer.commit(&recipe()).err();
    assert!(
        matches!(failed, Some(IndexError::Unavailable(_))),
        "{failed:?}"
    );
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

#[tokio::test]
async fn an_address_that_is_none_is_said_to_a_task_too() {
    let settings = Settings {
        url: "http://my host:6334".to_owned(),
        ..Settings::default()
    };
    assert!(Versions::new(settings, None, 4).is_err());
}
