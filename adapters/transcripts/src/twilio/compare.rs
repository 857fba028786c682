//! How far two analyses of the same calls agree, operator by operator: ours and the carrier's.
//!
//! Only what both have answered is compared. Neither is the truth: precision and recall are ours
//! as if the other were.

use std::collections::{BTreeMap, BTreeSet};

use voicera::insight::{Detection, Entity, EntityKind, Insights, Mood, Service};

use super::results::words;

/// How two analyses of one call agree; `None` is what they have not both answered.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Comparison {
    pub escalation: Option<Pair<bool>>,
    pub introduction: Option<Pair<bool>>,
    pub transfer: Option<Pair<bool>>,
    pub entities: Option<BTreeMap<EntityKind, Overlap>>,
    pub sentiment: Option<Pair<Mood>>,
    /// The labels of the services.
    pub services: Option<Overlap>,
    /// The words of the summaries.
    pub summary: Option<Overlap>,
}

/// What the two say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair<T> {
    pub ours: T,
    pub theirs: T,
}

/// What is in both sets, and in one only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Overlap {
    pub both: usize,
    pub ours_only: usize,
    pub theirs_only: usize,
}

/// How the analyses of many calls agree.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Agreement {
    pub calls: usize,
    pub escalation: Rate,
    pub introduction: Rate,
    pub transfer: Rate,
    pub sentiment: Rate,
    /// Added up over the calls.
    pub entities: BTreeMap<EntityKind, Overlap>,
    pub services: Overlap,
    /// The mean of [`Overlap::jaccard`] over the calls where both have a summary.
    pub summary: Option<f64>,
}

/// How often two answers are the same.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rate {
    /// The calls that both have answered.
    pub calls: usize,
    pub same: usize,
    /// Cohen's kappa, how much better than chance: 1 is always the same, 0 is as by chance.
    /// Nothing below [`ENOUGH`] calls, or where both always give one answer.
    pub kappa: Option<f64>,
}

/// The fewest calls that kappa says something about.
pub const ENOUGH: usize = 10;

impl Overlap {
    /// Of what we say, how much they say, too; nothing where we say nothing.
    pub fn precision(self) -> Option<f64> {
        ratio(self.both, self.both + self.ours_only)
    }

    /// Of what they say, how much we say, too; nothing where they say nothing.
    pub fn recall(self) -> Option<f64> {
        ratio(self.both, self.both + self.theirs_only)
    }

    pub fn f1(self) -> Option<f64> {
        ratio(
            2 * self.both,
            2 * self.both + self.ours_only + self.theirs_only,
        )
    }

    /// What is in both, of what is in any; 1 where both are empty.
    pub fn jaccard(self) -> f64 {
        let any = self.both + self.ours_only + self.theirs_only;
        ratio(self.both, any).unwrap_or(1.0)
    }

    fn of<T: Ord>(ours: &BTreeSet<T>, theirs: &BTreeSet<T>) -> Self {
        let both = ours.intersection(theirs).count();
        Self {
            both,
            ours_only: ours.len() - both,
            theirs_only: theirs.len() - both,
        }
    }

    fn add(&mut self, more: Self) {
        self.both += more.both;
        self.ours_only += more.ours_only;
        self.theirs_only += more.theirs_only;
    }
}

impl Rate {
    pub fn accuracy(self) -> Option<f64> {
        ratio(self.same, self.calls)
    }

    fn of<T: Copy + Ord>(pairs: &[Pair<T>]) -> Self {
        let calls = pairs.len();
        let same = pairs.iter().filter(|pair| pair.ours == pair.theirs).count();
        let mut counts: BTreeMap<T, (usize, usize)> = BTreeMap::new();
        for pair in pairs {
            counts.entry(pair.ours).or_default().0 += 1;
            counts.entry(pair.theirs).or_default().1 += 1;
        }
        let expected: usize = counts.values().map(|(ours, theirs)| ours * theirs).sum();
        // Both sides of the fraction are multiplied by the square of the calls.
        let (observed, all) = (same * calls, calls * calls);
        let kappa = match calls >= ENOUGH && all > expected {
            true => Some((observed as f64 - expected as f64) / (all - expected) as f64),
            false => None,
        };
        Self { calls, same, kappa }
    }
}

impl Agreement {
    pub fn of(comparisons: &[Comparison]) -> Self {
        let mut entities: BTreeMap<EntityKind, Overlap> = BTreeMap::new();
        let mut services = Overlap::default();
        for comparison in comparisons {
            for (kind, overlap) in comparison.entities.iter().flatten() {
                entities.entry(*kind).or_default().add(*overlap);
            }
            services.add(comparison.services.unwrap_or_default());
        }
        let summaries = comparisons.iter().filter_map(|found| found.summary);
        let summaries: Vec<f64> = summaries.map(Overlap::jaccard).collect();
        let summary = match summaries.is_empty() {
            true => None,
            false => Some(summaries.iter().sum::<f64>() / summaries.len() as f64),
        };
        Self {
            calls: comparisons.len(),
            escalation: rate(comparisons, |found| found.escalation),
            introduction: rate(comparisons, |found| found.introduction),
            transfer: rate(comparisons, |found| found.transfer),
            sentiment: rate(comparisons, |found| found.sentiment),
            entities,
            services,
            summary,
        }
    }
}

/// Compares two analyses of one call.
pub fn compare(ours: &Insights, theirs: &Insights) -> Comparison {
    let summary = |text: &String| -> BTreeSet<String> { words(text).into_iter().collect() };
    Comparison {
        escalation: detection(ours.escalation.as_ref(), theirs.escalation.as_ref()),
        introduction: detection(ours.introduction.as_ref(), theirs.introduction.as_ref()),
        transfer: detection(ours.transfer.as_ref(), theirs.transfer.as_ref()),
        entities: both(
            ours.entities.as_deref(),
            theirs.entities.as_deref(),
            entities,
        ),
        sentiment: both(
            ours.sentiment.as_ref(),
            theirs.sentiment.as_ref(),
            |ours, theirs| Pair {
                ours: ours.overall,
                theirs: theirs.overall,
            },
        ),
        services: both(
            ours.services.as_deref(),
            theirs.services.as_deref(),
            |ours, theirs| Overlap::of(&labels(ours), &labels(theirs)),
        ),
        summary: both(
            ours.summary.as_ref(),
            theirs.summary.as_ref(),
            |ours, theirs| Overlap::of(&summary(ours), &summary(theirs)),
        ),
    }
}

fn both<T: Copy, U>(ours: Option<T>, theirs: Option<T>, with: impl FnOnce(T, T) -> U) -> Option<U> {
    Some(with(ours?, theirs?))
}

fn detection(ours: Option<&Detection>, theirs: Option<&Detection>) -> Option<Pair<bool>> {
    both(ours, theirs, |ours, theirs| Pair {
        ours: ours.detected,
        theirs: theirs.detected,
    })
}

/// Each thing counts once, however often it is named, and whatever its case and punctuation.
fn entities(ours: &[Entity], theirs: &[Entity]) -> BTreeMap<EntityKind, Overlap> {
    let of = |entities: &[Entity], kind| -> BTreeSet<Vec<String>> {
        let entities = entities.iter().filter(|entity| entity.kind == kind);
        entities.map(|entity| words(&entity.text)).collect()
    };
    let kinds = EntityKind::ALL.into_iter();
    let overlaps = kinds.map(|kind| (kind, Overlap::of(&of(ours, kind), &of(theirs, kind))));
    let named = |(_, overlap): &(EntityKind, Overlap)| *overlap != Overlap::default();
    overlaps.filter(named).collect()
}

fn labels(services: &[Service]) -> BTreeSet<Vec<String>> {
    services
        .iter()
        .map(|service| words(&service.label))
        .collect()
}

fn rate<T: Copy + Ord>(
    comparisons: &[Comparison],
    of: impl Fn(&Comparison) -> Option<Pair<T>>,
) -> Rate {
    let pairs: Vec<Pair<T>> = comparisons.iter().filter_map(of).collect();
    Rate::of(&pairs)
}

fn ratio(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

#[cfg(test)]
mod tests;
