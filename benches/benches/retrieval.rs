//! What does each strategy cost a turn over the sample knowledge base, and what does it cost to
//! open it?

use std::fmt;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, criterion_group, criterion_main};
use tokio::runtime::Runtime;
use voicera::ports::Retriever;
use voicera::ports::retriever::Query;
use voicera::words::Language;
use voicera_retrievers::cag::{self, Cag};

/// What callers ask, one after the other.
const QUESTIONS: [&str; 4] = [
    "How long does ocean freight from Shanghai to Los Angeles take?",
    "what do you charge for a late payment",
    "Can I ship lithium batteries by air?",
    "Who won the game last night?",
];

fn strategies(criterion: &mut Criterion) {
    let runtime = Runtime::new().unwrap_or_else(|error| fail(&error));
    let mut group = criterion.benchmark_group("retrieval");
    group.warm_up_time(Duration::from_millis(500));
    group.measurement_time(Duration::from_secs(2));
    measure(&mut group, &runtime, "cag", async || {
        Cag::open(&cag_settings())
    });
    group.finish();
}

/// Measures one strategy: the opening, and a search.
fn measure<R: Retriever, E: fmt::Display>(
    group: &mut BenchmarkGroup<'_, WallTime>,
    runtime: &Runtime,
    name: &str,
    open: impl AsyncFn() -> Result<R, E>,
) {
    let open = || {
        runtime
            .block_on(open())
            .unwrap_or_else(|error| fail(&error))
    };
    group.bench_function(format!("{name}, open"), |bencher| bencher.iter(open));
    let retriever: Arc<dyn Retriever> = Arc::new(open());
    let queries = QUESTIONS.map(query);
    let mut queries = queries.iter().cycle();
    group.bench_function(format!("{name}, a turn"), |bencher| {
        bencher.iter(|| {
            black_box(retriever.briefing().len());
            let query = queries.next();
            query.map(|query| runtime.block_on(retriever.retrieve(black_box(query))))
        });
    });
}

fn query(question: &str) -> Query {
    Query {
        utterance: question.to_owned(),
        earlier: vec!["I have a question about shipping.".to_owned()],
        language: Language::default(),
        limit: 5,
    }
}

fn cag_settings() -> cag::Settings {
    cag::Settings {
        knowledge_base: knowledge_base(),
        ..cag::Settings::default()
    }
}

fn knowledge_base() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../knowledge_base")
}

#[expect(clippy::panic, reason = "there is nothing to measure")]
fn fail(error: &dyn fmt::Display) -> ! {
    panic!("the bench cannot begin: {error}")
}

criterion_group!(benches, strategies);
criterion_main!(benches);
