//! Decodes server-sent events from bytes as they come, however they are cut.
//!
//! An event is handed on at its own last byte: the one that ends its blank line. A line end of
//! `\r` counts at once; the `\n` that may follow is swallowed whenever it comes.

use std::borrow::Cow;
use std::mem;

use bytes::{Buf as _, Bytes};
use memchr::{memchr, memchr2};

/// One event that carries data. It borrows from what came over the wire, where that came in one
/// piece.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// What the `event` field says; empty where there is none.
    pub name: Bytes,
    /// The `data` fields, a line each.
    pub data: Bytes,
}

impl Event {
    /// The data. Bytes that are not UTF-8 are replaced.
    pub fn text(&self) -> Cow<'_, str> {
        // Replacing takes its time also where there is nothing to replace.
        match str::from_utf8(&self.data) {
            Ok(text) => text.into(),
            Err(_) => String::from_utf8_lossy(&self.data),
        }
    }
}

/// An event that is longer than the decoder's limit in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an event is longer than {0} bytes")]
pub struct TooLong(pub usize);

/// Holds what has come of an event that is not complete.
#[derive(Debug)]
pub struct Decoder {
    limit: usize,
    line: Vec<u8>,
    name: Bytes,
    /// The first line of data. Hardly any event has more.
    data: Option<Bytes>,
    /// All lines of data, once there is more than one.
    lines: Vec<u8>,
    after_cr: bool,
    begun: bool,
}

const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

impl Decoder {
    /// A decoder for one stream, that holds at most `limit` bytes of an event.
    pub fn new(limit: usize) -> Self {
        Self {
            limit,
            line: Vec::new(),
            name: Bytes::new(),
            data: None,
            lines: Vec::new(),
            after_cr: false,
            begun: false,
        }
    }

    /// Takes bytes off the front of `input` until an event is complete; `None` when there are no
    /// more bytes.
    ///
    /// # Errors
    ///
    /// When the event at hand is longer than the limit. The stream is of no use afterwards.
    pub fn next(&mut self, input: &mut Bytes) -> Result<Option<Event>, TooLong> {
        while let Some(&first) = input.first() {
            if mem::take(&mut self.after_cr) && first == b'\n' {
                input.advance(1);
                continue;
            }
            let Some(end) = memchr2(b'\n', b'\r', input) else {
                self.line.extend_from_slice(input);
                input.clear();
                self.check(self.line.len())?;
                return Ok(None);
            };
            let mut line = input.split_to(end);
            self.after_cr = input.first() == Some(&b'\r');
            input.advance(1);
            if !self.line.is_empty() {
                self.line.extend_from_slice(&line);
                line = mem::take(&mut self.line).into();
            }
            let event = self.accept(line)?;
            if event.is_some() {
                return Ok(event);
            }
        }
        Ok(None)
    }

    /// What the stream held back when it ended without a blank line.
    pub fn finish(&mut self) -> Option<Event> {
        let line = mem::take(&mut self.line);
        // The line was within the limit when it came.
        let event = self.accept(line.into()).ok().flatten();
        event.or_else(|| self.dispatch())
    }

    fn accept(&mut self, mut line: Bytes) -> Result<Option<Event>, TooLong> {
        self.check(line.len())?;
        if !mem::replace(&mut self.begun, true) && line.starts_with(BYTE_ORDER_MARK) {
            line.advance(BYTE_ORDER_MARK.len());
        }
        if line.is_empty() {
            return Ok(self.dispatch());
        }
        let colon = memchr(b':', &line).unwrap_or(line.len());
        let mut value = line.split_off(colon);
        let blank = value.get(1) == Some(&b' ');
        value.advance(value.len().min(1 + usize::from(blank)));
        match &*line {
            b"data" => self.add(value),
            b"event" => self.name = value,
            _ => {}
        }
        Ok(None)
    }

    fn add(&mut self, line: Bytes) {
        let Some(first) = &self.data else {
            self.data = Some(line);
            return;
        };
        if self.lines.is_empty() {
            self.lines.extend_from_slice(first);
        }
        self.lines.push(b'\n');
        self.lines.extend_from_slice(&line);
    }

    fn dispatch(&mut self) -> Option<Event> {
        let (name, lines) = (mem::take(&mut self.name), mem::take(&mut self.lines));
        let first = self.data.take()?;
        let data = match lines.is_empty() {
            true => first,
            false => lines.into(),
        };
        Some(Event { name, data })
    }

    /// Counts what is kept and the line at hand, so that the answer does not depend on the cuts.
    fn check(&self, line: usize) -> Result<(), TooLong> {
        let data = self.data.as_ref();
        let data = data.map_or(0, |first| first.len().max(self.lines.len()) + 1);
        if data + self.name.len() + line > self.limit {
            return Err(TooLong(self.limit));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
