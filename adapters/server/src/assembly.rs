//! The second stage: opens what the configuration names and puts the adapters into the ports.

use std::sync::Arc;

use anyhow::Context as _;
use voicera::ports::{LanguageModel, Ports};
use voicera::profile::Profile;
use voicera_models::extractive::{self, Extractive};
use voicera_models::fallback::{self, Fallback, Ranked};
use voicera_models::openai::OpenAi;

use crate::config::{self, Config, Environment, Kind};
use crate::knowledge::{self, Keeper, Knowledge};
use crate::profile;
use crate::transcripts::{self, Transcripts};

/// Everything a call needs.
#[derive(Debug)]
pub struct Assembly {
    pub profile: Arc<Profile>,
    pub ports: Ports,
    /// What the retriever found when it was opened, for the operator.
    pub knowledge: String,
    /// Keeps its index up to date, where it has one.
    pub keeper: Option<Keeper>,
    pub transcripts: Transcripts,
}

/// Opens the knowledge base, the models and the transcripts.
///
/// # Errors
///
/// When one of them cannot be opened; the message names the setting.
pub async fn build(config: &Config, environment: &Environment) -> anyhow::Result<Assembly> {
    let profile = Arc::new(profile::of(config));
    let Knowledge {
        retriever,
        summary,
        keeper,
    } = knowledge::open(config, environment).await?;
    let model = model(config, environment)?;
    let transcripts = transcripts::open(config, environment).await?;
    Ok(Assembly {
        profile,
        ports: Ports::new(retriever, model, Arc::clone(&transcripts.sink)),
        knowledge: summary,
        keeper,
        transcripts,
    })
}

/// The models in order, as one.
///
/// # Errors
///
/// When one cannot be asked at all.
pub fn model(config: &Config, environment: &Environment) -> anyhow::Result<Arc<dyn LanguageModel>> {
    let mut ranked = Vec::new();
    for model in &config.models {
        let (first_word, next_word) = match &model.kind {
            Kind::Vendor(_, settings) => (settings.first_word, settings.next_word),
            // It needs no patience: it answers at once.
            Kind::Extractive(_) => (config.patience.first_word, config.patience.next_word),
        };
        ranked.push(Ranked {
            name: model.name.clone(),
            model: one(model, config, environment)?,
            first_word,
            next_word,
        });
    }
    Ok(Arc::new(Fallback::new(ranked, fallback::REST)))
}

/// One of the models.
///
/// # Errors
///
/// When it cannot be asked at all.
pub fn one(
    model: &config::Model,
    config: &Config,
    environment: &Environment,
) -> anyhow::Result<Arc<dyn LanguageModel>> {
    match &model.kind {
        Kind::Vendor(vendor, settings) => {
            let key = settings.key_name(*vendor);
            let key = key.and_then(|name| environment.secret(name));
            let model = OpenAi::new(*vendor, settings, key)
                .with_context(|| format!("the model {} cannot be used", model.name))?;
            Ok(Arc::new(model))
        }
        Kind::Extractive(extractive::Settings {}) => {
            let agent = &config.agent;
            let fallback = &agent.lines.fallback;
            Ok(Arc::new(Extractive::new(fallback, agent.word_limit)))
        }
    }
}
