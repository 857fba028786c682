//! Scores from a cross-encoder.

use std::fmt;
use std::sync::Arc;

use ::fastembed::{
    RerankInitOptions, RerankInitOptionsUserDefined, TextRerank, UserDefinedRerankingModel,
};
use async_trait::async_trait;
use voicera::ports::Cause;

use super::files::Files;
use super::workers::{Refused, Workers};
use super::{OpenError, Settings, hub, model_name, runtime, unloaded};
use crate::chunks::Chunk;
use crate::rerank::{self, RerankError, Reranker};

/// Implements [`Reranker`] with one model, warm for all calls.
pub(super) struct Fastembed {
    name: String,
    workers: Workers<TextRerank>,
}

impl Fastembed {
    pub(super) fn open(settings: &rerank::Settings, shared: &Settings) -> Result<Self, OpenError> {
        runtime::load(shared.library.as_deref())?;
        let name = model_name(&settings.model, settings.folder.as_deref());
        let failed = |error| unloaded(&name, error);
        let load: Box<dyn Fn() -> ::fastembed::Result<TextRerank>> = match &settings.folder {
            Some(folder) => local(Files::read(folder)?, settings),
            None => from_hub(settings, shared)?,
        };
        let load = || {
            let mut loaded = load().map_err(failed)?;
            loaded
                .rerank("warm", ["warm"], false, None)
                .map_err(failed)?;
            Ok(loaded)
        };
        let workers = Workers::open(settings.workers, settings.queue, &name, load)?;
        Ok(Self { name, workers })
    }
}

#[async_trait]
impl Reranker for Fastembed {
    async fn scores(&self, question: &str, chunks: &[Arc<Chunk>]) -> Result<Vec<f32>, RerankError> {
        if chunks.is_empty() {
            return Ok(Vec::new());
        }
        let question = question.to_owned();
        let texts: Vec<String> = chunks.iter().map(|chunk| chunk.whole()).collect();
        let scores = self
            .workers
            .ask(move |model| scores(model, &question, &texts));
        match scores.await {
            Ok(scores) => scores.map_err(RerankError::Failed),
            Err(Refused::Busy) => Err(RerankError::Busy),
            Err(gave_up @ Refused::GaveUp) => Err(RerankError::Failed(Box::new(gave_up))),
        }
    }
}

fn local<'a>(
    files: Files,
    settings: &'a rerank::Settings,
) -> Box<dyn Fn() -> ::fastembed::Result<TextRerank> + 'a> {
    Box::new(move || {
        let model = UserDefinedRerankingModel::new(files.model.clone(), files.tokenizer.clone());
        let options = RerankInitOptionsUserDefined::new()
            .with_max_length(settings.max_tokens)
            .with_intra_threads(settings.threads.max(1));
        TextRerank::try_new_from_user_defined(model, options)
    })
}

fn from_hub<'a>(
    settings: &'a rerank::Settings,
    shared: &'a Settings,
) -> Result<Box<dyn Fn() -> ::fastembed::Result<TextRerank> + 'a>, OpenError> {
    let model = hub::reranker(&settings.model)?;
    Ok(Box::new(move || {
        let options = RerankInitOptions::new(model.clone())
            .with_cache_dir(hub::cache(shared))
            .with_show_download_progress(true)
            .with_max_length(settings.max_tokens)
            .with_intra_threads(settings.threads.max(1));
        TextRerank::try_new(options)
    }))
}

/// The scores of texts, in their order.
fn scores(model: &mut TextRerank, question: &str, texts: &[String]) -> Result<Vec<f32>, Cause> {
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let mut ranked = model.rerank(question, &texts, false, Some(texts.len()))?;
    ranked.sort_by_key(|result| result.index);
    let scores: Vec<f32> = ranked.iter().map(|result| result.score).collect();
    match scores.len() == texts.len() && scores.iter().all(|score| score.is_finite()) {
        true => Ok(scores),
        false => Err("the model made something that is no score".into()),
    }
}

impl fmt::Debug for Fastembed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fastembed")
            .field("name", &self.name)
            .field("workers", &self.workers)
            .finish()
    }
}
