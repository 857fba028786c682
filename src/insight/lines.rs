//! What was said in a call as operators read it: words in lower case, with the way back to the
//! bytes of the entry.

use crate::insight::Place;
use crate::ports::transcript_sink::{CallerKind, Content, Entry};
use crate::words::{Language, Speaker};

/// What one entry says.
#[derive(Clone, Debug)]
pub(super) struct Spoken<'a> {
    /// The position of the entry among all of the call.
    pub(super) entry: usize,
    pub(super) speaker: Speaker,
    pub(super) text: &'a str,
    pub(super) language: Option<&'a Language>,
    /// The words and marks in lower case, without apostrophes, a blank before and after each, so
    /// that a pattern is written as it is said.
    pub(super) plain: String,
    pub(super) words: Vec<Word>,
}

/// A word, or a mark that ends or divides a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Word {
    /// Where it begins and ends in the text.
    pub(super) start: usize,
    pub(super) end: usize,
    /// Where it begins and ends in the plain text.
    pub(super) from: usize,
    pub(super) to: usize,
}

/// The lines of a call that hold words. Pressed keys are none.
pub(super) fn spoken(entries: &[Entry]) -> Vec<Spoken<'_>> {
    let lines = entries.iter().enumerate();
    let lines = lines.filter_map(|(index, entry)| {
        let (speaker, text) = entry.said()?;
        let language = match &entry.content {
            Content::Caller(line) if line.kind == CallerKind::Keys => return None,
            Content::Caller(line) => line.language.as_ref(),
            Content::Started | Content::Agent(_) | Content::Ended(_) => None,
        };
        let (plain, words) = plain(text);
        Some(Spoken {
            entry: index,
            speaker,
            text,
            language,
            plain,
            words,
        })
    });
    lines.collect()
}

impl Spoken<'_> {
    /// The words alone, without marks.
    pub(super) fn words(&self) -> impl Iterator<Item = (&Word, &str)> {
        let words = self.words.iter().map(|word| (word, self.word(word)));
        words.filter(|(_, text)| text.starts_with(char::is_alphanumeric))
    }

    pub(super) fn word(&self, word: &Word) -> &str {
        self.plain.get(word.from..word.to).unwrap_or_default()
    }

    /// The place of a stretch of the plain text.
    pub(super) fn place(&self, from: usize, to: usize) -> Option<Place> {
        let inside = |word: &&Word| from <= word.from && word.to <= to;
        let is_word = |word: &&Word| self.word(word).starts_with(char::is_alphanumeric);
        let mut words = self.words.iter().filter(inside).filter(is_word);
        let first = words.next()?;
        let last = words.next_back().unwrap_or(first);
        Some(Place {
            entry: self.entry,
            start: first.start,
            end: last.end,
        })
    }

    pub(super) fn whole(&self) -> Place {
        Place {
            entry: self.entry,
            start: 0,
            end: self.text.len(),
        }
    }
}

/// A line begins and ends like a sentence.
const BOUND: &str = " . ";

/// A text in lower case, a blank before and after each word and mark, without hesitations. Letters of scripts that
/// write no blanks are words of their own.
pub(super) fn plain(text: &str) -> (String, Vec<Word>) {
    let mut plain = String::with_capacity(text.len() + 8);
    let mut words: Vec<Word> = Vec::with_capacity(text.len() / 5);
    plain.push_str(BOUND);
    let mut open = false;
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        let joins = c.is_alphanumeric() && !is_unspaced(c);
        if !joins && open && matches!(c, '\'' | '\u{2019}') {
            continue;
        }
        if !(joins && open) {
            if open {
                close(&mut plain, &mut words);
                open = false;
            }
            let divides = matches!(c, '.' | '!' | '?' | ',' | ';' | ':' | '。' | '？' | '！');
            if !(c.is_alphanumeric() || divides) {
                continue;
            }
            words.push(Word {
                start: at,
                end,
                from: plain.len(),
                to: plain.len(),
            });
        }
        match c {
            '。' => plain.push('.'),
            '？' => plain.push('?'),
            '！' => plain.push('!'),
            _ => plain.extend(c.to_lowercase()),
        }
        if let Some(word) = words.last_mut() {
            (word.end, word.to) = (end, plain.len());
        }
        match joins {
            true => open = true,
            false => plain.push(' '),
        }
    }
    if open {
        close(&mut plain, &mut words);
    }
    plain.push_str(BOUND.trim_start());
    (plain, words)
}

/// Ends a word, or takes it back where it is a sound of hesitation: "speak to um somebody".
fn close(plain: &mut String, words: &mut Vec<Word>) {
    let last = words.last().copied();
    let hesitates = |word: &Word| {
        let said = plain.get(word.from..word.to).unwrap_or_default();
        HESITATIONS.contains(&said)
    };
    match last.filter(hesitates) {
        Some(word) => {
            plain.truncate(word.from);
            words.pop();
        }
        None => plain.push(' '),
    }
}

/// Sounds that are a word in none of the languages: "er" and "um" are, in German, "um" says little.
const HESITATIONS: [&str; 9] = ["um", "uh", "erm", "uhm", "umm", "uhh", "äh", "ähm", "euh"];

/// Letters of scripts that put no blanks between words.
fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{0E00}'..='\u{0EFF}' // Thai and Lao
        | '\u{1000}'..='\u{109F}' // Burmese
        | '\u{1780}'..='\u{17FF}' // Khmer
        | '\u{3040}'..='\u{30FF}' // Kana
        | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' // Han
    )
}

#[cfg(test)]
mod tests;
