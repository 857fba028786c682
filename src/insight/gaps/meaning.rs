//! What a question is about, so that the same one is known in other words.

use std::collections::BTreeSet;

use crate::insight::lines::{Spoken, plain};
use crate::insight::stems::{Stems, is_function_word};

/// A question as the set of what it asks for.
#[derive(Debug)]
pub(super) struct Meaning {
    about: BTreeSet<String>,
    /// The caller says that this was asked before: "I mean", "that's not what I asked".
    insists: bool,
}

/// The part of the question before that must come again where the caller insists, and where not.
const SHARED_INSISTING: f32 = 0.34;
const SHARED: f32 = 0.5;

impl Meaning {
    pub(super) fn of(line: &Spoken<'_>, stems: &Stems) -> Self {
        let words: Vec<&str> = line.words().map(|(_, word)| word).collect();
        let said = words.join(" ");
        let held = |phrase: &str| format!(" {said} ").contains(&format!(" {phrase} "));
        let insists = INSISTING.iter().any(|it| held(it)) || said.starts_with("no ");
        let mut about = BTreeSet::new();
        let mut at = 0;
        while let Some(word) = words.get(at) {
            let rest = words.get(at..).unwrap_or_default();
            let Some((concept, taken)) = concept(rest) else {
                if !is_function_word(word) && !EMPTY.contains(word) {
                    about.insert(stems.stem(word, line.language).into_owned());
                }
                at += 1;
                continue;
            };
            about.insert(concept.to_owned());
            at += taken;
        }
        Self { about, insists }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.about.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.about.len()
    }

    pub(super) fn stems(&self) -> Vec<String> {
        self.about.iter().cloned().collect()
    }

    /// Whether this asks again what was asked before. A question that adds something new, which
    /// the agent did not bring up in between, goes on instead.
    pub(super) fn asks_again(&self, before: &Self, answers: &[String], stems: &Stems) -> bool {
        let shared = self.about.intersection(&before.about).count();
        if shared == 0 {
            return false;
        }
        let part = |of: usize| {
            let count = |n| f32::from(u16::try_from(n).unwrap_or(u16::MAX));
            count(shared) / count(of)
        };
        if self.insists {
            return part(self.len().min(before.len())) >= SHARED_INSISTING;
        }
        let mentioned = mentioned(answers, stems);
        let new = self.about.difference(&before.about);
        let new = new.filter(|stem| !mentioned.contains(*stem)).count();
        new == 0 && part(before.len()) >= SHARED
    }
}

fn mentioned(answers: &[String], stems: &Stems) -> BTreeSet<String> {
    let mut mentioned = BTreeSet::new();
    for answer in answers {
        let (text, words) = plain(answer);
        for word in words.iter().filter_map(|it| text.get(it.from..it.to)) {
            mentioned.insert(stems.stem(word, None).into_owned());
        }
    }
    mentioned
}

/// The concept that words begin with, and how many of them it takes.
fn concept(words: &[&str]) -> Option<(&'static str, usize)> {
    CONCEPTS.iter().find_map(|(concept, phrases)| {
        phrases.iter().find_map(|phrase| {
            let taken = phrase.split(' ').count();
            let begins = words.get(..taken)?.iter().copied().eq(phrase.split(' '));
            begins.then_some((*concept, taken))
        })
    })
}

const INSISTING: [&str; 24] = [
    "i asked",
    "i mean",
    "i meant",
    "i said",
    "not what i asked",
    "my question",
    "repeat please",
    "i was asking",
    "not my question",
    "as i said",
    "like i said",
    "in other words",
    "you havent answered",
    "you didnt answer",
    "didnt answer",
    "again how",
    "again what",
    "once more",
    "ich meine",
    "ich meinte",
    "nochmal",
    "ich habe gefragt",
    "quiero decir",
    "je veux dire",
];

/// Words that tell nothing apart from others.
const EMPTY: [&str; 23] = [
    "number",
    "find",
    "hear",
    "ask",
    "asked",
    "answer",
    "there",
    "repeat",
    "spell",
    "speak",
    "use",
    "offer",
    "thing",
    "possible",
    "available",
    "requires",
    "required",
    "allowed",
    "permitted",
    "wissen",
    "saber",
    "savoir",
    "understand",
];

/// What is asked in several ways.
#[rustfmt::skip]
const CONCEPTS: [(&str, &[&str]); 16] = [
    ("price", &["how much is", "how much does", "how much are", "how much do", "how much would", "how much",
        "how expensive", "price", "prices", "cost", "costs", "rate", "rates", "fee", "fees",
        "charge", "wie viel", "kostet", "kosten", "preis", "cuánto cuesta", "cuesta", "precio",
        "combien", "coûte", "prix"]),
    ("duration", &["how long", "how many days", "how many weeks", "transit time", "wie lange", "dauert",
        "cuánto tarda"]),
    ("when", &["when", "what time", "until when", "deadline", "cut off", "cutoff", "due",
        "opening hours", "open", "opens", "wann", "cuándo", "quand"]),
    ("where", &["where", "address", "wo", "dónde", "où"]),
    ("who", &["who", "whom", "wer", "quién", "qui"]),
    ("paper", &["document", "documents", "paper", "papers", "paperwork", "papiere", "dokumente",
        "unterlagen"]),
    ("cargo", &["freight", "cargo", "goods", "shipment", "shipments"]),
    ("air", &["air", "airline", "plane", "aircraft", "flight"]),
    ("sea", &["ocean", "sea", "vessel"]),
    ("send", &["ship", "shipped", "shipping", "send", "transport", "move"]),
    ("size", &["how big", "size", "how large", "dimensions", "big", "large"]),
    ("change", &["change", "changed", "amend", "amended", "amendment", "amendments", "modify"]),
    ("damage", &["damage", "damaged", "broken"]),
    ("deliver", &["deliver", "delivery", "delivered"]),
    ("book", &["book", "booking", "bookings", "booked", "reserve", "reservation"]),
    ("include", &["include", "included", "includes", "including"]),
];
