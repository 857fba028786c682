//! The search or the reply that a call is waiting for.

use std::sync::Arc;

use futures_util::StreamExt as _;
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use tracing::warn;

use crate::ports::language_model::{ModelError, Piece};
use crate::ports::retriever::{Findings, Query};
use crate::ports::{Retriever, chain};
use crate::session::Event;
use crate::words::Turn;

/// At most one thing at a time; replacing it cancels it.
pub(super) enum Work {
    Idle,
    Seek(Turn, BoxFuture<'static, Option<Findings>>),
    Write(Turn, BoxStream<'static, Result<Piece, ModelError>>),
}

impl Work {
    pub(super) fn seek(turn: Turn, retriever: Arc<dyn Retriever>, query: Query) -> Self {
        let search = async move {
            match retriever.retrieve(&query).await {
                Ok(findings) => Some(findings),
                Err(error) => {
                    warn!(turn.id = %turn, error = %chain(&error), "the turn goes on without knowledge");
                    None
                }
            }
        };
        Self::Seek(turn, Box::pin(search))
    }

    pub(super) fn write(turn: Turn, reply: BoxStream<'static, Result<Piece, ModelError>>) -> Self {
        Self::Write(turn, reply)
    }

    pub(super) fn is_busy(&self) -> bool {
        !matches!(self, Self::Idle)
    }

    /// What comes next of it. Dropping the future loses nothing.
    pub(super) async fn next(&mut self) -> Event {
        let event = match self {
            Self::Idle => std::future::pending().await,
            Self::Seek(turn, search) => Event::Retrieved(*turn, search.await),
            Self::Write(turn, reply) => match reply.next().await {
                Some(Ok(piece)) => return Event::Wrote(*turn, piece),
                Some(Err(error)) => {
                    warn!(turn.id = %turn, error = %chain(&error), "the reply broke off");
                    Event::Broke(*turn)
                }
                None => Event::Written(*turn),
            },
        };
        *self = Self::Idle;
        event
    }
}
