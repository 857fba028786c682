//! The files of a knowledge base, one at a time.

use std::path::Path;

use sha2::{Digest as _, Sha256};
use voicera::ports::retriever::Span;
use voicera::words::Language;

use crate::chunks::{Chunk, ChunkId};
use crate::documents::{self, BadFile, Document, ReadError, Rules};
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

    pub(super) fn open(&self, _rules: &Rules) -> Result<(Filed, Vec<Chunk>), String> {
        let filed = Filed {
            path: self.0.path.clone(),
            hash: self.hash()?,
        };
        let mut chunks = Vec::new();
        let mut start = 0;
        for part in self.0.text.split_inclusive("\n\n") {
            let end = start + part.len();
            chunks.push(Chunk {
                id: ChunkId::of(&self.0.path, &[], "", part, chunks.len() as u32),
                document: self.0.path.clone(),
                title: self.0.title.clone(),
                headings: Vec::new(),
                lead: String::new(),
                text: part.to_owned(),
                span: Span { start, end },
                place: chunks.len() as u32,
                language: Language::default(),
            });
            start = end;
        }
        Ok((filed, chunks))
    }
}
