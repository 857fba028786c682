//! Twilio's account, as it is configured: what its APIs are asked with.

use anyhow::Context as _;
use secrecy::{ExposeSecret as _, SecretString};
use voicera_transcripts::twilio::results::Classifier;
use voicera_transcripts::twilio::sync::Intelligence;
use voicera_transcripts::twilio::{Client, Credentials};

use crate::config::{Config, Environment, Problem};

/// Asks Twilio's APIs. It opens nothing.
///
/// # Errors
///
/// When the account or its secret is not there.
pub fn client(config: &Config, environment: &Environment) -> anyhow::Result<Client> {
    let twilio = &config.twilio;
    let text = |name: &str| environment.secret(name);
    let missing = |what: &str, fix: &'static str| {
        anyhow::Error::new(Problem::new(
            "",
            format!("Twilio cannot be asked without {what}"),
            fix,
        ))
    };
    let account = twilio
        .account_sid
        .as_deref()
        .and_then(text)
        .ok_or_else(|| {
            let fix =
                "set TWILIO_ACCOUNT_SID, here or in .env, to the Account SID of Twilio's console";
            missing("its account", fix)
        })?;
    let account = account.expose_secret();
    let mut credentials = match (&twilio.api_key, &twilio.auth_token) {
        (Some(key), _) => {
            let id = text(&key.id).unwrap_or_default();
            let secret = text(&key.secret).unwrap_or_default();
            Credentials::api_key(account, id.expose_secret(), secret)
        }
        (None, Some(token)) => {
            let token: SecretString = text(token).unwrap_or_default();
            Credentials::auth_token(account, token)
        }
        (None, None) => {
            let fix = "set TWILIO_AUTH_TOKEN, here or in .env, or twilio.api_key in voicera.toml";
            return Err(missing("a secret", fix));
        }
    };
    credentials.named = named(config);
    Client::new(&twilio.api, credentials).context("Twilio cannot be asked")
}

/// What brings Twilio's findings of calls.
///
/// # Errors
///
/// When Twilio cannot be asked, or its service is not known.
pub fn intelligence(config: &Config, environment: &Environment) -> anyhow::Result<Intelligence> {
    let service = config.twilio.intelligence_service.clone();
    let service_sid = service.ok_or_else(|| {
        let what = "the intelligence service is not known".to_owned();
        let fix = "make one with `voicera intelligence provision`, and set \
                   TWILIO_CONVERSATIONAL_INTELLIGENCE_SID to its id";
        Problem::new("", what, fix)
    })?;
    let services = crate::analysing::services(config);
    Ok(Intelligence {
        client: client(config, environment)?,
        service_sid,
        classifier: Classifier {
            name: config.twilio.intelligence.classifier.clone(),
            labels: services.into_iter().map(|service| service.label).collect(),
        },
    })
}

/// The variables that have to be set before Twilio can be asked.
pub fn missing(config: &Config) -> Vec<&'static str> {
    let twilio = &config.twilio;
    let has_secret = twilio.auth_token.is_some() || twilio.api_key.is_some();
    let account = twilio.account_sid.is_none().then_some("TWILIO_ACCOUNT_SID");
    let secret = (!has_secret).then_some("TWILIO_AUTH_TOKEN");
    account.into_iter().chain(secret).collect()
}

/// The variables that a refused login has to do with.
pub(crate) fn named(config: &Config) -> String {
    let twilio = &config.twilio;
    let account = twilio
        .account_sid
        .as_deref()
        .unwrap_or("TWILIO_ACCOUNT_SID");
    match (&twilio.api_key, &twilio.auth_token) {
        (Some(key), _) => format!("{account}, {} and {}", key.id, key.secret),
        (None, Some(token)) => format!("{account} and {token}"),
        (None, None) => account.to_owned(),
    }
}
