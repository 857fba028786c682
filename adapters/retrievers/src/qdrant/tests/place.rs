//! A collection of one test, and what is put into it.

use std::collections::BTreeMap;
use std::env;
use std::error::Error;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use ::qdrant_client::qdrant::vector_output::Vector;
use ::qdrant_client::qdrant::{Condition, Filter, RetrievedPoint, ScrollPointsBuilder};
use expect_test::Expect;
use secrecy::SecretString;
use tokio::runtime::{Builder, Runtime};
use voicera::ports::retriever::Span;
use voicera::words::Language;

use crate::chunks::{Chunk, ChunkId};
use crate::embedding::Embedder;
use crate::index::testing::Subject;
use crate::index::{ContentHash, Filed, IndexError, Indexed, Recipe, Start, Store, Writer};
use crate::qdrant::opening::chunks_of;
use crate::qdrant::payload::{DENSE, Reader, lease_id};
use crate::qdrant::remote::Remote;
use crate::qdrant::testing::Server;
use crate::qdrant::{Index, Opened, Settings, Versions, open};
use crate::search::{Hit, Neighbours as _, Said, Search as _, SearchError, Wanted};
use crate::testing::BagOfWords;

pub(super) const DIMENSION: usize = 64;

pub(super) const DEADLINE: Duration = Duration::from_millis(300);

/// A collection of one test: on the server that `QDRANT_URL` names, or on one in this process.
pub(super) struct Place {
    pub(super) server: Option<Server>,
    pub(super) settings: Settings,
    pub(super) key: Option<SecretString>,
    pub(super) runtime: Runtime,
}

impl Place {
    pub(super) fn new() -> Self {
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

    pub(super) fn fake() -> Self {
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

    pub(super) fn at(server: Option<Server>, settings: Settings) -> Self {
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

    pub(super) fn server(&self) -> &Server {
        self.server.as_ref().unwrap()
    }

    pub(super) fn store(&self) -> Versions {
        Versions::new(self.settings.clone(), self.key.as_ref(), DIMENSION).unwrap()
    }

    pub(super) fn embedder(&self) -> Arc<dyn Embedder> {
        Arc::new(BagOfWords::new(DIMENSION))
    }

    pub(super) fn build(&self, documents: &[(&str, &str)]) {
        self.change(Start::Afresh, documents);
    }

    pub(super) fn change(&self, start: Start, documents: &[(&str, &str)]) {
        let store = self.store();
        let mut writer = store.begin(start).unwrap();
        for (path, text) in documents {
            writer.remove(path).unwrap();
            add(&mut *writer, path, text, "en-US");
        }
        writer.commit(&recipe()).unwrap();
    }

    pub(super) fn open(&self) -> Result<Opened, IndexError> {
        let opening = open(self.settings.clone(), self.key.as_ref(), self.embedder());
        self.runtime.block_on(opening)
    }

    pub(super) fn search(&self, index: &Index, text: &str) -> Result<Vec<Hit>, SearchError> {
        self.runtime.block_on(index.search(&wanted(text)))
    }

    /// All its texts, sorted.
    pub(super) fn texts(&self, index: &Index) -> Vec<String> {
        let hits = self.search(index, "all").unwrap();
        let mut texts: Vec<_> = hits.iter().map(|hit| hit.chunk.text.clone()).collect();
        texts.sort();
        texts
    }

    pub(super) fn neighbours(&self, index: &Index) -> Vec<Arc<Chunk>> {
        let chunk = chunks("a.md", "One.", "en-US").remove(0);
        let begun = Instant::now();
        let around = self.runtime.block_on(index.around(&chunk, 1));
        assert!(begun.elapsed() < DEADLINE * 4);
        around
    }

    pub(super) fn check_search(&self, index: &Index, expected: &Expect) {
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
    pub(super) fn check_answers(&self, index: &Index) {
        assert!((0..20).any(|_| self.search(index, "One").is_ok()));
    }

    pub(super) fn check_open(&self, expected: &Expect) {
        self.check_index_error(self.open().err(), expected);
    }

    pub(super) fn check_index_error(&self, failed: Option<IndexError>, expected: &Expect) {
        let failed = failed.unwrap();
        assert!(matches!(failed, IndexError::Unavailable(_)), "{failed:?}");
        self.check_cause("unavailable", &failed, expected);
    }

    pub(super) fn check_cause(&self, kind: &str, failed: &dyn Error, expected: &Expect) {
        let cause = failed.source().unwrap().to_string();
        expected.assert_eq(&format!(
            "{kind}: {}",
            cause.replace(&self.settings.url, "URL")
        ));
    }

    pub(super) fn remote(&self) -> Remote {
        Remote::new(self.settings.clone(), self.key.as_ref()).unwrap()
    }

    /// The names of its collections.
    pub(super) fn versions(&self) -> Vec<String> {
        let remote = self.remote();
        let survey = self.runtime.block_on(remote.survey()).unwrap();
        survey
            .versions
            .iter()
            .map(|version| remote.name(*version))
            .collect()
    }

    /// Every point of the current version, with its vector.
    pub(super) fn contents(&self) -> Vec<String> {
        let points = self.points(Filter::must_not([Condition::has_id([lease_id()])]));
        let points = points.into_iter().map(|point| {
            let payload: BTreeMap<_, _> = point.payload.into_iter().collect();
            format!("{:?} {payload:?} {:?}", point.id, point.vectors)
        });
        points.collect()
    }

    /// Every chunk of the current version, with its vector.
    fn indexed(&self) -> Vec<Indexed> {
        let points = self.points(chunks_of(&self.settings.agent));
        let points = points.into_iter().map(|point| {
            let vectors = point.vectors.unwrap();
            let Some(Vector::Dense(dense)) = vectors.get_vector_by_name(DENSE) else {
                panic!("{vectors:?}");
            };
            Indexed {
                chunk: Reader("").chunk(&point.payload).unwrap(),
                vector: Some(dense.data),
            }
        });
        points.collect()
    }

    fn points(&self, filter: Filter) -> Vec<RetrievedPoint> {
        let remote = self.remote();
        self.runtime.block_on(async {
            let live = remote.live().await.unwrap().unwrap();
            let mut scroll = ScrollPointsBuilder::new(live)
                .filter(filter)
                .limit(100)
                .with_payload(true)
                .with_vectors(true)
                .build();
            remote.page(&mut scroll).await.unwrap()
        })
    }

    pub(super) fn sweep(&self) {
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

/// A place and the store that the suite of the contract fills.
pub(super) struct Filled {
    store: Versions,
    place: Place,
}

impl Filled {
    pub(super) fn new(place: Place) -> Self {
        Self {
            store: place.store(),
            place,
        }
    }
}

impl Subject for Filled {
    fn store(&self) -> &dyn Store {
        &self.store
    }

    fn recipe(&self) -> Recipe {
        recipe()
    }

    fn contents(&self) -> Vec<Indexed> {
        self.place.indexed()
    }
}

pub(super) fn recipe() -> Recipe {
    Recipe {
        format: 1,
        chunking: "sentences".to_owned(),
        analysis: String::new(),
        embedding: Some((format!("bag-of-words-{DIMENSION}"), DIMENSION)),
    }
}

pub(super) fn wanted(text: &str) -> Wanted {
    Wanted {
        said: vec![Said {
            text: text.to_owned(),
            weight: 1.0,
        }],
        language: Language::default(),
        limit: 10,
    }
}

pub(super) fn add(writer: &mut dyn Writer, path: &str, text: &str, language: &str) {
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

pub(super) fn filed(path: &str, text: &str) -> Filed {
    Filed {
        path: path.to_owned(),
        hash: hash(text),
    }
}

pub(super) fn hash(text: &str) -> ContentHash {
    let mut hash = [7; 32];
    for (byte, of_text) in hash.iter_mut().zip(text.bytes()) {
        *byte = of_text;
    }
    ContentHash(hash)
}

/// A chunk a sentence.
pub(super) fn chunks(path: &str, text: &str, language: &str) -> Vec<Chunk> {
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
