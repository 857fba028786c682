//! Reads an archive of any size, page by page.

use std::ops::Range;
use std::pin::pin;
use std::sync::Arc;
use std::time::SystemTime;

use futures_util::stream::{self, Stream, TryStreamExt as _};
use voicera::digest::Digest;
use voicera::insight::gaps::{self, Groups, Settings};
use voicera::ports::Archive;
use voicera::ports::archive::{ArchiveError, Cursor, Wanted};

/// How many calls are held at a time.
const PAGE: usize = 200;

/// Every call that is wanted, the latest first, whatever the limit says.
pub(crate) fn calls(
    archive: &Arc<dyn Archive>,
    wanted: &Wanted,
) -> impl Stream<Item = Result<Digest, ArchiveError>> + use<> {
    let archive = Arc::clone(archive);
    let first = Wanted {
        limit: PAGE,
        ..wanted.clone()
    };
    let pages = stream::try_unfold(Some(first), move |wanted| {
        let archive = Arc::clone(&archive);
        async move {
            let Some(wanted) = wanted else {
                return Ok::<_, ArchiveError>(None);
            };
            let page = archive.calls(&wanted).await?;
            let next = page.last().map(|last| Wanted {
                after: Some(place(last)),
                ..wanted
            });
            let page = stream::iter(page.into_iter().map(Ok));
            Ok(Some((page, next)))
        }
    });
    pages.try_flatten()
}

/// Where a call stands in the list.
pub(crate) fn place(call: &Digest) -> Cursor {
    Cursor {
        started: call.call.started,
        call: call.call.id.clone(),
    }
}

/// What callers asked in vain.
#[derive(Debug)]
pub(crate) struct Open {
    /// How many calls were read.
    pub(crate) calls: u64,
    pub(crate) groups: Groups,
}

/// The questions that were left open in the calls of a time.
pub(crate) async fn open_questions(
    archive: &Arc<dyn Archive>,
    time: Range<SystemTime>,
    settings: &Settings,
) -> Result<Open, ArchiveError> {
    let wanted = Wanted {
        since: Some(time.start),
        until: Some(time.end),
        ..Wanted::latest(1)
    };
    let mut open = Open {
        calls: 0,
        groups: Groups::default(),
    };
    let mut calls = pin!(calls(archive, &wanted));
    while let Some(digest) = calls.try_next().await? {
        let id = &digest.call.id;
        // Somebody may have it forgotten meanwhile.
        let Some(call) = archive.call(id).await? else {
            continue;
        };
        open.calls += 1;
        for gap in gaps::gaps(&call.entries, settings) {
            open.groups.add(id, &gap);
        }
    }
    Ok(open)
}
