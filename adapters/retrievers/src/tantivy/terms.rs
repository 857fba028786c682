//! How words become terms: one analysis for what is indexed and what is asked.
//!
//! Whatever a caller can say in two ways becomes one term: case, accents, word forms, numbers as
//! words or digits, units by name or sign, letters spoken one by one.

use std::collections::BTreeSet;

use rust_stemmers::Stemmer;
use voicera::words::Language;

mod cut;

mod fold;

mod languages;

mod numbers;

mod spoken;

use cut::Piece;
use languages::Tongue;

/// Names this analysis in recipes. Whoever changes what terms a text becomes changes this too.
pub(super) const VERSION: &str = "words 1";

/// How the words of a knowledge base become terms.
#[derive(Clone, Debug)]
pub(super) struct Analysis {
    /// Folded words that have no stem.
    protected: BTreeSet<String>,
}

/// A word as the index knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Term {
    pub(super) text: String,
    /// Where it stands, counted in words. Several terms of one word stand in one place.
    pub(super) position: u32,
}

/// A word of a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) term: Term,
    /// The word before it was reduced to its stem.
    pub(super) word: String,
    /// It carries no meaning in a question.
    pub(super) stop: bool,
}

/// A word on its way to be a term.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Lexeme {
    /// Folded.
    text: String,
    /// Without a stem: a number, an identifier, an abbreviation.
    exact: bool,
    /// In capitals, as an abbreviation.
    capital: bool,
    /// The compound that begins with it, in one piece.
    whole: Option<String>,
}

impl Analysis {
    pub(super) fn new(protected: &BTreeSet<String>) -> Self {
        let protected = protected.iter().map(|word| fold::fold(word)).collect();
        Self { protected }
    }

    /// The terms of a text that is to be found.
    pub(super) fn of_text(&self, text: &str, language: &Language) -> Vec<Term> {
        let tongue = Tongue::of(language);
        let stemmer = tongue.stemmer();
        let mut terms = Vec::new();
        for (position, lexeme) in (0_u32..).zip(lexemes(text, tongue)) {
            if let Some(text) = lexeme.whole.clone() {
                terms.push(Term { text, position });
            }
            let text = self.term(lexeme, stemmer.as_ref());
            terms.push(Term { text, position });
        }
        terms
    }

    /// The words of a question, in their order.
    pub(super) fn of_question(&self, text: &str, language: &Language) -> Vec<Asked> {
        let tongue = Tongue::of(language);
        let stemmer = tongue.stemmer();
        let mut asked = Vec::new();
        for (position, lexeme) in (0_u32..).zip(lexemes(text, tongue)) {
            if let Some(text) = lexeme.whole.clone() {
                let (term, word) = (
                    Term {
                        text: text.clone(),
                        position,
                    },
                    text,
                );
                asked.push(Asked {
                    term,
                    word,
                    stop: false,
                });
            }
            let word = lexeme.text.clone();
            let stop = !lexeme.exact && !lexeme.capital && tongue.stops(&word);
            let text = self.term(lexeme, stemmer.as_ref());
            asked.push(Asked {
                term: Term { text, position },
                word,
                stop,
            });
        }
        asked
    }

    /// The term of a folded word.
    pub(super) fn stem(&self, word: &str, language: &Language) -> String {
        let text = word.to_owned();
        let lexeme = Lexeme {
            text,
            ..Lexeme::default()
        };
        self.term(lexeme, Tongue::of(language).stemmer().as_ref())
    }

    fn term(&self, lexeme: Lexeme, stemmer: Option<&Stemmer>) -> String {
        match stemmer {
            Some(stemmer)
                if !lexeme.exact && !lexeme.capital && !self.protected.contains(&lexeme.text) =>
            {
                stemmer.stem(&lexeme.text).into_owned()
            }
            Some(_) | None => lexeme.text,
        }
    }
}

fn lexemes(text: &str, tongue: Tongue) -> Vec<Lexeme> {
    let mut lexemes = Vec::new();
    for piece in cut::pieces(text) {
        match piece {
            Piece::Word(word) => cut::compound(word, tongue, &mut lexemes),
            Piece::Sign(sign) => lexemes.push(Lexeme::exact(sign)),
            Piece::Unspaced(run) => cut::unspaced(run, &mut lexemes),
        }
    }
    spoken::normalise(lexemes, tongue)
}

impl Lexeme {
    fn exact(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            exact: true,
            ..Self::default()
        }
    }
}
