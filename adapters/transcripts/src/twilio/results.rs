//! What Twilio's operators found in a transcript, as insights.
//!
//! Each operator answers in the shape of its type, several of which are not documented, so
//! numbers may be strings, and lists may be objects. What is not understood is not answered.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use voicera::insight::{Detection, Entity, EntityKind, Insights, Mood, Place, Sentiment, Service};

use super::transcripts::Sentence;
use super::{ApiError, Client};

mod merge;

mod places;

pub(super) use merge::merge;
pub(super) use places::{Places, words};

/// The answer of one operator.
#[derive(Clone, Debug, PartialEq)]
pub struct OperatorResult(Map<String, Value>);

/// The questions that Twilio's own operators answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Question {
    Escalation,
    Introduction,
    Transfer,
    Entities,
    Sentiment,
    Summary,
}

/// The operator that tells the services apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Classifier {
    /// Its friendly name.
    pub name: String,
    /// The labels of its phrase sets.
    pub labels: Vec<String>,
}

/// The results of a transcript, as they are.
pub async fn fetch(client: &Client, sid: &str) -> Result<Vec<OperatorResult>, ApiError> {
    let url = client.intelligence(&["Transcripts", sid, "OperatorResults"]);
    let results: Vec<Map<String, Value>> = client.list(url, "operator_results").await?;
    Ok(results.into_iter().map(OperatorResult).collect())
}

impl Question {
    /// What the operator of that name is about. Twilio has renamed some of them.
    pub(super) fn of(name: &str) -> Option<Self> {
        match words(name).join(" ").as_str() {
            "escalation request" | "human escalation request" => Some(Self::Escalation),
            "agent introduction" => Some(Self::Introduction),
            "call transfer" | "conversation transfer" | "call conversation transfer" => {
                Some(Self::Transfer)
            }
            "entity recognition" => Some(Self::Entities),
            "sentiment analysis" => Some(Self::Sentiment),
            "summarization" | "summary" | "conversation summary" | "call summary" => {
                Some(Self::Summary)
            }
            _ => None,
        }
    }
}

/// What the operators found, with places in our own entries where the words are found there.
pub(super) fn insights(
    results: &[OperatorResult],
    sentences: &[Sentence],
    places: &mut Places,
    classifier: &Classifier,
) -> Insights {
    let mut insights = Insights::default();
    // Of several operators with one question, the first that answers counts.
    for result in results {
        let Insights {
            escalation,
            introduction,
            transfer,
            entities,
            sentiment,
            summary,
            services,
        } = &mut insights;
        if words(result.name()) == words(&classifier.name) {
            first(services, || {
                result.services(&classifier.labels, sentences, places)
            });
            continue;
        }
        let detection = || result.detection(sentences, places);
        match Question::of(result.name()) {
            Some(Question::Escalation) => first(escalation, detection),
            Some(Question::Introduction) => first(introduction, detection),
            Some(Question::Transfer) => first(transfer, detection),
            Some(Question::Entities) => first(entities, || result.entities(places)),
            Some(Question::Sentiment) => first(sentiment, || result.sentiment()),
            Some(Question::Summary) => first(summary, || result.summary()),
            None => {}
        }
    }
    insights
}

fn first<T>(answer: &mut Option<T>, next: impl FnOnce() -> Option<T>) {
    if answer.is_none() {
        *answer = next();
    }
}

impl OperatorResult {
    /// The operator's friendly name.
    pub fn name(&self) -> &str {
        self.text("name")
    }

    /// `LY…`.
    pub fn operator_sid(&self) -> &str {
        self.text("operator_sid")
    }

    fn detection(&self, sentences: &[Sentence], places: &Places) -> Option<Detection> {
        let label = self.label();
        let flag = ["extract_match", "utterance_match"]
            .iter()
            .find_map(|name| self.0.get(*name)?.as_bool());
        let judged = || judgement(self.0.get("json_results")?);
        let detected = flag
            .or_else(|| label.as_ref().and_then(|(label, _)| says_yes(label)))
            .or_else(judged)?;
        let label_sure = label.and_then(|(_, probability)| probability);
        let confidence = self.probability("match_probability").or(label_sure);
        let evidence = match detected {
            true => self.evidence(sentences, places),
            false => Vec::new(),
        };
        Some(Detection {
            detected,
            confidence: confidence.unwrap_or(1.0),
            evidence,
        })
    }

    fn services(
        &self,
        labels: &[String],
        sentences: &[Sentence],
        places: &Places,
    ) -> Option<Vec<Service>> {
        let confidence = self.probability("match_probability").unwrap_or(1.0);
        let mut services: Vec<Service> = Vec::new();
        let mut add = |name: &str, confidence: f32, evidence: Vec<Place>| {
            let known = labels.iter().find(|label| words(label) == words(name));
            let label = known.map_or(name, String::as_str).to_owned();
            if services.iter().all(|service| service.label != label) {
                services.push(Service {
                    label,
                    confidence,
                    evidence,
                });
            }
        };
        if self.0.get("extract_match").and_then(Value::as_bool) == Some(false) {
            return Some(services);
        }
        match self.0.get("extract_results") {
            Some(Value::Object(sets)) => {
                for (name, found) in sets.iter().filter(|(_, found)| says_something(found)) {
                    add(name, confidence, located(&quotes(found, sentences), places));
                }
                return Some(services);
            }
            Some(Value::Array(found)) => {
                for found in found {
                    let Some(name) = field(found, &["name", "label", "phrase_set"]) else {
                        continue;
                    };
                    add(name, confidence, located(&quotes(found, sentences), places));
                }
                return Some(services);
            }
            Some(_) | None => {}
        }
        let (label, probability) = self.label()?;
        if says_yes(&label) != Some(false) {
            add(&label, probability.unwrap_or(confidence), Vec::new());
        }
        Some(services)
    }

    fn entities(&self, places: &mut Places) -> Option<Vec<Entity>> {
        let confidence = self.probability("match_probability").unwrap_or(1.0);
        let mut entities = Vec::new();
        let mut add = |kind: &str, found: &Value| {
            let (Some(kind), Some(text)) = (kind_named(kind), quote(found)) else {
                return;
            };
            let sure = ["probability", "confidence", "score"]
                .iter()
                .find_map(|name| probability(found.get(*name)?));
            entities.push(Entity {
                kind,
                text: text.to_owned(),
                value: None,
                confidence: sure.unwrap_or(confidence),
                place: places.next(text),
            });
        };
        match self.0.get("extract_results") {
            Some(Value::Object(kinds)) => {
                for (kind, found) in kinds {
                    match found {
                        Value::Array(found) => found.iter().for_each(|found| add(kind, found)),
                        other => add(kind, other),
                    }
                }
            }
            Some(Value::Array(found)) => {
                for found in found {
                    let kind = field(found, &["type", "label", "kind", "entity"]);
                    add(kind.unwrap_or_default(), found);
                }
            }
            // Nothing was found, and it says so.
            Some(_) | None => {
                let said = self.0.get("extract_match").and_then(Value::as_bool);
                return (said == Some(false)).then(Vec::new);
            }
        }
        Some(entities)
    }

    fn sentiment(&self) -> Option<Sentiment> {
        let (label, probability) = self.label()?;
        Some(Sentiment {
            overall: Mood::named(&label.trim().to_lowercase())?,
            confidence: probability.unwrap_or(1.0),
            lines: Vec::new(),
        })
    }

    fn summary(&self) -> Option<String> {
        let generated = self.0.get("text_generation_results");
        let generated = generated.filter(|generated| !generated.is_null());
        let generated = generated.or_else(|| self.0.get("json_results"))?;
        let text = match generated {
            Value::String(text) => text,
            other => field(other, &["result", "text", "summary"])?,
        };
        let text = text.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// The class that was chosen and how sure it is.
    fn label(&self) -> Option<(String, Option<f32>)> {
        let probabilities = self.label_probabilities();
        let label = self.text("predicted_label");
        if label.is_empty() {
            let mut best = probabilities.into_iter();
            let first = best.next()?;
            let best = best.fold(
                first,
                |best, next| if next.1 > best.1 { next } else { best },
            );
            return Some((best.0, Some(best.1)));
        }
        let sure = self.probability("predicted_probability");
        let sure = sure.or_else(|| probabilities.get(label).copied());
        Some((label.to_owned(), sure))
    }

    fn label_probabilities(&self) -> BTreeMap<String, f32> {
        match self.0.get("label_probabilities") {
            Some(Value::Object(labels)) => labels
                .iter()
                .filter_map(|(label, value)| Some((label.clone(), probability(value)?)))
                .collect(),
            Some(Value::Array(labels)) => labels
                .iter()
                .filter_map(|item| {
                    let label = field(item, &["label", "name"])?;
                    Some((label.to_owned(), probability(item.get("probability")?)?))
                })
                .collect(),
            Some(_) | None => BTreeMap::new(),
        }
    }

    /// Where the words are that an operator gives as its reason.
    fn evidence(&self, sentences: &[Sentence], places: &Places) -> Vec<Place> {
        let mut found = Vec::new();
        for name in ["extract_results", "utterance_results"] {
            if let Some(value) = self.0.get(name) {
                found.extend(quotes(value, sentences));
            }
        }
        located(&found, places)
    }

    fn text(&self, name: &str) -> &str {
        self.0.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    fn probability(&self, name: &str) -> Option<f32> {
        probability(self.0.get(name)?)
    }
}

/// From 0 to 1, as a number or as a string.
fn probability(value: &Value) -> Option<f32> {
    let number = match value {
        Value::String(text) => text.trim().parse().ok()?,
        other => other.as_f64()?,
    };
    number.is_finite().then(|| number.clamp(0.0, 1.0) as f32)
}

/// The first of these fields that is text.
fn field<'a>(value: &'a Value, names: &[&str]) -> Option<&'a str> {
    names.iter().find_map(|name| value.get(*name)?.as_str())
}

/// What an item says, as text or in a field of it.
fn quote(value: &Value) -> Option<&str> {
    const FIELDS: [&str; 6] = [
        "text",
        "value",
        "match",
        "phrase",
        "transcript",
        "utterance",
    ];
    let text = value.as_str().or_else(|| field(value, &FIELDS))?.trim();
    (!text.is_empty()).then_some(text)
}

/// All that is quoted in a value, or pointed to as a sentence.
fn quotes(value: &Value, sentences: &[Sentence]) -> Vec<String> {
    let pointed = || {
        let index = value.get("sentence_index")?.as_i64()?;
        let mut sentences = sentences.iter();
        let sentence = sentences.find(|sentence| sentence.sentence_index == Some(index))?;
        sentence.transcript.as_deref()
    };
    if let Some(text) = quote(value).or_else(pointed) {
        return vec![text.to_owned()];
    }
    match value {
        Value::Array(items) => items
            .iter()
            .flat_map(|item| quotes(item, sentences))
            .collect(),
        Value::Object(fields) => fields
            .values()
            .flat_map(|item| quotes(item, sentences))
            .collect(),
        _ => Vec::new(),
    }
}

fn located(quotes: &[String], places: &Places) -> Vec<Place> {
    let mut found: Vec<Place> = quotes
        .iter()
        .filter_map(|text| places.first(text))
        .collect();
    found.sort();
    found.dedup();
    found
}

/// Whether a phrase set's value means that something of it was found.
fn says_something(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(found) => *found,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty() && says_yes(text) != Some(false),
        Value::Array(items) => items.iter().any(says_something),
        Value::Object(fields) => fields.values().any(says_something),
    }
}

/// What a class means as an answer to a question of yes or no, as `Transfer` and `NoTransfer`.
fn says_yes(label: &str) -> Option<bool> {
    let label = label.trim();
    let second = label.chars().nth(2);
    let lower = label.to_lowercase();
    match lower.as_str() {
        "" => None,
        "no" | "false" | "none" => Some(false),
        _ if lower.starts_with("not_") || lower.starts_with("no_") || lower.starts_with("no ") => {
            Some(false)
        }
        _ if lower.starts_with("no") && second.is_some_and(char::is_uppercase) => Some(false),
        _ => Some(true),
    }
}

/// The one answer of yes or no in an operator's own JSON.
fn judgement(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(answer) => Some(*answer),
        Value::Object(fields) => {
            let mut answers = fields.values().filter_map(Value::as_bool);
            let answer = answers.next()?;
            answers.next().is_none().then_some(answer)
        }
        _ => None,
    }
}

fn kind_named(name: &str) -> Option<EntityKind> {
    let name = words(name).concat();
    Some(match name.as_str() {
        "consumergood" | "commercialitem" | "product" => EntityKind::ConsumerGood,
        "date" | "dob" => EntityKind::Date,
        "location" | "address" | "city" | "country" | "zipcode" => EntityKind::Location,
        "organization" | "organisation" => EntityKind::Organization,
        "person" | "name" => EntityKind::Person,
        "quantity" => EntityKind::Quantity,
        "money" | "price" => EntityKind::Money,
        "time" => EntityKind::Time,
        "phone" | "phonenumber" => EntityKind::Phone,
        "email" => EntityKind::Email,
        "identifier" => EntityKind::Identifier,
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
