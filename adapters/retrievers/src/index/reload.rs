//! Keeps what is served up to date while calls go on: updates, opens and switches over, on a
//! thread of its own.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use tokio::sync::oneshot;
use voicera::ports::chain;

use crate::index::update::{Changes, UpdateError};
use crate::index::upkeep::{Place, Upkeep, Watch};
use crate::index::watch::{self, Watching};
use crate::index::{Catalogue, IndexError, Start};

mod inbox;

use inbox::{Inbox, Task, Touched};

/// Opens what is committed and puts it in service. Where that fails, what was in service stays.
pub type Switch = Box<dyn FnMut() -> Result<(), IndexError> + Send>;

/// What came of a reload.
pub type Outcome = Result<Reloaded, Arc<UpdateError>>;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reloaded {
    /// Nothing where the documents were not read, because another process writes the index: what
    /// it has committed so far is in service, and this one tries again later.
    pub changes: Option<Changes>,
    /// Whether calls that come now are answered from another state of the index than before.
    pub switched: bool,
}

/// The thread that reloads. Dropping it stops what it does, and waits for that.
#[derive(Debug)]
pub struct Reloader {
    reload: Reload,
    thread: Option<JoinHandle<()>>,
}

/// Asks for reloads, from anywhere.
#[derive(Clone)]
pub struct Reload(Arc<Inbox>);

impl Reloader {
    /// Starts the thread, and watches the files where the settings want that. `served` is what is
    /// in service.
    ///
    /// # Errors
    ///
    /// When the system has no thread left.
    pub fn start(upkeep: Upkeep, served: Catalogue, switch: Switch) -> io::Result<Self> {
        let reload = Reload(Arc::new(Inbox::new(upkeep.settings.settle)));
        let mut run = Run {
            inbox: Arc::clone(&reload.0),
            watching: Vec::new(),
            upkeep,
            served,
            switch,
            again: None,
            failing: None,
        };
        run.watch();
        let thread = thread::Builder::new().name("reload".to_owned());
        Ok(Self {
            thread: Some(thread.spawn(move || run.run())?),
            reload,
        })
    }

    /// The handle for whoever asks for reloads.
    pub fn handle(&self) -> Reload {
        self.reload.clone()
    }
}

impl Drop for Reloader {
    fn drop(&mut self) {
        self.reload.0.stop();
        if let Some(thread) = self.thread.take() {
            // A panic has been reported where it happened.
            let _ = thread.join();
        }
    }
}

impl Reload {
    /// Asks for a reload and does not wait for it.
    pub fn request(&self) {
        self.0.ask();
    }

    /// Asks for a reload and waits for what came of it. What asks while one is under way shares
    /// the next.
    ///
    /// # Errors
    ///
    /// Why calls are still answered from what was in service before.
    pub async fn reload(&self) -> Outcome {
        let (answer, outcome) = oneshot::channel();
        self.0.ask_for(answer);
        let stopped = |_| Err(Arc::new(UpdateError::Stopped));
        outcome.await.unwrap_or_else(stopped)
    }
}

impl fmt::Debug for Reload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reload").finish_non_exhaustive()
    }
}

/// What the thread owns.
struct Run {
    inbox: Arc<Inbox>,
    watching: Vec<Watching>,
    upkeep: Upkeep,
    served: Catalogue,
    switch: Switch,
    /// When to update though nobody asks.
    again: Option<Instant>,
    /// What is wrong since the last reload that went well.
    failing: Option<String>,
}

/// How long until an update is tried again that could not be done.
const AGAIN: Duration = Duration::from_secs(10);

impl Run {
    fn run(mut self) {
        loop {
            let (outcome, answers) = match self.inbox.next(self.again) {
                Task::Update(answers) => (self.update(), answers),
                Task::Look => (self.switch_over(None), Vec::new()),
                Task::Stop => return,
            };
            let outcome = outcome.map_err(Arc::new);
            self.log(&outcome);
            for answer in answers {
                // Who asked may have gone.
                let _ = answer.send(outcome.clone());
            }
        }
    }

    /// Watches the documents, and the index for what another process commits.
    fn watch(&mut self) {
        let Upkeep { plan, settings, .. } = &self.upkeep;
        let documents = (plan.knowledge_base.as_path(), Touched::Documents);
        let index = match &settings.path {
            Place::Memory => None,
            Place::Folder(folder) => Some((folder.as_path(), Touched::Index)),
        };
        for (path, what) in std::iter::once(documents).chain(index) {
            let inbox = Arc::clone(&self.inbox);
            match watch::watch(settings.watch, path, move || inbox.touch(what)) {
                Ok(watching) => self.watching.extend(watching),
                Err(error) => {
                    self.watching.clear();
                    if self.failing.is_none() {
                        tracing::warn!(
                            path = %path.display(),
                            error = chain(&error),
                            "changes go unnoticed until a reload is asked for"
                        );
                    }
                    return;
                }
            }
        }
    }

    fn update(&mut self) -> Result<Reloaded, UpdateError> {
        self.again = None;
        if self.watching.is_empty() {
            self.watch();
        }
        let updated = self.upkeep.update(&mut self.inbox.watcher());
        match updated {
            Err(UpdateError::Index(IndexError::Locked)) => {
                tracing::warn!("another process is writing the index; trying again later");
                self.again = Some(Instant::now() + AGAIN);
                self.switch_over(None)
            }
            Err(error) => {
                // The folder may be replaced by another one, which the watch would not see.
                self.watching.clear();
                if self.upkeep.settings.watch != Watch::Off {
                    self.again = Some(Instant::now() + AGAIN);
                }
                Err(error)
            }
            Ok(changes) => self.switch_over(Some(changes)),
        }
    }

    fn switch_over(&mut self, changes: Option<Changes>) -> Result<Reloaded, UpdateError> {
        match self.take(changes.as_ref()) {
            Ok(switched) => Ok(Reloaded { changes, switched }),
            Err(error) => {
                let changes = self.upkeep.rebuild(error, &mut self.inbox.watcher())?;
                let switched = self.take(Some(&changes))?;
                Ok(Reloaded {
                    changes: Some(changes),
                    switched,
                })
            }
        }
    }

    /// Puts what is committed in service, unless it is there already.
    fn take(&mut self, changes: Option<&Changes>) -> Result<bool, IndexError> {
        let Some(catalogue) = self.upkeep.sound()? else {
            return Ok(false);
        };
        // What is in service may be of a damaged index, though its catalogue is the same.
        let anew = changes.is_some_and(|changes| changes.start == Start::Afresh);
        if catalogue == self.served && !anew {
            return Ok(false);
        }
        (self.switch)()?;
        self.served = catalogue;
        Ok(true)
    }

    fn log(&mut self, outcome: &Outcome) {
        match outcome {
            Ok(reloaded) => {
                self.failing = None;
                log(reloaded);
            }
            Err(error) => {
                let error = chain(error);
                if self.failing.as_ref() != Some(&error) {
                    tracing::error!(
                        error,
                        "what is served stays as it was; `voicera index` shows what is wrong"
                    );
                }
                self.failing = Some(error);
            }
        }
    }
}

/// However the thread ends, nobody waits for it.
impl Drop for Run {
    fn drop(&mut self) {
        self.inbox.stop();
    }
}

fn log(reloaded: &Reloaded) {
    let skipped = reloaded.changes.iter().flat_map(|changes| &changes.skipped);
    for file in skipped {
        tracing::warn!(file.path, file.reason, "a document is skipped");
    }
    match (&reloaded.changes, reloaded.switched) {
        (Some(changes), true) => tracing::info!(
            documents.added = changes.added.len(),
            documents.changed = changes.changed.len(),
            documents.removed = changes.removed.len(),
            documents.unchanged = changes.unchanged,
            "the knowledge base was read again and is in service"
        ),
        (None, true) => tracing::info!("the index that another process wrote is in service"),
        (Some(_) | None, false) => {
            tracing::info!("the knowledge base was read again; nothing has changed");
        }
    }
}

#[cfg(test)]
mod tests;
