//! What to do with a call whose relay session is over: the carrier asks, and may ask again.
//!
//! The answer depends on the question alone and on whether there is room, so that it does not
//! matter how often the question comes, before or after the socket closes, or to which server.

use tracing::{debug, warn};
use voicera::words::CallId;

use super::routes::Webhook;
use super::{Relay, handoff, twiml};

/// The query of `/call/ended` that counts how often the call lost its socket.
pub(super) const LOSSES: &str = "losses";

/// Errors of the carrier that come again however often the call is connected: a setting or a
/// provider it does not take.
const HOPELESS: [&str; 2] = ["64101", "64106"];

/// What to do next, as TwiML.
pub(super) fn answer(relay: &Relay, webhook: &Webhook) -> String {
    let call = webhook.field("CallSid");
    let status = webhook.field("SessionStatus");
    debug!(call.id = call, status, "the carrier's session is over");
    let goes_on = matches!(
        webhook.field("CallStatus").to_ascii_lowercase().as_str(),
        "" | "in-progress" | "in_progress" | "active" | "ringing"
    );
    match status {
        "ended" if goes_on && handoff::is_asked(webhook.field("HandoffData")) => {
            hand_over(relay, webhook, None)
        }
        "failed" if goes_on => recover(relay, webhook),
        "completed" => twiml::nothing(),
        _ if goes_on => twiml::hang_up(),
        _ => twiml::nothing(),
    }
}

/// The socket was lost and the caller is still there.
fn recover(relay: &Relay, webhook: &Webhook) -> String {
    let call = webhook.field("CallSid");
    let losses = webhook.field(LOSSES).parse::<u32>().unwrap_or(0);
    let code = webhook.field("ErrorCode");
    warn!(
        call.id = call,
        error.code = code,
        error.message = webhook.field("ErrorMessage"),
        losses,
        "the carrier lost the call's session"
    );
    let id = CallId::new(call);
    relay.parts.switchboard.lose(&id);
    if !relay.parts.switchboard.has_room_for(&id) {
        return relay.busy();
    }
    if call.is_empty() || losses >= relay.parts.limits.reconnects || HOPELESS.contains(&code) {
        let apology = relay.sentence(&relay.parts.profile.lines.apology);
        return hand_over(relay, webhook, Some(apology));
    }
    relay.connect(&webhook.url, call, losses + 1)
}

/// Passes the caller to a person, or where there is none, hangs up.
fn hand_over(relay: &Relay, webhook: &Webhook, before: Option<twiml::Sentence<'_>>) -> String {
    match (&relay.parts.handoff, before) {
        (Some(target), before) => twiml::hand_over(before, target, webhook.field("HandoffData")),
        (None, Some(sentence)) => twiml::say_and_hang_up(sentence),
        (None, None) => twiml::hang_up(),
    }
}
