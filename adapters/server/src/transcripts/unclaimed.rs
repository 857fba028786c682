//! What waits for destinations that are not configured any more: nobody is going to fetch it.

use voicera::ports::archive::ArchiveError;
use voicera::ports::chain;
use voicera_transcripts::outbox::{Outbox, Subscription};

/// Gives it up, so that it is seen and can be sent once its destination is back.
pub(super) async fn give_up(outbox: &dyn Outbox, known: &[Subscription]) {
    if let Err(error) = give_up_all(outbox, known).await {
        let error = chain(&error);
        tracing::warn!(
            error,
            "what waits for destinations that are not configured any more is not looked for"
        );
    }
}

async fn give_up_all(outbox: &dyn Outbox, known: &[Subscription]) -> Result<(), ArchiveError> {
    for (destination, _) in outbox.waiting().await? {
        if known.iter().any(|known| known.destination == destination) {
            continue;
        }
        let trouble = format!(
            "the server was started with no destination {destination}: configure it again and \
             run `voicera calls outbox --retry`, or delete this with \
             `voicera calls outbox --discard {destination}`"
        );
        let events = outbox.give_up(&destination, &trouble).await?;
        tracing::warn!(
            destination,
            events,
            "events wait for a destination that is not configured any more, and are given up: \
             configure it again under that name and run `voicera calls outbox --retry`, or delete \
             them with `voicera calls outbox --discard`"
        );
    }
    Ok(())
}
