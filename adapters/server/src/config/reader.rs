//! Reads sections of a TOML file and goes on after a mistake, so that all of them are reported
//! at once, each with its line, its setting in full and the nearest valid name.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::ops::{Range, RangeInclusive};

use serde::de::DeserializeOwned;
use serde_path_to_error::{Path, Segment};
use toml::de::{DeTable, DeValue};
use toml::{Spanned, Table, Value};

use super::DEFAULT;
use super::problem::Problem;

/// How to mend a file that is no TOML.
const SYNTAX: &str = "write settings as `name = value`, text in quotes, each name once; \
    `voicera config` shows all of them";

/// How alike two names must be for one to be a slip of the other.
const ALIKE: f64 = 0.8;

/// The longest piece of the file that a message repeats.
const SHOWN: usize = 60;

/// A file being read.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    name: &'a str,
    text: &'a str,
    /// Where each setting's value stands in the text, by its full name.
    spans: BTreeMap<String, Range<usize>>,
    pub(super) problems: Vec<Problem>,
}

impl<'a> Reader<'a> {
    /// Answers the file's table, empty when its syntax is wrong.
    pub(super) fn open(name: &'a str, text: &'a str) -> (Self, Table) {
        let mut reader = Self {
            name,
            text,
            spans: BTreeMap::new(),
            problems: Vec::new(),
        };
        let table = DeTable::parse(text).and_then(|spanned| {
            reader.note_table("", spanned.get_ref());
            toml::from_str(text)
        });
        let table = table.unwrap_or_else(|error| {
            reader
                .problems
                .push(Problem::new(name, error.to_string(), SYNTAX));
            Table::new()
        });
        (reader, table)
    }

    /// Reads a section. What is wrong in it is reported and left out; `None` when nothing is left.
    pub(super) fn read<T: DeserializeOwned>(
        &mut self,
        prefix: &str,
        section: impl Into<Value>,
    ) -> Option<T> {
        let mut section = section.into();
        loop {
            match serde_path_to_error::deserialize(section.clone()) {
                Ok(read) => return Some(read),
                Err(error) => {
                    let path = error.path().clone();
                    let path_text = joined(prefix, &path);
                    self.mistake(&path_text, error.inner().message());
                    if !remove(&mut section, &path) {
                        return None;
                    }
                }
            }
        }
    }

    /// The names that are left in a table when all that have a meaning are taken out.
    pub(super) fn no_others(&mut self, prefix: &str, left: &Table, known: &[&str]) {
        for name in left.keys() {
            self.unknown(&named(prefix, name), known);
        }
    }

    pub(super) fn problem(&mut self, path: &str, what: impl Display, fix: impl Into<String>) {
        let what = match self.spans.get(path).and_then(|span| self.shown(span)) {
            Some(value) => format!("`{path} = {value}` {what}"),
            None => format!("`{path}` {what}"),
        };
        self.told(path, what, fix);
    }

    /// A problem whose message names everything already.
    pub(super) fn told(&mut self, path: &str, what: impl Into<String>, fix: impl Into<String>) {
        let line = self.line(path);
        let problem = Problem::new(self.name, what, fix);
        self.problems.push(Problem { line, ..problem });
    }

    /// A problem of the environment.
    pub(super) fn environment(&mut self, what: String, fix: &str) {
        self.problems.push(Problem::new("environment", what, fix));
    }

    /// The value named `path` must lie in a range.
    pub(super) fn within<T: PartialOrd>(
        &mut self,
        path: &str,
        value: &T,
        range: RangeInclusive<T>,
        show: impl Fn(&T) -> String,
    ) {
        if !range.contains(value) {
            let (least, most) = (show(range.start()), show(range.end()));
            self.problem(path, "is out of range", format!("use {least} to {most}"));
        }
    }

    /// The value named `path` must be one of a few words.
    pub(super) fn one_of(&mut self, path: &str, word: &str, known: &[&str]) {
        let fix = match nearest(word, known) {
            Some(near) => format!("did you mean \"{near}\"? There is {}", choices(known)),
            None => format!("use {}", choices(known)),
        };
        self.problem(path, "is not known", fix);
    }

    fn unknown(&mut self, path: &str, known: &[&str]) {
        let (prefix, name) = match path.rsplit_once('.') {
            Some((prefix, name)) => (prefix, name),
            None => ("", path),
        };
        let near = nearest(name, known).map(|near| named(prefix, near));
        let fix = match near.or_else(|| elsewhere(prefix, name)) {
            Some(near) => format!("did you mean `{near}`?"),
            None if known.is_empty() => "remove it".to_owned(),
            None => {
                let known: Vec<_> = known.iter().map(|name| format!("`{name}`")).collect();
                let here = match prefix {
                    "" => "the file".to_owned(),
                    _ => format!("`{prefix}`"),
                };
                format!("remove it; {here} takes {}", known.join(", "))
            }
        };
        self.told(path, format!("`{path}` is not a setting"), fix);
    }

    /// Says in our words what serde says in its own.
    fn mistake(&mut self, path: &str, message: &str) {
        let message = message.trim_end();
        let names: Vec<_> = message.split('`').skip(1).step_by(2).collect();
        if message.starts_with("unknown field") {
            self.unknown(path, names.get(1..).unwrap_or_default());
        } else if message.starts_with("unknown variant") {
            let variant = names.first().copied().unwrap_or_default();
            self.one_of(path, variant, names.get(1..).unwrap_or_default());
        } else if message.starts_with("missing field") {
            let name = names.first().copied().unwrap_or_default();
            self.problem(&named(path, name), "is missing", "add it");
        } else if let Some((_, expected)) = message.rsplit_once(", expected ") {
            let fix = format!("use {}", in_words(expected));
            self.problem(path, "does not fit", fix);
        } else {
            self.problem(path, format!("is not right: {message}"), "");
        }
    }

    /// The line of a setting, else of the section around it.
    fn line(&self, path: &str) -> Option<usize> {
        let mut path = path;
        loop {
            if let Some(span) = self.spans.get(path) {
                let before = self.text.get(..span.start)?;
                return Some(before.matches('\n').count() + 1);
            }
            path = path.get(..path.rfind(['.', '['])?)?;
        }
    }

    /// A value as the file has it, where it is short.
    fn shown(&self, span: &Range<usize>) -> Option<&'a str> {
        let value = self.text.get(span.clone())?;
        let is_short = (1..=SHOWN).contains(&value.len()) && !value.contains('\n');
        (is_short && !value.starts_with('[')).then_some(value)
    }

    fn note_table(&mut self, prefix: &str, table: &DeTable<'_>) {
        for (name, value) in table {
            let path = named(prefix, name.get_ref());
            self.note(path, value);
        }
    }

    fn note(&mut self, path: String, value: &Spanned<DeValue<'_>>) {
        let mut span = value.span();
        if value.get_ref().is_table() && !self.text.get(span.clone()).is_some_and(is_inline) {
            // A section has a place, and no value that could be shown.
            span.end = span.start;
        }
        match value.get_ref() {
            DeValue::Table(table) => self.note_table(&path, table),
            DeValue::Array(array) => {
                for (value, index) in array.iter().zip(0..) {
                    self.note(format!("{path}[{index}]"), value);
                }
            }
            DeValue::String(_)
            | DeValue::Integer(_)
            | DeValue::Float(_)
            | DeValue::Boolean(_)
            | DeValue::Datetime(_) => {}
        }
        self.spans.insert(path, span);
    }
}

fn is_inline(table: &str) -> bool {
    table.starts_with('{')
}

/// `section.name`, or the name where there is no section.
fn named(prefix: &str, name: &str) -> String {
    match prefix {
        "" => name.to_owned(),
        _ => format!("{prefix}.{name}"),
    }
}

fn joined(prefix: &str, path: &Path) -> String {
    let mut joined = prefix.to_owned();
    for segment in path {
        match segment {
            Segment::Map { key } | Segment::Enum { variant: key } => joined = named(&joined, key),
            Segment::Seq { index } => joined.push_str(&format!("[{index}]")),
            Segment::Unknown => {}
        }
    }
    joined
}

/// Takes the value at the path out. `false` where there is nothing to take.
fn remove(value: &mut Value, path: &Path) -> bool {
    let mut segments: Vec<_> = path.iter().collect();
    let Some(last) = segments.pop() else {
        return false;
    };
    let mut value = Some(value);
    for segment in segments {
        value = value.and_then(|value| match segment {
            Segment::Map { key } => value.get_mut(key.as_str()),
            Segment::Seq { index } => value.get_mut(*index),
            Segment::Enum { .. } | Segment::Unknown => None,
        });
    }
    match (value, last) {
        (Some(Value::Table(table)), Segment::Map { key }) => table.remove(key).is_some(),
        (Some(Value::Array(array)), Segment::Seq { index }) if *index < array.len() => {
            array.remove(*index);
            true
        }
        _ => false,
    }
}

fn nearest<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    let alike = |known: &&'a str| (strsim::jaro_winkler(name, known), *known);
    let best = known.iter().map(alike);
    let (alike, best) = best.max_by(|(one, _), (other, _)| one.total_cmp(other))?;
    (alike >= ALIKE).then_some(best)
}

/// A setting of this name in another section, or in another one of this list: the documented file
/// names them all.
fn elsewhere(prefix: &str, name: &str) -> Option<String> {
    let (mut section, mut found) = ("", None);
    let list = prefix.split('[').next();
    for line in DEFAULT.lines() {
        let line = line.strip_prefix('#').unwrap_or(line);
        if line.starts_with('[') {
            section = line.trim_matches(['[', ']']);
        } else if line.split_once(" = ").is_some_and(|(key, _)| key == name) {
            let here = named(section, name);
            if Some(section) == list {
                return Some(here);
            }
            found.get_or_insert(here);
        }
    }
    found
}

/// `"one", "two" or "three"`
pub(super) fn choices(words: &[&str]) -> String {
    let words: Vec<_> = words.iter().map(|word| format!("\"{word}\"")).collect();
    match words.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => String::new(),
    }
}

/// What is wrong and how to mend it, of a message that says both.
pub(super) fn split(message: &str) -> (&str, &str) {
    let parts = message.rsplit_once("; ").or(message.rsplit_once(": "));
    parts.unwrap_or((message, ""))
}

fn in_words(expected: &str) -> &str {
    match expected {
        "u8" | "u16" | "u32" | "u64" | "usize" | "i64" => "a whole number, 0 or more",
        "a duration" => "a time with its unit, like \"2500ms\", \"8s\" or \"30min\"",
        "a boolean" => "true or false",
        "a string" | "path string" | "string" => "text in quotes",
        "a sequence" => "a list in brackets",
        "f32" | "f64" => "a number",
        "socket address" | "socket address syntax" => "an address and a port",
        other if other.starts_with("struct") || other == "a map" => "a section of its own",
        other => other,
    }
}

#[cfg(test)]
mod tests;
