//! What the values of results mean, whose shapes are not documented.

use serde_json::Value;
use voicera::insight::EntityKind;

use super::places::words;
use crate::twilio::transcripts::Sentence;

/// From 0 to 1, as a number or as a string.
pub(super) fn probability(value: &Value) -> Option<f32> {
    let number = match value {
        Value::String(text) => text.trim().parse().ok()?,
        other => other.as_f64()?,
    };
    number.is_finite().then(|| number.clamp(0.0, 1.0) as f32)
}

/// The first of these fields that is text.
pub(super) fn field<'a>(value: &'a Value, names: &[&str]) -> Option<&'a str> {
    names.iter().find_map(|name| value.get(*name)?.as_str())
}

/// What an item says, as text or in a field of it.
pub(super) fn quote(value: &Value) -> Option<&str> {
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
pub(super) fn quotes(value: &Value, sentences: &[Sentence]) -> Vec<String> {
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

/// Whether a phrase set's value means that something of it was found.
pub(super) fn says_something(value: &Value) -> bool {
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
pub(super) fn says_yes(label: &str) -> Option<bool> {
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
pub(super) fn judgement(value: &Value) -> Option<bool> {
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

pub(super) fn kind_named(name: &str) -> Option<EntityKind> {
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
