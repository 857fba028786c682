//! `[insight]`: what is found out about calls that have ended.

use std::time::Duration;

use serde::Deserialize;

use super::reader::Reader;

/// How calls are analysed.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Insight {
    /// Whether the first model that is no `extractive` is asked for summary, sentiment and entities
    /// once a call has ended. Default false; the operators answer in any case.
    pub ask_model: bool,
    /// How long it may take. Default 30 s.
    #[serde(with = "humantime_serde")]
    pub patience: Duration,
    /// What callers are told apart by. Default: the services of a forwarder.
    pub services: Option<Vec<Service>>,
}

/// A label, and what callers say who want it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    pub label: String,
    /// Said word by word.
    #[serde(default)]
    pub exact: Vec<String>,
    /// Said like this: in other forms of the words, or slightly misheard.
    #[serde(default)]
    pub fuzzy: Vec<String>,
    /// What does not count although a phrase is in it, like "by the book".
    #[serde(default)]
    pub except: Vec<String>,
}

impl Default for Insight {
    fn default() -> Self {
        Self {
            ask_model: false,
            patience: Duration::from_secs(30),
            services: None,
        }
    }
}

impl Insight {
    pub(super) fn check(&self, reader: &mut Reader<'_>) {
        let range = Duration::from_secs(1)..=Duration::from_secs(600);
        reader.within("insight.patience", &self.patience, range, super::in_words);
        for (service, index) in self.services.iter().flatten().zip(0..) {
            let path = format!("insight.services[{index}]");
            if service.label.trim().is_empty() {
                let path = format!("{path}.label");
                reader.problem(&path, "is empty", "name the service, like \"booking\"");
            }
            if service.exact.is_empty() && service.fuzzy.is_empty() {
                let fix = "list what callers say as `exact` or `fuzzy`";
                reader.told(&path, format!("`{path}` has no phrases"), fix);
            }
        }
    }
}
