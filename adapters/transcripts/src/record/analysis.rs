//! The format of an analysis: what a call tells, outside of this process.
//!
//! One JSON object. Names are stable; a reader ignores those it does not know. An absent finding is
//! a question that was not asked.
//!
//! | Name | Meaning |
//! |---|---|
//! | `origin` | who analysed the call: `operators`, `model`, `carrier` |
//! | `by` | the model by its name, or the carrier's service by its id |
//! | `at` | when, RFC 3339 in UTC |
//! | `insights{}` | the findings |
//!
//! and in `insights`:
//!
//! | Name | Meaning |
//! |---|---|
//! | `escalation`, `introduction`, `transfer` | `detected`, `confidence` from 0 to 1, `evidence[]` |
//! | `entities[]` | `kind`, `text` as it was said, `value` in its usual form, `confidence`, `place` |
//! | `sentiment` | `overall` (`positive`, `neutral`, `negative`, `mixed`), `confidence`, `lines[]` (`entry`, `speaker`, `mood`, `score` from -1 to 1) |
//! | `summary` | text |
//! | `services[]` | `label`, `confidence`, `evidence[]` |
//!
//! A `place`, and each of `evidence`, is `entry` (the position of the line among all lines of the
//! call, from 0) and `start` and `end`, bytes of the caller's `text` or the agent's `heard`. The
//! `kind` of an entity is one of `consumer_good`, `date`, `location`, `organization`, `person`,
//! `quantity`, `money`, `time`, `phone`, `email`, `identifier`.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use voicera::insight::{self, Analysis, EntityKind, LineMood, Origin};
use voicera::words::CallId;

use super::{FORMAT, Speaker, Unreadable, line, time};

/// An analysis.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = Analysis)]
pub struct AnalysisRecord {
    /// Who analysed the call: `operators`, `model` or `carrier`.
    pub origin: String,
    /// The model by its name, or the carrier's service by its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// When, RFC 3339 in UTC.
    pub at: String,
    pub insights: Insights,
}

/// What was found; what is absent was not asked.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Insights {
    /// The caller asks for a person, or for somebody of more authority.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub escalation: Option<Detection>,
    /// The agent says who it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub introduction: Option<Detection>,
    /// The call is passed to somebody else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transfer: Option<Detection>,
    /// What was named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entities: Option<Vec<Entity>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sentiment: Option<Sentiment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// The services that the caller is interested in, the surest first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub services: Option<Vec<Service>>,
}

/// Words in a transcript.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Place {
    /// The position among all entries of the call, from 0.
    pub entry: usize,
    /// The first byte in the caller's `text` or the agent's `heard`.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

/// Whether something happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Detection {
    pub detected: bool,
    /// From 0 to 1.
    pub confidence: f32,
    /// Where, in order.
    pub evidence: Vec<Place>,
}

/// Something that was named.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Entity {
    /// What it is: `date`, `money`, `person` and the like.
    pub kind: String,
    /// As it was said.
    pub text: String,
    /// In its usual form, where that differs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// From 0 to 1.
    pub confidence: f32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
}

/// How the caller feels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = CallSentiment)]
pub struct Sentiment {
    pub overall: Mood,
    /// From 0 to 1.
    pub confidence: f32,
    /// The lines that were judged, in order.
    pub lines: Vec<LineSentiment>,
}

/// How a line sounds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct LineSentiment {
    /// The position among all entries of the call, from 0.
    pub entry: usize,
    pub speaker: Speaker,
    pub mood: Mood,
    /// From -1, as bad as can be, to 1.
    pub score: f32,
}

/// A feeling.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mood {
    Positive,
    Neutral,
    Negative,
    Mixed,
}

/// A service that the caller is interested in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Service {
    /// The label of its phrases.
    pub label: String,
    /// From 0 to 1.
    pub confidence: f32,
    /// Where its phrases were said.
    pub evidence: Vec<Place>,
}

impl AnalysisRecord {
    pub fn of(analysis: &Analysis) -> Self {
        Self {
            origin: analysis.origin.name().to_owned(),
            by: match &analysis.origin {
                Origin::Operators => None,
                Origin::Model(name) | Origin::Carrier(name) => Some(name.clone()),
            },
            at: time::rfc3339(analysis.at),
            insights: Insights::of(&analysis.insights),
        }
    }

    /// The analysis that the record was written from.
    ///
    /// # Errors
    ///
    /// When the origin or an entity is of a kind that this version does not know.
    pub fn analysis(self) -> Result<Analysis, Unreadable> {
        let by = self.by.unwrap_or_default();
        Ok(Analysis {
            origin: match self.origin.as_str() {
                "operators" => Origin::Operators,
                "model" => Origin::Model(by),
                "carrier" => Origin::Carrier(by),
                _ => return Err(Unreadable::Name(self.origin)),
            },
            at: time::parse(&self.at)?,
            insights: self.insights.insights()?,
        })
    }

    /// A line of transcripts.
    pub(crate) fn line(&self, call: &CallId) -> serde_json::Result<Vec<u8>> {
        #[derive(Serialize)]
        struct Line<'a> {
            v: u8,
            call: &'a str,
            kind: &'static str,
            #[serde(flatten)]
            analysis: &'a AnalysisRecord,
        }
        line(&Line {
            v: FORMAT,
            call: call.as_str(),
            kind: "analysis",
            analysis: self,
        })
    }
}

impl Insights {
    fn of(found: &insight::Insights) -> Self {
        let entities = found.entities.as_ref();
        let services = found.services.as_ref();
        Self {
            escalation: found.escalation.as_ref().map(Detection::of),
            introduction: found.introduction.as_ref().map(Detection::of),
            transfer: found.transfer.as_ref().map(Detection::of),
            entities: entities.map(|entities| entities.iter().map(Entity::of).collect()),
            sentiment: found.sentiment.as_ref().map(Sentiment::of),
            summary: found.summary.clone(),
            services: services.map(|services| services.iter().map(Service::of).collect()),
        }
    }

    fn insights(self) -> Result<insight::Insights, Unreadable> {
        let entities = self.entities.map(|entities| {
            let entities = entities.into_iter().map(Entity::entity);
            entities.collect::<Result<Vec<_>, _>>()
        });
        let services = self.services.map(|services| {
            let services = services.into_iter().map(Service::service);
            services.collect()
        });
        Ok(insight::Insights {
            escalation: self.escalation.map(Detection::detection),
            introduction: self.introduction.map(Detection::detection),
            transfer: self.transfer.map(Detection::detection),
            entities: entities.transpose()?,
            sentiment: self.sentiment.map(Sentiment::sentiment),
            summary: self.summary,
            services,
        })
    }
}

impl Place {
    fn of(place: &insight::Place) -> Self {
        Self {
            entry: place.entry,
            start: place.start,
            end: place.end,
        }
    }

    fn place(self) -> insight::Place {
        insight::Place {
            entry: self.entry,
            start: self.start,
            end: self.end,
        }
    }
}

impl Detection {
    fn of(detection: &insight::Detection) -> Self {
        Self {
            detected: detection.detected,
            confidence: detection.confidence,
            evidence: detection.evidence.iter().map(Place::of).collect(),
        }
    }

    fn detection(self) -> insight::Detection {
        insight::Detection {
            detected: self.detected,
            confidence: self.confidence,
            evidence: self.evidence.into_iter().map(Place::place).collect(),
        }
    }
}

impl Entity {
    fn of(entity: &insight::Entity) -> Self {
        Self {
            kind: entity.kind.name().to_owned(),
            text: entity.text.clone(),
            value: entity.value.clone(),
            confidence: entity.confidence,
            place: entity.place.as_ref().map(Place::of),
        }
    }

    fn entity(self) -> Result<insight::Entity, Unreadable> {
        let Some(kind) = EntityKind::named(&self.kind) else {
            return Err(Unreadable::Name(self.kind));
        };
        Ok(insight::Entity {
            kind,
            text: self.text,
            value: self.value,
            confidence: self.confidence,
            place: self.place.map(Place::place),
        })
    }
}

impl Sentiment {
    fn of(sentiment: &insight::Sentiment) -> Self {
        let line = |line: &LineMood| LineSentiment {
            entry: line.entry,
            speaker: line.speaker.into(),
            mood: line.mood.into(),
            score: line.score,
        };
        Self {
            overall: sentiment.overall.into(),
            confidence: sentiment.confidence,
            lines: sentiment.lines.iter().map(line).collect(),
        }
    }

    fn sentiment(self) -> insight::Sentiment {
        let line = |line: LineSentiment| LineMood {
            entry: line.entry,
            speaker: line.speaker.into(),
            mood: line.mood.into(),
            score: line.score,
        };
        insight::Sentiment {
            overall: self.overall.into(),
            confidence: self.confidence,
            lines: self.lines.into_iter().map(line).collect(),
        }
    }
}

impl Service {
    fn of(service: &insight::Service) -> Self {
        Self {
            label: service.label.clone(),
            confidence: service.confidence,
            evidence: service.evidence.iter().map(Place::of).collect(),
        }
    }

    fn service(self) -> insight::Service {
        insight::Service {
            label: self.label,
            confidence: self.confidence,
            evidence: self.evidence.into_iter().map(Place::place).collect(),
        }
    }
}

impl From<insight::Mood> for Mood {
    fn from(mood: insight::Mood) -> Self {
        match mood {
            insight::Mood::Positive => Self::Positive,
            insight::Mood::Neutral => Self::Neutral,
            insight::Mood::Negative => Self::Negative,
            insight::Mood::Mixed => Self::Mixed,
        }
    }
}

impl From<Mood> for insight::Mood {
    fn from(mood: Mood) -> Self {
        match mood {
            Mood::Positive => Self::Positive,
            Mood::Neutral => Self::Neutral,
            Mood::Negative => Self::Negative,
            Mood::Mixed => Self::Mixed,
        }
    }
}

#[cfg(test)]
mod tests;
