//! One call on its socket: from the setup that opens it to the frame that closes it.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use axum::extract::ws::{Message, WebSocket, close_code};
use tokio::time::timeout;
use tracing::debug;
use voicera::engine::converse;
use voicera::words::{Call, CallId, Ending, Opening};

use super::Relay;
use super::frames::heard::{self, Heard, Setup};
use super::frames::said::Speaker;
use super::line::{self, Incoming, Line, Outgoing, Verdict};
use super::token;
use crate::switchboard::{Refusal, Rival, Seat};

/// Holds the call that this socket carries, if it carries one.
pub(super) async fn serve(relay: Arc<Relay>, mut socket: WebSocket) {
    match answer(&relay, &mut socket).await {
        Ok(answered) => {
            hold(relay, socket, answered).await;
        }
        Err(verdict) => {
            relay.refusals.note(&verdict.reason);
            line::close(socket, Some(verdict), relay.parts.limits.closing).await;
        }
    }
}

/// A call that may begin.
struct Answered {
    call: Box<Call>,
    opening: Opening,
    seat: Seat,
}

async fn answer(relay: &Relay, socket: &mut WebSocket) -> Result<Answered, Verdict> {
    let Ok(setup) = timeout(relay.parts.limits.setup, setup(socket)).await else {
        return Err(refused("the socket sent no setup in time"));
    };
    let mut setup = setup?;
    let id = CallId::new(&setup.call_sid);
    let losses = losses(relay, &mut setup, &id)?;
    let reconnects = relay.parts.settings.reconnects();
    let rival = if losses > 0 || reconnects {
        Rival::Goes(relay.parts.limits.closing)
    } else {
        Rival::Stays
    };
    let seat = relay.parts.switchboard.admit(&id, rival).await;
    let seat = seat.map_err(|refusal| match refusal {
        // The carrier then asks what to do with the call, and the caller hears a sentence.
        Refusal::Full | Refusal::Closed => Verdict::new(close_code::AGAIN, refusal.to_string()),
        Refusal::Live => refused(&refusal.to_string()),
    })?;
    let memory = relay.parts.switchboard.recall(&id);
    let opening = match memory {
        Some(memory) if losses > 0 || reconnects => Opening::Resume(memory),
        None if losses > 0 => Opening::Resume(Default::default()),
        _ if relay.parts.profile.lines.greeting.is_empty() => Opening::Greet,
        _ => Opening::GreetedByCarrier,
    };
    let mut call = Box::new(call(id, *setup));
    if let (0, Opening::Resume(memory), Some(session)) = (losses, &opening, &mut call.session) {
        // A carrier that connects again by itself may keep its name for the session, and the
        // transcript must not take the second stretch for the first.
        session.push_str(&format!("/{}", memory.turn));
    }
    Ok(Answered {
        call,
        opening,
        seat,
    })
}

/// How many pings may come before the setup.
const PINGS: usize = 10;

/// Waits for the first frame, which has to be the setup.
async fn setup(socket: &mut WebSocket) -> Result<Box<Setup>, Verdict> {
    for _ in 0..PINGS {
        let heard = match socket.recv().await {
            Some(Ok(Message::Text(text))) => heard::read(&text),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => continue,
            Some(Ok(Message::Binary(_))) => {
                let why = "the first frame is binary";
                return Err(Verdict::new(close_code::UNSUPPORTED, why));
            }
            Some(Ok(Message::Close(_))) | None => {
                return Err(refused("the socket closed before its setup"));
            }
            Some(Err(error)) => {
                let why = format!("the socket broke before its setup: {error}");
                return Err(Verdict::new(line::code(&error), why));
            }
        };
        return match heard {
            Ok(Heard::Setup(setup)) if !setup.call_sid.is_empty() => Ok(setup),
            Ok(Heard::Setup(_)) => Err(refused("the setup names no call")),
            Ok(Heard::Input(_) | Heard::Nothing | Heard::Unknown(_)) => {
                Err(refused("the first frame is no setup"))
            }
            Err(error) => {
                // The error may quote the frame.
                debug!(%error, "the first frame cannot be understood");
                Err(refused("the first frame cannot be understood"))
            }
        };
    }
    Err(refused("the socket sends pings and no setup"))
}

/// Takes the token out of the setup, and answers how often the call lost its socket before.
fn losses(relay: &Relay, setup: &mut Setup, id: &CallId) -> Result<u32, Verdict> {
    let Some(token) = setup.custom_parameters.remove(token::PARAMETER) else {
        return Err(refused("the setup carries no token"));
    };
    let now = SystemTime::now();
    let claim = relay.mint.check(&token, id.as_str(), now);
    // Whoever asks for TwiML on this machine need not know a call's id yet.
    let anonymous = || relay.mint.check(&token, "", now);
    let claim = if relay.parts.security.is_signed() {
        claim
    } else {
        claim.or_else(anonymous)
    };
    let Some(claim) = claim else {
        return Err(refused("the token is not that of this call"));
    };
    // The carrier that connects again by itself shows the token of the beginning.
    let back = || relay.parts.settings.reconnects() && relay.parts.switchboard.knows(id);
    if claim.expired && !back() {
        return Err(refused("the token is out of date"));
    }
    Ok(claim.losses)
}

fn refused(why: &str) -> Verdict {
    Verdict::new(close_code::POLICY, why)
}

fn call(id: CallId, setup: Setup) -> Call {
    let given = |text: String| (!text.is_empty()).then_some(text);
    Call {
        id,
        session: given(setup.session_id),
        from: given(setup.from),
        to: given(setup.to),
        started: SystemTime::now(),
        parameters: setup.custom_parameters,
    }
}

async fn hold(relay: Arc<Relay>, socket: WebSocket, answered: Answered) {
    let parts = &relay.parts;
    let speaker = Speaker::new(&parts.settings);
    let line = Line::new(socket, answered.seat, speaker, &parts.limits);
    let line = Mutex::new(line);
    let conversation = converse(
        *answered.call,
        answered.opening,
        Arc::clone(&parts.profile),
        parts.ports.clone(),
        Incoming(&line),
        Outgoing(&line),
    )
    .await;
    let line = line.into_inner().unwrap_or_else(PoisonError::into_inner);
    let (socket, seat, verdict) = line.end();
    // A call that was lost may be back before its old socket is closed.
    let (seat, verdict) = match conversation.ending {
        Ending::Failed(why) if why == line::CUT_OFF => (Some(seat), verdict),
        Ending::Failed(_) => {
            seat.leave(conversation.memory);
            (None, verdict)
        }
        Ending::HungUp
        | Ending::Goodbye
        | Ending::HandedOff(_)
        | Ending::Silent
        | Ending::Exhausted
        | Ending::Shutdown => (Some(seat), verdict),
    };
    line::close(socket, verdict, parts.limits.closing).await;
    drop(seat);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// With its buffers and its history a call has to stay under 30 KB.
    #[test]
    fn the_task_of_a_call_is_small() {
        fn size<A, B, F>(_: impl FnOnce(A, B) -> F) -> usize {
            size_of::<F>()
        }
        let size = size(serve);
        assert!(size < 5000, "{size} bytes");
    }
}
