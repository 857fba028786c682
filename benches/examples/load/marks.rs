//! When what happened in which turn, written down by the callers and by the vendor.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::script::Place;

/// The marks of all turns of a load.
#[derive(Debug)]
pub(crate) struct Marks {
    start: Instant,
    turns: usize,
    marks: Vec<TurnMarks>,
    /// The bytes of all requests, and how many there were.
    pub(crate) request_bytes: AtomicU64,
    pub(crate) requests: AtomicU64,
}

/// Nanoseconds since the start, 0 where it has not happened.
#[derive(Debug, Default)]
pub(crate) struct TurnMarks {
    /// The caller sent the question.
    pub(crate) asked: Mark,
    /// The vendor had the whole request.
    pub(crate) requested: Mark,
    /// The vendor wrote the first word.
    pub(crate) written: Mark,
    /// The caller had the first word.
    pub(crate) heard: Mark,
    /// The caller interrupted.
    pub(crate) interrupted: Mark,
    /// The vendor's connection was closed before the reply was complete.
    pub(crate) dropped: Mark,
}

#[derive(Debug, Default)]
pub(crate) struct Mark(AtomicU64);

impl Marks {
    pub(crate) fn new(calls: usize, turns: usize) -> Self {
        let mut marks = Vec::new();
        marks.resize_with(calls * turns, TurnMarks::default);
        Self {
            start: Instant::now(),
            turns,
            marks,
            request_bytes: AtomicU64::default(),
            requests: AtomicU64::default(),
        }
    }

    pub(crate) fn of(&self, place: Place) -> Option<&TurnMarks> {
        let Place { call, turn } = place;
        (turn < self.turns).then(|| self.marks.get(call * self.turns + turn))?
    }

    /// Writes down that it happens now, unless it has happened before.
    pub(crate) fn set(&self, mark: &Mark) {
        let now = u64::try_from(self.start.elapsed().as_nanos()).unwrap_or(u64::MAX);
        let _ = mark
            .0
            .compare_exchange(0, now.max(1), Ordering::Relaxed, Ordering::Relaxed);
    }

    pub(crate) fn all(&self) -> &[TurnMarks] {
        &self.marks
    }

    pub(crate) fn mean_request(&self) -> u64 {
        let requests = self.requests.load(Ordering::Relaxed);
        self.request_bytes.load(Ordering::Relaxed) / requests.max(1)
    }
}

impl Mark {
    pub(crate) fn get(&self) -> Option<Duration> {
        let nanos = self.0.load(Ordering::Relaxed);
        (nanos > 0).then(|| Duration::from_nanos(nanos))
    }
}

impl TurnMarks {
    /// What was added to the vendor's own time.
    pub(crate) fn added(&self) -> Option<Duration> {
        Some(self.there()? + self.back()?)
    }

    /// From the caller's question to the vendor's request.
    pub(crate) fn there(&self) -> Option<Duration> {
        self.requested.get()?.checked_sub(self.asked.get()?)
    }

    /// From the vendor's first word to the caller's.
    pub(crate) fn back(&self) -> Option<Duration> {
        self.heard.get()?.checked_sub(self.written.get()?)
    }

    /// From the caller's interruption to the closing of the vendor's connection.
    pub(crate) fn stopped(&self) -> Option<Duration> {
        self.dropped.get()?.checked_sub(self.interrupted.get()?)
    }
}
