//! What a user may set of the lexical index, with defaults that are measured.

use std::collections::BTreeSet;

use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use crate::rag::BadSetting;

/// The table `[retriever.lexical]`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// How often a word of the title counts as one of the body: a factor, 0 leaves titles out.
    /// Default 3.
    pub title: f32,
    /// The same for the headings above a passage. Default 2.
    pub headings: f32,
    /// How soon saying a word again in a passage stops to count: BM25's k1, a number from 0.
    /// Default 1.5.
    pub saturation: f32,
    /// How much long passages are marked down: BM25's b, from 0 to 1. Default 0.65.
    pub length: f32,
    /// What two words of the question are worth that stand side by side in a passage, as a share
    /// of the two: 0 is nothing. Default 0.25.
    pub phrases: f32,
    /// Whether a word that the index does not know is taken for one that it does: joined with its
    /// neighbour, split, or spelt alike. Default true.
    pub mend: bool,
    /// How many different terms of a question are looked for; the rarest are kept. Default 48.
    pub terms: usize,
    /// Words of the trade that are never reduced to a stem, in any case; words in capitals and
    /// words with digits never are. Changing it makes a new index. Default none.
    pub protected: BTreeSet<String>,
    /// Memory of the writer in bytes, at least 15 000 000 a thread. Default 64 000 000.
    pub writer_bytes: usize,
    /// Threads of the writer, from 1 to 8. Default 1.
    pub writer_threads: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            title: 3.0,
            headings: 2.0,
            saturation: 1.5,
            length: 0.65,
            phrases: 0.25,
            mend: true,
            terms: 48,
            protected: BTreeSet::new(),
            writer_bytes: 64_000_000,
            writer_threads: 1,
        }
    }
}

impl Settings {
    /// # Errors
    ///
    /// The first setting that makes no sense.
    pub fn check(&self) -> Result<(), BadSetting> {
        let from_zero = |name: &str, value: f32| {
            let path = format!("retriever.lexical.{name}");
            let fits = value.is_finite() && value >= 0.0;
            BadSetting::unless(fits, &path, &value, "a number from 0")
        };
        from_zero("title", self.title)?;
        from_zero("headings", self.headings)?;
        from_zero("saturation", self.saturation)?;
        from_zero("phrases", self.phrases)?;
        let length = (0.0..=1.0).contains(&self.length);
        let path = "retriever.lexical.length";
        BadSetting::unless(length, path, &self.length, "0 to 1")?;
        let path = "retriever.lexical.terms";
        BadSetting::unless(self.terms > 0, path, &self.terms, "1 and more")?;
        let threads = (1..=8).contains(&self.writer_threads);
        let path = "retriever.lexical.writer_threads";
        BadSetting::unless(threads, path, &self.writer_threads, "1 to 8")?;
        let share = self.writer_bytes / self.writer_threads.max(1);
        let path = "retriever.lexical.writer_bytes";
        let fits = (15_000_000..=4_000_000_000).contains(&share);
        let range = "15 000 000 to 4 000 000 000 bytes a thread";
        BadSetting::unless(fits, path, &self.writer_bytes, range)
    }

    /// How words become terms under these settings: the `analysis` of recipes.
    pub fn analysis(&self) -> String {
        let version = super::terms::VERSION;
        if self.protected.is_empty() {
            return version.to_owned();
        }
        let mut hash = Sha256::new();
        for word in &self.protected {
            hash.update(word.to_lowercase());
            hash.update([0]);
        }
        let digest = hash.finalize();
        let short: String = digest.iter().take(4).map(|b| format!("{b:02x}")).collect();
        format!("{version}, protected {short}")
    }
}

#[cfg(test)]
mod tests;
