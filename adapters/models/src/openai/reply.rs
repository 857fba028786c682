//! One streamed reply: bytes become events, events become pieces.

use std::collections::{BTreeMap, VecDeque};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use reqwest::Response;
use serde_json::{Map, Value};
use tokio::time::{Sleep, sleep};
use tracing::debug;
use voicera::ports::language_model::{ModelError, Piece, ToolCall, Usage};

use super::aloud::Aloud;
use super::failure::{Endpoint, Failure};
use super::mould::Mould;
use super::wire::{CallDelta, Chunk, Delta, First, Text};
use crate::sse::{Decoder, Event};

/// The longest event in bytes, and the longest reply that is not streamed.
pub(super) const EVENT_BYTES: usize = 1 << 20;

/// How long usage and the end of the stream may take once the words are complete. The end lets
/// the connection be used again; the caller does not wait long for that.
const EPILOGUE: Duration = Duration::from_millis(250);

/// How many events in a row may be no JSON of ours before the vendor is given up.
const MALFORMED: u32 = 3;

/// The most calls a reply may ask for, and the longest arguments of one, in bytes.
const CALLS: usize = 16;
const ARGUMENT_BYTES: usize = 64 * 1024;

#[derive(Debug)]
pub(super) struct Reply {
    endpoint: Arc<Endpoint>,
    /// Nothing once the stream has ended.
    response: Option<Response>,
    input: Bytes,
    decoder: Decoder,
    mould: Mould,
    aloud: Aloud,
    calls: Vec<Call>,
    usage: Usage,
    malformed: u32,
    /// Something was said or called.
    spoke: bool,
    /// What was said last ends a sentence.
    rounded: bool,
    /// How long to wait for the end of the stream, once the vendor said that the reply is
    /// complete.
    epilogue: Option<Pin<Box<Sleep>>>,
    /// The usage has been told.
    told: bool,
    ready: VecDeque<Piece>,
}

/// A call whose arguments are still coming in.
#[derive(Debug, Default)]
struct Call {
    name: String,
    /// A JSON object, as the model wrote it.
    arguments: String,
}

impl Reply {
    /// The reply to a request, which goes on from `said`.
    pub(super) fn new(endpoint: Arc<Endpoint>, said: &str) -> Self {
        let usage = Usage {
            model: endpoint.model.clone(),
            ..Usage::default()
        };
        Self {
            endpoint,
            response: None,
            input: Bytes::new(),
            decoder: Decoder::new(EVENT_BYTES),
            mould: Mould::default(),
            aloud: Aloud::after(said),
            calls: Vec::new(),
            usage,
            malformed: 0,
            spoke: false,
            rounded: false,
            epilogue: None,
            told: false,
            ready: VecDeque::new(),
        }
    }

    /// Reads the reply from a stream of events.
    pub(super) fn streamed(mut self, response: Response) -> Self {
        self.response = Some(response);
        self
    }

    /// Reads the reply from a body that came whole.
    pub(super) fn whole(mut self, body: &[u8]) -> Result<Self, ModelError> {
        let chunk = serde_json::from_slice(body).map_err(|cause| self.malformed(cause))?;
        self.take(chunk)?;
        self.tell()?;
        Ok(self)
    }

    /// The next piece; nothing when the reply is complete.
    pub(super) fn poll_next(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Result<Option<Piece>, ModelError>> {
        loop {
            if let Some(piece) = self.ready.pop_front() {
                return Poll::Ready(Ok(Some(piece)));
            }
            if let Some(event) = self.decode()? {
                self.hear(&event)?;
            } else if let Some(input) = ready!(self.poll_read(cx))? {
                self.input = input;
            } else if let Some(event) = self.decoder.finish() {
                self.hear(&event)?;
            } else if self.told {
                return Poll::Ready(Ok(None));
            } else {
                self.end()?;
            }
        }
    }

    fn decode(&mut self) -> Result<Option<Event>, ModelError> {
        self.decoder.next(&mut self.input).map_err(|cause| {
            let base_url = self.endpoint.base_url.clone();
            Failure::TooLong { base_url, cause }.into()
        })
    }

    fn poll_read(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<Bytes>, ModelError>> {
        let Some(response) = &mut self.response else {
            return Poll::Ready(Ok(None));
        };
        // The future of a chunk holds nothing, so it need not be kept.
        let read = match (pin!(response.chunk()).poll(cx), &mut self.epilogue) {
            (Poll::Ready(read), None) => read.map_err(|cause| self.endpoint.transport(cause)),
            (Poll::Pending, None) => return Poll::Pending,
            // The reply is complete: whatever goes wrong now is no matter.
            (Poll::Ready(read), Some(_)) => Ok(read.ok().flatten()),
            (Poll::Pending, Some(epilogue)) => {
                ready!(epilogue.as_mut().poll(cx));
                Ok(None)
            }
        };
        if !matches!(read, Ok(Some(_))) {
            self.response = None;
        }
        Poll::Ready(read)
    }

    fn hear(&mut self, event: &Event) -> Result<(), ModelError> {
        if self.told {
            return Ok(());
        }
        let data = event.text();
        if let Some(words) = self.mould.words(&data) {
            self.malformed = 0;
            self.write(words);
            return Ok(());
        }
        if data.trim() == "[DONE]" {
            self.finish();
            return self.tell();
        }
        match serde_json::from_str::<Chunk<'_>>(&data) {
            Ok(chunk) => {
                self.malformed = 0;
                if let Some(words) = chunk.only_words() {
                    self.mould.form(&data, words);
                }
                self.take(chunk)
            }
            Err(cause) => {
                self.malformed += 1;
                if self.malformed >= MALFORMED {
                    return Err(self.malformed(cause));
                }
                debug!(error = %cause, bytes = data.len(), "skipped an event that is no part of a reply");
                Ok(())
            }
        }
    }

    fn take(&mut self, chunk: Chunk<'_>) -> Result<(), ModelError> {
        if let Some(error) = chunk.error {
            return Err(self.endpoint.error_event(&error));
        }
        if let Some(Text(model)) = chunk.model
            && !model.is_empty()
            && self.usage.model != model
        {
            self.usage.model = model.into_owned();
        }
        if let Some(usage) = chunk.usage.or(chunk.x_groq.and_then(|groq| groq.usage)) {
            self.usage.prompt_tokens = usage.prompt_tokens;
            self.usage.reply_tokens = usage.completion_tokens;
            self.usage.cached_tokens = usage.prompt_tokens_details.and_then(|d| d.cached_tokens);
        }
        let Some(First(Some(choice))) = chunk.choices else {
            return Ok(());
        };
        if let Some(Delta {
            content,
            tool_calls,
        }) = choice.delta.or(choice.message)
        {
            if let Some(Text(content)) = content {
                self.write(&content);
            }
            for call in tool_calls.into_iter().flatten() {
                self.call(call);
            }
        }
        if choice.finish_reason.is_some() {
            self.finish();
        }
        Ok(())
    }

    fn write(&mut self, words: &str) {
        let text = self.aloud.hear(words);
        self.say(text);
    }

    fn say(&mut self, text: String) {
        if text.is_empty() {
            return;
        }
        self.spoke = true;
        self.rounded = text
            .trim_end()
            .ends_with(['.', '!', '?', '…', '。', '！', '？']);
        self.ready.push_back(Piece::Text(text));
    }

    /// Adds a part of a call to the call it belongs to.
    fn call(&mut self, part: CallDelta) {
        let Some(function) = part.function else {
            return;
        };
        let known = self.calls.len();
        let at = match (part.index, &function.name) {
            (Some(index), _) => index,
            // Vendors that do not number the calls send each whole.
            (None, Some(_)) => known,
            (None, None) => known.saturating_sub(1),
        };
        if at == known && known < CALLS {
            self.calls.push(Call::default());
        }
        let Some(call) = self.calls.get_mut(at) else {
            return;
        };
        if let Some(name) = function.name.filter(|_| call.name.is_empty()) {
            call.name = name;
        }
        if let Some(arguments) = function.arguments
            && call.arguments.len() + arguments.len() <= ARGUMENT_BYTES
        {
            call.arguments.push_str(&arguments);
        }
    }

    /// The words are complete: what was held back for them goes out.
    fn finish(&mut self) {
        self.epilogue
            .get_or_insert_with(|| Box::pin(sleep(EPILOGUE)));
        let rest = self.aloud.rest();
        self.say(rest);
        for Call { name, arguments } in std::mem::take(&mut self.calls) {
            if name.is_empty() {
                continue;
            }
            let arguments = by_name(&arguments);
            self.spoke = true;
            self.ready
                .push_back(Piece::ToolCall(ToolCall { name, arguments }));
        }
    }

    /// Ends the reply, once, with what it cost.
    fn tell(&mut self) -> Result<(), ModelError> {
        if !self.spoke {
            return Err(ModelError::Empty);
        }
        self.told = true;
        self.ready
            .push_back(Piece::Usage(std::mem::take(&mut self.usage)));
        Ok(())
    }

    /// The stream ended, or what may come after the words did not come in time.
    fn end(&mut self) -> Result<(), ModelError> {
        // Some servers end without a word about it. A reply that breaks off in a sentence was cut.
        let cut = self.spoke && !self.rounded;
        if self.epilogue.is_none() && (cut || !self.calls.is_empty()) {
            let base_url = self.endpoint.base_url.clone();
            return Err(Failure::Incomplete { base_url }.into());
        }
        self.tell()
    }

    fn malformed(&self, cause: serde_json::Error) -> ModelError {
        let base_url = self.endpoint.base_url.clone();
        Failure::Malformed { base_url, cause }.into()
    }
}

/// The arguments of a call; none where the model wrote no JSON object.
fn by_name(arguments: &str) -> BTreeMap<String, String> {
    let arguments: Map<String, Value> = serde_json::from_str(arguments).unwrap_or_default();
    let plain = |value| match value {
        Value::String(text) => text,
        other => other.to_string(),
    };
    let arguments = arguments.into_iter();
    arguments
        .map(|(name, value)| (name, plain(value)))
        .collect()
}
