//! Opens what was committed, checked and in memory.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use ::tantivy::directory::error::OpenReadError;
use ::tantivy::index::{SegmentComponent, SegmentMeta, SegmentReader};
use ::tantivy::schema::IndexRecordOption;
use ::tantivy::{
    Directory, DocSet as _, Index, IndexMeta, TERMINATED, TantivyDocument, TantivyError,
};

use super::lexical::Lexical;
use super::neighbours::Standing;
use super::schema::{Fields, filed_of_term, tokenizers};
use super::settings::Settings;
use super::{FORMAT, damaged};
use crate::chunks::Chunk;
use crate::index::{Catalogue, ContentHash, IndexError, Recipe};

/// One state of an index, whatever is written to it later.
#[derive(Clone, Debug)]
pub struct Opened {
    pub recipe: Recipe,
    pub chunks: Arc<[Arc<Chunk>]>,
    /// Where the index is dense.
    pub vectors: Option<Vectors>,
    pub lexical: Lexical,
    pub neighbours: Standing,
}

/// Vectors, one after the other, in the order of the chunks.
#[derive(Clone, Debug, PartialEq)]
pub struct Vectors {
    pub dimension: usize,
    pub components: Vec<f32>,
}

/// A segment and where its documents are among all chunks.
pub(super) struct Part {
    pub(super) reader: SegmentReader,
    /// The chunk of each document; nothing for those that were taken out.
    pub(super) chunks: Vec<Option<u32>>,
}

struct Committed {
    fields: Fields,
    recipe: Recipe,
    readers: Vec<SegmentReader>,
}

pub(super) fn open(
    directory: &dyn Directory,
    settings: &Settings,
) -> Result<Option<Opened>, IndexError> {
    let Some(committed) = committed(directory, Check::Everything)? else {
        return Ok(None);
    };
    let Committed {
        fields,
        recipe,
        readers,
    } = committed;
    same_format(&recipe)?;
    let mut vectors = recipe.embedding.as_ref().map(|(_, dimension)| Vectors {
        dimension: *dimension,
        components: Vec::new(),
    });
    let (mut chunks, mut parts) = (Vec::new(), Vec::new());
    for reader in readers {
        let mut part = vec![None; reader.max_doc() as usize];
        let store = reader.get_store_reader(1).map_err(|e| failed(e.into()))?;
        let documents = store.iter::<TantivyDocument>(reader.alive_bitset());
        let mut alive = reader.doc_ids_alive();
        for document in documents {
            let document = document.map_err(failed)?;
            let chunk = fields.chunk(&document);
            let chunk = chunk.ok_or_else(|| damaged("a chunk cannot be read"))?;
            if let Some(vectors) = &mut vectors {
                let wanted = vectors.components.len() + vectors.dimension;
                vectors
                    .components
                    .extend(fields.vector(&document).into_iter().flatten());
                if vectors.components.len() != wanted {
                    return Err(damaged("a chunk has no vector of the right length"));
                }
            }
            let slot = alive.next().and_then(|doc| part.get_mut(doc as usize));
            let slot = slot.ok_or_else(|| damaged("a segment has more chunks than it says"))?;
            *slot = Some(chunks.len() as u32);
            chunks.push(Arc::new(chunk));
        }
        if alive.next().is_some() {
            return Err(damaged("a segment has fewer chunks than it says"));
        }
        drop(alive);
        parts.push(Part {
            reader,
            chunks: part,
        });
    }
    let chunks: Arc<[Arc<Chunk>]> = chunks.into();
    Ok(Some(Opened {
        recipe,
        lexical: Lexical::new(&fields, parts, chunks.clone(), settings).map_err(failed)?,
        neighbours: Standing::new(chunks.clone()),
        vectors,
        chunks,
    }))
}

pub(super) fn catalogue(directory: &dyn Directory) -> Result<Option<Catalogue>, IndexError> {
    let Some(committed) = committed(directory, Check::Shape)? else {
        return Ok(None);
    };
    let Committed {
        fields,
        recipe,
        readers,
    } = committed;
    let mut catalogue = Catalogue {
        recipe,
        documents: BTreeMap::new(),
        chunks: readers
            .iter()
            .map(|reader| reader.num_docs() as usize)
            .sum(),
    };
    for reader in &readers {
        documents(reader, &fields, &mut catalogue.documents).map_err(failed)?;
    }
    Ok(Some(catalogue))
}

pub(super) fn verify(directory: &dyn Directory) -> Result<(), IndexError> {
    committed(directory, Check::Everything).map(drop)
}

/// Reads the documents of a segment from its dictionary, leaving out those that were taken out.
fn documents(
    reader: &SegmentReader,
    fields: &Fields,
    documents: &mut BTreeMap<String, ContentHash>,
) -> Result<(), TantivyError> {
    let index = reader.inverted_index(fields.filed)?;
    let mut terms = index.terms().stream()?;
    while let Some((term, info)) = terms.next() {
        let mut postings = index.read_postings_from_terminfo(info, IndexRecordOption::Basic)?;
        while postings.doc() != TERMINATED && reader.is_deleted(postings.doc()) {
            postings.advance();
        }
        let filed = std::str::from_utf8(term).ok().and_then(filed_of_term);
        if let Some(filed) = filed.filter(|_| postings.doc() != TERMINATED) {
            documents.insert(filed.path, filed.hash);
        }
    }
    Ok(())
}

/// How much is looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Check {
    /// Every file is there, and ends as it should.
    Shape,
    /// Every byte is as it was written. Tantivy may panic on what is not.
    Everything,
}

/// The last commit. Nothing where there is none.
///
/// It takes no lock, so that an index in a read-only folder opens. Instead it begins again when
/// a writer has committed meanwhile and taken files away.
fn committed(directory: &dyn Directory, check: Check) -> Result<Option<Committed>, IndexError> {
    let mut last = None;
    loop {
        let mut index = match Index::open(directory.box_clone()) {
            Ok(index) => index,
            Err(TantivyError::OpenReadError(OpenReadError::FileDoesNotExist(_))) => {
                return Ok(None);
            }
            Err(error) => return Err(failed(error)),
        };
        index.set_tokenizers(tokenizers());
        let metas = index.load_metas().map_err(failed)?;
        match committed_as(&index, &metas, check) {
            Ok(committed) => return Ok(committed),
            Err(error) => {
                let now = segments(&metas);
                if last.as_ref() == Some(&now) {
                    return Err(error);
                }
                last = Some(now);
            }
        }
    }
}

fn segments(metas: &IndexMeta) -> (u64, BTreeSet<String>) {
    let ids = metas.segments.iter().map(|meta| meta.id().uuid_string());
    (metas.opstamp, ids.collect())
}

fn committed_as(
    index: &Index,
    metas: &IndexMeta,
    check: Check,
) -> Result<Option<Committed>, IndexError> {
    // An index is made before its first commit, which is not an index yet.
    let Some(payload) = &metas.payload else {
        return Ok(None);
    };
    let recipe: Recipe =
        serde_json::from_str(payload).map_err(|error| IndexError::Corrupt(error.into()))?;
    let fields = Fields::new();
    if metas.schema != fields.schema {
        same_format(&recipe)?;
        return Err(damaged("its fields are not those of its format"));
    }
    let mut readers = Vec::new();
    for meta in &metas.segments {
        whole(index, meta, check)?;
        let reader = SegmentReader::open(&index.segment(meta.clone())).map_err(failed)?;
        if reader.num_docs() != meta.num_docs() {
            return Err(damaged("a segment has not as many chunks as it says"));
        }
        readers.push(reader);
    }
    Ok(Some(Committed {
        fields,
        recipe,
        readers,
    }))
}

/// Whether the files of a segment are what was written.
fn whole(index: &Index, meta: &SegmentMeta, check: Check) -> Result<(), IndexError> {
    for file in files(meta) {
        let intact = match check {
            Check::Shape => index.directory().open_read(&file).map(|_| true),
            Check::Everything => index.directory().validate_checksum(&file),
        };
        if !intact.map_err(|error| failed(error.into()))? {
            let file = file.display();
            return Err(damaged(&format!("the checksum of {file} does not fit")));
        }
    }
    Ok(())
}

fn files(meta: &SegmentMeta) -> Vec<PathBuf> {
    let mut components = vec![
        SegmentComponent::Terms,
        SegmentComponent::Postings,
        SegmentComponent::Positions,
        SegmentComponent::FieldNorms,
        SegmentComponent::FastFields,
        SegmentComponent::Store,
    ];
    if meta.has_deletes() {
        components.push(SegmentComponent::Delete);
    }
    let paths = components
        .into_iter()
        .map(|component| meta.relative_path(component));
    paths.collect()
}

fn same_format(recipe: &Recipe) -> Result<(), IndexError> {
    match recipe.format == FORMAT {
        true => Ok(()),
        false => Err(IndexError::Mismatch {
            was: format!("format {}", recipe.format),
            wanted: format!("format {FORMAT}"),
        }),
    }
}

/// What an error of tantivy means to who reads.
pub(super) fn failed(error: TantivyError) -> IndexError {
    let io = match &error {
        TantivyError::IoError(io) => Some(io.kind()),
        TantivyError::OpenReadError(OpenReadError::IoError { io_error, .. }) => {
            Some(io_error.kind())
        }
        _ => None,
    };
    match io {
        None | Some(io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof) => {
            IndexError::Corrupt(error.into())
        }
        Some(_) => IndexError::Unavailable(error.into()),
    }
}
