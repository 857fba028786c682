//! Performs what the session asks: one task per call, one `select!`, nothing spawned.
//!
//! What is in flight is owned here, so that dropping it cancels it. This is the one place of the
//! core that awaits and reads the clock.

use std::pin::pin;
use std::sync::Arc;

use futures_util::future::FusedFuture as _;
use futures_util::{FutureExt as _, Sink, Stream, StreamExt as _};
use tokio::time::Instant;
use tracing::{Instrument as _, info, info_span, warn};

use crate::ports::Ports;
use crate::profile::Profile;
use crate::session::{Action, Event, Session};
use crate::transport::{Input, Output};
use crate::words::{Call, Ending, Memory, Opening};

mod alarm;

mod journal;

mod outbox;

mod work;

use alarm::Alarm;
use journal::Journal;
use outbox::Outbox;
use work::Work;

/// How a conversation ended, and what it leaves to one that continues it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conversation {
    pub ending: Ending,
    pub memory: Memory,
}

/// Holds one call: hears `incoming`, speaks to `outgoing`, until the call is over.
///
/// The last output is [`Output::End`] unless the line is gone. The end of `incoming` counts as
/// [`Input::HungUp`], an error of `outgoing` as [`Input::Lost`]. Dropping the future drops the
/// call with everything in flight.
pub fn converse<I, O>(
    call: Call,
    opening: Opening,
    profile: Arc<Profile>,
    ports: Ports,
    incoming: I,
    outgoing: O,
) -> impl Future<Output = Conversation>
where
    I: Stream<Item = Input>,
    O: Sink<Output>,
    O::Error: std::fmt::Display,
{
    // Whatever is logged on behalf of a call names it.
    let span = info_span!("call", call.id = %call.id);
    hold(call, opening, profile, ports, incoming, outgoing).instrument(span)
}

async fn hold<I, O>(
    call: Call,
    opening: Opening,
    profile: Arc<Profile>,
    ports: Ports,
    incoming: I,
    outgoing: O,
) -> Conversation
where
    I: Stream<Item = Input>,
    O: Sink<Output>,
    O::Error: std::fmt::Display,
{
    let started = now();
    let bounds = profile.bounds;
    let briefing = Arc::clone(ports.briefing());
    let (mut session, actions) = Session::begin(call, opening, profile, briefing);
    info!("call answered");

    let mut incoming = pin!(incoming.fuse());
    let mut outgoing = pin!(outgoing);
    let mut warm_up = pin!(ports.model.warm_up().fuse());
    let mut alarm = pin!(Alarm::new(started));
    let mut desk = Desk {
        work: Work::Idle,
        outbox: Outbox::new(bounds.outgoing, bounds.stuck),
        journal: Journal::new(Arc::clone(&ports.transcript), bounds.entries),
        ports: &ports,
    };
    desk.perform(actions, started);

    while session.ending().is_none() {
        let next = [
            session.deadline().map(|at| started + at),
            desk.outbox.deadline(),
        ];
        alarm.as_mut().set(next.into_iter().flatten().min());
        // What the caller does comes first, then words, so that those that come together leave
        // together. Sending and writing never end this wait, because they are no event.
        let event = tokio::select! {
            biased;
            input = incoming.next() => Event::Input(input.unwrap_or(Input::HungUp)),
            event = desk.work.next(), if desk.work.is_busy() => event,
            why = desk.outbox.send_all(outgoing.as_mut()), if desk.outbox.has_mail() => {
                Event::Input(Input::Lost(why))
            }
            never = desk.journal.write_all(), if desk.journal.is_busy() => match never {},
            () = &mut warm_up, if !warm_up.is_terminated() => continue,
            () = alarm.as_mut() => match desk.outbox.trouble(now()) {
                Some(why) => Event::Input(Input::Lost(why)),
                None => Event::Tick,
            },
        };
        if let Event::Input(Input::Trouble(what)) = &event {
            warn!(what, "the carrier reports trouble");
        }
        if let Event::Input(Input::Utterance(said)) = &event
            && said.text.trim().len() > bounds.utterance_bytes
        {
            let (bytes, limit) = (said.text.len(), bounds.utterance_bytes);
            warn!(
                bytes,
                limit, "an utterance is longer than it may be and is cut"
            );
        }
        let late = matches!(event, Event::Tick);
        let now = now();
        let actions = session.handle(event, now - started);
        if late
            && actions
                .iter()
                .any(|action| matches!(action, Action::Drop(_)))
        {
            warn!("no word of the reply came in time");
        }
        desk.perform(actions, now);
    }

    let farewell = async {
        while desk.outbox.has_mail() && desk.outbox.send(outgoing.as_mut()).await.is_ok() {}
    };
    let notes = async {
        while desk.journal.is_busy() {
            desk.journal.write().await
        }
    };
    let farewell = tokio::time::timeout(bounds.drain, farewell);
    let notes = tokio::time::timeout(bounds.drain, notes);
    if let (Err(_), _) = tokio::join!(farewell, notes) {
        warn!("the call is over and its last words are not out");
    }
    desk.journal.close();
    Conversation {
        ending: session.ending().cloned().unwrap_or(Ending::HungUp),
        memory: session.memory(started.elapsed()),
    }
}

/// What a call has in hand.
struct Desk<'a> {
    ports: &'a Ports,
    work: Work,
    outbox: Outbox,
    journal: Journal,
}

impl Desk<'_> {
    fn perform(&mut self, actions: Vec<Action>, now: Instant) {
        for action in actions {
            match action {
                Action::Output(output) => self.outbox.put(output, now),
                Action::Retrieve(turn, query) => {
                    self.work = Work::seek(turn, Arc::clone(&self.ports.retriever), query);
                }
                Action::Reply(turn, prompt) => {
                    self.work = Work::write(turn, self.ports.model.reply(*prompt));
                }
                Action::Drop(_) => self.work = Work::Idle,
                Action::Record(entry) => self.journal.put(entry),
            }
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the engine is the one that reads the clock"
)]
fn now() -> Instant {
    Instant::now()
}

#[cfg(test)]
mod tests;
