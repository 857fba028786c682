//! What Twilio's operators found in a transcript, as insights.
//!
//! Each operator answers in the shape of its type, several of which are not documented, so
//! numbers may be strings, and lists may be objects. What is not understood is not answered.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use voicera::insight::{Detection, Entity, Insights, Mood, Place, Sentiment, Service};

use super::transcripts::Sentence;
use super::{ApiError, Client};

mod merge;

mod places;

mod values;

pub(super) use merge::merge;
pub(super) use places::{Places, words};
use values::{field, judgement, kind_named, probability, quote, quotes, says_something, says_yes};

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
        let flag = |name| self.0.get(name).and_then(Value::as_bool);
        let flags = || flag("extract_match").or(flag("utterance_match"));
        let classified = || says_yes(&label.as_ref()?.0);
        let judged = || judgement(self.0.get("json_results")?);
        // Each type has fields of its own; those of the others are empty, or say no.
        let detected = match self.text("operator_type") {
            "conversation-classify" => classified().or_else(flags),
            "utterance-classify" => flag("utterance_match").or_else(flags),
            "json" => judged().or_else(flags),
            _ => flags().or_else(classified),
        }?;
        let label_sure = label.as_ref().and_then(|(_, probability)| *probability);
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
        let sure = self.probability("match_probability").unwrap_or(1.0);
        let evidence = |found| located(&quotes(found, sentences), places);
        let classified = || {
            let (label, probability) = self.label()?;
            let is_one = says_yes(&label) != Some(false);
            let service = is_one.then(|| (label, probability.unwrap_or(sure), Vec::new()));
            Some(service.into_iter().collect())
        };
        let found: Vec<(String, f32, Vec<Place>)> = match self.0.get("extract_results") {
            _ if self.text("operator_type") == "conversation-classify" => classified()?,
            _ if self.0.get("extract_match") == Some(&Value::Bool(false)) => Vec::new(),
            Some(Value::Object(sets)) => sets
                .iter()
                .filter(|(_, found)| says_something(found))
                .map(|(name, found)| (name.clone(), sure, evidence(found)))
                .collect(),
            Some(Value::Array(items)) => items
                .iter()
                .filter_map(|found| {
                    let name = field(found, &["name", "label", "phrase_set"])?;
                    Some((name.to_owned(), sure, evidence(found)))
                })
                .collect(),
            Some(_) | None => classified()?,
        };
        let mut services: Vec<Service> = Vec::new();
        for (name, confidence, evidence) in found {
            let known = labels.iter().find(|label| words(label) == words(&name));
            let label = known.cloned().unwrap_or(name);
            if services.iter().all(|service| service.label != label) {
                services.push(Service {
                    label,
                    confidence,
                    evidence,
                });
            }
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

fn located(quotes: &[String], places: &Places) -> Vec<Place> {
    let mut found: Vec<Place> = quotes
        .iter()
        .filter_map(|text| places.first(text))
        .collect();
    found.sort();
    found.dedup();
    found
}

#[cfg(test)]
mod tests;
