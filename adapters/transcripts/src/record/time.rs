//! Times as a line has them.

use std::time::{Duration, SystemTime};

use super::Unreadable;

/// Milliseconds with three decimals: what is below a microsecond is noise.
pub(super) fn milliseconds(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 1_000_000.0).round() / 1000.0
}

/// The way back; what is no duration is none.
pub(super) fn duration(milliseconds: f64) -> Duration {
    Duration::try_from_secs_f64((milliseconds * 1000.0).round() / 1_000_000.0).unwrap_or_default()
}

pub(super) fn whole_milliseconds(duration: Duration) -> u64 {
    duration.as_millis().try_into().unwrap_or(u64::MAX)
}

/// The formatter takes no time outside of the years 1970 to 9999.
pub(crate) fn rfc3339(time: SystemTime) -> String {
    const LAST_SECOND: Duration = Duration::from_secs(253_402_300_799);
    let since = time.duration_since(SystemTime::UNIX_EPOCH);
    let since = since.unwrap_or_default().min(LAST_SECOND);
    humantime::format_rfc3339_millis(SystemTime::UNIX_EPOCH + since).to_string()
}

pub(super) fn parse(text: &str) -> Result<SystemTime, Unreadable> {
    humantime::parse_rfc3339(text).map_err(|_| Unreadable::Time(text.to_owned()))
}
