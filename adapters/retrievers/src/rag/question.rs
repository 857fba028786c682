//! Turns what was said into what is searched for: the question alone, and the question in its
//! conversation.

use serde::Deserialize;
use voicera::ports::retriever::Query;

use super::BadSetting;
use crate::search::Said;

mod phrases;

use phrases::Phrases;

/// `[retriever.conversation]`: what a question takes over from the turns before.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// How many earlier turns of the caller count, 0 to 20. Default 4.
    pub turns: usize,
    /// How much an earlier turn counts beside the one after it, above 0 up to 1. Default 0.7.
    pub decay: f32,
    /// How much the ranking of the conversation counts beside that of the question alone, 0 to 1,
    /// where the question stands for itself: "When does the office in Hamburg open?" Default 0.5.
    pub share: f32,
    /// The same where the question leans on what was said before: "And on Sundays?" Default 0.8.
    pub leaning_share: f32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            turns: 4,
            decay: 0.7,
            share: 0.5,
            leaning_share: 0.8,
        }
    }
}

impl Settings {
    pub(super) fn check(&self) -> Result<(), BadSetting> {
        let Self {
            turns,
            decay,
            share,
            leaning_share,
        } = self;
        BadSetting::unless(
            *turns <= 20,
            "retriever.conversation.turns",
            turns,
            "0 to 20",
        )?;
        let decays = *decay > 0.0 && *decay <= 1.0;
        let path = "retriever.conversation.decay";
        BadSetting::unless(decays, path, decay, "a share above 0, up to 1")?;
        for (name, share) in [("share", share), ("leaning_share", leaning_share)] {
            let path = format!("retriever.conversation.{name}");
            BadSetting::unless(
                (0.0..=1.0).contains(share),
                &path,
                share,
                "a share from 0 to 1",
            )?;
        }
        Ok(())
    }
}

/// What a turn searches for.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Question {
    /// What is asked now, without what carries no meaning.
    pub(super) now: String,
    /// The turns before that count, oldest first.
    pub(super) earlier: Vec<Said>,
    /// Whether it can only be understood with what was said before.
    pub(super) leans: bool,
}

impl Question {
    /// Nothing where nothing was said.
    pub(super) fn of(query: &Query, settings: &Settings) -> Option<Self> {
        let phrases = Phrases::of(&query.language);
        let now = phrases.read(&query.utterance)?;
        let earlier = query.earlier.iter().rev();
        let earlier = earlier.filter_map(|text| phrases.read(text));
        // "Yes, please" tells a search nothing once another question follows.
        let telling = earlier.filter(|read| !read.is_empty_talk);
        let weights = std::iter::successors(Some(settings.decay), |w| Some(w * settings.decay));
        let earlier = telling.take(settings.turns).zip(weights);
        let mut earlier: Vec<_> = earlier
            .map(|(read, weight)| Said {
                text: read.text,
                weight,
            })
            .collect();
        earlier.reverse();
        Some(Self {
            now: now.text,
            earlier,
            leans: now.leans,
        })
    }

    pub(super) fn alone(&self) -> Vec<Said> {
        vec![Said {
            text: self.now.clone(),
            weight: 1.0,
        }]
    }

    /// Nothing where no earlier turn counts.
    pub(super) fn in_conversation(&self) -> Option<Vec<Said>> {
        let said = || self.earlier.iter().cloned().chain(self.alone()).collect();
        (!self.earlier.is_empty()).then(said)
    }

    /// As one text, for who reads whole sentences: a question that leans comes with the one it
    /// most likely leans on.
    pub(super) fn whole(&self) -> String {
        match self.earlier.last().filter(|_| self.leans) {
            Some(before) => format!("{} {}", before.text, self.now),
            None => self.now.clone(),
        }
    }
}

#[cfg(test)]
mod tests;
