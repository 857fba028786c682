//! Times as they are written and read: RFC 3339, in UTC.

use std::time::{Duration, SystemTime};

use jiff::Timestamp;

/// With milliseconds.
pub(crate) fn written(time: SystemTime) -> String {
    format!("{:.3}", timestamp(time))
}

/// Day and minute, for people.
pub(crate) fn shown(time: SystemTime) -> String {
    timestamp(time).strftime("%Y-%m-%d %H:%M").to_string()
}

/// A time with any offset. Nothing happened before 1970.
pub(crate) fn read(text: &str) -> Option<SystemTime> {
    let time: Timestamp = text.parse().ok()?;
    let since = Duration::try_from(time.as_duration()).unwrap_or_default();
    Some(SystemTime::UNIX_EPOCH + since)
}

/// A duration in milliseconds with three decimals: what is below a microsecond is noise.
pub(crate) fn milliseconds(time: Duration) -> f64 {
    (time.as_secs_f64() * 1_000_000.0).round() / 1000.0
}

fn timestamp(time: SystemTime) -> Timestamp {
    Timestamp::try_from(time).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_written_in_utc_whatever_its_offset() {
        let check = |text, expected: &str| assert_eq!(read(text).map(written).unwrap(), expected);
        check("2026-11-23T10:00:00Z", "2026-11-23T10:00:00.000Z");
        check("2026-11-23T10:00:00.1239+01:00", "2026-11-23T09:00:00.123Z");
        check("2026-11-23t23:59:60z", "2026-11-23T23:59:59.000Z");
        check("0001-01-01T00:00:00Z", "1970-01-01T00:00:00.000Z");
        assert_eq!(read("2026-11-23"), None);
        assert_eq!(read("yesterday"), None);
    }
}
