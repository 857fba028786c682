//! The body of a request. Its beginning is the same bytes in every turn, for the vendor's cache
//! and for ours: to escape a briefing of 37 kB anew takes 40 µs a turn, to copy it 1 µs.

use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;
use serde_json::{Map, Value, json};
use voicera::prompt::{Message, Prompt, Role, Tool};

use super::settings::{Reasoning, Settings, Vendor};

/// Writes the bodies of one model's requests.
#[derive(Debug)]
pub(super) struct Requests {
    /// What is the same in all of them.
    fields: Map<String, Value>,
    beginnings: Mutex<Vec<Arc<Beginning>>>,
}

/// A body up to the end of its system message, and what it was made of.
#[derive(Debug)]
struct Beginning {
    instructions: Arc<str>,
    briefing: Arc<str>,
    tools: Arc<[Tool]>,
    json: Vec<u8>,
}

/// One profile needs one; more are kept for a server that has several.
const BEGINNINGS: usize = 4;

impl Requests {
    pub(super) fn new(vendor: Vendor, settings: &Settings, model: &str) -> Self {
        let mut fields = Map::new();
        let mut set = |field: &str, value: Value| fields.insert(field.to_owned(), value);
        set("model", json!(model));
        set("stream", json!(true));
        if let Some(temperature) = settings.temperature {
            set("temperature", json!(temperature));
        }
        match (vendor, settings.max_tokens) {
            (Vendor::Groq | Vendor::OpenAi, Some(most)) => {
                set("max_completion_tokens", json!(most));
            }
            (Vendor::Compatible, Some(most)) => {
                set("max_tokens", json!(most));
            }
            (_, None) => {}
        }
        match settings.reasoning(vendor) {
            Reasoning::Off => {
                set("reasoning_effort", json!("none"));
                set("reasoning_format", json!("hidden"));
            }
            Reasoning::Hidden => {
                set("reasoning_format", json!("hidden"));
            }
            Reasoning::Effort(effort) => {
                set("reasoning_effort", json!(effort));
            }
            Reasoning::None => {}
        }
        match vendor {
            Vendor::OpenAi => {
                set("stream_options", json!({ "include_usage": true }));
            }
            // Groq sends the usage unasked; another server may refuse what it does not know.
            Vendor::Groq | Vendor::Compatible => {}
        }
        fields.extend(settings.extra.clone());
        Self {
            fields,
            beginnings: Mutex::default(),
        }
    }

    pub(super) fn body(&self, prompt: Prompt) -> Vec<u8> {
        let beginning = self.beginning(&prompt);
        // The system message is written already.
        let volatile = Prompt {
            instructions: Arc::default(),
            briefing: Arc::default(),
            ..prompt
        };
        let messages = volatile.messages();
        let rest = messages.iter().filter(|m| m.role != Role::System);
        let text: usize = rest.clone().map(|m| m.text.len() + 64).sum();
        let mut body = Vec::with_capacity(beginning.json.len() + text);
        body.extend_from_slice(&beginning.json);
        for message in rest {
            body.push(b',');
            write(&mut body, &Wire::from(message));
        }
        body.extend_from_slice(b"]}");
        body
    }

    fn beginning(&self, prompt: &Prompt) -> Arc<Beginning> {
        let fits = |kept: &&Arc<Beginning>| {
            same(&kept.instructions, &prompt.instructions)
                && same(&kept.briefing, &prompt.briefing)
                && same(&kept.tools, &prompt.tools)
        };
        let mut kept = self
            .beginnings
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(beginning) = kept.iter().find(fits) {
            return Arc::clone(beginning);
        }
        let beginning = Arc::new(self.begin(prompt));
        kept.truncate(BEGINNINGS - 1);
        kept.insert(0, Arc::clone(&beginning));
        beginning
    }

    fn begin(&self, prompt: &Prompt) -> Beginning {
        let mut fields = self.fields.clone();
        if !prompt.tools.is_empty() {
            let tools = prompt.tools.iter().map(tool).collect();
            fields.insert("tools".to_owned(), Value::Array(tools));
        }
        let mut json = Vec::new();
        write(&mut json, &fields);
        // The messages come last, inside the object.
        json.pop();
        json.extend_from_slice(b",\"messages\":[");
        let stable = Prompt {
            history: Vec::new(),
            passages: Vec::new(),
            utterance: String::new(),
            said: String::new(),
            ..prompt.clone()
        };
        if let Some(system) = stable.messages().first() {
            write(&mut json, &Wire::from(system));
        }
        Beginning {
            instructions: Arc::clone(&prompt.instructions),
            briefing: Arc::clone(&prompt.briefing),
            tools: Arc::clone(&prompt.tools),
            json,
        }
    }
}

#[derive(Serialize)]
struct Wire<'a> {
    role: &'static str,
    content: &'a str,
}

impl<'a> From<&'a Message<'_>> for Wire<'a> {
    fn from(message: &'a Message<'_>) -> Self {
        Self {
            role: match message.role {
                Role::System => "system",
                Role::User => "user",
                Role::Assistant => "assistant",
            },
            content: &message.text,
        }
    }
}

/// Usually the same bytes at the same place, else compared in full: still cheaper than escaping.
fn same<T: ?Sized + PartialEq>(one: &Arc<T>, other: &Arc<T>) -> bool {
    Arc::ptr_eq(one, other) || one == other
}

fn tool(tool: &Tool) -> Value {
    // A schema that is no JSON is left out; the vendor then takes a tool without arguments.
    let parameters: Value = serde_json::from_str(tool.parameters).unwrap_or(json!({}));
    json!({
        "type": "function",
        "function": {
            "name": tool.name,
            "description": tool.description,
            "parameters": parameters,
        },
    })
}

fn write(json: &mut Vec<u8>, value: &impl Serialize) {
    // Strings and maps of strings are written to memory: nothing here can fail.
    let _ = serde_json::to_writer(json, value);
}

#[cfg(test)]
mod tests;
