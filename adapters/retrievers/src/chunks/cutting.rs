//! Cuts a document along its headings.

use std::collections::HashMap;
use std::ops::Range;

use voicera::ports::retriever::Span;
use voicera::words::Language;

use super::blocks::{self, Block, Kind, slice};
use super::sections::{self, Piece, Section};
use super::{Chunk, ChunkId, Settings, joining};
use crate::documents::Document;
use crate::tokens;

/// A heading and where it stands.
#[derive(Debug)]
pub(super) struct Heading {
    level: u8,
    words: Box<str>,
    pub(super) start: usize,
}

/// Cuts a document into chunks, in the order of its text.
///
/// A document that fits is one chunk. Else each section is cut for itself: tables, lists and
/// blocks of code stay whole where they fit, and what does not is cut between rows, items, lines
/// or sentences. Every word is in a chunk, or in the headings of one.
pub fn cut(document: &Document, language: &Language, settings: &Settings) -> Vec<Chunk> {
    let settings = settings.bounded();
    let text = document.text.as_str();
    let blocks = blocks::read(text, document.markup);
    let whole = body(document, &blocks);
    let mut headings = Vec::new();
    let pieces = match fits(slice(text, whole.clone()), settings.tokens) {
        true => vec![Piece {
            path: Vec::new(),
            open: 0,
            range: whole,
            lead: None,
            tokens: 0,
        }],
        false => {
            let sections = outline(blocks, &mut headings);
            let mut pieces = Vec::new();
            for section in &sections {
                sections::split(text, section, &settings, &mut pieces);
            }
            joining::join(text, &headings, pieces, &settings)
        }
    };
    finish(document, language, &headings, pieces)
}

/// The document without its front matter, and without its title where more follows.
fn body(document: &Document, blocks: &[Block]) -> Range<usize> {
    let end = document.text.len();
    let is_title = |block: &&Block| match &block.kind {
        Kind::Heading { words, .. } => **words == *document.title,
        Kind::Prose | Kind::List | Kind::Table | Kind::Code | Kind::FrontMatter => false,
    };
    let mut blocks = blocks
        .iter()
        .filter(|block| block.kind != Kind::FrontMatter);
    let Some(first) = blocks.next() else {
        return end..end;
    };
    match blocks.next() {
        Some(second) if is_title(&first) => second.range.start..end,
        Some(_) | None => first.range.start..end,
    }
}

fn fits(text: &str, room: usize) -> bool {
    // Only spaces could be so many.
    text.len() <= room * 64 && tokens::estimate(text) <= room
}

/// The sections of a document. A heading with nothing below it is a line of the section it is in.
fn outline(blocks: Vec<Block>, headings: &mut Vec<Heading>) -> Vec<Section> {
    let mut sections = vec![Section {
        path: Vec::new(),
        open: 0,
        blocks: Vec::new(),
    }];
    let mut path: Vec<usize> = Vec::new();
    let mut open = 0;
    let mut blocks = blocks.into_iter().peekable();
    while let Some(block) = blocks.next() {
        let Kind::Heading { level, words } = &block.kind else {
            if block.kind != Kind::FrontMatter
                && let Some(section) = sections.last_mut()
            {
                section.blocks.push(block);
            }
            continue;
        };
        let level = *level;
        let after_words = sections
            .last()
            .is_some_and(|section| !section.blocks.is_empty());
        while path
            .last()
            .is_some_and(|above| rank(headings, *above) >= level)
        {
            path.pop();
        }
        open = match after_words {
            true => path.len(),
            false => open.min(path.len()),
        };
        let below = match blocks.peek().map(|next| &next.kind) {
            Some(Kind::Heading { level: next, .. }) => *next > level,
            Some(Kind::Prose | Kind::List | Kind::Table | Kind::Code | Kind::FrontMatter) => true,
            None => false,
        };
        let mut alone = Vec::new();
        if below {
            path.push(headings.len());
            headings.push(Heading {
                level,
                words: words.clone(),
                start: block.range.start,
            });
        } else {
            alone.push(block);
        }
        sections.push(Section {
            path: path.clone(),
            open,
            blocks: alone,
        });
    }
    sections
}

fn rank(headings: &[Heading], heading: usize) -> u8 {
    headings.get(heading).map_or(0, |heading| heading.level)
}

fn finish(
    document: &Document,
    language: &Language,
    headings: &[Heading],
    pieces: Vec<Piece>,
) -> Vec<Chunk> {
    let mut seen: HashMap<ChunkId, u32> = HashMap::new();
    let mut chunks = Vec::with_capacity(pieces.len());
    let text = document.text.as_str();
    let pieces = pieces.into_iter();
    let pieces = pieces.filter(|piece| !slice(text, piece.range.clone()).trim().is_empty());
    for (piece, place) in pieces.zip(0..) {
        let words = slice(text, piece.range.clone());
        let start = piece.range.start + (words.len() - words.trim_start().len());
        let text = words.trim().to_owned();
        let path = piece
            .path
            .iter()
            .filter_map(|heading| headings.get(*heading));
        let path: Vec<_> = path.map(|heading| heading.words.to_string()).collect();
        let headings = match path.split_first() {
            Some((first, rest)) if *first == document.title => rest.to_vec(),
            Some(_) | None => path,
        };
        let lead = piece
            .lead
            .map(|lead| slice(&document.text, lead).trim().to_owned());
        let lead = lead.unwrap_or_default();
        let id = |repeat| ChunkId::of(&document.path, &headings, &lead, &text, repeat);
        let repeat = seen.entry(id(0)).or_default();
        *repeat += 1;
        chunks.push(Chunk {
            id: id(*repeat - 1),
            document: document.path.clone(),
            title: document.title.clone(),
            span: Span {
                start,
                end: start + text.len(),
            },
            headings,
            lead,
            text,
            place,
            language: language.clone(),
        });
    }
    chunks
}
