//! The questions a call left open, and why.

use super::lines::{Spoken, plain, spoken};
use super::sentiment::begins_question;
use super::stems::Stems;
use crate::ports::transcript_sink::{AgentKind, AgentLine, CallerKind, Content, Entry};
use crate::words::{Language, Turn};

pub use groups::{Group, Groups};

use meaning::Meaning;

mod groups;
mod meaning;

/// What tells an open question.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// What the agent says where the documents have no answer, in every language.
    pub fallback: Vec<String>,
    /// The score that the best source of a turn must reach. Scores of different searches do not
    /// compare, so that there is no good number for all; at 0 only a turn without any source is
    /// of low evidence.
    pub least_score: f32,
    /// The searches that put all knowledge into every prompt and so find nothing, as transcripts
    /// name them: what they find says nothing about evidence.
    pub briefed: Vec<String>,
    /// What is spoken in calls, the main language first.
    pub languages: Vec<Language>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            fallback: vec!["I'm sorry, I don't have that information.".to_owned()],
            least_score: 0.0,
            briefed: vec!["cag".to_owned()],
            languages: vec![Language::default()],
        }
    }
}

/// A question that was left open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    pub turn: Turn,
    /// The position of the question among all entries of the call.
    pub entry: usize,
    /// As it was asked.
    pub question: String,
    pub why: Why,
    /// The stems of what the question is about, sorted: questions with the same ones are the same.
    pub about: Vec<String>,
}

/// Why a question counts as left open; where several reasons hold, the first of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Why {
    /// No model could answer.
    Apology,
    /// It was answered with the fallback line.
    Fallback,
    /// The caller asked the same again, in other words or the same.
    Reasked,
    /// Nothing was found for it, or nothing that fits well.
    LowEvidence,
}

impl Why {
    pub const ALL: [Self; 4] = [
        Self::Apology,
        Self::Fallback,
        Self::Reasked,
        Self::LowEvidence,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Apology => "apology",
            Self::Fallback => "fallback",
            Self::Reasked => "reasked",
            Self::LowEvidence => "low",
        }
    }
}

/// The fewest telling words of a question that needs evidence: "are you there?" needs none.
const TELLING_WORDS: usize = 2;

/// The part of the words of a fallback line that a sentence must hold to be it.
const FALLBACK_PART: f32 = 0.75;

/// The questions that a call left open, in order. The entries are those of one call.
pub fn gaps(entries: &[Entry], settings: &Settings) -> Vec<Gap> {
    let stems = Stems::new(&settings.languages);
    let lines = spoken(entries);
    let asked = |line: &&Spoken<'_>| is_asked(entries, line);
    let questions: Vec<&Spoken<'_>> = lines.iter().filter(asked).collect();
    let meanings = questions.iter().map(|line| Meaning::of(line, &stems));
    let meanings: Vec<Meaning> = meanings.collect();
    let mut gaps = Vec::new();
    for (at, (line, meaning)) in questions.iter().zip(&meanings).enumerate() {
        let until = questions.get(at + 1).map_or(entries.len(), |it| it.entry);
        let replies = entries.get(line.entry + 1..until).unwrap_or_default();
        let replies: Vec<&AgentLine> = replies.iter().filter_map(agent).collect();
        let answered: Vec<String> = replies.iter().map(|it| it.heard.clone()).collect();
        let again = meanings.get(at + 1).zip(questions.get(at + 1));
        let again = again.is_some_and(|(next, _)| next.asks_again(meaning, &answered, &stems));
        let turn = entries.get(line.entry).map(|entry| entry.turn);
        let turn = turn.unwrap_or_default();
        let why = if meaning.is_empty() {
            None
        } else if replies.iter().any(|it| it.kind == AgentKind::Apology) {
            Some(Why::Apology)
        } else if replies.iter().any(|it| falls_back(it, settings)) {
            Some(Why::Fallback)
        } else if again {
            Some(Why::Reasked)
        } else if needs_evidence(line, meaning)
            && replies.iter().any(|it| is_weak(it, turn, settings))
        {
            Some(Why::LowEvidence)
        } else {
            None
        };
        gaps.extend(why.map(|why| Gap {
            turn,
            entry: line.entry,
            question: line.text.to_owned(),
            why,
            about: meaning.stems(),
        }));
    }
    gaps
}

fn is_asked(entries: &[Entry], line: &Spoken<'_>) -> bool {
    match entries.get(line.entry).map(|entry| &entry.content) {
        Some(Content::Caller(said)) => said.kind == CallerKind::Asked,
        Some(Content::Started | Content::Agent(_) | Content::Ended(_)) | None => false,
    }
}

fn agent(entry: &Entry) -> Option<&AgentLine> {
    match &entry.content {
        Content::Agent(line) => Some(line),
        Content::Started | Content::Caller(_) | Content::Ended(_) => None,
    }
}

fn falls_back(line: &AgentLine, settings: &Settings) -> bool {
    // A caller who interrupts the fallback line has heard enough of it.
    line.kind == AgentKind::Reply && is_fallback(&line.planned, &settings.fallback)
}

fn needs_evidence(line: &Spoken<'_>, meaning: &Meaning) -> bool {
    let asks = line.text.contains('?') || begins_question(line.text);
    asks && meaning.len() >= TELLING_WORDS
}

/// Something was searched for this turn, and what was found is not much.
fn is_weak(line: &AgentLine, turn: Turn, settings: &Settings) -> bool {
    let briefed = |name: &str| settings.briefed.iter().any(|it| it == name);
    let searched = line.searches.iter().any(|it| !briefed(&it.strategy));
    let found = line.sources.iter().filter(|source| source.turn == turn);
    let best = found.map(|source| source.score).max_by(f32::total_cmp);
    line.kind == AgentKind::Reply && searched && best.is_none_or(|it| it < settings.least_score)
}

/// Whether a reply is one of the fallback lines, or one of its sentences is, in about these words.
pub(super) fn is_fallback(reply: &str, fallbacks: &[String]) -> bool {
    let said = clauses(reply);
    let mut known = fallbacks
        .iter()
        .filter_map(|it| clauses(it).into_iter().next());
    known.any(|known| said.iter().any(|said| is_like(said, &known)))
}

/// A model may greet or thank before it says the line, and change a word.
fn is_like(said: &[String], known: &[String]) -> bool {
    let denies = |words: &[String]| words.iter().any(|it| DENIALS.contains(&it.as_str()));
    let held = known.iter().filter(|word| said.contains(word)).count();
    let ratio = |part: usize, whole: usize| {
        let count = |n| f32::from(u16::try_from(n).unwrap_or(u16::MAX));
        count(part) / count(whole).max(1.0)
    };
    ratio(held, known.len()) >= FALLBACK_PART && denies(said) == denies(known)
}

const DENIALS: [&str; 10] = [
    "not", "no", "cannot", "nicht", "kein", "keine", "pas", "sin", "nothing", "unable",
];

/// The sentences of a text as words; "don't" is "do not". One of a word or two ("Sorry.") belongs
/// to the next.
fn clauses(text: &str) -> Vec<Vec<String>> {
    let mut clauses: Vec<Vec<String>> = vec![Vec::new()];
    let (plain, words) = plain(text);
    for word in words.iter().filter_map(|it| plain.get(it.from..it.to)) {
        let Some(open) = clauses.last_mut() else {
            break;
        };
        match word {
            "." | "!" | "?" if open.len() > 2 => clauses.push(Vec::new()),
            "." | "!" | "?" | "," | ";" | ":" => {}
            "dont" => open.extend(["do", "not"].map(str::to_owned)),
            "doesnt" => open.extend(["does", "not"].map(str::to_owned)),
            "cant" | "cannot" => open.extend(["can", "not"].map(str::to_owned)),
            "im" => open.extend(["i", "am"].map(str::to_owned)),
            _ => open.push(word.to_owned()),
        }
    }
    clauses.retain(|clause| !clause.is_empty());
    clauses
}

#[cfg(test)]
mod tests;
