use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::future::join;
use futures_util::poll;
use tokio::sync::oneshot;

use super::*;

type Answer = Result<Arc<[f32]>, Unanswered>;

/// A model that answers when it is told to.
#[derive(Default)]
struct Model {
    asked: AtomicUsize,
    waiting: Mutex<Vec<oneshot::Sender<Answer>>>,
}

impl Model {
    fn make(&self) -> impl Future<Output = Answer> + Send + 'static + use<> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        let (answer, answered) = oneshot::channel();
        self.waiting.lock().unwrap().push(answer);
        async move { answered.await.unwrap() }
    }

    fn next(&self) -> oneshot::Sender<Answer> {
        self.waiting.lock().unwrap().remove(0)
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }
}

#[tokio::test]
async fn what_is_asked_twice_at_once_is_made_once_and_remembered() {
    let (model, questions) = (Model::default(), Questions::new(8));
    let alone = questions.vector("by air?", || model.make());
    let in_conversation = questions.vector("by air?", || model.make());
    let answered = async { model.next().send(Ok([1.0].into())).unwrap() };
    let ((alone, in_conversation), ()) = join(join(alone, in_conversation), answered).await;
    let (alone, in_conversation) = (alone.unwrap(), in_conversation.unwrap());
    assert!(Arc::ptr_eq(&alone, &in_conversation));
    let later = questions.vector("by air?", || model.make()).await.unwrap();
    assert_eq!((alone, model.asked()), (later, 1));
}

#[tokio::test]
async fn who_gives_up_takes_nothing_from_the_others() {
    let (model, questions) = (Model::default(), Questions::new(8));
    let mut first = Box::pin(questions.vector("by air?", || model.make()));
    let mut second = Box::pin(questions.vector("by air?", || model.make()));
    assert!(poll!(&mut first).is_pending());
    assert!(poll!(&mut second).is_pending());
    drop(first);
    model.next().send(Ok([1.0].into())).unwrap();
    assert_eq!(*second.await.unwrap(), [1.0]);
    assert_eq!(model.asked(), 1);
}

#[tokio::test]
async fn work_that_nobody_waits_for_is_dropped_and_can_be_asked_for_anew() {
    let (model, questions) = (Model::default(), Questions::new(8));
    let mut asked = Box::pin(questions.vector("by air?", || model.make()));
    assert!(poll!(&mut asked).is_pending());
    drop(asked);
    assert!(model.next().is_closed());
    let mut again = Box::pin(questions.vector("by air?", || model.make()));
    assert!(poll!(&mut again).is_pending());
    model.next().send(Ok([1.0].into())).unwrap();
    assert_eq!(*again.await.unwrap(), [1.0]);
}

#[tokio::test]
async fn a_failure_reaches_all_who_wait_and_is_not_remembered() {
    let (model, questions) = (Model::default(), Questions::new(8));
    let first = questions.vector("by air?", || model.make());
    let second = questions.vector("by air?", || model.make());
    let answered = async { model.next().send(Err(Unanswered::Busy)).unwrap() };
    let ((first, second), ()) = join(join(first, second), answered).await;
    assert!(matches!(first.unwrap_err(), Unanswered::Busy));
    assert!(matches!(second.unwrap_err(), Unanswered::Busy));
    let mut again = Box::pin(questions.vector("by air?", || model.make()));
    assert!(poll!(&mut again).is_pending());
    assert_eq!(model.asked(), 2);
}
