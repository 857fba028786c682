//! Takes the steps of a plan and reports on each.

use serde_json::Value;

use super::plan::{Change, Step};
use super::{Operator, ProvisionError, Service};
use crate::twilio::{ApiError, Client};

/// What became of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The service, `GA…`: what `TWILIO_CONVERSATIONAL_INTELLIGENCE_SID` has to be.
    pub service_sid: String,
    pub done: Vec<Done>,
}

/// What became of one step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    pub what: String,
    pub sid: Option<String>,
    pub outcome: Outcome,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Made,
    Updated,
    Attached,
    Left,
    /// Not done, and why.
    Failed(String),
}

impl Report {
    /// Whether everything was left as it is.
    pub fn is_unchanged(&self) -> bool {
        let unchanged = |done: &Done| matches!(done.outcome, Outcome::Left | Outcome::Failed(_));
        self.done.iter().all(unchanged)
    }

    /// Whether everything is as it was wanted.
    pub fn is_complete(&self) -> bool {
        let failed = |done: &Done| matches!(done.outcome, Outcome::Failed(_));
        !self.done.iter().any(failed)
    }
}

/// Takes the steps. A step that fails does not keep the others from being taken, but for the
/// service, without which there is nothing to attach to.
pub async fn apply(client: &Client, steps: &[Step]) -> Result<Report, ProvisionError> {
    let mut run = Run {
        client,
        service: String::new(),
        made: None,
    };
    let mut done = Vec::new();
    for step in steps {
        done.push(run.take(step).await?);
    }
    Ok(Report {
        service_sid: run.service,
        done,
    })
}

struct Run<'a> {
    client: &'a Client,
    service: String,
    /// The operator that was made last.
    made: Option<String>,
}

impl Run<'_> {
    async fn take(&mut self, step: &Step) -> Result<Done, ProvisionError> {
        Ok(match step {
            Step::CreateService {
                unique_name,
                fields,
            } => {
                let mut form = form(fields);
                form.push(("UniqueName", unique_name.clone()));
                let url = self.client.intelligence(&["Services"]);
                let made: Result<Service, _> = self.client.create(url, &form).await;
                self.service = made.map_err(ProvisionError::Service)?.sid;
                self.done(format!("service {unique_name}"), Outcome::Made)
            }
            Step::UpdateService {
                sid,
                version,
                changes,
            } => {
                let url = self.client.intelligence(&["Services", sid]);
                let updated: Result<Value, _> =
                    self.client.update(url, &form(changes), *version).await;
                updated.map_err(ProvisionError::Service)?;
                self.service.clone_from(sid);
                self.done("service".to_owned(), Outcome::Updated)
            }
            Step::KeepService { sid } => {
                self.service.clone_from(sid);
                self.done("service".to_owned(), Outcome::Left)
            }
            Step::CreateOperator {
                name,
                operator_type,
                config,
            } => {
                let made = self.make(name, operator_type, config).await;
                self.made = made.as_ref().ok().cloned();
                let made = made.map(|_| Outcome::Made);
                done(format!("operator {name}"), self.made.as_deref(), made)
            }
            Step::UpdateOperator {
                sid,
                name,
                version,
                config,
            } => {
                let form = [
                    ("FriendlyName", name.clone()),
                    ("Config", config.to_string()),
                ];
                let url = self.client.intelligence(&["Operators", "Custom", sid]);
                let updated = self.client.update::<Value>(url, &form, *version).await;
                let updated = updated.map(|_| Outcome::Updated);
                done(format!("operator {name}"), Some(sid), updated)
            }
            Step::Attach { name, sid } => {
                let Some(sid) = sid.as_deref().or(self.made.as_deref()) else {
                    let outcome = Outcome::Failed("the operator was not made".to_owned());
                    return Ok(Done {
                        what: format!("operator {name}"),
                        sid: None,
                        outcome,
                    });
                };
                let path = ["Services", &self.service, "Operators", sid];
                let url = self.client.intelligence(&path);
                let attached = self.client.update::<Value>(url, &[], None).await;
                let attached = attached.map(|_| Outcome::Attached);
                done(format!("operator {name}"), Some(sid), attached)
            }
            Step::Keep { what, sid } => done(what.clone(), Some(sid), Ok(Outcome::Left)),
            Step::Cannot { what, why } => Done {
                what: what.clone(),
                sid: None,
                outcome: Outcome::Failed(why.clone()),
            },
        })
    }

    async fn make(
        &self,
        name: &str,
        operator_type: &str,
        config: &Value,
    ) -> Result<String, ApiError> {
        let form = [
            ("FriendlyName", name.to_owned()),
            ("OperatorType", operator_type.to_owned()),
            ("Config", config.to_string()),
        ];
        let url = self.client.intelligence(&["Operators", "Custom"]);
        let made: Operator = self.client.create(url, &form).await?;
        Ok(made.sid)
    }

    /// Of the service.
    fn done(&self, what: String, outcome: Outcome) -> Done {
        done(what, Some(&self.service), Ok(outcome))
    }
}

fn done(what: String, sid: Option<&str>, outcome: Result<Outcome, ApiError>) -> Done {
    Done {
        what,
        sid: sid.map(str::to_owned),
        outcome: outcome.unwrap_or_else(|error| Outcome::Failed(error.to_string())),
    }
}

fn form(changes: &[Change]) -> Vec<(&'static str, String)> {
    let fields = changes
        .iter()
        .map(|change| (change.field, change.after.clone()));
    fields.collect()
}
