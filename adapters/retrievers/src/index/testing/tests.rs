//! The index in memory holds to what every index has to.

use super::{Contents, Memory, Subject, conforms};
use crate::index::{IndexError, Indexed, Recipe, Store};

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
