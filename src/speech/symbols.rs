//! What single characters are to a voice.

use unicode_properties::UnicodeEmoji;

/// What a character is to a voice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Space,
    /// Part of a word.
    Letter,
    Digit,
    /// A word by itself, of a script that has no spaces.
    Alone,
    /// Joins the word before it: a full stop, a closing bracket.
    Closing,
    Dash,
    /// A word of its own in most languages: "&".
    Sign,
    /// Lays text out; never spoken.
    Mark,
    /// A bullet, an arrow or an emoji: never spoken, and parts words.
    Picture,
    /// Cannot be seen; never spoken.
    Invisible,
    /// Spoken as it is: a quote, an opening bracket, a currency.
    Other,
}

pub(super) fn kind(c: char) -> Kind {
    match c {
        'a'..='z' | 'A'..='Z' => Kind::Letter,
        '0'..='9' => Kind::Digit,
        ' ' | '\t'..='\r' => Kind::Space,
        '.' | ',' | ':' | ';' | '!' | '?' | ')' => Kind::Closing,
        '-' => Kind::Dash,
        '&' | '+' | '=' | '@' | '%' | '/' => Kind::Sign,
        '*' | '_' | '`' | '~' | '#' | '^' | '\\' | '{' | '}' | '<' | '>' | '[' | ']' | '|' => {
            Kind::Mark
        }
        '\0'..='\x7f' if c.is_ascii_control() => Kind::Invisible,
        '\0'..='\x7f' => Kind::Other,
        _ => beyond_ascii(c),
    }
}

fn beyond_ascii(c: char) -> Kind {
    match c {
        '–' | '—' | '−' | '‐' | '‑' | '‒' | '―' => Kind::Dash,
        '…' | '”' | '»' | '。' | '，' | '！' | '？' | '：' | '；' | '、' | '）' | '」' | '؟'
        | '،' => Kind::Closing,
        '¢' | '°' | '§' | '¶' | '±' | '×' | '÷' | '№' | '→' | '≈' | '≠' | '≤' | '≥' | '∞' => {
            Kind::Sign
        }
        '©' | '®' | '¦' | '•' | '‣' | '·' | '⁃' | '∙' | '†' | '‡' => Kind::Picture,
        '\u{80}'..='\u{9f}'
        | '\u{ad}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{20e3}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffd}'
        | '\u{e0000}'..='\u{e0fff}' => Kind::Invisible,
        _ if is_picture(c) => Kind::Picture,
        _ if c.is_whitespace() => Kind::Space,
        _ if is_unspaced(c) => Kind::Alone,
        _ if c.is_alphanumeric() || is_accent(c) => Kind::Letter,
        _ => Kind::Other,
    }
}

/// Whether the character is part of a word.
pub(super) fn joins(c: char) -> bool {
    matches!(kind(c), Kind::Letter | Kind::Digit)
}

pub(super) fn is_currency(c: char) -> bool {
    matches!(c, '$' | '€' | '£' | '¥' | '₹')
}

fn is_picture(c: char) -> bool {
    c >= '\u{2000}'
        && (matches!(c,
            '\u{2190}'..='\u{21ff}'
            | '\u{2300}'..='\u{23ff}'
            | '\u{2500}'..='\u{27bf}'
            | '\u{2b00}'..='\u{2bff}'
            | '\u{1f000}'..='\u{1faff}')
            || c.is_emoji_char())
}

/// Of a script that does not put spaces between words, from Thai to Chinese.
fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{e00}'..='\u{eff}'
        | '\u{1000}'..='\u{109f}'
        | '\u{1780}'..='\u{17ff}'
        | '\u{2e80}'..='\u{2fdf}'
        | '\u{3005}'..='\u{3007}'
        | '\u{3021}'..='\u{a4cf}'
        | '\u{f900}'..='\u{faff}'
        | '\u{ff66}'..='\u{ff9f}'
        | '\u{20000}'..='\u{3ffff}')
}

/// Set on the letter before it; the standard library does not call all of them letters.
fn is_accent(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{36f}'
        | '\u{483}'..='\u{489}'
        | '\u{591}'..='\u{5c7}'
        | '\u{64b}'..='\u{65f}'
        | '\u{900}'..='\u{dff}'
        | '\u{1ab0}'..='\u{1aff}'
        | '\u{1dc0}'..='\u{1dff}'
        | '\u{20d0}'..='\u{20f0}'
        | '\u{fe20}'..='\u{fe2f}')
}
