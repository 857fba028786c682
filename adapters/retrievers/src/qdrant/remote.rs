//! One connection to a server, and what is asked of its collections outside of calls.

use std::collections::BTreeSet;
use std::fmt;
use std::future::Future;
use std::time::Duration;

use ::qdrant_client::qdrant::vectors_config::Config;
use ::qdrant_client::qdrant::{CollectionInfo, Filter, GetPointsBuilder, PointId, ScrollPoints};
use ::qdrant_client::qdrant::{CountPointsBuilder, RetrievedPoint};
use ::qdrant_client::{Qdrant, QdrantError};
use secrecy::{ExposeSecret as _, SecretString};

use super::fault::Fault;
use super::payload::{DENSE, Payload};
use super::settings::Settings;

pub(super) struct Remote {
    pub(super) qdrant: Qdrant,
    pub(super) settings: Settings,
}

/// The collections that belong to an alias.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Survey {
    /// The collection behind the alias.
    pub(super) live: Option<String>,
    /// The numbers of all versions.
    pub(super) versions: BTreeSet<u64>,
}

/// Seconds since 1970 have ten digits until 2286; other names are somebody else's.
const DIGITS: usize = 10;

impl Remote {
    /// Connects when it is first asked.
    pub(super) fn new(settings: Settings, key: Option<&SecretString>) -> Result<Self, Fault> {
        if let Some(key) = key
            && !key.expose_secret().bytes().all(|b| b.is_ascii_graphic())
        {
            let key = settings.key.clone().unwrap_or_default();
            return Err(Fault::KeyShape { key });
        }
        // Every request has a deadline here, sooner than the client's, whose message is poorer.
        let patience = settings.timeout.max(settings.write_timeout) * 2;
        let qdrant = Qdrant::from_url(&settings.url)
            .api_key(key.map(|key| key.expose_secret()))
            .timeout(patience)
            .connect_timeout(settings.connect_timeout)
            // It prints.
            .skip_compatibility_check()
            .build()
            .map_err(|error| Fault::of(error, &settings, &settings.collection))?;
        Ok(Self { qdrant, settings })
    }

    /// Waits for an answer about a collection, as long as indexing may.
    pub(super) async fn ask<T>(
        &self,
        collection: &str,
        answer: impl Future<Output = Result<T, QdrantError>>,
    ) -> Result<T, Fault> {
        let limit = self.settings.write_timeout;
        match tokio::time::timeout(limit, answer).await {
            Ok(answer) => answer.map_err(|error| Fault::of(error, &self.settings, collection)),
            Err(_) => Err(self.slow(limit, "write_timeout")),
        }
    }

    pub(super) fn slow(&self, limit: Duration, setting: &'static str) -> Fault {
        Fault::Slow {
            url: self.settings.url.clone(),
            limit,
            setting,
        }
    }

    pub(super) async fn survey(&self) -> Result<Survey, Fault> {
        let name = self.settings.collection.as_str();
        let listed = self.ask(name, self.qdrant.list_collections()).await?;
        let mut versions = BTreeSet::new();
        for collection in listed.collections {
            match self.version(&collection.name) {
                Some(version) => drop(versions.insert(version)),
                None if collection.name == name => {
                    let collection = collection.name;
                    return Err(Fault::Taken { collection });
                }
                None => {}
            }
        }
        Ok(Survey {
            live: self.live().await?,
            versions,
        })
    }

    /// The collection behind the alias.
    pub(super) async fn live(&self) -> Result<Option<String>, Fault> {
        let name = self.settings.collection.as_str();
        let aliases = self.ask(name, self.qdrant.list_aliases()).await?.aliases;
        let live = aliases.into_iter().find(|alias| alias.alias_name == name);
        Ok(live.map(|alias| alias.collection_name))
    }

    pub(super) fn name(&self, version: u64) -> String {
        format!("{}-{version}", self.settings.collection)
    }

    pub(super) fn version(&self, name: &str) -> Option<u64> {
        let number = name
            .strip_prefix(&self.settings.collection)?
            .strip_prefix('-')?;
        let is_ours = number.len() == DIGITS && number.bytes().all(|b| b.is_ascii_digit());
        number.parse().ok().filter(|_| is_ours)
    }

    /// The payload of a point, where it is there.
    pub(super) async fn point(
        &self,
        collection: &str,
        id: PointId,
    ) -> Result<Option<Payload>, Fault> {
        let request = GetPointsBuilder::new(collection, [id]).with_payload(true);
        let found = self
            .ask(collection, self.qdrant.get_points(request))
            .await?;
        Ok(found.result.into_iter().next().map(|point| point.payload))
    }

    pub(super) async fn count(&self, collection: &str, filter: Filter) -> Result<usize, Fault> {
        let request = CountPointsBuilder::new(collection)
            .filter(filter)
            .exact(true);
        let counted = self.ask(collection, self.qdrant.count(request)).await?;
        Ok(counted.result.map_or(0, |result| result.count) as usize)
    }

    /// The next page of a scroll, whose offset moves on to the page after it.
    pub(super) async fn page(
        &self,
        scroll: &mut ScrollPoints,
    ) -> Result<Vec<RetrievedPoint>, Fault> {
        let answer = self.qdrant.scroll(scroll.clone());
        let page = self.ask(&scroll.collection_name, answer).await?;
        scroll.offset = page.next_page_offset;
        Ok(page.result)
    }

    pub(super) async fn info(&self, collection: &str) -> Result<CollectionInfo, Fault> {
        let answer = self.qdrant.collection_info(collection);
        let info = self.ask(collection, answer).await?.result;
        Ok(info.unwrap_or_default())
    }
}

/// The length of the vectors a collection holds; none where it was not made for chunks.
pub(super) fn dimension(info: &CollectionInfo) -> Option<usize> {
    let params = info.config.as_ref()?.params.as_ref()?;
    match params.vectors_config.as_ref()?.config.as_ref()? {
        Config::ParamsMap(named) => Some(named.map.get(DENSE)?.size as usize),
        Config::Params(_) => None,
    }
}

impl fmt::Debug for Remote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The client's own would show the key.
        f.debug_struct("Remote")
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}
