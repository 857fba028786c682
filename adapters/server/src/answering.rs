//! Asks the agent one question outside a call, and measures what a turn would cost.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use voicera::ports::language_model::{ModelError, Piece, Usage};
use voicera::ports::retriever::{Findings, Query, RetrieveError};
use voicera::ports::{LanguageModel, Retriever};
use voicera::profile::Profile;
use voicera::prompt::{Prompt, Role};
use voicera::words::{Line, Speaker};
use voicera_retrievers::tokens;

use crate::config::Price;

/// Who is asked.
#[derive(Debug)]
pub struct Agent {
    profile: Profile,
    briefing: Arc<str>,
    retriever: Arc<dyn Retriever>,
    model: Arc<dyn LanguageModel>,
}

/// What a question found, before anybody answers it.
#[derive(Debug)]
pub struct Found {
    pub findings: Findings,
    pub took: Duration,
    /// What the model is given.
    pub prompt: Prompt,
    pub size: Size,
}

/// How long a prompt is, in tokens, estimated from above.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Size {
    /// The same in every turn, so that a vendor can have it in its cache.
    pub stable: usize,
    /// New in this turn.
    pub volatile: usize,
}

/// How a question was answered.
#[derive(Debug, Default)]
pub struct Answer {
    /// As it was written; what was written before it broke off where `broke` says why.
    pub said: String,
    pub usage: Vec<Usage>,
    /// From what was found to the first text.
    pub first_text: Option<Duration>,
    /// From what was found to the end.
    pub whole: Duration,
    pub broke: Option<ModelError>,
}

impl Agent {
    pub fn new(
        profile: Profile,
        retriever: Arc<dyn Retriever>,
        model: Arc<dyn LanguageModel>,
    ) -> Self {
        Self {
            profile,
            briefing: retriever.briefing().into(),
            retriever,
            model,
        }
    }

    /// What the agent says where the documents have no answer.
    pub fn fallback(&self) -> &str {
        &self.profile.lines.fallback
    }

    /// Looks for what answers the question, after what was asked `earlier`, oldest first.
    ///
    /// # Errors
    ///
    /// Those of the retriever.
    pub async fn find(&self, question: &str, earlier: &[String]) -> Result<Found, RetrieveError> {
        let query = Query {
            utterance: question.to_owned(),
            earlier: earlier.to_vec(),
            language: self.profile.language.clone(),
            limit: self.profile.bounds.passages,
        };
        let begun = Instant::now();
        let findings = self.retriever.retrieve(&query).await?;
        let took = begun.elapsed();
        let prompt = Prompt {
            instructions: Arc::clone(&self.profile.instructions),
            briefing: Arc::clone(&self.briefing),
            history: earlier.iter().map(|said| asked(said)).collect(),
            passages: findings.passages.clone(),
            utterance: query.utterance,
            language: query.language,
            said: String::new(),
            tools: Arc::from([]),
        };
        let size = size(&prompt);
        Ok(Found {
            findings,
            took,
            prompt,
            size,
        })
    }

    /// Answers from what was found; `told` hears every piece of text as it comes.
    pub async fn answer(&self, found: &Found, mut told: impl FnMut(&str)) -> Answer {
        let begun = Instant::now();
        let mut answer = Answer::default();
        let mut reply = self.model.reply(found.prompt.clone());
        while let Some(piece) = reply.next().await {
            match piece {
                Ok(Piece::Text(text)) => {
                    answer.first_text.get_or_insert_with(|| begun.elapsed());
                    told(&text);
                    answer.said.push_str(&text);
                }
                Ok(Piece::Usage(usage)) => answer.usage.push(usage),
                Ok(Piece::ToolCall(_)) => {}
                Err(error) => answer.broke = Some(error),
            }
        }
        answer.whole = begun.elapsed();
        answer
    }
}

impl Size {
    /// What such a prompt costs, and a reply of so many tokens.
    pub fn cost(self, reply: usize, price: &Price) -> f64 {
        let cached = price.cached_input.unwrap_or(price.input);
        let cost = self.stable as f64 * cached
            + self.volatile as f64 * price.input
            + reply as f64 * price.output;
        cost / 1_000_000.0
    }
}

fn asked(said: &str) -> Line {
    Line {
        speaker: Speaker::Caller,
        text: said.into(),
        cut_off: false,
    }
}

fn size(prompt: &Prompt) -> Size {
    let mut size = Size::default();
    for message in prompt.messages() {
        let tokens = tokens::estimate(&message.text);
        match message.role {
            Role::System => size.stable += tokens,
            Role::User | Role::Assistant => size.volatile += tokens,
        }
    }
    size
}
