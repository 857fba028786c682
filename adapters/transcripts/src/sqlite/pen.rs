//! The thread that writes: what waits is done in one step.

use std::fmt;
use std::io;
use std::path::Path;
use std::sync::Arc;

use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::oneshot;

use super::anew::Place;
use super::fault::{Fault, Kind, Trouble};
use super::opening::OpenError;
use crate::writer::{Bound, Job, Unwritten, Writer};

/// What becomes of something while the file cannot be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Patience {
    /// It is done when the file can be written again, also when nobody waits for it.
    Lasting,
    /// It fails, and who asked for it may ask again.
    Short,
}

/// Hands work to the thread. Dropping it does what is waiting.
pub(super) struct Pen {
    writer: Writer<Box<dyn Work>>,
}

impl Pen {
    /// `path` is what errors name. With a place, a new file is begun there when this one is damaged.
    pub(super) fn start(
        store: Connection,
        path: Arc<Path>,
        place: Option<Place>,
        bound: Bound,
    ) -> io::Result<Self> {
        let mut book = Book {
            store,
            path,
            place,
            damaged: false,
        };
        let writer = Writer::start(bound, move |works| book.write(works))?;
        Ok(Self { writer })
    }

    /// Answers once the work is done and will not be lost. It may be done again when the step
    /// that it is part of fails.
    pub(super) async fn write<T: Send + 'static>(
        &self,
        patience: Patience,
        size: usize,
        work: impl FnMut(&Connection) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Arc<Fault>> {
        let (answer, outcome) = oneshot::channel();
        let asked = Asked {
            patience,
            size,
            work,
            done: None,
            answer,
        };
        let sent = self.writer.send(Box::new(asked));
        sent.map_err(|error| Arc::new(error.into()))?;
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
    fn patience(&self) -> Patience;

    fn size(&self) -> usize;

    fn run(&mut self, store: &Connection) -> Result<(), Fault>;

    fn answer(self: Box<Self>, outcome: Result<(), Arc<Fault>>);
}

struct Asked<T, F> {
    patience: Patience,
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
    fn patience(&self) -> Patience {
        self.patience
    }

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
    type Trouble = Trouble;

    fn size(&self) -> usize {
        self.as_ref().size()
    }

    fn is_patient(&self) -> bool {
        self.patience() == Patience::Lasting
    }

    fn fail(self, trouble: &Trouble) {
        self.answer(Err(Arc::clone(&trouble.fault)));
    }
}

/// The file, as the thread has it.
struct Book {
    store: Connection,
    path: Arc<Path>,
    place: Option<Place>,
    /// It is damaged or lost, and that was said.
    damaged: bool,
}

impl Book {
    /// All of it in one step. Where one of the works may be at fault, each in a step of its own.
    fn write(&mut self, works: &mut Vec<Box<dyn Work>>) -> Result<(), Trouble> {
        match self.attempt(works) {
            Ok(()) => {
                for work in works.drain(..) {
                    work.answer(Ok(()));
                }
                return Ok(());
            }
            Err(fault) if fault.kind().passes() => return Err(self.trouble(fault)),
            Err(_) => {}
        }
        let mut alone = std::mem::take(works).into_iter();
        while let Some(mut work) = alone.next() {
            match self.attempt(std::slice::from_mut(&mut work)) {
                Ok(()) => work.answer(Ok(())),
                Err(fault) if fault.kind().passes() => {
                    works.push(work);
                    works.extend(alone);
                    return Err(self.trouble(fault));
                }
                Err(fault) => {
                    let trouble = self.trouble(fault);
                    self.tell(&*work, &trouble);
                    work.fail(&trouble);
                }
            }
        }
        Ok(())
    }

    /// In one step, in a new file when the old one is damaged.
    fn attempt(&mut self, works: &mut [Box<dyn Work>]) -> Result<(), Fault> {
        match self.in_one_step(works) {
            Err(fault) if self.begins_anew(&fault)? => self.in_one_step(works),
            outcome => outcome,
        }
    }

    fn in_one_step(&mut self, works: &mut [Box<dyn Work>]) -> Result<(), Fault> {
        if self.place.as_ref().is_some_and(Place::is_lost) {
            return Err(Fault::Lost);
        }
        let immediate = TransactionBehavior::Immediate;
        let step = self.store.transaction_with_behavior(immediate)?;
        for work in works {
            work.run(&step)?;
        }
        Ok(step.commit()?)
    }

    /// Whether there is a new file now in place of one that is damaged.
    fn begins_anew(&mut self, fault: &Fault) -> Result<bool, OpenError> {
        let place = self.place.as_mut().filter(|_| fault.is_of_the_file());
        let new = place.map(|place| place.begin_anew(&self.store, fault));
        let new = new.transpose()?.flatten();
        let begun = new.is_some();
        if let Some(new) = new {
            self.store = new;
        }
        Ok(begun)
    }

    /// Says once that entries are lost because the file is damaged or lost itself. Who asked for
    /// anything else says so.
    fn tell(&mut self, work: &dyn Work, trouble: &Trouble) {
        if work.patience() == Patience::Lasting
            && matches!(trouble.fault.kind(), Kind::Damaged | Kind::Lost)
            && !std::mem::replace(&mut self.damaged, true)
        {
            let error = voicera::ports::chain(trouble);
            tracing::error!(error, "entries cannot be written and are lost");
        }
    }

    fn trouble(&self, fault: Fault) -> Trouble {
        Trouble {
            path: Arc::clone(&self.path),
            fault: Arc::new(fault),
        }
    }
}

fn gone() -> Arc<Fault> {
    Arc::new(Unwritten::Gone.into())
}
