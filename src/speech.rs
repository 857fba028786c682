//! Turns written text into text that can be spoken, piece by piece, and keeps the way back.
//!
//! ```text
//! formatter   takes a reply as it streams in, and holds back what may still change
//! reader      reads it a step at a time: says or drops what stands there
//! cursor      how far ahead may be looked, and what is said when that does not decide
//! voice       puts words together: spaces, pauses and the map back to what was written
//! markdown    marks that lay text out and are never spoken
//! entity      characters that HTML writes as words
//! relation    marks that are spoken between two things
//! symbols     single characters: emoji, signs, punctuation
//! chunk       a word with its punctuation, where nothing else knows better
//! atoms       what belongs together: prices, ranges, dates, telephone numbers, addresses
//! words       what each language calls all of these
//! ```

mod atoms;
mod chunk;
mod cursor;
mod entity;
mod formatter;
mod markdown;
mod reader;
mod relation;
mod symbols;
mod voice;
mod words;

pub use formatter::Formatter;

/// How written text becomes speech.
#[derive(Clone, Debug, PartialEq)]
pub struct Style {
    /// Off: text is spoken as it is written.
    pub format: bool,
    /// How fast the agent's voice speaks, in characters a second; for estimating what was heard.
    pub pace: f64,
}

/// A piece of speech that is ready to be spoken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Speech {
    /// Speakable text. Pieces are spoken as one text: spaces between words are part of it.
    pub text: String,
    /// The way back to what was written: the pieces' atoms in order, covering `text` exactly.
    pub atoms: Vec<Atom>,
}

impl Speech {
    /// Adds text that is spoken as it is written.
    pub fn push_verbatim(&mut self, text: &str) {
        self.text.push_str(text);
        self.push_atom(Atom {
            spoken: text.len(),
            written: text.len(),
            verbatim: true,
        });
    }

    /// Adds to the way back.
    pub fn push_atom(&mut self, atom: Atom) {
        match self.atoms.last_mut() {
            // Plain text is one atom, however many pieces it came in.
            Some(last) if last.verbatim && atom.verbatim => {
                last.spoken += atom.spoken;
                last.written += atom.written;
            }
            _ => self.atoms.push(atom),
        }
    }
}

/// What belongs together: a word, a price, an address, a run of plain text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Atom {
    /// How many bytes of the spoken text it is. May be 0 (a dropped symbol).
    pub spoken: usize,
    /// How many bytes of the written text it stands for. May be 0 (a space that was added).
    pub written: usize,
    /// Spoken and written are the same bytes, so a place within it can be mapped.
    pub verbatim: bool,
}

/// How many written bytes the first `spoken` bytes of speech cover.
///
/// What was dropped before that place counts; a translated atom that was only partly spoken does
/// not.
pub fn written_before(atoms: &[Atom], spoken: usize) -> usize {
    let mut left = spoken;
    let mut written = 0;
    for atom in atoms {
        if atom.spoken > left {
            return if atom.verbatim {
                written + left
            } else {
                written
            };
        }
        left -= atom.spoken;
        written += atom.written;
    }
    written
}

/// Whether a voice has anything to say of the text: a letter or a digit of any script is in it.
pub fn is_speakable(text: &str) -> bool {
    text.contains(char::is_alphanumeric)
}

#[cfg(test)]
mod tests;
