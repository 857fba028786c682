//! Copies of a model on threads of their own, with a bounded queue before them.

use std::collections::VecDeque;
use std::fmt;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak, mpsc};
use std::thread;

use tokio::sync::oneshot;

use super::OpenError;

/// Calls come before indexing, and indexing leaves a copy free for them once one has asked.
pub(super) struct Workers<M> {
    shared: Arc<Shared<M>>,
    /// How many questions may wait.
    queue: usize,
}

/// Why work was not done.
#[derive(Debug, thiserror::Error)]
pub(super) enum Refused {
    #[error("too many are waiting")]
    Busy,
    #[error("the model gave up on it")]
    GaveUp,
}

struct Shared<M> {
    waiting: Mutex<Waiting<M>>,
    changed: Condvar,
    copies: usize,
}

struct Waiting<M> {
    questions: VecDeque<Question<M>>,
    passages: VecDeque<Work<M>>,
    /// How many copies are indexing.
    indexing: usize,
    /// Whether a call has asked anything yet.
    asked: bool,
    closed: bool,
}

struct Question<M> {
    work: Work<M>,
    /// Gone when nobody waits for the answer any more.
    asker: Weak<()>,
}

type Work<M> = Box<dyn FnOnce(&mut M) + Send>;

enum Next<M> {
    Question(Work<M>),
    Passages(Work<M>),
}

impl<M: Send + 'static> Workers<M> {
    /// Loads `copies` of a model, and at least one; `name` is for messages. The library below
    /// panics where it is not what it seems; that is a failure to load like any other.
    pub(super) fn open(
        copies: usize,
        queue: usize,
        name: &str,
        mut load: impl FnMut() -> Result<M, OpenError>,
    ) -> Result<Self, OpenError> {
        let failed = |cause| OpenError::Model {
            model: name.to_owned(),
            cause,
        };
        let mut models = Vec::new();
        for _ in 0..copies.max(1) {
            let loaded = catch_unwind(AssertUnwindSafe(&mut load));
            models.push(loaded.map_err(|_| failed("the ONNX runtime panicked".into()))??);
        }
        Self::new(models, queue.max(1)).map_err(|error| failed(Box::new(error)))
    }

    pub(super) fn new(models: Vec<M>, queue: usize) -> io::Result<Self> {
        let shared = Arc::new(Shared {
            waiting: Mutex::new(Waiting {
                questions: VecDeque::new(),
                passages: VecDeque::new(),
                indexing: 0,
                asked: false,
                closed: false,
            }),
            changed: Condvar::new(),
            copies: models.len(),
        });
        // Made first, so that threads end when a later one cannot be started.
        let workers = Self {
            shared: Arc::clone(&shared),
            queue,
        };
        for mut model in models {
            let shared = Arc::clone(&shared);
            thread::Builder::new()
                .name("model".to_owned())
                .spawn(move || shared.work(&mut model))?;
        }
        Ok(workers)
    }

    /// Has a question answered; dropping the future takes it back.
    pub(super) async fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut M) -> T + Send + 'static,
    ) -> Result<T, Refused> {
        let (answer, answered) = oneshot::channel();
        let asker = Arc::new(());
        let question = Question {
            work: Box::new(move |model: &mut M| drop(answer.send(work(model)))),
            asker: Arc::downgrade(&asker),
        };
        {
            let mut waiting = self.shared.lock();
            waiting.asked = true;
            if waiting.questions.len() >= self.queue {
                waiting.questions.retain(Question::is_wanted);
            }
            if waiting.questions.len() >= self.queue {
                return Err(Refused::Busy);
            }
            waiting.questions.push_back(question);
        }
        self.shared.changed.notify_one();
        let answer = answered.await.map_err(|_| Refused::GaveUp);
        drop(asker);
        answer
    }

    /// Has the parts of an index done, and waits for all of them; their results come in order.
    pub(super) fn index<T: Send + 'static>(
        &self,
        parts: Vec<impl FnOnce(&mut M) -> T + Send + 'static>,
    ) -> Result<Vec<T>, Refused> {
        let answers: Vec<_> = {
            let mut waiting = self.shared.lock();
            parts
                .into_iter()
                .map(|part| {
                    let (answer, answered) = mpsc::sync_channel(1);
                    waiting.passages.push_back(Box::new(move |model: &mut M| {
                        drop(answer.send(part(model)))
                    }));
                    answered
                })
                .collect()
        };
        self.shared.changed.notify_all();
        answers
            .into_iter()
            .map(|answered| answered.recv().map_err(|_| Refused::GaveUp))
            .collect()
    }
}

impl<M> Shared<M> {
    fn work(&self, model: &mut M) {
        while let Some(next) = self.next() {
            let (work, indexed) = match next {
                Next::Question(work) => (work, 0),
                Next::Passages(work) => (work, 1),
            };
            // Whoever waits hears that nobody answers, and the next one finds a worker.
            if catch_unwind(AssertUnwindSafe(|| work(model))).is_err() {
                tracing::error!("a model panicked");
            }
            self.lock().indexing -= indexed;
        }
    }

    /// Waits for what to do next; none when there will be nothing any more.
    fn next(&self) -> Option<Next<M>> {
        let mut waiting = self.lock();
        loop {
            if waiting.closed {
                return None;
            }
            while let Some(question) = waiting.questions.pop_front() {
                if question.is_wanted() {
                    return Some(Next::Question(question.work));
                }
            }
            let kept_free = usize::from(waiting.asked && self.copies > 1);
            if waiting.indexing < self.copies - kept_free
                && let Some(work) = waiting.passages.pop_front()
            {
                waiting.indexing += 1;
                return Some(Next::Passages(work));
            }
            waiting = self
                .changed
                .wait(waiting)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Lets the threads end, and whoever waits hear that nobody answers.
    fn close(&self) {
        let mut waiting = self.lock();
        waiting.closed = true;
        waiting.questions.clear();
        waiting.passages.clear();
        drop(waiting);
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, Waiting<M>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<M> Question<M> {
    fn is_wanted(&self) -> bool {
        self.asker.strong_count() > 0
    }
}

impl<M> Drop for Workers<M> {
    fn drop(&mut self) {
        self.shared.close();
    }
}

impl<M> fmt::Debug for Workers<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Workers")
            .field("copies", &self.shared.copies)
            .field("queue", &self.queue)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
