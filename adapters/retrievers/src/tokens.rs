//! Estimates what a text costs in tokens, rather too many than too few.

/// About how many tokens a model makes of the text, whatever its tokenizer.
///
/// A run of up to six ASCII letters counts as one, a digit, a sign and a line's end as one each,
/// a space between words as none. Any other character counts a half for each of its bytes in
/// UTF-8: one for `é` or `ж`, one and a half for `洗`, two for an emoji. On English text that is
/// above what current vendors count by a tenth to a third.
pub fn estimate(text: &str) -> usize {
    let (mut halves, mut letters, mut spaces) = (0_usize, 0_usize, 0_usize);
    for c in text.chars() {
        letters = match c.is_ascii_alphabetic() {
            true => letters + 1,
            false => 0,
        };
        spaces = match c {
            ' ' | '\t' => spaces + 1,
            _ => 0,
        };
        halves += match c {
            'a'..='z' | 'A'..='Z' if letters % 6 != 1 => 0,
            // The first belongs to the next word, four more make a token of their own.
            ' ' | '\t' if spaces % 4 != 2 => 0,
            c if c.is_ascii() => 2,
            c => c.len_utf8(),
        };
    }
    halves.div_ceil(2)
}
