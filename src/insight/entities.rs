//! Recognises what is named in a call: people, places, goods, dates, amounts, numbers.
//!
//! It goes by tables, names and the words around them, and not by a model: it is quick and says
//! the same of the same words, and it misses what no table and no word announces, above all
//! people and companies that are named in passing. It knows the forms of English; names and
//! numbers of other languages are found where they look the same.

mod amounts;
mod dates;
mod gazetteer;
mod line;
mod lists;
mod numbered;
mod numbers;
mod people;
mod things;
mod times;

use std::time::SystemTime;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use self::gazetteer::Names;
use self::line::{Find, Line};
use super::{Entity, EntityKind, Place};
use crate::ports::transcript_sink::Entry;

pub use self::gazetteer::Gazetteer;

/// What is named in the entries of a call, in order.
pub fn entities(entries: &[Entry], recogniser: &Recogniser) -> Vec<Entity> {
    let said = entries.iter().enumerate();
    let said = said.filter_map(|(place, entry)| Some((place, entry.said()?.1, entry.call.started)));
    said.flat_map(|(place, said, started)| {
        let found = recogniser.recognise(said, started);
        found.into_iter().map(move |entity| Entity {
            place: entity.place.map(|found| Place {
                entry: place,
                ..found
            }),
            ..entity
        })
    })
    .collect()
}

/// Recognises entities in what is said.
///
/// Days count from the day the call began: "Friday" and "next Friday" are the first Friday after
/// it, "this Friday" the one of the same week, "last Friday" the one before. A date without a year
/// is the next such day, or the last one where the line tells of what was ("it arrived on …"). A
/// time of day without "am" or "pm" is taken as it was said: "half past three" is `03:30`.
#[derive(Clone, Debug)]
pub struct Recogniser {
    names: Names,
}

impl Recogniser {
    /// With the names it has of its own and those of a gazetteer.
    pub fn new(gazetteer: &Gazetteer) -> Self {
        Self {
            names: Names::new(gazetteer),
        }
    }

    /// What a text names, in order and without overlaps, as if it were the first entry of a call
    /// that began then; days are counted in UTC.
    pub fn recognise(&self, text: &str, started: SystemTime) -> Vec<Entity> {
        let line = Line::new(text);
        let mut found = Vec::new();
        numbered::numbered(&line, &mut found);
        self.spoken(&line, day(started), &mut found);
        things::named(&line, &self.names, &mut found);
        things::companies(&line, &mut found);
        things::goods(&line, &mut found);
        things::neighbours(&line, &mut found);
        let mut kept = without_overlaps(found);
        kept.sort_unstable_by_key(|find| find.start);
        kept.into_iter()
            .filter_map(|find| entity(text, find))
            .collect()
    }

    fn spoken(&self, line: &Line<'_>, today: Option<Date>, found: &mut Vec<Find>) {
        let mut at = 0;
        while at < line.tokens.len() {
            let dated = today.and_then(|today| dates::date(line, at, today));
            let counted = || amounts::counted(line, at);
            let known = dated.or_else(counted).or_else(|| times::time(line, at));
            let next = known.map(|(find, next)| {
                found.push(find);
                next
            });
            if let Some((find, _)) = people::person(line, at) {
                found.push(find);
            }
            at = next.unwrap_or(at + 1).max(at + 1);
        }
    }
}

impl Default for Recogniser {
    fn default() -> Self {
        Self::new(&Gazetteer::default())
    }
}

/// The day a call began on.
fn day(started: SystemTime) -> Option<Date> {
    let started = Timestamp::try_from(started).ok()?;
    Some(started.to_zoned(TimeZone::UTC).date())
}

fn entity(text: &str, find: Find) -> Option<Entity> {
    Some(Entity {
        kind: find.kind,
        text: text.get(find.start..find.end)?.to_owned(),
        value: find.value,
        confidence: find.confidence,
        place: Some(Place {
            entry: 0,
            start: find.start,
            end: find.end,
        }),
    })
}

/// Where two overlap, the kind whose form says more counts, then the longer one.
fn without_overlaps(mut found: Vec<Find>) -> Vec<Find> {
    found.sort_by_key(|find| (rank(find), std::cmp::Reverse(find.end - find.start)));
    let mut kept: Vec<Find> = Vec::with_capacity(found.len());
    for find in found {
        if kept
            .iter()
            .all(|known| find.end <= known.start || known.end <= find.start)
        {
            kept.push(find);
        }
    }
    kept
}

fn rank(find: &Find) -> u8 {
    match find.kind {
        EntityKind::Email => 0,
        EntityKind::Identifier if find.confidence > 0.94 => 1,
        EntityKind::Phone => 2,
        EntityKind::Identifier => 3,
        EntityKind::Money => 4,
        EntityKind::Date => 5,
        EntityKind::Time => 6,
        EntityKind::Quantity => 7,
        // A place that is known is no company that is only guessed at.
        EntityKind::Organization if find.confidence > 0.85 => 7,
        EntityKind::Person if find.confidence > 0.74 => 8,
        EntityKind::Organization if find.confidence > 0.65 => 8,
        EntityKind::Location if find.confidence > 0.65 => 9,
        EntityKind::Person if find.confidence > 0.65 => 10,
        EntityKind::Organization => 11,
        EntityKind::Location => 12,
        EntityKind::Person => 13,
        EntityKind::ConsumerGood => 14,
    }
}

#[cfg(test)]
mod tests;
