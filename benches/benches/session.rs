//! What does a whole turn cost the session, from the utterance to the end of the voice?
//!
//! One call goes on for the length of the bench, so its history is as long as it may be.

use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use voicera::ports::language_model::{Piece, Usage};
use voicera::ports::retriever::Findings;
use voicera::profile::Profile;
use voicera::session::{Action, Event, Session};
use voicera::testing::call;
use voicera::transport::Input;
use voicera::words::{Offset, Opening, Turn, Utterance};
use voicera_benches::{PROSE, tokens};

fn turns(criterion: &mut Criterion) {
    let tokens = tokens(PROSE);
    let mut group = criterion.benchmark_group("session");
    group.warm_up_time(Duration::from_millis(500));
    group.measurement_time(Duration::from_secs(2));
    group.throughput(Throughput::Elements(1));
    for (name, format, played) in [
        ("turn", false, false),
        ("turn, formatted", true, false),
        (
            "turn, formatted, every token reported as played",
            true,
            true,
        ),
    ] {
        let mut call = Call::begin(format);
        let id = BenchmarkId::new(name, format!("{} tokens", tokens.len()));
        group.bench_function(id, |bencher| {
            bencher.iter(|| call.turn(&tokens, played));
        });
    }
    let mut call = Call::begin(true);
    let heard = tokens.split_at(tokens.len() / 2).0;
    let id = BenchmarkId::new("interrupted turn", format!("{} tokens", heard.len()));
    group.bench_function(id, |bencher| bencher.iter(|| call.interrupted(heard)));
    group.finish();
}

/// A call that has been going on for a while.
struct Call {
    session: Session,
    turn: Turn,
    now: Offset,
}

impl Call {
    fn begin(format: bool) -> Self {
        let mut profile: Profile = call::profile();
        profile.style.format = format;
        profile.bounds.turns = u32::MAX;
        profile.bounds.duration = Duration::MAX;
        profile.bounds.history_turns = 12;
        profile.bounds.reply_bytes = 8192;
        let opening = Opening::GreetedByCarrier;
        let (session, _) = Session::begin(call::call(), opening, Arc::new(profile), "".into());
        Self {
            session,
            turn: Turn::default(),
            now: Duration::from_secs(5),
        }
    }

    fn turn(&mut self, tokens: &[&str], played: bool) {
        self.ask();
        for token in tokens {
            self.write(token);
        }
        self.handle(Event::Wrote(self.turn, Piece::Usage(usage())));
        self.handle(Event::Written(self.turn));
        self.handle(Event::Input(Input::VoiceStarted));
        for token in tokens.iter().filter(|_| played) {
            self.handle(Event::Input(Input::Played((*token).to_owned())));
        }
        self.handle(Event::Input(Input::VoiceStopped));
    }

    fn interrupted(&mut self, tokens: &[&str]) {
        self.ask();
        for token in tokens {
            self.write(token);
        }
        let heard = tokens.concat();
        self.handle(Event::Input(Input::Interrupted {
            heard: Some(heard),
            after: Some(Duration::from_secs(3)),
        }));
    }

    fn ask(&mut self) {
        self.now += Duration::from_secs(5);
        self.turn = self.turn.next();
        let question = "How long does ocean freight from Shanghai take?";
        let actions = self.handle(Event::Input(Input::Utterance(Utterance::new(question))));
        let asks =
            |action: &Action| matches!(action, Action::Retrieve(turn, _) if *turn == self.turn);
        assert!(actions.iter().any(asks), "the turns are out of step");
        self.handle(Event::Retrieved(self.turn, Some(Findings::default())));
    }

    fn write(&mut self, token: &str) {
        self.now += Duration::from_millis(20);
        self.handle(Event::Wrote(self.turn, Piece::Text(token.to_owned())));
    }

    fn handle(&mut self, event: Event) -> Vec<Action> {
        let actions = black_box(self.session.handle(black_box(event), self.now));
        black_box(self.session.deadline());
        actions
    }
}

fn usage() -> Usage {
    Usage {
        model: "scripted".to_owned(),
        prompt_tokens: Some(1000),
        cached_tokens: None,
        reply_tokens: Some(60),
    }
}

criterion_group!(benches, turns);
criterion_main!(benches);
