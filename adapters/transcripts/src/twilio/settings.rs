//! What a user writes about Twilio's APIs, and what holds when it is left out.

use std::net::IpAddr;
use std::time::Duration;

use reqwest::Url;
use serde::Deserialize;

/// How Twilio is asked.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Where Conversational Intelligence answers. Default: `https://intelligence.twilio.com`.
    pub base_url: String,
    /// Where Twilio's API of phone numbers answers. Default: `https://api.twilio.com`.
    pub api_base_url: String,
    /// How long opening a connection may take, up to `1h`. Default: `5s`.
    #[serde(with = "humantime_serde")]
    pub connect_timeout: Duration,
    /// How long one request and its answer may take, up to `1h`. Default: `30s`.
    #[serde(with = "humantime_serde")]
    pub timeout: Duration,
    /// How many things one page of a list holds, 1 to 1000. Default: 200.
    pub page_size: u32,
    /// How often a request is tried when Twilio is busy or cannot be reached, 1 to 10.
    /// Default: 4.
    pub attempts: u32,
    /// The pause before the second attempt, up to `1h`; it doubles with each further one, up to
    /// 30 seconds, and varies by up to a half. Default: `500ms`.
    #[serde(with = "humantime_serde")]
    pub backoff: Duration,
    /// How many requests may be on their way at once, 1 to 100. Default: 4.
    pub requests: usize,
    /// How long after a call Twilio's transcript and results are waited for. Default: `30m`.
    #[serde(with = "humantime_serde")]
    pub patience: Duration,
}

/// Why Twilio cannot be asked with these settings.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    #[error("`{setting} = {value}` does not work: {fix}")]
    Invalid {
        setting: &'static str,
        value: String,
        fix: &'static str,
    },
    #[error("`{sid}` is not the id of an account: copy the Account SID, which begins with AC")]
    Account { sid: String },
    #[error("the secret for Twilio's API is empty: check {named}")]
    NoSecret { named: String },
    #[error("secure connections cannot be made: install the system's CA certificates")]
    Tls(#[source] reqwest::Error),
}

/// The longest time that a setting of a request can name.
const LONGEST: Duration = Duration::from_secs(3600);

impl Default for Settings {
    fn default() -> Self {
        Self {
            base_url: "https://intelligence.twilio.com".to_owned(),
            api_base_url: "https://api.twilio.com".to_owned(),
            connect_timeout: Duration::from_secs(5),
            timeout: Duration::from_secs(30),
            page_size: 200,
            attempts: 4,
            backoff: Duration::from_millis(500),
            requests: 4,
            patience: Duration::from_secs(30 * 60),
        }
    }
}

impl Settings {
    /// Whether Twilio can be asked with these settings; opens nothing.
    ///
    /// # Errors
    ///
    /// When a setting is out of its range; the message names it and the fix.
    pub fn check(&self) -> Result<(), BuildError> {
        self.intelligence()?;
        self.accounts()?;
        let durations = [
            ("connect_timeout", self.connect_timeout),
            ("timeout", self.timeout),
            ("backoff", self.backoff),
        ];
        for (setting, value) in durations {
            if value.is_zero() || value > LONGEST {
                let value = format!("\"{}\"", humantime::format_duration(value));
                let fix = "write a time up to an hour, such as \"5s\"";
                return Err(invalid(setting, value, fix));
            }
        }
        let counts = [
            (
                "page_size",
                u64::from(self.page_size),
                1000,
                "write 1 to 1000",
            ),
            ("attempts", u64::from(self.attempts), 10, "write 1 to 10"),
            ("requests", self.requests as u64, 100, "write 1 to 100"),
        ];
        for (setting, value, most, fix) in counts {
            if !(1..=most).contains(&value) {
                return Err(invalid(setting, value.to_string(), fix));
            }
        }
        Ok(())
    }

    pub(super) fn intelligence(&self) -> Result<Url, BuildError> {
        endpoint("base_url", &self.base_url)
    }

    pub(super) fn accounts(&self) -> Result<Url, BuildError> {
        endpoint("api_base_url", &self.api_base_url)
    }
}

/// A web address that credentials may be sent to.
fn endpoint(setting: &'static str, value: &str) -> Result<Url, BuildError> {
    let wrong = |fix| invalid(setting, format!("{value:?}"), fix);
    let web = "write a web address, such as \"https://intelligence.twilio.com\"";
    let url = Url::parse(value.trim()).map_err(|_| wrong(web))?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err(wrong(web));
    }
    if !url.username().is_empty() || url.password().is_some() {
        let fix = "leave user and password out, the login comes from the environment";
        return Err(invalid(setting, "\"http…@…\"".to_owned(), fix));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(wrong("leave out what follows `?` or `#`"));
    }
    if url.scheme() == "http" && !is_loopback(&url) {
        return Err(wrong(
            "write https, so that nobody reads the login on its way",
        ));
    }
    Ok(url)
}

pub(super) fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_matches(['[', ']']).parse::<IpAddr>();
    address.map_or(host == "localhost", |address| address.is_loopback())
}

fn invalid(setting: &'static str, value: String, fix: &'static str) -> BuildError {
    BuildError::Invalid {
        setting,
        value,
        fix,
    }
}

#[cfg(test)]
mod tests;
