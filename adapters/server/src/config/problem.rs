//! What is wrong with a configuration, said so that a person can mend it.

use std::fmt;

use crate::layout::wrap;

/// One thing to mend.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file, or the environment; empty where neither is at fault.
    pub place: String,
    /// The line of the file, where it is one line's fault.
    pub line: Option<usize>,
    /// What is wrong, with the setting and its value.
    pub what: String,
    /// How to mend it.
    pub fix: String,
}

impl Problem {
    pub(crate) fn new(place: &str, what: impl Into<String>, fix: impl Into<String>) -> Self {
        Self {
            place: place.to_owned(),
            line: None,
            what: what.into(),
            fix: fix.into(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            place, what, fix, ..
        } = self;
        let what = match self.line {
            Some(line) => format!("error: {place}:{line}: {what}"),
            None if place.is_empty() => format!("error: {what}"),
            None => format!("error: {place}: {what}"),
        };
        // What spans lines is a picture of the place and stays as it is.
        let what = match what.contains('\n') {
            true => what,
            false => wrap(&what, "", "       "),
        };
        f.write_str(what.trim_end())?;
        if !fix.is_empty() {
            write!(f, "\n{}", wrap(fix, "  fix: ", "       "))?;
        }
        Ok(())
    }
}

/// A start may fail over what reading a configuration cannot know.
impl std::error::Error for Problem {}

/// Everything that is wrong with a configuration.
#[derive(Debug)]
pub struct Invalid(pub Vec<Problem>);

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (problem, number) in self.0.iter().zip(0..) {
            if number > 0 {
                f.write_str("\n\n")?;
            }
            problem.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for Invalid {}
