//! How much of everything the carrier, or whoever pretends to be it, may send.

use std::fmt::{self, Display};
use std::time::Duration;

use serde::Deserialize;
use tokio::time::Instant;

use super::settings::Problem;

/// The bounds of what comes in. Every one has a default that a real carrier never reaches.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// The largest frame of a socket, in bytes. Default 65536.
    pub frame_bytes: usize,
    /// How many frames a second one call may send for long. Default 50.
    pub frames_per_second: u32,
    /// How many it may send at once; a carrier that connects again repeats up to 500.
    /// Default 600.
    pub frames_burst: u32,
    /// After how many frames in a row that cannot be understood a socket is closed. Default 20.
    pub malformed_frames: u32,
    /// How long a socket may wait with its first frame. Default `"5s"`.
    #[serde(with = "humantime_serde")]
    pub setup: Duration,
    /// How long after the TwiML a call may open its socket. Default `"5m"`.
    #[serde(with = "humantime_serde")]
    pub token: Duration,
    /// How often a ping keeps a socket alive through proxies. Default `"20s"`.
    #[serde(with = "humantime_serde")]
    pub ping: Duration,
    /// How long to wait for the other side when a socket closes. Default `"2s"`.
    #[serde(with = "humantime_serde")]
    pub closing: Duration,
    /// The largest body of a webhook, in bytes. Default 65536.
    pub body_bytes: usize,
    /// How long it may take to arrive. Default `"10s"`.
    #[serde(with = "humantime_serde")]
    pub body: Duration,
    /// How often a call that loses its socket is connected again. Default 3.
    pub reconnects: u32,
}

impl Default for Limits {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self {
            frame_bytes: 65_536,
            frames_per_second: 50,
            frames_burst: 600,
            malformed_frames: 20,
            setup: seconds(5),
            token: seconds(300),
            ping: seconds(20),
            closing: seconds(2),
            body_bytes: 65_536,
            body: seconds(10),
            reconnects: 3,
        }
    }
}

impl Limits {
    /// What is wrong with them: a bound that nothing real stays within, or that bounds nothing.
    pub fn problems(&self) -> Vec<Problem> {
        const MEGABYTE: usize = 1_048_576;
        let counts = [
            ("frame_bytes", self.frame_bytes, 4096, MEGABYTE),
            (
                "frames_per_second",
                self.frames_per_second as usize,
                5,
                10_000,
            ),
            ("frames_burst", self.frames_burst as usize, 20, 100_000),
            (
                "malformed_frames",
                self.malformed_frames as usize,
                1,
                10_000,
            ),
            ("body_bytes", self.body_bytes, 4096, MEGABYTE),
            ("reconnects", self.reconnects as usize, 0, 100),
        ];
        let counts = counts
            .into_iter()
            .filter_map(|(key, value, least, most)| problem(key, value, least, most));
        let times = [
            ("setup", self.setup, 1, 600),
            ("token", self.token, 1, 86_400),
            ("ping", self.ping, 1, 3600),
            ("closing", self.closing, 0, 600),
            ("body", self.body, 1, 600),
        ];
        let times = times.into_iter().filter_map(|(key, value, least, most)| {
            let seconds = Duration::from_secs;
            problem(key, Time(value), Time(seconds(least)), Time(seconds(most)))
        });
        counts.chain(times).collect()
    }
}

fn problem<T: PartialOrd + Display>(key: &str, value: T, least: T, most: T) -> Option<Problem> {
    let why = if value < least {
        format!("no call could be held below {least}, raise it")
    } else if value > most {
        format!("no call needs more than {most}, lower it")
    } else {
        return None;
    };
    Some(Problem {
        key: key.to_owned(),
        message: format!("{key} is {value}: {why}"),
    })
}

/// A time as it is written in a file.
#[derive(PartialEq, PartialOrd)]
struct Time(Duration);

impl Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        humantime_serde::re::humantime::format_duration(self.0).fmt(f)
    }
}

/// How many frames a call may still send, refilled as time goes by.
#[derive(Debug)]
pub(super) struct Budget {
    left: f64,
    burst: f64,
    per_second: f64,
    at: Instant,
}

impl Budget {
    pub(super) fn new(limits: &Limits, now: Instant) -> Self {
        let burst = f64::from(limits.frames_burst);
        Self {
            left: burst,
            burst,
            per_second: f64::from(limits.frames_per_second),
            at: now,
        }
    }

    /// Takes one frame, if there is one left.
    pub(super) fn spend(&mut self, now: Instant) -> bool {
        let passed = now.saturating_duration_since(self.at).as_secs_f64();
        self.at = now;
        self.left = (self.left + passed * self.per_second).min(self.burst);
        let may = self.left >= 1.0;
        if may {
            self.left -= 1.0;
        }
        may
    }
}

#[cfg(test)]
mod tests;
