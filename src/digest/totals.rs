//! What many calls amount to, added up in spans of time.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use hdrhistogram::Histogram;

use super::Digest;
use super::price::{Prices, Tokens};
use crate::insight::Mood;

/// How long a span is. All begin in UTC, weeks on Monday.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Every {
    Hour,
    Day,
    Week,
}

/// Totals by the span of time that calls began in.
#[derive(Clone, Debug, PartialEq)]
pub struct Timeline {
    every: Every,
    spans: BTreeMap<SystemTime, Totals>,
}

/// What was added up.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Totals {
    pub calls: u64,
    /// Calls without an ending: they go on, or the process was killed in them.
    pub open: u64,
    /// Calls that ended, by the name of their ending.
    pub endings: BTreeMap<&'static str, u64>,
    /// Of the calls that ended.
    pub duration: Duration,
    /// Of the calls that ended.
    pub turns: u64,
    pub interruptions: u64,
    pub apologies: u64,
    /// Calls in which the caller asked for a person.
    pub escalated: u64,
    /// Calls by how the caller felt, where that is known.
    pub sentiments: BTreeMap<Mood, u64>,
    /// Calls by the services asked for.
    pub services: BTreeMap<String, u64>,
    pub models: BTreeMap<String, Spent>,
    pub waits: Waits,
}

/// What a model was asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    pub tokens: Tokens,
    /// Calls for which the vendor did not say its tokens.
    pub untold: u64,
}

/// How long callers waited, in a space that does not grow with their number.
///
/// Kept to two significant digits, so a percentile is wrong by at most 1 %: nobody hears the
/// difference, and a span of time takes some kilobytes however many calls are in it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Waits(Option<Histogram<u32>>);

impl Timeline {
    pub fn new(every: Every) -> Self {
        Self {
            every,
            spans: BTreeMap::new(),
        }
    }

    pub fn add(&mut self, call: &Digest) {
        let start = self.every.start(call.call.started);
        self.spans.entry(start).or_default().add(call);
    }

    /// The spans that have calls, by their beginning, in order.
    pub fn spans(&self) -> impl Iterator<Item = (SystemTime, &Totals)> {
        self.spans.iter().map(|(start, totals)| (*start, totals))
    }

    /// All of it.
    pub fn whole(&self) -> Totals {
        let mut whole = Totals::default();
        for totals in self.spans.values() {
            whole.merge(totals);
        }
        whole
    }
}

impl Every {
    pub const ALL: [Self; 3] = [Self::Hour, Self::Day, Self::Week];

    pub fn name(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
        }
    }

    pub fn length(self) -> Duration {
        Duration::from_secs(match self {
            Self::Hour => 3600,
            Self::Day => 24 * 3600,
            Self::Week => 7 * 24 * 3600,
        })
    }

    /// When the span began that holds a time. Before 1970 there is none, and nobody called.
    pub fn start(self, time: SystemTime) -> SystemTime {
        // The epoch is a Thursday.
        let monday = match self {
            Self::Hour | Self::Day => 0,
            Self::Week => 3 * 24 * 3600,
        };
        let since = time.duration_since(SystemTime::UNIX_EPOCH);
        let seconds = since.unwrap_or_default().as_secs();
        let into = (seconds + monday) % self.length().as_secs();
        SystemTime::UNIX_EPOCH + Duration::from_secs(seconds.saturating_sub(into))
    }
}

impl Totals {
    pub fn add(&mut self, call: &Digest) {
        self.calls += 1;
        match &call.ended {
            Some(ended) => {
                *self.endings.entry(ended.ending.name()).or_default() += 1;
                self.duration = self.duration.saturating_add(ended.duration);
                self.turns += u64::from(ended.turns);
            }
            None => self.open += 1,
        }
        self.interruptions += u64::from(call.interruptions);
        self.apologies += u64::from(call.apologies);
        self.escalated += u64::from(call.findings.escalated);
        if let Some(mood) = call.findings.sentiment {
            *self.sentiments.entry(mood).or_default() += 1;
        }
        for service in &call.findings.services {
            *self.services.entry(service.clone()).or_default() += 1;
        }
        for usage in &call.usage {
            let spent = self.models.entry(usage.model.clone()).or_default();
            match Tokens::of(usage) {
                Some(tokens) => spent.tokens.add(tokens),
                None => spent.untold += 1,
            }
        }
        for wait in &call.waits {
            self.waits.add(*wait);
        }
    }

    /// What all of it cost; nothing where that is not known of a part.
    pub fn cost(&self, prices: &Prices) -> Option<f64> {
        let mut models = self.models.iter();
        models.try_fold(0.0, |sum, (model, spent)| {
            Some(sum + spent.cost(model, prices)?)
        })
    }

    fn merge(&mut self, other: &Self) {
        self.calls += other.calls;
        self.open += other.open;
        merge(&mut self.endings, &other.endings);
        self.duration = self.duration.saturating_add(other.duration);
        self.turns += other.turns;
        self.interruptions += other.interruptions;
        self.apologies += other.apologies;
        self.escalated += other.escalated;
        merge(&mut self.sentiments, &other.sentiments);
        merge(&mut self.services, &other.services);
        for (model, more) in &other.models {
            let spent = self.models.entry(model.clone()).or_default();
            spent.tokens.add(more.tokens);
            spent.untold += more.untold;
        }
        self.waits.merge(&other.waits);
    }
}

impl Spent {
    /// What it cost; nothing where the price or some of the tokens are not known.
    pub fn cost(&self, model: &str, prices: &Prices) -> Option<f64> {
        prices.of(model, (self.untold == 0).then_some(self.tokens))
    }
}

impl Tokens {
    fn add(&mut self, more: Self) {
        self.prompt += more.prompt;
        self.cached += more.cached;
        self.reply += more.reply;
    }
}

impl Waits {
    /// How many there were.
    pub fn count(&self) -> u64 {
        self.0.as_ref().map_or(0, Histogram::len)
    }

    /// What so many of a hundred callers did not wait longer than.
    pub fn percentile(&self, percent: f64) -> Option<Duration> {
        let waits = self.0.as_ref()?;
        Some(Duration::from_micros(waits.value_at_percentile(percent)))
    }

    fn add(&mut self, wait: Duration) {
        let micros = u64::try_from(wait.as_micros()).unwrap_or(u64::MAX);
        if let Some(waits) = self.waits() {
            // It fails only where it must not grow.
            let _ = waits.record(micros.min(LONGEST_MICROS));
        }
    }

    fn merge(&mut self, other: &Self) {
        if let (Some(other), Some(waits)) = (&other.0, self.waits()) {
            // As above.
            let _ = waits.add(other);
        }
    }

    fn waits(&mut self) -> Option<&mut Histogram<u32>> {
        if self.0.is_none() {
            self.0 = Histogram::new(SIGNIFICANT_DIGITS).ok();
        }
        self.0.as_mut()
    }
}

/// Of the waits that are kept.
const SIGNIFICANT_DIGITS: u8 = 2;

/// An hour: nobody waits longer, and the space for longer waits is not there.
const LONGEST_MICROS: u64 = 3600 * 1_000_000;

fn merge<K: Ord + Clone>(counts: &mut BTreeMap<K, u64>, more: &BTreeMap<K, u64>) {
    for (key, count) in more {
        *counts.entry(key.clone()).or_default() += count;
    }
}

#[cfg(test)]
mod tests;
