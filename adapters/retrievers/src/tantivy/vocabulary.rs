//! The words the index knows, and what an unknown one may have been.

use std::cmp::Reverse;
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
    head: Option<char>,
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
                spellings.push(Spelling {
                    term: term.clone(),
                    letters: letters(term),
                    head: term.chars().next().map(heard),
                    found: *found,
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

    /// Known words that are spelt like this one, or nearly so and sound alike; the likeliest first,
    /// at most `limit`.
    pub(super) fn alike(&self, word: &str, limit: usize) -> Vec<&str> {
        let length = word.chars().count();
        // A short word is a letter away from many others, so it has to sound alike too.
        let (reach, reach_by_sound) = match length {
            4..=5 => (0, 1),
            6..=8 => (1, 2),
            9..=LONGEST => (2, 2),
            _ => return Vec::new(),
        };
        let (mask, sound) = (letters(word), sound(word));
        let head = word.chars().next().map(heard);
        let mut alike = Vec::new();
        for length in length - reach_by_sound..=length + reach_by_sound {
            for spelling in self.spellings.get(length).into_iter().flatten() {
                let apart = (spelling.letters ^ mask).count_ones() as usize;
                if apart > 2 * reach_by_sound || spelling.head != head {
                    continue;
                }
                let distance = strsim::osa_distance(word, &spelling.term);
                let sounds = distance <= reach_by_sound && self::sound(&spelling.term) == sound;
                if sounds || distance <= reach {
                    let likeness = distance + usize::from(!sounds);
                    alike.push((likeness, Reverse(spelling.found), &*spelling.term));
                }
            }
        }
        alike.sort_unstable();
        let best = alike.first().map(|(likeness, _, _)| *likeness);
        let best = alike
            .into_iter()
            .take_while(|(likeness, _, _)| Some(*likeness) == best);
        best.take(limit).map(|(_, _, term)| term).collect()
    }
}

/// What is left of a word when letters that are easily misheard are one, and vowels are left out
/// but the first.
fn sound(word: &str) -> String {
    let mut sound = String::new();
    for heard in word.chars().map(heard) {
        let silent = matches!(heard, 'a' | 'h' | 'w') && !sound.is_empty();
        if !silent && !sound.ends_with(heard) {
            sound.push(heard);
        }
    }
    sound
}

/// One letter for those that sound alike.
fn heard(letter: char) -> char {
    match letter {
        'a' | 'e' | 'i' | 'o' | 'u' | 'y' => 'a',
        'b' | 'p' => 'p',
        'c' | 'k' | 'q' | 'g' => 'k',
        'd' | 't' => 't',
        'f' | 'v' => 'f',
        'j' | 's' | 'x' | 'z' => 's',
        'm' | 'n' => 'n',
        letter => letter,
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
