//! Turns written text into text that can be spoken, piece by piece, and keeps the way back.

use crate::words::Language;

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
        self.atoms.push(Atom {
            spoken: text.len(),
            written: text.len(),
            verbatim: true,
        });
    }

    /// Adds what is spoken next.
    pub fn append(&mut self, next: Speech) {
        self.text.push_str(&next.text);
        self.atoms.extend(next.atoms);
    }
}

/// How much was written for the first `spoken` bytes of speech: atoms that are spoken otherwise
/// than they are written count when they are wholly spoken.
pub fn written_before(atoms: &[Atom], spoken: usize) -> usize {
    let (mut left, mut written) = (spoken, 0);
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

/// What belongs together: a word, a price, an address, a run of plain text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Atom {
    /// How many bytes of the spoken text it is. May be 0 (a dropped symbol).
    pub spoken: usize,
    /// How many bytes of the written text it stands for.
    pub written: usize,
    /// Spoken and written are the same bytes, so a place within it can be mapped.
    pub verbatim: bool,
}

/// Formats one reply as it streams in.
#[derive(Debug)]
pub struct Formatter {
    held: String,
}

impl Formatter {
    pub fn new(_style: &Style, _language: &Language) -> Self {
        Self {
            held: String::new(),
        }
    }

    /// Takes more of the written reply and answers what can be spoken now; may be empty.
    pub fn push(&mut self, written: &str) -> Speech {
        let _ = &self.held;
        let atom = Atom {
            spoken: written.len(),
            written: written.len(),
            verbatim: true,
        };
        Speech {
            text: written.to_owned(),
            atoms: vec![atom],
        }
    }

    /// The reply is complete: answers what was held back.
    pub fn finish(&mut self) -> Speech {
        Speech::default()
    }
}
