//! Sections with a `kind`, one or many: an adapter each.

use toml::{Table, Value};

use super::reader::{Reader, choices};

/// A section with a `kind`, and its kind.
pub(super) fn kind<'k>(
    table: &mut Table,
    path: &str,
    known: &[&'k str],
    reader: &mut Reader<'_>,
) -> Option<&'k str> {
    let path = format!("{path}.kind");
    match table.remove("kind") {
        None => {
            let fix = format!("use {}", choices(known));
            reader.problem(&path, "is missing", fix);
            None
        }
        Some(value) => {
            let kind = value.as_str().unwrap_or_default();
            let found = known.iter().find(|known| **known == kind);
            if found.is_none() {
                reader.one_of(&path, kind, known);
            }
            found.copied()
        }
    }
}

/// The tables of `[[path]]`.
pub(super) fn tables(value: Value, path: &str, reader: &mut Reader<'_>) -> Vec<(String, Table)> {
    let Value::Array(values) = value else {
        let fix = format!("write [[{path}]], once for each");
        reader.problem(path, "is not a list of sections", fix);
        return Vec::new();
    };
    let mut tables = Vec::new();
    for (value, index) in values.into_iter().zip(0..) {
        let place = format!("{path}[{index}]");
        match value {
            Value::Table(table) => tables.push((place, table)),
            _ => reader.problem(&place, "is not a section", format!("write [[{path}]]")),
        }
    }
    tables
}
