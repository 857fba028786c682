//! Keys the caller presses, until they are complete.

use std::time::Duration;

use crate::words::Offset;

/// Keys pressed in a row.
#[derive(Debug, Default)]
pub(super) struct Keys {
    pressed: String,
    last: Offset,
}

impl Keys {
    pub(super) fn is_empty(&self) -> bool {
        self.pressed.is_empty()
    }

    pub(super) fn press(&mut self, key: char, now: Offset) {
        self.pressed.push(key);
        self.last = now;
    }

    /// The caller closed them with `#`, or there is no room for more.
    pub(super) fn is_complete(&self, limit: usize) -> bool {
        self.pressed.ends_with('#') || self.pressed.len() >= limit
    }

    /// When they count as complete because no other key came.
    pub(super) fn deadline(&self, patience: Duration) -> Option<Offset> {
        (!self.is_empty()).then(|| self.last + patience)
    }

    pub(super) fn is_due(&self, patience: Duration, now: Offset) -> bool {
        self.deadline(patience).is_some_and(|due| now >= due)
    }

    /// The keys without the closing `#`.
    pub(super) fn take(&mut self) -> String {
        let pressed = std::mem::take(&mut self.pressed);
        match pressed.strip_suffix('#') {
            Some(keys) => keys.to_owned(),
            None => pressed,
        }
    }
}
