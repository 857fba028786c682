use std::sync::atomic::{AtomicUsize, Ordering};

use expect_test::{Expect, expect};
use voicera::ports::retriever::Span;
use voicera::testing::retriever::conforms;
use voicera::words::Language;

use super::*;
use crate::chunks::{Chunk, ChunkId};
use crate::rerank::RerankError;
use crate::search::{Neighbours, Search};

#[tokio::test(start_paused = true)]
async fn it_holds_the_contract() {
    let rag = rag(
        vec![shelf("words"), shelf("meaning")],
        None,
        Settings::default(),
    );
    conforms(
        &rag,
        &["When do you open?", "How long is the transit by air?"],
    )
    .await;
    let rag = self::rag(
        vec![shelf("words")],
        Some(Reader::Backwards),
        Settings::default(),
    );
    conforms(&rag, &["When do you open?"]).await;
}

#[tokio::test(start_paused = true)]
async fn a_late_or_failed_search_costs_its_passages_only() {
    let slow = Shelf {
        delay: Duration::from_secs(1),
        ..shelf("slow")
    };
    let down = Shelf {
        failure: Some(unavailable),
        ..shelf("down")
    };
    check(
        rag(vec![slow, down, shelf("words")], None, Settings::default()),
        &["When do you open?"],
        expect![[r#"
            slow Late 350ms
            down Failed 0ns
            words Found(1) 0ns
            1.00 hours.md: We open at nine.
        "#]],
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn where_no_search_answers_the_turn_goes_on_and_each_is_named() {
    let down = || Shelf {
        failure: Some(unavailable),
        ..shelf("down")
    };
    let broken = || Shelf {
        failure: Some(broken),
        ..shelf("broken")
    };
    let slow = Shelf {
        delay: Duration::from_secs(1),
        ..shelf("slow")
    };
    for (searches, expected) in [
        (
            vec![slow, down(), broken()],
            expect![
                "knowledge cannot be reached for now: slow: it did not answer in time; down: the index cannot be reached for now: no route; broken: the index cannot be read: bad bytes"
            ],
        ),
        (
            vec![broken()],
            expect!["knowledge cannot be read: broken: the index cannot be read: bad bytes"],
        ),
    ] {
        let rag = rag(searches, None, Settings::default());
        let error = rag.rank(&query(&["When?"], 5)).await.unwrap_err();
        expected.assert_eq(&voicera::ports::chain(&error));
        let findings = rag.retrieve(&query(&["When?"], 5)).await.unwrap();
        assert!(findings.passages.is_empty());
        let silent = |search: &Report| matches!(search.outcome, Outcome::Late | Outcome::Failed);
        assert!(findings.searches.iter().all(silent));
    }
}

#[tokio::test(start_paused = true)]
async fn a_question_that_leans_is_found_by_its_conversation() {
    check(
        rag(vec![shelf("words")], None, Settings::default()),
        &[
            "How long is the transit to Hamburg by ocean?",
            "And by air?",
        ],
        expect![[r#"
            words Found(2) 0ns
            1.00 air.md: The transit to Hamburg by air takes two days.
            0.72 ocean.md: The transit to Hamburg by ocean takes 21 days.
        "#]],
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn what_was_found_is_read_again_where_there_is_time() {
    for (reader, expected) in [
        (
            Reader::Backwards,
            expect![[r#"
                words Found(2) 0ns
                rerank Found(2) 0ns
                0.73 ocean.md: The transit to Hamburg by ocean takes 21 days.
                0.50 air.md: The transit to Hamburg by air takes two days.
            "#]],
        ),
        (
            Reader::Late,
            expect![[r#"
                words Found(2) 0ns
                rerank Late 150ms
                1.00 air.md: The transit to Hamburg by air takes two days.
                0.67 ocean.md: The transit to Hamburg by ocean takes 21 days.
            "#]],
        ),
        (
            Reader::Busy,
            expect![[r#"
                words Found(2) 0ns
                rerank Failed 0ns
                1.00 air.md: The transit to Hamburg by air takes two days.
                0.67 ocean.md: The transit to Hamburg by ocean takes 21 days.
            "#]],
        ),
    ] {
        let rag = rag(vec![shelf("words")], Some(reader), Settings::default());
        check(rag, &["How long is the transit by air?"], expected).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_turn_keeps_the_generation_it_began_with() {
    let closing = Shelf {
        delay: Duration::from_millis(100),
        ..shelf("before")
    };
    let rag = Arc::new(rag(vec![closing], None, Settings::default()));
    let turn = tokio::spawn({
        let rag = Arc::clone(&rag);
        async move { rag.retrieve(&query(&["When do you open?"], 5)).await }
    });
    tokio::task::yield_now().await;
    rag.live().replace(generation(vec![shelf("after")]));
    let names = |findings: Findings| findings.searches.first().unwrap().strategy.clone();
    assert_eq!(names(turn.await.unwrap().unwrap()), "before");
    let next = rag.retrieve(&query(&["When do you open?"], 5)).await;
    assert_eq!(names(next.unwrap()), "after");
}

#[tokio::test(start_paused = true)]
async fn nothing_is_searched_where_nothing_is_asked() {
    let asked = Arc::new(AtomicUsize::new(0));
    let counting = Shelf {
        asked: Arc::clone(&asked),
        ..shelf("words")
    };
    let rag = rag(vec![counting], None, Settings::default());
    rag.retrieve(&query(&["…"], 5)).await.unwrap();
    rag.retrieve(&query(&["When do you open?"], 0))
        .await
        .unwrap();
    assert_eq!(asked.load(Ordering::Relaxed), 0);
    rag.retrieve(&query(&["uh"], 5)).await.unwrap();
    assert_eq!(asked.load(Ordering::Relaxed), 1);
}

#[test]
fn settings_that_make_no_sense_are_named() {
    refuses(
        "candidates = 0",
        "",
        expect!["retriever.fusion.candidates: 0 does not fit; use 1 to 1000"],
    );
    refuses(
        "k = -1.0",
        "",
        expect!["retriever.fusion.k: -1 does not fit; use 0 or above"],
    );
    refuses(
        "deadline = \"0s\"",
        "",
        expect!["retriever.fusion.deadline: 0s does not fit; use a time above 0"],
    );
    refuses(
        "weights = { dense = nan }",
        "",
        expect!["retriever.fusion.weights.dense: NaN does not fit; use 0 or above"],
    );
    refuses(
        "",
        "turns = 21",
        expect!["retriever.conversation.turns: 21 does not fit; use 0 to 20"],
    );
    refuses(
        "",
        "decay = 0.0",
        expect!["retriever.conversation.decay: 0 does not fit; use a share above 0, up to 1"],
    );
    refuses(
        "",
        "share = 1.5",
        expect!["retriever.conversation.share: 1.5 does not fit; use a share from 0 to 1"],
    );
}

async fn check(rag: Rag, said: &[&str], expected: Expect) {
    let findings = rag.retrieve(&query(said, 5)).await.unwrap();
    let searches = findings.searches.iter();
    let searches = searches.map(|s| format!("{} {:?} {:?}\n", s.strategy, s.outcome, s.took));
    let passages = findings.passages.iter();
    let passages = passages.map(|p| format!("{:.2} {}: {}\n", p.score, p.source, p.text));
    expected.assert_eq(&searches.chain(passages).collect::<String>());
}

fn refuses(fusion: &str, conversation: &str, expected: Expect) {
    let settings = Settings {
        fusion: toml::from_str(fusion).unwrap(),
        conversation: toml::from_str(conversation).unwrap(),
        ..Settings::default()
    };
    let live = Arc::new(Live::new(generation(vec![shelf("words")])));
    let error = Rag::new(live, None, settings).unwrap_err();
    expected.assert_eq(&error.to_string());
}

fn rag(searches: Vec<Shelf>, reader: Option<Reader>, settings: Settings) -> Rag {
    let reranker = reader.map(|reader| Arc::new(reader) as Arc<dyn Reranker>);
    Rag::new(
        Arc::new(Live::new(generation(searches))),
        reranker,
        settings,
    )
    .unwrap()
}

fn generation(searches: Vec<Shelf>) -> Generation {
    let searches = searches
        .into_iter()
        .map(|shelf| Arc::new(shelf) as Arc<dyn Search>);
    Generation {
        searches: searches.collect(),
        neighbours: Arc::new(Alone),
    }
}

/// The turns of a call, the last is asked now.
fn query(said: &[&str], limit: usize) -> Query {
    let (now, earlier) = said.split_last().unwrap();
    Query {
        utterance: (*now).to_owned(),
        earlier: earlier.iter().map(|text| (*text).to_owned()).collect(),
        language: Language::default(),
        limit,
    }
}

/// Finds the chunks that share words with what was said, each word by its weight.
#[derive(Clone, Debug)]
struct Shelf {
    name: &'static str,
    delay: Duration,
    failure: Option<fn() -> SearchError>,
    asked: Arc<AtomicUsize>,
}

fn shelf(name: &'static str) -> Shelf {
    Shelf {
        name,
        delay: Duration::ZERO,
        failure: None,
        asked: Arc::default(),
    }
}

fn unavailable() -> SearchError {
    SearchError::Unavailable("no route".into())
}

fn broken() -> SearchError {
    SearchError::Broken("bad bytes".into())
}

#[async_trait]
impl Search for Shelf {
    fn name(&self) -> &'static str {
        self.name
    }

    async fn search(&self, wanted: &Wanted) -> Result<Vec<Hit>, SearchError> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        if !self.delay.is_zero() {
            tokio::time::sleep(self.delay).await;
        }
        if let Some(failure) = self.failure {
            return Err(failure());
        }
        let hits = documents().into_iter().map(|chunk| Hit {
            score: shared(&chunk.text, wanted),
            chunk: Arc::new(chunk),
        });
        let mut hits: Vec<_> = hits.filter(|hit| hit.score > 0.0).collect();
        hits.sort_by(|a, b| b.score.total_cmp(&a.score));
        hits.truncate(wanted.limit);
        Ok(hits)
    }
}

fn shared(text: &str, wanted: &Wanted) -> f32 {
    let words = |text: &str| {
        let text = text.to_lowercase();
        let words = text
            .split(|c: char| !c.is_alphanumeric())
            .map(str::to_owned);
        words.filter(|word| word.len() > 2).collect::<Vec<_>>()
    };
    let text = words(text);
    let said = wanted.said.iter().flat_map(|said| {
        words(&said.text)
            .into_iter()
            .map(|word| (word, said.weight))
    });
    said.filter(|(word, _)| text.contains(word))
        .map(|(_, weight)| weight)
        .sum()
}

fn documents() -> Vec<Chunk> {
    let documents = [
        ("hours.md", "We open at nine."),
        ("ocean.md", "The transit to Hamburg by ocean takes 21 days."),
        ("air.md", "The transit to Hamburg by air takes two days."),
    ];
    documents
        .map(|(document, text)| chunk(document, text))
        .to_vec()
}

pub(super) fn chunk(document: &str, text: &str) -> Chunk {
    Chunk {
        id: ChunkId::of(document, &[], "", text, 0),
        document: document.to_owned(),
        title: document.to_owned(),
        headings: Vec::new(),
        lead: String::new(),
        text: text.to_owned(),
        span: Span {
            start: 0,
            end: text.len(),
        },
        place: 0,
        language: Language::default(),
    }
}

#[derive(Debug)]
struct Alone;

#[async_trait]
impl Neighbours for Alone {
    async fn around(&self, _chunk: &Chunk, _reach: u32) -> Vec<Arc<Chunk>> {
        Vec::new()
    }
}

#[derive(Debug)]
enum Reader {
    Backwards,
    Late,
    Busy,
}

#[async_trait]
impl Reranker for Reader {
    async fn scores(
        &self,
        _question: &str,
        chunks: &[Arc<Chunk>],
    ) -> Result<Vec<f32>, RerankError> {
        match self {
            Self::Backwards => Ok((0_u8..).take(chunks.len()).map(f32::from).collect()),
            Self::Late => std::future::pending().await,
            Self::Busy => Err(RerankError::Busy),
        }
    }
}
