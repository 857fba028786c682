//! What a call tells: findings over its entries, each with the words that support it.
//!
//! The same shape holds what the operators of this crate find, what a language model is asked
//! after the call, and what a carrier's service answers, so that they can be compared.

pub mod entities;

use std::time::SystemTime;

use crate::words::Speaker;

pub mod operators;

mod escalation;

mod introduction;

mod transfer;

mod sentiment;

mod summary;

pub mod services;

pub mod gaps;

pub mod asked;

mod patterns;

mod stems;

mod lines;

/// What somebody found out about a call.
#[derive(Clone, Debug, PartialEq)]
pub struct Analysis {
    pub origin: Origin,
    /// When the call was analysed.
    pub at: SystemTime,
    pub insights: Insights,
}

/// Who analysed a call. A call has at most one analysis of each kind of origin; a newer one
/// replaces it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The operators of this crate.
    Operators,
    /// A language model, by name.
    Model(String),
    /// The carrier's service, by its id.
    Carrier(String),
}

impl Origin {
    /// The kind of origin, as archives and pages name it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Operators => "operators",
            Self::Model(_) => "model",
            Self::Carrier(_) => "carrier",
        }
    }
}

/// The findings of one origin; `None` is a question it was not asked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Insights {
    /// The caller asks for a person, or for somebody of more authority.
    pub escalation: Option<Detection>,
    /// The agent says who it is.
    pub introduction: Option<Detection>,
    /// The call is passed to somebody else.
    pub transfer: Option<Detection>,
    pub entities: Option<Vec<Entity>>,
    pub sentiment: Option<Sentiment>,
    pub summary: Option<String>,
    /// The services the caller is interested in, the surest first.
    pub services: Option<Vec<Service>>,
}

/// Words in a transcript: bytes of what an entry says (see
/// [`Entry::said`](crate::ports::transcript_sink::Entry::said)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// The position of the entry among all entries of the call, from 0.
    pub entry: usize,
    pub start: usize,
    pub end: usize,
}

/// Whether something happened in a call.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Detection {
    pub detected: bool,
    /// How sure it is, from 0 to 1.
    pub confidence: f32,
    /// Where, in order; empty where the origin does not say.
    pub evidence: Vec<Place>,
}

/// A thing that was named.
#[derive(Clone, Debug, PartialEq)]
pub struct Entity {
    pub kind: EntityKind,
    /// As it was said.
    pub text: String,
    /// In its usual form, where that differs: a date as `2026-11-23`, an amount as `USD 2200`.
    pub value: Option<String>,
    pub confidence: f32,
    pub place: Option<Place>,
}

/// What an entity is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EntityKind {
    ConsumerGood,
    Date,
    Location,
    Organization,
    Person,
    Quantity,
    Money,
    Time,
    Phone,
    Email,
    /// A container, booking, waybill or bill of lading, by its number.
    Identifier,
}

impl EntityKind {
    pub const ALL: [Self; 11] = [
        Self::ConsumerGood,
        Self::Date,
        Self::Location,
        Self::Organization,
        Self::Person,
        Self::Quantity,
        Self::Money,
        Self::Time,
        Self::Phone,
        Self::Email,
        Self::Identifier,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::ConsumerGood => "consumer_good",
            Self::Date => "date",
            Self::Location => "location",
            Self::Organization => "organization",
            Self::Person => "person",
            Self::Quantity => "quantity",
            Self::Money => "money",
            Self::Time => "time",
            Self::Phone => "phone",
            Self::Email => "email",
            Self::Identifier => "identifier",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// How the caller feels, over the whole call and line by line.
#[derive(Clone, Debug, PartialEq)]
pub struct Sentiment {
    pub overall: Mood,
    pub confidence: f32,
    /// Of the lines that were judged, in order.
    pub lines: Vec<LineMood>,
}

/// How one line sounds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LineMood {
    /// The position of the entry, as in [`Place`].
    pub entry: usize,
    pub speaker: Speaker,
    pub mood: Mood,
    /// From -1, as bad as can be, to 1.
    pub score: f32,
}

/// A feeling.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Mood {
    Positive,
    #[default]
    Neutral,
    Negative,
    /// Some of both.
    Mixed,
}

impl Mood {
    pub const ALL: [Self; 4] = [Self::Positive, Self::Neutral, Self::Negative, Self::Mixed];

    pub fn name(self) -> &'static str {
        match self {
            Self::Positive => "positive",
            Self::Neutral => "neutral",
            Self::Negative => "negative",
            Self::Mixed => "mixed",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mood| mood.name() == name)
    }
}

/// A service the caller is interested in.
#[derive(Clone, Debug, PartialEq)]
pub struct Service {
    /// The label of its phrase set.
    pub label: String,
    pub confidence: f32,
    /// Where its phrases were said.
    pub evidence: Vec<Place>,
}
