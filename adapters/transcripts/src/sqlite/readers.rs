//! Connections that read, beside the one that writes.

use std::fmt;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::Connection;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use super::anew::Edition;
use super::fault::Fault;
use super::opening;

/// The most questions at a time; more wait.
const MOST: usize = 4;

pub(super) struct Readers {
    path: Arc<Path>,
    wait: Duration,
    /// Each with the edition that it has open.
    idle: Arc<Mutex<Vec<(u32, Connection)>>>,
    edition: Edition,
    room: Arc<Semaphore>,
}

impl Readers {
    pub(super) fn new(path: Arc<Path>, wait: Duration, edition: Edition) -> Self {
        Self {
            path,
            wait,
            idle: Arc::default(),
            edition,
            room: Arc::new(Semaphore::new(MOST)),
        }
    }

    /// Asks on a thread that may wait.
    pub(super) async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&Connection) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        // It is never closed, so there is always a place in the end.
        let place = Arc::clone(&self.room).acquire_owned().await;
        let (path, wait) = (Arc::clone(&self.path), self.wait);
        let (idle, edition) = (Arc::clone(&self.idle), self.edition.clone());
        let answer = spawn_blocking(move || {
            let _place = place;
            let edition = edition.read();
            let known = idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let store = match known {
                Some((known, store)) if known == *edition => store,
                Some(_) | None => opening::reader(&path, wait)?,
            };
            let known = *edition;
            drop(edition);
            let answer = question(&store)?;
            // One that failed is not used again.
            idle.lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push((known, store));
            Ok(answer)
        });
        answer.await?
    }
}

impl fmt::Debug for Readers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Readers").finish_non_exhaustive()
    }
}
