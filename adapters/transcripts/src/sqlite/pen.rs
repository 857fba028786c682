//! The thread that writes: what waits is done in one step.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::oneshot;

use super::fault::Fault;
use crate::writer::{Bound, Gone, Job, Writer};

/// The most bytes of one step.
const BATCH: usize = 1 << 20;

/// Hands work to the thread. Dropping it does what is waiting.
pub(super) struct Pen {
    writer: Writer<Box<dyn Work>>,
}

impl Pen {
    pub(super) fn start(mut store: Connection, gather: Duration) -> io::Result<Self> {
        let bound = Bound {
            gather,
            batch: BATCH,
        };
        let writer = Writer::start(bound, move |works| write(&mut store, works))?;
        Ok(Self { writer })
    }

    /// Answers once the work is done and will not be lost. It may be done again when the step
    /// that it is part of fails.
    pub(super) async fn write<T: Send + 'static>(
        &self,
        size: usize,
        work: impl FnMut(&Connection) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Arc<Fault>> {
        let (answer, outcome) = oneshot::channel();
        let asked = Asked {
            size,
            work,
            done: None,
            answer,
        };
        self.writer.send(Box::new(asked)).await;
        outcome.await.unwrap_or_else(|_| Err(gone()))
    }
}

impl fmt::Debug for Pen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pen").finish_non_exhaustive()
    }
}

/// Something to be done, and who waits for it.
trait Work: Send {
    fn size(&self) -> usize;

    fn run(&mut self, store: &Connection) -> Result<(), Fault>;

    fn answer(self: Box<Self>, outcome: Result<(), Arc<Fault>>);
}

struct Asked<T, F> {
    size: usize,
    work: F,
    done: Option<T>,
    answer: oneshot::Sender<Result<T, Arc<Fault>>>,
}

impl<T, F> Work for Asked<T, F>
where
    T: Send,
    F: FnMut(&Connection) -> Result<T, Fault> + Send,
{
    fn size(&self) -> usize {
        self.size
    }

    fn run(&mut self, store: &Connection) -> Result<(), Fault> {
        self.done = Some((self.work)(store)?);
        Ok(())
    }

    fn answer(self: Box<Self>, outcome: Result<(), Arc<Fault>>) {
        let Self { done, answer, .. } = *self;
        // Who gave up waiting need not know.
        let _ = answer.send(outcome.and_then(|()| done.ok_or_else(gone)));
    }
}

impl Job for Box<dyn Work> {
    fn size(&self) -> usize {
        self.as_ref().size()
    }
}

/// All of it in one step. Where one of the works may be at fault, each in a step of its own.
fn write(store: &mut Connection, works: &mut Vec<Box<dyn Work>>) {
    let outcome = in_one_step(store, works).map_err(Arc::new);
    let alone = match &outcome {
        Ok(()) => false,
        Err(fault) => works.len() > 1 && !fault.kind().is_of_the_file(),
    };
    for mut work in works.drain(..) {
        let outcome = match alone {
            true => in_one_step(store, std::slice::from_mut(&mut work)).map_err(Arc::new),
            false => outcome.clone(),
        };
        work.answer(outcome);
    }
}

fn in_one_step(store: &mut Connection, works: &mut [Box<dyn Work>]) -> Result<(), Fault> {
    let step = store.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for work in works {
        work.run(&step)?;
    }
    Ok(step.commit()?)
}

fn gone() -> Arc<Fault> {
    Arc::new(Gone.into())
}
