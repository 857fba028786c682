//! One thread that writes for all calls, as much at a time as is waiting, so that a slow disk blocks
//! no call and a thousand calls share one write. Entries that cannot be written for now wait in
//! memory until they can.

use std::collections::VecDeque;
use std::error::Error;
use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use voicera::ports::chain;

/// How long the first job of a batch waits for more, unless the user says otherwise. Waking this
/// thread and then the call costs more than writing, and no caller waits for a line to be kept.
/// What a killed process loses of it had not been acknowledged.
pub(crate) const GATHER: Duration = Duration::from_millis(100);

/// How many jobs may wait, unless the user says otherwise: two for each of the most calls, which is
/// some ten megabytes.
pub(crate) const BACKLOG: usize = 10_000;

/// After how many bytes a batch takes no more.
const BATCH: usize = 1 << 20;

/// How long the thread leaves alone what it cannot write; doubles with each try.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// How long what waits may take when the server stops.
const LAST_WORK: Duration = Duration::from_secs(10);

/// Something to be written.
pub(crate) trait Job: Send + 'static {
    /// What keeps the thread from writing for now: it names the file and what to do.
    type Trouble: Error;

    /// In bytes.
    fn size(&self) -> usize;

    /// Whether it waits until the trouble is over. What does not is told of the trouble.
    fn is_patient(&self) -> bool;

    fn fail(self, trouble: &Self::Trouble);
}

/// How much is written at once, and how much may wait.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bound {
    /// How long the first job of a batch waits for more.
    pub(crate) gather: Duration,
    /// The most jobs that wait.
    pub(crate) backlog: usize,
}

/// Jobs on their way to the thread. Dropping it does what is waiting, as far as it can be done now,
/// and ends the thread.
#[derive(Debug)]
pub(crate) struct Writer<J> {
    desk: Arc<Desk<J>>,
    backlog: usize,
    thread: Option<JoinHandle<()>>,
}

/// Why something is not going to be written.
#[derive(Clone, Copy, Debug, thiserror::Error)]
pub(crate) enum Unwritten {
    #[error("as many entries wait to be written as `backlog` allows")]
    Backlog,
    #[error("the thread that writes transcripts is gone")]
    Gone,
}

impl<J: Job> Writer<J> {
    /// `write` is given batches that are not empty. It takes from them what is done, well or not;
    /// with the trouble it leaves what may be done later.
    pub(crate) fn start(
        bound: Bound,
        write: impl FnMut(&mut Vec<J>) -> Result<(), J::Trouble> + Send + 'static,
    ) -> io::Result<Self> {
        let desk = Arc::new(Desk {
            state: Mutex::new(State {
                waiting: VecDeque::new(),
                refused: 0,
                phase: Phase::Open,
            }),
            changed: Condvar::new(),
        });
        let thread = {
            let desk = Arc::clone(&desk);
            thread::Builder::new()
                .name("transcripts".to_owned())
                .spawn(move || run(&desk, bound.gather, write))?
        };
        Ok(Self {
            desk,
            backlog: bound.backlog.max(1),
            thread: Some(thread),
        })
    }

    /// Never waits. Who has sent a job need not wait for it either: it is going to be done.
    pub(crate) fn send(&self, job: J) -> Result<(), Unwritten> {
        let mut state = self.desk.lock();
        if state.phase != Phase::Open {
            return Err(Unwritten::Gone);
        }
        if state.waiting.len() >= self.backlog {
            state.refused += 1;
            let first = state.refused == 1;
            drop(state);
            if first {
                tracing::error!(
                    backlog = self.backlog,
                    "more entries wait to be written than may: the next are lost, \
                     until the transcripts are written again"
                );
            }
            return Err(Unwritten::Backlog);
        }
        state.waiting.push_back(job);
        // With more than one it is awake, or pauses and need not be woken.
        if state.waiting.len() == 1 {
            self.desk.changed.notify_all();
        }
        Ok(())
    }
}

impl<J> Drop for Writer<J> {
    fn drop(&mut self) {
        let mut state = self.desk.lock();
        if state.phase == Phase::Open {
            state.phase = Phase::Closing;
        }
        self.desk.changed.notify_all();
        let going_on = |state: &mut State<J>| state.phase != Phase::Over;
        let waited = self
            .desk
            .changed
            .wait_timeout_while(state, LAST_WORK, going_on);
        let (state, waited) = waited.unwrap_or_else(PoisonError::into_inner);
        if waited.timed_out() {
            let waiting = state.waiting.len();
            tracing::error!(waiting, "a disk does not answer: its last entries are lost");
        } else if let Some(thread) = self.thread.take() {
            drop(state);
            // Had it panicked, nothing more could be done here.
            let _ = thread.join();
        }
    }
}

/// What the thread and those who send to it share.
#[derive(Debug)]
struct Desk<J> {
    state: Mutex<State<J>>,
    changed: Condvar,
}

#[derive(Debug)]
struct State<J> {
    waiting: VecDeque<J>,
    /// How many found no place since that was last said.
    refused: u64,
    phase: Phase,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Open,
    /// What waits is tried once more.
    Closing,
    Over,
}

/// What was taken from the desk.
struct Taken {
    /// Nothing was left behind.
    is_all: bool,
    phase: Phase,
}

impl<J> Desk<J> {
    fn lock(&self) -> MutexGuard<'_, State<J>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<J: Job> Desk<J> {
    /// Waits for the first job, and then `pause` for more. `None` when nothing is going to come.
    fn take(&self, pause: Duration, batch: &mut Vec<J>) -> Option<Taken> {
        let idle = |state: &mut State<J>| state.phase == Phase::Open && state.waiting.is_empty();
        let state = self.changed.wait_while(self.lock(), idle);
        let mut state = state.unwrap_or_else(PoisonError::into_inner);
        if !pause.is_zero() {
            let open = |state: &mut State<J>| state.phase == Phase::Open;
            let paused = self.changed.wait_timeout_while(state, pause, open);
            (state, _) = paused.unwrap_or_else(PoisonError::into_inner);
        }
        let mut size = 0;
        while size < BATCH
            && let Some(job) = state.waiting.pop_front()
        {
            size += job.size();
            batch.push(job);
        }
        if batch.is_empty() {
            return None;
        }
        Some(Taken {
            is_all: state.waiting.is_empty(),
            phase: state.phase,
        })
    }

    /// Puts back what can wait, and answers how much that is in all. The rest has failed.
    fn put_back(&self, batch: &mut Vec<J>, trouble: &J::Trouble) -> usize {
        let mut state = self.lock();
        let behind = std::mem::take(&mut state.waiting);
        let all = batch.drain(..).chain(behind);
        let (patient, failed): (VecDeque<_>, VecDeque<_>) = all.partition(Job::is_patient);
        let waiting = patient.len();
        state.waiting = patient;
        drop(state);
        for job in failed {
            job.fail(trouble);
        }
        waiting
    }
}

/// Lets nobody wait for a thread that has ended, however it did.
struct Last<'a, J>(&'a Desk<J>);

impl<J> Drop for Last<'_, J> {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.phase = Phase::Over;
        let left = std::mem::take(&mut state.waiting);
        drop(state);
        drop(left);
        self.0.changed.notify_all();
    }
}

fn run<J: Job>(
    desk: &Desk<J>,
    gather: Duration,
    mut write: impl FnMut(&mut Vec<J>) -> Result<(), J::Trouble>,
) {
    let _last = Last(desk);
    let mut batch = Vec::new();
    let mut delay = Delay::default();
    while let Some(taken) = desk.take(delay.pause.unwrap_or(gather), &mut batch) {
        let entries = batch.iter().filter(|job| job.is_patient()).count();
        let outcome = write(&mut batch);
        match outcome {
            Ok(()) => {
                batch.clear();
                delay.written(entries);
                if taken.is_all {
                    delay.is_over(std::mem::take(&mut desk.lock().refused));
                }
            }
            Err(trouble) => {
                let waiting = desk.put_back(&mut batch, &trouble);
                if waiting == 0 {
                    continue;
                }
                delay.goes_on(&chain(&trouble), waiting);
                if taken.phase != Phase::Open {
                    tracing::error!(
                        entries = waiting,
                        "the server stops, and entries that could not be written are lost"
                    );
                    let lost = std::mem::take(&mut desk.lock().waiting);
                    lost.into_iter().for_each(|job| job.fail(&trouble));
                    return;
                }
            }
        }
    }
}

/// A time in which entries are not written, and what was said of it.
#[derive(Default)]
struct Delay {
    /// Until the next try.
    pause: Option<Duration>,
    said: Vec<String>,
    late: usize,
}

impl Delay {
    fn goes_on(&mut self, why: &str, waiting: usize) {
        self.pause = Some(match self.pause {
            Some(pause) if !pause.is_zero() => LONGEST_PAUSE.min(pause * 2),
            Some(_) | None => FIRST_PAUSE,
        });
        if !self.said.iter().any(|said| said == why) {
            tracing::error!(
                error = why,
                waiting,
                "entries cannot be written; they wait in memory and are tried again"
            );
            self.said.push(why.to_owned());
        }
    }

    fn written(&mut self, entries: usize) {
        if let Some(pause) = &mut self.pause {
            *pause = Duration::ZERO;
            self.late += entries;
        }
    }

    /// Nothing waits any more.
    fn is_over(&mut self, lost: u64) {
        if self.pause.is_some() || lost > 0 {
            tracing::info!(late = self.late, lost, "the transcripts are written again");
            *self = Self::default();
        }
    }
}
