//! One open socket as the engine sees it: inputs come in, outputs go out.
//!
//! Both ends belong to the one task of the call, which the mutex between them never sees twice.

use std::pin::Pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket, close_code};
use futures_util::{Sink, SinkExt as _, Stream, StreamExt as _};
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at, timeout};
use tracing::debug;
use voicera::transport::{Input, Output};

use super::frames::heard::{self, Heard};
use super::frames::said::Speaker;
use super::limits::{Budget, Limits};
use crate::switchboard::{Notice, Seat};

/// A socket whose setup is done.
pub(super) struct Line {
    socket: WebSocket,
    seat: Seat,
    speaker: Speaker,
    budget: Budget,
    ping: Interval,
    /// A ping was handed over and not flushed.
    pinged: bool,
    /// Frames in a row that could not be understood, and how many there may be.
    malformed: u32,
    most_malformed: u32,
    /// An unknown type of frame was noted.
    noted: bool,
    /// Nothing more is heard.
    over: bool,
    /// How to close the socket, where not in peace.
    verdict: Option<Verdict>,
}

/// Why a socket is closed: the code and the reason of its closing frame.
#[derive(Clone, Debug)]
pub(super) struct Verdict {
    pub(super) code: u16,
    pub(super) reason: String,
}

impl Verdict {
    pub(super) fn new(code: u16, reason: impl Into<String>) -> Self {
        Self {
            code,
            reason: reason.into(),
        }
    }
}

/// Why a call is over whose goodbye took longer than the server had.
pub(super) const CUT_OFF: &str = "the server stopped before the goodbye was spoken";

/// What comes in on a line.
pub(super) struct Incoming<'a>(pub(super) &'a Mutex<Line>);

/// What goes out on a line.
pub(super) struct Outgoing<'a>(pub(super) &'a Mutex<Line>);

impl Line {
    pub(super) fn new(socket: WebSocket, seat: Seat, speaker: Speaker, limits: &Limits) -> Self {
        let now = Instant::now();
        let period = limits.ping.max(Duration::from_secs(1));
        let mut ping = interval_at(now + period, period);
        ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self {
            socket,
            seat,
            speaker,
            budget: Budget::new(limits, now),
            ping,
            pinged: false,
            malformed: 0,
            most_malformed: limits.malformed_frames,
            noted: false,
            over: false,
            verdict: None,
        }
    }

    /// Takes the line apart: what is left to do is closing the socket, as told.
    pub(super) fn end(self) -> (WebSocket, Seat, Option<Verdict>) {
        let verdict = match self.verdict {
            None if !self.over && !self.speaker.has_ended() => {
                Some(Verdict::new(close_code::ERROR, "the call failed"))
            }
            verdict => verdict,
        };
        (self.socket, self.seat, verdict)
    }

    fn poll_input(&mut self, cx: &mut Context<'_>) -> Poll<Option<Input>> {
        if self.over {
            return Poll::Ready(None);
        }
        match self.seat.poll_notice(cx) {
            Poll::Ready(Notice::Close) => return Poll::Ready(Some(Input::Close)),
            Poll::Ready(Notice::Replaced) => {
                let why = "the caller is back on another line";
                return Poll::Ready(Some(self.fail(close_code::NORMAL, why)));
            }
            Poll::Ready(Notice::CutOff) => {
                return Poll::Ready(Some(self.fail(close_code::AWAY, CUT_OFF)));
            }
            Poll::Pending => {}
        }
        self.poll_ping(cx);
        loop {
            let input = match ready!(self.socket.poll_next_unpin(cx)) {
                _ if !self.budget.spend(Instant::now()) => {
                    Some(self.fail(close_code::POLICY, "too many frames"))
                }
                Some(Ok(Message::Text(text))) => self.read(&text),
                Some(Ok(Message::Binary(_))) => self.misunderstand("a binary frame"),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => None,
                Some(Ok(Message::Close(frame))) => Some(self.closed(frame)),
                Some(Err(error)) => Some(self.fail(code(&error), &error.to_string())),
                None => Some(self.lose("the connection broke")),
            };
            if input.is_some() {
                return Poll::Ready(input);
            }
        }
    }

    fn read(&mut self, frame: &str) -> Option<Input> {
        let heard = match heard::read(frame) {
            Ok(heard) => heard,
            Err(error) => return self.misunderstand(&error.to_string()),
        };
        self.malformed = 0;
        match heard {
            Heard::Input(input) => Some(input),
            Heard::Nothing => None,
            // A carrier that connects again may repeat it.
            Heard::Setup(setup) if setup.call_sid == self.seat.call().as_str() => None,
            Heard::Setup(_) => Some(self.fail(close_code::POLICY, "a setup for another call")),
            Heard::Unknown(kind) => {
                if !std::mem::replace(&mut self.noted, true) {
                    debug!(kind, "frames of an unknown type are passed over");
                }
                None
            }
        }
    }

    fn misunderstand(&mut self, why: &str) -> Option<Input> {
        debug!(why, "a frame cannot be understood");
        self.malformed += 1;
        let too_many = self.malformed >= self.most_malformed;
        too_many.then(|| self.fail(close_code::INVALID, "too many malformed frames in a row"))
    }

    /// The other side closed the socket.
    fn closed(&mut self, frame: Option<CloseFrame>) -> Input {
        match frame {
            // In peace: the call is over.
            None => self.hang_up(),
            Some(frame) if frame.code == close_code::NORMAL => self.hang_up(),
            Some(CloseFrame { code, reason }) => {
                self.lose(&format!("the carrier closed the socket: {code} {reason}"))
            }
        }
    }

    fn hang_up(&mut self) -> Input {
        self.over = true;
        Input::HungUp
    }

    /// The socket is gone.
    fn lose(&mut self, why: &str) -> Input {
        self.over = true;
        Input::Lost(why.to_owned())
    }

    /// The socket is there, and has to go.
    fn fail(&mut self, code: u16, why: &str) -> Input {
        self.verdict = Some(Verdict::new(code, why));
        self.lose(why)
    }

    /// Keeps proxies from taking a quiet line for a dead one. A line that is busy needs no ping.
    fn poll_ping(&mut self, cx: &mut Context<'_>) {
        while self.ping.poll_tick(cx).is_ready() {
            if let Poll::Ready(Ok(())) = self.socket.poll_ready_unpin(cx) {
                let ping = Message::Ping(Default::default());
                self.pinged = self.socket.start_send_unpin(ping).is_ok();
            }
        }
        if self.pinged {
            // An error is met again by whoever reads or writes next.
            self.pinged = self.socket.poll_flush_unpin(cx).is_pending();
        }
    }

    fn start_send(&mut self, output: Output) -> Result<(), axum::Error> {
        let frames = self.speaker.take(output).into_iter().flatten();
        let mut messages = frames.map(Message::text);
        messages.try_for_each(|message| self.socket.start_send_unpin(message))
    }

    fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), axum::Error>> {
        ready!(self.socket.poll_ready_unpin(cx))?;
        if let Some(frame) = self.speaker.flush() {
            self.socket.start_send_unpin(Message::text(frame))?;
        }
        self.socket.poll_flush_unpin(cx)
    }
}

/// Closes a socket: in peace once the other side had its chance to do so, or with a verdict.
pub(super) async fn close(mut socket: WebSocket, verdict: Option<Verdict>, patience: Duration) {
    if verdict.is_none() && timeout(patience, drain(&mut socket)).await.is_ok() {
        return;
    }
    let verdict = verdict.unwrap_or(Verdict::new(close_code::NORMAL, ""));
    let goodbye = async {
        let reason = verdict
            .reason
            .get(..verdict.reason.floor_char_boundary(120));
        let frame = CloseFrame {
            code: verdict.code,
            reason: reason.unwrap_or_default().into(),
        };
        if socket.send(Message::Close(Some(frame))).await.is_ok() {
            drain(&mut socket).await;
        }
    };
    if timeout(patience, goodbye).await.is_err() {
        debug!("the other side does not close its socket");
    }
}

/// Reads until the other side has closed, so that it gets our last frame.
async fn drain(socket: &mut WebSocket) {
    while let Some(Ok(_)) = socket.next().await {}
}

/// What to tell the other side about an error of the protocol. Its kind is only in its words.
pub(super) fn code(error: &axum::Error) -> u16 {
    let text = error.to_string();
    if text.starts_with("Space limit exceeded") {
        close_code::SIZE
    } else if text.starts_with("UTF-8") {
        close_code::INVALID
    } else {
        close_code::PROTOCOL
    }
}

fn lock(line: &Mutex<Line>) -> MutexGuard<'_, Line> {
    line.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Stream for Incoming<'_> {
    type Item = Input;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        lock(self.0).poll_input(cx)
    }
}

impl Sink<Output> for Outgoing<'_> {
    type Error = axum::Error;

    fn poll_ready(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        lock(self.0).socket.poll_ready_unpin(cx)
    }

    fn start_send(self: Pin<&mut Self>, output: Output) -> Result<(), Self::Error> {
        lock(self.0).start_send(output)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        lock(self.0).poll_flush(cx)
    }

    fn poll_close(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        lock(self.0).poll_flush(cx)
    }
}
