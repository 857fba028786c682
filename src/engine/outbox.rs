//! What waits to be handed to the transport, bounded in length and in patience.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures_util::Sink;
use tokio::time::Instant;

use super::now;
use crate::transport::{Output, Say};

/// Outputs in order. A line that takes nothing does not hold up the call: it is given up.
pub(super) struct Outbox {
    waiting: VecDeque<Output>,
    /// Something was handed over and not flushed.
    handed: bool,
    /// Since when the line has taken nothing, while something waits.
    since: Option<Instant>,
    most: usize,
    patience: Duration,
}

impl Outbox {
    pub(super) fn new(most: usize, patience: Duration) -> Self {
        Self {
            waiting: VecDeque::new(),
            handed: false,
            since: None,
            most,
            patience,
        }
    }

    pub(super) fn put(&mut self, output: Output, now: Instant) {
        if let (Output::Say(say), Some(Output::Say(last))) = (&output, self.waiting.back_mut())
            && joins(say, last)
        {
            return last.text.push_str(&say.text);
        }
        if let Output::Abandon(turn) = &output {
            let is_of_it =
                |output: &Output| matches!(output, Output::Say(say) if say.turn == *turn);
            self.waiting.retain(|output| !is_of_it(output));
        }
        self.waiting.push_back(output);
        self.since.get_or_insert(now);
    }

    pub(super) fn has_mail(&self) -> bool {
        self.handed || !self.waiting.is_empty()
    }

    /// When a line that takes nothing is given up.
    pub(super) fn deadline(&self) -> Option<Instant> {
        self.since.map(|since| since + self.patience)
    }

    /// Why the line is given up, if it is.
    pub(super) fn trouble(&self, now: Instant) -> Option<String> {
        if self.waiting.len() > self.most {
            return Some(format!(
                "{} outputs wait for a slow line",
                self.waiting.len()
            ));
        }
        let late = self.deadline().is_some_and(|deadline| now >= deadline);
        late.then(|| format!("the line took nothing for {:?}", self.patience))
    }

    /// Hands over what waits, whenever the line takes it; ends when the line is broken, and says
    /// why. Dropping the future loses nothing.
    pub(super) async fn send_all<O>(&mut self, line: Pin<&mut O>) -> String
    where
        O: Sink<Output>,
        O::Error: std::fmt::Display,
    {
        match self.send(line).await {
            Ok(()) => std::future::pending().await,
            Err(why) => why,
        }
    }

    /// Hands over what waits, and flushes once. Dropping the future loses nothing.
    pub(super) async fn send<O>(&mut self, mut line: Pin<&mut O>) -> Result<(), String>
    where
        O: Sink<Output>,
        O::Error: std::fmt::Display,
    {
        if self.waiting.len() > self.most {
            return Err(self.trouble(now()).unwrap_or_default());
        }
        let sent = poll_fn(|cx| self.poll_send(line.as_mut(), cx)).await;
        sent.map_err(|error| error.to_string())
    }

    fn poll_send<O: Sink<Output>>(
        &mut self,
        line: Pin<&mut O>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<(), O::Error>> {
        let before = self.waiting.len();
        let sent = self.poll_hand_over(line, cx);
        if sent.is_ready() {
            self.since = None;
        } else if self.waiting.len() < before {
            self.since = Some(now());
        }
        sent
    }

    fn poll_hand_over<O: Sink<Output>>(
        &mut self,
        mut line: Pin<&mut O>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<(), O::Error>> {
        while !self.waiting.is_empty() {
            ready!(line.as_mut().poll_ready(cx))?;
            if let Some(output) = self.waiting.pop_front() {
                line.as_mut().start_send(output)?;
                self.handed = true;
            }
        }
        ready!(line.poll_flush(cx))?;
        self.handed = false;
        Poll::Ready(Ok(()))
    }
}

/// Words that are spoken as one may as well leave as one.
fn joins(say: &Say, last: &Say) -> bool {
    say.turn == last.turn && say.interruptible == last.interruptible
}

#[cfg(test)]
mod tests;
