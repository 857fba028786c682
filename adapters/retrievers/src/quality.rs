//! How well a strategy ranks: judged questions, a ranking of documents for each, and its scores.
//!
//! A set is a folder with `docs/<document>.<ending>`, `queries.jsonl` (an object a line: `id`,
//! `text`), any number of other views of the same questions in `queries.<view>.jsonl`, and
//! `qrels.tsv` (query, document and grade, between tabs). A view may give the `turns` of a
//! conversation (`speaker`, `text`) beside the text.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::{fs, io};

use serde::Deserialize;

/// Questions with judged documents.
#[derive(Clone, Debug, PartialEq)]
pub struct Set {
    /// The folder of its documents.
    pub docs: PathBuf,
    pub views: Vec<View>,
    judgements: Judgements,
}

/// The questions, asked in one way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// `queries`, or what stands between `queries.` and `.jsonl`; with ` turns` behind it where
    /// the turns of a conversation are asked one after the other.
    pub name: String,
    pub questions: Vec<Asked>,
}

/// One question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    pub id: String,
    pub utterance: String,
    /// What the caller said before, oldest first.
    pub earlier: Vec<String>,
}

/// How good a ranking is, from 0 to 1 each, over every question with a relevant document.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Scores {
    /// The gain of the first ten, later ones discounted, next to the best order there is.
    pub ndcg_10: f64,
    /// The share of the relevant documents that is among the first five.
    pub recall_5: f64,
    /// The share of the relevant documents that is among the first twenty.
    pub recall_20: f64,
    /// One by the place of the first relevant document, where that is among the first ten.
    pub mrr_10: f64,
}

/// Why a set cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SetError {
    #[error(
        "`{}` cannot be read; a set has docs/, queries.jsonl and qrels.tsv",
        .path.display()
    )]
    Unreadable { path: PathBuf, source: io::Error },
    #[error("line {line} of `{}` is not a query with an id and a text", path.display())]
    Query {
        path: PathBuf,
        line: usize,
        source: serde_json::Error,
    },
    #[error(
        "line {line} of `{}` is not a query, a document and a grade between tabs",
        path.display()
    )]
    Judgement { path: PathBuf, line: usize },
    #[error("`{}` judges no question", .0.display())]
    Unjudged(PathBuf),
}

/// Question to document to grade.
type Judgements = BTreeMap<String, HashMap<String, i32>>;

/// Reads a set; its documents are left where they are.
///
/// # Errors
///
/// When a file is missing, or a line of it is wrong.
pub fn open(folder: &Path) -> Result<Set, SetError> {
    let judgements = judgements(&folder.join("qrels.tsv"))?;
    let docs = folder.join("docs");
    let listing = fs::read_dir(folder).map_err(|error| unreadable(folder, error))?;
    fs::metadata(&docs).map_err(|error| unreadable(&docs, error))?;
    let mut names: Vec<String> = listing
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.starts_with("queries.") && name.ends_with(".jsonl"))
        .collect();
    names.sort_by_key(|name| name.len());
    let mut views = Vec::new();
    for name in names {
        views.extend(views_of(&folder.join(&name), &name)?);
    }
    if views.is_empty() {
        let path = folder.join("queries.jsonl");
        return Err(unreadable(&path, io::ErrorKind::NotFound.into()));
    }
    Ok(Set {
        docs,
        views,
        judgements,
    })
}

impl Set {
    /// Scores rankings of documents, by question; a question without one counts nothing.
    pub fn score(&self, rankings: &HashMap<String, Vec<String>>) -> Scores {
        let mut sum = Scores::default();
        for (question, grades) in &self.judgements {
            let ranking = rankings.get(question).map_or(&[][..], Vec::as_slice);
            let scores = score(grades, ranking);
            sum.ndcg_10 += scores.ndcg_10;
            sum.recall_5 += scores.recall_5;
            sum.recall_20 += scores.recall_20;
            sum.mrr_10 += scores.mrr_10;
        }
        let questions = self.judgements.len().max(1) as f64;
        Scores {
            ndcg_10: sum.ndcg_10 / questions,
            recall_5: sum.recall_5 / questions,
            recall_20: sum.recall_20 / questions,
            mrr_10: sum.mrr_10 / questions,
        }
    }
}

/// The documents of passages, best first, each once, without their endings.
pub fn ranking<'a>(documents: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut seen = HashSet::new();
    let name = |document: &'a str| document.rsplit_once('.').map_or(document, |(name, _)| name);
    let names = documents.into_iter().map(name);
    names
        .filter(|name| seen.insert(*name))
        .map(str::to_owned)
        .collect()
}

fn score(grades: &HashMap<String, i32>, ranking: &[String]) -> Scores {
    let grade = |document: &String| f64::from(grades.get(document).copied().unwrap_or(0).max(0));
    let gain = |grades: &mut dyn Iterator<Item = f64>| -> f64 {
        let places = grades.take(10).zip(2_u32..);
        places
            .map(|(grade, place)| grade / f64::from(place).log2())
            .sum()
    };
    let mut best: Vec<f64> = grades.values().map(|grade| f64::from(*grade)).collect();
    best.retain(|grade| *grade > 0.0);
    best.sort_by(|a, b| b.total_cmp(a));
    let relevant = best.len().max(1) as f64;
    let found = |first: usize| {
        let found = ranking.iter().take(first).filter(|d| grade(d) >= 1.0);
        found.count() as f64 / relevant
    };
    let first = ranking.iter().take(10).position(|d| grade(d) >= 1.0);
    Scores {
        ndcg_10: gain(&mut ranking.iter().map(grade)) / gain(&mut best.iter().copied()),
        recall_5: found(5),
        recall_20: found(20),
        mrr_10: first.map_or(0.0, |place| 1.0 / (place + 1) as f64),
    }
}

fn judgements(path: &Path) -> Result<Judgements, SetError> {
    let text = fs::read_to_string(path).map_err(|error| unreadable(path, error))?;
    let mut judgements = Judgements::new();
    for (text, line) in text.lines().zip(1..) {
        let mut fields = text.split('\t').map(str::trim);
        let fields = (fields.next(), fields.next(), fields.next());
        let (Some(question), Some(document), Some(grade)) = fields else {
            if text.trim().is_empty() {
                continue;
            }
            let path = path.to_owned();
            return Err(SetError::Judgement { path, line });
        };
        match grade.parse::<i32>() {
            Ok(grade) => {
                let grades = judgements.entry(question.to_owned()).or_default();
                grades.insert(document.to_owned(), grade);
            }
            // The first line may name the columns.
            Err(_) if line == 1 => {}
            Err(_) => {
                let path = path.to_owned();
                return Err(SetError::Judgement { path, line });
            }
        }
    }
    judgements.retain(|_, grades| grades.values().any(|grade| *grade >= 1));
    match judgements.is_empty() {
        true => Err(SetError::Unjudged(path.to_owned())),
        false => Ok(judgements),
    }
}

#[derive(Deserialize)]
struct Row {
    id: String,
    text: String,
    #[serde(default)]
    turns: Vec<TurnRow>,
}

#[derive(Deserialize)]
struct TurnRow {
    speaker: String,
    text: String,
}

/// The texts as they are, and the conversations where there are any.
fn views_of(path: &Path, file: &str) -> Result<Vec<View>, SetError> {
    let text = fs::read_to_string(path).map_err(|error| unreadable(path, error))?;
    let mut whole = Vec::new();
    let mut turns = Vec::new();
    for (text, line) in text
        .lines()
        .zip(1..)
        .filter(|(text, _)| !text.trim().is_empty())
    {
        let row: Row = serde_json::from_str(text).map_err(|source| SetError::Query {
            path: path.to_owned(),
            line,
            source,
        })?;
        let said = row.turns.into_iter().filter(|turn| turn.speaker != "agent");
        let mut said: Vec<String> = said.map(|turn| turn.text).collect();
        if let Some(utterance) = said.pop() {
            turns.push(Asked {
                id: row.id.clone(),
                utterance,
                earlier: said,
            });
        }
        whole.push(Asked {
            id: row.id,
            utterance: row.text,
            earlier: Vec::new(),
        });
    }
    let name = file.strip_suffix(".jsonl").unwrap_or(file);
    let name = name.strip_prefix("queries.").unwrap_or(name);
    let view = |name: String, questions: Vec<Asked>| View { name, questions };
    let views = [
        view(name.to_owned(), whole),
        view(format!("{name} turns"), turns),
    ];
    let views = views.into_iter().filter(|view| !view.questions.is_empty());
    Ok(views.collect())
}

fn unreadable(path: &Path, source: io::Error) -> SetError {
    SetError::Unreadable {
        path: path.to_owned(),
        source,
    }
}

#[cfg(test)]
mod tests;
