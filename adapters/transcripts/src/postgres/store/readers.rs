//! Connections beside the one that writes: a few, so that the database has room for other servers.
//!
//! A connection that was not answered in time, or was broken off, is not used again, and one that
//! the database has closed meanwhile is replaced. What is wrong is known at once, while a pool
//! that tries again by itself knows only that time is up.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use sqlx::{Connection as _, PgConnection};
use tokio::sync::Semaphore;

use super::fault::Fault;
use super::opening::Database;

pub(super) struct Readers {
    database: Arc<Database>,
    idle: Mutex<Vec<PgConnection>>,
    room: Semaphore,
}

impl Readers {
    pub(super) fn new(database: Arc<Database>, most: u32) -> Self {
        let most = most.try_into().unwrap_or(Semaphore::MAX_PERMITS);
        Self {
            database,
            idle: Mutex::default(),
            room: Semaphore::new(most),
        }
    }

    pub(super) async fn ask<T>(
        &self,
        question: impl AsyncFnOnce(&mut PgConnection) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let place = self.database.in_time(async {
            // It is never closed, so there is always a place in the end.
            Ok(self.room.acquire().await.ok())
        });
        let _place = place.await?;
        let mut connection = self.connection().await?;
        let answer = self.database.in_time(question(&mut connection)).await?;
        self.idle().push(connection);
        Ok(answer)
    }

    async fn connection(&self) -> Result<PgConnection, Fault> {
        let known = self.idle().pop();
        if let Some(mut known) = known {
            let ping = self.database.in_time(async { Ok(known.ping().await?) });
            if ping.await.is_ok() {
                return Ok(known);
            }
            // The others were closed with it.
            self.idle().clear();
        }
        self.database.connect().await
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<PgConnection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Readers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Readers").finish_non_exhaustive()
    }
}
