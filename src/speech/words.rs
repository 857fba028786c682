//! What a language calls signs, units, money, dates and times: data, one file a language.

mod de;
mod en;
mod es;
mod fr;

use super::atoms::address::SCHEMES;
use crate::words::Language;

/// The words of one language.
#[derive(Debug)]
pub(super) struct Words {
    /// Words a reply may begin with that are spoken before the next one is known, although
    /// [`Words::may_begin_with`] says that an atom may begin so: replies hardly ever begin with
    /// that atom. None is the beginning of another.
    pub(super) openers: &'static [&'static str],
    pub(super) symbols: &'static [(char, &'static str)],
    /// Signs that are words only before a number: "#1".
    pub(super) before_numbers: &'static [(&'static str, &'static str)],
    /// A space in the written form may be missing or not break.
    pub(super) abbreviations: &'static [(&'static str, &'static str)],
    pub(super) address: Address,
    pub(super) number: Numbers,
    pub(super) units: &'static [Unit],
    /// Counted things that are spoken as they are written.
    pub(super) counted: &'static [&'static str],
    pub(super) currencies: &'static [Currency],
    pub(super) date: Dates,
    pub(super) clock: Clock,
}

/// How signs in an address are called.
#[derive(Debug)]
pub(super) struct Address {
    pub(super) at: &'static str,
    pub(super) dot: &'static str,
    pub(super) slash: &'static str,
    pub(super) hyphen: &'static str,
    pub(super) underscore: &'static str,
}

/// How numbers are written and joined.
#[derive(Debug)]
pub(super) struct Numbers {
    /// The sign before the fraction; the other one groups thousands.
    pub(super) decimal: char,
    /// A plain space may group thousands.
    pub(super) spaced: bool,
    pub(super) plus: &'static str,
    pub(super) minus: &'static str,
    /// From one number to another.
    pub(super) to: &'static str,
    /// Between the sides of a box.
    pub(super) by: &'static str,
    /// Before what a rate is counted by: "per kilogram".
    pub(super) per: &'static str,
    /// What a plus after a number means: "65+".
    pub(super) more_than: &'static str,
    /// Between words where the writing has a slash.
    pub(super) or: &'static str,
    /// What "24/7" means.
    pub(super) always: &'static str,
    /// After a number of money: "$2 million", "$2M".
    pub(super) magnitudes: &'static [(&'static str, &'static str)],
}

/// What a unit is called after one and after any other number.
#[derive(Debug)]
pub(super) struct Unit {
    pub(super) written: &'static str,
    pub(super) one: &'static str,
    pub(super) many: &'static str,
}

/// What money is called.
#[derive(Debug)]
pub(super) struct Currency {
    /// How it is written, longest first.
    pub(super) written: &'static [&'static str],
    pub(super) one: &'static str,
    pub(super) many: &'static str,
    /// The hundredth part where it stands alone; `None` where there is none.
    pub(super) part: Option<Part>,
}

/// The hundredth part of a currency.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) one: &'static str,
    pub(super) many: &'static str,
    /// Between whole money and parts.
    pub(super) and: &'static str,
    /// After one part and after several that follow whole money; may be empty.
    pub(super) one_after: &'static str,
    pub(super) many_after: &'static str,
}

/// How dates are said and written.
#[derive(Debug)]
pub(super) struct Dates {
    pub(super) months: [&'static str; 12],
    /// With `{d}`, `{m}` and `{y}`.
    pub(super) said: &'static str,
    /// Parts the numbers of a date that begins with the day, where that is certain.
    pub(super) day_first: Option<char>,
}

/// How times of day are said.
#[derive(Debug)]
pub(super) struct Clock {
    /// Hours are said from 1 to 12, before and after noon.
    pub(super) halves: bool,
    /// After a full hour.
    pub(super) full: &'static str,
    /// Between hour and minute.
    pub(super) between: &'static str,
    /// Written after a time, and part of it.
    pub(super) after: &'static [&'static str],
}

impl Words {
    /// Whether something may begin with this capitalised word, or with a word that it begins,
    /// that is spoken otherwise than it is written.
    pub(super) fn may_begin_with(&self, word: &str) -> bool {
        let small = word.to_lowercase();
        let begins = |written: &str| written.starts_with(word) || written.starts_with(&small);
        self.before_numbers.iter().any(|(name, _)| begins(name))
            || self.abbreviations.iter().any(|(name, _)| begins(name))
            || self.units.iter().any(|unit| begins(unit.written))
            || self
                .currencies
                .iter()
                .any(|currency| currency.written.iter().any(|name| begins(name)))
            || SCHEMES.iter().any(|name| begins(name))
    }
}

/// The words of a language, where they are known.
pub(super) fn of(language: &Language) -> Option<&'static Words> {
    match language.primary().as_str() {
        "en" => Some(&en::WORDS),
        "de" => Some(&de::WORDS),
        "es" => Some(&es::WORDS),
        "fr" => Some(&fr::WORDS),
        _ => None,
    }
}

/// What recognises atoms in a language whose words are not known. They are spoken as written.
pub(super) fn neutral() -> &'static Words {
    &en::WORDS
}

const fn unit(written: &'static str, one: &'static str, many: &'static str) -> Unit {
    Unit { written, one, many }
}

const fn currency(
    written: &'static [&'static str],
    one: &'static str,
    many: &'static str,
    part: Option<Part>,
) -> Currency {
    Currency {
        written,
        one,
        many,
        part,
    }
}

const fn part(
    [one, many]: [&'static str; 2],
    and: &'static str,
    [one_after, many_after]: [&'static str; 2],
) -> Part {
    Part {
        one,
        many,
        and,
        one_after,
        many_after,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn openers_are_words_that_would_wait() {
        for words in [&en::WORDS, &de::WORDS, &es::WORDS, &fr::WORDS] {
            for opener in words.openers {
                assert!(words.may_begin_with(opener), "{opener}");
            }
        }
    }

    #[test]
    fn no_opener_begins_another() {
        for words in [&en::WORDS, &de::WORDS, &es::WORDS, &fr::WORDS] {
            for opener in words.openers {
                let begun = words.openers.iter().filter(|o| o.starts_with(opener));
                assert_eq!(begun.count(), 1, "{opener}");
            }
        }
    }
}
