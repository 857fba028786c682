//! Ranks the documents of judged sets of questions, and scores the rankings.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::runtime::Handle;
use tokio::task::spawn_blocking;
use voicera::ports::retriever::Query;
use voicera_retrievers::index::Start;
use voicera_retrievers::index::update::update;
use voicera_retrievers::index::upkeep::Place;
use voicera_retrievers::quality::{self, Scores, Set, View};
use voicera_retrievers::rag::{Generation, Live, Rag};

use super::progress::{Bar, Progress};
use super::table::table;
use crate::config::{Config, Environment, HybridWith};
use crate::knowledge::{Searching, Strategy};
use crate::layout::{Ink, wrap};

/// What to score and how to show it.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Folders with `docs/`, `queries.jsonl` and `qrels.tsv`.
    pub sets: Vec<PathBuf>,
    /// Empty: all that search in this process.
    pub strategies: Vec<Strategy>,
    pub json: bool,
}

/// How a strategy ranked a view of a set.
#[derive(Debug)]
struct Row {
    set: String,
    view: String,
    strategy: Strategy,
    scores: Scores,
}

/// How many documents a ranking has at the most: twenty are scored, and some have many passages.
const RANKED: usize = 100;

/// Answers the text to print.
///
/// # Errors
///
/// When a set cannot be read or a strategy not be opened.
pub async fn run(
    config: &Config,
    environment: &Environment,
    wanted: &Wanted,
) -> anyhow::Result<String> {
    let strategies = match wanted.strategies.is_empty() {
        true => vec![Strategy::Tantivy, Strategy::Dense, Strategy::Hybrid],
        false => wanted.strategies.clone(),
    };
    let mut rows = Vec::new();
    let mut missing = Vec::new();
    for folder in &wanted.sets {
        let set = quality::open(folder)?;
        let config = over(config, &set);
        // One index serves all strategies; the models that cannot be had leave the words.
        let all = match strategies.iter().all(|s| *s == Strategy::Tantivy) {
            true => Strategy::Tantivy,
            false => Strategy::Hybrid,
        };
        let opened = match Searching::of(all, &config, environment).await {
            Err(error) if strategies.contains(&Strategy::Tantivy) => {
                missing = vec![format!("dense, hybrid: {error:#}")];
                Searching::of(Strategy::Tantivy, &config, environment).await
            }
            opened => opened,
        };
        let searching = opened?;
        let generation = index(&searching).await?;
        for strategy in &strategies {
            let Some(live) = searched_by(*strategy, &generation) else {
                let name = strategy.name();
                let why = format!("{name}: it ranks nothing, or not in this process");
                if missing.is_empty() && !missing.contains(&why) {
                    missing.push(why);
                }
                continue;
            };
            let rag = searching.rag(&Arc::new(Live::new(live)))?;
            for view in &set.views {
                rows.push(score(folder, &set, view, *strategy, &rag, &config).await?);
            }
        }
    }
    Ok(match wanted.json {
        true => format!("{:#}\n", as_json(&rows, &missing)),
        false => text(&rows, &missing),
    })
}

/// The configuration, over the documents of a set and an index of its own.
fn over(config: &Config, set: &Set) -> Config {
    let mut config = config.clone();
    config.retriever.knowledge_base.clone_from(&set.docs);
    config.retriever.path = Place::Memory;
    config.retriever.hybrid_with = HybridWith::Dense;
    config.retriever.max_files = usize::MAX;
    // A ranking is the same on every machine.
    config.retriever.fusion.deadline = Duration::from_secs(60);
    if let Some(rerank) = &mut config.retriever.rerank {
        rerank.deadline = Duration::from_secs(60);
    }
    config
}

async fn index(searching: &Searching) -> anyhow::Result<Generation> {
    let searching = searching.clone();
    let handle = Handle::current();
    let indexed = spawn_blocking(move || -> anyhow::Result<Generation> {
        for (_, upkeep) in searching.indexes() {
            let mut bar = Bar::new();
            let mut told =
                |progress: voicera_retrievers::index::update::Progress<'_>| bar.tell(progress);
            update(&*upkeep.store, &upkeep.plan, Start::Update, &mut told)?;
        }
        Ok(searching.generation(&handle)?)
    });
    indexed.await?
}

/// The generation with the searches of one strategy; nothing where one is missing.
fn searched_by(strategy: Strategy, generation: &Generation) -> Option<Generation> {
    let names: &[&str] = match strategy {
        Strategy::Tantivy => &["tantivy"],
        Strategy::Dense => &["dense"],
        Strategy::Hybrid => &["tantivy", "dense"],
        Strategy::Cag | Strategy::Qdrant | Strategy::Rag => return None,
    };
    let searches = generation.searches.iter();
    let searches = searches.filter(|search| names.contains(&search.name()));
    let searches: Vec<_> = searches.cloned().collect();
    (searches.len() == names.len()).then(|| Generation {
        searches,
        neighbours: Arc::clone(&generation.neighbours),
    })
}

async fn score(
    folder: &Path,
    set: &Set,
    view: &View,
    strategy: Strategy,
    rag: &Rag,
    config: &Config,
) -> anyhow::Result<Row> {
    let mut progress = Progress::new(strategy.name(), view.questions.len());
    let mut rankings = HashMap::new();
    for asked in &view.questions {
        progress.step();
        let query = Query {
            utterance: asked.utterance.clone(),
            earlier: asked.earlier.clone(),
            language: config.agent.language.clone(),
            limit: RANKED,
        };
        let ranked = rag.rank(&query).await?;
        let documents = ranked.hits.iter().map(|hit| hit.chunk.document.as_str());
        rankings.insert(asked.id.clone(), quality::ranking(documents));
    }
    let name = folder.file_name().unwrap_or(folder.as_os_str());
    Ok(Row {
        set: name.to_string_lossy().into_owned(),
        view: view.name.clone(),
        strategy,
        scores: set.score(&rankings),
    })
}

fn text(rows: &[Row], missing: &[String]) -> String {
    let heads = ["set, view", "strategy", "nDCG@10", "R@5", "R@20", "MRR@10"];
    let cells = |row: &Row| {
        let Scores {
            ndcg_10,
            recall_5,
            recall_20,
            mrr_10,
        } = row.scores;
        let mut cells = vec![
            format!("{}, {}", row.set, row.view),
            row.strategy.name().to_owned(),
        ];
        cells.extend([ndcg_10, recall_5, recall_20, mrr_10].map(|score| format!("{score:.3}")));
        cells
    };
    let ink = Ink::of(&io::stdout());
    let mut text = table(&heads, &rows.iter().map(cells).collect::<Vec<_>>(), ink);
    for missing in missing {
        text += &format!("\n{}\n", wrap(missing, "", "  "));
    }
    text
}

fn as_json(rows: &[Row], missing: &[String]) -> Value {
    let row = |row: &Row| {
        json!({
            "set": row.set,
            "view": row.view,
            "strategy": row.strategy.name(),
            "ndcg_10": row.scores.ndcg_10,
            "recall_5": row.scores.recall_5,
            "recall_20": row.scores.recall_20,
            "mrr_10": row.scores.mrr_10,
        })
    };
    json!({ "rankings": rows.iter().map(row).collect::<Vec<_>>(), "missing": missing })
}
