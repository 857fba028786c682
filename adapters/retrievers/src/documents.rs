//! Reads a knowledge base: a folder, or one file, becomes documents in a stable order.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Component, Path, PathBuf};

use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use walkdir::{DirEntry, WalkDir};

use crate::index::ContentHash;

mod text;

#[cfg(feature = "pdf")]
mod pdf;

mod docx;

mod csv;

mod faq;

use text::Format;

/// One document, ready to be put before a model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Relative to the knowledge base, with forward slashes.
    pub path: String,
    /// The heading above all, else the title in the front matter, else the file's name.
    pub title: String,
    /// Markdown, or plain text; UTF-8 without a byte order mark, lines end with `\n`.
    pub text: String,
    pub markup: Markup,
}

/// How the text of a document is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Markup {
    Markdown,
    /// No sign means anything; empty lines separate paragraphs.
    Plain,
}

/// What to do with a document that cannot be used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BadFiles {
    /// Go on without it; a warning names it.
    #[default]
    Skip,
    /// Do not start.
    Refuse,
}

/// How a knowledge base is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    pub bad_files: BadFiles,
    /// The largest document.
    pub max_file_bytes: u64,
    /// The most documents.
    pub max_files: usize,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            bad_files: BadFiles::default(),
            max_file_bytes: 64 * 1024 * 1024,
            max_files: 10_000,
        }
    }
}

impl Rules {
    /// Whether to go on without a document that cannot be used.
    ///
    /// # Errors
    ///
    /// Where bad files are to be refused.
    pub fn pass_over(&self, knowledge_base: &Path, file: &BadFile) -> Result<(), ReadError> {
        match self.bad_files {
            BadFiles::Skip => Ok(()),
            BadFiles::Refuse => Err(ReadError::Bad {
                path: knowledge_base.to_owned(),
                file: file.clone(),
            }),
        }
    }
}

/// What a knowledge base holds, before anything is opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// At least one, sorted by path.
    pub files: Vec<Listed>,
    pub skipped: Vec<BadFile>,
    /// How many files are no documents by their ending.
    pub ignored: usize,
}

/// A file that is a document by its ending and its size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Relative to the knowledge base, with forward slashes: the path of its document.
    pub path: String,
    pub bytes: u64,
    file: PathBuf,
    format: Format,
    max_bytes: u64,
}

/// A knowledge base that has been read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Library {
    /// At least one, sorted by path.
    pub documents: Vec<Document>,
    pub skipped: Vec<BadFile>,
    /// How many files are no documents by their ending.
    pub ignored: usize,
}

/// What a knowledge base holds, without its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Survey {
    pub documents: usize,
    /// The size of all documents together.
    pub bytes: u64,
    pub skipped: Vec<BadFile>,
    /// How many files are no documents by their ending.
    pub ignored: usize,
}

/// A document that cannot be used, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadFile {
    pub path: String,
    pub reason: String,
}

impl fmt::Display for BadFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.reason)
    }
}

/// Why a knowledge base cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error(
        "retriever.knowledge_base: `{}` does not exist; create the folder, or name the one that holds the documents",
        .0.display()
    )]
    Missing(PathBuf),
    #[error(
        "retriever.knowledge_base: `{}` cannot be read; check its permissions",
        path.display()
    )]
    Unreadable { path: PathBuf, source: io::Error },
    #[error(
        "retriever.knowledge_base: `{}` is not a document; name a folder, or a file that ends in {ENDINGS}",
        .0.display()
    )]
    NotADocument(PathBuf),
    #[error(
        "retriever.knowledge_base: `{}` holds no document that can be used ({ignored} other files, {skipped} skipped); add files that end in {ENDINGS}",
        path.display()
    )]
    Empty {
        path: PathBuf,
        ignored: usize,
        skipped: usize,
    },
    #[error(
        "retriever.knowledge_base: `{}` holds more than {max} documents; name a smaller folder, or raise retriever.max_files",
        path.display()
    )]
    TooMany { path: PathBuf, max: usize },
    #[error(
        "retriever.knowledge_base: `{}` in `{}` cannot be used: {}; mend it, move it away, or set retriever.bad_files = \"skip\"",
        file.path, path.display(), file.reason
    )]
    Bad { path: PathBuf, file: BadFile },
}

const ENDINGS: &str = ".md, .markdown, .txt, .html, .htm, .pdf, .docx, .csv or .jsonl";

/// Reads every document of a folder and the folders in it, or a single file.
///
/// Hidden files and folders are passed over. Symbolic links are followed; one that leads back to
/// a folder above it is a bad file.
///
/// # Errors
///
/// When there is no document, there are too many, or a bad one is to be refused.
pub fn read(knowledge_base: &Path, rules: &Rules) -> Result<Library, ReadError> {
    let mut documents = Vec::new();
    let survey = each(knowledge_base, rules, |document| documents.push(document))?;
    Ok(Library {
        documents,
        skipped: survey.skipped,
        ignored: survey.ignored,
    })
}

/// Reads every document as [`read`] does, but holds one at a time.
///
/// # Errors
///
/// Those of [`read`].
pub fn each(
    knowledge_base: &Path,
    rules: &Rules,
    mut take: impl FnMut(Document),
) -> Result<Survey, ReadError> {
    let Listing {
        files,
        mut skipped,
        ignored,
    } = find(knowledge_base, rules)?;
    let (mut documents, mut bytes) = (0, 0);
    for file in files {
        match file.open() {
            Ok((document, _)) => {
                (documents, bytes) = (documents + 1, bytes + file.bytes);
                take(document);
            }
            Err(bad) => {
                rules.pass_over(knowledge_base, &bad)?;
                skipped.push(bad);
            }
        }
    }
    skipped.sort_by(|a, b| a.path.cmp(&b.path));
    if documents == 0 {
        return Err(ReadError::Empty {
            path: knowledge_base.to_owned(),
            ignored,
            skipped: skipped.len(),
        });
    }
    Ok(Survey {
        documents,
        bytes,
        skipped,
        ignored,
    })
}

/// Looks at the files of a knowledge base without opening one.
///
/// # Errors
///
/// Those of [`read`], as far as names and sizes show them.
pub fn survey(knowledge_base: &Path, rules: &Rules) -> Result<Survey, ReadError> {
    let listing = find(knowledge_base, rules)?;
    Ok(Survey {
        documents: listing.files.len(),
        bytes: listing.files.iter().map(|file| file.bytes).sum(),
        skipped: listing.skipped,
        ignored: listing.ignored,
    })
}

/// Lists the files of a knowledge base, so that they can be opened one by one.
///
/// # Errors
///
/// Those of [`read`], as far as names and sizes show them.
pub fn find(knowledge_base: &Path, rules: &Rules) -> Result<Listing, ReadError> {
    let root = knowledge_base;
    let metadata = fs::metadata(root).map_err(|error| unreadable(root, error))?;
    if metadata.is_file() && Format::of(root).is_none() {
        return Err(ReadError::NotADocument(root.to_owned()));
    }
    let mut found = Listing {
        files: Vec::new(),
        skipped: Vec::new(),
        ignored: 0,
    };
    let walk = WalkDir::new(root).follow_links(true).into_iter();
    for entry in walk.filter_entry(|entry| entry.depth() == 0 || !hidden(entry)) {
        match entry {
            Ok(entry) if entry.file_type().is_dir() => {}
            Ok(entry) => sort_in(&mut found, root, &entry, rules),
            Err(error) if error.depth() == 0 => {
                return Err(unreadable(root, error.into()));
            }
            Err(error) => found.skipped.push(BadFile {
                path: error.path().map_or_else(String::new, |p| name_of(root, p)),
                reason: walk_reason(&error),
            }),
        }
        if found.files.len() > rules.max_files {
            return Err(ReadError::TooMany {
                path: root.to_owned(),
                max: rules.max_files,
            });
        }
    }
    found.files.sort_by(|a, b| a.path.cmp(&b.path));
    found.skipped.sort_by(|a, b| a.path.cmp(&b.path));
    for bad in &found.skipped {
        rules.pass_over(root, bad)?;
    }
    match found.files.is_empty() {
        true => Err(ReadError::Empty {
            path: root.to_owned(),
            ignored: found.ignored,
            skipped: found.skipped.len(),
        }),
        false => Ok(found),
    }
}

impl Listed {
    /// The hash of the file's bytes, read in small parts.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub fn hash(&self) -> Result<ContentHash, BadFile> {
        let hash = || -> io::Result<ContentHash> {
            let mut hash = Sha256::new();
            let mut file = File::open(&self.file)?;
            let mut part = vec![0; 64 * 1024];
            loop {
                match file.read(&mut part)? {
                    0 => return Ok(ContentHash(hash.finalize().into())),
                    read => hash.update(part.get(..read).unwrap_or_default()),
                }
            }
        };
        hash().map_err(|error| self.bad(error.to_string()))
    }

    /// The document, and the hash of the bytes it was made from.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, or is not what its ending says.
    pub fn open(&self) -> Result<(Document, ContentHash), BadFile> {
        self.document().map_err(|reason| self.bad(reason))
    }

    fn document(&self) -> Result<(Document, ContentHash), String> {
        let mut bytes = Vec::new();
        let opened = File::open(&self.file).map_err(|error| error.to_string())?;
        // The file may have grown since it was measured.
        let mut opened = opened.take(self.max_bytes.saturating_add(1));
        let read = opened.read_to_end(&mut bytes);
        let read = read.map_err(|error| error.to_string())? as u64;
        if read > self.max_bytes {
            return Err(too_large(read, self.max_bytes));
        }
        let hash = ContentHash(Sha256::digest(&bytes).into());
        let written = text::decode(bytes, self.format)?;
        let document = Document {
            path: self.path.clone(),
            title: written.title.unwrap_or_else(|| spoken_name(&self.file)),
            text: written.text,
            markup: written.markup,
        };
        Ok((document, hash))
    }

    fn bad(&self, reason: String) -> BadFile {
        BadFile {
            path: self.path.clone(),
            reason,
        }
    }
}

fn unreadable(path: &Path, source: io::Error) -> ReadError {
    let path = path.to_owned();
    match source.kind() {
        io::ErrorKind::NotFound => ReadError::Missing(path),
        _ => ReadError::Unreadable { path, source },
    }
}

fn hidden(entry: &DirEntry) -> bool {
    entry.file_name().as_encoded_bytes().starts_with(b".")
}

fn sort_in(found: &mut Listing, root: &Path, entry: &DirEntry, rules: &Rules) {
    let Some(format) = Format::of(entry.path()) else {
        found.ignored += 1;
        return;
    };
    let path = name_of(root, entry.path());
    match size(entry, rules) {
        Ok(bytes) => found.files.push(Listed {
            path,
            bytes,
            file: entry.path().to_owned(),
            format,
            max_bytes: rules.max_file_bytes,
        }),
        Err(reason) => found.skipped.push(BadFile { path, reason }),
    }
}

fn size(entry: &DirEntry, rules: &Rules) -> Result<u64, String> {
    if entry.path().to_str().is_none() {
        return Err("its name is not UTF-8".to_owned());
    }
    let metadata = entry.metadata().map_err(|error| error.to_string())?;
    if !metadata.is_file() {
        return Err("it is not a regular file".to_owned());
    }
    match metadata.len() {
        0 => Err("it is empty".to_owned()),
        bytes if bytes > rules.max_file_bytes => Err(too_large(bytes, rules.max_file_bytes)),
        bytes => Ok(bytes),
    }
}

fn too_large(bytes: u64, max: u64) -> String {
    format!("it has {bytes} bytes, and retriever.max_file_bytes is {max}")
}

fn walk_reason(error: &walkdir::Error) -> String {
    if error.loop_ancestor().is_some() {
        return "it is a symbolic link to a folder above it".to_owned();
    }
    match error.io_error() {
        Some(cause) => cause.to_string(),
        None => error.to_string(),
    }
}

/// The path below the root with forward slashes; the file's own name where it is the root.
fn name_of(root: &Path, path: &Path) -> String {
    let below = path.strip_prefix(root).unwrap_or(path);
    let below = match below.as_os_str().is_empty() {
        true => Path::new(path.file_name().unwrap_or(path.as_os_str())),
        false => below,
    };
    let parts = below.components().map(Component::as_os_str);
    let parts: Vec<_> = parts.map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}

/// `ocean-freight.md` as words.
fn spoken_name(path: &Path) -> String {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    stem.replace(['-', '_'], " ")
}

#[cfg(test)]
mod tests;
