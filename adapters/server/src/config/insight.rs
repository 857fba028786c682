//! `[insight]`: what is found out about calls that have ended.

use std::time::Duration;

use serde::Deserialize;
use voicera_transcripts::delivery;

use super::reader::Reader;

/// How calls are analysed.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Insight {
    /// Whether the first model that is no `extractive` is asked for summary, sentiment and entities
    /// once a call has ended. Default false; the operators answer in any case.
    pub ask_model: bool,
    /// How long one answer may take. A call that a killed server was asking about is asked about
    /// again after three times that. Default 30 s.
    #[serde(with = "humantime_serde")]
    pub patience: Duration,
    /// How often it is asked about a call before that is given up. Default 20, which is hours. From
    /// the fifth time on, an answer that is not as asked is the last.
    pub attempts: u32,
    /// How many calls it is asked about at the same time. Default 4.
    pub concurrency: usize,
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
            attempts: 20,
            concurrency: 4,
            services: None,
        }
    }
}

impl Insight {
    /// When the model is asked, and when again.
    pub fn delivery(&self) -> delivery::Settings {
        let settings = delivery::Settings::default();
        delivery::Settings {
            attempts: self.attempts,
            timeout: self.patience,
            concurrency: self.concurrency,
            lease: 3 * self.patience,
            // Nothing tells when the lease of a killed server is over.
            poll: settings.poll.min(self.patience),
            ..settings
        }
    }

    pub(super) fn check(&self, reader: &mut Reader<'_>) {
        let range = Duration::from_secs(1)..=Duration::from_secs(600);
        reader.within("insight.patience", &self.patience, range, super::in_words);
        let show = u32::to_string;
        reader.within("insight.attempts", &self.attempts, 1..=1_000_000, show);
        let show = usize::to_string;
        reader.within("insight.concurrency", &self.concurrency, 1..=1000, show);
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
