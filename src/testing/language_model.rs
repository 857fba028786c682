//! The contract of [`LanguageModel`] as a suite, and a fake.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use futures_util::StreamExt as _;
use futures_util::stream::BoxStream;

use crate::ports::LanguageModel;
use crate::ports::language_model::{ModelError, Piece, Usage};
use crate::prompt::Prompt;
use crate::words::Language;

/// A prompt that asks one thing and nothing else.
pub fn prompt(utterance: &str) -> Prompt {
    Prompt {
        instructions: "Answer in one sentence.".into(),
        briefing: "".into(),
        history: Vec::new(),
        passages: Vec::new(),
        utterance: utterance.to_owned(),
        language: Language::default(),
        said: String::new(),
        tools: Arc::from([]),
    }
}

/// Lets a healthy model write a reply and holds it against the contract; answers the reply.
///
/// # Panics
///
/// When the contract is broken; the message says where.
pub async fn conforms(model: &dyn LanguageModel, prompt: Prompt) -> String {
    model.warm_up().await;
    is_lazy(model, &prompt);
    let mut reply = model.reply(prompt);
    let (mut text, mut acts, mut usages) = (String::new(), 0, Vec::new());
    while let Some(piece) = reply.next().await {
        match piece {
            Ok(Piece::Text(piece)) => {
                assert!(!piece.is_empty(), "an empty text piece after {text:?}");
                assert!(usages.is_empty(), "text after the usage: {piece:?}");
                text.push_str(&piece);
            }
            Ok(Piece::ToolCall(call)) => {
                assert!(!call.name.is_empty(), "a tool call without a name");
                acts += 1;
            }
            Ok(Piece::Usage(usage)) => usages.push(usage),
            Err(error) => panic!("a healthy model fails: {error:?}"),
        }
    }
    assert!(
        !text.trim().is_empty() || acts > 0,
        "the reply ended without words and without an error"
    );
    assert_eq!(usages.len(), 1, "a model tells its usage once: {usages:?}");
    assert!(!usages[0].model.is_empty(), "the usage names no model");
    text
}

/// Asks for a reply where there is no runtime: whoever began to work there would panic.
fn is_lazy(model: &dyn LanguageModel, prompt: &Prompt) {
    let asking = || drop(model.reply(prompt.clone()));
    let asked = std::thread::scope(|scope| scope.spawn(asking).join());
    assert!(asked.is_ok(), "`reply` works before the stream is polled");
}

/// Drops a reply of a healthy model after its first piece: the next one has to be whole. Answers
/// that one. Whether the vendor stopped too is for the adapter's own tests to see.
///
/// # Panics
///
/// When the contract is broken; the message says where.
pub async fn may_be_dropped(model: &dyn LanguageModel, prompt: Prompt) -> String {
    let mut reply = model.reply(prompt.clone());
    let first = reply.next().await;
    assert!(matches!(first, Some(Ok(_))), "no first piece: {first:?}");
    drop(reply);
    conforms(model, prompt).await
}

/// Holds a failing model against the contract: one error, and nothing after it. Answers the
/// text before the error, and the error.
///
/// # Panics
///
/// When there is no error, or something after it.
pub async fn fails(model: &dyn LanguageModel, prompt: Prompt) -> (String, ModelError) {
    let mut reply = model.reply(prompt);
    let mut text = String::new();
    while let Some(piece) = reply.next().await {
        match piece {
            Ok(Piece::Text(piece)) => text.push_str(&piece),
            Ok(Piece::ToolCall(_) | Piece::Usage(_)) => {}
            Err(error) => {
                assert!(
                    reply.next().await.is_none(),
                    "something follows the error {error:?}"
                );
                return (text, error);
            }
        }
    }
    panic!("no error, but the reply {text:?}");
}

/// One step of a scripted reply.
#[derive(Clone, Debug)]
pub enum Step {
    Text(&'static str),
    Call(crate::ports::language_model::ToolCall),
    Pause(Duration),
    /// Ends the reply with an error.
    Fail,
    /// Says nothing more, ever.
    Hang,
}

/// Replies by script, one script a reply; the last one is used again and again.
#[derive(Clone, Debug)]
pub struct Scripted {
    name: &'static str,
    scripts: Arc<Mutex<VecDeque<Vec<Step>>>>,
    prompts: Arc<Mutex<Vec<Prompt>>>,
    open: Arc<AtomicUsize>,
}

impl Scripted {
    pub fn new(name: &'static str, scripts: impl IntoIterator<Item = Vec<Step>>) -> Self {
        Self {
            name,
            scripts: Arc::new(Mutex::new(scripts.into_iter().collect())),
            prompts: Arc::default(),
            open: Arc::default(),
        }
    }

    /// The prompts it was given so far.
    ///
    /// # Panics
    ///
    /// When another thread panicked in the fake.
    pub fn prompts(&self) -> Vec<Prompt> {
        self.prompts.lock().unwrap().clone()
    }

    /// How many replies are being written: begun, neither ended nor dropped.
    pub fn open(&self) -> usize {
        self.open.load(Ordering::SeqCst)
    }
}

/// Counts itself while it lives.
struct Open(Arc<AtomicUsize>);

impl Open {
    fn begin(count: &Arc<AtomicUsize>) -> Self {
        count.fetch_add(1, Ordering::SeqCst);
        Self(Arc::clone(count))
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

#[async_trait]
impl LanguageModel for Scripted {
    fn reply(&self, prompt: Prompt) -> BoxStream<'static, Result<Piece, ModelError>> {
        let this = self.clone();
        let begin = async move {
            this.prompts.lock().unwrap().push(prompt);
            let mut scripts = this.scripts.lock().unwrap();
            let script = match scripts.len() {
                0 | 1 => scripts.front().cloned().unwrap_or_default(),
                _ => scripts.pop_front().unwrap_or_default(),
            };
            let steps = script.into_iter();
            perform(this.name, steps, Open::begin(&this.open))
        };
        Box::pin(futures_util::stream::once(begin).flatten())
    }
}

fn perform(
    name: &'static str,
    steps: std::vec::IntoIter<Step>,
    open: Open,
) -> impl futures_util::Stream<Item = Result<Piece, ModelError>> {
    futures_util::stream::unfold(Some((steps, open)), move |state| async move {
        let (mut steps, open) = state?;
        loop {
            match steps.next() {
                Some(Step::Text(text)) => {
                    let piece = Ok(Piece::Text(text.to_owned()));
                    return Some((piece, Some((steps, open))));
                }
                Some(Step::Call(call)) => {
                    return Some((Ok(Piece::ToolCall(call)), Some((steps, open))));
                }
                Some(Step::Pause(time)) => tokio::time::sleep(time).await,
                Some(Step::Fail) => {
                    let cause = "the script says so".into();
                    return Some((Err(ModelError::Unavailable(cause)), None));
                }
                Some(Step::Hang) => std::future::pending::<()>().await,
                None => {
                    let usage = Usage {
                        model: name.to_owned(),
                        ..Usage::default()
                    };
                    return Some((Ok(Piece::Usage(usage)), None));
                }
            }
        }
    })
}
