//! The words the index knows, and what an unknown one may have been.

use std::collections::HashMap;
use std::fmt;

/// Every term of the index, with the number of places it is found in.
#[derive(Default)]
pub(super) struct Vocabulary {
    terms: HashMap<Box<str>, u32>,
    /// The terms that an unknown word may have been, by their number of letters.
    spellings: Vec<Vec<Spelling>>,
}

struct Spelling {
    term: Box<str>,
    /// Which letters it has, one bit each: two words that differ much are told apart by it.
    letters: u32,
    found: u32,
}

/// The longest word that is compared letter by letter.
const LONGEST: usize = 32;

impl Vocabulary {
    pub(super) fn new(terms: HashMap<Box<str>, u32>) -> Self {
        let mut spellings: Vec<Vec<Spelling>> = Vec::new();
        for (term, found) in &terms {
            let length = term.chars().count();
            let word = term.chars().all(char::is_alphabetic);
            if !word || !(3..=LONGEST).contains(&length) {
                continue;
            }
            if spellings.len() <= length {
                spellings.resize_with(length + 1, Vec::new);
            }
            if let Some(spellings) = spellings.get_mut(length) {
                let (term, letters, found) = (term.clone(), letters(term), *found);
                spellings.push(Spelling {
                    term,
                    letters,
                    found,
                });
            }
        }
        Self { terms, spellings }
    }

    /// In how many places a term is found; 0 where it is unknown.
    pub(super) fn found(&self, term: &str) -> u32 {
        self.terms.get(term).copied().unwrap_or(0)
    }

    pub(super) fn knows(&self, term: &str) -> bool {
        self.terms.contains_key(term)
    }

    /// The two known words a word is made of, the rarer the better.
    pub(super) fn split<'a>(&self, word: &'a str) -> Option<(&'a str, &'a str)> {
        let cuts = word.char_indices().map(|(at, _)| at).filter(|at| *at >= 3);
        let halves = cuts.filter_map(|at| word.split_at_checked(at));
        let known = halves
            .filter(|(first, second)| second.len() >= 3 && self.knows(first) && self.knows(second));
        known.max_by_key(|(first, second)| self.found(first).min(self.found(second)))
    }

    /// Known words spelt like this one, the likeliest first, at most `limit`.
    pub(super) fn alike(&self, word: &str, limit: usize) -> Vec<&str> {
        let chars: Vec<char> = word.chars().collect();
        let reach = match chars.len() {
            0..=3 => return Vec::new(),
            4..=7 => 1,
            8..=LONGEST => 2,
            _ => return Vec::new(),
        };
        let mask = letters(word);
        let mut alike: Vec<(usize, bool, &Spelling)> = Vec::new();
        for length in chars.len().saturating_sub(reach)..=chars.len() + reach {
            for spelling in self.spellings.get(length).into_iter().flatten() {
                if (spelling.letters ^ mask).count_ones() as usize > 2 * reach {
                    continue;
                }
                let distance = strsim::osa_distance(word, &spelling.term);
                if distance <= reach {
                    let other_head = !spelling
                        .term
                        .starts_with(chars.first().copied().unwrap_or(' '));
                    alike.push((distance, other_head, spelling));
                }
            }
        }
        alike.sort_by(|a, b| {
            let key = |(distance, head, _): &(usize, bool, &Spelling)| (*distance, *head);
            let found = b.2.found.cmp(&a.2.found);
            key(a)
                .cmp(&key(b))
                .then(found)
                .then_with(|| a.2.term.cmp(&b.2.term))
        });
        alike
            .into_iter()
            .take(limit)
            .map(|(_, _, spelling)| &*spelling.term)
            .collect()
    }
}

/// Its contents are a knowledge base.
impl fmt::Debug for Vocabulary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vocabulary")
            .field("terms", &self.terms.len())
            .finish_non_exhaustive()
    }
}

fn letters(word: &str) -> u32 {
    word.chars()
        .fold(0, |mask, c| mask | 1 << (u32::from(c) % 32))
}
