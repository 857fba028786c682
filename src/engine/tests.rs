//! The engine over fakes, with the clock paused.

use std::fmt;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use expect_test::{Expect, expect};
use futures_channel::mpsc::{self, UnboundedReceiver, UnboundedSender};
use futures_util::{SinkExt as _, stream};
use tokio::time::{advance, sleep, sleep_until};

use super::*;
use crate::ports::transcript_sink::{Entry, SinkError};
use crate::ports::{Retriever, TranscriptSink};
use crate::testing::call::{call, profile};
use crate::testing::language_model::{Scripted, Step};
use crate::testing::retriever::Shelf;
use crate::testing::transcript_sink::Notebook;
use crate::words::Utterance;

#[tokio::test(start_paused = true)]
async fn a_call_is_held_from_its_answer_to_its_ending() {
    let reply = vec![
        Step::Pause(Duration::from_millis(300)),
        Step::Text("It takes"),
        Step::Pause(Duration::from_millis(50)),
        Step::Text(" 18 to"),
        Step::Text(" 20 days."),
    ];
    let script = [(2_000, says("How long?")), (9_000, Input::HungUp)];
    check(
        &Shelf::of(&["Days"]),
        &Scripted::new("a", [reply]),
        &script,
        expect![[r#"
            2.30 Say(Say { turn: Turn(1), text: "It takes", interruptible: true })
            2.35 Say(Say { turn: Turn(1), text: " 18 to 20 days.", interruptible: true })
            2.35 Finish(Turn(1))
            HungUp, 5 entries
        "#]],
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_search_that_takes_too_long_is_dropped() {
    let slow = Shelf {
        delay: Duration::from_secs(60),
        ..Shelf::default()
    };
    let model = Scripted::new("a", [vec![Step::Text("Without.")]]);
    check(
        &slow,
        &model,
        &[(2_000, says("How long?")), (4_000, Input::HungUp)],
        expect![[r#"
            2.50 Say(Say { turn: Turn(1), text: "Without.", interruptible: true })
            2.50 Finish(Turn(1))
            HungUp, 5 entries
        "#]],
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn failures_are_facts_and_the_caller_hears_a_sentence() {
    let broken = Shelf {
        broken: true,
        ..Shelf::default()
    };
    let model = Scripted::new("a", [vec![Step::Fail]]);
    check(
        &broken,
        &model,
        &[(2_000, says("How long?")), (4_000, Input::HungUp)],
        expect![[r#"
            2.00 Say(Say { turn: Turn(1), text: "Sorry, I cannot answer.", interruptible: true })
            2.00 Finish(Turn(1))
            HungUp, 5 entries
        "#]],
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_caller_who_is_gone_ends_the_call() {
    let model = Scripted::new("a", [vec![Step::Hang]]);
    check(
        &Shelf::default(),
        &model,
        &[(2_000, says("How long?"))],
        expect![[r#"
            HungUp, 4 entries
        "#]],
    )
    .await;
    assert_eq!(model.open(), 0, "the reply is still being written");
}

#[tokio::test(start_paused = true)]
async fn an_interruption_drops_the_reply_at_once() {
    let words = [
        Step::Text("One. "),
        Step::Pause(Duration::from_secs(1)),
        Step::Text("Two. "),
        Step::Hang,
    ];
    let model = Scripted::new("a", [words.to_vec()]);
    let (caller, mut line, conversation) = live(&model, Arc::new(Notebook::default()));
    tokio::pin!(conversation);
    caller.unbounded_send(says("Count!")).unwrap();
    run(&mut conversation, Duration::from_millis(1500)).await;
    assert_eq!(model.open(), 1);
    let interrupted = Input::Interrupted {
        heard: Some("One.".to_owned()),
        after: None,
    };
    caller.unbounded_send(interrupted).unwrap();
    run(&mut conversation, Duration::ZERO).await;
    assert_eq!(model.open(), 0, "the vendor still writes");
    let said: Vec<Output> = std::iter::from_fn(|| line.try_recv().ok()).collect();
    assert_eq!(
        said.last(),
        Some(&Output::Abandon(crate::words::Turn(1))),
        "{said:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn dropping_the_conversation_drops_everything_in_flight() {
    let model = Scripted::new("a", [vec![Step::Text("One. "), Step::Hang]]);
    let (caller, _line, conversation) = live(&model, Arc::new(Notebook::default()));
    let mut conversation = Box::pin(conversation);
    caller.unbounded_send(says("Count!")).unwrap();
    run(&mut conversation, Duration::from_secs(1)).await;
    assert_eq!(model.open(), 1);
    drop(conversation);
    assert_eq!(model.open(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_sink_that_hangs_costs_the_caller_nothing() {
    let model = Scripted::new("a", [vec![Step::Text("Days.")]]);
    let (caller, mut line, conversation) = live(&model, Arc::new(Hanging));
    let mut conversation = Box::pin(conversation);
    caller.unbounded_send(says("How long?")).unwrap();
    run(&mut conversation, Duration::ZERO).await;
    assert!(
        matches!(line.try_recv(), Ok(Output::Say(_))),
        "the reply waits for the transcript"
    );
    caller.unbounded_send(Input::HungUp).unwrap();
    let begun = now();
    assert_eq!(conversation.await.ending, Ending::HungUp);
    assert_eq!(begun.elapsed(), profile().bounds.drain);
}

#[tokio::test(start_paused = true)]
async fn a_sink_that_hangs_moves_no_word_of_any_turn() {
    let with_a_notebook = words_of_a_long_call(Arc::new(Notebook::default())).await;
    let with_one_that_hangs = words_of_a_long_call(Arc::new(Hanging)).await;
    assert_eq!(with_a_notebook.len(), 300);
    assert_eq!(with_a_notebook, with_one_that_hangs);
}

#[tokio::test(start_paused = true)]
async fn what_waits_when_a_call_is_over_is_left_to_the_sink() {
    let warnings = Warnings::default();
    let _guard = tracing::subscriber::set_default(warnings.clone());
    let slow = Arc::new(Slow::default());
    let model = Scripted::new("a", [vec![Step::Text("Days.")]]);
    let (caller, _line, conversation) = live(&model, slow.clone());
    caller.unbounded_send(says("How long?")).unwrap();
    caller.close_channel();
    conversation.await;
    assert_eq!(slow.notebook.entries().len(), 4);
    assert_eq!(*warnings.0.lock().unwrap(), "", "nothing is lost");
}

#[tokio::test(start_paused = true)]
async fn what_the_sink_cannot_hold_is_counted_when_the_call_is_over() {
    let warnings = Warnings::default();
    let _guard = tracing::subscriber::set_default(warnings.clone());
    let model = Scripted::new("a", [vec![Step::Text("Days.")]]);
    let (caller, _line, conversation) = live(&model, Arc::new(Stuffed));
    caller.unbounded_send(says("How long?")).unwrap();
    caller.close_channel();
    conversation.await;
    expect![[r#"
        message: entries of the transcript are lost
        entries: 4
    "#]]
    .assert_eq(&warnings.0.lock().unwrap());
}

#[tokio::test(start_paused = true)]
async fn an_entry_is_offered_again_and_the_order_is_kept() {
    let flaky = Arc::new(Flaky::default());
    let model = Scripted::new("a", [vec![Step::Text("Days.")]]);
    let (caller, _line, conversation) = live(&model, flaky.clone());
    caller.unbounded_send(says("How long?")).unwrap();
    caller.close_channel();
    conversation.await;
    let kept: Vec<u32> = flaky
        .notebook
        .entries()
        .iter()
        .map(|entry| entry.sequence)
        .collect();
    assert_eq!(kept, [0, 1, 2, 3]);
}

#[tokio::test(start_paused = true)]
async fn a_line_that_takes_nothing_is_given_up() {
    let model = Scripted::new("a", [vec![Step::Text("Days.")]]);
    let ports = ports(&Shelf::default(), &model, Arc::new(Notebook::default()));
    let incoming = stream::once(async { says("How long?") }).chain(stream::pending());
    let (outgoing, _kept) = mpsc::channel::<Output>(0);
    let mut stuffed = outgoing.clone();
    stuffed.try_send(Output::Press("0".to_owned())).unwrap();
    let begun = now();
    let conversation = converse(
        call(),
        Opening::Greet,
        Arc::new(profile()),
        ports,
        incoming,
        stuffed,
    );
    let Ending::Failed(why) = conversation.await.ending else {
        panic!("the line is stuck and nobody noticed");
    };
    assert_eq!(why, "the line took nothing for 10s");
    assert!(begun.elapsed() < Duration::from_secs(30));
}

/// Holds a call with the inputs at their times, in milliseconds, and compares what the caller
/// hears and when.
#[tokio::test(start_paused = true)]
async fn an_utterance_over_the_limit_is_logged_once_without_its_words() {
    let warnings = Warnings::default();
    let _guard = tracing::subscriber::set_default(warnings.clone());
    check(
        &Shelf::default(),
        &Scripted::new("a", [vec![Step::Text("Yes.")]]),
        &[(2_000, says(&"word ".repeat(60))), (9_000, Input::HungUp)],
        expect![[r#"
            2.00 Say(Say { turn: Turn(1), text: "Yes.", interruptible: true })
            2.00 Finish(Turn(1))
            HungUp, 5 entries
        "#]],
    )
    .await;
    expect![[r#"
        message: an utterance is longer than it may be and is cut
        bytes: 300
        limit: 200
    "#]]
    .assert_eq(&warnings.0.lock().unwrap());
}

async fn check(shelf: &Shelf, model: &Scripted, script: &[(u64, Input)], expected: Expect) {
    let begun = now();
    let notebook = Notebook::default();
    let ports = ports(shelf, model, Arc::new(notebook.clone()));
    let inputs = stream::iter(script.to_vec()).then(move |(at, input)| async move {
        sleep_until(begun + Duration::from_millis(at)).await;
        input
    });
    let (outgoing, line) = mpsc::unbounded();
    let outgoing = outgoing.with(move |output: Output| async move {
        Ok::<_, mpsc::SendError>((begun.elapsed(), output))
    });
    let incoming = inputs.chain(stream::once(async {
        sleep(Duration::from_secs(1)).await;
        Input::HungUp
    }));
    let conversation = converse(
        call(),
        Opening::GreetedByCarrier,
        Arc::new(profile()),
        ports,
        incoming,
        Box::pin(outgoing),
    )
    .await;
    let line: Vec<_> = line.collect().await;
    let mut trace = String::new();
    for (at, output) in line {
        trace.push_str(&format!("{:.2} {output:?}\n", at.as_secs_f64()));
    }
    trace.push_str(&format!(
        "{:?}, {} entries\n",
        conversation.ending,
        notebook.entries().len()
    ));
    expected.assert_eq(&trace);
}

/// A call whose caller is moved by hand.
fn live(
    model: &Scripted,
    sink: Arc<dyn TranscriptSink>,
) -> (
    UnboundedSender<Input>,
    UnboundedReceiver<Output>,
    impl Future<Output = Conversation> + use<>,
) {
    let (caller, incoming) = mpsc::unbounded();
    let (outgoing, line) = mpsc::unbounded();
    let ports = ports(&Shelf::default(), model, sink);
    let opening = Opening::GreetedByCarrier;
    let conversation = converse(
        call(),
        opening,
        Arc::new(profile()),
        ports,
        incoming,
        outgoing,
    );
    (caller, line, conversation)
}

/// What the caller hears in a call of a hundred turns, and when.
async fn words_of_a_long_call(sink: Arc<dyn TranscriptSink>) -> Vec<(Duration, Output)> {
    let begun = now();
    let reply = vec![
        Step::Pause(Duration::from_millis(300)),
        Step::Text("It takes 18 days. "),
        Step::Pause(Duration::from_millis(50)),
        Step::Text("Or 20."),
    ];
    let model = Scripted::new("a", vec![reply; 100]);
    let ports = ports(&Shelf::default(), &model, sink);
    let said = stream::iter(0..100).then(|_| async {
        sleep(Duration::from_secs(5)).await;
        says("How long?")
    });
    let (outgoing, line) = mpsc::unbounded();
    let outgoing = outgoing.with(move |output: Output| async move {
        Ok::<_, mpsc::SendError>((begun.elapsed(), output))
    });
    let last = stream::once(async {
        sleep(Duration::from_secs(5)).await;
        Input::HungUp
    });
    converse(
        call(),
        Opening::GreetedByCarrier,
        Arc::new(profile()),
        ports,
        said.chain(last),
        Box::pin(outgoing),
    )
    .await;
    line.collect().await
}

fn ports(shelf: &Shelf, model: &Scripted, sink: Arc<dyn TranscriptSink>) -> Ports {
    let retriever: Arc<dyn Retriever> = Arc::new(shelf.clone());
    Ports::new(retriever, Arc::new(model.clone()), sink)
}

/// Lets the conversation go on for a while, which it must not end in.
async fn run(conversation: &mut (impl Future<Output = Conversation> + Unpin), time: Duration) {
    let pause = async {
        tokio::task::yield_now().await;
        advance(time).await;
        tokio::task::yield_now().await;
    };
    tokio::select! {
        biased;
        ended = conversation => panic!("the call is over: {ended:?}"),
        () = pause => {}
    }
}

fn says(text: &str) -> Input {
    Input::Utterance(Utterance::new(text))
}

/// Never takes an entry, and never refuses one.
#[derive(Debug)]
struct Hanging;

#[async_trait]
impl TranscriptSink for Hanging {
    async fn append(&self, _entry: &Entry) -> Result<(), SinkError> {
        std::future::pending().await
    }
}

/// Takes every entry at once, and does not answer while the disk is full.
#[derive(Debug, Default)]
struct Slow {
    notebook: Notebook,
}

#[async_trait]
impl TranscriptSink for Slow {
    async fn append(&self, entry: &Entry) -> Result<(), SinkError> {
        self.notebook.append(entry).await?;
        std::future::pending().await
    }
}

/// Holds as much as it can already.
#[derive(Debug)]
struct Stuffed;

#[async_trait]
impl TranscriptSink for Stuffed {
    async fn append(&self, _entry: &Entry) -> Result<(), SinkError> {
        Err(SinkError::Unavailable("enough".into()))
    }
}

/// Takes every entry at the second try.
#[derive(Debug, Default)]
struct Flaky {
    tries: AtomicU32,
    notebook: Notebook,
}

#[async_trait]
impl TranscriptSink for Flaky {
    async fn append(&self, entry: &Entry) -> Result<(), SinkError> {
        if self.tries.fetch_add(1, Ordering::SeqCst).is_multiple_of(2) {
            return Err(SinkError::Unavailable("try again".into()));
        }
        self.notebook.append(entry).await
    }
}

/// Writes down what is logged at `warn`.
#[derive(Clone, Debug, Default)]
struct Warnings(Arc<Mutex<String>>);

impl tracing::Subscriber for Warnings {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        *metadata.level() == tracing::Level::WARN
    }

    fn event(&self, event: &tracing::Event<'_>) {
        let mut warnings = self.0.lock().unwrap();
        event.record(
            &mut |field: &tracing::field::Field, value: &dyn fmt::Debug| {
                warnings.push_str(&format!("{field}: {value:?}\n"));
            },
        );
    }

    fn new_span(&self, _: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        tracing::span::Id::from_u64(1)
    }

    fn record(&self, _: &tracing::span::Id, _: &tracing::span::Record<'_>) {}

    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}

    fn enter(&self, _: &tracing::span::Id) {}

    fn exit(&self, _: &tracing::span::Id) {}
}
