//! One copy: what waits for it, and the task that hands it over.

use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio::time::sleep;
use voicera::insight::Analysis;
use voicera::ports::TranscriptSink;
use voicera::ports::transcript_sink::{Entry, SinkError};
use voicera::words::CallId;

use super::Settings;

/// What a copy is told.
#[derive(Debug)]
pub(super) enum News {
    Entry(Arc<Entry>),
    Analysis(CallId, Arc<Analysis>),
}

/// A copy. Its task ends when the copy is closed or dropped and has what waits for it, or soon
/// after.
#[derive(Debug)]
pub(super) struct Follower {
    queue: mpsc::Sender<News>,
    closing: watch::Sender<bool>,
    losses: Arc<Losses>,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl Follower {
    pub(super) fn start(name: String, sink: Arc<dyn TranscriptSink>, settings: &Settings) -> Self {
        let (queue, waiting) = mpsc::channel(settings.queue.max(1));
        let (closing, told) = watch::channel(false);
        let losses = Arc::new(Losses {
            name,
            missed: AtomicU64::new(0),
        });
        let drain = Drain {
            sink,
            settings: settings.clone(),
            losses: Arc::clone(&losses),
        };
        Self {
            queue,
            closing,
            losses,
            task: Mutex::new(Some(tokio::spawn(drain.run(waiting, told)))),
        }
    }

    /// Never waits.
    pub(super) fn tell(&self, news: News) {
        if let Err(error) = self.queue.try_send(news) {
            self.losses.miss(match error {
                mpsc::error::TrySendError::Full(_) => &"it is too slow, and its queue is full",
                mpsc::error::TrySendError::Closed(_) => &"it is closed",
            });
        }
    }

    pub(super) async fn close(&self) {
        self.closing.send_replace(true);
        let task = self.task.lock();
        let task = task.unwrap_or_else(PoisonError::into_inner).take();
        if let Some(task) = task {
            // Had the sink panicked, nothing more could be done here.
            let _ = task.await;
        }
    }
}

/// What a copy has missed since it last worked.
#[derive(Debug)]
struct Losses {
    name: String,
    missed: AtomicU64,
}

impl Losses {
    fn miss(&self, why: &dyn std::fmt::Display) {
        if self.missed.fetch_add(1, Ordering::Relaxed) == 0 {
            tracing::error!(
                sink = %self.name,
                error = %why,
                "a transcript sink misses entries until it works again"
            );
        }
    }

    fn are_over(&self) {
        let missed = self.missed.swap(0, Ordering::Relaxed);
        if missed > 0 {
            tracing::info!(sink = %self.name, missed, "the transcript sink works again");
        }
    }
}

/// Hands over what waits.
struct Drain {
    sink: Arc<dyn TranscriptSink>,
    settings: Settings,
    losses: Arc<Losses>,
}

impl Drain {
    async fn run(self, mut waiting: mpsc::Receiver<News>, told: watch::Receiver<bool>) {
        let too_long = async {
            closed(told.clone()).await;
            sleep(self.settings.drain).await;
        };
        let finished = {
            let mut work = pin!(self.work(&mut waiting, told.clone()));
            tokio::select! {
                () = &mut work => true,
                () = too_long => false,
            }
        };
        if !finished {
            tracing::error!(
                sink = %self.losses.name,
                // With the one that it was busy with.
                missed = waiting.len() + 1,
                "a transcript sink does not take what waits for it, and the server stops"
            );
        }
    }

    /// Until the queue is closed and empty.
    async fn work(&self, waiting: &mut mpsc::Receiver<News>, told: watch::Receiver<bool>) {
        let mut closing = pin!(closed(told));
        loop {
            let news = tokio::select! {
                biased;
                () = &mut closing, if !waiting.is_closed() => {
                    waiting.close();
                    continue;
                }
                news = waiting.recv() => news,
            };
            let Some(news) = news else {
                return;
            };
            match self.hand_over(&news).await {
                // Half a queue away from the next loss, so that a copy that is just too slow does
                // not fill the log.
                Ok(()) if waiting.len() <= waiting.max_capacity() / 2 => self.losses.are_over(),
                Ok(()) => {}
                Err(error) => self.losses.miss(&voicera::ports::chain(&error)),
            }
        }
    }

    async fn hand_over(&self, news: &News) -> Result<(), SinkError> {
        let mut pause = self.settings.pause;
        let mut tries = 1;
        loop {
            let outcome = match news {
                News::Entry(entry) => self.sink.append(entry).await,
                News::Analysis(call, analysis) => self.sink.conclude(call, analysis).await,
            };
            match outcome {
                // What is being missed already is not worth that others wait for it.
                Err(SinkError::Unavailable(_))
                    if tries < self.settings.tries
                        && self.losses.missed.load(Ordering::Relaxed) == 0 =>
                {
                    tries += 1;
                    sleep(pause).await;
                    pause = pause.saturating_mul(2);
                }
                outcome => return outcome,
            }
        }
    }
}

/// Until the follower is closed or gone.
async fn closed(mut told: watch::Receiver<bool>) {
    // An error means that it is gone.
    let _ = told.wait_for(|closing| *closing).await;
}
