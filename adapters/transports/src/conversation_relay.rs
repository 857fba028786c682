//! Twilio's Conversation Relay, and servers that speak like it.
//!
//! ```text
//! POST /call        the carrier asks what to do with a call; TwiML connects it to
//! GET  /relay       a websocket that carries the call's words, and once it is over
//! POST /call/ended  the carrier asks what to do next
//! ```
//!
//! The carrier's words (`prompt`, `interrupt`, `last`) stop here: the engine sees inputs and
//! outputs. The carrier recognises and speaks; only text comes this far.

use std::sync::Arc;
use std::time::SystemTime;

use axum::Router;
use axum::extract::Request;
use axum::response::Response;
use voicera::ports::Ports;
use voicera::profile::Profile;
use voicera::speech::{Formatter, Speech};

use crate::switchboard::Switchboard;
use refusals::Refusals;
use token::Mint;

pub use handoff::HandoffTarget;
pub use limits::Limits;
pub use public_url::PublicUrl;
pub(crate) use public_url::is_loopback;
pub use routes::Received;
pub use security::Security;
pub use settings::{Problem, Settings};

pub mod settings;

pub mod signature;

mod routes;

mod ended;

mod socket;

mod line;

mod frames;

mod twiml;

mod handoff;

mod limits;

mod security;

mod public_url;

mod token;

mod refusals;

/// Everything the transport is made of.
#[derive(Clone, Debug)]
pub struct Parts {
    pub settings: Settings,
    /// The carrier's own analysis of transcripts, by SID or name, where it is wanted.
    pub intelligence_service: Option<String>,
    pub security: Security,
    pub limits: Limits,
    /// Who takes over the callers who want a person. Without one they hear so and the call ends.
    pub handoff: Option<HandoffTarget>,
    /// What a caller hears when all lines are busy, or the server is stopping.
    pub busy: String,
    pub profile: Arc<Profile>,
    pub ports: Ports,
    pub switchboard: Arc<Switchboard>,
}

/// The transport.
#[derive(Clone, Debug)]
pub struct ConversationRelay(Arc<Relay>);

/// What every request and every socket needs.
#[derive(Debug)]
struct Relay {
    parts: Parts,
    mint: Mint,
    refusals: Refusals,
}

impl ConversationRelay {
    /// A transport for calls. Settings and limits are taken as they are: see
    /// [`Settings::problems`] and [`Limits::problems`].
    ///
    /// # Errors
    ///
    /// Without an auth token, when the system gives no random numbers to make tokens with.
    pub fn new(parts: Parts) -> Result<Self, getrandom::Error> {
        let mint = match &parts.security.keys.auth_token {
            Some(secret) => Mint::shared(secret),
            None => Mint::own()?,
        };
        Ok(Self(Arc::new(Relay {
            parts,
            mint,
            refusals: Refusals::default(),
        })))
    }

    /// The routes. Requests have to carry axum's `ConnectInfo<SocketAddr>`, or none of them
    /// counts as one of this machine.
    pub fn router(&self) -> Router {
        routes::router(Arc::clone(&self.0))
    }

    /// What the carrier has sent to another page of this server, checked as all that it sends.
    ///
    /// # Errors
    ///
    /// With what to answer where the request is not the carrier's.
    pub async fn receive(&self, request: Request, path: &str) -> Result<Received, Response> {
        routes::receive(&self.0, request, path).await
    }
}

impl Relay {
    /// TwiML that connects a call which lost its socket so many times.
    fn connect(&self, url: &PublicUrl, call: &str, losses: u32) -> String {
        let profile = &self.parts.profile;
        let expiry = SystemTime::now() + self.parts.limits.token;
        let action = match losses {
            0 => url.page(routes::ENDED),
            _ => url.page(&format!("{}?{}={losses}", routes::ENDED, ended::LOSSES)),
        };
        twiml::connect(&twiml::Connect {
            url: &url.socket(routes::RELAY),
            action: &action,
            settings: &self.parts.settings,
            language: &profile.language,
            languages: &profile.languages,
            greeting: &match losses {
                0 => self.spoken(&profile.lines.greeting),
                _ => String::new(),
            },
            intelligence_service: self.parts.intelligence_service.as_deref(),
            token: &self.mint.token(call, losses, expiry),
        })
    }

    /// TwiML for a caller for whom there is no line.
    fn busy(&self) -> String {
        twiml::say_and_hang_up(self.sentence(&self.parts.busy))
    }

    fn sentence(&self, text: &str) -> twiml::Sentence<'_> {
        twiml::Sentence {
            text: self.spoken(text),
            language: &self.parts.profile.language,
        }
    }

    /// What the carrier says by itself is made speakable like every other word of the agent.
    fn spoken(&self, written: &str) -> String {
        let style = self.parts.settings.style();
        let mut formatter = Formatter::new(&style, &self.parts.profile.language);
        let mut speech = Speech::default();
        formatter.push(written, &mut speech);
        formatter.finish(&mut speech);
        speech.text
    }
}
