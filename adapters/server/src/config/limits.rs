//! `[limits]`: how much of everything one call may have, and how many calls there may be.

use std::time::Duration;

use serde::Deserialize;
use voicera::profile::Bounds;
use voicera_transports::switchboard;

use super::reader::Reader;

/// `[limits]`. At a limit the caller hears a sentence; nobody else notices.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// The longest call. Default 30 min.
    #[serde(with = "humantime_serde")]
    pub duration: Duration,
    /// The most turns in a call. Default 200.
    pub turns: u32,
    /// The most exchanges a prompt repeats, in turns. Default 12.
    pub history: usize,
    /// The longest utterance, in bytes; the rest is not read. Default 4000.
    pub utterance: usize,
    /// The longest reply, in bytes as written; the rest is not said. Default 4000.
    pub reply: usize,
    /// The most passages a turn asks for. Default 5.
    pub passages: usize,
    /// The most passages of earlier turns that a prompt repeats, 0 to 100. Default 2.
    pub recalled_passages: usize,
    /// How many turns back they may have been found. Default 2.
    pub recalled_turns: u32,
    /// The most keys pressed in a row. Default 20.
    pub keys: usize,
    /// The most pieces of speech that wait for a slow line. Default 256.
    pub outgoing: usize,
    /// The most transcript entries that wait for a slow sink. Default 256.
    pub entries: usize,
    /// How long a line may take nothing before the call is given up. Default 10 s.
    #[serde(with = "humantime_serde")]
    pub stuck: Duration,
    /// How long the last transcript entries may take once the call is over. Default 5 s.
    #[serde(with = "humantime_serde")]
    pub drain: Duration,
    /// How many threads carry the calls. One does it at the least cost, for some thousands of calls;
    /// what takes long runs on others. Default 1.
    pub threads: usize,
    /// The most calls at a time; the next caller hears that all lines are busy. Default 5000.
    pub calls: usize,
    /// The most calls that lost their line and may come back. Default 1000.
    pub remembered: usize,
    /// How long they may come back. Default 10 min.
    #[serde(with = "humantime_serde")]
    pub remembered_for: Duration,
    /// The most connections that carry no call; the next one waits until one of them closes.
    /// Never more than a quarter of the files the system lets the server open. Default 10000.
    pub connections: usize,
    /// How long a connection may take to send the head of a request, the wait before it
    /// included: a proxy in front should let go of quiet connections sooner. Default 10 s.
    #[serde(with = "humantime_serde")]
    pub head: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        let switchboard = switchboard::Settings::default();
        Self {
            duration: Duration::from_secs(30 * 60),
            turns: 200,
            history: 12,
            utterance: 4000,
            reply: 4000,
            passages: 5,
            recalled_passages: 2,
            recalled_turns: 2,
            keys: 20,
            outgoing: 256,
            entries: 256,
            stuck: Duration::from_secs(10),
            drain: Duration::from_secs(5),
            threads: 1,
            calls: switchboard.calls,
            remembered: switchboard.remembered,
            remembered_for: switchboard.remembered_for,
            connections: 10_000,
            head: Duration::from_secs(10),
        }
    }
}

impl Limits {
    pub(super) fn check(&self, reader: &mut Reader<'_>) {
        let mut time = |name: &str, value: &Duration, least: u64, most: u64| {
            let range = Duration::from_secs(least)..=Duration::from_secs(most);
            reader.within(&format!("limits.{name}"), value, range, super::in_words);
        };
        // Twilio ends a call after 24 hours.
        time("duration", &self.duration, 10, 24 * 3600);
        time("stuck", &self.stuck, 1, 600);
        time("drain", &self.drain, 0, 600);
        time("remembered_for", &self.remembered_for, 1, 24 * 3600);
        let head = Duration::from_millis(100)..=Duration::from_secs(600);
        reader.within("limits.head", &self.head, head, super::in_words);
        let mut count = |name: &str, value: &usize, least: usize, most: usize| {
            let range = least..=most;
            reader.within(&format!("limits.{name}"), value, range, usize::to_string);
        };
        count("history", &self.history, 1, 1000);
        count("utterance", &self.utterance, 100, 64_000);
        count("reply", &self.reply, 100, 64_000);
        count("passages", &self.passages, 1, 100);
        count("recalled_passages", &self.recalled_passages, 0, 100);
        count("keys", &self.keys, 1, 100);
        count("outgoing", &self.outgoing, 8, 65_536);
        count("entries", &self.entries, 8, 65_536);
        count("threads", &self.threads, 1, 256);
        count("calls", &self.calls, 1, 1_000_000);
        count("remembered", &self.remembered, 0, 1_000_000);
        count("connections", &self.connections, 1, 1_000_000);
        reader.within("limits.turns", &self.turns, 1..=100_000, u32::to_string);
    }

    pub fn to_switchboard(&self) -> switchboard::Settings {
        switchboard::Settings {
            calls: self.calls,
            remembered: self.remembered,
            remembered_for: self.remembered_for,
        }
    }

    pub fn to_profile(&self) -> Bounds {
        Bounds {
            duration: self.duration,
            turns: self.turns,
            history_turns: self.history,
            utterance_bytes: self.utterance,
            reply_bytes: self.reply,
            passages: self.passages,
            recalled_passages: self.recalled_passages,
            recalled_turns: self.recalled_turns,
            keys: self.keys,
            outgoing: self.outgoing,
            entries: self.entries,
            stuck: self.stuck,
            drain: self.drain,
        }
    }
}
