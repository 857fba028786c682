//! Models in order of preference: when one fails, the next takes the turn.

use std::collections::VecDeque;
use std::error::Error;
use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use async_trait::async_trait;
use futures_util::stream::BoxStream;
use futures_util::{FutureExt as _, Stream, StreamExt as _};
use tokio::time::{Instant, Sleep, sleep, sleep_until};
use tracing::warn;
use voicera::ports::LanguageModel;
use voicera::ports::language_model::{ModelError, Piece, Usage};
use voicera::prompt::Prompt;
use voicera::speech::is_speakable;

/// Asks the first model that is well, and the next when it fails, is late or says nothing. What
/// was said already is not said again: the next model goes on from there.
#[derive(Debug)]
pub struct Fallback {
    models: Arc<[Member]>,
    rest: Duration,
}

/// A model, and how patient to be with it.
#[derive(Clone, Debug)]
pub struct Ranked {
    /// What the log calls it.
    pub name: String,
    pub model: Arc<dyn LanguageModel>,
    /// From the question to the first word or tool call.
    pub first_word: Duration,
    /// From one word to the next.
    pub next_word: Duration,
}

/// How long a model that refused is usually left alone.
pub const REST: Duration = Duration::from_secs(30);

#[derive(Debug)]
struct Member {
    ranked: Ranked,
    /// When to ask again a model that refused; the others do not pay for finding out.
    rests_until: Mutex<Option<Instant>>,
}

/// Every model refused a short while ago; the log said why.
#[derive(Debug, thiserror::Error)]
#[error("no model is left to ask: each has refused within the last {0:?}")]
struct NoneLeft(Duration);

impl Fallback {
    /// Models in order of preference; one that refuses is left alone for `rest`.
    pub fn new(models: Vec<Ranked>, rest: Duration) -> Self {
        let member = |ranked| Member {
            ranked,
            rests_until: Mutex::default(),
        };
        Self {
            models: models.into_iter().map(member).collect(),
            rest,
        }
    }
}

#[async_trait]
impl LanguageModel for Fallback {
    fn reply(&self, prompt: Prompt) -> BoxStream<'static, Result<Piece, ModelError>> {
        Box::pin(Turn {
            models: Arc::clone(&self.models),
            rest: self.rest,
            prompt,
            next: 0,
            asked: None,
            usages: VecDeque::new(),
            state: State::Speaking,
        })
    }

    async fn warm_up(&self) {
        let now = Instant::now();
        if let Some(member) = self.models.iter().find(|member| member.is_well(now)) {
            member.ranked.model.warm_up().await;
        }
    }
}

impl Member {
    fn is_well(&self, now: Instant) -> bool {
        let until = self
            .rests_until
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        until.is_none_or(|until| until <= now)
    }

    /// Leaves the model alone; false when another turn saw to that already.
    fn lay_to_rest(&self, now: Instant, rest: Duration) -> bool {
        let mut until = self
            .rests_until
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let news = until.is_none_or(|until| until <= now);
        *until = Some(now + rest);
        news
    }
}

/// One reply, by as many models as it takes.
struct Turn {
    models: Arc<[Member]>,
    rest: Duration,
    prompt: Prompt,
    /// The model to ask when the one that is asked fails.
    next: usize,
    asked: Option<Asked>,
    /// Told in the end, because no text may follow them.
    usages: VecDeque<Usage>,
    state: State,
}

enum State {
    Speaking,
    /// No more words: the usages, then the error if there is one.
    Ending(Option<ModelError>),
    Over,
}

/// A model that is writing.
struct Asked {
    at: usize,
    reply: BoxStream<'static, Result<Piece, ModelError>>,
    /// When its next word is late, and how long that was waited for.
    deadline: Instant,
    patience: Duration,
    next_word: Duration,
    /// Rings at the deadline or before: moving it for every word would cost more than a ring too
    /// many.
    alarm: Pin<Box<Sleep>>,
    wrote: bool,
    called: bool,
    told_usage: bool,
    asked_again: bool,
    /// Its words come after words of another model.
    joins: bool,
}

impl Asked {
    /// The next piece, or that it is late.
    fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Piece, ModelError>>> {
        loop {
            if let Poll::Ready(piece) = self.reply.poll_next_unpin(cx) {
                return Poll::Ready(piece);
            }
            ready!(self.alarm.as_mut().poll(cx));
            if Instant::now() >= self.deadline {
                return Poll::Ready(Some(Err(ModelError::Late(self.patience))));
            }
            self.alarm.as_mut().reset(self.deadline);
        }
    }

    /// Takes note of a piece that goes out after what was `said`.
    fn hand_on(&mut self, mut piece: Piece, said: &mut String) -> Piece {
        let is_word = match &mut piece {
            Piece::Text(text) => {
                if std::mem::take(&mut self.joins) && runs_together(said, text) {
                    text.insert(0, ' ');
                }
                said.push_str(text);
                !text.chars().all(char::is_whitespace)
            }
            Piece::ToolCall(_) => {
                self.called = true;
                true
            }
            Piece::Usage(_) => false,
        };
        // Only words keep a model from being late.
        if is_word {
            self.patience = self.next_word;
            self.deadline = Instant::now() + self.patience;
        }
        self.wrote = true;
        piece
    }
}

impl Stream for Turn {
    type Item = Result<Piece, ModelError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let turn = &mut *self;
        loop {
            match &mut turn.state {
                State::Speaking => {}
                State::Ending(error) => {
                    if let Some(usage) = turn.usages.pop_front() {
                        return Poll::Ready(Some(Ok(Piece::Usage(usage))));
                    }
                    let error = error.take();
                    turn.state = State::Over;
                    return Poll::Ready(error.map(Err));
                }
                State::Over => return Poll::Ready(None),
            }
            let Some(asked) = &mut turn.asked else {
                turn.asked = turn.ask();
                if turn.asked.is_none() {
                    let error = ModelError::Refused(NoneLeft(turn.rest).into());
                    turn.state = State::Ending(Some(error));
                }
                continue;
            };
            match ready!(asked.poll_next(cx)) {
                Some(Ok(Piece::Usage(usage))) => {
                    asked.told_usage = true;
                    turn.usages.push_back(usage);
                }
                Some(Ok(piece)) => {
                    let piece = asked.hand_on(piece, &mut turn.prompt.said);
                    return Poll::Ready(Some(Ok(piece)));
                }
                Some(Err(error)) => turn.fail(error),
                // Marks and pictures are no words: the caller would hear nothing.
                None if !asked.called && !is_speakable(&turn.prompt.said) => {
                    turn.prompt.said.clear();
                    turn.fail(ModelError::Empty);
                }
                None => {
                    turn.asked = None;
                    turn.state = State::Ending(None);
                }
            }
        }
    }
}

impl Turn {
    /// Asks the next model that is well.
    fn ask(&mut self) -> Option<Asked> {
        let now = Instant::now();
        let at = self.well_from(self.next, now)?;
        let ranked = &self.models.get(at)?.ranked;
        self.next = at + 1;
        Some(Asked {
            at,
            reply: ranked.model.reply(self.prompt.clone()),
            deadline: now + ranked.first_word,
            patience: ranked.first_word,
            next_word: ranked.next_word,
            alarm: Box::pin(sleep_until(now + ranked.first_word)),
            wrote: false,
            called: false,
            told_usage: false,
            asked_again: false,
            joins: !self.prompt.said.is_empty(),
        })
    }

    fn well_from(&self, at: usize, now: Instant) -> Option<usize> {
        let mut models = self.models.iter().enumerate().skip(at);
        models
            .find(|(_, member)| member.is_well(now))
            .map(|(at, _)| at)
    }

    /// Sees to it that somebody goes on, or that the reply ends.
    fn fail(&mut self, error: ModelError) {
        let now = Instant::now();
        let models = Arc::clone(&self.models);
        let Some(mut asked) = self.asked.take() else {
            return;
        };
        let Some(Member { ranked, .. }) = models.get(asked.at) else {
            return;
        };
        let last = self.well_from(self.next, now).is_none();
        if let Some(wait) = worth_waiting_for(&error, &asked, now).filter(|_| last) {
            warn!(
                model.name = ranked.name,
                wait_ms = wait.as_millis(),
                "the model is busy and is asked once more"
            );
            let reply = ranked.model.reply(self.prompt.clone());
            asked.reply = Box::pin(sleep(wait).map(|()| reply).flatten_stream());
            asked.asked_again = true;
            asked.joins = !self.prompt.said.is_empty();
            self.asked = Some(asked);
            return;
        }
        let news = match error {
            ModelError::Refused(_) => self.lay_to_rest(&asked, now),
            ModelError::Busy { .. }
            | ModelError::Unavailable(_)
            | ModelError::Late(_)
            | ModelError::Empty => true,
        };
        // The last error is for who asked.
        if news && !last {
            warn!(model.name = ranked.name, error = %Chain(&error), "the model failed, the next one is asked");
        }
        if asked.wrote && !asked.told_usage {
            self.usages.push_back(Usage {
                model: ranked.name.clone(),
                ..Usage::default()
            });
        }
        let empty = matches!(error, ModelError::Empty);
        let complete = if empty { asked.joins } else { asked.told_usage };
        // What was called for is being done; another model would call for it again.
        if asked.called || complete {
            self.state = State::Ending(None);
        } else if last {
            self.state = State::Ending(Some(error));
        }
    }

    /// Leaves a model alone that refused; false when another turn saw to that already.
    fn lay_to_rest(&self, asked: &Asked, now: Instant) -> bool {
        let member = self.models.get(asked.at);
        member.is_some_and(|member| member.lay_to_rest(now, self.rest))
    }
}

/// How long to wait for a busy model, when that leaves it time for its next word. Once only.
fn worth_waiting_for(error: &ModelError, asked: &Asked, now: Instant) -> Option<Duration> {
    match error {
        ModelError::Busy { retry_after, .. } if !asked.asked_again && !asked.called => {
            // The vendor may name any time at all, also one that no clock can hold.
            retry_after.filter(|&wait| wait < asked.deadline.saturating_duration_since(now))
        }
        ModelError::Busy { .. }
        | ModelError::Unavailable(_)
        | ModelError::Refused(_)
        | ModelError::Late(_)
        | ModelError::Empty => None,
    }
}

/// Whether a word would grow onto the word before it.
fn runs_together(said: &str, text: &str) -> bool {
    let ends = said.chars().next_back().is_some_and(|c| !c.is_whitespace());
    ends && text.chars().next().is_some_and(char::is_alphanumeric)
}

/// An error with its causes.
struct Chain<'a>(&'a dyn Error);

impl fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        let mut cause = self.0.source();
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
