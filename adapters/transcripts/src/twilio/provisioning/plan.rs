//! What has to be done to get from what is there to what is wanted.

use std::fmt;

use serde_json::Value;

use super::classifier::classifier;
use super::{Current, Method, Operator, Service, Wanted};
use crate::twilio::results::{Question, words};

/// One thing to do, or to leave.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    CreateService {
        unique_name: String,
        fields: Vec<Change>,
    },
    UpdateService {
        sid: String,
        /// Only this version is updated, so that nobody else's change is lost.
        version: Option<u64>,
        changes: Vec<Change>,
    },
    KeepService {
        sid: String,
    },
    CreateOperator {
        name: String,
        operator_type: String,
        config: Value,
    },
    UpdateOperator {
        sid: String,
        name: String,
        version: Option<u64>,
        config: Value,
    },
    Attach {
        name: String,
        /// Nothing: the operator that the step before has made.
        sid: Option<String>,
    },
    /// It is as it should be, or nobody's business here.
    Keep {
        what: String,
        sid: String,
    },
    /// It cannot be done; everything else can.
    Cannot {
        what: String,
        why: String,
    },
}

/// A field of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub field: &'static str,
    pub before: Option<String>,
    pub after: String,
}

impl Step {
    /// Whether it changes anything.
    pub fn is_change(&self) -> bool {
        match self {
            Self::CreateService { .. }
            | Self::UpdateService { .. }
            | Self::CreateOperator { .. }
            | Self::UpdateOperator { .. }
            | Self::Attach { .. } => true,
            Self::KeepService { .. } | Self::Keep { .. } | Self::Cannot { .. } => false,
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CreateService {
                unique_name,
                fields,
            } => {
                write!(f, "make service {unique_name}")?;
                list(f, fields)
            }
            Self::UpdateService { sid, changes, .. } => {
                write!(f, "update service {sid}")?;
                list(f, changes)
            }
            Self::KeepService { sid } => write!(f, "leave service {sid}"),
            Self::CreateOperator {
                name,
                operator_type,
                ..
            } => write!(f, "make operator {name} of type {operator_type}"),
            Self::UpdateOperator { name, sid, .. } => write!(f, "update operator {name}, {sid}"),
            Self::Attach {
                name,
                sid: Some(sid),
            } => write!(f, "attach operator {name}, {sid}"),
            Self::Attach { name, sid: None } => write!(f, "attach operator {name}"),
            Self::Keep { what, sid } => write!(f, "leave {what}, {sid}"),
            Self::Cannot { what, why } => write!(f, "cannot provide {what}: {why}"),
        }
    }
}

fn list(f: &mut fmt::Formatter<'_>, changes: &[Change]) -> fmt::Result {
    for (index, change) in changes.iter().enumerate() {
        let separator = if index == 0 { ": " } else { ", " };
        let Change {
            field,
            before,
            after,
        } = change;
        match before {
            Some(before) => write!(f, "{separator}{field} {before} -> {after}")?,
            None => write!(f, "{separator}{field} {after}")?,
        }
    }
    Ok(())
}

/// The steps, in the order they have to be taken.
pub fn plan(current: &Current, wanted: &Wanted) -> Vec<Step> {
    let mut steps = Vec::new();
    service(current.service.as_ref(), wanted, &mut steps);
    let mut named = Vec::new();
    for name in &wanted.settings.operators {
        match prebuilt(&current.prebuilt, name) {
            Some(operator) => {
                attach(current, operator, &mut steps);
                named.push(operator.sid.as_str());
            }
            None => steps.push(Step::Cannot {
                what: format!("operator {name}"),
                why: format!("twilio has {}", names(&current.prebuilt)),
            }),
        }
    }
    if !wanted.phrase_sets.is_empty() {
        named.extend(classifier(current, wanted, &mut steps));
    }
    let others = current.attached.iter();
    for sid in others.filter(|sid| !named.contains(&sid.as_str())) {
        let mut known = current.prebuilt.iter().chain(&current.custom);
        let known = known.find(|operator| operator.sid == *sid);
        let name = known.and_then(|operator| operator.friendly_name.as_deref());
        steps.push(Step::Keep {
            what: format!("operator {}", name.unwrap_or("of somebody else")),
            sid: sid.clone(),
        });
    }
    steps
}

fn service(current: Option<&Service>, wanted: &Wanted, steps: &mut Vec<Step>) {
    let settings = &wanted.settings;
    let Some(current) = current else {
        let mut fields = fields(&Service::default(), wanted);
        fields.push(Change {
            field: "LanguageCode",
            before: None,
            after: settings.language.clone(),
        });
        return steps.push(Step::CreateService {
            unique_name: settings.unique_name.clone(),
            fields,
        });
    };
    let changes = fields(current, wanted);
    let sid = current.sid.clone();
    steps.push(match changes.is_empty() {
        true => Step::KeepService { sid },
        false => Step::UpdateService {
            sid,
            version: current.version,
            changes,
        },
    });
    let language = current.language_code.as_deref().unwrap_or_default();
    if !language.is_empty() && language != settings.language {
        steps.push(Step::Cannot {
            what: format!("language {}", settings.language),
            why: format!(
                "the service was made for {language}, which cannot be changed: \
                 set `language`, or another `unique_name` to make another service"
            ),
        });
    }
}

/// The fields of a service that are not as they should be.
fn fields(current: &Service, wanted: &Wanted) -> Vec<Change> {
    let settings = &wanted.settings;
    let text = |value: &Option<String>| value.clone().filter(|value| !value.is_empty());
    let flag = |value: Option<bool>| value.map(|value| value.to_string());
    let method = wanted.webhook.as_ref().map(|webhook| match webhook.method {
        Method::Post => "POST".to_owned(),
        Method::Get => "GET".to_owned(),
    });
    let url = wanted.webhook.as_ref().map(|webhook| webhook.url.clone());
    let fields = [
        (
            "FriendlyName",
            text(&current.friendly_name),
            settings.friendly_name.clone(),
        ),
        (
            "AutoTranscribe",
            flag(current.auto_transcribe),
            flag(settings.auto_transcribe),
        ),
        (
            "AutoRedaction",
            flag(current.auto_redaction),
            Some(settings.auto_redaction.to_string()),
        ),
        (
            "MediaRedaction",
            flag(current.media_redaction),
            flag(settings.media_redaction),
        ),
        ("WebhookUrl", text(&current.webhook_url), url),
        (
            "WebhookHttpMethod",
            text(&current.webhook_http_method),
            method,
        ),
    ];
    let changes = fields.into_iter().filter_map(|(field, before, after)| {
        let after = after.filter(|after| before.as_ref() != Some(after))?;
        Some(Change {
            field,
            before,
            after,
        })
    });
    changes.collect()
}

pub(super) fn attach(current: &Current, operator: &Operator, steps: &mut Vec<Step>) {
    let name = operator.friendly_name.clone().unwrap_or_default();
    let sid = operator.sid.clone();
    steps.push(match current.attached.contains(&sid) {
        true => Step::Keep {
            what: format!("operator {name}"),
            sid,
        },
        false => Step::Attach {
            name,
            sid: Some(sid),
        },
    });
}

/// The operator of that name, or of another name that Twilio has for the same.
fn prebuilt<'a>(operators: &'a [Operator], name: &str) -> Option<&'a Operator> {
    let question = Question::of(name);
    let candidates = operators.iter().filter_map(|operator| {
        let own = operator.friendly_name.as_deref()?;
        let same = words(own) == words(name);
        let meant = question.is_some() && Question::of(own) == question;
        let rank = rank(operator.availability.as_deref())?;
        (same || meant).then_some((same, rank, operator))
    });
    let best = candidates.max_by_key(|(same, rank, _)| (*same, *rank));
    best.map(|(_, _, operator)| operator)
}

/// How ready for use it is; nothing: it is not.
pub(super) fn rank(availability: Option<&str>) -> Option<u8> {
    match availability {
        Some("retired" | "internal") => None,
        Some("deprecated") => Some(0),
        Some("beta") => Some(1),
        _ => Some(2),
    }
}

fn names(operators: &[Operator]) -> String {
    let names = operators.iter().filter_map(|operator| {
        rank(operator.availability.as_deref())?;
        operator.friendly_name.as_deref()
    });
    or_none(&names.collect::<Vec<_>>().join(", ")).to_owned()
}

pub(super) fn or_none(text: &str) -> &str {
    if text.is_empty() { "none" } else { text }
}
