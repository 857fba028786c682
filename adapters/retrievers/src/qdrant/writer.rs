//! A version of an index while it is written.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use ::qdrant_client::qdrant::vector_output::Vector;
use ::qdrant_client::qdrant::{
    CollectionStatus, Condition, CreateAliasBuilder, DeletePointsBuilder, Filter, PointStruct,
    RetrievedPoint, ScrollPointsBuilder, UpdateResult, UpdateStatus, UpsertPointsBuilder,
};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};
use tracing::{debug, warn};
use voicera::ports::chain;

use super::fault::Fault;
use super::payload::{self, AGENT, DENSE, DOCUMENT, Payload, lease, lease_id, recipe_id, vectors};
use super::remote::Remote;
use super::versions::{BEATS, Versions};
use crate::index::{Filed, IndexError, Indexed, Recipe, Start, Writer};

/// What is new goes into the version as it comes; what stays as it was is fetched from the version
/// before when all is known.
pub(super) struct Changes<'a> {
    store: &'a Versions,
    start: Start,
    /// The version that is current until the commit.
    before: Option<String>,
    version: u64,
    name: String,
    heart: Heart,
    /// Documents of which nothing is kept.
    replaced: HashSet<String>,
    /// Documents of which something is in the version already.
    added: HashSet<String>,
    waiting: Vec<PointStruct>,
    /// Whether the alias may have moved: a version that calls search must not be dropped.
    may_be_live: bool,
}

/// How long a writer that is dropped waits for its version to go; the next one sweeps up.
const FAREWELL: Duration = Duration::from_secs(5);

impl<'a> Changes<'a> {
    pub(super) fn new(
        store: &'a Versions,
        start: Start,
        before: Option<String>,
        version: u64,
    ) -> Result<Self, Fault> {
        let name = store.remote.name(version);
        let changes = Self {
            store,
            start,
            before,
            version,
            heart: Heart::start(store, &name),
            name,
            replaced: HashSet::new(),
            added: HashSet::new(),
            waiting: Vec::new(),
            may_be_live: false,
        };
        let remote = &store.remote;
        store.wait(remote.upsert(&changes.name, vec![lease(0)]))?;
        Ok(changes)
    }

    async fn flush(&mut self) -> Result<(), Fault> {
        let batch = self.store.remote.settings.batch.get() as usize;
        while !self.waiting.is_empty() {
            let rest = self.waiting.split_off(batch.min(self.waiting.len()));
            let points = std::mem::replace(&mut self.waiting, rest);
            self.store.remote.upsert(&self.name, points).await?;
        }
        Ok(())
    }

    /// Takes what was added of a document out again.
    async fn retract(&mut self, document: &str) -> Result<(), Fault> {
        self.flush().await?;
        let remote = &self.store.remote;
        let of_document = Filter::must([
            Condition::matches(AGENT, remote.settings.agent.clone()),
            Condition::matches(DOCUMENT, document.to_owned()),
        ]);
        let request = DeletePointsBuilder::new(&self.name)
            .points(of_document)
            .wait(true);
        let answer = remote.qdrant.delete_points(request);
        let done = remote.ask(&self.name, answer).await?.result;
        remote.is_done(&self.name, done)
    }

    /// Fetches what stays as it was, vectors included.
    async fn copy(&self) -> Result<(), Fault> {
        let Some(before) = &self.before else {
            return Ok(());
        };
        let remote = &self.store.remote;
        let agent = &remote.settings.agent;
        let mut left = vec![Condition::has_id([lease_id(), recipe_id(agent)])];
        if self.start == Start::Afresh {
            left.push(Condition::matches(AGENT, agent.clone()));
        }
        let mut scroll = ScrollPointsBuilder::new(before)
            .filter(Filter::must_not(left))
            .limit(remote.settings.batch.get())
            .with_payload(true)
            .with_vectors(true)
            .build();
        loop {
            let page = remote.page(&mut scroll).await?;
            let kept = page.into_iter().filter(|point| self.keeps(&point.payload));
            let points = kept.map(|point| self.taken_over(point));
            let points = points.collect::<Result<Vec<_>, _>>()?;
            remote.upsert(&self.name, points).await?;
            if scroll.offset.is_none() {
                return Ok(());
            }
        }
    }

    fn keeps(&self, payload: &Payload) -> bool {
        let text = |field| payload.get(field).and_then(|value| value.as_str());
        let is_ours = text(AGENT) == Some(&self.store.remote.settings.agent);
        let is_replaced = text(DOCUMENT).is_some_and(|document| self.replaced.contains(document));
        !(is_ours && is_replaced)
    }

    fn taken_over(&self, point: RetrievedPoint) -> Result<PointStruct, Fault> {
        let dense = point.vectors.and_then(|v| v.get_vector_by_name(DENSE));
        let dense = match dense {
            Some(Vector::Dense(dense)) => Some(dense.data),
            _ => None,
        };
        if dense
            .as_ref()
            .is_some_and(|d| d.len() != self.store.dimension)
        {
            let agent = point.payload.get(AGENT).and_then(|agent| agent.as_str());
            let agent = agent.cloned().unwrap_or_default();
            return Err(Fault::Shared { agent });
        }
        Ok(PointStruct {
            id: point.id,
            payload: point.payload,
            vectors: Some(vectors(dense)),
        })
    }

    /// Why a write failed: who takes over drops the version first.
    fn failed(&self, fault: Fault) -> IndexError {
        match fault {
            Fault::Missing { collection, .. } if collection == self.name => IndexError::Locked,
            fault => fault.into(),
        }
    }

    /// Waits until the server has built its graph, so that the first search is not a slow one.
    async fn settle(&self) -> Result<(), Fault> {
        let remote = &self.store.remote;
        let limit = remote.settings.indexing_timeout;
        let begun = Instant::now();
        let mut pause = Duration::from_millis(10);
        loop {
            let info = remote.info(&self.name).await?;
            let trouble = info.optimizer_status.filter(|status| !status.ok);
            if let Some(trouble) = trouble {
                return Err(Fault::Optimizer {
                    url: remote.settings.url.clone(),
                    collection: self.name.clone(),
                    cause: trouble.error.into(),
                });
            }
            if info.status != i32::from(CollectionStatus::Yellow) {
                return Ok(());
            }
            if begun.elapsed() > limit {
                return Err(remote.slow(limit, "indexing_timeout"));
            }
            sleep(pause).await;
            pause = (pause * 2).min(Duration::from_secs(1));
        }
    }

    /// Moves the alias, unless somebody has taken over.
    async fn switch(&mut self) -> Result<(), IndexError> {
        let remote = &self.store.remote;
        let alive = self.heart.beat_last(remote, &self.name).await;
        alive.map_err(|fault| self.failed(fault))?;
        let survey = remote.survey().await?;
        if survey.live != self.before || survey.versions.last() != Some(&self.version) {
            return Err(IndexError::Locked);
        }
        // It replaces the alias where there is one, in one step. Deleting it first would leave
        // none behind where this version has been dropped meanwhile.
        let alias = CreateAliasBuilder::new(&self.name, &remote.settings.collection);
        self.may_be_live = true;
        let moved = remote.ask(&self.name, remote.qdrant.create_alias(alias));
        if let Err(fault) = moved.await {
            // The answer may have been lost after the deed. Where nobody says which, the next
            // writer finds out.
            self.may_be_live = match remote.live().await {
                Ok(live) if live.as_ref() == Some(&self.name) => true,
                Ok(_) => false,
                Err(_) => return Err(fault.into()),
            };
            if !self.may_be_live {
                return Err(fault.into());
            }
        }
        for version in survey.versions {
            let name = remote.name(version);
            if name == self.name || Some(&name) == self.before.as_ref() {
                continue;
            }
            if let Err(fault) = self.store.drop_version(version).await {
                warn!(index.version = %name, error = %chain(&fault),
                    "an old version of the index stays until the next update");
            }
        }
        Ok(())
    }
}

impl Writer for Changes<'_> {
    fn remove(&mut self, document: &str) -> Result<(), IndexError> {
        self.replaced.insert(document.to_owned());
        if self.added.remove(document) {
            let retracted = self.store.wait(self.retract(document));
            retracted.map_err(|fault| self.failed(fault))?;
        }
        Ok(())
    }

    fn add(&mut self, document: &Filed, chunks: Vec<Indexed>) -> Result<(), IndexError> {
        let settings = &self.store.remote.settings;
        for chunk in chunks {
            let point = payload::chunk(&settings.agent, &document.hash, chunk)?;
            self.waiting.push(point);
        }
        self.replaced.insert(document.path.clone());
        self.added.insert(document.path.clone());
        if self.waiting.len() >= settings.batch.get() as usize {
            let flushed = self.store.wait(self.flush());
            flushed.map_err(|fault| self.failed(fault))?;
        }
        Ok(())
    }

    fn commit(mut self: Box<Self>, recipe: &Recipe) -> Result<(), IndexError> {
        let store = self.store;
        let agent = &store.remote.settings.agent;
        self.waiting.push(payload::recipe(agent, recipe));
        let filled = store.wait(async {
            self.flush().await?;
            self.copy().await?;
            self.settle().await
        });
        filled.map_err(|fault| self.failed(fault))?;
        store.wait(self.switch())
    }
}

impl Drop for Changes<'_> {
    fn drop(&mut self) {
        if self.may_be_live {
            return;
        }
        // Blocking as elsewhere would panic where a writer is dropped by an async task.
        let (done, is_done) = mpsc::channel();
        let (remote, name) = (Arc::clone(&self.store.remote), self.name.clone());
        self.heart.task.abort();
        self.store.handle.spawn(async move {
            let dropped = remote.qdrant.delete_collection(&name);
            let _ = done.send(remote.ask(&name, dropped).await);
        });
        if !matches!(is_done.recv_timeout(FAREWELL), Ok(Ok(_))) {
            debug!(index.version = %self.name, "an unfinished version is left to the next update");
        }
    }
}

/// Counts up in the version for as long as its writer lives.
struct Heart {
    beats: Arc<AtomicI64>,
    task: JoinHandle<()>,
}

impl Heart {
    fn start(store: &Versions, name: &str) -> Self {
        let beats = Arc::new(AtomicI64::new(0));
        let (remote, name, counted) = (
            Arc::clone(&store.remote),
            name.to_owned(),
            Arc::clone(&beats),
        );
        let task = store.handle.spawn(async move {
            loop {
                sleep(remote.settings.lease / BEATS).await;
                let beat = counted.fetch_add(1, Ordering::Relaxed) + 1;
                if let Err(fault) = remote.upsert(&name, vec![lease(beat)]).await {
                    // If it matters, the commit fails and says so.
                    debug!(error = %chain(&fault), "a beat of the index's writer was lost");
                }
            }
        });
        Self { beats, task }
    }

    /// Shows once more that the writer lives.
    async fn beat_last(&self, remote: &Remote, name: &str) -> Result<(), Fault> {
        self.task.abort();
        let beat = self.beats.fetch_add(1, Ordering::Relaxed) + 1;
        remote.upsert(name, vec![lease(beat)]).await
    }
}

impl Drop for Heart {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Remote {
    /// Writes points, and waits until searches see them.
    pub(super) async fn upsert(&self, name: &str, points: Vec<PointStruct>) -> Result<(), Fault> {
        if points.is_empty() {
            return Ok(());
        }
        let request = UpsertPointsBuilder::new(name, points).wait(true);
        let answer = self.qdrant.upsert_points(request);
        let done = self.ask(name, answer).await?.result;
        self.is_done(name, done)
    }

    fn is_done(&self, name: &str, done: Option<UpdateResult>) -> Result<(), Fault> {
        let status = done.unwrap_or_default().status();
        match status {
            UpdateStatus::Completed => Ok(()),
            _ => Err(Fault::Refused {
                url: self.settings.url.clone(),
                cause: format!("a write to {name} ended as {}", status.as_str_name()).into(),
            }),
        }
    }
}
