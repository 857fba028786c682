//! What does it cost to make a token speakable, in prose and where much has to be rewritten?

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use voicera::speech::{Formatter, Speech, Style};
use voicera::words::Language;
use voicera_benches::{PROSE, SYMBOLS, tokens};

fn replies(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("speech");
    group.warm_up_time(Duration::from_millis(500));
    group.measurement_time(Duration::from_secs(2));
    let language = Language::default();
    for (name, reply) in [("prose", PROSE), ("symbols", SYMBOLS)] {
        let tokens = tokens(reply);
        group.throughput(Throughput::Elements(tokens.len() as u64));
        for (formatting, format) in [("formatted", true), ("as written", false)] {
            let style = Style { format, pace: 15.0 };
            group.bench_function(format!("{name}, {formatting}"), |bencher| {
                bencher.iter(|| {
                    let mut formatter = Formatter::new(&style, &language);
                    let mut spoken = Speech::default();
                    for token in &tokens {
                        formatter.push(black_box(token), &mut spoken);
                    }
                    formatter.finish(&mut spoken);
                    black_box(spoken)
                });
            });
        }
    }
    group.finish();
}

criterion_group!(benches, replies);
criterion_main!(benches);
