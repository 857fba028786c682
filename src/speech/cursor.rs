//! Looks ahead in the text at hand, no farther than a fixed window.
//!
//! Scanners read through a [`Cursor`] only. Whoever reads past what has arrived gets [`More`] and
//! passes it on with `?`, so a decision depends on the characters it has read and on nothing
//! else: it is the same however the text was split.

/// The most bytes that are held back; what is undecided by then is spoken plainly.
pub(super) const WINDOW: usize = 200;

/// The text at hand does not decide: wait for more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct More;

pub(super) type Scan<T> = Result<T, More>;

/// How the text at hand ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// More may come.
    Open,
    /// Nothing more comes.
    Complete,
}

/// A place in the text; a copy is a bookmark.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cursor<'a> {
    rest: &'a str,
    /// Nothing follows `rest`, or nothing that may be looked at.
    last: bool,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str, ending: Ending) -> Self {
        if text.len() < WINDOW {
            return Self {
                rest: text,
                last: ending == Ending::Complete,
            };
        }
        // A character is at most four bytes long.
        let end = (WINDOW - 3..=WINDOW)
            .rev()
            .find(|&i| text.is_char_boundary(i));
        Self {
            rest: end.and_then(|end| text.get(..end)).unwrap_or_default(),
            last: true,
        }
    }

    /// What has arrived, for what is spoken at once and needs no decision.
    pub(super) fn at_hand(&self) -> &'a str {
        self.rest
    }

    /// The next character; `None` at the end of the text.
    pub(super) fn peek(self) -> Scan<Option<char>> {
        match self.rest.chars().next() {
            None if !self.last => Err(More),
            next => Ok(next),
        }
    }

    /// Whether the next character is one of these.
    pub(super) fn sees(self, wanted: impl Fn(char) -> bool) -> Scan<bool> {
        Ok(self.peek()?.is_some_and(wanted))
    }

    /// Past `bytes`, which end at a character's end.
    pub(super) fn skip(self, bytes: usize) -> Self {
        Self {
            rest: self.rest.get(bytes..).unwrap_or_default(),
            ..self
        }
    }

    /// Past the next character, if it is one of these.
    pub(super) fn eat(self, wanted: impl Fn(char) -> bool) -> Scan<Option<Self>> {
        Ok(match self.peek()? {
            Some(c) if wanted(c) => Some(self.skip(c.len_utf8())),
            _ => None,
        })
    }

    /// Past `wanted`, if that is what follows. Waits only while it still may.
    pub(super) fn eat_str(self, wanted: &str) -> Scan<Option<Self>> {
        if self.rest.starts_with(wanted) {
            return Ok(Some(self.skip(wanted.len())));
        }
        if !self.last && wanted.starts_with(self.rest) {
            return Err(More);
        }
        Ok(None)
    }

    /// Like [`Cursor::eat_str`], whatever the case of ASCII letters.
    pub(super) fn eat_any_case(self, wanted: &str) -> Scan<Option<Self>> {
        let (rest, wanted) = (self.rest.as_bytes(), wanted.as_bytes());
        let same = rest
            .iter()
            .zip(wanted)
            .take_while(|(a, b)| a.eq_ignore_ascii_case(b))
            .count();
        if same == wanted.len() {
            return Ok(Some(self.skip(same)));
        }
        if !self.last && same == rest.len() {
            return Err(More);
        }
        Ok(None)
    }

    /// The characters up to the first that is none of these.
    pub(super) fn take(self, wanted: impl Fn(char) -> bool) -> Scan<(&'a str, Self)> {
        let end = self.rest.find(|c| !wanted(c));
        if end.is_none() && !self.last {
            return Err(More);
        }
        let (taken, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        Ok((taken, Self { rest, ..self }))
    }

    /// What was read between `self` and `later`.
    pub(super) fn until(self, later: Self) -> &'a str {
        let bytes = self.rest.len() - later.rest.len();
        self.rest.get(..bytes).unwrap_or_default()
    }
}
