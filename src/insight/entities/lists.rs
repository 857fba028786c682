//! Names and words that need no knowledge base: data, one file a list, in lower case.

use std::collections::HashSet;
use std::sync::LazyLock;

/// Countries, regions, large cities and ports.
pub(super) const LOCATIONS: &str = include_str!("lists/locations.txt");

/// Carriers, manufacturers, shops, banks and authorities that callers name.
pub(super) const ORGANIZATIONS: &str = include_str!("lists/organizations.txt");

pub(super) const GOODS: &str = include_str!("lists/goods.txt");

/// Places whose names are words as well: they count only where a word beside them says so.
pub(super) static AMBIGUOUS: Words = Words(LazyLock::new(|| {
    entries(include_str!("lists/ambiguous.txt")).collect()
}));

/// Adjectives that belong to the goods after them.
pub(super) static MADE_OF: Words = Words(LazyLock::new(|| {
    entries(include_str!("lists/made_of.txt")).collect()
}));

/// Given names.
pub(super) static GIVEN: Words = Words(LazyLock::new(|| {
    entries(include_str!("lists/given.txt")).collect()
}));

/// Words that are no part of a name in writing without capitals.
pub(super) static COMMON: Words = Words(LazyLock::new(|| {
    entries(include_str!("lists/common.txt")).collect()
}));

/// Words that end the name of a company.
pub(super) static COMPANY: Words = Words(LazyLock::new(|| {
    entries(include_str!("lists/company.txt")).collect()
}));

/// Phrases whose words are no goods: "a piece of cake", "delivery windows".
pub(super) static IDIOMS: LazyLock<Vec<&'static str>> =
    LazyLock::new(|| entries(include_str!("lists/idioms.txt")).collect());

/// The entries of a list.
pub(super) fn entries(list: &'static str) -> impl Iterator<Item = &'static str> {
    let entries = list.split([',', '\n']).map(str::trim);
    entries.filter(|entry| !entry.is_empty())
}

/// A list that is only asked whether a word is in it.
#[derive(Debug)]
pub(super) struct Words(LazyLock<HashSet<&'static str>, fn() -> HashSet<&'static str>>);

impl Words {
    pub(super) fn contains(&self, word: &str) -> bool {
        self.0.contains(word)
    }
}
