//! Reads a reply one step at a time: each step says or drops what stands at the place it is given,
//! or asks for more text.

use super::cursor::{Cursor, Scan};
use super::markdown::{self, Block, Opening};
use super::symbols::{self, Kind};
use super::voice::{Pause, Voice};
use super::words::{self, Words};
use super::{Speech, atoms, chunk, entity, relation};
use crate::words::Language;

/// What has to be remembered of the text that was read.
#[derive(Debug)]
pub(super) struct Reader {
    words: &'static Words,
    /// The language is known; otherwise atoms are kept together and spoken as written.
    known: bool,
    voice: Voice,
    line: Line,
    /// What was said last is part of a word and nothing parts it from what follows.
    joined: bool,
    /// So many bytes of the first word are said while the rest of it is open.
    released: usize,
}

/// Where in its line the text is.
#[derive(Debug)]
struct Line {
    block: Block,
    /// Nothing but white space yet.
    fresh: bool,
    /// An empty line lies before it.
    blank: bool,
    /// White space since the start of the line or the last word, in bytes.
    spaces: usize,
}

impl Reader {
    pub(super) fn new(language: &Language) -> Self {
        let words = words::of(language);
        Self {
            words: words.unwrap_or(words::neutral()),
            known: words.is_some(),
            voice: Voice::default(),
            line: Line {
                block: Block::default(),
                fresh: true,
                blank: false,
                spaces: 0,
            },
            joined: false,
            released: 0,
        }
    }

    /// Says or drops what stands here, and answers the place after it.
    pub(super) fn step<'a>(&mut self, at: Cursor<'a>, out: &mut Speech) -> Scan<Cursor<'a>> {
        let Some(c) = at.peek()? else {
            return Ok(at);
        };
        let kind = symbols::kind(c);
        if kind == Kind::Space {
            return Ok(self.space(at, c));
        }
        if self.line.fresh
            && let Some(after) = self.open(at, out)?
        {
            return Ok(after);
        }
        self.line.spaces = 0;
        match kind {
            Kind::Letter | Kind::Digit if self.joined => Ok(self.go_on(at, out)),
            Kind::Letter => self.word(at, c, out),
            Kind::Digit => self.number(at, out),
            Kind::Alone => Ok(self.run(at, Kind::Alone, out)),
            Kind::Closing => self.closing(at, c, out),
            Kind::Dash => self.dash(at, out),
            Kind::Sign => self.sign(at, c, out),
            Kind::Mark => self.mark(at, c, out),
            Kind::Picture | Kind::Invisible => {
                if kind == Kind::Picture {
                    self.part();
                }
                self.voice.skip(c.len_utf8());
                Ok(at.skip(c.len_utf8()))
            }
            Kind::Space | Kind::Other => self.other(at, c, out),
        }
    }

    /// The reply is over.
    pub(super) fn finish(&mut self, out: &mut Speech) {
        match self.line.block {
            Block::Heading | Block::Item | Block::Row => self.voice.pause(Pause::Stop),
            Block::Text | Block::Code => {}
        }
        self.voice.finish(out);
    }

    fn space<'a>(&mut self, at: Cursor<'a>, c: char) -> Cursor<'a> {
        self.joined = false;
        let after = at.skip(c.len_utf8());
        self.voice.space(at.until(after));
        if c != '\n' {
            self.line.spaces += c.len_utf8();
            return after;
        }
        // Two spaces at the end of a line break it.
        if !self.line.fresh && self.line.spaces >= 2 {
            self.voice.pause(Pause::Comma);
        }
        self.line.blank |= self.line.fresh;
        self.line.fresh = true;
        self.line.spaces = 0;
        after
    }

    /// Takes what the line opens with, if anything.
    fn open<'a>(&mut self, at: Cursor<'a>, out: &mut Speech) -> Scan<Option<Cursor<'a>>> {
        let before = self.line.block;
        let opening = markdown::opening(at, before)?;
        let (block, after) = match opening {
            Opening::Text if before == Block::Code => (Block::Code, None),
            Opening::Text => (Block::Text, None),
            Opening::Quote(after) => {
                self.voice.skip(at.until(after).len());
                return Ok(Some(after));
            }
            Opening::Block(block, after) => (block, Some(after)),
            Opening::Numbered(after) => (Block::Item, Some(after)),
            Opening::Rule(after) => (Block::Heading, Some(after)),
            Opening::Fence(after) if before == Block::Code => (Block::Text, Some(after)),
            Opening::Fence(after) => (Block::Code, Some(after)),
        };
        let pause = markdown::pause(before, block, self.line.blank, self.line.spaces);
        if let Some(pause) = pause {
            self.voice.pause(pause);
        }
        self.line.block = block;
        self.line.fresh = false;
        self.line.blank = false;
        self.line.spaces = 0;
        let Some(after) = after else {
            return Ok(None);
        };
        let marks = at.until(after);
        if matches!(opening, Opening::Numbered(_)) {
            let number = marks.trim_end_matches(['.', ')']);
            self.voice.say(out, marks, &format!("{number},"));
        } else {
            self.voice.skip(marks.len());
        }
        Ok(Some(after))
    }

    fn word<'a>(&mut self, at: Cursor<'a>, c: char, out: &mut Speech) -> Scan<Cursor<'a>> {
        let first = !self.voice.begun() || self.released > 0;
        if !first {
            let (spoken, after) = self.spoken(at, c)?;
            return Ok(self.say(at, after, spoken.as_deref(), out));
        }
        if self.known
            && let Some(after) = self.opener(at)
        {
            return Ok(self.say_first(at, after, None, out));
        }
        let spoken = self.spoken(at, c);
        if spoken.is_err() {
            self.release(at, out);
        }
        let (spoken, after) = spoken?;
        Ok(self.say_first(at, after, spoken.as_deref(), out))
    }

    fn opener<'a>(&self, at: Cursor<'a>) -> Option<Cursor<'a>> {
        let text = at.at_hand();
        let opener = self.words.openers.iter().find(|o| text.starts_with(**o));
        opener.map(|opener| at.skip(opener.len()))
    }

    /// A word up to where it ends, and how it is spoken where that is not as it is written.
    fn spoken<'a>(&self, at: Cursor<'a>, c: char) -> Scan<(Option<String>, Cursor<'a>)> {
        // Nothing is decided by a word that may go on, so no table is asked for it.
        chunk::plain(at)?;
        if let Some((spoken, after)) = atoms::abbreviation::before_number(at, self.words)? {
            return Ok((Some(spoken.to_owned()), after));
        }
        if c.is_ascii_uppercase()
            && let Some((spoken, after)) = atoms::scan(at, self.words)?
        {
            return Ok((Some(spoken), after));
        }
        if let Some((spoken, after)) = atoms::rate(at, self.words)? {
            return Ok((Some(spoken), after));
        }
        chunk::scan(at, self.words)
    }

    /// Says the word that a reply begins with before it is known to be complete, because the
    /// caller waits for it.
    ///
    /// Nearly every reply begins with a capitalised word, and whatever such a word turns out to
    /// be the beginning of is spoken beginning with it, unless a table of the language has it:
    /// then it waits like any other. The price is that a word which comes in pieces leaves in
    /// pieces. The rest of it is decided as if nothing had left.
    fn release(&mut self, at: Cursor<'_>, out: &mut Speech) {
        let word = capitalised(at.at_hand());
        if word.is_empty() || self.words.may_begin_with(word) {
            return;
        }
        self.say_part(word, out);
    }

    /// Says the first word, or what is left of it. Its capitalised beginning is always a part of
    /// its own, so that the map does not tell what was released.
    fn say_first<'a>(
        &mut self,
        at: Cursor<'a>,
        after: Cursor<'a>,
        spoken: Option<&str>,
        out: &mut Speech,
    ) -> Cursor<'a> {
        let word = capitalised(at.until(after));
        let rest = spoken.map_or(Some(None), |spoken| spoken.strip_prefix(word).map(Some));
        let Some(rest) = rest else {
            return self.say(at, after, spoken, out);
        };
        self.say_part(word, out);
        self.released = 0;
        let at = at.skip(word.len());
        if at.until(after).is_empty() {
            self.joined = true;
            return after;
        }
        self.say(at, after, rest, out)
    }

    /// Says what has not been released of the beginning of the first word.
    fn say_part(&mut self, word: &str, out: &mut Speech) {
        let news = word.get(self.released..).unwrap_or_default();
        if !news.is_empty() {
            self.voice.say(out, news, news);
            self.released = word.len();
        }
    }

    fn number<'a>(&mut self, at: Cursor<'a>, out: &mut Speech) -> Scan<Cursor<'a>> {
        match self.atom(at, out)? {
            Some(after) => Ok(after),
            None => self.chunk(at, out),
        }
    }

    fn atom<'a>(&mut self, at: Cursor<'a>, out: &mut Speech) -> Scan<Option<Cursor<'a>>> {
        let found = atoms::scan(at, self.words)?;
        Ok(found.map(|(spoken, after)| self.say(at, after, Some(&spoken), out)))
    }

    fn chunk<'a>(&mut self, at: Cursor<'a>, out: &mut Speech) -> Scan<Cursor<'a>> {
        let (spoken, after) = chunk::scan(at, self.words)?;
        Ok(self.say(at, after, spoken.as_deref(), out))
    }

    /// Says the rest of a word whose beginning has been said.
    fn go_on<'a>(&mut self, at: Cursor<'a>, out: &mut Speech) -> Cursor<'a> {
        let text = at.at_hand();
        let end = text.find(|c| !symbols::joins(c)).unwrap_or(text.len());
        self.say(at, at.skip(end), None, out)
    }

    fn run<'a>(&mut self, at: Cursor<'a>, kind: Kind, out: &mut Speech) -> Cursor<'a> {
        let text = at.at_hand();
        let end = text.find(|c| symbols::kind(c) != kind);
        self.say(at, at.skip(end.unwrap_or(text.len())), None, out)
    }

    fn closing<'a>(&mut self, at: Cursor<'a>, c: char, out: &mut Speech) -> Scan<Cursor<'a>> {
        let after = at.skip(c.len_utf8());
        if !self.joined {
            // An image is its description.
            if c == '!' && after.sees(|c| c == '[')? {
                self.voice.skip(1);
                return Ok(after);
            }
            if c == '.' && after.sees(|c| c.is_ascii_digit())? {
                return Ok(self.say(at, after, None, out));
            }
        }
        self.voice.close(out, at.until(after));
        self.joined = false;
        Ok(after)
    }

    fn dash<'a>(&mut self, at: Cursor<'a>, out: &mut Speech) -> Scan<Cursor<'a>> {
        if !self.joined
            && let Some(after) = self.atom(at, out)?
        {
            return Ok(after);
        }
        let (dashes, after) = at.take(|c| symbols::kind(c) == Kind::Dash)?;
        if let Some(after) = after.eat(|c| c == '>')? {
            return Ok(self.say_sign(at, after, '→', out));
        }
        let hyphen = !dashes.contains('—') && dashes.chars().count() == 1;
        if self.joined && hyphen && after.sees(symbols::joins)? {
            return Ok(self.say(at, after, None, out));
        }
        self.voice.skip(dashes.len());
        self.voice.pause(Pause::Comma);
        self.joined = false;
        Ok(after)
    }

    fn sign<'a>(&mut self, at: Cursor<'a>, c: char, out: &mut Speech) -> Scan<Cursor<'a>> {
        if c == '+'
            && !self.joined
            && let Some(after) = self.atom(at, out)?
        {
            return Ok(after);
        }
        if c == '&'
            && let Some((c, after)) = entity::scan(at)?
        {
            return Ok(self.entity(at, after, c, out));
        }
        let after = at.skip(c.len_utf8());
        if c == '='
            && let Some(after) = after.eat(|c| c == '>')?
        {
            return Ok(self.say_sign(at, after, '→', out));
        }
        Ok(self.say_sign(at, after, c, out))
    }

    /// Says a character that is written as a word.
    fn entity<'a>(
        &mut self,
        at: Cursor<'a>,
        after: Cursor<'a>,
        c: char,
        out: &mut Speech,
    ) -> Cursor<'a> {
        let written = at.until(after);
        if symbols::kind(c) == Kind::Space {
            self.voice.space(written);
            self.joined = false;
            return after;
        }
        if self.known && self.words.symbol(c).is_some() {
            return self.say_sign(at, after, c, out);
        }
        self.voice.say(out, written, c.encode_utf8(&mut [0; 4]));
        self.joined &= c == '\'';
        after
    }

    fn mark<'a>(&mut self, at: Cursor<'a>, c: char, out: &mut Speech) -> Scan<Cursor<'a>> {
        if !self.joined
            && let Some((spoken, after)) = atoms::abbreviation::before_number(at, self.words)?
        {
            self.say(at, after, Some(spoken), out);
            if self.known {
                self.part();
            }
            return Ok(after);
        }
        let after = markdown::inline(at, c)?;
        let dropped = at.until(after).len();
        if dropped == c.len_utf8()
            && let Some((sign, after)) = match self.joined {
                true => relation::tight(at, c)?,
                false => relation::spaced(at, c)?,
            }
        {
            return Ok(self.say_sign(at, after, sign, out));
        }
        // "snake_case"
        let within = c == '_' && self.joined && after.sees(symbols::joins)?;
        self.voice.skip(dropped);
        let apart = matches!(c, '<' | '>') && (dropped > 1 || self.joined);
        if within || apart {
            self.part();
        }
        if c == '|' {
            self.part();
            self.voice.pause(Pause::Comma);
        }
        Ok(after)
    }

    fn other<'a>(&mut self, at: Cursor<'a>, c: char, out: &mut Speech) -> Scan<Cursor<'a>> {
        if (c == '(' || symbols::is_currency(c))
            && let Some(after) = self.atom(at, out)?
        {
            return Ok(after);
        }
        let joined = self.joined && matches!(c, '\'' | '’');
        let after = self.say(at, at.skip(c.len_utf8()), None, out);
        self.joined = joined;
        Ok(after)
    }

    /// Says a sign by its name, where the language has one.
    fn say_sign<'a>(
        &mut self,
        at: Cursor<'a>,
        after: Cursor<'a>,
        sign: char,
        out: &mut Speech,
    ) -> Cursor<'a> {
        let Some(name) = self.words.symbol(sign).filter(|_| self.known) else {
            return self.say(at, after, None, out);
        };
        self.part();
        self.say(at, after, Some(name), out);
        self.part();
        after
    }

    /// Says what was written up to `after`, as it is written if not otherwise.
    fn say<'a>(
        &mut self,
        at: Cursor<'a>,
        after: Cursor<'a>,
        spoken: Option<&str>,
        out: &mut Speech,
    ) -> Cursor<'a> {
        let written = at.until(after);
        let spoken = spoken.filter(|_| self.known).unwrap_or(written);
        self.voice.say(out, written, spoken);
        self.joined = written.chars().next_back().is_some_and(symbols::joins);
        after
    }

    fn part(&mut self) {
        self.voice.part();
        self.joined = false;
    }
}

/// The capital and the small letters that a text begins with; empty where it begins otherwise.
fn capitalised(text: &str) -> &str {
    let mut letters = text.chars();
    let capital = letters.next().filter(|c| c.is_uppercase());
    let small: usize = letters
        .take_while(|c| c.is_lowercase() && symbols::joins(*c))
        .map(char::len_utf8)
        .sum();
    let capital = capital.filter(|_| small > 0).map_or(0, char::len_utf8);
    match capital {
        0 => "",
        _ => text.get(..capital + small).unwrap_or_default(),
    }
}
