//! Cuts a text into sentences.

/// The sentences of a text, without the blanks around them.
pub(super) fn sentences(text: &str) -> Vec<&str> {
    let mut sentences = Vec::new();
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let ends = match c {
            '。' | '？' | '！' => true,
            '.' | '!' | '?' => is_end(text, at, chars.peek().map(|(_, next)| *next)),
            _ => false,
        };
        if ends {
            let end = at + c.len_utf8();
            sentences.extend(text.get(start..end));
            start = end;
        }
    }
    sentences.extend(text.get(start..));
    let sentences = sentences.into_iter().map(str::trim);
    sentences.filter(|sentence| !sentence.is_empty()).collect()
}

/// A mark in "2.5", "e.g. this" and "Mr. Smith" ends no sentence.
fn is_end(text: &str, at: usize, next: Option<char>) -> bool {
    if !next.is_none_or(char::is_whitespace) {
        return false;
    }
    let after = text.get(at + 1..).unwrap_or_default().trim_start();
    let before = text.get(..at).unwrap_or_default();
    let last = before
        .rsplit(char::is_whitespace)
        .next()
        .unwrap_or_default();
    !after.starts_with(char::is_lowercase) && !ABBREVIATIONS.contains(&last)
}

const ABBREVIATIONS: [&str; 11] = [
    "Mr", "Mrs", "Ms", "Dr", "St", "No", "Nr", "Sr", "Sra", "approx", "Co",
];
