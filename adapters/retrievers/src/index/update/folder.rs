//! The files of a knowledge base, one at a time.

use std::path::Path;

use sha2::{Digest as _, Sha256};

use crate::chunks::{self, Chunk};
use crate::documents::{self, BadFile, Document, ReadError, Rules};
use crate::index::update::Plan;
use crate::index::{ContentHash, Filed};

pub(super) struct Folder {
    pub(super) files: Vec<File>,
    pub(super) bad: Vec<BadFile>,
    pub(super) ignored: usize,
}

pub(super) struct File(Document);

impl Folder {
    pub(super) fn find(knowledge_base: &Path, rules: &Rules) -> Result<Self, ReadError> {
        let library = documents::read(knowledge_base, rules)?;
        Ok(Self {
            files: library.documents.into_iter().map(File).collect(),
            bad: library.skipped,
            ignored: library.ignored,
        })
    }
}

impl File {
    pub(super) fn name(&self) -> &str {
        &self.0.path
    }

    pub(super) fn hash(&self) -> Result<ContentHash, String> {
        Ok(ContentHash(Sha256::digest(&self.0.text).into()))
    }

    pub(super) fn open(&self, plan: &Plan) -> Result<(Filed, Vec<Chunk>), String> {
        let filed = Filed {
            path: self.0.path.clone(),
            hash: self.hash()?,
        };
        Ok((filed, chunks::cut(&self.0, &plan.language, &plan.chunks)))
    }
}
