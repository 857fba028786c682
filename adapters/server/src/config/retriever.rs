//! `[retriever]`: where knowledge comes from.

use std::path::Path;

use toml::{Table, Value};
use voicera::ports::chain;
use voicera_retrievers::cag;

use super::kinds;
use super::reader::Reader;

/// How knowledge is found.
#[derive(Clone, Debug, PartialEq)]
pub enum Retriever {
    /// Everything in every prompt.
    Cag(cag::Settings),
}

const KINDS: [&str; 1] = ["cag"];

impl Retriever {
    pub(super) fn of(value: Option<Value>, folder: &Path, reader: &mut Reader<'_>) -> Self {
        let mut table = match value {
            None => Table::new(),
            Some(Value::Table(table)) => table,
            Some(_) => {
                reader.problem("retriever", "is not a section", "write [retriever]");
                Table::new()
            }
        };
        if table.contains_key("kind")
            && kinds::kind(&mut table, "retriever", &KINDS, reader).is_none()
        {
            // The settings of another kind would all be reported as unknown.
            table.clear();
        }
        let mut settings: cag::Settings = reader.read("retriever", table).unwrap_or_default();
        settings.knowledge_base = folder.join(settings.knowledge_base);
        // Looking at names and sizes opens nothing, and finds a folder that is not there.
        if let Err(error) = cag::survey(&settings) {
            let message = chain(&error);
            let (what, fix) = message.split_once("; ").unwrap_or((&message, ""));
            let path = what.split(':').next().unwrap_or_default();
            let fix = match path {
                "retriever.warn_at" => "use 0.0 to 1.0",
                _ => fix,
            };
            reader.told(path, what, fix);
        }
        Self::Cag(settings)
    }
}
