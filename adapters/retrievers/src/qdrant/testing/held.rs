//! What the server holds: collections, aliases, points, and what a filter means.

use std::collections::{BTreeMap, HashMap};

use ::qdrant_client::qdrant::alias_operations::Action;
use ::qdrant_client::qdrant::condition::ConditionOneOf;
use ::qdrant_client::qdrant::r#match::MatchValue;
use ::qdrant_client::qdrant::point_id::PointIdOptions;
use ::qdrant_client::qdrant::{
    AliasOperations, Condition, CreateCollection, FieldCondition, FieldType, Filter, PointId, Value,
};
use tonic::Status;

#[derive(Debug, Default)]
pub(super) struct Held {
    pub(super) collections: BTreeMap<String, Collection>,
    pub(super) aliases: BTreeMap<String, String>,
}

#[derive(Debug)]
pub(super) struct Collection {
    pub(super) made: CreateCollection,
    /// The length of each named vector.
    pub(super) lengths: HashMap<String, usize>,
    /// The fields that have an index.
    pub(super) fields: HashMap<String, FieldType>,
    /// By id.
    pub(super) points: BTreeMap<String, Point>,
    /// How often it still says that it is building its graph.
    pub(super) unsettled: u32,
}

#[derive(Clone, Debug)]
pub(super) struct Point {
    pub(super) payload: HashMap<String, Value>,
    pub(super) vectors: HashMap<String, Vec<f32>>,
}

impl Held {
    /// The collection of this name, or behind this alias.
    pub(super) fn collection(&mut self, name: &str) -> Result<&mut Collection, Status> {
        let target = self.aliases.get(name).map_or(name, String::as_str);
        let missing =
            || Status::not_found(format!("Not found: Collection `{name}` doesn't exist!"));
        self.collections.get_mut(target).ok_or_else(missing)
    }

    /// Changes aliases while nobody looks; what came before a failure stays, as in the real one.
    pub(super) fn change(&mut self, actions: Vec<AliasOperations>) -> Result<(), Status> {
        for action in actions {
            match action.action {
                Some(Action::CreateAlias(create)) => {
                    let (name, target) = (create.alias_name, create.collection_name);
                    if !self.collections.contains_key(&target) {
                        return Err(Status::not_found(format!(
                            "Not found: Collection `{target}` doesn't exist!"
                        )));
                    }
                    if self.collections.contains_key(&name) {
                        return Err(Status::already_exists(format!(
                            "Wrong input: Collection `{name}` already exists!"
                        )));
                    }
                    self.aliases.insert(name, target);
                }
                Some(Action::DeleteAlias(delete)) => {
                    self.aliases.remove(&delete.alias_name);
                }
                Some(Action::RenameAlias(_)) | None => {
                    return Err(Status::unimplemented("this server renames no alias"));
                }
            }
        }
        Ok(())
    }
}

impl Collection {
    /// The points a filter lets through, by id.
    pub(super) fn matching(
        &self,
        filter: Option<&Filter>,
    ) -> Result<Vec<(&String, &Point)>, Status> {
        let mut matching = Vec::new();
        for (id, point) in &self.points {
            let lets_through = filter.map_or(Ok(true), |filter| self.fits(filter, id, point));
            if lets_through? {
                matching.push((id, point));
            }
        }
        Ok(matching)
    }

    pub(super) fn length(&self, name: &str, vector: &[f32]) -> Result<(), Status> {
        let Some(length) = self.lengths.get(name) else {
            return Err(Status::invalid_argument(format!(
                "Wrong input: Not existing vector name error: {name}"
            )));
        };
        match *length == vector.len() {
            true => Ok(()),
            false => Err(Status::invalid_argument(format!(
                "Wrong input: Vector dimension error: expected dim: {length}, got {}",
                vector.len()
            ))),
        }
    }

    fn fits(&self, filter: &Filter, id: &str, point: &Point) -> Result<bool, Status> {
        if !filter.should.is_empty() || filter.min_should.is_some() {
            return Err(Status::unimplemented("this server knows no `should`"));
        }
        for (conditions, wanted) in [(&filter.must, true), (&filter.must_not, false)] {
            for condition in conditions {
                if self.meets(condition, id, point)? != wanted {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    fn meets(&self, condition: &Condition, id: &str, point: &Point) -> Result<bool, Status> {
        match &condition.condition_one_of {
            Some(ConditionOneOf::Filter(filter)) => self.fits(filter, id, point),
            Some(ConditionOneOf::HasId(ids)) => {
                let ids: Result<Vec<_>, _> = ids.has_id.iter().map(uuid).collect();
                Ok(ids?.iter().any(|listed| listed == id))
            }
            Some(ConditionOneOf::Field(field)) => self.matches(field, point),
            _ => Err(Status::unimplemented("this server knows no such condition")),
        }
    }

    fn matches(&self, field: &FieldCondition, point: &Point) -> Result<bool, Status> {
        let value = point.payload.get(&field.key);
        let matched = field.r#match.as_ref().and_then(|m| m.match_value.as_ref());
        let (kind, is_met) = match (matched, &field.range) {
            (Some(MatchValue::Keyword(keyword)), None) => {
                let value = value.and_then(Value::as_str);
                (FieldType::Keyword, value == Some(keyword))
            }
            (Some(MatchValue::Keywords(keywords)), None) => {
                let value = value.and_then(Value::as_str);
                let is_met = value.is_some_and(|v| keywords.strings.iter().any(|k| k == v));
                (FieldType::Keyword, is_met)
            }
            (None, Some(range)) => {
                let value = value.and_then(Value::as_integer).map(|value| value as f64);
                let is_met = value.is_some_and(|value| {
                    range.gte.is_none_or(|least| value >= least)
                        && range.lte.is_none_or(|most| value <= most)
                        && range.gt.is_none_or(|below| value > below)
                        && range.lt.is_none_or(|above| value < above)
                });
                (FieldType::Integer, is_met)
            }
            _ => return Err(Status::unimplemented("this server knows no such match")),
        };
        match self.fields.get(&field.key) == Some(&kind) {
            true => Ok(is_met),
            false => Err(Status::invalid_argument(format!(
                "Bad request: Index required but not found for {:?} of type {}",
                field.key,
                kind.as_str_name()
            ))),
        }
    }
}

/// An id as this server sorts it; it takes UUIDs alone.
pub(super) fn uuid(id: &PointId) -> Result<String, Status> {
    match &id.point_id_options {
        Some(PointIdOptions::Uuid(uuid)) if is_uuid(uuid) => Ok(uuid.clone()),
        _ => Err(Status::invalid_argument(format!(
            "Unable to parse UUID: {id:?}"
        ))),
    }
}

fn is_uuid(text: &str) -> bool {
    let lengths: Vec<usize> = text.split('-').map(str::len).collect();
    lengths == [8, 4, 4, 4, 12] && text.bytes().all(|b| b == b'-' || b.is_ascii_hexdigit())
}
