//! A timer that is cheap to move.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::time::{Instant, Sleep, sleep_until};

/// Rings when its time has come, and sometimes before.
///
/// A deadline moves with every word of a reply, nearly always to a later time. The timer itself
/// is only moved to an earlier one: ringing too early now and then costs less than moving it for
/// each word.
pub(super) struct Alarm {
    sleep: Pin<Box<Sleep>>,
    set: Option<Instant>,
}

impl Alarm {
    pub(super) fn new(now: Instant) -> Self {
        Self {
            sleep: Box::pin(sleep_until(now)),
            set: None,
        }
    }

    pub(super) fn set(mut self: Pin<&mut Self>, time: Option<Instant>) {
        let earlier = match (time, self.set) {
            (Some(time), Some(set)) => time < set,
            (Some(_), None) => true,
            (None, _) => false,
        };
        if let Some(time) = time.filter(|_| earlier) {
            self.sleep.as_mut().reset(time);
            self.set = Some(time);
        }
    }
}

impl Future for Alarm {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.set.is_none() {
            return Poll::Pending;
        }
        let rings = self.sleep.as_mut().poll(cx);
        if rings.is_ready() {
            self.set = None;
        }
        rings
    }
}
