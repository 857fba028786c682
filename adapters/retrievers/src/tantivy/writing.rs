//! Changes the index: one writer, one commit.

use std::fs;
use std::io;
use std::path::Path;

use ::tantivy::directory::error::{LockError, OpenReadError};
use ::tantivy::directory::{DirectoryLock, INDEX_WRITER_LOCK};
use ::tantivy::index::SegmentMeta;
use ::tantivy::indexer::LogMergePolicy;
use ::tantivy::{
    Directory, Index, IndexSettings, IndexWriter, TantivyDocument, TantivyError, Term,
};

use super::schema::{Fields, tokenizers};
use super::settings::Settings;
use super::terms::Analysis;
use super::{damaged, reading};
use crate::index::{Filed, IndexError, Indexed, Recipe, Start, Writer};

pub(super) struct Writing {
    writer: IndexWriter<TantivyDocument>,
    fields: Fields,
    analysis: Analysis,
    /// Keeps the files of the last commit. A merge within a rebuild collects garbage, and the
    /// segments a rebuild replaces are garbage to tantivy before the commit that replaces them.
    committed: Vec<SegmentMeta>,
}

/// `folder` is where the files are, if they are files.
pub(super) fn begin(
    directory: &dyn Directory,
    folder: Option<&Path>,
    start: Start,
    settings: &Settings,
) -> Result<Writing, IndexError> {
    let fields = Fields::new();
    // Held while the index is made, so that nobody else makes it over what was committed since.
    let lock = lock(directory)?;
    let mut index = match (existing(directory, &fields), start) {
        (Ok(Some(index)), _) => index,
        (Ok(None), _) => create(directory, &fields)?,
        (Err(error), Start::Update) => return Err(error),
        (Err(_), Start::Afresh) => {
            if let Some(folder) = folder {
                clear(folder).map_err(|error| IndexError::Write(error.into()))?;
            }
            create(directory, &fields)?
        }
    };
    drop(lock);
    index.set_tokenizers(tokenizers());
    let threads = settings.writer_threads.max(1);
    let writer = index
        .writer_with_num_threads(threads, settings.writer_bytes)
        .map_err(failed)?;
    let committed = index.searchable_segment_metas().map_err(failed)?;
    writer.set_merge_policy(Box::new(merging()));
    // What a writer left that was killed: this one may want to give a file the same name.
    writer.garbage_collect_files().wait().map_err(failed)?;
    if start == Start::Afresh {
        writer.delete_all_documents().map_err(failed)?;
    }
    Ok(Writing {
        writer,
        fields,
        analysis: Analysis::new(&settings.protected),
        committed,
    })
}

impl Writer for Writing {
    fn remove(&mut self, document: &str) -> Result<(), IndexError> {
        let term = Term::from_field_text(self.fields.document, document);
        self.writer.delete_term(term);
        Ok(())
    }

    fn add(&mut self, document: &Filed, chunks: Vec<Indexed>) -> Result<(), IndexError> {
        for chunk in &chunks {
            let document = self.fields.document(document, chunk, &self.analysis);
            let document = document.map_err(|error| IndexError::Write(error.into()))?;
            self.writer.add_document(document).map_err(failed)?;
        }
        Ok(())
    }

    fn commit(self: Box<Self>, recipe: &Recipe) -> Result<(), IndexError> {
        let mut this = *self;
        let recipe = serde_json::to_string(recipe);
        let recipe = recipe.map_err(|error| IndexError::Write(error.into()))?;
        let mut prepared = this.writer.prepare_commit().map_err(failed)?;
        prepared.set_payload(&recipe);
        prepared.commit().map_err(failed)?;
        // From here on everything is done; what fails now fails to tidy up, and the next commit
        // tidies up again.
        drop(this.committed);
        let _ = this.writer.garbage_collect_files().wait();
        let _ = this.writer.wait_merging_threads();
        Ok(())
    }
}

/// Few segments, because every search visits all: four of a size become one, and one that is
/// deleted by a third is written anew.
fn merging() -> LogMergePolicy {
    let mut policy = LogMergePolicy::default();
    policy.set_min_num_segments(4);
    policy.set_min_layer_size(1_000);
    policy.set_del_docs_ratio_before_merge(0.33);
    policy
}

fn lock(directory: &dyn Directory) -> Result<DirectoryLock, IndexError> {
    directory
        .acquire_lock(&INDEX_WRITER_LOCK)
        .map_err(|error| match error {
            LockError::LockBusy => IndexError::Locked,
            LockError::IoError(error) => IndexError::Write(error.into()),
        })
}

/// The index that is there and of this format; nothing where there is none.
fn existing(directory: &dyn Directory, fields: &Fields) -> Result<Option<Index>, IndexError> {
    match Index::open(directory.box_clone()) {
        Ok(index) if index.schema() == fields.schema => Ok(Some(index)),
        Ok(_) => Err(damaged("its fields are of another format")),
        Err(TantivyError::OpenReadError(OpenReadError::FileDoesNotExist(_))) => Ok(None),
        Err(error) => Err(reading::failed(error)),
    }
}

fn create(directory: &dyn Directory, fields: &Fields) -> Result<Index, IndexError> {
    let settings = IndexSettings::default();
    Index::create(directory.box_clone(), fields.schema.clone(), settings).map_err(failed)
}

/// Removes what tantivy has written, and nothing else that might lie there.
fn clear(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let stem = name.split('.').next().unwrap_or_default();
        let segment = stem.len() == 32 && stem.bytes().all(|b| b.is_ascii_hexdigit());
        if segment || name == "meta.json" || name == ".managed.json" {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

fn failed(error: TantivyError) -> IndexError {
    match error {
        TantivyError::LockFailure(LockError::LockBusy, _) => IndexError::Locked,
        error => IndexError::Write(error.into()),
    }
}
