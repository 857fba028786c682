//! Joins pieces that are too small to answer anything with their neighbours.

use super::Settings;
use super::blocks::slice;
use super::cutting::Heading;
use super::sections::Piece;
use crate::tokens;

/// Joins small neighbours under one heading, innermost headings first.
pub(super) fn join(
    text: &str,
    headings: &[Heading],
    mut pieces: Vec<Piece>,
    settings: &Settings,
) -> Vec<Piece> {
    let small = |piece: &Piece| piece.tokens < settings.join_below;
    let deepest = pieces.iter().map(|piece| piece.path.len()).max();
    for level in (0..=deepest.unwrap_or(0)).rev() {
        let joined = |left: &Piece, right: &Piece| {
            joined(text, headings, left, right, level)
                .filter(|piece| piece.tokens <= settings.tokens)
        };
        pieces = fold(pieces, |left, right| {
            small(left).then(|| joined(left, right))?
        });
        pieces = fold(pieces, |left, right| {
            small(right).then(|| joined(left, right))?
        });
    }
    pieces
}

fn fold(pieces: Vec<Piece>, join: impl Fn(&Piece, &Piece) -> Option<Piece>) -> Vec<Piece> {
    let mut folded: Vec<Piece> = Vec::with_capacity(pieces.len());
    for piece in pieces {
        let joined = folded.last().and_then(|last| join(last, &piece));
        match (folded.last_mut(), joined) {
            (Some(last), Some(joined)) => *last = joined,
            (Some(_) | None, _) => folded.push(piece),
        }
    }
    folded
}

/// Both as one piece, where exactly the outer `level` headings stand above both and the others
/// stand in its text.
fn joined(
    text: &str,
    headings: &[Heading],
    left: &Piece,
    right: &Piece,
    level: usize,
) -> Option<Piece> {
    let both = left.path.iter().zip(&right.path);
    let shared = both.take_while(|(left, right)| left == right).count();
    if shared != level || left.open > level && left.path.len() > level || right.lead.is_some() {
        return None;
    }
    let start = match left.path.get(level) {
        Some(heading) => headings.get(*heading)?.start,
        None => left.range.start,
    };
    let lead = left.lead.clone();
    let range = start..right.range.end;
    let cost = lead
        .clone()
        .map_or(0, |lead| tokens::estimate(slice(text, lead)) + 1);
    Some(Piece {
        path: left.path.get(..level)?.to_vec(),
        open: left.open.min(level),
        tokens: cost + tokens::estimate(slice(text, range.clone())),
        range,
        lead,
    })
}
