//! What a language model is given, from stable to volatile, so that a vendor's cache can hold the
//! beginning.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::sync::Arc;

use crate::ports::retriever::{Passage, Source};
use crate::words::{Language, Line, Speaker};

/// Everything a model knows in a turn.
#[derive(Clone, Debug, PartialEq)]
pub struct Prompt {
    /// The persona and its rules: the same for every turn of every call.
    pub instructions: Arc<str>,
    /// Knowledge that is in every prompt: the same for the life of the process.
    pub briefing: Arc<str>,
    /// What was said before, oldest first; of the agent's words those the caller heard.
    pub history: Vec<Line>,
    /// Knowledge found for this turn, best first.
    pub passages: Vec<Passage>,
    /// What the caller says now.
    pub utterance: String,
    /// The language to reply in.
    pub language: Language,
    /// What has already been said in this turn, by a model that broke off. The reply goes on
    /// from here.
    pub said: String,
    /// What the model may ask for.
    pub tools: Arc<[Tool]>,
}

/// Something the model may ask for. It is done, and nothing comes back to the model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tool {
    pub name: &'static str,
    pub description: &'static str,
    /// A JSON schema of the arguments.
    pub parameters: &'static str,
}

/// One message in the form every chat model takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message<'a> {
    pub role: Role,
    pub text: Cow<'a, str>,
}

/// Who a message is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    System,
    User,
    Assistant,
}

/// What follows the words of a reply that the caller interrupted, or a broken line.
const CUT_OFF: &str = "[The reply was cut off here. The caller did not hear the rest.]";

/// What asks a model to go on where another one stopped.
const GO_ON: &str = "[Your reply broke off here. Go on from the last word, repeat nothing.]";

impl Prompt {
    /// The prompt as chat messages: one system message, then both sides in turn, the caller last.
    pub fn messages(&self) -> Vec<Message<'_>> {
        let mut messages = Vec::with_capacity(self.history.len() + 4);
        messages.push(Message {
            role: Role::System,
            text: self.system(),
        });
        for line in &self.history {
            push(&mut messages, line_message(line));
        }
        push(
            &mut messages,
            Message {
                role: Role::User,
                text: self.question(),
            },
        );
        if !self.said.is_empty() {
            messages.push(Message {
                role: Role::Assistant,
                text: Cow::Borrowed(&self.said),
            });
            messages.push(Message {
                role: Role::User,
                text: Cow::Borrowed(GO_ON),
            });
        }
        messages
    }

    fn system(&self) -> Cow<'_, str> {
        if self.briefing.is_empty() {
            return Cow::Borrowed(&self.instructions);
        }
        let (instructions, briefing) = (&self.instructions, &self.briefing);
        Cow::Owned(format!(
            "{instructions}\n\n<knowledge>\n{briefing}\n</knowledge>"
        ))
    }

    fn question(&self) -> Cow<'_, str> {
        if self.passages.is_empty() {
            return Cow::Borrowed(&self.utterance);
        }
        let mut text = String::from("<knowledge>\n");
        for Passage {
            source,
            text: found,
            ..
        } in &self.passages
        {
            // Writing to a string cannot fail.
            let source = attribute(source);
            let found = inside(found);
            let _ = write!(text, "<passage source=\"{source}\">\n{found}\n</passage>\n");
        }
        text.push_str("</knowledge>\n\n");
        text.push_str(&self.utterance);
        Cow::Owned(text)
    }
}

fn attribute(source: &Source) -> String {
    let source = source.to_string();
    source.replace('"', "'").replace(['\n', '<'], " ")
}

/// A passage must not be able to end itself: what follows would look like the operator's words.
fn inside(text: &str) -> Cow<'_, str> {
    if !text.contains("</") {
        return Cow::Borrowed(text);
    }
    let text = text.replace("</passage", "&lt;/passage");
    Cow::Owned(text.replace("</knowledge", "&lt;/knowledge"))
}

fn line_message(line: &Line) -> Message<'_> {
    match line.speaker {
        Speaker::Caller => Message {
            role: Role::User,
            text: Cow::Borrowed(&line.text),
        },
        Speaker::Agent if line.cut_off => Message {
            role: Role::Assistant,
            text: Cow::Owned(format!("{} {CUT_OFF}", line.text).trim_start().to_owned()),
        },
        Speaker::Agent => Message {
            role: Role::Assistant,
            text: Cow::Borrowed(&line.text),
        },
    }
}

/// Joins what one side said in a row: chat vendors want the roles to alternate.
fn push<'a>(messages: &mut Vec<Message<'a>>, message: Message<'a>) {
    match messages.last_mut() {
        Some(last) if last.role == message.role => {
            let joined = last.text.to_mut();
            joined.push('\n');
            joined.push_str(&message.text);
        }
        _ => messages.push(message),
    }
}

#[cfg(test)]
mod tests;
