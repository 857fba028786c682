//! Understands a question that goes on from the one before: "and by air?", "what about Dubai?"

use super::index::Index;
use super::lexicon::Lexicon;
use super::question::{Asked, Question};
use super::words::Word;

/// Whether an utterance makes sense without the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dependence {
    Alone,
    /// It makes sense alone, and goes on from the one before where it changes a part of that.
    Perhaps,
    GoesOn,
}

/// What was asked before counts less than what is asked now.
const CARRIED: f32 = 0.8;

pub(super) fn dependence(words: &[Word], question: &Question, lexicon: &Lexicon) -> Dependence {
    let content = words.iter().filter(|word| word.says_something()).count();
    let plain: Vec<&str> = words.iter().map(|word| word.plain.as_str()).collect();
    let fillers = plain.iter().take_while(|word| lexicon.is_filler(word));
    let plain = plain.get(fillers.count()..).unwrap_or_default();
    let lead = lexicon.lead_in(plain);
    let rest = plain.get(lead..).unwrap_or_default();
    let points = rest.iter().any(|word| lexicon.points_back(word));
    let asks = rest.iter().any(|word| lexicon.asks(word));
    let fragment = !asks && content <= 2 && (question.demand.is_none() || content < 2);
    let linked = rest
        .first()
        .is_some_and(|word| lexicon.stands_before_names(word));
    if lead > 0 && content <= 3 {
        match asks && content > 0 && !points {
            true => Dependence::Perhaps,
            false => Dependence::GoesOn,
        }
    } else if points && content <= 1 || fragment && linked {
        Dependence::GoesOn
    } else if fragment {
        Dependence::Perhaps
    } else {
        Dependence::Alone
    }
}

/// The question where `before` was asked: what it leaves open is as it was.
pub(super) fn follow(
    mut question: Question,
    before: Question,
    dependence: Dependence,
    index: &Index,
) -> Question {
    let replaced = |old: &Asked| is_replaced(old, &question, &before, index);
    let (replaced, kept): (Vec<Asked>, Vec<Asked>) =
        before.asked.iter().cloned().partition(replaced);
    if dependence == Dependence::Perhaps && replaced.is_empty() {
        return question;
    }
    for mut old in kept {
        old.weight *= CARRIED;
        question.asked.push(old);
    }
    question.demand = question.demand.or(before.demand);
    question.definition |= before.definition;
    question.list |= before.list;
    question
}

/// Whether the question puts something else in the place: another mode, another route.
fn is_replaced(old: &Asked, question: &Question, before: &Question, index: &Index) -> bool {
    let names = |question: &Question| question.asked.iter().filter(|asked| asked.name).count();
    let all_names = names(question) >= names(before);
    question.asked.iter().any(|new| {
        let same_slot = !new.slot.is_empty() && new.slot == old.slot;
        let names = new.name && old.name;
        new.stem == old.stem || names && (all_names || same_slot) || of_one_kind(new, old, index)
    })
}

fn of_one_kind(new: &Asked, old: &Asked, index: &Index) -> bool {
    new.ways.iter().any(|(new, _)| {
        let mut old = old.ways.iter();
        old.any(|(old, _)| index.are_alternatives(*new, *old))
    })
}
