//! Marks that lay text out: what a line opens with, and links. Emphasis and code marks are single
//! characters that are dropped wherever they stand.

use super::cursor::{Cursor, Scan};
use super::symbols::{self, Kind};
use super::voice::Pause;

/// What a line belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Block {
    #[default]
    Text,
    Heading,
    Item,
    Row,
    Code,
}

/// What a line opens with, and the place after it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Opening<'a> {
    /// Nothing: a line of text, or of the block it goes on.
    Text,
    /// A quote; the line opens again after it.
    Quote(Cursor<'a>),
    Block(Block, Cursor<'a>),
    /// An item with its number.
    Numbered(Cursor<'a>),
    /// A line across.
    Rule(Cursor<'a>),
    /// Code begins or ends.
    Fence(Cursor<'a>),
}

/// What the line opens with that begins here.
pub(super) fn opening<'a>(at: Cursor<'a>, block: Block) -> Scan<Opening<'a>> {
    let Some(first) = at.peek()? else {
        return Ok(Opening::Text);
    };
    match first {
        '`' | '~' => fence(at, first, block),
        _ if block == Block::Code => Ok(Opening::Text),
        '#' => heading(at),
        '>' => quote(at),
        '|' => row(at),
        '0'..='9' => numbered(at),
        '-' | '*' | '+' | '_' | '=' | '–' | '—' | '•' | '‣' | '·' | '◦' | '▪' | '●' | '○' => {
            item(at, first)
        }
        _ => Ok(Opening::Text),
    }
}

/// The pause between a line and the next.
pub(super) fn pause(before: Block, after: Block, blank: bool, indent: usize) -> Option<Pause> {
    match (before, after) {
        (Block::Code, _) => Some(Pause::Comma),
        (Block::Heading | Block::Row, _) | (Block::Item, Block::Item) => Some(Pause::Stop),
        // An indented line goes on with the item.
        (Block::Item, Block::Text) if !blank && indent >= 2 => None,
        (Block::Item, _) => Some(Pause::Stop),
        (Block::Text, Block::Item | Block::Row) => Some(Pause::Comma),
        (Block::Text, Block::Heading | Block::Code) => Some(Pause::Stop),
        (Block::Text, Block::Text) => blank.then_some(Pause::Stop),
    }
}

fn fence<'a>(at: Cursor<'a>, mark: char, block: Block) -> Scan<Opening<'a>> {
    let (marks, after) = at.take(|c| c == mark)?;
    if marks.len() < 3 {
        return Ok(Opening::Text);
    }
    // The language of the code is not spoken; code on the same line is.
    let (_, end) = after.take(|c| c != '\n' && c != '`')?;
    let inline = end.sees(|c| c == '`')?;
    Ok(if inline && block != Block::Code {
        Opening::Text
    } else {
        Opening::Fence(end)
    })
}

fn heading(at: Cursor<'_>) -> Scan<Opening<'_>> {
    let (marks, after) = at.take(|c| c == '#')?;
    let heading = marks.len() <= 6 && after.sees(|c| matches!(c, ' ' | '\t'))?;
    Ok(if heading {
        Opening::Block(Block::Heading, after)
    } else {
        Opening::Text
    })
}

fn quote(at: Cursor<'_>) -> Scan<Opening<'_>> {
    let after = at.skip(1);
    if after.sees(|c| c == '=')? {
        return Ok(Opening::Text);
    }
    // "> 5 kg" is more than that.
    let amount = match after.eat(|c| c == ' ')? {
        Some(next) => next.sees(|c| c.is_ascii_digit())?,
        None => after.sees(|c| c.is_ascii_digit())?,
    };
    Ok(if amount {
        Opening::Text
    } else {
        Opening::Quote(after)
    })
}

fn row(at: Cursor<'_>) -> Scan<Opening<'_>> {
    let after = at.skip(1);
    let (rule, end) = after.take(|c| matches!(c, '|' | '-' | ':' | ' ' | '\t'))?;
    let across = rule.contains('-') && end.peek()?.is_none_or(|c| c == '\n' || c == '\r');
    Ok(Opening::Block(Block::Row, if across { end } else { after }))
}

fn numbered(at: Cursor<'_>) -> Scan<Opening<'_>> {
    let (digits, after) = at.take(|c| c.is_ascii_digit())?;
    if digits.len() > 3 {
        return Ok(Opening::Text);
    }
    let Some(after) = after.eat(|c| matches!(c, '.' | ')'))? else {
        return Ok(Opening::Text);
    };
    let spaced = after.sees(|c| matches!(c, ' ' | '\t'))?;
    Ok(if spaced {
        Opening::Numbered(after)
    } else {
        Opening::Text
    })
}

fn item(at: Cursor<'_>, mark: char) -> Scan<Opening<'_>> {
    let (marks, after) = at.take(|c| c == mark)?;
    let spaced = after.sees(|c| symbols::kind(c) == Kind::Space)?;
    if marks.len() == mark.len_utf8() {
        if !spaced || matches!(mark, '_' | '=') {
            return Ok(Opening::Text);
        }
        return Ok(Opening::Block(Block::Item, task(after)?));
    }
    let (_, end) = after.take(|c| matches!(c, ' ' | '\t' | '\r'))?;
    let rule = marks.len() >= 3 && end.peek()?.is_none_or(|c| c == '\n');
    Ok(if rule {
        Opening::Rule(end)
    } else {
        Opening::Text
    })
}

/// Past the box of a task, if there is one.
fn task(at: Cursor<'_>) -> Scan<Cursor<'_>> {
    for mark in [" [ ]", " [x]", " [X]"] {
        if let Some(after) = at.eat_str(mark)? {
            return Ok(after);
        }
    }
    Ok(at)
}

/// Past what is not spoken of a mark that begins here; the mark alone, where nothing is known.
pub(super) fn inline(at: Cursor<'_>, mark: char) -> Scan<Cursor<'_>> {
    let after = at.skip(mark.len_utf8());
    let end = match mark {
        '[' => footnote(after)?,
        ']' => target(after)?,
        '<' | '>' if after.sees(|c| c == mark)? => Some(after.take(|c| c == mark)?.1),
        '<' => tag(after)?,
        _ => None,
    };
    Ok(end.unwrap_or(after))
}

/// Past "1]" or "^note]".
fn footnote(at: Cursor<'_>) -> Scan<Option<Cursor<'_>>> {
    let (_, name) = at.take(|c| c == '^')?;
    let noted = !at.until(name).is_empty();
    let (_, end) = name.take(|c| c.is_ascii_digit() || (noted && c.is_alphanumeric()))?;
    if name.until(end).is_empty() {
        return Ok(None);
    }
    let Some(after) = end.eat(|c| c == ']')? else {
        return Ok(None);
    };
    // "[1](…)" is a link with a text.
    Ok((!after.sees(|c| c == '(')?).then_some(after))
}

/// Past "(address)" or "[reference]" after the text of a link.
fn target(at: Cursor<'_>) -> Scan<Option<Cursor<'_>>> {
    if let Some(start) = at.eat(|c| c == '(')? {
        let mut depth = 0_u32;
        let mut end = start;
        while let Some(c) = end.peek()? {
            match c {
                '\n' => return Ok(None),
                '(' => depth += 1,
                ')' if depth == 0 => return Ok(Some(end.skip(1))),
                ')' => depth -= 1,
                _ => {}
            }
            end = end.skip(c.len_utf8());
        }
        return Ok(None);
    }
    let Some(start) = at.eat(|c| c == '[')? else {
        return Ok(None);
    };
    let (_, end) = start.take(|c| !matches!(c, ']' | '[' | '\n'))?;
    end.eat(|c| c == ']')
}

/// Past a tag of HTML or a token that steers a model; an address in angle brackets is neither.
fn tag(at: Cursor<'_>) -> Scan<Option<Cursor<'_>>> {
    let bar = |c| matches!(c, '|' | '｜');
    if let Some(token) = at.eat(bar)? {
        let (_, end) = token.take(|c| is_name(c) || matches!(c, '▁' | ' '))?;
        return end.eat(bar)?.map_or(Ok(None), |end| end.eat(|c| c == '>'));
    }
    if at.sees(|c| c == '!')? {
        let (_, end) = at.take(|c| !matches!(c, '<' | '>' | '\n'))?;
        return end.eat(|c| c == '>');
    }
    let start = at.eat(|c| c == '/')?.unwrap_or(at);
    if !start.sees(|c| c.is_ascii_alphabetic())? {
        return Ok(None);
    }
    let (_, mut end) = start.take(is_name)?;
    loop {
        let (space, next) = end.take(|c| c == ' ')?;
        let last = next.eat(|c| c == '/')?.unwrap_or(next);
        if let Some(after) = last.eat(|c| c == '>')? {
            return Ok(Some(after));
        }
        // Words without values are the text between "a < b" and "c > d".
        let Some(after) = attribute(next)?.filter(|_| !space.is_empty()) else {
            return Ok(None);
        };
        end = after;
    }
}

/// Past "name=value".
fn attribute(at: Cursor<'_>) -> Scan<Option<Cursor<'_>>> {
    let (name, after) = at.take(is_name)?;
    let Some(value) = after.eat(|c| c == '=')?.filter(|_| !name.is_empty()) else {
        return Ok(None);
    };
    for quote in ['"', '\''] {
        if let Some(start) = value.eat(|c| c == quote)? {
            let (_, end) = start.take(|c| c != quote && c != '\n')?;
            return end.eat(|c| c == quote);
        }
    }
    let (_, end) = value.take(|c| !matches!(c, ' ' | '<' | '>' | '\n'))?;
    Ok(Some(end))
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '_' | ':')
}
