//! `[patience]`: how long the agent waits.

use std::ops::RangeInclusive;
use std::time::Duration;

use serde::Deserialize;
use voicera::profile;

use super::reader::Reader;

/// Times are written with their unit, such as `"600ms"` or `"8s"`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Patience {
    /// For knowledge; afterwards the turn goes on without. Default 600 ms.
    #[serde(with = "humantime_serde")]
    pub knowledge: Duration,
    /// From the end of an utterance to the first word of any model. Default 8 s.
    #[serde(with = "humantime_serde")]
    pub first_word: Duration,
    /// Between two words of a reply, other models' first included. Default 7 s.
    #[serde(with = "humantime_serde")]
    pub next_word: Duration,
    /// From the end of an utterance to `agent.waiting_sound`. Default 1500 ms.
    #[serde(with = "humantime_serde")]
    pub waiting_sound: Duration,
    /// After an interruption that no words follow: then it was a noise, and the reply goes on.
    /// Default 3 s.
    #[serde(with = "humantime_serde")]
    pub resume: Duration,
    /// Of the caller's silence, to a nudge. Default 8 s.
    #[serde(with = "humantime_serde")]
    pub nudge: Duration,
    /// How often to nudge before the farewell. Default 2.
    pub nudges: u32,
    /// After a pressed key, for the next one. Default 2 s.
    #[serde(with = "humantime_serde")]
    pub keys: Duration,
    /// For a farewell to be spoken, beyond the estimate. Default 2 s.
    #[serde(with = "humantime_serde")]
    pub farewell: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            knowledge: Duration::from_millis(600),
            first_word: Duration::from_secs(8),
            next_word: Duration::from_secs(7),
            waiting_sound: Duration::from_millis(1500),
            resume: Duration::from_secs(3),
            nudge: Duration::from_secs(8),
            nudges: 2,
            keys: Duration::from_secs(2),
            farewell: Duration::from_secs(2),
        }
    }
}

impl Patience {
    pub(super) fn check(&self, reader: &mut Reader<'_>) {
        let mut time = |name: &str, value: &Duration, range: RangeInclusive<u64>| {
            let (least, most) = range.into_inner();
            let range = Duration::from_millis(least)..=Duration::from_millis(most);
            reader.within(&format!("patience.{name}"), value, range, super::in_words);
        };
        time("knowledge", &self.knowledge, 1..=60_000);
        time("first_word", &self.first_word, 100..=120_000);
        time("next_word", &self.next_word, 100..=120_000);
        time("waiting_sound", &self.waiting_sound, 0..=120_000);
        time("resume", &self.resume, 500..=3_600_000);
        time("nudge", &self.nudge, 1_000..=3_600_000);
        time("keys", &self.keys, 100..=60_000);
        time("farewell", &self.farewell, 0..=60_000);
        reader.within("patience.nudges", &self.nudges, 0..=100, u32::to_string);
    }

    pub fn to_profile(&self) -> profile::Patience {
        profile::Patience {
            knowledge: self.knowledge,
            first_word: self.first_word,
            next_word: self.next_word,
            waiting_sound: self.waiting_sound,
            resume: self.resume,
            nudge: self.nudge,
            nudges: self.nudges,
            keys: self.keys,
            farewell: self.farewell,
        }
    }
}
