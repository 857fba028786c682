//! Points a phone number of the account to this server.

use serde::Deserialize;
use serde_json::Value;

use super::{ApiError, Client};

/// Where a number's calls go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhooks {
    /// Whom Twilio asks, by POST, what to do with a call.
    pub voice_url: String,
    /// Whom it asks when that fails; nothing leaves it as it is.
    pub voice_fallback_url: Option<String>,
    /// Whom it tells how a call went; nothing leaves it as it is.
    pub status_callback: Option<String>,
}

/// Whether to act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Run {
    /// Only say what would change.
    Dry,
    Real,
}

/// What became of a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setup {
    pub number: String,
    /// `PN…`.
    pub sid: String,
    /// The fields that change, or would; none when the number was set up already.
    pub changes: Vec<Change>,
}

/// A field of the number's form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub field: &'static str,
    /// Empty where nothing was set.
    pub before: String,
    pub after: String,
}

/// Why a number cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum NumberError {
    #[error("{0:?} is not a number in the international form: write it as +14155550100")]
    NotANumber(String),
    #[error("this account of twilio does not own {0}: check the number, and whose login is used")]
    NotOwned(String),
    #[error("the account has {number} {times} times: set it up in Twilio's console")]
    Several { number: String, times: usize },
    #[error("{number} cannot take calls: it is a number for messages only")]
    NoVoice { number: String },
    #[error("the calls of {number} go to {what} {sid}, whatever its webhooks are: {fix}")]
    Overridden {
        number: String,
        what: &'static str,
        sid: String,
        fix: &'static str,
    },
    #[error("the number cannot be set up")]
    Twilio(#[from] ApiError),
}

/// A number as Twilio answers it.
#[derive(Debug, Deserialize)]
struct Number {
    sid: String,
    phone_number: String,
    voice_url: Option<String>,
    voice_method: Option<String>,
    voice_fallback_url: Option<String>,
    voice_fallback_method: Option<String>,
    status_callback: Option<String>,
    status_callback_method: Option<String>,
    voice_application_sid: Option<String>,
    trunk_sid: Option<String>,
    capabilities: Option<Capabilities>,
}

#[derive(Debug, Deserialize)]
struct Capabilities {
    voice: Option<bool>,
}

#[derive(Debug, Deserialize)]
struct Numbers {
    incoming_phone_numbers: Vec<Number>,
}

/// Sets a number up so that its calls come here.
pub async fn setup(
    client: &Client,
    number: &str,
    webhooks: &Webhooks,
    run: Run,
) -> Result<Setup, NumberError> {
    let number = find(client, number).await?;
    number.check()?;
    let changes = changes(&number, webhooks);
    if run == Run::Real && !changes.is_empty() {
        let form: Vec<_> = changes.iter().map(|c| (c.field, c.after.clone())).collect();
        let file = format!("{}.json", number.sid);
        let url = client.account(&["IncomingPhoneNumbers", &file]);
        client.update::<Value>(url, &form, None).await?;
    }
    Ok(Setup {
        number: number.phone_number,
        sid: number.sid,
        changes,
    })
}

async fn find(client: &Client, wanted: &str) -> Result<Number, NumberError> {
    let wanted = e164(wanted)?;
    let mut url = client.account(&["IncomingPhoneNumbers.json"]);
    url.query_pairs_mut().append_pair("PhoneNumber", &wanted);
    let found: Numbers = client.get(url).await?;
    // Twilio finds numbers by a part of them, too.
    let owned = found.incoming_phone_numbers.into_iter();
    let mut owned: Vec<_> = owned
        .filter(|number| number.phone_number == wanted)
        .collect();
    match (owned.pop(), owned.len()) {
        (Some(number), 0) => Ok(number),
        (Some(_), others) => Err(NumberError::Several {
            number: wanted,
            times: others + 1,
        }),
        (None, _) => Err(NumberError::NotOwned(wanted)),
    }
}

/// The number without what people write between its digits.
fn e164(number: &str) -> Result<String, NumberError> {
    let wrong = || NumberError::NotANumber(number.to_owned());
    let digits = number.trim().strip_prefix('+').ok_or_else(wrong)?;
    let digits: String = digits
        .chars()
        .filter(|c| !matches!(c, ' ' | '-' | '.' | '(' | ')'))
        .collect();
    let only_digits = digits.bytes().all(|byte| byte.is_ascii_digit());
    match only_digits && (7..=15).contains(&digits.len()) && !digits.starts_with('0') {
        true => Ok(format!("+{digits}")),
        false => Err(wrong()),
    }
}

impl Number {
    fn check(&self) -> Result<(), NumberError> {
        let number = self.phone_number.clone();
        if self.capabilities.as_ref().and_then(|can| can.voice) == Some(false) {
            return Err(NumberError::NoVoice { number });
        }
        let overriding = [
            (
                &self.trunk_sid,
                "the SIP trunk",
                "take the number off the trunk in Twilio's console first",
            ),
            (
                &self.voice_application_sid,
                "the TwiML application",
                "set the application's voice URL to this server, or take the number off it, in \
                 Twilio's console",
            ),
        ];
        for (sid, what, fix) in overriding {
            if let Some(sid) = sid.clone().filter(|sid| !sid.is_empty()) {
                return Err(NumberError::Overridden {
                    number,
                    what,
                    sid,
                    fix,
                });
            }
        }
        Ok(())
    }
}

fn changes(number: &Number, webhooks: &Webhooks) -> Vec<Change> {
    let post = |url: &Option<String>| url.as_ref().map(|_| "POST".to_owned());
    let fallback = &webhooks.voice_fallback_url;
    let status = &webhooks.status_callback;
    let fields = [
        (
            "VoiceUrl",
            &number.voice_url,
            Some(webhooks.voice_url.clone()),
        ),
        ("VoiceMethod", &number.voice_method, Some("POST".to_owned())),
        (
            "VoiceFallbackUrl",
            &number.voice_fallback_url,
            fallback.clone(),
        ),
        (
            "VoiceFallbackMethod",
            &number.voice_fallback_method,
            post(fallback),
        ),
        ("StatusCallback", &number.status_callback, status.clone()),
        (
            "StatusCallbackMethod",
            &number.status_callback_method,
            post(status),
        ),
    ];
    let changes = fields.into_iter().filter_map(|(field, before, after)| {
        let before = before.clone().unwrap_or_default();
        let after = after.filter(|after| *after != before)?;
        Some(Change {
            field,
            before,
            after,
        })
    });
    changes.collect()
}

#[cfg(test)]
mod tests;
