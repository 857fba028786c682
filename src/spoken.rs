//! Reads text as people say it: words, digits and number words, each with its place.

pub(crate) mod checks;
pub(crate) mod email;
pub(crate) mod lexicon;
pub(crate) mod numerals;

/// A piece of text and where it stands, in bytes. White space is no piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token<'a> {
    pub(crate) text: &'a str,
    pub(crate) start: usize,
    pub(crate) kind: Kind,
}

/// What a piece of text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Word,
    /// ASCII digits in a row.
    Digits,
    /// What was put in the place of something masked: `[card 3f2a]`.
    Mark,
    Sign(char),
}

impl Token<'_> {
    pub(crate) fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// Whether nothing stands between the two.
    pub(crate) fn touches(&self, next: &Self) -> bool {
        self.end() == next.start
    }
}

/// The names of what is masked, as a mark begins with them.
pub(crate) const MARKS: [&str; 5] = ["card", "id", "digits", "phone", "email"];

/// Cuts a text.
pub(crate) fn tokens(text: &str) -> Tokens<'_> {
    Tokens { text, at: 0 }
}

#[derive(Debug)]
pub(crate) struct Tokens<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        let rest = self.text.get(self.at..)?.trim_start();
        let start = self.text.len() - rest.len();
        let first = rest.chars().next()?;
        let (length, kind) = if first.is_ascii_digit() {
            let length = rest.bytes().position(|byte| !byte.is_ascii_digit());
            (length.unwrap_or(rest.len()), Kind::Digits)
        } else if first.is_alphabetic() {
            (word(rest), Kind::Word)
        } else if let Some(length) = mark(rest) {
            (length, Kind::Mark)
        } else {
            (first.len_utf8(), Kind::Sign(first))
        };
        self.at = start + length;
        let text = rest.get(..length)?;
        Some(Token { text, start, kind })
    }
}

/// The length of the word that a text begins with. An apostrophe belongs to it between letters:
/// the "o" of "o'clock" is no zero.
fn word(text: &str) -> usize {
    let plain = text.bytes().position(|byte| !byte.is_ascii_alphabetic());
    let plain = plain.unwrap_or(text.len());
    let after = text.as_bytes().get(plain);
    if after.is_none_or(|byte| byte.is_ascii() && *byte != b'\'') {
        // As most words are.
        return plain;
    }
    let mut end = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let inside =
            matches!(c, '\'' | '’') && chars.peek().is_some_and(|(_, next)| next.is_alphabetic());
        if !c.is_alphabetic() && !inside {
            break;
        }
        end = at + c.len_utf8();
    }
    end
}

/// The length of the mark that a text begins with.
fn mark(text: &str) -> Option<usize> {
    let inside = text.strip_prefix('[')?;
    let (name, tag) = inside.get(..inside.find(']')?)?.split_once(' ')?;
    let is_tag = tag.len() == 4 && tag.bytes().all(|b| b.is_ascii_hexdigit());
    (MARKS.contains(&name) && is_tag).then_some(name.len() + 7)
}

/// A word in lower case, without a place on the heap; nothing where it is too long to be known.
pub(crate) fn lower<'a>(word: &str, room: &'a mut [u8; ROOM]) -> Option<&'a str> {
    let room = room.get_mut(..word.len())?;
    room.copy_from_slice(word.as_bytes());
    room.make_ascii_lowercase();
    std::str::from_utf8(room).ok()
}

/// The bytes of the longest word that any table knows.
pub(crate) const ROOM: usize = 28;
