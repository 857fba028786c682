//! Writes a reply: from the passages, else from the briefing, else the fallback.

use voicera::prompt::Prompt;
use voicera::words::Speaker;

use super::answer::{NEARLY_AS_GOOD, answers, compose};
use super::document::Material;
use super::index::Index;
use super::lexicon::Lexicon;
use super::question::Question;
use super::small_talk::small_talk;
use super::words::words;

/// How far back a question may refer, in utterances of the caller.
const EARLIER: usize = 3;

/// The sentences to say. One at least, unless the fallback is empty.
pub(super) fn write(
    prompt: &Prompt,
    briefing: &Index,
    fallback: &str,
    limit: usize,
) -> Vec<String> {
    let lexicon = Lexicon::of(&prompt.language);
    if let Some(reply) = small_talk(&prompt.utterance, lexicon) {
        return vec![reply.to_owned()];
    }
    let said = Said::new(&prompt.said, lexicon);
    // A reply that was begun is not to become longer than another.
    let limit = limit.saturating_sub(said.words.len()).max(limit / 2);
    let passages = passages(prompt, lexicon);
    let mut answered = false;
    for evidence in passages.iter().chain([briefing]) {
        let earlier = earlier(prompt, lexicon);
        let question = Question::new(&prompt.utterance, &earlier, evidence, lexicon);
        let mut answers = answers(&question, evidence);
        answered |= !answers.is_empty();
        if !said.words.is_empty() {
            let best = answers.first().map_or(0.0, |best| best.score);
            answers.retain(|answer| answer.score >= best * NEARLY_AS_GOOD);
            answers.retain(|answer| !said.holds(&answer.sentence.text, lexicon));
        }
        let sentences = compose(&answers, limit);
        if !sentences.is_empty() {
            return sentences;
        }
    }
    match answered || said.holds(fallback, lexicon) {
        true => vec![lexicon.data.nothing_more.to_owned()],
        false => vec![fallback.to_owned()],
    }
}

/// What stands between what was said and a fresh sentence.
pub(super) fn joint(said: &str) -> &'static str {
    match said.chars().next_back() {
        None => "",
        Some(c) if c.is_whitespace() => "",
        Some('.' | '!' | '?' | '…' | ':') => " ",
        Some(_) => ". ",
    }
}

/// The passages of this turn as evidence of their own, where there are any.
fn passages(prompt: &Prompt, lexicon: &Lexicon) -> Option<Index> {
    if prompt.passages.is_empty() {
        return None;
    }
    let mut material = Material::default();
    for passage in &prompt.passages {
        material.add_passage(passage);
    }
    Some(Index::of_excerpts(material, lexicon))
}

/// What the caller asked in the turns before, oldest first.
fn earlier<'a>(prompt: &'a Prompt, lexicon: &Lexicon) -> Vec<&'a str> {
    let lines = prompt.history.iter().rev();
    let asked = lines.filter(|line| line.speaker == Speaker::Caller);
    let asked = asked.map(|line| &*line.text);
    let asked = asked.filter(|text| small_talk(text, lexicon).is_none());
    let mut earlier: Vec<&str> = asked.take(EARLIER).collect();
    earlier.reverse();
    earlier
}

/// What has been said in this turn, as words.
struct Said {
    words: Vec<String>,
}

impl Said {
    fn new(text: &str, lexicon: &Lexicon) -> Self {
        Self {
            words: plain(text, lexicon),
        }
    }

    fn holds(&self, sentence: &str, lexicon: &Lexicon) -> bool {
        let sentence = plain(sentence, lexicon);
        let mut places = self.words.windows(sentence.len().max(1));
        places.any(|words| words == sentence)
    }
}

fn plain(text: &str, lexicon: &Lexicon) -> Vec<String> {
    let words = words(text, lexicon).into_iter();
    words.map(|word| word.plain).collect()
}
