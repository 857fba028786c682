//! What was heard, held against what was to be heard.

use std::collections::BTreeMap;

/// Counts of a call, or of all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) turns: usize,
    pub(crate) replies: usize,
    pub(crate) interruptions: usize,
    /// Words.
    pub(crate) lost: usize,
    pub(crate) duplicated: usize,
    /// Replies whose words came in another order.
    pub(crate) reordered: usize,
    /// Replies with the right words and other text between them.
    pub(crate) altered: usize,
    /// Pieces of speech that nobody asked for, or that came after an interruption.
    pub(crate) unasked: usize,
    pub(crate) broken_calls: usize,
}

impl Tally {
    /// A reply was heard to its end.
    pub(crate) fn hold(&mut self, tokens: &[String], heard: &str) {
        self.replies += 1;
        let expected = tokens.concat();
        if heard != expected {
            self.compare(&expected, heard);
        }
    }

    /// A reply was interrupted.
    pub(crate) fn hold_beginning(&mut self, tokens: &[String], heard: &str) {
        self.interruptions += 1;
        let expected = tokens.concat();
        if !expected.starts_with(heard) {
            let beginning = expected.get(..heard.len()).unwrap_or(&expected);
            self.compare(beginning, heard);
        }
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.turns += other.turns;
        self.replies += other.replies;
        self.interruptions += other.interruptions;
        self.lost += other.lost;
        self.duplicated += other.duplicated;
        self.reordered += other.reordered;
        self.altered += other.altered;
        self.unasked += other.unasked;
        self.broken_calls += other.broken_calls;
    }

    /// Whether every word came once, in its place.
    pub(crate) fn is_clean(&self) -> bool {
        let wrong = [self.lost, self.duplicated, self.reordered, self.altered];
        wrong.iter().sum::<usize>() + self.unasked + self.broken_calls == 0
    }

    fn compare(&mut self, expected: &str, heard: &str) {
        let mut surplus: BTreeMap<&str, isize> = BTreeMap::new();
        for word in heard.split_whitespace() {
            *surplus.entry(word).or_default() += 1;
        }
        for word in expected.split_whitespace() {
            *surplus.entry(word).or_default() -= 1;
        }
        let lost = surplus.values().filter(|count| **count < 0);
        let lost: usize = lost.map(|count| count.unsigned_abs()).sum();
        let duplicated = surplus.values().filter(|count| **count > 0);
        let duplicated: usize = duplicated.map(|count| count.unsigned_abs()).sum();
        self.lost += lost;
        self.duplicated += duplicated;
        if lost + duplicated == 0 {
            let in_order = expected.split_whitespace().eq(heard.split_whitespace());
            self.altered += usize::from(in_order);
            self.reordered += usize::from(!in_order);
        }
    }
}

#[cfg(test)]
mod tests;
