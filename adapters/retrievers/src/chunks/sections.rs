//! Sections of a document, and what is cut from one of them.

use std::ops::Range;

use super::Settings;
use super::blocks::{Block, Kind, slice};
use super::sentences;
use crate::tokens;

/// What stands between two headings.
#[derive(Debug)]
pub(super) struct Section {
    /// The headings above it, outermost first, by their number.
    pub(super) path: Vec<usize>,
    /// Between the headings of the path from this one on and the section is nothing.
    pub(super) open: usize,
    pub(super) blocks: Vec<Block>,
}

/// A chunk in the making.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    pub(super) path: Vec<usize>,
    pub(super) open: usize,
    pub(super) range: Range<usize>,
    pub(super) lead: Option<Range<usize>>,
    pub(super) tokens: usize,
}

/// What is not torn unless it is larger than a chunk.
#[derive(Debug)]
struct Atom {
    start: usize,
    tokens: usize,
    /// How good it is to cut before it.
    seam: Seam,
    /// Whether its last sentences can be repeated.
    prose: bool,
    /// What it needs to be understood, where that is not in the same chunk.
    lead: Option<Range<usize>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Seam {
    /// A line that announces it comes before.
    Announced,
    Word,
    Sentence,
    /// An item, a row, a line of code.
    Part,
    Block,
}

/// Cuts a section into pieces that fit.
pub(super) fn split(text: &str, section: &Section, settings: &Settings, out: &mut Vec<Piece>) {
    let Some(end) = section.blocks.last().map(|block| block.range.end) else {
        return;
    };
    let atoms = atoms(text, section, end, settings.tokens);
    let start_of = |index: usize| atoms.get(index).map_or(end, |atom| atom.start);
    let (mut first, mut earliest) = (0, 0);
    while let Some(atom) = atoms.get(first) {
        let lead = atom.lead.clone().map(|lead| (cost(text, &lead), lead));
        let lead = lead.filter(|(cost, _)| cost + atom.tokens <= settings.tokens);
        let room = settings.tokens - lead.as_ref().map_or(0, |(cost, _)| *cost);
        let (next, tokens) = last(text, &atoms, first, end, room);
        let spare = settings.overlap.min(room - tokens);
        let start = match first {
            0 => atom.start,
            _ => repeated(text, &atoms, first, earliest, spare).unwrap_or(atom.start),
        };
        out.push(Piece {
            path: section.path.clone(),
            open: match first {
                0 => section.open,
                _ => section.path.len(),
            },
            range: start..start_of(next),
            lead: lead.map(|(_, lead)| lead).filter(|lead| lead.start < start),
            tokens,
        });
        let words = slice(text, start..start_of(next));
        (first, earliest) = (next, start + words.len() - words.trim_start().len());
    }
}

/// Where the chunk that begins with an atom ends, and its tokens.
///
/// Of the best seams in the second half of the room that one is taken which its own words choose.
/// So the cuts find back to their old places soon after an edit, and an index keeps what did not
/// change.
fn last(text: &str, atoms: &[Atom], first: usize, end: usize, room: usize) -> (usize, usize) {
    let mut tokens = 0;
    let mut best = None;
    for (index, atom) in atoms.iter().enumerate().skip(first) {
        if tokens + atom.tokens > room && index > first {
            let (_, index, tokens) = best.unwrap_or(((atom.seam, 0), index, tokens));
            return (index, tokens);
        }
        if index > first && tokens >= room / 2 {
            let after = atoms.get(index + 1).map_or(end, |atom| atom.start);
            let rank = (atom.seam, lot(slice(text, atom.start..after)));
            if best.is_none_or(|(other, _, _)| rank > other) {
                best = Some((rank, index, tokens));
            }
        }
        tokens += atom.tokens;
    }
    (atoms.len(), tokens)
}

/// A number that the first words of a text draw (FNV-1a).
fn lot(text: &str) -> u64 {
    let bytes = text.bytes().take(64);
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// Where the sentences begin that are repeated before an atom.
fn repeated(
    text: &str,
    atoms: &[Atom],
    first: usize,
    earliest: usize,
    spare: usize,
) -> Option<usize> {
    let mut end = atoms.get(first)?.start;
    let (mut left, mut found) = (spare, None);
    for atom in atoms.get(..first)?.iter().rev() {
        if !atom.prose {
            break;
        }
        for start in sentences::starts(slice(text, atom.start..end))
            .into_iter()
            .rev()
        {
            let start = atom.start + start;
            let cost = tokens::estimate(slice(text, start..end));
            if cost > left || start <= earliest {
                return found;
            }
            (left, found, end) = (left - cost, Some(start), start);
        }
    }
    found
}

fn atoms(text: &str, section: &Section, end: usize, room: usize) -> Vec<Atom> {
    let mut atoms = Vec::with_capacity(section.blocks.len());
    let mut announcement = None;
    let ends = section.blocks.iter().skip(1).map(|block| block.range.start);
    for (block, after) in section.blocks.iter().zip(ends.chain([end])) {
        let whole = Atom {
            start: block.range.start,
            tokens: tokens::estimate(slice(text, block.range.start..after)),
            seam: match announcement {
                Some(_) => Seam::Announced,
                None => Seam::Block,
            },
            prose: block.kind == Kind::Prose,
            lead: announcement,
        };
        match whole.tokens <= room {
            true => atoms.push(whole),
            false => tear(text, block, whole, after, room, &mut atoms),
        }
        announcement = announces(text, block, room);
    }
    atoms
}

/// A paragraph that ends with a colon, where it is short.
fn announces(text: &str, block: &Block, room: usize) -> Option<Range<usize>> {
    let words = slice(text, block.range.clone()).trim_end();
    let range = block.range.start..block.range.start + words.len();
    let announces = block.kind == Kind::Prose && words.ends_with([':', '：']);
    (announces && words.len() <= room * 4 && cost(text, &range) <= room / 4).then_some(range)
}

fn cost(text: &str, lead: &Range<usize>) -> usize {
    tokens::estimate(slice(text, lead.clone())) + 1
}

/// Cuts a block that does not fit: between its items, rows or lines, else between sentences.
fn tear(text: &str, block: &Block, whole: Atom, end: usize, room: usize, atoms: &mut Vec<Atom>) {
    let mut starts = match block.kind {
        Kind::List => block.parts.clone(),
        // The head stays with the first row.
        Kind::Table => {
            let rows = block.parts.iter().skip(2);
            block
                .parts
                .first()
                .into_iter()
                .chain(rows)
                .copied()
                .collect()
        }
        Kind::Code => lines(text, block.range.clone()),
        Kind::Heading { .. } | Kind::Prose | Kind::FrontMatter => Vec::new(),
    };
    if starts.first() != Some(&whole.start) {
        starts.insert(0, whole.start);
    }
    let head = match (&block.kind, block.parts.get(..2)) {
        (Kind::Table, Some([head, row])) => Some(*head..*row),
        _ => None,
    };
    let head = head.map(|head| trimmed(text, head));
    let head = head.filter(|head| cost(text, head) <= room / 2);
    let ends = starts.iter().skip(1).copied().chain([end]);
    for (start, end) in starts.iter().copied().zip(ends) {
        let first = start == whole.start;
        let part = Atom {
            start,
            tokens: tokens::estimate(slice(text, start..end)),
            seam: match first {
                true => whole.seam,
                false => Seam::Part,
            },
            prose: whole.prose,
            lead: match head.clone() {
                Some(head) if !first => Some(head),
                Some(_) | None => whole.lead.clone(),
            },
        };
        match part.tokens <= room {
            true => atoms.push(part),
            false => tear_prose(text, part, end, room, atoms),
        }
    }
}

fn lines(text: &str, range: Range<usize>) -> Vec<usize> {
    let mut at = range.start;
    let lines = slice(text, range).split_inclusive('\n').map(|line| {
        let start = at;
        at += line.len();
        start
    });
    lines.collect()
}

fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let words = slice(text, range.clone()).trim_end();
    range.start..range.start + words.len()
}

fn tear_prose(text: &str, part: Atom, end: usize, room: usize, atoms: &mut Vec<Atom>) {
    let words = slice(text, part.start..end);
    let starts: Vec<_> = sentences::starts(words)
        .into_iter()
        .map(|at| part.start + at)
        .collect();
    let ends = starts.iter().skip(1).copied().chain([end]);
    for (start, end) in starts.iter().copied().zip(ends) {
        let sentence = Atom {
            start,
            tokens: tokens::estimate(slice(text, start..end)),
            seam: match start == part.start {
                true => part.seam,
                false => Seam::Sentence,
            },
            prose: part.prose,
            lead: part.lead.clone(),
        };
        match sentence.tokens <= room {
            true => atoms.push(sentence),
            false => tear_words(text, sentence, end, room, atoms),
        }
    }
}

/// Cuts before words, and where they have no end between their characters.
fn tear_words(text: &str, sentence: Atom, end: usize, room: usize, atoms: &mut Vec<Atom>) {
    // A byte is a token at most.
    let most = room.min(64);
    let mut start = sentence.start;
    while start < end {
        let rest = slice(text, start..end);
        let far = rest.floor_char_boundary(most);
        let piece = rest.get(..far).unwrap_or(rest);
        let fits = match piece.rfind(char::is_whitespace) {
            Some(space) if far < rest.len() => rest.ceil_char_boundary(space + 1),
            Some(_) | None => far,
        };
        atoms.push(Atom {
            start,
            tokens: tokens::estimate(slice(text, start..start + fits)),
            seam: match start == sentence.start {
                true => sentence.seam,
                false => Seam::Word,
            },
            prose: false,
            lead: sentence.lead.clone(),
        });
        start += fits;
    }
}
