//! Holds back what may still change of a reply that streams in.

use super::cursor::{Cursor, Ending};
use super::reader::Reader;
use super::{Speech, Style};
use crate::words::Language;

/// Formats one reply as it streams in.
///
/// What is spoken and the way back do not depend on how the reply was split.
#[derive(Debug)]
pub struct Formatter {
    format: bool,
    reader: Reader,
    /// What has arrived and is undecided.
    pub(super) held: String,
}

impl Formatter {
    pub fn new(style: &Style, language: &Language) -> Self {
        Self {
            format: style.format,
            reader: Reader::new(language),
            held: String::new(),
        }
    }

    /// Takes more of the written reply and adds what can be spoken now, if anything.
    pub fn push(&mut self, written: &str, out: &mut Speech) {
        if !self.format {
            return out.push_verbatim(written);
        }
        self.held.push_str(written);
        self.advance(Ending::Open, out);
    }

    /// The reply is complete: adds what was held back.
    pub fn finish(&mut self, out: &mut Speech) {
        self.advance(Ending::Complete, out);
        self.reader.finish(out);
    }

    fn advance(&mut self, ending: Ending, out: &mut Speech) {
        let mut done = 0;
        while let Some(rest) = self.held.get(done..).filter(|rest| !rest.is_empty()) {
            let at = Cursor::new(rest, ending);
            let Ok(after) = self.reader.step(at, out) else {
                break;
            };
            done += at.until(after).len();
        }
        self.held.drain(..done);
    }
}
