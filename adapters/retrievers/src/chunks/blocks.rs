//! The outline of a document: its blocks, in order, without what lies inside of them.

use std::ops::Range;

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use crate::documents::Markup;

/// A heading, a paragraph, a table: whatever stands on lines of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Block {
    pub(super) kind: Kind,
    /// From the start of its first line.
    pub(super) range: Range<usize>,
    /// Where its items or rows begin, the head of a table first.
    pub(super) parts: Vec<usize>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Heading { level: u8, words: Box<str> },
    Prose,
    List,
    Table,
    Code,
    FrontMatter,
}

/// So much is parsed at a time: the parser holds every word of what it is given.
const WINDOW: usize = 1024 * 1024;

/// All blocks of a text; outside of them are spaces and line ends only.
pub(super) fn read(text: &str, markup: Markup) -> Vec<Block> {
    match markup {
        Markup::Markdown => markdown(text),
        Markup::Plain => paragraphs(text),
    }
}

/// The words of a part of a text.
pub(super) fn slice(text: &str, range: Range<usize>) -> &str {
    text.get(range).unwrap_or_default()
}

/// The words of a heading whose start has just been read.
pub(crate) fn heading_words<'a>(events: &mut impl Iterator<Item = Event<'a>>) -> String {
    let inside = events.take_while(|event| !matches!(event, Event::End(TagEnd::Heading(_))));
    let words = inside.filter_map(|event| match event {
        Event::Text(text) | Event::Code(text) => Some(text.into_string()),
        Event::SoftBreak | Event::HardBreak => Some(" ".to_owned()),
        _ => None,
    });
    words.collect::<String>().trim().to_owned()
}

fn paragraphs(text: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let (mut at, mut open) = (0, false);
    for line in text.split_inclusive('\n') {
        let range = at..at + line.len();
        at = range.end;
        let blank = line.trim().is_empty();
        match blocks.last_mut() {
            _ if blank => {}
            Some(last) if open => last.range.end = range.end,
            _ => blocks.push(Block::prose(range)),
        }
        open = !blank;
    }
    blocks
}

fn markdown(text: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let (mut from, mut covered) = (0, 0);
    while from < text.len() {
        let to = window(text, from);
        let mut found = parse(text, from..to);
        if to == text.len() {
            from = to;
        } else if found.len() > 1
            && let Some(unfinished) = found.pop()
        {
            from = unfinished.range.start;
        } else {
            // One block fills the window. It ends here, unless what follows would be mistaken
            // for something else.
            let rest = found.first_mut().map(|block| go_on(text, block, to));
            from = rest.unwrap_or(to);
        }
        for block in found {
            push(text, &mut blocks, &mut covered, block);
        }
    }
    let end = text.len();
    push(text, &mut blocks, &mut covered, Block::prose(end..end));
    blocks
}

/// Adds a block, and what the parser passed over before it: definitions of links.
fn push(text: &str, blocks: &mut Vec<Block>, covered: &mut usize, block: Block) {
    let before = *covered..block.range.start;
    *covered = block.range.end;
    if !slice(text, before.clone()).trim().is_empty() {
        blocks.push(Block::prose(before));
    }
    if !block.range.is_empty() {
        blocks.push(block);
    }
}

/// Where a window ends: after a line, where there is one.
fn window(text: &str, from: usize) -> usize {
    let Some(far) = from.checked_add(WINDOW).filter(|far| *far < text.len()) else {
        return text.len();
    };
    let far = text.floor_char_boundary(far);
    match slice(text, from..far).rfind('\n') {
        Some(line) => from + line + 1,
        None => far,
    }
}

fn parse(text: &str, window: Range<usize>) -> Vec<Block> {
    let mut options = Options::ENABLE_TABLES;
    options.set(
        Options::ENABLE_YAML_STYLE_METADATA_BLOCKS,
        window.start == 0,
    );
    let mut blocks: Vec<Block> = Vec::new();
    let mut depth = 0_usize;
    let mut events = Parser::new_ext(slice(text, window.clone()), options).into_offset_iter();
    while let Some((event, range)) = events.next() {
        let start = window.start + range.start;
        match event {
            Event::Start(Tag::Heading { level, .. }) if depth == 0 => {
                let words = heading_words(&mut events.by_ref().map(|(event, _)| event));
                let kind = Kind::Heading {
                    level: rank(level),
                    words: words.into(),
                };
                blocks.push(Block::new(text, kind, start..window.start + range.end));
            }
            Event::Start(tag) => {
                if depth == 0 {
                    let kind = kind(&tag, start);
                    blocks.push(Block::new(text, kind, start..window.start + range.end));
                }
                if depth == 1
                    && matches!(tag, Tag::Item | Tag::TableHead | Tag::TableRow)
                    && let Some(block) = blocks.last_mut()
                {
                    block.parts.push(line_start(text, start));
                }
                depth += 1;
            }
            Event::End(_) => depth = depth.saturating_sub(1),
            _ if depth == 0 => {
                let range = start..window.start + range.end;
                blocks.push(Block::new(text, Kind::Prose, range));
            }
            _ => {}
        }
    }
    blocks
}

fn kind(tag: &Tag<'_>, start: usize) -> Kind {
    match tag {
        Tag::List(_) => Kind::List,
        Tag::Table(_) => Kind::Table,
        Tag::CodeBlock(_) => Kind::Code,
        Tag::MetadataBlock(_) if start == 0 => Kind::FrontMatter,
        _ => Kind::Prose,
    }
}

/// Where a table or a fenced block ends that goes on beyond its window.
fn go_on(text: &str, block: &mut Block, from: usize) -> usize {
    let fence = match block.kind {
        Kind::Code => fence(slice(text, block.range.clone())),
        Kind::Table => None,
        Kind::Heading { .. } | Kind::Prose | Kind::List | Kind::FrontMatter => return from,
    };
    if block.kind == Kind::Code && fence.is_none() {
        return from;
    }
    block.range.end = from;
    for line in slice(text, from..text.len()).split_inclusive('\n') {
        let start = block.range.end;
        let last = match fence {
            Some(fence) => line.trim().starts_with(fence),
            None if line.trim().is_empty() => break,
            None => false,
        };
        block.range.end = start + line.len();
        if block.kind == Kind::Table {
            block.parts.push(start);
        }
        if last {
            break;
        }
    }
    block.range.end
}

/// The marks that open a fenced block of code, and close it.
fn fence(code: &str) -> Option<&str> {
    let code = code.trim_start();
    let mark = code.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let after = code.trim_start_matches(mark);
    code.get(..code.len() - after.len())
}

fn line_start(text: &str, at: usize) -> usize {
    slice(text, 0..at).rfind('\n').map_or(0, |end| end + 1)
}

fn rank(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}

impl Block {
    fn new(text: &str, kind: Kind, range: Range<usize>) -> Self {
        Self {
            kind,
            range: line_start(text, range.start)..range.end,
            parts: Vec::new(),
        }
    }

    fn prose(range: Range<usize>) -> Self {
        Self {
            kind: Kind::Prose,
            range,
            parts: Vec::new(),
        }
    }
}
