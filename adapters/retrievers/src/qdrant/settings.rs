//! What `[retriever.qdrant]` says.

use std::num::NonZeroU32;
use std::time::Duration;

use serde::Deserialize;

/// A Qdrant server, and how the knowledge is kept in it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Where its gRPC answers, port included; `https` means TLS with the system's roots. Default
    /// `http://127.0.0.1:6334`.
    pub url: String,
    /// Names the environment variable that holds its API key. Default none.
    pub key: Option<String>,
    /// The name the index is known by: an alias of the collection that holds its current version.
    /// Default `voicera`.
    pub collection: String,
    /// Whose chunks these are, so that several agents can share a collection. Default `voicera`.
    pub agent: String,
    /// Which documents a question searches: `any`, or those in the `same` language. Default `any`.
    pub languages: Languages,
    /// The documents that a question searches, by their paths. Default none, which means all.
    pub documents: Vec<String>,
    /// How long a search may take, retries included. Default `300ms`.
    #[serde(with = "humantime_serde")]
    pub timeout: Duration,
    /// How long connecting may take; a search does not wait longer than `timeout` for it. Default
    /// `1s`.
    #[serde(with = "humantime_serde")]
    pub connect_timeout: Duration,
    /// How often a search that failed for a passing reason is tried again while its time lasts.
    /// Default 1.
    pub retries: u32,
    /// Compares a question with every chunk instead of following the graph: exact, and slower the
    /// more chunks there are. Default `false`.
    pub exact: bool,
    /// How many candidates the graph keeps while it searches: more finds better and takes longer.
    /// Default the server's.
    pub hnsw_ef: Option<u64>,
    /// How many chunks are sent or fetched in one request while indexing. Default 256.
    pub batch: NonZeroU32,
    /// Into how many shards a collection is cut. Default the server's, one per node.
    pub shards: Option<NonZeroU32>,
    /// On how many nodes each shard is kept. Default 1.
    pub replication: NonZeroU32,
    /// How many of them must have written before a write counts. Default 1.
    pub write_consistency: NonZeroU32,
    /// Keeps the vectors on disk rather than in memory. Default `false`.
    pub on_disk: bool,
    /// How vectors are made smaller in memory: `off` or `int8`. Default `off`.
    pub quantization: Quantization,
    /// How long one request may take while indexing. Default `60s`.
    #[serde(with = "humantime_serde")]
    pub write_timeout: Duration,
    /// How long the server may take to build its graph before a new version is given up. Default
    /// `10m`.
    #[serde(with = "humantime_serde")]
    pub indexing_timeout: Duration,
    /// How long a writer may be silent before another takes its place; indexing after a killed run
    /// waits this long. Default `10s`.
    #[serde(with = "humantime_serde")]
    pub lease: Duration,
}

/// Which documents a question searches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Languages {
    Any,
    /// Those in the language of the question, whatever the region.
    Same,
}

/// How vectors are made smaller in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quantization {
    Off,
    /// One byte a component; the best are compared again in full.
    Int8,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            url: "http://127.0.0.1:6334".to_owned(),
            key: None,
            collection: "voicera".to_owned(),
            agent: "voicera".to_owned(),
            languages: Languages::Any,
            documents: Vec::new(),
            timeout: Duration::from_millis(300),
            connect_timeout: Duration::from_secs(1),
            retries: 1,
            exact: false,
            hnsw_ef: None,
            batch: NonZeroU32::MIN.saturating_add(255),
            shards: None,
            replication: NonZeroU32::MIN,
            write_consistency: NonZeroU32::MIN,
            on_disk: false,
            quantization: Quantization::Off,
            write_timeout: Duration::from_secs(60),
            indexing_timeout: Duration::from_mins(10),
            lease: Duration::from_secs(10),
        }
    }
}
