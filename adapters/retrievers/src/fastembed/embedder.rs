//! Vectors from a model.

use std::fmt;
use std::sync::Arc;

use ::fastembed::{
    InitOptionsUserDefined, TextEmbedding, TextInitOptions, UserDefinedEmbeddingModel,
};
use async_trait::async_trait;
use voicera::ports::Cause;

use super::files::Files;
use super::questions::{Questions, Unanswered};
use super::workers::{Refused, Workers};
use super::{OpenError, Pooling, Settings, hub, model_name, runtime, unloaded};
use crate::embedding::{EmbedError, Embedder};

/// Implements [`Embedder`] with one model, warm for all calls.
pub(super) struct Fastembed {
    name: String,
    dimension: usize,
    batch: usize,
    question_prefix: String,
    passage_prefix: String,
    questions: Questions,
    workers: Arc<Workers<TextEmbedding>>,
}

/// A model that is not loaded yet.
struct Recipe<'a> {
    /// What changes its vectors.
    name: String,
    prefixes: (&'static str, &'static str),
    load: Box<dyn Fn() -> ::fastembed::Result<TextEmbedding> + 'a>,
}

impl Fastembed {
    pub(super) fn open(settings: &Settings) -> Result<Self, OpenError> {
        runtime::load(settings.library.as_deref())?;
        let recipe = match &settings.folder {
            Some(folder) => local(Files::read(folder)?, settings),
            None => from_hub(settings)?,
        };
        let prefix = |setting: &Option<String>, default: &str| match setting {
            Some(prefix) => prefix.clone(),
            None => default.to_owned(),
        };
        let question_prefix = prefix(&settings.question_prefix, recipe.prefixes.0);
        let passage_prefix = prefix(&settings.passage_prefix, recipe.prefixes.1);
        let name = format!(
            "{}, {} tokens, prefixes {question_prefix:?} and {passage_prefix:?}",
            recipe.name, settings.max_tokens
        );
        let model = model_name(&settings.model, settings.folder.as_deref());
        let mut dimension = 0;
        let load = || {
            let mut loaded = (recipe.load)().map_err(|error| unloaded(&model, error))?;
            let warm = loaded.embed(["warm"], None);
            let warm = warm.map_err(|error| unloaded(&model, error))?;
            dimension = warm.first().map_or(0, Vec::len);
            Ok(loaded)
        };
        let workers = Workers::open(settings.workers, settings.queue, &model, load)?;
        Ok(Self {
            name,
            dimension,
            batch: settings.batch.max(1),
            question_prefix,
            passage_prefix,
            questions: Questions::new(settings.remember),
            workers: Arc::new(workers),
        })
    }
}

#[async_trait]
impl Embedder for Fastembed {
    fn name(&self) -> &str {
        &self.name
    }

    fn dimension(&self) -> usize {
        self.dimension
    }

    fn passages(&self, texts: &[String]) -> Result<Vec<Vec<f32>>, EmbedError> {
        // Texts of like length together: a batch is as long as its longest.
        let mut order: Vec<(usize, &String)> = texts.iter().enumerate().collect();
        order.sort_by_key(|(_, text)| text.len());
        let dimension = self.dimension;
        let parts = order.chunks(self.batch).map(|part| {
            let texts: Vec<String> = part
                .iter()
                .map(|(_, text)| format!("{}{text}", self.passage_prefix))
                .collect();
            move |model: &mut TextEmbedding| vectors(model, &texts, dimension)
        });
        let embedded = self.workers.index(parts.collect());
        let embedded = embedded.map_err(unanswered)?;
        let mut vectors = vec![Vec::new(); texts.len()];
        for (part, embedded) in order.chunks(self.batch).zip(embedded) {
            for ((place, _), vector) in part.iter().zip(embedded.map_err(EmbedError::Failed)?) {
                if let Some(slot) = vectors.get_mut(*place) {
                    *slot = vector;
                }
            }
        }
        Ok(vectors)
    }

    async fn question(&self, text: &str) -> Result<Arc<[f32]>, EmbedError> {
        let make = || {
            let workers = Arc::clone(&self.workers);
            let prefixed = [format!("{}{text}", self.question_prefix)];
            let dimension = self.dimension;
            async move {
                let made = workers.ask(move |model| vectors(model, &prefixed, dimension));
                let failed = |cause: Cause| Unanswered::Failed(cause.into());
                let vectors = made.await.map_err(unanswered)?.map_err(failed)?;
                Ok(vectors.into_iter().next().unwrap_or_default().into())
            }
        };
        Ok(self.questions.vector(text, make).await?)
    }
}

fn local(files: Files, settings: &Settings) -> Recipe<'_> {
    let pooling = settings.pooling.or(files.pooling).unwrap_or(Pooling::Mean);
    let name = format!("local model {} ({pooling:?})", files.fingerprint());
    let load = move || {
        let mut model =
            UserDefinedEmbeddingModel::new(files.model.clone(), files.tokenizer.clone())
                .with_pooling(match pooling {
                    Pooling::Mean => ::fastembed::Pooling::Mean,
                    Pooling::Cls => ::fastembed::Pooling::Cls,
                });
        for (name, bytes) in &files.weights {
            model = model.with_external_initializer(name.clone(), bytes.clone());
        }
        let options = InitOptionsUserDefined::new()
            .with_max_length(settings.max_tokens)
            .with_intra_threads(settings.threads.max(1));
        TextEmbedding::try_new_from_user_defined(model, options)
    };
    Recipe {
        name,
        prefixes: ("", ""),
        load: Box::new(load),
    }
}

fn from_hub(settings: &Settings) -> Result<Recipe<'_>, OpenError> {
    let info = hub::model(&settings.model)?;
    let load = move || {
        let options = TextInitOptions::new(info.model.clone())
            .with_cache_dir(hub::cache(settings))
            .with_show_download_progress(true)
            .with_max_length(settings.max_tokens)
            .with_intra_threads(settings.threads.max(1));
        TextEmbedding::try_new(options)
    };
    Ok(Recipe {
        name: format!("{}/{}", info.model_code, info.model_file),
        prefixes: hub::prefixes(&info.model_code),
        load: Box::new(load),
    })
}

/// The vectors of texts, as the contract wants them.
fn vectors(
    model: &mut TextEmbedding,
    texts: &[String],
    dimension: usize,
) -> Result<Vec<Vec<f32>>, Cause> {
    // One batch: a model with dynamically quantised weights refuses more.
    let vectors = model.embed(texts, None)?;
    let is_sound = |vector: &Vec<f32>| {
        let square: f32 = vector.iter().map(|c| c * c).sum();
        vector.len() == dimension && (square - 1.0).abs() < 1e-3
    };
    match vectors.len() == texts.len() && vectors.iter().all(is_sound) {
        true => Ok(vectors),
        false => Err("the model made something that is no vector".into()),
    }
}

fn unanswered(refused: Refused) -> Unanswered {
    match refused {
        Refused::Busy => Unanswered::Busy,
        Refused::GaveUp => Unanswered::Failed(Arc::new(refused)),
    }
}

impl fmt::Debug for Fastembed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fastembed")
            .field("name", &self.name)
            .field("dimension", &self.dimension)
            .field("workers", &self.workers)
            .finish_non_exhaustive()
    }
}
