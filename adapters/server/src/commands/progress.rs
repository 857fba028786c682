//! Shows on a terminal how far a long command is; elsewhere it says nothing.

use std::io::{self, IsTerminal as _, Write as _};

/// Counts steps.
#[derive(Debug)]
pub(super) struct Progress {
    what: String,
    done: usize,
    of: usize,
    is_shown: bool,
}

impl Progress {
    pub(super) fn new(what: &str, of: usize) -> Self {
        Self {
            what: what.to_owned(),
            done: 0,
            of,
            is_shown: io::stderr().is_terminal(),
        }
    }

    pub(super) fn step(&mut self) {
        self.done += 1;
        if self.is_shown {
            let Self { what, done, of, .. } = self;
            // Nobody has to see it.
            let _ = write!(io::stderr(), "\r\u{1b}[K{what}: {done} of {of}");
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.is_shown {
            let _ = write!(io::stderr(), "\r\u{1b}[K");
        }
    }
}
