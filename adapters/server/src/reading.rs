//! Reads an archive of any size, page by page.

use std::sync::Arc;

use futures_util::stream::{self, Stream, TryStreamExt as _};
use voicera::digest::Digest;
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
