//! The passages of this turn and of the turns before: a question that leans on the last answer
//! leans on what that was written from.

use std::collections::VecDeque;

use crate::ports::retriever::Passage;
use crate::ports::transcript_sink::Evidence;
use crate::profile::Bounds;
use crate::words::Turn;

/// What a call has found, the latest turn last.
#[derive(Debug, Default)]
pub(super) struct Found(VecDeque<(Turn, Vec<Passage>)>);

impl Found {
    /// Takes in what a turn has found and forgets what is too old.
    pub(super) fn add(&mut self, turn: Turn, passages: Vec<Passage>, bounds: &Bounds) {
        self.0
            .retain(|(then, _)| *then < turn && then.0 + bounds.recalled_turns >= turn.0);
        self.0.push_back((turn, passages));
    }

    /// What goes into the prompt: all of the latest turn, then the best of the turns before.
    pub(super) fn for_prompt(&self, bounds: &Bounds) -> Vec<(Turn, &Passage)> {
        let mut turns = self.0.iter().rev();
        let mut passages: Vec<_> = turns.next().into_iter().flat_map(of_turn).collect();
        let most = passages.len() + bounds.recalled_passages;
        for (turn, passage) in turns.flat_map(of_turn) {
            let repeated = passages.iter().any(|(_, other)| repeats(other, passage));
            if passages.len() < most && !repeated {
                passages.push((turn, passage));
            }
        }
        passages
    }
}

/// Whether a passage says again what another one says, all of it or a part.
fn repeats(other: &Passage, passage: &Passage) -> bool {
    let overlaps = match (other.source.span, passage.source.span) {
        (Some(one), Some(two)) => {
            let same = other.source.document == passage.source.document;
            same && one.start < two.end && two.start < one.end
        }
        (None, _) | (_, None) => false,
    };
    overlaps || other.id == passage.id
}

fn of_turn((turn, passages): &(Turn, Vec<Passage>)) -> impl Iterator<Item = (Turn, &Passage)> {
    passages.iter().map(|passage| (*turn, passage))
}

pub(super) fn evidence((turn, passage): (Turn, &Passage)) -> Evidence {
    Evidence {
        turn,
        passage: passage.id.clone(),
        source: passage.source.clone(),
        score: passage.score,
    }
}

#[cfg(test)]
mod tests;
