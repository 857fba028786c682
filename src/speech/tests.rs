//! What is written and what is spoken, in the four languages and in one that is not known; how a
//! reply streams; and what holds for any text.

mod english;
mod figures;
mod languages;
mod markdown;
mod properties;
mod stream;

use expect_test::Expect;

use super::{Atom, Formatter, Speech, Style, is_speakable};
use crate::words::Language;

const STYLE: Style = Style {
    format: true,
    pace: 15.0,
};

#[test]
fn a_letter_or_digit_of_any_script_is_speakable() {
    for speech in ["Yes.", " 5", "é", "漢", "ไทย", "٣", "…a"] {
        assert!(is_speakable(speech), "{speech:?}");
    }
    for speech in ["", " \n", "...", "—", "?!", "😀", "\u{200b}"] {
        assert!(!is_speakable(speech), "{speech:?}");
    }
}

/// Lists how each of these replies is spoken, however it is split.
fn check(language: &str, replies: &[&str], expected: Expect) {
    let mut table = String::new();
    for reply in replies {
        let whole = speak(language, [*reply]);
        let mut buffer = [0; 4];
        let mut formatter = formatter(language);
        let mut letters: Vec<Speech> = Vec::new();
        for c in reply.chars() {
            letters.push(push(&mut formatter, c.encode_utf8(&mut buffer)));
        }
        letters.push(finish(&mut formatter));
        assert_eq!(join(letters), whole, "{reply:?} letter by letter");
        table += &format!("{} => {}\n", shown(reply), shown(&whole.text));
    }
    expected.assert_eq(&table);
}

/// Text on one line, with what cannot be seen.
fn shown(text: &str) -> String {
    let invisible = |c| matches!(c, '\u{ad}' | '\u{200b}' | '\u{feff}');
    text.chars().fold(String::new(), |shown, c| match c {
        '\n' => shown + "⏎",
        _ if invisible(c) => format!("{shown}{}", c.escape_unicode()),
        _ => format!("{shown}{c}"),
    })
}

/// A reply that arrives in these pieces, spoken.
fn speak<'a>(language: &str, pieces: impl IntoIterator<Item = &'a str>) -> Speech {
    let mut formatter = formatter(language);
    let pieces = pieces.into_iter();
    let mut spoken: Vec<_> = pieces.map(|piece| push(&mut formatter, piece)).collect();
    spoken.push(finish(&mut formatter));
    join(spoken)
}

/// What a piece adds.
fn push(formatter: &mut Formatter, piece: &str) -> Speech {
    let mut out = Speech::default();
    formatter.push(piece, &mut out);
    out
}

/// What the end adds.
fn finish(formatter: &mut Formatter) -> Speech {
    let mut out = Speech::default();
    formatter.finish(&mut out);
    out
}

fn formatter(language: &str) -> Formatter {
    Formatter::new(&STYLE, &Language::new(language))
}

/// Pieces as one: what is verbatim and adjoins is one run.
fn join(pieces: impl IntoIterator<Item = Speech>) -> Speech {
    let mut whole = Speech::default();
    for piece in pieces {
        whole.text += &piece.text;
        for atom in piece.atoms {
            match whole.atoms.last_mut() {
                Some(last) if last.verbatim && atom.verbatim => {
                    last.spoken += atom.spoken;
                    last.written += atom.written;
                }
                _ => whole.atoms.push(atom),
            }
        }
    }
    whole
}

fn atom(spoken: usize, written: usize, verbatim: bool) -> Atom {
    Atom {
        spoken,
        written,
        verbatim,
    }
}
