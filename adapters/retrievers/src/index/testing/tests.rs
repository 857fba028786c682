//! The indexes of this crate hold to what every index has to.

use tempfile::TempDir;

use super::{Contents, Memory, Subject, conforms};
use crate::chunks::Chunk;
use crate::index::{IndexError, Indexed, Recipe, Store};
use crate::tantivy::{self, Tantivy};

struct InMemory(Memory, Option<(String, usize)>);

impl Subject for InMemory {
    fn store(&self) -> &dyn Store {
        &self.0
    }

    fn recipe(&self) -> Recipe {
        Recipe {
            format: 1,
            chunking: "whole".to_owned(),
            analysis: String::new(),
            embedding: self.1.clone(),
        }
    }

    fn contents(&self) -> Vec<Indexed> {
        let contents: Option<Contents> = self.0.contents();
        contents.map_or_else(Vec::new, |contents| contents.chunks)
    }
}

#[test]
fn the_index_in_memory_conforms() -> Result<(), IndexError> {
    conforms(&|| Box::new(InMemory(Memory::default(), None)))?;
    let vectors = Some(("bag-of-words-8".to_owned(), 8));
    conforms(&|| Box::new(InMemory(Memory::default(), vectors.clone())))
}

struct InTantivy {
    tantivy: Tantivy,
    vectors: Option<(String, usize)>,
    _folder: Option<TempDir>,
}

impl Subject for InTantivy {
    fn store(&self) -> &dyn Store {
        &self.tantivy
    }

    fn recipe(&self) -> Recipe {
        Recipe {
            format: tantivy::FORMAT,
            chunking: "whole".to_owned(),
            analysis: tantivy::Settings::default().analysis(),
            embedding: self.vectors.clone(),
        }
    }

    fn contents(&self) -> Vec<Indexed> {
        let opened = self.tantivy.open().unwrap();
        let vectors = opened.vectors.iter();
        let mut vectors = vectors.flat_map(|all| all.components.chunks(all.dimension));
        let chunks = opened.chunks.iter().map(|chunk| Indexed {
            chunk: Chunk::clone(chunk),
            vector: vectors.next().map(<[f32]>::to_vec),
        });
        chunks.collect()
    }
}

#[test]
fn tantivy_conforms_in_memory_and_on_disk() -> Result<(), IndexError> {
    conforms(&|| {
        Box::new(InTantivy {
            tantivy: Tantivy::in_memory(tantivy::Settings::default()),
            vectors: None,
            _folder: None,
        })
    })?;
    conforms(&|| {
        let folder = TempDir::new().unwrap();
        Box::new(InTantivy {
            tantivy: Tantivy::at(folder.path(), tantivy::Settings::default()),
            vectors: Some(("bag-of-words-8".to_owned(), 8)),
            _folder: Some(folder),
        })
    })
}
