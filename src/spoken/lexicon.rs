//! Small tables of words. Most of what people say begins like none of them, which one look tells.

/// Words by their first byte, ASCII letters of either case.
#[derive(Debug)]
pub(crate) struct Lexicon<T> {
    /// One list for each byte, in the order in which the words were given.
    words: Vec<Vec<(&'static str, T)>>,
}

impl<T> Lexicon<T> {
    /// The words are in lower case.
    pub(crate) fn new(given: impl IntoIterator<Item = (&'static str, T)>) -> Self {
        let mut words: Vec<_> = (0..=u8::MAX).map(|_| Vec::new()).collect();
        for (word, meaning) in given {
            if let Some(alike) = words.get_mut(initial(word)) {
                alike.push((word, meaning));
            }
        }
        Self { words }
    }

    /// What the word means that is written like this one.
    pub(crate) fn get(&self, word: &str) -> Option<&T> {
        self.find(word, |known, _| known.eq_ignore_ascii_case(word))
    }

    /// What the first of the words means that `is` finds alike, among those with this beginning.
    pub(crate) fn find(&self, word: &str, is: impl Fn(&str, &T) -> bool) -> Option<&T> {
        let alike = self.words.get(initial(word))?;
        let found = alike.iter().find(|(known, meaning)| is(known, meaning));
        found.map(|(_, meaning)| meaning)
    }
}

fn initial(word: &str) -> usize {
    let first = word.as_bytes().first();
    first.map_or(0, u8::to_ascii_lowercase).into()
}
