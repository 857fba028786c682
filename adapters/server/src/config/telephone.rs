//! `[twilio]`, `[handoff]` and `[tools]`: the carrier's account, who takes calls over, and what a
//! model may do with a call.

use serde::Deserialize;
use voicera_transcripts::twilio::{self, provisioning};
use voicera_transports::conversation_relay::HandoffTarget;

use super::environment::{Environment, Variable};
use super::reader::Reader;

/// `[twilio]` as it is written: names of environment variables.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct TwilioSettings {
    /// Holds the id of the account, which its APIs are asked with. Default `TWILIO_ACCOUNT_SID`,
    /// where it is set.
    account_sid: Option<String>,
    /// A key to ask the APIs with instead of the auth token. Default none.
    api_key: Option<ApiKey>,
    /// Holds the account's auth token, which signs what Twilio sends. Default
    /// `TWILIO_AUTH_TOKEN`, where it is set.
    auth_token: Option<String>,
    /// Holds the id of a Conversational Intelligence service, which gets every transcript.
    /// Default `TWILIO_CONVERSATIONAL_INTELLIGENCE_SID`, where it is set.
    intelligence_service: Option<String>,
    /// Keys of Twilio's webhook configuration, where requests are signed with those. Default none.
    shared_keys: Vec<SharedKey>,
    /// How Twilio's APIs are asked.
    api: twilio::Settings,
    /// How the service of Conversational Intelligence is to be.
    intelligence: provisioning::Settings,
}

/// A key of Twilio's API.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApiKey {
    /// The environment variable that holds its id.
    pub id: String,
    /// The environment variable that holds its secret.
    pub secret: String,
}

/// A key of Twilio's webhook configuration.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SharedKey {
    /// What Twilio calls it.
    pub id: String,
    /// The environment variable that holds its secret.
    pub secret: String,
}

/// The carrier's account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Twilio {
    /// The variable that holds the auth token, where there is one: requests must be signed.
    pub auth_token: Option<String>,
    /// Further keys that requests may be signed with.
    pub shared_keys: Vec<SharedKey>,
    /// The id of the service that gets every transcript.
    pub intelligence_service: Option<String>,
    /// The variable that holds the id of the account, where there is one.
    pub account_sid: Option<String>,
    /// What the APIs are asked with instead of the auth token.
    pub api_key: Option<ApiKey>,
    pub api: twilio::Settings,
    pub intelligence: provisioning::Settings,
}

impl Twilio {
    /// Whether requests must be signed.
    pub fn is_signed(&self) -> bool {
        self.auth_token.is_some() || !self.shared_keys.is_empty()
    }

    pub(super) fn of(
        settings: TwilioSettings,
        environment: &Environment,
        reader: &mut Reader<'_>,
    ) -> Self {
        let mut name = |key: &str, own: Option<String>, default: &str| {
            // Who writes the default down asks for no more than the default.
            match own.filter(|name| name != default) {
                Some(own) => required(&format!("twilio.{key}"), own, environment, reader),
                None => optional(default, environment, reader),
            }
        };
        let auth_token = name("auth_token", settings.auth_token, "TWILIO_AUTH_TOKEN");
        let service = name(
            "intelligence_service",
            settings.intelligence_service,
            "TWILIO_CONVERSATIONAL_INTELLIGENCE_SID",
        );
        let account_sid = name("account_sid", settings.account_sid, "TWILIO_ACCOUNT_SID");
        if let Some(key) = &settings.api_key {
            for (name, variable) in [("id", &key.id), ("secret", &key.secret)] {
                let path = format!("twilio.api_key.{name}");
                required(&path, variable.clone(), environment, reader);
            }
        }
        if let Err(error) = settings.api.check() {
            reader.told(
                "twilio.api",
                format!("twilio.api: {error}"),
                "set another value",
            );
        }
        if let Err(error) = settings.intelligence.check() {
            let what = format!("twilio.intelligence: {error}");
            reader.told("twilio.intelligence", what, "set another value");
        }
        for (key, index) in settings.shared_keys.iter().zip(0..) {
            let path = format!("twilio.shared_keys[{index}].secret");
            required(&path, key.secret.clone(), environment, reader);
        }
        Self {
            auth_token,
            shared_keys: settings.shared_keys,
            intelligence_service: service.and_then(|name| service_id(&name, environment, reader)),
            account_sid,
            api_key: settings.api_key,
            api: settings.api,
            intelligence: settings.intelligence,
        }
    }
}

/// A variable that the file names: it must be set.
pub(super) fn required(
    path: &str,
    name: String,
    environment: &Environment,
    reader: &mut Reader<'_>,
) -> Option<String> {
    let is = match environment.variable(&name) {
        Variable::Set(_) => return Some(name),
        Variable::Empty => "is set but empty",
        Variable::Broken => "has a line break or another control character in it",
        Variable::Unset => "is not set",
    };
    if is_variable(&name) {
        let what = format!("`{path}`: the environment variable {name} {is}");
        let fix = format!("set {name}, here or in .env, or remove `{path}`");
        reader.told(path, what, fix);
    } else {
        // It may be the secret itself.
        let what = format!("`{path}` is not the name of an environment variable");
        reader.told(path, what, "put the value into .env and its name here");
    }
    None
}

/// A variable that may be set, but not to nothing.
fn optional(name: &str, environment: &Environment, reader: &mut Reader<'_>) -> Option<String> {
    match environment.variable(name) {
        Variable::Set(_) => return Some(name.to_owned()),
        Variable::Empty => reader.environment(
            format!("`{name}` is set but empty"),
            "put the value from Twilio's console into it, or remove it",
        ),
        Variable::Broken => reader.environment(
            format!("`{name}` has a line break or another control character in it"),
            "copy the value from Twilio's console again, or remove it",
        ),
        Variable::Unset => {}
    }
    None
}

fn service_id(name: &str, environment: &Environment, reader: &mut Reader<'_>) -> Option<String> {
    let id = environment.text(name)?;
    if !id.starts_with("GA") {
        let what = format!("`{name}={id}` is not the id of an intelligence service");
        reader.environment(what, "copy the id from Twilio's console; it begins with GA");
    }
    Some(id.to_owned())
}

/// `[handoff]` as it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct HandoffSettings {
    /// Who takes calls over: `{ number = "+14155550123" }`, `{ sip = "sip:desk@example.com" }`
    /// or `{ workflow = "WW…" }`. Default: nobody.
    target: Option<HandoffTarget>,
    /// A key that asks for a person, `0` to `9`, `*` or `#`. Default: none.
    key: Option<String>,
}

/// Who takes calls over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handoff {
    pub target: Option<HandoffTarget>,
    pub key: Option<char>,
}

impl Handoff {
    pub(super) fn of(settings: HandoffSettings, reader: &mut Reader<'_>) -> Self {
        let key = settings.key.as_deref().and_then(|key| {
            let mut chars = key.chars();
            match (chars.next(), chars.next()) {
                (Some(key), None) if key.is_ascii_digit() || matches!(key, '*' | '#') => Some(key),
                _ => {
                    reader.problem(
                        "handoff.key",
                        "is not a key",
                        "use \"0\" to \"9\", \"*\" or \"#\"",
                    );
                    None
                }
            }
        });
        if key.is_some() && settings.target.is_none() {
            let fix = "set handoff.target, or remove the key";
            reader.problem("handoff.key", "leads to nobody", fix);
        }
        let problem = settings.target.as_ref().and_then(HandoffTarget::problem);
        super::tell("handoff.target", problem.into_iter().collect(), reader);
        Self {
            target: settings.target,
            key,
        }
    }
}

/// What a model may do with a call beside speaking. Handing over and changing the language are
/// offered where `handoff.target` and `agent.languages` are set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Tools {
    /// End the call when the caller has said goodbye. Default false: it ends on a farewell anyway.
    pub end_call: bool,
    /// Press keys on the caller's side of the line. Default false.
    pub press_keys: bool,
}

fn is_variable(name: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    !name.is_empty()
        && name.bytes().all(is_letter)
        && !name.starts_with(|c: char| c.is_ascii_digit())
}
