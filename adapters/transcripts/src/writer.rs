//! One thread that writes for all calls, as much at a time as is waiting, so that a slow disk blocks
//! no call and a thousand calls share one write.

use std::io;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tokio::sync::mpsc;

/// The most jobs that wait for the thread; beyond it `send` waits.
const QUEUE: usize = 1024;

/// How long the first job of a batch waits for more, unless the user says otherwise. Waking this
/// thread and then the call costs more than writing, and no caller waits for a line to be kept.
/// What a killed process loses of it had not been acknowledged.
pub(crate) const GATHER: Duration = Duration::from_millis(100);

/// Something to be written.
pub(crate) trait Job: Send + 'static {
    /// In bytes.
    fn size(&self) -> usize;
}

/// How much is written at once.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bound {
    /// How long the first job of a batch waits for more.
    pub(crate) gather: Duration,
    /// After how many bytes a batch takes no more.
    pub(crate) batch: usize,
}

/// Jobs on their way to the thread. Dropping it does what is waiting and ends the thread.
#[derive(Debug)]
pub(crate) struct Writer<J> {
    queue: Option<mpsc::Sender<J>>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug, thiserror::Error)]
#[error("the thread that writes transcripts is gone")]
pub(crate) struct Gone;

impl<J: Job> Writer<J> {
    /// `write` is given batches that are not empty.
    pub(crate) fn start(
        bound: Bound,
        write: impl FnMut(&mut Vec<J>) + Send + 'static,
    ) -> io::Result<Self> {
        let (queue, jobs) = mpsc::channel(QUEUE);
        let thread = thread::Builder::new()
            .name("transcripts".to_owned())
            .spawn(move || run(jobs, bound, write))?;
        Ok(Self {
            queue: Some(queue),
            thread: Some(thread),
        })
    }

    pub(crate) async fn send(&self, job: J) {
        if let Some(queue) = &self.queue {
            // Without the thread nobody answers, which whoever waits for the answer notices.
            let _ = queue.send(job).await;
        }
    }
}

impl<J> Drop for Writer<J> {
    fn drop(&mut self) {
        self.queue.take();
        if let Some(thread) = self.thread.take() {
            // It ends when the queue is empty; had it panicked, nothing more could be done here.
            let _ = thread.join();
        }
    }
}

fn run<J: Job>(mut jobs: mpsc::Receiver<J>, bound: Bound, mut write: impl FnMut(&mut Vec<J>)) {
    let mut batch = Vec::new();
    while let Some(first) = jobs.blocking_recv() {
        if !bound.gather.is_zero() && !jobs.is_closed() {
            thread::sleep(bound.gather);
        }
        let mut size = 0;
        let mut next = Some(first);
        while let Some(job) = next {
            size += job.size();
            batch.push(job);
            next = match size < bound.batch {
                true => jobs.try_recv().ok(),
                false => None,
            };
        }
        write(&mut batch);
        batch.clear();
    }
}
