//! `[masking]`: which numbers and addresses of people are never written down.

use std::hash::{BuildHasher as _, RandomState};

use secrecy::ExposeSecret as _;
use serde::Deserialize;
use voicera::masking::{self, Rules, Salt};

use super::environment::Environment;
use super::reader::Reader;
use super::telephone::required;

/// What is masked before an entry is kept or sent anywhere.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Masking {
    /// Card numbers, in digits and in words. Default true.
    pub cards: bool,
    /// Numbers of identity documents that can be told by their form or check digit. Default true.
    pub national_ids: bool,
    /// How many digits in a row, said one by one or as words, are masked whatever they are; 0 for
    /// none. Default 7.
    pub digits: usize,
    /// E-mail addresses, except those in the documents. Default false.
    pub emails: bool,
    /// Phone numbers, except those in the documents. Default false.
    pub phones: bool,
    /// How the caller's number is kept. Default `plain`.
    pub caller: Caller,
    /// The environment variable with the secret that numbers are hashed with. Default none: the
    /// same number has the same mark until the server is started again. Needed for
    /// `caller = "hashed"`.
    pub salt: Option<String>,
}

/// How the caller's number is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Caller {
    /// As the carrier sends it.
    #[default]
    Plain,
    /// As a name that is always the same and does not tell the number.
    Hashed,
}

impl Default for Masking {
    fn default() -> Self {
        Self {
            cards: true,
            national_ids: true,
            digits: 7,
            emails: false,
            phones: false,
            caller: Caller::Plain,
            salt: None,
        }
    }
}

impl Masking {
    /// What the core masks by.
    pub fn to_rules(&self, environment: &Environment) -> Rules {
        let salt = self.salt.as_deref();
        let salt = salt.and_then(|name| environment.secret(name));
        Rules {
            cards: self.cards,
            national_ids: self.national_ids,
            digits: (self.digits > 0).then_some(self.digits),
            emails: self.emails,
            phones: self.phones,
            caller: match self.caller {
                Caller::Plain => masking::Caller::Plain,
                Caller::Hashed => masking::Caller::Hashed,
            },
            ours: Vec::new(),
            salt: salt.map_or_else(passing_salt, |salt| {
                Salt::new(salt.expose_secret().as_bytes())
            }),
        }
    }

    pub(super) fn check(&self, environment: &Environment, reader: &mut Reader<'_>) {
        if let Some(salt) = &self.salt {
            required("masking.salt", salt.clone(), environment, reader);
        } else if self.caller == Caller::Hashed {
            let fix = "set `masking.salt` to the name of an environment variable that holds a \
                       long random text; without one, anybody can try all numbers";
            reader.problem("masking.caller", "needs a secret", fix);
        }
        if (1..4).contains(&self.digits) {
            let fix = "use 0 for none, or 4 and more: shorter numbers are prices and rooms";
            reader.problem("masking.digits", "is too few", fix);
        }
    }
}

/// A key for as long as this process lives: without any, whoever reads a mark could try all numbers
/// of seven digits.
fn passing_salt() -> Salt {
    let random = || RandomState::new().hash_one(()).to_le_bytes();
    Salt::new(&[random(), random()].concat())
}
