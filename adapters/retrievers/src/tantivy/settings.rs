//! What a user may set of the lexical index, with defaults that are measured.

use std::collections::BTreeSet;

use serde::Deserialize;
use sha2::{Digest as _, Sha256};

/// The table `[retriever.lexical]`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// How often a word of the title counts as one of the body: a factor, 0 leaves titles out.
    /// Default 2.
    pub title: f32,
    /// The same for the headings above a passage. Default 1.5.
    pub headings: f32,
    /// How soon saying a word again in a passage stops to count: BM25's k1, a number from 0.
    /// Default 1.2.
    pub saturation: f32,
    /// How much long passages are marked down: BM25's b, from 0 to 1. Default 0.75.
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
            title: 2.0,
            headings: 1.5,
            saturation: 1.2,
            length: 0.75,
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
