//! Where sentences begin, in text as people type it: lines are wrapped, and not every full stop
//! ends a sentence.

use unicode_segmentation::UnicodeSegmentation as _;

/// Words before a full stop that go on with a capital letter or a number, in small letters.
const ABBREVIATIONS: [&str; 54] = [
    "abs", "al", "approx", "appt", "art", "av", "ave", "bl", "bldg", "bspw", "bzw", "ca", "cf",
    "co", "corp", "dept", "dr", "e.g", "eg", "est", "ext", "fig", "fr", "ggf", "gov", "hr", "i.e",
    "incl", "inkl", "jr", "ltd", "max", "min", "mlle", "mme", "mr", "mrs", "ms", "mt", "no", "nr",
    "núm", "pp", "prof", "sr", "sra", "st", "str", "tel", "u.s", "vol", "vs", "z.b", "zzgl",
];

/// The places in a text where a sentence begins, the first at 0; nothing for an empty text.
pub(super) fn starts(text: &str) -> Vec<usize> {
    let mut starts = Vec::new();
    for (at, segment) in text.split_sentence_bound_indices() {
        let begins = match text.get(..at) {
            Some("") => true,
            Some(_) if segment.trim().is_empty() => false,
            Some(before) => ends(before, segment),
            None => false,
        };
        if begins {
            starts.push(at);
        }
    }
    starts
}

/// Whether a sentence is over where Unicode's rules see an end: after a full stop or a line.
fn ends(before: &str, after: &str) -> bool {
    let words = before.trim_end();
    let lines = before.get(words.len()..).unwrap_or_default();
    match lines.matches('\n').count() {
        0 => !abbreviated(words),
        1 if after
            .trim_start()
            .starts_with(['-', '*', '+', '|', '>', '•']) =>
        {
            true
        }
        1 => closed(words) && !abbreviated(words),
        _ => true,
    }
}

fn closed(words: &str) -> bool {
    let words = words.trim_end_matches(|c: char| "\"'”’»)]*_`".contains(c));
    words.ends_with([
        '.', '!', '?', '…', ':', '。', '！', '？', '｡', '：', '؟', '۔', '।', '॥',
    ])
}

fn abbreviated(words: &str) -> bool {
    let Some(words) = words.strip_suffix('.') else {
        return false;
    };
    let starts = |c: char| c.is_whitespace() || "([\"'“‘«".contains(c);
    let word = words.rsplit(starts).next().unwrap_or_default();
    let mut letters = word.chars();
    let initial = letters.next().is_some_and(char::is_uppercase) && letters.next().is_none();
    // No abbreviation is longer, and a word without spaces may be.
    initial || word.len() <= 8 && ABBREVIATIONS.contains(&word.to_lowercase().as_str())
}
