//! What does it cost to put a prompt together, with a briefing and with passages?
//!
//! The history is twelve turns long, some of them interrupted.

use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use voicera::ports::retriever::{Passage, Source};
use voicera::prompt::Prompt;
use voicera::words::{Language, Line, Speaker};
use voicera_benches::{PROSE, SYMBOLS};

/// As large as the briefing of the sample knowledge base.
const BRIEFING: usize = 48 * 1024;

const TURNS: usize = 12;

fn prompts(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("prompt");
    group.warm_up_time(Duration::from_millis(500));
    group.measurement_time(Duration::from_secs(2));
    let briefing = SYMBOLS.repeat(BRIEFING / SYMBOLS.len());
    let with_briefing = prompt(&briefing, Vec::new());
    group.bench_function("a briefing of 48 KiB", |bencher| {
        bencher.iter(|| black_box(black_box(&with_briefing).messages().len()));
    });
    let with_passages = prompt("", vec![passage(); 5]);
    group.bench_function("five passages", |bencher| {
        bencher.iter(|| black_box(black_box(&with_passages).messages().len()));
    });
    group.finish();
}

fn prompt(briefing: &str, passages: Vec<Passage>) -> Prompt {
    Prompt {
        instructions: "You answer the phone. Be brief.".into(),
        briefing: briefing.into(),
        history: (0..TURNS).flat_map(exchange).collect(),
        passages,
        utterance: "How long does ocean freight from Shanghai take?".to_owned(),
        language: Language::default(),
        said: String::new(),
        tools: Arc::from([]),
    }
}

fn exchange(turn: usize) -> [Line; 2] {
    let asked = Line {
        speaker: Speaker::Caller,
        text: "And how much is it?".into(),
        cut_off: false,
    };
    let said = Line {
        speaker: Speaker::Agent,
        text: PROSE.into(),
        cut_off: turn.is_multiple_of(4),
    };
    [asked, said]
}

fn passage() -> Passage {
    Passage {
        id: "p".to_owned(),
        text: PROSE.repeat(3),
        source: Source {
            document: "ocean-freight.md".to_owned(),
            headings: vec!["Ocean freight".to_owned(), "Transit times".to_owned()],
            span: None,
        },
        score: 0.5,
    }
}

criterion_group!(benches, prompts);
criterion_main!(benches);
