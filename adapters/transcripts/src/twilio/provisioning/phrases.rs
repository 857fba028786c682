//! The phrase sets of the classifier, in the shape of the operator's configuration.
//!
//! Twilio does not document that shape; it lists a JSON schema with the type of the operator.
//! What is built here is therefore checked against the schema before it is sent.

use serde_json::{Value, json};

/// What a service is recognised by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhraseSet {
    /// The label of the service.
    pub label: String,
    pub phrases: Vec<Phrase>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phrase {
    pub text: String,
    pub matching: Matching,
}

/// How exactly a phrase has to be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Matching {
    Exact,
    Fuzzy,
}

pub(super) const ROOT: &str = "phrase_sets";

/// The configuration of an operator that looks for the phrase sets.
pub(super) fn config(sets: &[PhraseSet]) -> Value {
    let phrase = |phrase: &Phrase| {
        let matching = match phrase.matching {
            Matching::Exact => "exact",
            Matching::Fuzzy => "fuzzy",
        };
        json!({ "phrase": phrase.text, "match": matching })
    };
    let set = |set: &PhraseSet| {
        let phrases: Vec<Value> = set.phrases.iter().map(phrase).collect();
        json!({ "name": set.label, "phrases": phrases })
    };
    json!({ ROOT: sets.iter().map(set).collect::<Vec<_>>() })
}

/// Whether what is there says all that is wanted. Twilio may add fields of its own.
pub(super) fn holds(current: &Value, wanted: &Value) -> bool {
    match (current, wanted) {
        (Value::Object(current), Value::Object(wanted)) => wanted.iter().all(|(name, wanted)| {
            let current = current.get(name);
            current.is_some_and(|current| holds(current, wanted))
        }),
        (Value::Array(current), Value::Array(wanted)) => {
            let mut pairs = current.iter().zip(wanted);
            current.len() == wanted.len() && pairs.all(|(current, wanted)| holds(current, wanted))
        }
        _ => current == wanted,
    }
}

/// What a JSON schema has against a value, as far as names, types and choices go.
pub(super) fn objection(schema: &Value, value: &Value, at: &str) -> Option<String> {
    let place = |name: &str| match at {
        "" => name.to_owned(),
        at => format!("{at}.{name}"),
    };
    let named = match at {
        "" => "the configuration",
        at => at,
    };
    if let Some(kind) = schema.get("type").and_then(Value::as_str) {
        let fits = match kind {
            "object" => value.is_object(),
            "array" => value.is_array(),
            "string" => value.is_string(),
            "boolean" => value.is_boolean(),
            "number" | "integer" => value.is_number(),
            _ => true,
        };
        if !fits {
            return Some(format!("it wants {named} to be of type {kind}"));
        }
    }
    if let Some(choices) = schema.get("enum").and_then(Value::as_array)
        && !choices.contains(value)
    {
        return Some(format!("{named} cannot be {value}"));
    }
    if let (Some(items), Some(values)) = (schema.get("items"), value.as_array()) {
        return values.iter().find_map(|value| objection(items, value, at));
    }
    let fields = value.as_object()?;
    let required = schema.get("required").and_then(Value::as_array);
    let required = required.into_iter().flatten().filter_map(Value::as_str);
    if let Some(name) = required
        .into_iter()
        .find(|name| !fields.contains_key(*name))
    {
        return Some(format!("it wants `{}`", place(name)));
    }
    let known = schema.get("properties").and_then(Value::as_object)?;
    if let Some(name) = fields.keys().find(|name| !known.contains_key(*name)) {
        return Some(format!("it does not know `{}`", place(name)));
    }
    fields
        .iter()
        .find_map(|(name, value)| objection(known.get(name)?, value, &place(name)))
}
