//! Keeps briefings that have been read, so that a turn does not read them again.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use voicera::words::Language;

use super::document::Material;
use super::index::Index;
use super::lexicon::Lexicon;

/// How many briefings are kept: one for each language that is spoken, usually.
const ROOM: usize = 4;

#[derive(Debug, Default)]
pub(super) struct Shelf {
    volumes: Mutex<VecDeque<Arc<Volume>>>,
}

/// A briefing in a language. Holding the text keeps its address from being used again.
#[derive(Debug)]
struct Volume {
    briefing: Arc<str>,
    language: String,
    index: OnceLock<Arc<Index>>,
}

impl Shelf {
    /// The briefing's sentences, from the shelf where they are there. Reading takes milliseconds
    /// and happens on a thread of its own.
    pub(super) async fn read(&self, briefing: &Arc<str>, language: &Language) -> Arc<Index> {
        let volume = self.volume(briefing, language);
        if let Some(index) = volume.index.get() {
            return Arc::clone(index);
        }
        let lexicon = Lexicon::of(language);
        let read = move || Arc::clone(volume.index.get_or_init(|| volume.read(lexicon)));
        let read = tokio::task::spawn_blocking(read).await;
        // It does not come to an end only where the runtime does.
        read.unwrap_or_default()
    }

    fn volume(&self, briefing: &Arc<str>, language: &Language) -> Arc<Volume> {
        let language = language.primary();
        let mut volumes = self.volumes.lock().unwrap_or_else(PoisonError::into_inner);
        let mut spoken = volumes.iter().filter(|volume| volume.language == language);
        let known = spoken.clone().find(|v| Arc::ptr_eq(&v.briefing, briefing));
        if let Some(known) = known.or_else(|| spoken.find(|v| v.briefing == *briefing)) {
            return Arc::clone(known);
        }
        if volumes.len() == ROOM {
            volumes.pop_front();
        }
        let volume = Arc::new(Volume {
            briefing: Arc::clone(briefing),
            language,
            index: OnceLock::new(),
        });
        volumes.push_back(Arc::clone(&volume));
        volume
    }
}

impl Volume {
    fn read(&self, lexicon: &Lexicon) -> Arc<Index> {
        let mut material = Material::default();
        material.add_briefing(&self.briefing);
        Arc::new(Index::new(material, lexicon))
    }
}
