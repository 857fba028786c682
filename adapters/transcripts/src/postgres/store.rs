//! The archive over a database: what is asked of it, and who answers.

use std::sync::Arc;

use async_trait::async_trait;
use secrecy::SecretString;
use sqlx::PgConnection;
use voicera::digest::Digest;
use voicera::insight::Analysis;
use voicera::ports::archive::{ArchiveError, Transcript, Wanted, Which};
use voicera::ports::transcript_sink::{Entry, SinkError};
use voicera::ports::{Archive, TranscriptSink};
use voicera::words::CallId;

use super::Settings;
use crate::outbox::{Claim, Outbox, Outcome, Parcel, State, Subscription};
use crate::record::Line;
use crate::sqlite::Access;

mod schema;

mod opening;

mod fault;

mod pen;

mod readers;

mod keeping;

mod reading;

mod forgetting;

mod parcels;

pub use opening::OpenError;

use fault::{Fault, Trouble};
use opening::Database;
use pen::{Pen, Work};
use readers::Readers;

/// The archive in a database.
///
/// What the database does not take for now waits in memory, at most [`Settings::backlog`] of it,
/// and is written in order once it does; until then it is not acknowledged. The log says when that
/// begins, with what to do, and when it is over. Where an `append` was dropped, its entry may
/// still be written.
#[derive(Debug)]
pub struct Postgres {
    database: Arc<Database>,
    readers: Readers,
    /// Without one the database is opened to be read.
    pen: Option<Pen>,
}

impl Postgres {
    /// Opens a database, and brings its tables up to date. Of servers that start at once, one does
    /// and the others wait for it. `url` is the content of the variable that
    /// [`Settings::url`] names.
    ///
    /// # Errors
    ///
    /// When the database cannot be reached or used, or was written by a later version.
    pub async fn open(
        settings: &Settings,
        url: &SecretString,
        access: Access,
        subscriptions: Vec<Subscription>,
    ) -> Result<Self, OpenError> {
        let (database, connection) = opening::open(settings, url, access).await?;
        let database = Arc::new(database);
        let pen = match access {
            Access::Read => None,
            Access::Keep | Access::Change => Some(Pen::start(
                Arc::clone(&database),
                connection,
                subscriptions,
                settings,
            )),
        };
        Ok(Self {
            readers: Readers::new(Arc::clone(&database), settings.connections.get()),
            database,
            pen,
        })
    }

    async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(pen::Answer<T>) -> Work,
    ) -> Result<T, Trouble> {
        let written = match &self.pen {
            Some(pen) => pen.write(work).await,
            None => Err(Fault::read_only()),
        };
        written.map_err(|fault| self.database.trouble(fault))
    }

    /// Does something that need not wait for the entries before it.
    async fn change<T>(
        &self,
        change: impl AsyncFnOnce(&mut PgConnection) -> Result<T, Fault>,
    ) -> Result<T, ArchiveError> {
        match self.pen {
            Some(_) => self.ask(change).await,
            None => Err(self.database.trouble(Fault::read_only()).into()),
        }
    }

    async fn ask<T>(
        &self,
        question: impl AsyncFnOnce(&mut PgConnection) -> Result<T, Fault>,
    ) -> Result<T, ArchiveError> {
        let answer = self.readers.ask(question).await;
        Ok(answer.map_err(|fault| self.database.trouble(fault))?)
    }
}

#[async_trait]
impl TranscriptSink for Postgres {
    async fn append(&self, entry: &Entry) -> Result<(), SinkError> {
        let line = Line::of(entry).map_err(|error| SinkError::Refused(error.into()))?;
        let append = |answer| Work::Append { line, answer };
        Ok(self.write(append).await?)
    }

    async fn conclude(&self, call: &CallId, analysis: &Analysis) -> Result<(), SinkError> {
        let (id, analysis) = (call.clone(), analysis.clone());
        let conclude = |answer| Work::Conclude {
            call: id,
            analysis: Box::new(analysis),
            answer,
        };
        match self.write(conclude).await? {
            true => Ok(()),
            false => Err(SinkError::Refused(
                format!("there is no call {call}").into(),
            )),
        }
    }
}

#[async_trait]
impl Archive for Postgres {
    async fn calls(&self, wanted: &Wanted) -> Result<Vec<Digest>, ArchiveError> {
        self.ask(async |store| reading::calls(store, wanted).await)
            .await
    }

    async fn call(&self, id: &CallId) -> Result<Option<Transcript>, ArchiveError> {
        self.ask(async |store| reading::call(store, id).await).await
    }

    async fn forget(&self, which: &Which) -> Result<u64, ArchiveError> {
        let mut forgotten = 0;
        loop {
            let some = self.change(async |store| forgetting::some(store, which).await);
            match some.await? {
                0 => return Ok(forgotten),
                some => forgotten += some,
            }
        }
    }
}

#[async_trait]
impl Outbox for Postgres {
    async fn claim(&self, claim: &Claim) -> Result<Vec<Parcel>, ArchiveError> {
        self.change(async |store| parcels::claim(store, claim).await)
            .await
    }

    async fn settle(&self, parcel: &Parcel, outcome: &Outcome) -> Result<(), ArchiveError> {
        self.change(async |store| parcels::settle(store, parcel, outcome).await)
            .await
    }

    async fn parcels(
        &self,
        state: Option<State>,
        limit: usize,
    ) -> Result<Vec<Parcel>, ArchiveError> {
        self.ask(async |store| parcels::list(store, state, limit).await)
            .await
    }

    async fn retry(&self, id: Option<&str>) -> Result<u64, ArchiveError> {
        self.change(async |store| parcels::retry(store, id).await)
            .await
    }

    async fn waiting(&self) -> Result<Vec<(String, u64)>, ArchiveError> {
        self.ask(async |store| parcels::waiting(store).await).await
    }

    async fn give_up(&self, destination: &str, trouble: &str) -> Result<u64, ArchiveError> {
        self.change(async |store| parcels::give_up(store, destination, trouble).await)
            .await
    }

    async fn discard(&self, destination: &str) -> Result<u64, ArchiveError> {
        self.change(async |store| parcels::discard(store, destination).await)
            .await
    }
}

#[cfg(test)]
mod tests;
