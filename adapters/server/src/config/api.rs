//! `[api]`: who may read calls over HTTP.

use serde::Deserialize;

use super::environment::Environment;
use super::reader::Reader;
use super::telephone::required;

/// The HTTP API under `/api/v1`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Api {
    /// The environment variable that holds the key which requests must carry. Default none: only
    /// requests that come straight from this machine are answered.
    pub key: Option<String>,
    /// The most who listen to live events at the same time. Default 64.
    pub listeners: usize,
}

impl Default for Api {
    fn default() -> Self {
        Self {
            key: None,
            listeners: 64,
        }
    }
}

impl Api {
    pub(super) fn check(&self, environment: &Environment, reader: &mut Reader<'_>) {
        if let Some(key) = &self.key {
            required("api.key", key.clone(), environment, reader);
        }
        let show = usize::to_string;
        reader.within("api.listeners", &self.listeners, 1..=10_000, show);
    }
}
