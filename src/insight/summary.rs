//! What a call was about, in two to four sentences that quote it: what the caller wanted, what the
//! agent answered, how it ended. Nothing is said that was not said in the call.

use std::collections::HashMap;

use super::gaps::is_fallback;
use super::lines::{Spoken, plain};
use super::operators::Settings;
use super::sentiment::begins_question;
use super::stems::{Stems, is_function_word};
use crate::ports::transcript_sink::{AgentKind, CallerKind, Content, Entry};
use crate::words::{Ending, Language, Speaker};

use frames::Frames;
use sentences::sentences;

mod frames;
mod sentences;

/// What a summary is made from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Material<'a> {
    pub(super) entries: &'a [Entry],
    pub(super) lines: &'a [Spoken<'a>],
    /// The entries that only ask for somebody else or pass the call on.
    pub(super) aside: &'a [usize],
    pub(super) stems: &'a Stems,
    pub(super) settings: &'a Settings,
}

/// What the caller wanted, and what came of it.
#[derive(Debug)]
struct Topic {
    request: Request,
    answer: Answer,
}

#[derive(Clone, Debug)]
struct Request {
    /// The position among the lines.
    line: usize,
    text: String,
    asks: bool,
    /// It asks or wishes for something.
    wants: bool,
    stems: Vec<String>,
    score: f32,
}

#[derive(Debug, PartialEq)]
enum Answer {
    Said(String),
    /// The agent said that it does not know.
    None,
    /// The agent said nothing that would be one.
    Nothing,
}

/// The longest quotation, in words: a recogniser that writes no marks makes sentences without end.
const QUOTED_WORDS: usize = 45;

/// What a further request must hold to be worth a sentence, in telling words.
const FURTHER_WORDS: usize = 2;

/// What a request counts more for being a question or a wish, and for being the first.
const ASKS: f32 = 2.0;
const FIRST: f32 = 1.5;

/// What a figure in an answer counts.
const FIGURE: f32 = 1.5;

pub(super) fn summary(material: &Material<'_>) -> String {
    let frames = Frames::of(&language(material));
    let mut parts = Vec::new();
    let topics = topics(material);
    let mut topics = topics.iter();
    match topics.next() {
        Some(topic) => {
            parts.push(frames.request(&topic.request.text, topic.request.asks));
            match &topic.answer {
                Answer::Said(answer) => parts.push(frames.answer(answer)),
                Answer::None => parts.push(frames.no_answer.to_owned()),
                Answer::Nothing => {}
            }
        }
        None => parts.push(frames.nothing.to_owned()),
    }
    for topic in topics {
        let Request { text, asks, .. } = &topic.request;
        parts.push(match &topic.answer {
            Answer::Said(answer) => frames.further(text, answer),
            Answer::None => frames.unanswered(text),
            Answer::Nothing => frames.request(text, *asks),
        });
    }
    let ended = material
        .entries
        .iter()
        .rev()
        .find_map(|entry| match &entry.content {
            Content::Ended(line) => Some(&line.ending),
            Content::Started | Content::Caller(_) | Content::Agent(_) => None,
        });
    match ended {
        Some(ending) => parts.push(frames.ending(ending).to_owned()),
        None if parts.len() < 2 => parts.push(frames.no_ending.to_owned()),
        None => {}
    }
    parts.join(" ")
}

/// What most of the caller was heard in, else what the company speaks first.
fn language(material: &Material<'_>) -> Language {
    let mut heard: Vec<(&Language, usize)> = Vec::new();
    for language in material.lines.iter().filter_map(|line| line.language) {
        match heard.iter_mut().find(|(known, _)| known.speaks(language)) {
            Some((_, count)) => *count += 1,
            None => heard.push((language, 1)),
        }
    }
    let most = heard.into_iter().rev().max_by_key(|(_, count)| *count);
    let most = most.map(|(language, _)| language);
    let first = material.settings.languages.first();
    most.or(first).cloned().unwrap_or_default()
}

/// The request that weighs most, and another one about something else.
fn topics(material: &Material<'_>) -> Vec<Topic> {
    let mut requests = requests(material, material.aside);
    if requests.is_empty() {
        // Nothing but a wish for somebody else.
        requests = self::requests(material, &[]);
    }
    let best = |requests: &[&Request]| {
        let ranked = requests.iter().rev();
        let best = ranked.max_by(|one, two| one.score.total_cmp(&two.score));
        best.map(|request| (*request).clone())
    };
    let all: Vec<&Request> = requests.iter().collect();
    let Some(main) = best(&all) else {
        return Vec::new();
    };
    let elsewhere = requests.iter().filter(|request| {
        let shared = request
            .stems
            .iter()
            .filter(|stem| main.stems.contains(stem));
        request.line != main.line
            && request.wants
            && shared.count() < request.stems.len()
            && (request.stems.len() >= FURTHER_WORDS || tells_more(material, request, &main))
    });
    let further = best(&elsewhere.collect::<Vec<_>>());
    let mut topics: Vec<Request> = [Some(main), further].into_iter().flatten().collect();
    topics.sort_by_key(|request| request.line);
    let topics = topics.into_iter().map(|request| Topic {
        answer: answer(material, &request),
        request,
    });
    topics.collect()
}

/// Whether a short question ("and how long?") drew an answer of its own.
fn tells_more(material: &Material<'_>, request: &Request, main: &Request) -> bool {
    let answer = answer(material, request);
    matches!(answer, Answer::Said(_)) && answer != self::answer(material, main)
}

/// The best sentence of each utterance.
fn requests(material: &Material<'_>, aside: &[usize]) -> Vec<Request> {
    let weights = weights(material);
    let mut requests: Vec<Request> = Vec::new();
    for (index, line) in material.lines.iter().enumerate() {
        if !asked(material, line) || aside.contains(&line.entry) {
            continue;
        }
        let mut best: Option<Request> = None;
        for sentence in sentences(line.text) {
            let text = without_fillers(sentence);
            let stems = content(material.stems, &text, line.language);
            if stems.is_empty() {
                continue;
            }
            let asks = begins_question(&text) || text.ends_with('?');
            let wishes = WISHES.iter().any(|wish| text.to_lowercase().contains(wish));
            let told: f32 = stems
                .iter()
                .map(|stem| weights.get(stem).copied().unwrap_or(1.0))
                .sum();
            let score = told.sqrt() * if asks || wishes { ASKS } else { 1.0 };
            if best.as_ref().is_none_or(|best| score > best.score) {
                best = Some(Request {
                    line: index,
                    text,
                    asks,
                    wants: asks || wishes,
                    stems,
                    score,
                });
            }
        }
        requests.extend(best);
    }
    if let Some(first) = requests.iter_mut().find(|request| request.wants) {
        first.score *= FIRST;
    }
    requests
}

/// What begins a wish that is no question.
const WISHES: [&str; 12] = [
    "i want",
    "i need",
    "i'd like",
    "i would like",
    "we need",
    "we want",
    "i have to",
    "ich möchte",
    "ich brauche",
    "quiero",
    "je voudrais",
    "necesito",
];

fn asked(material: &Material<'_>, line: &Spoken<'_>) -> bool {
    match material.entries.get(line.entry).map(|entry| &entry.content) {
        Some(Content::Caller(said)) => said.kind == CallerKind::Asked,
        Some(Content::Started | Content::Agent(_) | Content::Ended(_)) | None => false,
    }
}

/// How often the telling words of the call occur in it, by lines.
fn weights(material: &Material<'_>) -> HashMap<String, f32> {
    let mut weights = HashMap::new();
    for line in material.lines {
        let mut stems = material.stems.content(line);
        stems.sort_unstable();
        stems.dedup();
        for stem in stems {
            *weights.entry(stem).or_insert(0.0) += 1.0;
        }
    }
    weights
}

/// What the agent said to a request, up to the next one.
fn answer(material: &Material<'_>, request: &Request) -> Answer {
    let after = material.lines.iter().skip(request.line + 1);
    let replies = after.take_while(|line| line.speaker == Speaker::Agent || !asked(material, line));
    let mut best: Option<(f32, &str)> = None;
    let mut refused = false;
    for line in replies.filter(|line| line.speaker == Speaker::Agent) {
        match material.entries.get(line.entry).map(|entry| &entry.content) {
            Some(Content::Agent(said)) if said.kind == AgentKind::Reply => {}
            Some(Content::Agent(said)) => {
                refused |= said.kind == AgentKind::Apology;
                continue;
            }
            Some(Content::Started | Content::Caller(_) | Content::Ended(_)) | None => continue,
        }
        if is_fallback(line.text, &material.settings.fallback) {
            refused = true;
            continue;
        }
        let all = sentences(line.text);
        for sentence in all {
            let stems = content(material.stems, sentence, line.language);
            let passes_on = material.aside.contains(&line.entry);
            if stems.is_empty() || sentence.ends_with('?') || passes_on {
                continue;
            }
            let shared = stems.iter().filter(|stem| request.stems.contains(stem));
            let shared = f32::from(u16::try_from(shared.count()).unwrap_or(u16::MAX));
            let figure = sentence.contains(|c: char| c.is_ascii_digit());
            let length = f32::from(u16::try_from(stems.len()).unwrap_or(u16::MAX));
            let score = shared + if figure { FIGURE } else { 0.0 } + length.sqrt() / 2.0;
            if best.is_none_or(|(known, _)| score > known) {
                best = Some((score, sentence));
            }
        }
    }
    match best {
        Some((_, sentence)) => Answer::Said(first_words(sentence)),
        None if refused => Answer::None,
        None => Answer::Nothing,
    }
}

fn content(stems: &Stems, text: &str, language: Option<&Language>) -> Vec<String> {
    let (plain, words) = plain(text);
    let words = words
        .iter()
        .filter_map(|word| plain.get(word.from..word.to));
    let words = words.filter(|word| word.starts_with(char::is_alphanumeric));
    words
        .filter(|word| !is_function_word(word))
        .map(|word| stems.stem(word, language).into_owned())
        .collect()
}

/// The sentence from its first word on that is no filler: "um so where is it".
fn without_fillers(sentence: &str) -> String {
    let mut rest = sentence.trim();
    while let Some((first, after)) = rest.split_once(char::is_whitespace) {
        let word = first.trim_matches(|c: char| !c.is_alphanumeric());
        if !FILLERS.contains(&word.to_lowercase().as_str()) {
            break;
        }
        rest = after.trim_start();
    }
    first_words(rest)
}

const FILLERS: [&str; 52] = [
    "", "um", "uh", "er", "hm", "hmm", "mhm", "ah", "oh", "so", "well", "yes", "yeah", "okay",
    "ok", "no", "hi", "hiya", "morning", "erm", "uhm", "look", "listen", "yep", "fine", "then",
    "cool", "perfect", "sorry", "cheers", "now", "hello", "hey", "and", "but", "great", "thanks",
    "right", "alright", "also", "ja", "also", "hallo", "äh", "ähm", "und", "hola", "bueno", "y",
    "bonjour", "alors", "et",
];

fn first_words(sentence: &str) -> String {
    let mut words = sentence.split_whitespace();
    let taken: Vec<&str> = words.by_ref().take(QUOTED_WORDS).collect();
    taken.join(" ")
}

/// How a call ended is known from its last entry.
impl Frames {
    fn ending(&self, ending: &Ending) -> &'static str {
        match ending {
            Ending::HungUp => self.hung_up,
            Ending::Goodbye => self.goodbye,
            Ending::HandedOff(_) => self.handed_off,
            Ending::Silent => self.silent,
            Ending::Exhausted => self.exhausted,
            Ending::Shutdown | Ending::Failed(_) => self.broken,
        }
    }
}
