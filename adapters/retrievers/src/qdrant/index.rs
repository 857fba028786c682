//! Searching one version of a collection.

use std::fmt;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use ::qdrant_client::qdrant::{
    Condition, Filter, QuantizationSearchParams, Query, QueryPointsBuilder, Range, RetrievedPoint,
    ScoredPoint, ScrollPointsBuilder, SearchParams,
};
use ::qdrant_client::{Qdrant, QdrantError};
use async_trait::async_trait;
use tokio::time::{sleep, timeout};
use tracing::warn;
use voicera::ports::chain;
use voicera::words::Language;

use super::fault::Fault;
use super::payload::{AGENT, DENSE, DOCUMENT, LANGUAGE, PLACE, Reader};
use super::remote::Remote;
use super::settings::{Languages, Quantization};
use crate::chunks::Chunk;
use crate::embedding::{EmbedError, Embedder};
use crate::search::{Hit, Neighbours, Said, Search, SearchError, Wanted};
use crate::vectors::blend;

/// The chunks of one agent in one version of a collection. It asks that version by its own name,
/// so that a switch does not change what a call searches; a version that was dropped meanwhile,
/// two updates later, is followed by the newest.
pub struct Index {
    remote: Remote,
    connection: Mutex<Connection>,
    version: String,
    embedder: Arc<dyn Embedder>,
}

/// A connection and how many there were before it.
#[derive(Clone)]
struct Connection {
    qdrant: Qdrant,
    number: usize,
}

/// Long enough for a connection to be made anew, short against a turn.
const PAUSE: Duration = Duration::from_millis(20);

#[async_trait]
impl Search for Index {
    fn name(&self) -> &'static str {
        "qdrant"
    }

    async fn search(&self, wanted: &Wanted) -> Result<Vec<Hit>, SearchError> {
        if wanted.limit == 0 {
            return Ok(Vec::new());
        }
        let question = self.question(&wanted.said).await?;
        let settings = &self.remote.settings;
        let params = SearchParams {
            exact: Some(settings.exact),
            hnsw_ef: settings.hnsw_ef,
            quantization: Some(QuantizationSearchParams {
                // By default the server does so for some kinds of quantization alone.
                rescore: Some(settings.quantization == Quantization::Int8),
                ..QuantizationSearchParams::default()
            }),
            ..SearchParams::default()
        };
        let mut filter = self.filter(match settings.languages {
            Languages::Any => None,
            Languages::Same => Some(&wanted.language),
        });
        if !settings.documents.is_empty() {
            let documents = Condition::matches(DOCUMENT, settings.documents.clone());
            filter.must.push(documents);
        }
        let found = self
            .ask(|qdrant, collection| {
                let request = QueryPointsBuilder::new(collection)
                    .query(Query::new_nearest(question.clone()))
                    .using(DENSE)
                    .filter(filter.clone())
                    .params(params.clone())
                    .limit(wanted.limit as u64)
                    .with_payload(true);
                async move { qdrant.query(request).await }
            })
            .await?;
        let reader = Reader(&self.version);
        let hit = |point: ScoredPoint| {
            let chunk = Arc::new(reader.chunk(&point.payload)?);
            let score = point.score;
            Ok(Hit { chunk, score })
        };
        let hits: Result<_, Fault> = found.result.into_iter().map(hit).collect();
        Ok(hits?)
    }
}

#[async_trait]
impl Neighbours for Index {
    async fn around(&self, chunk: &Chunk, reach: u32) -> Vec<Arc<Chunk>> {
        match self.neighbours(chunk, reach).await {
            Ok(neighbours) => neighbours,
            Err(fault) => {
                warn!(error = %chain(&fault), "passages stay without their neighbours");
                Vec::new()
            }
        }
    }
}

impl Index {
    pub(super) fn new(remote: Remote, version: String, embedder: Arc<dyn Embedder>) -> Self {
        let qdrant = remote.qdrant.clone();
        Self {
            remote,
            connection: Mutex::new(Connection { qdrant, number: 0 }),
            version,
            embedder,
        }
    }

    async fn question(&self, said: &[Said]) -> Result<Vec<f32>, SearchError> {
        let mut parts = Vec::with_capacity(said.len());
        for said in said {
            let vector = self.embedder.question(&said.text).await.map_err(unheard)?;
            parts.push((vector, said.weight));
        }
        Ok(blend(&parts))
    }

    async fn neighbours(&self, chunk: &Chunk, reach: u32) -> Result<Vec<Arc<Chunk>>, Fault> {
        if reach == 0 {
            return Ok(Vec::new());
        }
        let mut filter = self.filter(None);
        let places = Range {
            gte: Some(f64::from(chunk.place.saturating_sub(reach))),
            lte: Some(f64::from(chunk.place.saturating_add(reach))),
            ..Range::default()
        };
        let document = Condition::matches(DOCUMENT, chunk.document.clone());
        filter.must.push(document);
        filter.must.push(Condition::range(PLACE, places));
        let found = self
            .ask(|qdrant, collection| {
                let request = ScrollPointsBuilder::new(collection)
                    .filter(filter.clone())
                    .limit(reach.saturating_mul(2).saturating_add(1))
                    .with_payload(true);
                async move { qdrant.scroll(request).await }
            })
            .await?;
        let reader = Reader(&self.version);
        let read = |point: &RetrievedPoint| reader.chunk(&point.payload);
        let chunks: Result<Vec<Chunk>, Fault> = found.result.iter().map(read).collect();
        let mut chunks = chunks?;
        chunks.retain(|found| found.id != chunk.id);
        chunks.sort_by_key(|chunk| chunk.place);
        Ok(chunks.into_iter().map(Arc::new).collect())
    }

    fn filter(&self, language: Option<&Language>) -> Filter {
        let agent = Condition::matches(AGENT, self.remote.settings.agent.clone());
        let language = language.map(|language| Condition::matches(LANGUAGE, language.primary()));
        Filter::must([agent].into_iter().chain(language))
    }

    /// Asks as often as retries and time allow.
    async fn ask<T, A: Future<Output = Result<T, QdrantError>>>(
        &self,
        request: impl Fn(Qdrant, String) -> A,
    ) -> Result<T, Fault> {
        let settings = &self.remote.settings;
        let Connection { qdrant, number } = self.connection().clone();
        let mut failed = None;
        let asking = async {
            let mut collection = &self.version;
            let mut retries = settings.retries;
            loop {
                let error = match request(qdrant.clone(), collection.clone()).await {
                    Ok(answer) => return Ok(answer),
                    Err(error) => error,
                };
                match Fault::of(error, settings, collection) {
                    Fault::Missing { .. } if *collection == self.version => {
                        collection = &settings.collection;
                    }
                    fault if fault.passes() && retries > 0 => {
                        retries -= 1;
                        failed = Some(fault);
                        sleep(PAUSE).await;
                    }
                    fault => return Err(fault),
                }
            }
        };
        match timeout(settings.timeout, asking).await {
            Ok(answer) => answer,
            Err(_) => {
                self.reconnect(number);
                // What failed first says more than that time ran out over the next attempt.
                Err(failed.unwrap_or_else(|| self.remote.slow(settings.timeout, "timeout")))
            }
        }
    }

    /// Gives up a connection: one that went dead unheard, as when a machine loses its power, would
    /// be silent for every search to come.
    fn reconnect(&self, number: usize) {
        let mut connection = self.connection();
        if connection.number == number
            && let Ok(qdrant) = Qdrant::new(connection.qdrant.config.clone())
        {
            let number = number.wrapping_add(1);
            *connection = Connection { qdrant, number };
        }
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        let connection = self.connection.lock();
        connection.unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Index {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Index")
            .field("remote", &self.remote)
            .field("version", &self.version)
            .field("embedder", &self.embedder)
            .finish_non_exhaustive()
    }
}

fn unheard(error: EmbedError) -> SearchError {
    match error {
        EmbedError::Busy => SearchError::Unavailable(Box::new(error)),
        EmbedError::Failed(_) => SearchError::Broken(Box::new(error)),
    }
}
