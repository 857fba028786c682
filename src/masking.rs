//! Takes numbers of people out of what is kept: cards, ids, and digits that are read out.
//!
//! What is masked leaves a mark such as `[card 3f2a]`. The tag is the beginning of a keyed hash of
//! the digits, so the same number has the same tag however it was said, and sixteen bits of it
//! tell nobody the number. A masked text masks to itself.
//!
//! What this cannot do: it knows numbers by their form, their check digits and the words around
//! them, so a card number with a digit misheard is masked only where it was read out digit by
//! digit, and a number that has the form of another kind may be taken for it (one in ten numbers
//! of sixteen digits passes for a card). It masks no names and no addresses.

pub(crate) mod cues;
mod judge;
pub(crate) mod runs;
mod sink;

use std::borrow::Cow;
use std::fmt;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use self::cues::Cue;
use self::judge::{Found, Number};
use crate::spoken::numerals::{Numeral, numeral};
use crate::spoken::{self, Kind, Token, email};

pub(crate) use self::judge::{container, initial};
pub use self::sink::Masked;

/// What is masked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Card numbers: 13 to 19 digits with a valid check digit (Luhn), however they are separated
    /// or spoken.
    pub cards: bool,
    /// National ids that are sure by their form or check digit: the American SSN, the British
    /// NINO, the Spanish DNI and NIE, the French NIR, the German Steuer-ID, the Indian Aadhaar and
    /// the Brazilian CPF.
    pub national_ids: bool,
    /// From how many digits on a number is masked that is spoken as words or written digit by
    /// digit, whatever it is; nothing for never. The number of a container, waybill, booking or
    /// the like stays where its check digit or the words around it show what it is.
    pub digits: Option<usize>,
    /// E-mail addresses, written or spoken.
    pub emails: bool,
    /// Phone numbers, written or spoken. Where this is off, one that is spoken falls under
    /// [`Rules::digits`].
    pub phones: bool,
    /// The caller's own number, as the carrier reports it and as parameters of the call repeat it.
    /// The number that was called is the company's, and stays.
    pub caller: Caller,
    /// The company's own phone numbers and e-mail addresses, which are never masked.
    pub ours: Vec<String>,
    /// The key of the tags and of hashed callers. Whoever has it can find a number by trying all;
    /// with another key the same number gets another tag.
    pub salt: Salt,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            cards: true,
            national_ids: true,
            digits: Some(7),
            emails: false,
            phones: false,
            caller: Caller::Plain,
            ours: Vec::new(),
            salt: Salt::default(),
        }
    }
}

/// How the caller's own number is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Caller {
    #[default]
    Plain,
    /// As `caller-` and twelve digits of a keyed hash: calls of one caller can be told from those
    /// of another, and nobody can be called.
    Hashed,
}

/// A secret key. The empty one is a key that everybody knows: then a hashed caller can be found
/// by hashing all numbers.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Salt(Box<[u8]>);

impl Salt {
    pub fn new(secret: &[u8]) -> Self {
        Self(secret.into())
    }
}

impl fmt::Debug for Salt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Salt(..)")
    }
}

/// Masks texts by [`Rules`].
#[derive(Clone)]
pub struct Masker {
    rules: Rules,
    /// The digits of the company's phone numbers.
    numbers: Vec<Vec<u8>>,
    mac: Hmac<Sha256>,
}

impl Masker {
    pub fn new(mut rules: Rules) -> Self {
        rules
            .ours
            .iter_mut()
            .for_each(|ours| ours.make_ascii_lowercase());
        let digits = |text: &String| digits_of(text);
        let numbers = rules.ours.iter().map(digits);
        Self {
            numbers: numbers.filter(|digits| digits.len() >= LEAST).collect(),
            mac: mac(&rules.salt),
            rules,
        }
    }

    /// The text without the numbers of people. Borrowed where there is nothing to mask.
    pub fn mask<'a>(&self, text: &'a str) -> Cow<'a, str> {
        self.mask_line(text, &Context::default()).0
    }

    /// The caller's number, as it is to be kept.
    pub fn caller(&self, number: &str) -> String {
        match self.rules.caller {
            Caller::Plain => number.to_owned(),
            Caller::Hashed if is_hashed(number) => number.to_owned(),
            Caller::Hashed => {
                let digits: String = number.chars().filter(char::is_ascii_digit).collect();
                let named = if digits.is_empty() { number } else { &digits };
                format!("{CALLER}{}", self.hash("caller", named, 6))
            }
        }
    }

    /// Masks a line of a conversation, and tells what of a number its end leaves open.
    fn mask_line<'a>(&self, text: &'a str, context: &Context<'_>) -> (Cow<'a, str>, Tail) {
        let mut tail = Tail::default();
        if !self.may_concern(text, context) {
            return (Cow::Borrowed(text), tail);
        }
        let mut masked = Cow::Borrowed(text);
        // What is masked brings the words around it closer together, so one look may not be the
        // last; each leaves less to mask.
        let mut context = Some(context);
        loop {
            let look = context.take();
            let (found, open) = self.find(&masked, look.unwrap_or(&Context::default()));
            if look.is_some() {
                tail = open;
            }
            if found.is_empty() {
                return (masked, tail);
            }
            masked = Cow::Owned(self.replace(&masked, &found));
        }
    }

    /// Whether there are digits, or an address, enough to look closer; without a place on the heap.
    fn may_concern(&self, text: &str, context: &Context<'_>) -> bool {
        let mut digits = 0;
        let mut times = 1;
        for token in spoken::tokens(text) {
            let repeated = std::mem::replace(&mut times, 1);
            match token.kind {
                Kind::Digits => digits += token.text.len().max(repeated),
                Kind::Word => match numeral(token.text) {
                    Some(Numeral::Unit(_)) => digits += repeated,
                    Some(Numeral::Pair(_) | Numeral::Tens(_) | Numeral::Vingt) => digits += 2,
                    Some(Numeral::Times(more)) => times = usize::from(more),
                    Some(Numeral::And | Numeral::Filler) => times = repeated,
                    Some(Numeral::Hundred | Numeral::Thousands) => {}
                    None if self.rules.emails && email::is_at(token.text) => return true,
                    None => {}
                },
                Kind::Sign('@') if self.rules.emails => return true,
                Kind::Sign(_) | Kind::Mark => times = repeated,
            }
        }
        let least = self.rules.digits.unwrap_or(LEAST).min(LEAST);
        digits >= least || digits >= context.least()
    }

    fn find(&self, text: &str, context: &Context<'_>) -> (Vec<Found>, Tail) {
        let tokens: Vec<Token<'_>> = spoken::tokens(text).collect();
        let mut found = Vec::new();
        if self.rules.emails {
            let addresses = email::find(&tokens).into_iter();
            let strange = addresses.filter(|address| !self.rules.ours.contains(&address.value));
            found.extend(strange.map(|address| Found {
                number: Number::Email,
                start: address.start,
                end: address.end,
                normal: address.value,
            }));
        }
        let tail = self.judge(&tokens, context, &mut found);
        found.sort_unstable_by_key(|found| found.start);
        found.dedup_by(|later, earlier| later.start < earlier.end);
        (found, tail)
    }

    fn replace(&self, text: &str, found: &[Found]) -> String {
        let mut masked = String::with_capacity(text.len());
        let mut from = 0;
        for found in found {
            let before = text.get(from..found.start).unwrap_or_default();
            masked.push_str(match found.number {
                Number::Phone => before.trim_end_matches(['+', '(']),
                Number::Card | Number::Id | Number::Digits | Number::Email => before,
            });
            let tag = self.hash("tag", &found.normal, 2);
            masked.push_str(&format!("[{} {tag}]", found.number.name()));
            from = found.end;
        }
        masked.push_str(text.get(from..).unwrap_or_default());
        masked
    }

    fn is_ours(&self, digits: &[u8]) -> bool {
        self.numbers
            .iter()
            .any(|ours| ours.ends_with(digits) || digits.ends_with(ours))
    }

    fn hash(&self, what: &str, text: &str, bytes: usize) -> String {
        let mut mac = self.mac.clone();
        mac.update(what.as_bytes());
        mac.update(&[0]);
        mac.update(text.as_bytes());
        let hash = mac.finalize().into_bytes();
        hash.iter()
            .take(bytes)
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }
}

impl fmt::Debug for Masker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Masker")
            .field("rules", &self.rules)
            .finish_non_exhaustive()
    }
}

/// The phone numbers and e-mail addresses in a text, as [`Rules::ours`] takes them.
pub fn contacts(text: &str) -> Vec<String> {
    let masker = Masker::new(Rules {
        cards: false,
        national_ids: false,
        digits: None,
        emails: true,
        phones: true,
        ..Rules::default()
    });
    let found = text
        .lines()
        .flat_map(|line| masker.find(line, &Context::default()).0);
    found.map(|found| found.normal).collect()
}

/// What the lines before say about a line.
#[derive(Clone, Debug, Default)]
struct Context<'a> {
    /// What the agent asked for.
    asked: Option<Cue>,
    /// Other lines follow.
    goes_on: bool,
    /// The line is keys that were pressed, one by one.
    keys: bool,
    /// The digits that the caller's last line ended with.
    open: &'a [u8],
}

impl Context<'_> {
    /// From how many digits on a line matters to the lines around it.
    fn least(&self) -> usize {
        match (self.goes_on, self.open) {
            (false, _) => usize::MAX,
            (true, []) => 2,
            (true, _) => 1,
        }
    }
}

/// The digits that a line ends with, where they are no whole number yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Tail {
    digits: Vec<u8>,
    /// The line says nothing: what was open before it still is.
    is_silent: bool,
}

/// The fewest digits that any rule but [`Rules::digits`] masks.
const LEAST: usize = 6;

const CALLER: &str = "caller-";

fn is_hashed(number: &str) -> bool {
    let hash = number.strip_prefix(CALLER);
    hash.is_some_and(|hash| hash.len() == 12 && hash.bytes().all(|b| b.is_ascii_hexdigit()))
}

fn digits_of(text: &str) -> Vec<u8> {
    let digits = text.bytes().filter(u8::is_ascii_digit);
    digits.map(|byte| byte - b'0').collect()
}

#[expect(clippy::expect_used, reason = "an HMAC takes a key of any length")]
fn mac(salt: &Salt) -> Hmac<Sha256> {
    Hmac::new_from_slice(&salt.0).expect("a key of any length")
}

#[cfg(test)]
mod tests;
