//! Says once that a search has begun to fail, and once that it answers again.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use voicera::ports::chain;

use super::asking::Silence;
use crate::search::SearchError;

/// How long a search must have been without trouble to be called well: one that is late now and
/// then would fill the log otherwise.
const CALM: Duration = Duration::from_secs(10);

/// The searches in trouble, by name.
#[derive(Debug, Default)]
pub(super) struct Health(Mutex<BTreeMap<&'static str, (Trouble, Instant)>>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trouble {
    Late,
    Unavailable,
    Broken,
}

impl Health {
    pub(super) fn is_silent(&self, name: &'static str, silence: &Silence) {
        let trouble = match silence {
            Silence::Late => Trouble::Late,
            Silence::Failed(SearchError::Unavailable(_)) => Trouble::Unavailable,
            Silence::Failed(SearchError::Broken(_)) => Trouble::Broken,
        };
        if self.begins(name, trouble) {
            tracing::warn!(
                search.name = name,
                error = %silence,
                "a search is left out; turns go on without it"
            );
        }
    }

    pub(super) fn is_well(&self, name: &'static str) {
        if self.ends(name) {
            tracing::info!(search.name = name, "a search answers again");
        }
    }

    /// Whether this trouble is news.
    fn begins(&self, name: &'static str, trouble: Trouble) -> bool {
        let mut troubles = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let before = troubles.insert(name, (trouble, Instant::now()));
        before.is_none_or(|(before, _)| before != trouble)
    }

    /// Whether it is news that there is none.
    fn ends(&self, name: &'static str) -> bool {
        let mut troubles = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let calm = troubles
            .get(name)
            .is_some_and(|(_, last)| last.elapsed() >= CALM);
        calm && troubles.remove(name).is_some()
    }
}

impl fmt::Display for Silence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Late => f.write_str("it did not answer in time"),
            Self::Failed(error) => f.write_str(&chain(error)),
        }
    }
}

#[cfg(test)]
mod tests;
