//! The task that writes: what waits is done in one transaction, in the order it came.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use sqlx::{Connection as _, PgConnection};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};
use tokio::time::sleep;
use voicera::insight::Analysis;
use voicera::ports::chain;
use voicera::words::CallId;

use super::Settings;
use super::fault::Fault;
use super::keeping;
use super::opening::Database;
use crate::outbox::Subscription;
use crate::record::Line;

/// The most works, and bytes, of one transaction.
const BATCH: usize = 500;
const BATCH_BYTES: usize = 1 << 20;

/// How long after a failure it is tried again, the second time and at most.
const SOON: Duration = Duration::from_millis(100);
const LATE: Duration = Duration::from_secs(5);

/// Something to be written, and who waits for it.
pub(super) enum Work {
    Append {
        line: Line,
        answer: Answer<()>,
    },
    /// Answers whether the call is known.
    Conclude {
        call: CallId,
        analysis: Box<Analysis>,
        answer: Answer<bool>,
    },
}

pub(super) type Answer<T> = oneshot::Sender<Result<T, Fault>>;

/// Hands work to the task. Dropping it lets the task do what is waiting, as far as the database
/// takes it at once.
pub(super) struct Pen {
    queue: mpsc::UnboundedSender<Waiting>,
    room: Arc<Semaphore>,
    backlog: usize,
}

struct Waiting {
    work: Work,
    /// Gives the room back when the work is done.
    _room: OwnedSemaphorePermit,
}

impl Pen {
    pub(super) fn start(
        database: Arc<Database>,
        connection: PgConnection,
        subscriptions: Vec<Subscription>,
        settings: &Settings,
    ) -> Self {
        let (queue, works) = mpsc::unbounded_channel();
        let backlog = settings.backlog.get().min(Semaphore::MAX_PERMITS);
        let room = Arc::new(Semaphore::new(backlog));
        let desk = Desk {
            database,
            connection: Some(connection),
            subscriptions,
            gather: settings.gather.min(Duration::from_secs(1)),
            works,
            room: Arc::clone(&room),
            backlog,
        };
        // It ends with the queue, which this is the only hand on.
        tokio::spawn(desk.work());
        Self {
            queue,
            room,
            backlog,
        }
    }

    /// Answers once the work is done and will not be lost, or at once when too much waits.
    pub(super) async fn write<T>(&self, work: impl FnOnce(Answer<T>) -> Work) -> Result<T, Fault> {
        let room = Arc::clone(&self.room).try_acquire_owned();
        let room = room.map_err(|_| Fault::full(self.backlog))?;
        let (answer, outcome) = oneshot::channel();
        let waiting = Waiting {
            work: work(answer),
            _room: room,
        };
        self.queue.send(waiting).map_err(|_| Fault::gone())?;
        outcome.await.unwrap_or_else(|_| Err(Fault::gone()))
    }
}

impl fmt::Debug for Pen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pen").finish_non_exhaustive()
    }
}

/// What the task owns.
struct Desk {
    database: Arc<Database>,
    /// `None` after a failure.
    connection: Option<PgConnection>,
    subscriptions: Vec<Subscription>,
    gather: Duration,
    works: mpsc::UnboundedReceiver<Waiting>,
    room: Arc<Semaphore>,
    backlog: usize,
}

impl Desk {
    async fn work(mut self) {
        let mut batch = VecDeque::new();
        // It is dropped before the batch, which it counts.
        let _last = Last {
            room: Arc::clone(&self.room),
            backlog: self.backlog,
        };
        while let Some(first) = self.works.recv().await {
            let mut bytes = first.work.size();
            batch.push_back(first);
            if !self.gather.is_zero() && !self.works.is_closed() {
                sleep(self.gather).await;
            }
            while batch.len() < BATCH && bytes < BATCH_BYTES {
                let Ok(next) = self.works.try_recv() else {
                    break;
                };
                bytes += next.work.size();
                batch.push_back(next);
            }
            self.write_all(&mut batch).await;
            if !batch.is_empty() {
                return;
            }
        }
        if let Some(connection) = self.connection {
            // Nothing is left that could be lost.
            let _ = connection.close().await;
        }
    }

    /// Ends when all of it is done, which the database may delay, or when nobody waits any more and
    /// the database takes none of it.
    async fn write_all(&mut self, batch: &mut VecDeque<Waiting>) {
        let mut most = batch.len();
        let mut failures = 0;
        while !batch.is_empty() {
            let count = most.min(batch.len());
            let some = batch.make_contiguous().get(..count).unwrap_or_default();
            match self.write_some(some).await {
                Ok(known) => {
                    if failures > 1 {
                        self.works_again();
                    }
                    failures = 0;
                    for (waiting, known) in batch.drain(..count).zip(known) {
                        waiting.work.answer(Ok(known));
                    }
                    most = count.saturating_mul(2);
                }
                // One of them is at fault, and the others need not suffer.
                Err(fault) if fault.kind.is_of_the_work() && count > 1 => most = count.div_ceil(2),
                Err(fault) if fault.kind.is_of_the_work() => {
                    if let Some(refused) = batch.pop_front() {
                        refused.work.answer(Err(fault));
                    }
                    most = BATCH;
                }
                // The connection may have been closed while nobody used it, or another server was
                // in the way.
                Err(_) if failures == 0 => failures = 1,
                Err(_) if self.works.is_closed() => return,
                Err(fault) => {
                    if failures == 1 {
                        self.fails(fault);
                    }
                    // A smaller step may be one that is not too slow.
                    most = count.div_ceil(2);
                    sleep(LATE.min(SOON * (1 << failures.min(6)) / 2)).await;
                    failures += 1;
                }
            }
        }
    }

    /// All of it or nothing. Answers for each whether its call is known.
    async fn write_some(&mut self, some: &[Waiting]) -> Result<Vec<bool>, Fault> {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.database.connect().await?,
        };
        let written = in_one_step(&mut connection, some, &self.subscriptions);
        let written = self.database.in_time(written).await;
        // One that failed would keep what it has locked.
        if written.is_ok() {
            self.connection = Some(connection);
        }
        written
    }

    fn fails(&self, fault: Fault) {
        let trouble = self.database.trouble(fault);
        tracing::error!(
            database = %self.database.name,
            backlog = self.backlog,
            error = chain(&trouble),
            "the archive takes no entries: they wait in memory, and are kept once it works again"
        );
    }

    fn works_again(&self) {
        tracing::info!(
            database = %self.database.name,
            waiting = waiting(&self.room, self.backlog),
            "the archive takes entries again, and those that wait are being kept"
        );
    }
}

/// Says what is lost when the task ends before its work: the server stops.
struct Last {
    room: Arc<Semaphore>,
    backlog: usize,
}

impl Drop for Last {
    fn drop(&mut self) {
        let waiting = waiting(&self.room, self.backlog);
        if waiting > 0 {
            tracing::error!(
                waiting,
                "the server stops, and entries that the archive did not take are lost"
            );
        }
    }
}

fn waiting(room: &Semaphore, backlog: usize) -> usize {
    backlog - room.available_permits().min(backlog)
}

async fn in_one_step(
    store: &mut PgConnection,
    some: &[Waiting],
    subscriptions: &[Subscription],
) -> Result<Vec<bool>, Fault> {
    let mut step = store.begin().await?;
    let mut known = Vec::new();
    for run in some.chunk_by(|one, next| one.work.line().is_some() && next.work.line().is_some()) {
        let lines = run.iter().filter_map(|waiting| waiting.work.line());
        let lines = lines.collect::<Vec<_>>();
        if !lines.is_empty() {
            keeping::append(&mut step, &lines, subscriptions).await?;
        }
        for waiting in run {
            known.push(match &waiting.work {
                Work::Append { .. } => true,
                Work::Conclude { call, analysis, .. } => {
                    keeping::conclude(&mut step, call, analysis, subscriptions).await?
                }
            });
        }
    }
    step.commit().await?;
    Ok(known)
}

impl Work {
    /// In bytes, about.
    fn size(&self) -> usize {
        const ANALYSIS: usize = 32 * 1024;
        self.line().map_or(ANALYSIS, Line::size)
    }

    fn line(&self) -> Option<&Line> {
        match self {
            Self::Append { line, .. } => Some(line),
            Self::Conclude { .. } => None,
        }
    }

    /// Who gave up waiting need not know.
    fn answer(self, known: Result<bool, Fault>) {
        match self {
            Self::Append { answer, .. } => drop(answer.send(known.map(drop))),
            Self::Conclude { answer, .. } => drop(answer.send(known)),
        }
    }
}
