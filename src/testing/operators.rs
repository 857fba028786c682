//! Scores the operators on lines that were labelled by hand.
//!
//! Every file is one kind of label, a JSON object a line. Lines of the set `held_out` are scored
//! apart: nothing was tuned on them. Whoever looks at one to mend an operator makes it a tuned
//! one and writes others.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use serde_json::Value;

use crate::insight::entities::Gazetteer;
use crate::insight::gaps::{self, gaps};
use crate::insight::operators::{Operators, Settings};
use crate::insight::{Detection, Entity, EntityKind, Insights, Mood};
use crate::ports::retriever::{Outcome, Search, Source};
use crate::ports::transcript_sink::{
    AgentKind, AgentLine, Basis, CallerKind, CallerLine, Content, EndedLine, Entry, Evidence,
    Latency,
};
use crate::testing::call::call;
use crate::words::{Call, Ending, Handoff, Language, Turn};

/// How often an operator was right on a set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Score {
    pub name: String,
    pub held_out: bool,
    /// How many lines or calls the set has.
    pub lines: usize,
    /// What was found and is there.
    pub right: usize,
    /// What was found and is not there.
    pub extra: usize,
    /// What is there and was not found.
    pub missed: usize,
    /// Every extra and missed one, in a line.
    pub misses: Vec<String>,
}

/// The files of labels, by name, and which part of the insights they are about.
pub const FILES: [&str; 9] = [
    "escalation",
    "introduction",
    "transfer",
    "services",
    "summary",
    "gaps",
    "sentiment",
    "moods",
    "entities",
];

impl Score {
    pub fn precision(&self) -> f64 {
        ratio(self.right, self.right + self.extra)
    }

    pub fn recall(&self) -> f64 {
        ratio(self.right, self.right + self.missed)
    }

    pub fn f1(&self) -> f64 {
        let (precision, recall) = (self.precision(), self.recall());
        match precision + recall {
            0.0 => 0.0,
            sum => 2.0 * precision * recall / sum,
        }
    }

    fn tell(&mut self, expected: &[String], found: &[String], about: &str) {
        for one in found {
            match expected.contains(one) {
                true => self.right += 1,
                false => {
                    self.extra += 1;
                    self.misses.push(format!("+ {one}: {about}"));
                }
            }
        }
        for one in expected.iter().filter(|one| !found.contains(one)) {
            self.missed += 1;
            self.misses.push(format!("- {one}: {about}"));
        }
    }
}

/// The mean of the F1 of every class of a set.
pub fn macro_f1(scores: &[Score]) -> f64 {
    let sum: f64 = scores.iter().map(Score::f1).sum();
    match scores.len() {
        0 => 0.0,
        classes => sum / f64::from(u32::try_from(classes).unwrap_or(u32::MAX)),
    }
}

/// The scores of a file of labels, one for each class and set.
///
/// # Errors
///
/// The line that is not as the file should be.
pub fn scores(file: &str, labels: &str, operators: &Operators) -> Result<Vec<Score>, String> {
    let mut scores: BTreeMap<(bool, String), Score> = BTreeMap::new();
    for (number, line) in labels.lines().enumerate() {
        let labelled = judge(file, line, operators);
        let wrong = format!("{file}.jsonl:{}: {line}", number + 1);
        let (held_out, about, classes) = labelled.ok_or(wrong)?;
        for (class, expected, found) in classes {
            let score = scores.entry((held_out, class.clone())).or_default();
            (score.name, score.held_out) = (class, held_out);
            score.lines += 1;
            score.tell(&expected, &found, &about);
        }
    }
    Ok(scores.into_values().collect())
}

/// What a class should find in a line, and what it finds.
type Judged = (String, Vec<String>, Vec<String>);

fn judge(file: &str, line: &str, operators: &Operators) -> Option<(bool, String, Vec<Judged>)> {
    let label: Value = serde_json::from_str(line).ok()?;
    let held_out = label.get("set").and_then(Value::as_str) == Some("held_out");
    let entries = entries(&label)?;
    let about = said(&entries);
    let class = |expected, found| vec![(file.to_owned(), expected, found)];
    let told = || operators.analyse(&entries);
    let classes = match file {
        "gaps" => {
            let found = gaps(&entries, &gap_settings());
            let found = found
                .iter()
                .map(|it| format!("{}@{}", it.why.name(), it.turn));
            let expected = label.get("gaps")?.as_array()?.iter().filter_map(|gap| {
                let why = gap.get("why")?.as_str()?;
                Some(format!("{why}@{}", gap.get("turn")?))
            });
            class(expected.collect(), found.collect())
        }
        "services" => {
            let found = told().services.unwrap_or_default();
            class(
                strings(label.get("services")?)?,
                found.into_iter().map(|it| it.label).collect(),
            )
        }
        "summary" => summary(&label, &told(), &about)?,
        "sentiment" => {
            let sentiment = told().sentiment?;
            let mood = sentiment.lines.first()?.mood;
            moods(&label, mood, "sentiment")?
        }
        "moods" => moods(&label, told().sentiment?.overall, "overall")?,
        "entities" => entities(&label, &told())?,
        _ => {
            let insights = told();
            let found = detection(file, &insights)?;
            let yes = |detected: bool| Vec::from_iter(detected.then(|| file.to_owned()));
            class(yes(label.get("expected")?.as_bool()?), yes(found.detected))
        }
    };
    Some((held_out, about, classes))
}

fn detection<'a>(file: &str, insights: &'a Insights) -> Option<&'a Detection> {
    match file {
        "escalation" => insights.escalation.as_ref(),
        "introduction" => insights.introduction.as_ref(),
        "transfer" => insights.transfer.as_ref(),
        _ => None,
    }
}

/// Each mood is a class of its own.
fn moods(label: &Value, found: Mood, name: &str) -> Option<Vec<Judged>> {
    let expected = Mood::named(label.get("mood")?.as_str()?)?;
    let judged = [expected, found].map(|mood| {
        let only = |it: Mood| Vec::from_iter((it == mood).then(|| mood.name().to_owned()));
        let class = format!("{name}, {}", mood.name());
        (class, only(expected), only(found))
    });
    let mut judged = Vec::from(judged);
    judged.dedup();
    Some(judged)
}

/// Every required and forbidden word is one thing to get right, and so is the length.
fn summary(label: &Value, insights: &Insights, about: &str) -> Option<Vec<Judged>> {
    let summary = insights.summary.as_deref()?.to_lowercase();
    let holds = |word: &String| {
        let word = word.to_lowercase();
        let mut at = summary.match_indices(&word);
        at.any(|(at, word)| {
            let before = summary.get(..at).unwrap_or_default().chars().next_back();
            let after = summary
                .get(at + word.len()..)
                .unwrap_or_default()
                .chars()
                .next();
            let bound = |c: Option<char>| !c.is_some_and(char::is_alphanumeric);
            bound(before) && bound(after)
        })
    };
    let expected = strings(label.get("required")?)?;
    let forbidden = strings(label.get("forbidden")?)?;
    let mut found: Vec<String> = expected.iter().chain(&forbidden).cloned().collect();
    found.retain(holds);
    let sentences = summary.matches(['.', '?', '!', '”']).count();
    if summary.is_empty() || sentences < 2 {
        found.push(format!("too short: {summary}"));
    }
    let quotes = summary.split('“').skip(1);
    let invented = quotes
        .filter_map(|it| it.split('”').next())
        .filter(|quote| {
            let quote = quote.trim_end_matches(['.', '?', '!']);
            !about.to_lowercase().contains(quote)
        });
    found.extend(invented.map(|quote| format!("invented: {quote}")));
    Some(vec![("summary".to_owned(), expected, found)])
}

/// What is found counts where it has the kind of what is labelled, overlaps it, and has its value
/// where one is labelled.
fn entities(label: &Value, insights: &Insights) -> Option<Vec<Judged>> {
    let text = label.get("text")?.as_str()?;
    let mut kinds: BTreeMap<&str, (Vec<String>, Vec<String>)> = BTreeMap::new();
    let mut found: Vec<&Entity> = insights.entities.as_deref()?.iter().collect();
    let mut from = 0;
    for entity in label.get("entities")?.as_array()? {
        let kind = entity.get("kind")?.as_str()?;
        let said = entity.get("text")?.as_str()?;
        let value = entity.get("value").and_then(Value::as_str);
        let start = from + text.get(from..)?.find(said)?;
        let end = start + said.len();
        from = end;
        let hit = found.iter().position(|it| {
            let overlaps = it.place.is_some_and(|it| it.start < end && start < it.end);
            let valued = value.is_none_or(|value| it.value.as_deref() == Some(value));
            it.kind.name() == kind && overlaps && valued
        });
        let name = format!("{said}@{start}");
        let judged = kinds.entry(kind).or_default();
        if let Some(hit) = hit {
            found.remove(hit);
            judged.1.push(name.clone());
        }
        judged.0.push(name);
    }
    for extra in found {
        let judged = kinds.entry(extra.kind.name()).or_default();
        judged.1.push(extra.text.clone());
    }
    let judged = kinds.into_iter();
    let judged = judged.map(|(kind, (expected, found))| {
        let class = format!("entities, {kind}");
        (class, expected, found)
    });
    Some(judged.collect())
}

/// The operators that the labels were written for.
pub fn operators() -> Operators {
    let mut names = Gazetteer::default();
    names.add(EntityKind::Organization, "SupplyChainCo");
    Operators::new(Settings {
        agent: vec!["Ava".to_owned()],
        company: vec!["SupplyChainCo".to_owned()],
        fallback: vec![FALLBACK.to_owned()],
        names,
        ..Settings::default()
    })
}

/// The fallback line of the agent in the labels.
const FALLBACK: &str =
    "I'm sorry, I don't have that information. Please write to support@supplychainco.com.";

/// The settings that the labels of gaps were written for.
fn gap_settings() -> gaps::Settings {
    gaps::Settings {
        fallback: vec![FALLBACK.to_owned()],
        least_score: 0.2,
        ..gaps::Settings::default()
    }
}

/// A call of so many entries, to be timed: what callers say, and the answers.
pub fn conversation(entries: usize) -> Vec<Entry> {
    let mut lines = Vec::with_capacity(entries);
    for at in 0..entries {
        let text = SAID.get(at % SAID.len()).copied().unwrap_or_default();
        let speaker = if at % 2 == 0 { "agent" } else { "caller" };
        lines.push(serde_json::json!({ "speaker": speaker, "text": text }));
    }
    let label = serde_json::json!({ "entries": lines, "ending": "goodbye" });
    self::entries(&label).unwrap_or_default()
}

/// What is said in turn, the agent first.
const SAID: [&str; 12] = [
    "Hello, this is Ava from SupplyChainCo. How can I help you today?",
    "hi um i'd like to know how much a forty foot container from shanghai to los angeles costs",
    "A 40-foot container from Shanghai to Los Angeles costs USD 2,200. The transit time is 18 to 20 days.",
    "okay that's great and which documents do i need for customs in saudi arabia",
    "You need a commercial invoice, a packing list, a certificate of origin and a SASO certificate.",
    "my last shipment was delayed by two weeks and nobody told me anything i'm really annoyed",
    "I'm sorry to hear that. A delayed shipment opens a claim within 48 hours after you report it.",
    "the booking number is five five one two and it was two pallets of lamps for acme trading",
    "I'm sorry, I don't have that information. Please write to support@supplychainco.com.",
    "i don't want to write an email can i talk to a real person please who can look it up",
    "Storage in a bonded warehouse costs USD 0.45 per pallet and day, in a non-bonded one USD 0.30.",
    "thank you that was very helpful i will book the container through the portal then",
];

/// When the calls of all labels began: 2026-11-23, 10:00 UTC.
const STARTED: Duration = Duration::from_secs(1_795_428_000);

/// The entries of a label: a line alone, or those of a call.
pub fn entries(label: &Value) -> Option<Vec<Entry>> {
    let call = Arc::new(Call {
        started: SystemTime::UNIX_EPOCH + STARTED,
        ..call()
    });
    let mut turn = Turn(0);
    let mut contents = Vec::new();
    let lines = match label.get("entries") {
        Some(lines) => lines.as_array()?.clone(),
        None => vec![label.clone()],
    };
    for line in &lines {
        let text = line.get("text")?.as_str()?;
        if line.get("speaker").and_then(Value::as_str) == Some("agent") {
            contents.push((turn, Content::Agent(agent(line, text, turn))));
        } else {
            turn = turn.next();
            contents.push((turn, caller(text)));
        }
    }
    if let Some(ending) = label.get("ending").and_then(Value::as_str) {
        let ended = EndedLine {
            ending: ended(ending)?,
            turns: turn.0,
            duration: Duration::from_secs(60),
        };
        contents.push((turn, Content::Ended(ended)));
    }
    let entries = contents.into_iter().zip(0..);
    Some(
        entries
            .map(|((turn, content), sequence)| Entry {
                call: Arc::clone(&call),
                sequence,
                turn,
                at: Duration::from_secs(sequence.into()),
                content,
            })
            .collect(),
    )
}

fn caller(text: &str) -> Content {
    Content::Caller(CallerLine {
        text: text.to_owned(),
        language: None::<Language>,
        kind: CallerKind::Asked,
    })
}

fn agent(line: &Value, text: &str, turn: Turn) -> AgentLine {
    let nothing = line.get("sources").and_then(Value::as_u64) == Some(0);
    let score = line.get("score").and_then(Value::as_f64).unwrap_or(0.8);
    let source = Evidence {
        turn,
        passage: "p".to_owned(),
        source: Source {
            document: "guide.md".to_owned(),
            headings: Vec::new(),
            span: None,
        },
        score: score as f32,
    };
    AgentLine {
        kind: match line.get("kind").and_then(Value::as_str) {
            Some("apology") => AgentKind::Apology,
            Some("nudge") => AgentKind::Nudge,
            _ if turn == Turn(0) => AgentKind::Greeting,
            _ => AgentKind::Reply,
        },
        planned: text.to_owned(),
        heard: text.to_owned(),
        interrupted: false,
        basis: Basis::Whole,
        sources: Vec::from_iter((!nothing).then_some(source)),
        searches: vec![Search {
            strategy: "tantivy".into(),
            outcome: Outcome::Found(usize::from(!nothing)),
            took: Duration::ZERO,
        }],
        usage: Vec::new(),
        latency: Latency::default(),
    }
}

fn ended(name: &str) -> Option<Ending> {
    let handoff = Handoff {
        reason: String::new(),
        summary: String::new(),
    };
    let endings = [
        Ending::HungUp,
        Ending::Goodbye,
        Ending::HandedOff(handoff),
        Ending::Silent,
        Ending::Exhausted,
        Ending::Shutdown,
        Ending::Failed(String::new()),
    ];
    endings.into_iter().find(|ending| ending.name() == name)
}

fn said(entries: &[Entry]) -> String {
    let said = entries.iter().filter_map(|entry| Some(entry.said()?.1));
    said.collect::<Vec<_>>().join(" | ")
}

fn strings(value: &Value) -> Option<Vec<String>> {
    let strings = value.as_array()?.iter();
    strings.map(|it| Some(it.as_str()?.to_owned())).collect()
}

fn ratio(part: usize, whole: usize) -> f64 {
    let count = |n| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
    match whole {
        // Nothing found where nothing is.
        0 => 1.0,
        _ => count(part) / count(whole),
    }
}
