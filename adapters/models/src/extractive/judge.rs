//! Holds a sentence against a question.

use super::document::Form;
use super::figures::Figures;
use super::index::{Index, Sentence, Term};
use super::lexicon::Demand;
use super::question::{Asked, Question};

/// A sentence and how well it answers.
#[derive(Debug)]
pub(super) struct Candidate<'a> {
    pub(super) sentence: &'a Sentence,
    pub(super) place: usize,
    /// The share of what is asked that it covers, 0 to 1.
    pub(super) covers: f32,
    /// Of two sentences that cover enough, the higher one is the better answer.
    pub(super) score: f32,
    /// How well each thing asked is covered.
    pub(super) each: Vec<f32>,
}

/// What stands in a sentence's heading, in the headings above and in the sentence before counts
/// less than what it says itself.
const IN_HEADING: f32 = 0.7;
const IN_HEADINGS_ABOVE: f32 = 0.5;
const IN_NEIGHBOUR: f32 = 0.35;

/// How well a figure of the kind asked for covers the word that asks for it.
const FIGURE: f32 = 0.9;

/// A name has to be there anyway, so it proves less.
const NAME: f32 = 0.45;

/// Words that say little prove little, though they help to choose between answers.
const COMMON: f32 = 0.3;

/// What is left of a sentence that speaks of an alternative to what is asked.
const BESIDE_THE_POINT: f32 = 0.4;

/// Judges the sentence at a place; none where it leaves out a name that is asked for.
pub(super) fn judge<'a>(
    question: &Question,
    place: usize,
    index: &'a Index,
) -> Option<Candidate<'a>> {
    let sentence = index.sentences().get(place)?;
    let each = coverage(question, place, sentence, index);
    let mut asked = question.asked.iter().zip(&each);
    if asked.any(|(asked, share)| asked.name && *share < 0.5) {
        return None;
    }
    let mut left = lacking(question, sentence);
    if is_beside_the_point(question, sentence, index) {
        left *= BESIDE_THE_POINT;
    }
    let covers = share(question, &each, proof) * left;
    let rank = share(question, &each, |asked| asked.weight) * left;
    Some(Candidate {
        sentence,
        place,
        covers,
        score: rank * fitness(question, sentence, index),
        each,
    })
}

/// The share of what is asked that is covered.
fn share(question: &Question, each: &[f32], weight: fn(&Asked) -> f32) -> f32 {
    let all: f32 = question.asked.iter().map(weight).sum();
    let asked = question.asked.iter().zip(each);
    let got: f32 = asked.map(|(asked, share)| weight(asked) * share).sum();
    got / all.max(f32::EPSILON)
}

fn proof(asked: &Asked) -> f32 {
    match (asked.name, asked.common) {
        (true, _) => asked.weight * NAME,
        (false, true) => asked.weight * COMMON,
        (false, false) => asked.weight,
    }
}

/// How well the sentence covers each thing asked.
fn coverage(question: &Question, place: usize, sentence: &Sentence, index: &Index) -> Vec<f32> {
    let before = place.checked_sub(1);
    let before = before.and_then(|before| index.sentences().get(before));
    let before = before.filter(|before| before.block == sentence.block);
    let topic = index.topic(sentence.section);
    let mut used: Vec<Term> = Vec::new();
    let covered = |asked: &Asked| {
        let mut share = match asked.figures.meets(sentence.figures) {
            true => FIGURE,
            false => 0.0,
        };
        if let Some((term, own)) = asked.best_in(&sentence.terms) {
            // "drivers" is not both the truck and its driver.
            let own = if used.contains(&term) { own / 2.0 } else { own };
            share = own.max(share);
            used.push(term);
        }
        let around = |terms: &[Term]| asked.best_in(terms).map_or(0.0, |(_, share)| share);
        if let Some(topic) = topic {
            share = share.max(around(&topic.heading) * IN_HEADING);
            share = share.max(around(&topic.above) * IN_HEADINGS_ABOVE);
        }
        if let Some(before) = before {
            share = share.max(around(&before.terms) * IN_NEIGHBOUR);
        }
        share
    };
    question.asked.iter().map(covered).collect()
}

/// What is left of a sentence that lacks the kind of figure asked for.
fn lacking(question: &Question, sentence: &Sentence) -> f32 {
    match question
        .demand
        .filter(|wanted| lacks(question, sentence, wanted.figures))
    {
        None => 1.0,
        Some(wanted) => match wanted.demand {
            Demand::Hint => 1.0,
            Demand::Soft => 0.65,
            Demand::Firm => 0.4,
        },
    }
}

fn lacks(question: &Question, sentence: &Sentence, figures: Figures) -> bool {
    if figures != Figures::NUMBER {
        return !sentence.figures.meets(figures);
    }
    // "How many hubs?" is answered by a number of hubs.
    let counted = |(_, thing): &(Term, Term)| {
        let mut ways = question.asked.iter().flat_map(|asked| &asked.ways);
        ways.any(|(way, _)| way == thing)
    };
    !sentence.counts.iter().any(counted)
}

/// Whether the sentence speaks of sea where air is asked for, or of 20 feet instead of 40.
fn is_beside_the_point(question: &Question, sentence: &Sentence, index: &Index) -> bool {
    let mut asked = question.asked.iter().filter(|asked| !asked.common);
    asked.any(|asked| {
        other_kind(question, asked, sentence, index) || other_count(asked, sentence, index)
    }) || is_qualified_otherwise(question, sentence, index)
}

/// Whether it speaks of ocean freight where air freight is asked for, and the evidence knows both.
fn is_qualified_otherwise(question: &Question, sentence: &Sentence, index: &Index) -> bool {
    let topic = index.topic(sentence.section);
    let around = topic.map_or(&[][..], |topic| &topic.pairs);
    let above = topic.into_iter().flat_map(|t| [&t.heading, &t.above]);
    let levels = std::iter::once(&sentence.terms).chain(above);
    question.asked.windows(2).any(|pair| {
        let [kind, thing] = pair else {
            return false;
        };
        let (Some((of, _)), Some((thing, _))) = (kind.ways.first(), thing.ways.first()) else {
            return false;
        };
        let mut pairs = sentence.pairs.iter().chain(around);
        let otherwise = pairs.any(|(of, other)| other == thing && !question.means(*of));
        otherwise
            && !kind.common
            && levels.clone().all(|level| kind.best_in(level).is_none())
            && index.stand_together(*of, *thing)
    })
}

/// What stands nearest decides: the sentence, its heading, the headings above.
fn other_kind(question: &Question, asked: &Asked, sentence: &Sentence, index: &Index) -> bool {
    let topic = index.topic(sentence.section);
    let around = topic
        .into_iter()
        .flat_map(|topic| [&topic.heading, &topic.above]);
    for level in std::iter::once(&sentence.terms).chain(around) {
        if asked.best_in(level).is_some() {
            return false;
        }
        let mut others = level.iter().filter(|other| !question.means(**other));
        let instead = |other: &Term| {
            let mut ways = asked.ways.iter();
            ways.any(|(way, _)| index.are_alternatives(*way, *other))
        };
        if others.any(instead) {
            return true;
        }
    }
    false
}

fn other_count(asked: &Asked, sentence: &Sentence, index: &Index) -> bool {
    let (Some(count), Some((thing, _))) = (&asked.count, asked.ways.first()) else {
        return false;
    };
    let count = index.term(count);
    let counts = sentence
        .counts
        .iter()
        .filter(|(_, counted)| counted == thing);
    let mut counts = counts.map(|(number, _)| Some(*number)).peekable();
    counts.peek().is_some() && counts.all(|number| number != count)
}

/// How well the form of a sentence fits the question.
fn fitness(question: &Question, sentence: &Sentence, index: &Index) -> f32 {
    let mut fitness = 1.0;
    let hinted = question
        .demand
        .filter(|wanted| wanted.demand == Demand::Hint);
    let hint_missed = hinted.is_some_and(|wanted| lacks(question, sentence, wanted.figures));
    if hint_missed {
        fitness *= 0.7;
    }
    if question.list {
        fitness *= listing(question, sentence);
    }
    if sentence.dangling {
        fitness *= 0.75;
    }
    if sentence.form == Form::Assembled {
        fitness *= 0.97;
    }
    if question.definition && is_subject(question, sentence) {
        fitness *= 1.2;
    }
    if is_about_the_focus(question, sentence) {
        fitness *= 1.1;
    }
    let headed = headed(question, sentence, index);
    fitness *= 1.0 + headed * if sentence.leads { 0.4 } else { 0.25 };
    fitness *= 1.0 + 0.1 * neighbours(question, sentence);
    let said = sentence.terms.len() as f32;
    fitness * (1.0 - 0.25 * said / (said + 12.0))
}

/// How well a sentence fits a question for several things.
fn listing(question: &Question, sentence: &Sentence) -> f32 {
    let mut focus = question.asked.iter().filter(|asked| asked.focus);
    match &sentence.listed {
        None => 0.8,
        Some(listed) if focus.any(|asked| asked.best_in(listed).is_some()) => 1.15,
        Some(_) => 1.0,
    }
}

/// Whether all that is asked stands before "is".
fn is_subject(question: &Question, sentence: &Sentence) -> bool {
    let subject = sentence.subject();
    let mut covered = 0;
    for asked in &question.asked {
        let first = asked.ways.first();
        covered += usize::from(first.is_some_and(|(way, _)| subject.contains(way)));
    }
    covered > 0 && covered + 1 >= subject.len()
}

fn is_about_the_focus(question: &Question, sentence: &Sentence) -> bool {
    let mut focus = question.asked.iter().filter(|asked| asked.focus);
    focus.any(|asked| asked.best_in(sentence.subject()).is_some())
}

/// How much of what is asked stands in the heading.
fn headed(question: &Question, sentence: &Sentence, index: &Index) -> f32 {
    let Some(topic) = index.topic(sentence.section) else {
        return 0.0;
    };
    let under = |asked: &Asked| {
        asked
            .best_in(&topic.heading)
            .map_or(0.0, |(_, share)| share)
    };
    let each: Vec<f32> = question.asked.iter().map(under).collect();
    share(question, &each, |asked| asked.weight)
}

/// The share of things asked in a row that stand close together in the sentence too.
fn neighbours(question: &Question, sentence: &Sentence) -> f32 {
    let place = |asked: &Asked| {
        let mut terms = sentence.terms.iter();
        terms.position(|term| asked.ways.iter().any(|(way, _)| way == term))
    };
    let places: Vec<Option<usize>> = question.asked.iter().map(place).collect();
    let near = |pair: &&[Option<usize>]| match pair {
        [Some(one), Some(other)] => one.abs_diff(*other) <= 2,
        _ => false,
    };
    let pairs = places.windows(2);
    let all = pairs.len().max(1) as f32;
    pairs.filter(near).count() as f32 / all
}
