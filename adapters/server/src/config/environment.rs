//! Environment variables, with those of `.env` files below them.

use std::collections::BTreeMap;
use std::path::Path;

use secrecy::{ExposeSecret as _, SecretString};

use super::problem::Problem;

/// The variables a configuration may refer to. Any of them may be a secret.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    variables: BTreeMap<String, SecretString>,
}

/// What a variable holds.
#[derive(Clone, Copy, Debug)]
pub enum Variable<'a> {
    Unset,
    /// Set, to nothing but white space.
    Empty,
    /// No secret has line breaks or other control characters.
    Broken,
    Set(&'a SecretString),
}

impl Environment {
    /// The variables of this process, then those of `.env` in each of the folders.
    pub fn read(folders: &[&Path], problems: &mut Vec<Problem>) -> Self {
        let mut environment = Self::default();
        for (name, value) in std::env::vars_os() {
            if let (Ok(name), Ok(value)) = (name.into_string(), value.into_string()) {
                environment.variables.insert(name, value.into());
            }
        }
        for folder in folders {
            environment.read_file(&folder.join(".env"), problems);
        }
        environment
    }

    fn read_file(&mut self, path: &Path, problems: &mut Vec<Problem>) {
        let variables = match dotenvy::from_path_iter(path) {
            Ok(variables) => variables,
            Err(error) if error.not_found() => return,
            Err(_) => {
                return problems.push(unreadable(path, "cannot be read", "check who owns it"));
            }
        };
        for variable in variables {
            match variable {
                // The first to say something has the word: the process, then the nearer file.
                Ok((name, value)) => {
                    self.variables.entry(name).or_insert_with(|| value.into());
                }
                // The error would repeat the line, which may hold a secret.
                Err(_) => {
                    let fix = "write one NAME=value a line, and quote a value with spaces";
                    return problems.push(unreadable(path, "has a line that is no variable", fix));
                }
            }
        }
    }

    pub fn variable(&self, name: &str) -> Variable<'_> {
        match self.variables.get(name) {
            None => Variable::Unset,
            Some(value) if value.expose_secret().trim().is_empty() => Variable::Empty,
            Some(value) if value.expose_secret().trim().contains(char::is_control) => {
                Variable::Broken
            }
            Some(value) => Variable::Set(value),
        }
    }

    /// A variable that is no secret. Empty counts as unset.
    pub fn text(&self, name: &str) -> Option<&str> {
        let value = self.variables.get(name)?.expose_secret().trim();
        (!value.is_empty()).then_some(value)
    }

    /// A secret that has been checked to be there.
    pub fn secret(&self, name: &str) -> Option<SecretString> {
        self.text(name).map(SecretString::from)
    }
}

impl<'a> FromIterator<(&'a str, &'a str)> for Environment {
    fn from_iter<I: IntoIterator<Item = (&'a str, &'a str)>>(variables: I) -> Self {
        let owned = |(name, value): (&str, &str)| (name.to_owned(), value.into());
        Self {
            variables: variables.into_iter().map(owned).collect(),
        }
    }
}

fn unreadable(path: &Path, what: &str, fix: &str) -> Problem {
    Problem::new(&path.display().to_string(), format!("the file {what}"), fix)
}

#[cfg(test)]
mod tests;
