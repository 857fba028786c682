//! The steps to the operator that tells the services apart.

use serde_json::Value;

use super::phrases::{ROOT, config, holds, objection};
use super::plan::{Step, attach, or_none, rank};
use super::{Current, OperatorType, Wanted};

/// The classifier's steps, and its id where there is one.
pub(super) fn classifier<'a>(
    current: &'a Current,
    wanted: &Wanted,
    steps: &mut Vec<Step>,
) -> Option<&'a str> {
    let name = &wanted.settings.classifier;
    let what = format!("operator {name}");
    let config = config(&wanted.phrase_sets);
    let mut custom = current.custom.iter();
    let known = custom.find(|operator| operator.friendly_name.as_deref() == Some(name));
    let Some(known) = known else {
        match offered(current, wanted, &config) {
            Ok(kind) => steps.extend([
                Step::CreateOperator {
                    name: name.clone(),
                    operator_type: kind.name.clone(),
                    config,
                },
                Step::Attach {
                    name: name.clone(),
                    sid: None,
                },
            ]),
            Err(why) => steps.push(Step::Cannot { what, why }),
        }
        return None;
    };
    if !holds(&known.config, &config) {
        let schema = kind(current, wanted, known.operator_type.as_deref());
        let schema = schema.map_or(&Value::Null, |kind| &kind.config_schema);
        let is_ours = known.config.get(ROOT).is_some() || known.config.is_null();
        steps.push(match objection(schema, &config, "") {
            None if is_ours => Step::UpdateOperator {
                sid: known.sid.clone(),
                name: name.clone(),
                version: known.version,
                config,
            },
            _ => Step::Cannot {
                what: format!("the phrases of {what}"),
                why: "it was configured in a way that is not known here, and is left as it is: \
                      change its phrases in Twilio's console"
                    .to_owned(),
            },
        });
    }
    attach(current, known, steps);
    Some(&known.sid)
}

/// The type of a new classifier, as long as it takes the configuration.
fn offered<'a>(
    current: &'a Current,
    wanted: &Wanted,
    config: &Value,
) -> Result<&'a OperatorType, String> {
    let kind = kind(current, wanted, None)?;
    match objection(&kind.config_schema, config, "") {
        None => Ok(kind),
        Some(objection) => Err(format!(
            "the operator type {} is not as it is known here, {objection}: {}",
            kind.name,
            by_hand(&wanted.settings.classifier)
        )),
    }
}

/// The type of the classifier: the one it has, the one that is set, or the one for phrases.
fn kind<'a>(
    current: &'a Current,
    wanted: &Wanted,
    own: Option<&str>,
) -> Result<&'a OperatorType, String> {
    let named = own.or(wanted.settings.classifier_type.as_deref());
    let mut types = current.types.iter();
    let found = types.find(|kind| match named {
        Some(named) => kind.name == named || kind.friendly_name.as_deref() == Some(named),
        None => {
            let friendly = kind.friendly_name.as_deref().unwrap_or_default();
            let names = format!("{} {friendly}", kind.name).to_lowercase();
            let usable = kind.configurable != Some(false);
            usable && rank(kind.availability.as_deref()).is_some() && names.contains("phrase")
        }
    });
    found.ok_or_else(|| {
        let types: Vec<&str> = current
            .types
            .iter()
            .map(|kind| kind.name.as_str())
            .collect();
        let what = named.map_or("for matching phrases".to_owned(), |named| {
            format!("{named:?}")
        });
        format!(
            "twilio has no operator type {what} (it has {}): set `classifier_type`, or {}",
            or_none(&types.join(", ")),
            by_hand(&wanted.settings.classifier)
        )
    })
}

fn by_hand(name: &str) -> String {
    format!("make an operator {name:?} in Twilio's console, which the next run attaches")
}
