//! Writes a reply.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use futures_util::stream::BoxStream;

use super::Cause;
use crate::prompt::Prompt;

/// Writes the agent's reply, piece by piece.
///
/// # Contract
///
/// - `reply` is lazy: nothing happens before the stream is polled.
/// - Text pieces are not empty; joined, they are the reply. A piece is handed on as soon as it is
///   complete at the vendor's side, never when the next one arrives.
/// - Reasoning is not part of the reply and never a piece.
/// - After an error the stream ends. A stream that ends without an error is a complete reply.
/// - A reply without any text and any tool call is an error ([`ModelError::Empty`]), not an
///   empty stream.
/// - Dropping the stream stops the vendor's generation at once.
/// - When [`Prompt::said`] is not empty the reply goes on from there and does not repeat it.
#[async_trait]
pub trait LanguageModel: fmt::Debug + Send + Sync + 'static {
    fn reply(&self, prompt: Prompt) -> BoxStream<'static, Result<Piece, ModelError>>;

    /// Gets ready for a reply that will be wanted soon: opens a connection, say.
    /// Cheap to repeat; failure is silent, because the reply will tell.
    async fn warm_up(&self) {}
}

/// A piece of a reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    Text(String),
    ToolCall(ToolCall),
    /// What the reply cost. Comes once per model that wrote, last.
    Usage(Usage),
}

/// The model asks for something to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToolCall {
    pub name: String,
    /// The arguments by name; one that is not a string is its JSON text.
    pub arguments: BTreeMap<String, String>,
}

/// What a reply cost, as far as the vendor says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    pub model: String,
    pub prompt_tokens: Option<u32>,
    /// Of the prompt's tokens, those the vendor had in its cache.
    pub cached_tokens: Option<u32>,
    pub reply_tokens: Option<u32>,
}

/// Why a reply did not come, or broke off.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// Ask another model now, or this one after the given time.
    #[error("the model is busy")]
    Busy {
        retry_after: Option<Duration>,
        #[source]
        cause: Cause,
    },
    /// Ask another model now; this one may work in the next turn.
    #[error("the model cannot be reached")]
    Unavailable(#[source] Cause),
    /// Ask another model; this one will refuse until somebody changes the configuration.
    #[error("the model refuses the request")]
    Refused(#[source] Cause),
    /// Ask another model: this one let its deadline pass.
    #[error("the model kept silent for {0:?}")]
    Late(Duration),
    /// Ask another model: this one had nothing to say.
    #[error("the model sent no words")]
    Empty,
}
