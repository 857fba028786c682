//! The versions of an index and the alias that says which one is current.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::sync::Arc;
use std::time::SystemTime;

use ::qdrant_client::qdrant::{
    CreateCollection, CreateCollectionBuilder, CreateFieldIndexCollectionBuilder, Distance,
    FieldType, PayloadIncludeSelector, QuantizationType, ScalarQuantization, ScrollPointsBuilder,
    VectorParamsBuilder, VectorsConfigBuilder,
};
use secrecy::SecretString;
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::time::{Instant, sleep};

use super::fault::Fault;
use super::opening::{chunks_of, mismatch};
use super::payload::{
    AGENT, BEAT, DENSE, DOCUMENT, HASH, LANGUAGE, PLACE, Reader, lease_id, recipe_id,
};
use super::remote::{self, Remote, Survey};
use super::settings::{Quantization, Settings};
use super::writer::Changes;
use crate::index::{Catalogue, IndexError, Start, Store, Writer};

/// Keeps an index in a Qdrant server. It blocks: it is for a thread that indexes, never for one
/// that runs async tasks, where it panics.
///
/// A writer makes the next version under a name that was never used, fills it, and moves the
/// alias. The version before stays for the calls that search it; older ones are dropped.
///
/// Who writes is decided without clocks that agree. A version above the current one is somebody's
/// work, or what a killed writer left; a writer that lives counts up a number in it. Whoever comes
/// second watches that number for a whole lease, and takes over only where it stood still. Taking
/// over is making a still newer version and then looking once more; committing is counting up once
/// more and then looking for a newer version. So of two that believe in themselves at least one
/// sees the other, and gives up.
#[derive(Debug)]
pub struct Versions {
    pub(super) remote: Arc<Remote>,
    pub(super) dimension: usize,
    pub(super) handle: Handle,
    runtime: Option<Runtime>,
}

/// The lease is that many beats long.
pub(super) const BEATS: u32 = 5;

/// The numbers that writers have counted up to, in their versions.
type Beats = BTreeMap<u64, Option<i64>>;

impl Versions {
    /// A store of vectors of one length. `key` is the value of the environment variable that the
    /// settings name. Nothing is asked of the server yet.
    ///
    /// # Errors
    ///
    /// [`IndexError::Unavailable`] when the url or the key cannot be one.
    pub fn new(
        settings: Settings,
        key: Option<&SecretString>,
        dimension: usize,
    ) -> Result<Self, IndexError> {
        // Before the runtime, which a task may not drop where the settings are wrong.
        let remote = Arc::new(Remote::new(settings, key)?);
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("qdrant")
            .enable_all()
            .build()
            .map_err(Fault::Runtime)?;
        Ok(Self {
            remote,
            dimension,
            handle: runtime.handle().clone(),
            runtime: Some(runtime),
        })
    }

    pub(super) fn wait<T>(&self, work: impl Future<Output = T>) -> T {
        self.handle.block_on(work)
    }

    async fn read(&self) -> Result<Option<Catalogue>, Fault> {
        let agent = &self.remote.settings.agent;
        let Some(live) = self.remote.live().await? else {
            return Ok(None);
        };
        let reader = Reader(&live);
        let Some(recipe) = self.remote.point(&live, recipe_id(agent)).await? else {
            return Ok(None);
        };
        let mut catalogue = Catalogue {
            recipe: reader.recipe(&recipe)?,
            documents: BTreeMap::new(),
            chunks: 0,
        };
        let fields = [DOCUMENT, HASH].map(str::to_owned).to_vec();
        let mut scroll = ScrollPointsBuilder::new(live.clone())
            .filter(chunks_of(agent))
            .limit(self.remote.settings.batch.get())
            .with_payload(PayloadIncludeSelector { fields })
            .build();
        loop {
            for point in self.remote.page(&mut scroll).await? {
                let document = reader.text(&point.payload, DOCUMENT)?.to_owned();
                let hash = reader.hash(&point.payload)?;
                catalogue.documents.insert(document, hash);
                catalogue.chunks += 1;
            }
            if scroll.offset.is_none() {
                return Ok(Some(catalogue));
            }
        }
    }

    /// What there is before a version is made, and which of it nobody works at.
    pub(super) async fn free(&self, start: Start) -> Result<(Survey, Beats), IndexError> {
        let survey = self.remote.survey().await?;
        if let (Some(live), Start::Update) = (&survey.live, start) {
            let length = remote::dimension(&self.remote.info(live).await?);
            if length != Some(self.dimension) {
                let wanted = ("this model".to_owned(), self.dimension);
                let was = Some(("another model".to_owned(), 0));
                return Err(mismatch(was, length, &wanted));
            }
        }
        let pending = self.pending(&survey);
        let beats = self.beats(&pending).await?;
        let lease = self.remote.settings.lease;
        let seen = Instant::now();
        while !pending.is_empty() && seen.elapsed() < lease {
            sleep(lease / BEATS).await;
            if self.beats(&pending).await? != beats {
                return Err(IndexError::Locked);
            }
        }
        Ok((survey, beats))
    }

    /// Makes the next version.
    pub(super) async fn create(&self, survey: &Survey) -> Result<u64, IndexError> {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        let now = now.map_or(0, |now| now.as_secs());
        let known = survey.versions.last().map_or(0, |last| last + 1);
        let version = now.max(known);
        let name = self.remote.name(version);
        let made = self.remote.qdrant.create_collection(self.collection(&name));
        match self.remote.ask(&name, made).await {
            Ok(_) => Ok(version),
            Err(Fault::Exists { .. }) => Err(IndexError::Locked),
            Err(fault) => Err(fault.into()),
        }
    }

    /// Makes sure that a version just made is the only one that is worked at, and sweeps up what
    /// nobody works at.
    pub(super) async fn claim(
        &self,
        version: u64,
        survey: &Survey,
        beats: &Beats,
    ) -> Result<(), IndexError> {
        let again = self.remote.survey().await?;
        let mut pending = self.pending(&again);
        pending.remove(&version);
        if again.live != survey.live || self.beats(&pending).await? != *beats {
            return Err(IndexError::Locked);
        }
        for version in pending {
            self.drop_version(version).await?;
        }
        let name = self.remote.name(version);
        for (field, kind) in [
            (AGENT, FieldType::Keyword),
            (DOCUMENT, FieldType::Keyword),
            (LANGUAGE, FieldType::Keyword),
            (PLACE, FieldType::Integer),
        ] {
            let index = CreateFieldIndexCollectionBuilder::new(&name, field, kind).wait(true);
            let made = self.remote.qdrant.create_field_index(index);
            self.remote.ask(&name, made).await?;
        }
        Ok(())
    }

    /// The versions that are not current yet.
    fn pending(&self, survey: &Survey) -> BTreeSet<u64> {
        let live = survey.live.as_deref();
        let live = live.and_then(|live| self.remote.version(live));
        let pending = survey.versions.iter().copied();
        pending
            .filter(|version| live.is_none_or(|live| *version > live))
            .collect()
    }

    async fn beats(&self, versions: &BTreeSet<u64>) -> Result<Beats, Fault> {
        let mut beats = Beats::new();
        for version in versions {
            let name = self.remote.name(*version);
            let lease = match self.remote.point(&name, lease_id()).await {
                // Its writer has just given up, which is a change like any other.
                Err(Fault::Missing { .. }) => continue,
                lease => lease?,
            };
            let beat = lease.and_then(|lease| lease.get(BEAT)?.as_integer());
            beats.insert(*version, beat);
        }
        Ok(beats)
    }

    pub(super) async fn drop_version(&self, version: u64) -> Result<(), Fault> {
        let name = self.remote.name(version);
        let dropped = self.remote.qdrant.delete_collection(&name);
        self.remote.ask(&name, dropped).await?;
        Ok(())
    }

    #[expect(
        deprecated,
        reason = "what replaces `on_disk` and `always_ram` is unknown to servers before 1.18"
    )]
    fn collection(&self, name: &str) -> CreateCollection {
        let settings = &self.remote.settings;
        // Vectors have length 1, so this is their cosine, and they are kept as they come.
        let params = VectorParamsBuilder::new(self.dimension as u64, Distance::Dot);
        let mut vectors = VectorsConfigBuilder::default();
        vectors.add_named_vector_params(DENSE, params.on_disk(settings.on_disk));
        let mut collection = CreateCollectionBuilder::new(name)
            .vectors_config(vectors)
            .replication_factor(settings.replication.get())
            .write_consistency_factor(settings.write_consistency.get());
        if let Some(shards) = settings.shards {
            collection = collection.shard_number(shards.get());
        }
        if settings.quantization == Quantization::Int8 {
            collection = collection.quantization_config(ScalarQuantization {
                r#type: QuantizationType::Int8.into(),
                always_ram: Some(true),
                ..ScalarQuantization::default()
            });
        }
        collection.build()
    }
}

impl Store for Versions {
    fn catalogue(&self) -> Result<Option<Catalogue>, IndexError> {
        Ok(self.wait(self.read())?)
    }

    fn begin(&self, start: Start) -> Result<Box<dyn Writer + '_>, IndexError> {
        let (survey, beats) = self.wait(self.free(start))?;
        let version = self.wait(self.create(&survey))?;
        // From here on it is dropped unless it is committed.
        let changes = Changes::new(self, start, survey.live.clone(), version)?;
        self.wait(self.claim(version, &survey, &beats))?;
        Ok(Box::new(changes))
    }
}

impl Drop for Versions {
    fn drop(&mut self) {
        // Waiting for its threads would panic on one that runs async tasks.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
