//! Shows on a terminal how far a long command is; elsewhere it says nothing.

use std::io::{self, IsTerminal as _, Write as _};
use std::ops::ControlFlow;

use indicatif::{ProgressBar, ProgressStyle};
use voicera_retrievers::index::update::{self, Phase};

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

/// How far the update of an index is.
#[derive(Debug)]
pub(super) struct Bar {
    bar: ProgressBar,
    phase: Option<Phase>,
}

impl Bar {
    pub(super) fn new() -> Self {
        let bar = match io::stderr().is_terminal() {
            true => ProgressBar::new(0),
            false => ProgressBar::hidden(),
        };
        let style = ProgressStyle::with_template(
            "{prefix:10} {bar:24} {pos}/{len}  {elapsed}, {eta} left  {wide_msg}",
        );
        if let Ok(style) = style {
            bar.set_style(style);
        }
        Self { bar, phase: None }
    }

    pub(super) fn tell(&mut self, progress: update::Progress<'_>) -> ControlFlow<()> {
        if self.phase != Some(progress.phase) {
            self.phase = Some(progress.phase);
            self.bar.reset();
            self.bar.set_prefix(match progress.phase {
                Phase::Comparing => "comparing",
                Phase::Indexing => "indexing",
                Phase::Committing => "writing",
            });
        }
        self.bar.set_length(progress.total as u64);
        self.bar.set_position(progress.done as u64);
        self.bar.set_message(progress.document.to_owned());
        ControlFlow::Continue(())
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
