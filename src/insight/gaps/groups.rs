//! The open questions of many calls, those that are alike together.
//!
//! Every question is kept under what it is about: the sorted stems of its telling words. Questions
//! about exactly the same are counted together as they come, in whatever order. [`Groups::ranked`]
//! then joins what is nearly the same: from the most frequent on, each takes in those that share
//! at least half of all their stems with it, so that the result depends on the counts and not on
//! the order of the calls. Memory is bounded: beyond [`Groups::MOST`] different questions a
//! quarter is forgotten, the rarest, and counted in [`Groups::forgotten`].

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{Gap, Why};
use crate::words::CallId;

/// Collects open questions.
#[derive(Clone, Debug, Default)]
pub struct Groups {
    questions: BTreeMap<Vec<String>, Asked>,
    forgotten: u64,
}

/// What is known of questions about the same.
#[derive(Clone, Debug, Default)]
struct Asked {
    count: u64,
    /// The fewest words first, then by the alphabet: the same whatever the order.
    examples: BTreeSet<(usize, String)>,
    calls: BTreeSet<CallId>,
    why: BTreeMap<Why, u64>,
}

/// Open questions that are alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The shortest way it was asked by most.
    pub question: String,
    /// How often it was asked.
    pub count: u64,
    /// How often for which reason.
    pub why: Vec<(Why, u64)>,
    /// Some ways it was asked, the shortest first, at most [`Groups::EXAMPLES`].
    pub examples: Vec<String>,
    /// Some of the calls, at most [`Groups::CALLS`].
    pub calls: Vec<CallId>,
}

impl Groups {
    /// The most different questions that are held.
    pub const MOST: usize = 10_000;
    /// The most examples of a group.
    pub const EXAMPLES: usize = 5;
    /// The most calls that a group names.
    pub const CALLS: usize = 20;

    /// The part of all stems of two questions that both must have to be alike.
    const ALIKE: (usize, usize) = (1, 2);

    /// Adds an open question of a call.
    pub fn add(&mut self, call: &CallId, gap: &Gap) {
        if self.questions.len() >= Self::MOST && !self.questions.contains_key(&gap.about) {
            self.forget();
        }
        let asked = self.questions.entry(gap.about.clone()).or_default();
        asked.count += 1;
        *asked.why.entry(gap.why).or_default() += 1;
        let words = gap.question.split_whitespace().count();
        asked.examples.insert((words, gap.question.clone()));
        asked.calls.insert(call.clone());
        asked.trim();
    }

    /// How many questions were forgotten because there were too many different ones.
    pub fn forgotten(&self) -> u64 {
        self.forgotten
    }

    /// The groups, the most frequent first.
    pub fn ranked(&self) -> Vec<Group> {
        let mut questions: Vec<_> = self.questions.iter().collect();
        questions.sort_by(|(one, first), (two, second)| {
            second.count.cmp(&first.count).then_with(|| one.cmp(two))
        });
        // Only groups that share a stem can be alike.
        let mut by_stem: HashMap<&str, Vec<usize>> = HashMap::new();
        let mut leaders: Vec<(&[String], String, Asked)> = Vec::new();
        for (about, asked) in questions {
            let mut shared: BTreeMap<usize, usize> = BTreeMap::new();
            for group in about.iter().filter_map(|stem| by_stem.get(stem.as_str())) {
                for index in group {
                    *shared.entry(*index).or_default() += 1;
                }
            }
            let alike = shared.into_iter().filter(|(index, shared)| {
                let theirs = leaders.get(*index).map_or(0, |(stems, _, _)| stems.len());
                let all = about.len() + theirs - shared;
                shared * Self::ALIKE.1 > all * Self::ALIKE.0
            });
            // Of those as near the most frequent, which came first.
            let nearest = alike.max_by_key(|(index, shared)| (*shared, usize::MAX - index));
            match nearest.and_then(|(index, _)| leaders.get_mut(index)) {
                Some((_, _, leader)) => leader.join(asked),
                None => {
                    for stem in about {
                        by_stem.entry(stem).or_default().push(leaders.len());
                    }
                    let first = asked.examples.first();
                    let question = first.map(|(_, text)| text.clone()).unwrap_or_default();
                    leaders.push((about, question, asked.clone()));
                }
            }
        }
        let groups = leaders.into_iter().map(|(_, question, asked)| Group {
            question,
            count: asked.count,
            why: asked.why.into_iter().collect(),
            examples: asked.examples.into_iter().map(|(_, text)| text).collect(),
            calls: asked.calls.into_iter().collect(),
        });
        let mut groups: Vec<Group> = groups.collect();
        groups.sort_by_key(|group| std::cmp::Reverse(group.count));
        groups
    }

    /// Makes room: a quarter of the questions goes, the rarest.
    fn forget(&mut self) {
        let mut counts: Vec<u64> = self.questions.values().map(|asked| asked.count).collect();
        counts.sort_unstable();
        let rare = counts.get(counts.len() / 4).copied().unwrap_or_default();
        let mut room = counts.len() / 4;
        let mut forgotten = 0;
        self.questions.retain(|_, asked| {
            let goes = asked.count <= rare && room > 0;
            if goes {
                room -= 1;
                forgotten += asked.count;
            }
            !goes
        });
        self.forgotten += forgotten;
    }
}

impl Asked {
    fn join(&mut self, other: &Self) {
        self.count += other.count;
        for (why, count) in &other.why {
            *self.why.entry(*why).or_default() += count;
        }
        self.examples.extend(other.examples.iter().cloned());
        self.calls.extend(other.calls.iter().cloned());
        self.trim();
    }

    fn trim(&mut self) {
        while self.examples.len() > Groups::EXAMPLES {
            self.examples.pop_last();
        }
        while self.calls.len() > Groups::CALLS {
            self.calls.pop_last();
        }
    }
}
