//! What goes wrong at a Qdrant server, as a message that names the setting to mend.

use std::time::Duration;

use ::qdrant_client::QdrantError;
use tonic::{Code, Status};
use voicera::ports::Cause;

use super::settings::Settings;
use crate::index::IndexError;
use crate::search::SearchError;

#[derive(Debug, thiserror::Error)]
pub(super) enum Fault {
    #[error("qdrant cannot be reached at {url}; start it, or mend `retriever.qdrant.url`")]
    Down {
        url: String,
        #[source]
        cause: Cause,
    },
    #[error(
        "qdrant at {url} did not answer in {limit:?}; \
         raise `retriever.qdrant.{setting}`, or see what keeps it busy"
    )]
    Slow {
        url: String,
        limit: Duration,
        setting: &'static str,
    },
    #[error(
        "qdrant at {url} does not accept the key; \
         put a valid one into the environment variable {key}"
    )]
    Key { url: String, key: String },
    #[error(
        "qdrant at {url} wants a key; \
         name the environment variable that holds it as `retriever.qdrant.key`"
    )]
    NoKey { url: String },
    #[error("the key in the environment variable {key} has characters that no key has; mend it")]
    KeyShape { key: String },
    #[error("`retriever.qdrant.url` is not an address of a server: {url:?}")]
    Url {
        url: String,
        #[source]
        cause: Cause,
    },
    #[error(
        "qdrant at {url} has no collection {collection:?}; \
         run `voicera index`, or mend `retriever.qdrant.collection`"
    )]
    Missing { url: String, collection: String },
    #[error(
        "collection {collection:?} has nothing of agent {agent:?}; \
         run `voicera index`, or mend `retriever.qdrant.agent`"
    )]
    Empty { collection: String, agent: String },
    #[error("collection {collection:?} does not take vectors of this model; run `voicera index`")]
    Dimension {
        collection: String,
        #[source]
        cause: Cause,
    },
    #[error(
        "agent {agent:?} has vectors of another length in the same collection; \
         give this agent a `retriever.qdrant.collection` of its own"
    )]
    Shared { agent: String },
    #[error(
        "a collection has the name {collection:?}, which is wanted for an alias; \
         choose another `retriever.qdrant.collection`"
    )]
    Taken { collection: String },
    #[error("collection {collection:?} is there already")]
    Exists { collection: String },
    #[error("chunk {chunk} has no vector; qdrant needs an embedding model")]
    NoVector { chunk: String },
    #[error("collection {collection:?} was written by somebody else, or lacks {field:?}")]
    Payload {
        collection: String,
        field: &'static str,
    },
    #[error("qdrant at {url} cannot index collection {collection:?}")]
    Optimizer {
        url: String,
        collection: String,
        #[source]
        cause: Cause,
    },
    #[error("qdrant at {url} is too busy")]
    Busy {
        url: String,
        #[source]
        cause: Cause,
    },
    #[error("qdrant at {url} refuses a request")]
    Refused {
        url: String,
        #[source]
        cause: Cause,
    },
    #[error("no thread can be started to talk to qdrant")]
    Runtime(#[source] std::io::Error),
}

/// What the server said, without what surrounded it.
#[derive(Debug, thiserror::Error)]
#[error("{code:?}: {message}")]
struct Said {
    code: Code,
    message: String,
}

impl Fault {
    /// What an answer about a collection means.
    pub(super) fn of(error: QdrantError, settings: &Settings, collection: &str) -> Self {
        let url = settings.url.clone();
        match error {
            QdrantError::ResponseError { status }
            | QdrantError::ResourceExhaustedError { status, .. } => {
                Self::of_status(&status, settings, collection)
            }
            error @ QdrantError::InvalidUri(_) => Self::Url {
                url,
                cause: error.into(),
            },
            error => Self::Refused {
                url,
                cause: error.into(),
            },
        }
    }

    fn of_status(status: &Status, settings: &Settings, collection: &str) -> Self {
        let url = settings.url.clone();
        let collection = collection.to_owned();
        let said = status.message();
        let cause = Box::new(Said {
            code: status.code(),
            message: said.to_owned(),
        });
        match status.code() {
            Code::Unauthenticated | Code::PermissionDenied => match &settings.key {
                Some(key) => Self::Key {
                    url,
                    key: key.clone(),
                },
                None => Self::NoKey { url },
            },
            Code::NotFound => Self::Missing { url, collection },
            Code::AlreadyExists => Self::Exists { collection },
            Code::InvalidArgument if said.contains("already exists") => Self::Exists { collection },
            Code::InvalidArgument if said.contains("dimension error") => {
                Self::Dimension { collection, cause }
            }
            // The client reports a connection that it cannot make as its own inner failure: it
            // could not connect, or not create what TLS needs.
            Code::Internal if said.starts_with("Failed to c") => Self::Down { url, cause },
            // A connection that breaks before the answer.
            Code::Unavailable | Code::Unknown | Code::Cancelled => Self::Down { url, cause },
            Code::ResourceExhausted | Code::Aborted | Code::DeadlineExceeded => {
                Self::Busy { url, cause }
            }
            _ => Self::Refused { url, cause },
        }
    }

    /// Whether asking again at once may help.
    pub(super) fn passes(&self) -> bool {
        matches!(self, Self::Down { .. } | Self::Busy { .. })
    }

    fn is_elsewhere(&self) -> bool {
        self.passes()
            || matches!(
                self,
                Self::Slow { .. }
                    | Self::Key { .. }
                    | Self::NoKey { .. }
                    | Self::KeyShape { .. }
                    | Self::Url { .. }
                    | Self::Missing { .. }
                    | Self::Empty { .. }
                    | Self::Runtime(_)
            )
    }
}

impl From<Fault> for SearchError {
    fn from(fault: Fault) -> Self {
        match fault.passes() || matches!(fault, Fault::Slow { .. }) {
            true => Self::Unavailable(Box::new(fault)),
            false => Self::Broken(Box::new(fault)),
        }
    }
}

impl From<Fault> for IndexError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Payload { .. } => Self::Corrupt(Box::new(fault)),
            fault if fault.is_elsewhere() => Self::Unavailable(Box::new(fault)),
            fault => Self::Write(Box::new(fault)),
        }
    }
}
