//! `[[models]]`: who writes the replies, in order of preference.

use serde::Deserialize;
use toml::{Table, Value};
use voicera_models::{extractive, openai};

use super::environment::{Environment, Variable};
use super::kinds;
use super::reader::Reader;

/// One model.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// What messages call it: its kind and, where it has one, its own name.
    pub name: String,
    pub kind: Kind,
    /// What it costs; nothing where nobody has said so.
    pub price: Option<Price>,
}

/// What a model costs, in a currency of the operator's, for a million tokens.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Price {
    /// Of the prompt.
    pub input: f64,
    /// Of the prompt, for what the vendor has in its cache. Default: as the rest.
    pub cached_input: Option<f64>,
    /// Of the reply, reasoning included.
    pub output: f64,
}

/// What a model is.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// A vendor's, over the OpenAI wire.
    Vendor(openai::Vendor, openai::Settings),
    /// Quotes what was found, without a vendor.
    Extractive(extractive::Settings),
}

const KINDS: [&str; 4] = ["groq", "openai", "compatible", "extractive"];

impl Model {
    fn vendor(vendor: openai::Vendor, settings: openai::Settings) -> Self {
        let kind = match vendor {
            openai::Vendor::Groq => "groq",
            openai::Vendor::OpenAi => "openai",
            openai::Vendor::Compatible => "compatible",
        };
        let model = settings.model(vendor).unwrap_or_default();
        Self {
            name: format!("{kind} {model}"),
            kind: Kind::Vendor(vendor, settings),
            price: None,
        }
    }

    /// The extractive model.
    pub fn quoting() -> Self {
        Self::extractive(extractive::Settings::default())
    }

    fn extractive(settings: extractive::Settings) -> Self {
        Self {
            name: "extractive".to_owned(),
            kind: Kind::Extractive(settings),
            price: None,
        }
    }
}

/// Without any: the vendors whose keys are in the environment, and in the last place the
/// extractive model, which cannot fail.
pub(super) fn of(
    value: Option<Value>,
    environment: &Environment,
    reader: &mut Reader<'_>,
) -> Vec<Model> {
    match value {
        Some(value) => listed(value, environment, reader),
        None => found(environment, reader),
    }
}

fn found(environment: &Environment, reader: &mut Reader<'_>) -> Vec<Model> {
    let settings = openai::Settings::default();
    let mut models = Vec::new();
    for vendor in [openai::Vendor::Groq, openai::Vendor::OpenAi] {
        let Some(name) = settings.key_name(vendor) else {
            continue;
        };
        match environment.variable(name) {
            Variable::Unset => {}
            Variable::Empty => reader.environment(
                format!("`{name}` is set but empty"),
                "put the vendor's key into it, or remove it to do without the vendor",
            ),
            Variable::Broken => reader.environment(
                format!("`{name}` has a line break or another control character in it"),
                "copy the vendor's key again, or remove it to do without the vendor",
            ),
            Variable::Set(_) => models.push(Model::vendor(vendor, settings.clone())),
        }
    }
    models.push(Model::quoting());
    models
}

fn listed(value: Value, environment: &Environment, reader: &mut Reader<'_>) -> Vec<Model> {
    let mut models = Vec::new();
    for (path, mut table) in kinds::tables(value, "models", reader) {
        let vendor = match kinds::kind(&mut table, &path, &KINDS, reader) {
            Some("groq") => openai::Vendor::Groq,
            Some("openai") => openai::Vendor::OpenAi,
            Some("compatible") => openai::Vendor::Compatible,
            Some(_) => {
                models.extend(reader.read(&path, table).map(Model::extractive));
                continue;
            }
            None => continue,
        };
        let price = price(&mut table, &path, reader);
        if let Some(settings) = reader.read::<openai::Settings>(&path, table) {
            check(&path, vendor, &settings, environment, reader);
            models.push(Model {
                price,
                ..Model::vendor(vendor, settings)
            });
        }
    }
    if models.is_empty() && reader.problems.is_empty() {
        let fix = "add one, or remove `models` to get what the environment offers";
        reader.problem("models", "names no model", fix);
    }
    models
}

fn price(table: &mut Table, path: &str, reader: &mut Reader<'_>) -> Option<Price> {
    let path = format!("{path}.price");
    let price: Price = reader.read(&path, table.remove("price")?)?;
    for (name, price) in [
        ("input", Some(price.input)),
        ("cached_input", price.cached_input),
        ("output", Some(price.output)),
    ] {
        if let Some(price) = price {
            let range = 0.0..=1_000_000.0;
            reader.within(&format!("{path}.{name}"), &price, range, f64::to_string);
        }
    }
    Some(price)
}

fn check(
    path: &str,
    vendor: openai::Vendor,
    settings: &openai::Settings,
    environment: &Environment,
    reader: &mut Reader<'_>,
) {
    match settings.check(vendor) {
        Ok(()) => {}
        Err(openai::BuildError::Missing { setting, fix }) => {
            reader.problem(&format!("{path}.{setting}"), "is missing", fix);
            return;
        }
        Err(openai::BuildError::Invalid {
            setting,
            value,
            fix,
        }) => {
            // Shown by the adapter, which hides what may be a key.
            let path = format!("{path}.{setting}");
            reader.told(&path, format!("`{path} = {value}` does not work"), fix);
            return;
        }
        Err(error) => {
            reader.told(path, format!("`{path}`: {error}"), "");
            return;
        }
    }
    let Some(name) = settings.key_name(vendor) else {
        return;
    };
    let is = match environment.variable(name) {
        Variable::Set(_) => return,
        Variable::Empty => "is set but empty",
        Variable::Broken => "has a line break or another control character in it",
        Variable::Unset => "is not set",
    };
    reader.told(
        &format!("{path}.key"),
        format!("`{path}` needs a key, and the environment variable {name} {is}"),
        format!("set {name}, here or in .env, or remove this [[models]]"),
    );
}
