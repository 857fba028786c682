//! What does each strategy cost a turn, over how many passages, and what does it cost to open it
//! and to index?
//!
//! ```text
//! cargo bench -p voicera-benches --bench retrieval
//! VOICERA_MODEL=<folder> cargo bench -p voicera-benches --bench retrieval --features fastembed
//! ```
//!
//! The vectors of passages are cheap ones, which cost a search as much as any. Those of questions
//! are too, unless `VOICERA_MODEL` names a model's folder.

use std::fmt;
use std::hint::black_box;
use std::time::Duration;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, SamplingMode, criterion_group, criterion_main};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use voicera::ports::Retriever;
use voicera::ports::retriever::Query;
use voicera_benches::strategies::{self, Strategy};

/// More than are remembered.
const QUESTIONS: usize = 5_000;

fn retrieval(criterion: &mut Criterion) {
    let runtime = done(Runtime::new());
    let embedder = done(strategies::embedder());
    // No question twice, whatever the strategy, or its vector would be remembered.
    let mut numbers = (0_usize..).step_by(QUESTIONS);
    for passages in [100, 1_000, 10_000, 100_000] {
        let folder = corpus(passages);
        let store = done(strategies::index(folder.path(), passages, Some(&embedder)));
        let mut group = criterion.benchmark_group(format!("{passages} passages"));
        group.warm_up_time(Duration::from_millis(500));
        group.measurement_time(Duration::from_secs(2));
        for strategy in Strategy::ALL {
            let first = numbers.next().unwrap_or_default();
            let questions = strategies::questions(first..first + QUESTIONS, passages);
            let retriever = match strategy {
                Strategy::Cag => done(strategies::cag(folder.path())),
                Strategy::Tantivy | Strategy::Dense | Strategy::Hybrid => {
                    done(strategies::rag(strategy, &store, &embedder))
                }
            };
            measure(&mut group, &runtime, strategy, &*retriever, &questions);
        }
        group.finish();
    }
}

fn measure(
    group: &mut BenchmarkGroup<'_, WallTime>,
    runtime: &Runtime,
    strategy: Strategy,
    retriever: &dyn Retriever,
    questions: &[Query],
) {
    let mut questions = questions.iter().cycle();
    group.bench_function(format!("{}, a turn", strategy.name()), |bencher| {
        bencher.iter(|| {
            black_box(retriever.briefing().len());
            let question = questions.next();
            question.map(|question| runtime.block_on(retriever.retrieve(black_box(question))))
        });
    });
}

fn indexing(criterion: &mut Criterion) {
    const PASSAGES: usize = 10_000;
    let folder = corpus(PASSAGES);
    let embedder = done(strategies::embedder());
    let mut group = criterion.benchmark_group(format!("{PASSAGES} passages"));
    group.sample_size(10);
    group.sampling_mode(SamplingMode::Flat);
    group.measurement_time(Duration::from_secs(10));
    group.bench_function("tantivy, indexing", |bencher| {
        bencher.iter(|| done(strategies::index(folder.path(), PASSAGES, None)));
    });
    let words = done(strategies::index(folder.path(), PASSAGES, None));
    group.bench_function("tantivy, opening", |bencher| {
        bencher.iter(|| done(strategies::rag(Strategy::Tantivy, &words, &embedder)));
    });
    group.finish();
}

fn corpus(passages: usize) -> TempDir {
    let folder = done(tempfile::tempdir());
    done(strategies::write(folder.path(), passages));
    folder
}

#[expect(clippy::panic, reason = "there is nothing to measure")]
fn done<T, E: fmt::Display>(result: Result<T, E>) -> T {
    result.unwrap_or_else(|error| panic!("the bench cannot begin: {error:#}"))
}

criterion_group!(benches, indexing, retrieval);
criterion_main!(benches);
