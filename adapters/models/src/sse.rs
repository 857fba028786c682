//! Decodes server-sent events from bytes as they come, however they are cut.
//!
//! An event is handed on at its own last byte: the one that ends its blank line. A line end of
//! `\r` counts at once; the `\n` that may follow is swallowed whenever it comes.

use std::mem;

use bytes::{Buf as _, Bytes};
use memchr::{memchr, memchr2};

/// One event that carries data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// What the `event` field says; empty where there is none.
    pub name: String,
    /// The `data` fields, a line each. Bytes that are not UTF-8 are replaced.
    pub data: String,
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
    name: Vec<u8>,
    data: Vec<u8>,
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
            name: Vec::new(),
            data: Vec::new(),
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
            let head = input.split_to(end);
            self.after_cr = input.first() == Some(&b'\r');
            input.advance(1);
            let event = if self.line.is_empty() {
                self.accept(&head)?
            } else {
                let mut line = mem::take(&mut self.line);
                line.extend_from_slice(&head);
                self.accept(&line)?
            };
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
        let event = self.accept(&line).ok().flatten();
        event.or_else(|| self.dispatch())
    }

    fn accept(&mut self, line: &[u8]) -> Result<Option<Event>, TooLong> {
        self.check(line.len())?;
        let line = if mem::replace(&mut self.begun, true) {
            line
        } else {
            line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line)
        };
        if line.is_empty() {
            return Ok(self.dispatch());
        }
        let (field, value) = match memchr(b':', line).and_then(|at| line.split_at_checked(at)) {
            Some((field, value)) => (field, value.strip_prefix(b":").unwrap_or(value)),
            None => (line, &b""[..]),
        };
        let value = value.strip_prefix(b" ").unwrap_or(value);
        match field {
            b"data" => {
                self.data.extend_from_slice(value);
                self.data.push(b'\n');
            }
            b"event" => self.name = value.to_vec(),
            _ => {}
        }
        Ok(None)
    }

    fn dispatch(&mut self) -> Option<Event> {
        let (name, mut data) = (mem::take(&mut self.name), mem::take(&mut self.data));
        data.pop()?;
        Some(Event {
            name: lossy(name),
            data: lossy(data),
        })
    }

    /// Counts what is kept and the line at hand, so that the answer does not depend on the cuts.
    fn check(&self, line: usize) -> Result<(), TooLong> {
        if self.data.len() + self.name.len() + line > self.limit {
            return Err(TooLong(self.limit));
        }
        Ok(())
    }
}

fn lossy(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

#[cfg(test)]
mod tests;
