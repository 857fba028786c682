//! Characters that HTML writes as words: "&amp;" and its like.

use super::cursor::{Cursor, Scan};

/// A space that does not break.
pub(super) const SPACE: &str = "&nbsp;";

const ENTITIES: [(&str, char); 12] = [
    (SPACE, '\u{a0}'),
    ("&#160;", '\u{a0}'),
    ("&amp;", '&'),
    ("&#38;", '&'),
    ("&lt;", '<'),
    ("&#60;", '<'),
    ("&gt;", '>'),
    ("&#62;", '>'),
    ("&quot;", '"'),
    ("&#34;", '"'),
    ("&apos;", '\''),
    ("&#39;", '\''),
];

/// The character that is written here, and the place after it.
pub(super) fn scan(at: Cursor<'_>) -> Scan<Option<(char, Cursor<'_>)>> {
    for (written, c) in ENTITIES {
        if let Some(after) = at.eat_str(written)? {
            return Ok(Some((c, after)));
        }
    }
    Ok(None)
}
