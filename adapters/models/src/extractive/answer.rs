//! Picks the sentences that answer a question, and fits them into a reply.

use super::index::{Index, Sentence};
use super::judge::{Candidate, judge};
use super::question::Question;

/// The share of what is asked that a sentence has to cover to be an answer. Measured: answers lie
/// above, and the best sentences for questions without an answer below.
const ENOUGH: f32 = 0.55;

/// Sentences are judged in full only if they are among so many by their words.
const SHORTLIST: usize = 256;

/// A reply has at most so many sentences.
const SENTENCES: usize = 3;

/// A further sentence is said where it answers nearly as well as the best one, or where it comes
/// near and adds what the others leave out.
pub(super) const NEARLY_AS_GOOD: f32 = 0.8;
const GOOD_ENOUGH_TO_ADD: f32 = 0.6;
const WORTH_ADDING: f32 = 0.1;

/// The sentences that answer, best first. Empty: the evidence has no answer.
pub(super) fn answers<'a>(question: &Question, index: &'a Index) -> Vec<Candidate<'a>> {
    let judged = shortlist(question, index).into_iter();
    let mut judged: Vec<Candidate<'_>> = judged
        .filter_map(|place| judge(question, place, index))
        .collect();
    judged.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.place.cmp(&b.place)));
    match judged.first() {
        Some(best) if best.covers >= ENOUGH => judged,
        _ => Vec::new(),
    }
}

/// Where the sentences stand that hold most of what is asked.
fn shortlist(question: &Question, index: &Index) -> Vec<usize> {
    let mut weights = vec![0.0_f32; index.sentences().len()];
    for asked in &question.asked {
        for (term, share) in &asked.ways {
            for place in index.holding(*term) {
                if let Some(weight) = weights.get_mut(*place) {
                    *weight += asked.weight * share;
                }
            }
        }
    }
    let held = weights
        .into_iter()
        .zip(0..)
        .filter(|(weight, _)| *weight > 0.0);
    let mut held: Vec<(f32, usize)> = held.collect();
    if held.len() > SHORTLIST {
        held.select_nth_unstable_by(SHORTLIST, |a, b| b.0.total_cmp(&a.0));
        held.truncate(SHORTLIST);
    }
    held.into_iter().map(|(_, place)| place).collect()
}

/// Sentences that together answer in at most so many words, in the order to say them.
pub(super) fn compose(answers: &[Candidate<'_>], words: usize) -> Vec<String> {
    let Some(top) = answers.first() else {
        return Vec::new();
    };
    let nearly = |next: &&Candidate<'_>| next.score >= top.score * NEARLY_AS_GOOD;
    let mut short = answers.iter().filter(nearly);
    let Some(best) = short.find(|answer| answer.sentence.length <= words) else {
        return vec![cut(&top.sentence.text, words)];
    };
    let mut chosen = vec![best];
    let mut left = words - best.sentence.length;
    for next in answers {
        if chosen.len() == SENTENCES || next.score < top.score * GOOD_ENOUGH_TO_ADD {
            break;
        }
        let worth = nearly(&next) || gain(&chosen, next) > WORTH_ADDING;
        let new = !chosen.iter().any(|c| repeats(next.sentence, c.sentence));
        if worth && new && next.sentence.length <= left {
            left -= next.sentence.length;
            chosen.push(next);
        }
    }
    let texts = chosen.into_iter().map(|chosen| &chosen.sentence.text);
    texts.map(|text| closed(text)).collect()
}

/// How much more of what is asked is covered with `next`.
fn gain(chosen: &[&Candidate<'_>], next: &Candidate<'_>) -> f32 {
    let mut gain = 0.0;
    for (share, at) in next.each.iter().zip(0..) {
        let covered = chosen.iter().filter_map(|c| c.each.get(at));
        gain += (share - covered.copied().fold(0.0, f32::max)).max(0.0);
    }
    gain / next.each.len().max(1) as f32
}

/// Whether a further sentence tells nothing that another one has not told.
fn repeats(next: &Sentence, said: &Sentence) -> bool {
    let figures = || {
        next.numbers
            .iter()
            .all(|number| said.terms.contains(number))
    };
    if tells_the_row(said, next) || tells_the_row(next, said) && figures() {
        return true;
    }
    let shared = next.terms.iter().filter(|term| said.terms.contains(term));
    shared.count() * 4 >= next.terms.len().min(said.terms.len()) * 3
}

/// Whether a sentence holds all that is in the cells of a row; the heads of the columns only say
/// what that is.
fn tells_the_row(sentence: &Sentence, row: &Sentence) -> bool {
    let mut cells = row.cells.iter();
    !row.cells.is_empty() && cells.all(|term| sentence.terms.contains(term))
}

/// The front of a sentence that is too long to say, up to the last pause.
fn cut(text: &str, words: usize) -> String {
    let front: Vec<&str> = text.split_whitespace().take(words).collect();
    let pause = front
        .iter()
        .rposition(|word| word.ends_with([',', ';', ':']));
    let end = pause.filter(|at| at * 2 >= front.len());
    let front = front.get(..=end.unwrap_or(front.len())).unwrap_or(&front);
    closed(front.join(" ").trim_end_matches([',', ';', ':']))
}

/// The sentence with a sign at its end, so that the next one is heard as another.
fn closed(text: &str) -> String {
    match text.ends_with(['.', '!', '?', '。', '！', '？', '"', '”', '»']) {
        true => text.to_owned(),
        false => format!("{}.", text.trim_end_matches([',', ';', ':'])),
    }
}
