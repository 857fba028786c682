//! Asks a model about calls that the operators have looked at. Which calls are to be asked about
//! waits in the archive's outbox, like everything that leaves: a killed server forgets none.

use std::sync::Arc;
use std::time::SystemTime;

use async_trait::async_trait;
use futures_util::StreamExt as _;
use tokio::task::spawn_blocking;
use voicera::insight::{Analysis, Origin, asked};
use voicera::ports::language_model::{ModelError, Piece};
use voicera::ports::transcript_sink::SinkError;
use voicera::ports::{Archive, LanguageModel, TranscriptSink};
use voicera::prompt::Prompt;
use voicera_transcripts::delivery::{Courier, SendError};
use voicera_transcripts::outbox::{Parcel, Subject};

use crate::config::{Config, Kind, Model};

/// The longest answer that is read, in bytes.
const LONGEST_ANSWER: usize = 64 * 1024;

/// How often a call is tried before an answer that is not as asked is the last: each costs tokens,
/// and a model that does not understand the question will not learn to.
const TRIES: u32 = 5;

/// The model that is asked, where one is.
pub fn model(config: &Config) -> Option<&Model> {
    let mut models = config.models.iter();
    let first = models.find(|model| matches!(model.kind, Kind::Vendor(..)));
    first.filter(|_| config.insight.ask_model)
}

/// Brings finished calls to a model, and what it finds to the archive.
#[derive(Debug)]
pub struct Asker {
    pub archive: Arc<dyn Archive>,
    pub sink: Arc<dyn TranscriptSink>,
    pub model: Arc<dyn LanguageModel>,
}

#[async_trait]
impl Courier for Asker {
    async fn send(&self, parcel: &Parcel) -> Result<(), SendError> {
        // What is found out later is no question, least of all what this model has found out.
        let Subject::Finished { call } = &parcel.subject else {
            return Ok(());
        };
        // Before the call is read: it may go on and end again while the model answers.
        let at = SystemTime::now();
        let kept = self.archive.call(call).await;
        let kept = kept.map_err(|error| SendError::Unavailable(error.into()))?;
        // Deleted meanwhile: there is nothing to ask about.
        let Some(kept) = kept else {
            return Ok(());
        };
        let is_answer = |analysis: &Analysis| {
            matches!(analysis.origin, Origin::Model(_)) && analysis.at >= parcel.written
        };
        if kept.analyses.iter().any(is_answer) {
            return Ok(());
        }
        let Some(question) = asked::request(&kept.entries) else {
            return Ok(());
        };
        let (answer, model) = self.read(question).await.map_err(no_answer)?;
        // Milliseconds of work after a long call, which no call should wait for.
        let insights = spawn_blocking(move || asked::answer(&answer, &kept.entries)).await;
        let insights = insights.map_err(|error| SendError::Unavailable(error.into()))?;
        let Some(insights) = insights else {
            return Err(odd_answer(parcel.attempts));
        };
        let analysis = Analysis {
            origin: Origin::Model(model),
            at,
            insights,
        };
        let concluded = self.sink.conclude(call, &analysis).await;
        concluded.map_err(|error| match error {
            SinkError::Unavailable(_) => SendError::Unavailable(error.into()),
            SinkError::Refused(_) => SendError::Refused(error.into()),
        })
    }
}

impl Asker {
    /// The answer, as much of it as is read, and who wrote it.
    async fn read(&self, prompt: Prompt) -> Result<(String, String), ModelError> {
        let mut answer = String::new();
        let mut model = String::new();
        let mut reply = self.model.reply(prompt);
        while let Some(piece) = reply.next().await {
            match piece? {
                Piece::Text(text) if answer.len() + text.len() <= LONGEST_ANSWER => {
                    answer.push_str(&text);
                }
                Piece::Text(_) => break,
                Piece::Usage(usage) => model = usage.model,
                Piece::ToolCall(_) => {}
            }
        }
        Ok((answer, model))
    }
}

fn no_answer(error: ModelError) -> SendError {
    match error {
        ModelError::Busy { retry_after, .. } => SendError::Busy {
            retry_after,
            cause: error.into(),
        },
        // A key is set right, a quota is filled again.
        ModelError::Refused(_)
        | ModelError::Unavailable(_)
        | ModelError::Late(_)
        | ModelError::Empty => SendError::Unavailable(error.into()),
    }
}

fn odd_answer(tries_before: u32) -> SendError {
    let cause = "the model does not answer as it is asked to; put another one first in [[models]], \
                 or set insight.ask_model = false";
    match tries_before + 1 < TRIES {
        true => SendError::Unavailable(cause.into()),
        false => SendError::Refused(cause.into()),
    }
}

#[cfg(test)]
mod tests;
