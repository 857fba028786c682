//! Asks every search at once, and goes on without those that are late.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{join_all, try_join_all};
use tokio::time::{Instant, timeout};

use crate::search::{Hit, Search, SearchError, Wanted};

/// What one search came to.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) name: &'static str,
    pub(super) took: Duration,
    /// The hits of each wording, in the order of the wordings.
    pub(super) found: Result<Vec<Vec<Hit>>, Silence>,
}

/// Why a search said nothing.
#[derive(Debug)]
pub(super) enum Silence {
    Late,
    Failed(SearchError),
}

pub(super) async fn ask(
    searches: &[Arc<dyn Search>],
    wordings: &[Wanted],
    deadline: Duration,
) -> Vec<Asked> {
    let asked = searches.iter().map(|search| async move {
        let begun = Instant::now();
        let answers = try_join_all(wordings.iter().map(|wanted| search.search(wanted)));
        let found = match timeout(deadline, answers).await {
            Ok(Ok(found)) => Ok(found),
            Ok(Err(error)) => Err(Silence::Failed(error)),
            Err(_) => Err(Silence::Late),
        };
        Asked {
            name: search.name(),
            took: begun.elapsed(),
            found,
        }
    });
    join_all(asked).await
}
