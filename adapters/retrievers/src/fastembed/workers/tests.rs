use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::*;

/// A model that works when it is told to.
struct Told {
    started: Sender<&'static str>,
    go: Arc<Mutex<Receiver<()>>>,
}

impl Told {
    fn work(&self, name: &'static str) -> &'static str {
        self.started.send(name).unwrap();
        let go = self.go.lock().unwrap();
        go.recv_timeout(Duration::from_secs(60)).unwrap();
        name
    }
}

#[tokio::test]
async fn work_beyond_the_bound_is_refused_and_what_nobody_waits_for_makes_room() {
    let (workers, started, go) = workers(1, 2);
    let first = spawn(&workers, "first");
    assert_eq!(next(&started).await, "first");
    let second = spawn(&workers, "second");
    let third = spawn(&workers, "third");
    while workers.shared.lock().questions.len() < 2 {
        tokio::task::yield_now().await;
    }
    let refused = workers.ask(|model| model.work("fourth")).await;
    assert!(matches!(refused, Err(Refused::Busy)));

    second.abort();
    assert!(second.await.unwrap_err().is_cancelled());
    let fifth = spawn(&workers, "fifth");
    for _ in 0..3 {
        go.send(()).unwrap();
    }
    assert_eq!(first.await.unwrap().unwrap(), "first");
    assert_eq!(third.await.unwrap().unwrap(), "third");
    assert_eq!(fifth.await.unwrap().unwrap(), "fifth");
    assert_eq!(started.try_iter().collect::<Vec<_>>(), ["third", "fifth"]);
}

#[tokio::test]
async fn calls_come_before_indexing() {
    let (workers, started, go) = workers(1, 8);
    let indexing = index(&workers, &["one", "two"]);
    assert_eq!(next(&started).await, "one");
    let question = spawn(&workers, "question");
    while workers.shared.lock().questions.is_empty() {
        tokio::task::yield_now().await;
    }
    for _ in 0..3 {
        go.send(()).unwrap();
    }
    assert_eq!(indexing.await.unwrap().unwrap(), ["one", "two"]);
    assert_eq!(question.await.unwrap().unwrap(), "question");
    assert_eq!(started.try_iter().collect::<Vec<_>>(), ["question", "two"]);
}

#[tokio::test]
async fn once_a_call_has_asked_indexing_leaves_a_copy_free() {
    let (workers, started, go) = workers(2, 8);
    go.send(()).unwrap();
    assert_eq!(
        spawn(&workers, "question").await.unwrap().unwrap(),
        "question"
    );
    assert_eq!(next(&started).await, "question");
    let indexing = index(&workers, &["one", "two"]);
    assert_eq!(next(&started).await, "one");
    let question = spawn(&workers, "another");
    assert_eq!(next(&started).await, "another");
    for _ in 0..3 {
        go.send(()).unwrap();
    }
    assert_eq!(question.await.unwrap().unwrap(), "another");
    assert_eq!(indexing.await.unwrap().unwrap(), ["one", "two"]);
}

#[tokio::test]
async fn a_panic_is_an_answer_and_the_next_question_finds_the_worker() {
    let (workers, _started, go) = workers(1, 8);
    let panicked = workers.ask(|_| -> () { panic!("on purpose") }).await;
    assert!(matches!(panicked, Err(Refused::GaveUp)));
    go.send(()).unwrap();
    assert_eq!(
        workers.ask(|model| model.work("next")).await.unwrap(),
        "next"
    );
}

#[tokio::test]
async fn a_panic_while_loading_is_an_error() {
    let load = || -> Result<Told, OpenError> { panic!("on purpose") };
    let error = Workers::open(1, 1, "tiny", load).unwrap_err();
    expect_test::expect!["the model `tiny` cannot be loaded: the ONNX runtime panicked"]
        .assert_eq(&voicera::ports::chain(&error));
}

#[tokio::test]
async fn what_waits_when_the_model_goes_hears_so() {
    let (workers, started, go) = workers(1, 8);
    let indexing = index(&workers, &["one", "two"]);
    assert_eq!(next(&started).await, "one");
    let shared = Arc::clone(&workers.shared);
    // The task holds the workers too.
    shared.close();
    go.send(()).unwrap();
    assert!(matches!(indexing.await.unwrap(), Err(Refused::GaveUp)));
}

type Answer<T> = tokio::task::JoinHandle<Result<T, Refused>>;

fn workers(
    copies: usize,
    queue: usize,
) -> (Arc<Workers<Told>>, Receiver<&'static str>, Sender<()>) {
    let (starts, started) = channel();
    let (go, goes) = channel();
    let goes = Arc::new(Mutex::new(goes));
    let models = (0..copies).map(|_| Told {
        started: starts.clone(),
        go: Arc::clone(&goes),
    });
    let workers = Workers::new(models.collect(), queue).unwrap();
    (Arc::new(workers), started, go)
}

fn spawn(workers: &Arc<Workers<Told>>, name: &'static str) -> Answer<&'static str> {
    let workers = Arc::clone(workers);
    tokio::spawn(async move { workers.ask(move |model| model.work(name)).await })
}

fn index(workers: &Arc<Workers<Told>>, names: &[&'static str]) -> Answer<Vec<&'static str>> {
    let workers = Arc::clone(workers);
    let parts: Vec<_> = names
        .iter()
        .map(|&name| move |model: &mut Told| model.work(name))
        .collect();
    tokio::task::spawn_blocking(move || workers.index(parts))
}

/// What is started next, while tasks go on.
async fn next(started: &Receiver<&'static str>) -> &'static str {
    let bound = Duration::from_secs(60);
    let poll = async {
        loop {
            if let Ok(name) = started.try_recv() {
                return name;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(bound, poll).await.unwrap()
}
