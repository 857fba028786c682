//! A lexical index kept by tantivy, on disk or in memory: store of the chunks and search in one.
//!
//! One tantivy commit carries the chunks, their vectors, their terms and the recipe, so it
//! switches everything over at once, and a writer that dies before it has changed nothing.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use ::tantivy::Directory;
use ::tantivy::directory::{MmapDirectory, RamDirectory};

use crate::index::{Catalogue, IndexError, Start, Store, Writer};

pub mod settings;

mod schema;

mod writing;

mod reading;

pub mod terms;

mod vocabulary;

mod question;

mod lexical;

mod neighbours;

pub use lexical::Lexical;
pub use neighbours::Standing;
pub use reading::{Opened, Vectors};
pub use settings::Settings;

/// Counts the layouts of the index on disk: the `format` of its recipes.
pub const FORMAT: u32 = 1;

/// An index of tantivy.
#[derive(Clone, Debug)]
pub struct Tantivy {
    place: Place,
    settings: Settings,
}

#[derive(Clone, Debug)]
enum Place {
    Folder(PathBuf),
    Memory(RamDirectory),
}

impl Tantivy {
    /// In a folder, which is made by the first writer.
    pub fn at(folder: &Path, settings: Settings) -> Self {
        let place = Place::Folder(folder.to_owned());
        Self { place, settings }
    }

    /// In memory, for as long as a clone of this lives.
    pub fn in_memory(settings: Settings) -> Self {
        let place = Place::Memory(RamDirectory::create());
        Self { place, settings }
    }

    /// Opens what was committed last, for searching. It stays as it is, whatever is written later.
    ///
    /// # Errors
    ///
    /// [`IndexError::Unavailable`] where there is no index, [`IndexError::Corrupt`] where a file is
    /// missing, cut short or changed, [`IndexError::Mismatch`] where another version wrote it.
    pub fn open(&self) -> Result<Opened, IndexError> {
        let directory = self.directory()?.ok_or_else(|| none(&self.place))?;
        reading::open(&*directory, &self.settings)?.ok_or_else(|| none(&self.place))
    }

    /// Reads every byte of the index and compares checksums.
    ///
    /// # Errors
    ///
    /// [`IndexError::Corrupt`] naming the damaged files.
    pub fn verify(&self) -> Result<(), IndexError> {
        match self.directory()? {
            Some(directory) => reading::verify(&*directory),
            None => Ok(()),
        }
    }

    /// Nothing where there is no folder.
    fn directory(&self) -> Result<Option<Box<dyn Directory>>, IndexError> {
        match &self.place {
            Place::Memory(memory) => Ok(Some(Box::new(memory.clone()))),
            Place::Folder(folder) => match folder.try_exists() {
                Ok(false) => Ok(None),
                Ok(true) => match MmapDirectory::open(folder) {
                    Ok(directory) => Ok(Some(Box::new(directory))),
                    Err(error) => Err(IndexError::Unavailable(error.into())),
                },
                Err(error) => Err(IndexError::Unavailable(error.into())),
            },
        }
    }
}

impl Store for Tantivy {
    fn catalogue(&self) -> Result<Option<Catalogue>, IndexError> {
        match self.directory()? {
            Some(directory) => reading::catalogue(&*directory),
            None => Ok(None),
        }
    }

    fn begin(&self, start: Start) -> Result<Box<dyn Writer + '_>, IndexError> {
        let folder = match &self.place {
            Place::Folder(folder) => Some(folder.as_path()),
            Place::Memory(_) => None,
        };
        if let Some(folder) = folder {
            fs::create_dir_all(folder).map_err(|error| IndexError::Write(error.into()))?;
        }
        let directory = self.directory()?.ok_or_else(|| none(&self.place))?;
        let writer = writing::begin(&*directory, folder, start, &self.settings)?;
        Ok(Box::new(writer))
    }
}

fn none(place: &Place) -> IndexError {
    let place = match place {
        Place::Folder(folder) => folder.display().to_string(),
        Place::Memory(_) => "memory".to_owned(),
    };
    let message = format!("there is no index in {place}; run `voicera index`");
    IndexError::Unavailable(io::Error::new(io::ErrorKind::NotFound, message).into())
}

fn damaged(what: &str) -> IndexError {
    IndexError::Corrupt(io::Error::new(io::ErrorKind::InvalidData, what).into())
}

#[cfg(test)]
mod tests;
