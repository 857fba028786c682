//! What a load says in the end: a table of 80 columns, JSON, and what misses its target.

use std::fmt::Write as _;
use std::time::Duration;

use serde::Serialize;

use crate::marks::{Marks, TurnMarks};
use crate::process::Kind;
use crate::tally::Tally;

/// What was measured of one thing at one number of calls.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Level {
    pub(crate) what: &'static str,
    pub(crate) calls: usize,
    pub(crate) turns: usize,
    pub(crate) added_ms: Spread,
    /// The part of it on the way to the model.
    pub(crate) there_ms: Spread,
    /// The part of it on the way to the caller.
    pub(crate) back_ms: Spread,
    pub(crate) processor_ms_per_turn: f64,
    /// With all calls open and their turns behind them, less what it was before.
    pub(crate) memory_kib_per_call: f64,
    /// The same before the first turn.
    pub(crate) memory_kib_per_quiet_call: f64,
    pub(crate) interruptions: usize,
    /// From the interruption to the closing of the vendor's connection.
    pub(crate) stopped_ms: Spread,
    pub(crate) words_lost: usize,
    pub(crate) words_duplicated: usize,
    pub(crate) replies_reordered: usize,
    pub(crate) replies_altered: usize,
    pub(crate) pieces_unasked: usize,
    pub(crate) calls_broken: usize,
    pub(crate) request_bytes: u64,
    pub(crate) started_in_ms: f64,
    #[serde(skip)]
    pub(crate) is_clean: bool,
}

/// Of many times, in milliseconds; all 0 where there were none.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(crate) struct Spread {
    pub(crate) count: usize,
    pub(crate) p50: f64,
    pub(crate) p95: f64,
    pub(crate) p99: f64,
    pub(crate) max: f64,
}

/// What the process was seen to use.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Usage {
    pub(crate) processor: Duration,
    pub(crate) before_kib: u64,
    pub(crate) quiet_kib: u64,
    pub(crate) after_kib: u64,
    pub(crate) started_in: Duration,
}

impl Level {
    pub(crate) fn new(kind: Kind, calls: usize, marks: &Marks, tally: Tally, usage: Usage) -> Self {
        let per_call = |kib: u64| kib.saturating_sub(usage.before_kib) as f64 / calls.max(1) as f64;
        let spread =
            |of: fn(&TurnMarks) -> Option<Duration>| Spread::of(marks.all().iter().filter_map(of));
        Self {
            what: kind.name(),
            calls,
            turns: tally.turns,
            added_ms: spread(TurnMarks::added),
            there_ms: spread(TurnMarks::there),
            back_ms: spread(TurnMarks::back),
            processor_ms_per_turn: millis(usage.processor) / tally.turns.max(1) as f64,
            memory_kib_per_call: per_call(usage.after_kib),
            memory_kib_per_quiet_call: per_call(usage.quiet_kib),
            interruptions: tally.interruptions,
            stopped_ms: spread(TurnMarks::stopped),
            words_lost: tally.lost,
            words_duplicated: tally.duplicated,
            replies_reordered: tally.reordered,
            replies_altered: tally.altered,
            pieces_unasked: tally.unasked,
            calls_broken: tally.broken_calls,
            request_bytes: marks.mean_request(),
            started_in_ms: millis(usage.started_in),
            is_clean: tally.is_clean(),
        }
    }
}

impl Spread {
    fn of(times: impl Iterator<Item = Duration>) -> Self {
        let mut times: Vec<f64> = times.map(millis).collect();
        times.sort_by(f64::total_cmp);
        let at = |share: f64| {
            let place = (times.len() as f64 * share).ceil() as usize;
            times
                .get(place.saturating_sub(1))
                .copied()
                .unwrap_or_default()
        };
        Self {
            count: times.len(),
            p50: at(0.50),
            p95: at(0.95),
            p99: at(0.99),
            max: at(1.0),
        }
    }
}

/// Two rows a number of calls and their ratio, and below them whether all words came.
pub(crate) fn table(levels: &[Level]) -> String {
    let mut table = format!(
        "{:24}{:^29}  {:>9}  {:>9}\n{:<10} {:>5} {:>6}  {:>6} {:>6} {:>6} {:>6}   {:>9}  {:>9}\n",
        "",
        "added latency, ms",
        "CPU, ms",
        "memory,",
        "",
        "calls",
        "turns",
        "p50",
        "p95",
        "p99",
        "max",
        "a turn",
        "KiB/call",
    );
    let mut calls: Vec<usize> = levels.iter().map(|level| level.calls).collect();
    calls.sort_unstable();
    calls.dedup();
    for calls in calls {
        let at = |kind: Kind| {
            let mut levels = levels.iter();
            levels.find(|level| level.calls == calls && level.what == kind.name())
        };
        let (relay, voicera) = (at(Kind::Relay), at(Kind::Voicera));
        for level in [relay, voicera].into_iter().flatten() {
            let name = format!("{:<10} {calls:>5} {:>6}", level.what, level.turns);
            row(&mut table, &name, level.figures());
        }
        if let (Some(relay), Some(voicera)) = (relay, voicera) {
            let pairs = voicera.figures().into_iter().zip(relay.figures());
            let ratios: Vec<f64> = pairs.map(|(voicera, relay)| voicera / relay).collect();
            row(&mut table, "  ratio", ratios);
        }
    }
    table.push('\n');
    for level in levels {
        table.push_str(&level.correctness());
    }
    table
}

fn row(table: &mut String, name: &str, figures: impl IntoIterator<Item = f64>) {
    let _ = write!(table, "{name:<23} ");
    for (figure, width) in figures.into_iter().zip([6, 6, 6, 6, 11, 10]) {
        let _ = write!(table, " {figure:>width$.2}");
    }
    table.push('\n');
}

impl Level {
    fn figures(&self) -> [f64; 6] {
        let Spread {
            p50, p95, p99, max, ..
        } = self.added_ms;
        let (processor, memory) = (self.processor_ms_per_turn, self.memory_kib_per_call);
        [p50, p95, p99, max, processor, memory]
    }

    fn correctness(&self) -> String {
        let Self {
            what,
            calls,
            interruptions,
            stopped_ms: stopped,
            ..
        } = self;
        let mut text = format!("{what}, {calls} calls: ");
        match self.is_clean {
            true => text.push_str("every word once and in order, none after an interruption"),
            false => {
                let _ = write!(
                    text,
                    "{} words lost, {} duplicated,\n  {} replies reordered, {} altered, \
                     {} pieces unasked, {} calls broken",
                    self.words_lost,
                    self.words_duplicated,
                    self.replies_reordered,
                    self.replies_altered,
                    self.pieces_unasked,
                    self.calls_broken
                );
            }
        }
        let (there, back) = (self.there_ms, self.back_ms);
        let _ = write!(
            text,
            "\n  to the model p50 {:.2} p99 {:.2}, back p50 {:.2} p99 {:.2} ms",
            there.p50, there.p99, back.p50, back.p99
        );
        if *interruptions > 0 {
            let _ = write!(
                text,
                "\n  {} of {interruptions} interruptions stopped the vendor: \
                 p50 {:.2} p99 {:.2} max {:.2} ms",
                stopped.count, stopped.p50, stopped.p99, stopped.max
            );
        }
        text.push('\n');
        text
    }
}

/// What misses its target, one sentence each. The targets are those of the server, on two cores.
pub(crate) fn misses(levels: &[Level]) -> Vec<String> {
    let mut misses = Vec::new();
    for level in levels
        .iter()
        .filter(|level| level.what == Kind::Voicera.name())
    {
        let calls = level.calls;
        let mut hold = |what: &str, figure: f64, target: f64| {
            if figure > target {
                misses.push(format!(
                    "{calls} calls: {what} is {figure:.2}, not {target:.2}"
                ));
            }
        };
        let latency = match calls {
            0..=100 => 1.5,
            101..=1000 => 2.0,
            _ => 50.0,
        };
        hold("added latency, p99 in ms,", level.added_ms.p99, latency);
        let unstopped = level.interruptions.saturating_sub(level.stopped_ms.count);
        hold("interruptions that stopped nothing", unstopped as f64, 0.0);
        if calls >= 1000 {
            let kib = 30.0 * 1000.0 / 1024.0;
            hold("memory in KiB a call", level.memory_kib_per_call, kib);
        }
        // More calls than that are held, and no more is promised of them.
        if calls <= 1000 {
            let stopped = "the stop after an interruption, p99 in ms,";
            hold(stopped, level.stopped_ms.p99, 1.0);
        }
        let mut relays = levels.iter().filter(|l| l.what == Kind::Relay.name());
        if (100..=1000).contains(&calls)
            && let Some(relay) = relays.find(|relay| relay.calls == calls)
        {
            let ratio = level.processor_ms_per_turn / relay.processor_ms_per_turn;
            hold("CPU a turn, over the bare relay's,", ratio, 1.3);
        }
        if !level.is_clean {
            misses.push(format!(
                "{calls} calls: not every word came once and in order"
            ));
        }
    }
    misses
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
