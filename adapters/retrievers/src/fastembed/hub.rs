//! Models on the hub, as users name them.

use std::path::PathBuf;

use ::fastembed::{EmbeddingModel, ModelInfo, RerankerModel, TextEmbedding, TextRerank};

use crate::fastembed::{OpenError, Settings};

/// What bge, arctic and mxbai were trained with.
const REPRESENT: &str = "Represent this sentence for searching relevant passages: ";

/// What models want before a question and before a passage, by a part of their name.
const PREFIXES: [(&str, &str, &str); 8] = [
    ("e5-", "query: ", "passage: "),
    ("nomic-embed", "search_query: ", "search_document: "),
    ("modernbert-embed", "search_query: ", "search_document: "),
    (
        "embeddinggemma",
        "task: search result | query: ",
        "title: none | text: ",
    ),
    ("bge-small-en", REPRESENT, ""),
    ("bge-base-en", REPRESENT, ""),
    ("bge-large-en", REPRESENT, ""),
    ("arctic-embed", REPRESENT, ""),
];

/// The model of a name: fastembed's own (`AllMiniLML6V2Q`), a repository with an ONNX export
/// (`Xenova/bge-small-en-v1.5`), or the original's (`sentence-transformers/all-MiniLM-L6-v2`).
pub(super) fn model(name: &str) -> Result<ModelInfo<EmbeddingModel>, OpenError> {
    let mut models = TextEmbedding::list_supported_models();
    models.sort_by_key(|info| TextEmbedding::get_quantization_mode(&info.model) as u8);
    let is = |info: &&ModelInfo<EmbeddingModel>| {
        format!("{:?}", info.model).eq_ignore_ascii_case(name)
            || info.model_code.eq_ignore_ascii_case(name)
    };
    let original = plain(name);
    let found = models.iter().find(is);
    let found = found.or_else(|| {
        models
            .iter()
            .find(|info| plain(&info.model_code) == original)
    });
    found
        .cloned()
        .ok_or_else(|| unknown(name, models.iter().map(|info| &info.model_code)))
}

/// The reranking model of a name.
pub(super) fn reranker(name: &str) -> Result<RerankerModel, OpenError> {
    let models = TextRerank::list_supported_models();
    let found = models
        .iter()
        .find(|info| plain(&info.model_code) == plain(name));
    found
        .map(|info| info.model.clone())
        .ok_or_else(|| unknown(name, models.iter().map(|info| &info.model_code)))
}

/// What a model wants before a question and before a passage.
pub(super) fn prefixes(name: &str) -> (&'static str, &'static str) {
    let name = plain(name);
    let known = PREFIXES.iter().find(|(part, ..)| name.contains(part));
    known.map_or(("", ""), |&(_, question, passage)| (question, passage))
}

/// Where models are kept.
pub(super) fn cache(settings: &Settings) -> PathBuf {
    let default = || PathBuf::from(::fastembed::get_cache_dir());
    settings.cache.clone().unwrap_or_else(default)
}

/// The name without its owner and without what exporters append.
fn plain(name: &str) -> String {
    let name = name.rsplit('/').next().unwrap_or(name).to_lowercase();
    name.trim_end_matches("-q")
        .trim_end_matches("-onnx")
        .to_owned()
}

fn unknown<'a>(model: &str, known: impl Iterator<Item = &'a String>) -> OpenError {
    let mut known: Vec<&str> = known.map(String::as_str).collect();
    known.sort_unstable();
    known.dedup();
    OpenError::UnknownModel {
        model: model.to_owned(),
        known: known.join(", "),
    }
}
