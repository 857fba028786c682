//! What a vendor sends, as far as it matters. Fields that are not named here are passed over.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, SeqAccess, Visitor};
use serde_json::Value;

/// One event of a streamed reply, or a whole reply that was not streamed.
#[derive(Debug, Deserialize)]
pub(super) struct Chunk<'a> {
    #[serde(borrow)]
    pub(super) model: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) choices: Option<First<Choice<'a>>>,
    pub(super) usage: Option<Usage>,
    pub(super) x_groq: Option<Groq>,
    pub(super) error: Option<Value>,
}

impl<'a> Chunk<'a> {
    /// The words, as they are written, of an event that brings nothing else.
    pub(super) fn only_words(&self) -> Option<&'a str> {
        let (None, None, None) = (&self.usage, &self.x_groq, &self.error) else {
            return None;
        };
        let First(choice) = self.choices.as_ref()?;
        match choice.as_ref()? {
            Choice {
                delta:
                    Some(Delta {
                        content: Some(Text(Cow::Borrowed(words))),
                        tool_calls: None,
                    }),
                message: None,
                finish_reason: None,
            } => Some(words),
            Choice { .. } => None,
        }
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct Choice<'a> {
    #[serde(borrow)]
    pub(super) delta: Option<Delta<'a>>,
    /// In place of `delta` when the reply is not streamed.
    #[serde(borrow)]
    pub(super) message: Option<Delta<'a>>,
    pub(super) finish_reason: Option<IgnoredAny>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Delta<'a> {
    #[serde(borrow)]
    pub(super) content: Option<Text<'a>>,
    pub(super) tool_calls: Option<Vec<CallDelta>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct CallDelta {
    pub(super) index: Option<usize>,
    pub(super) function: Option<FunctionDelta>,
}

#[derive(Debug, Deserialize)]
pub(super) struct FunctionDelta {
    pub(super) name: Option<String>,
    pub(super) arguments: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Usage {
    pub(super) prompt_tokens: Option<u32>,
    pub(super) completion_tokens: Option<u32>,
    pub(super) prompt_tokens_details: Option<PromptDetails>,
}

#[derive(Debug, Deserialize)]
pub(super) struct PromptDetails {
    pub(super) cached_tokens: Option<u32>,
}

/// Where Groq puts the usage of a streamed reply.
#[derive(Debug, Deserialize)]
pub(super) struct Groq {
    pub(super) usage: Option<Usage>,
}

/// A text that is borrowed where it is written without escapes. An optional `Cow` never is.
#[derive(Debug, Deserialize)]
pub(super) struct Text<'a>(#[serde(borrow)] pub(super) Cow<'a, str>);

/// The first of a list; the rest is passed over.
#[derive(Debug)]
pub(super) struct First<T>(pub(super) Option<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for First<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(FirstOf(PhantomData))
    }
}

struct FirstOf<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for FirstOf<T> {
    type Value = First<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let first = list.next_element()?;
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(First(first))
    }
}
