//! Makes or updates the service of Conversational Intelligence, its operators and its webhook.
//!
//! What is there is read first, then the steps are planned, then they are taken; a second run
//! finds nothing to do. What is not named here is left as somebody else has made it.

use serde::Deserialize;
use serde_json::Value;

use super::{ApiError, Client};

mod apply;

mod classifier;

mod phrases;

mod plan;

pub use apply::{Done, Outcome, Report, apply};
pub use phrases::{Matching, Phrase, PhraseSet};
pub use plan::{Change, Step, plan};

/// What a user writes about the service.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// The unique name of the service, by which it is found again when its id is not known.
    /// Default: `voicera`.
    pub unique_name: String,
    /// The name that Twilio's console shows, up to 64 characters. Default: left as it is.
    pub friendly_name: Option<String>,
    /// The language of the calls. Twilio fixes it when the service is made. Default: `en-US`.
    pub language: String,
    /// Whether every recording of the account is transcribed too, which Twilio charges for; calls
    /// of this server are transcribed either way. Default: left as it is.
    pub auto_transcribe: Option<bool>,
    /// Whether Twilio masks personal data in its transcripts, which it knows of English as it is
    /// spoken in the United States. Default: true.
    pub auto_redaction: bool,
    /// Whether Twilio masks personal data in recordings, too; wants `auto_redaction`. Default:
    /// left as it is.
    pub media_redaction: Option<bool>,
    /// Twilio's own operators, by name. Default: escalation, introduction, transfer, entities,
    /// summary and sentiment.
    pub operators: Vec<String>,
    /// The name of the operator that tells the services apart, up to 64 characters. Default:
    /// `Service Classifier`.
    pub classifier: String,
    /// Twilio's name of the type of that operator. Default: the one for matching phrases, as
    /// Twilio lists it.
    pub classifier_type: Option<String>,
}

/// How the service is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    pub settings: Settings,
    /// The service, `GA…`, where it is known; otherwise it is found by its unique name.
    pub sid: Option<String>,
    /// Whom Twilio tells that a transcript is there; nothing leaves it as it is.
    pub webhook: Option<Webhook>,
    /// What the classifier looks for; without any there is no classifier.
    pub phrase_sets: Vec<PhraseSet>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    pub url: String,
    pub method: Method,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    Post,
    Get,
}

/// Why a service cannot be provisioned.
#[derive(Debug, thiserror::Error)]
pub enum ProvisionError {
    #[error("`{setting}` does not work: {fix}")]
    Setting {
        setting: &'static str,
        fix: &'static str,
    },
    #[error("there is no intelligence service {0} in this account: check its id")]
    NoService(String),
    #[error("the account cannot be read")]
    Read(#[source] ApiError),
    #[error("the service cannot be made or updated")]
    Service(#[source] ApiError),
}

/// What the account has.
#[derive(Clone, Debug, Default)]
pub struct Current {
    pub service: Option<Service>,
    /// The operators of the service, `LY…`.
    pub attached: Vec<String>,
    /// Twilio's own.
    pub prebuilt: Vec<Operator>,
    /// The account's own.
    pub custom: Vec<Operator>,
    pub types: Vec<OperatorType>,
}

/// A service as Twilio answers it.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub struct Service {
    pub sid: String,
    pub unique_name: Option<String>,
    pub friendly_name: Option<String>,
    pub language_code: Option<String>,
    pub auto_transcribe: Option<bool>,
    pub auto_redaction: Option<bool>,
    pub media_redaction: Option<bool>,
    pub webhook_url: Option<String>,
    pub webhook_http_method: Option<String>,
    pub version: Option<u64>,
}

/// An operator as Twilio answers it.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub struct Operator {
    pub sid: String,
    pub friendly_name: Option<String>,
    pub operator_type: Option<String>,
    pub availability: Option<String>,
    pub version: Option<u64>,
    #[serde(default)]
    pub config: Value,
}

/// A type of operators as Twilio answers it.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub struct OperatorType {
    pub name: String,
    pub friendly_name: Option<String>,
    pub availability: Option<String>,
    pub configurable: Option<bool>,
    #[serde(default)]
    pub config_schema: Value,
}

impl Default for Settings {
    fn default() -> Self {
        let operators = [
            "Escalation Request",
            "Agent Introduction",
            "Call Transfer",
            "Entity Recognition",
            "Conversation Summary",
            "Sentiment Analysis",
        ];
        Self {
            unique_name: "voicera".to_owned(),
            friendly_name: None,
            language: "en-US".to_owned(),
            auto_transcribe: None,
            auto_redaction: true,
            media_redaction: None,
            operators: operators.map(str::to_owned).to_vec(),
            classifier: "Service Classifier".to_owned(),
            classifier_type: None,
        }
    }
}

impl Settings {
    /// Whether a service can be like that; opens nothing.
    ///
    /// # Errors
    ///
    /// When Twilio would refuse a setting; the message names it and the fix.
    pub fn check(&self) -> Result<(), ProvisionError> {
        let wrong = |setting, fix| Err(ProvisionError::Setting { setting, fix });
        let is_long = |name: &str| name.trim().is_empty() || name.chars().count() > 64;
        if self.unique_name.trim().is_empty() {
            return wrong("unique_name", "write a name");
        }
        if self.friendly_name.as_deref().is_some_and(is_long) {
            return wrong("friendly_name", "write 1 to 64 characters");
        }
        if is_long(&self.classifier) {
            return wrong("classifier", "write 1 to 64 characters");
        }
        if self.media_redaction == Some(true) && !self.auto_redaction {
            return wrong(
                "media_redaction",
                "set `auto_redaction`, too, which it wants",
            );
        }
        Ok(())
    }
}

/// Makes the service as it is wanted.
pub async fn provision(client: &Client, wanted: &Wanted) -> Result<Report, ProvisionError> {
    apply(client, &rehearse(client, wanted).await?).await
}

/// The steps that [`provision`] would take; changes nothing.
pub async fn rehearse(client: &Client, wanted: &Wanted) -> Result<Vec<Step>, ProvisionError> {
    Ok(plan(&survey(client, wanted).await?, wanted))
}

/// Reads what the account has.
pub async fn survey(client: &Client, wanted: &Wanted) -> Result<Current, ProvisionError> {
    wanted.settings.check()?;
    let service = service(client, wanted).await?;
    let read = async {
        let mut current = Current {
            attached: match &service {
                Some(service) => attached(client, &service.sid).await?,
                None => Vec::new(),
            },
            service,
            ..Current::default()
        };
        let url = client.intelligence(&["Operators", "PreBuilt"]);
        current.prebuilt = client.list(url, "operators").await?;
        let url = client.intelligence(&["Operators", "Custom"]);
        current.custom = client.list(url, "operators").await?;
        if !wanted.phrase_sets.is_empty() {
            let url = client.intelligence(&["OperatorTypes"]);
            current.types = client.list(url, "operator_types").await?;
        }
        Ok(current)
    };
    read.await.map_err(ProvisionError::Read)
}

async fn service(client: &Client, wanted: &Wanted) -> Result<Option<Service>, ProvisionError> {
    if let Some(sid) = &wanted.sid {
        let found = client.get(client.intelligence(&["Services", sid])).await;
        return match found {
            Ok(service) => Ok(Some(service)),
            Err(error) if error.status() == Some(404) => {
                Err(ProvisionError::NoService(sid.clone()))
            }
            Err(error) => Err(ProvisionError::Read(error)),
        };
    }
    let services: Result<Vec<Service>, _> = client
        .list(client.intelligence(&["Services"]), "services")
        .await;
    let mut services = services.map_err(ProvisionError::Read)?.into_iter();
    let name = Some(wanted.settings.unique_name.as_str());
    Ok(services.find(|service| service.unique_name.as_deref() == name))
}

/// The operators of a service, `LY…`.
pub(super) async fn attached(client: &Client, service: &str) -> Result<Vec<String>, ApiError> {
    #[derive(Deserialize)]
    struct Attachments {
        operator_sids: Option<Vec<String>>,
    }
    let url = client.intelligence(&["Services", service, "Operators"]);
    let attachments: Attachments = client.get(url).await?;
    Ok(attachments.operator_sids.unwrap_or_default())
}

#[cfg(test)]
mod tests;
