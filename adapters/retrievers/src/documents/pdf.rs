//! Pages of a PDF as Markdown: each becomes a section, so that a fact can be traced to its page.

use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use lopdf::{Document, Error, LoadOptions};

mod font;

mod page;

/// What a stream in the file may hold once it is unpacked.
const MAX_UNPACKED: usize = 64 * 1024 * 1024;

/// What all pages may say together.
const MAX_TEXT: usize = 64 * 1024 * 1024;

const MAX_TIME: Duration = Duration::from_secs(60);

/// The parser recurses, to a depth it bounds.
const STACK: usize = 32 * 1024 * 1024;

/// Markdown, or why there is none.
///
/// The file is read on a thread of its own: whatever it makes the parser do, this returns.
pub(super) fn markdown(bytes: Vec<u8>) -> Result<String, String> {
    let deadline = Instant::now() + MAX_TIME;
    let (done, result) = mpsc::channel();
    let work = move || {
        // Nobody listens when it took too long.
        let _ = done.send(pages(&bytes, deadline));
    };
    let thread = thread::Builder::new()
        .name("pdf".to_owned())
        .stack_size(STACK);
    thread.spawn(work).map_err(|error| error.to_string())?;
    match result.recv_timeout(MAX_TIME + Duration::from_secs(1)) {
        Ok(result) => result,
        Err(RecvTimeoutError::Timeout) => Err(too_slow()),
        Err(RecvTimeoutError::Disconnected) => Err(broken("its reader gave up")),
    }
}

fn pages(bytes: &[u8], deadline: Instant) -> Result<String, String> {
    let options = LoadOptions {
        max_decompressed_size: Some(MAX_UNPACKED),
        ..LoadOptions::default()
    };
    let document = match Document::load_mem_with_options(bytes, options) {
        Ok(document) if document.is_encrypted() => return Err(locked()),
        Ok(document) => document,
        Err(Error::InvalidPassword | Error::Decryption(_)) => return Err(locked()),
        Err(error) => return Err(broken(&error.to_string())),
    };
    let mut text = String::new();
    let mut fonts = page::Fonts::new();
    for (number, id) in document.get_pages() {
        if Instant::now() > deadline {
            return Err(too_slow());
        }
        let words = page::words(&document, id, &mut fonts);
        let words = words.map_err(|error| broken(&format!("page {number}: {error}")))?;
        if !words.is_empty() {
            text.push_str(&format!("## Page {number}\n\n{words}\n\n"));
        }
        if text.len() > MAX_TEXT {
            return Err(format!("it holds more than {MAX_TEXT} bytes of text"));
        }
    }
    match text.is_empty() {
        true => Err(
            "it has no text; where its pages are scanned, have them recognised first (OCR)"
                .to_owned(),
        ),
        false => Ok(text),
    }
}

fn locked() -> String {
    "it needs a password; save it without one".to_owned()
}

fn too_slow() -> String {
    format!("it takes more than {} s to read", MAX_TIME.as_secs())
}

fn broken(why: &str) -> String {
    format!("it is not a whole PDF ({why})")
}
