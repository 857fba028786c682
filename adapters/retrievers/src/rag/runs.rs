//! Chooses passages within a budget, widens them by their neighbours and joins what stands
//! together.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use tokio::time::timeout;
use voicera::ports::retriever::{Passage, Span};

use crate::chunks::Chunk;
use crate::search::{Hit, Neighbours};
use crate::tokens;

/// What the neighbours may take, all together. They are a help and worth no wait.
pub(super) const NEIGHBOURLY: Duration = Duration::from_millis(50);

/// Chunks that follow one another in one section of a document, by their places.
#[derive(Clone, Debug)]
pub(super) struct Run {
    best: Hit,
    chunks: BTreeMap<u32, Arc<Chunk>>,
}

impl Run {
    fn of(hit: Hit) -> Self {
        let chunks = BTreeMap::from([(hit.chunk.place, Arc::clone(&hit.chunk))]);
        Self { best: hit, chunks }
    }

    fn first(&self) -> u32 {
        self.chunks.keys().next().copied().unwrap_or_default()
    }

    fn last(&self) -> u32 {
        self.chunks.keys().next_back().copied().unwrap_or_default()
    }

    fn touches(&self, other: &Self) -> bool {
        is_neighbour(&self.best.chunk, &other.best.chunk)
            && self.first() <= other.last().saturating_add(1)
            && other.first() <= self.last().saturating_add(1)
    }

    /// As the core takes it.
    pub(super) fn passage(&self) -> Passage {
        let mut chunks = self.chunks.values();
        let Some(first) = chunks.next() else {
            return self.best.chunk.passage(self.best.score);
        };
        let mut passage = first.passage(self.best.score);
        let mut span = first.span;
        for chunk in chunks {
            append(&mut passage.text, chunk, span.end);
            span = Span {
                start: span.start.min(chunk.span.start),
                end: span.end.max(chunk.span.end),
            };
            // Named by its ends: other neighbours make other words.
            passage.id = format!("{}-{}", first.id, chunk.id);
        }
        passage.source.span = Some(span);
        passage
    }
}

/// The best hits, as many as fit both bounds. The first is there whatever it takes; one that does
/// not fit leaves room for smaller ones.
pub(super) fn choose(hits: impl Iterator<Item = Hit>, limit: usize, max_tokens: usize) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut room = max_tokens;
    for hit in hits {
        let cost = cost(&hit.chunk);
        if cost > room && !runs.is_empty() {
            continue;
        }
        let run = Run::of(hit);
        let joins = runs.iter().any(|other| other.touches(&run));
        if runs.len() >= limit && !joins {
            break;
        }
        join(&mut runs, run);
        room = room.saturating_sub(cost);
    }
    runs
}

/// Widens runs by what stands around their best hits, the best run first, while there is room.
pub(super) async fn widen(
    mut runs: Vec<Run>,
    neighbours: &dyn Neighbours,
    reach: u32,
    max_tokens: usize,
) -> Vec<Run> {
    let taken = runs.iter().flat_map(|run| run.chunks.values());
    let mut room = max_tokens.saturating_sub(taken.map(|chunk| cost(chunk)).sum());
    if reach == 0 || room == 0 {
        return runs;
    }
    let around = runs
        .iter()
        .map(|run| neighbours.around(&run.best.chunk, reach));
    let Ok(around) = timeout(NEIGHBOURLY, join_all(around)).await else {
        return runs;
    };
    for (run, around) in runs.iter_mut().zip(around) {
        let here = run.best.chunk.place;
        let (before, after): (Vec<_>, Vec<_>) =
            around.into_iter().partition(|chunk| chunk.place < here);
        for side in [after, before.into_iter().rev().collect()] {
            extend(run, side, &mut room);
        }
    }
    let mut joined = Vec::with_capacity(runs.len());
    for run in runs {
        join(&mut joined, run);
    }
    joined
}

/// Adds chunks, the nearest first, up to where the section ends or the room does.
fn extend(run: &mut Run, side: Vec<Arc<Chunk>>, room: &mut usize) {
    for chunk in side {
        if run.chunks.contains_key(&chunk.place) {
            continue;
        }
        let beside = chunk.place.saturating_add(1) >= run.first()
            && chunk.place <= run.last().saturating_add(1);
        let Some(left) = room.checked_sub(cost(&chunk)) else {
            return;
        };
        if !beside || !is_neighbour(&run.best.chunk, &chunk) {
            return;
        }
        *room = left;
        run.chunks.insert(chunk.place, chunk);
    }
}

/// Adds a run; those that it touches become one, in the place of the best of them.
fn join(runs: &mut Vec<Run>, run: Run) {
    let mut run = run;
    while let Some(at) = runs.iter().rposition(|other| other.touches(&run)) {
        let mut better = runs.remove(at);
        better.chunks.append(&mut run.chunks);
        run = better;
        if !runs.iter().any(|other| other.touches(&run)) {
            return runs.insert(at, run);
        }
    }
    runs.push(run);
}

/// Whether two chunks stand in the same section of the same document.
fn is_neighbour(one: &Chunk, other: &Chunk) -> bool {
    one.document == other.document && one.headings == other.headings
}

/// Adds the words of a chunk that reach beyond `end`, which is where the text ends.
fn append(text: &mut String, chunk: &Chunk, end: usize) {
    if !chunk.lead.is_empty() && !text.contains(&chunk.lead) {
        text.push('\n');
        text.push_str(&chunk.lead);
        text.push('\n');
        text.push_str(&chunk.text);
        return;
    }
    match end.checked_sub(chunk.span.start) {
        // Their spans leave out what is between them: empty lines.
        None => {
            text.push('\n');
            text.push_str(&chunk.text);
        }
        Some(overlap) => text.push_str(chunk.text.get(overlap..).unwrap_or_default()),
    }
}

fn cost(chunk: &Chunk) -> usize {
    tokens::estimate(&chunk.body())
}

#[cfg(test)]
mod tests;
