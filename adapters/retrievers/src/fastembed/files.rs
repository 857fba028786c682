//! A model in a folder.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use ::fastembed::TokenizerFiles;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::fastembed::{OpenError, Pooling};

/// Names that exporters give to weights that do not fit into the model's file.
const WEIGHTS: [&str; 2] = ["model.onnx_data", "model.onnx.data"];

/// What a model's folder holds.
#[derive(Debug)]
pub(super) struct Files {
    pub(super) model: Vec<u8>,
    /// Weights beside the model's file, by name.
    pub(super) weights: Vec<(String, Vec<u8>)>,
    pub(super) tokenizer: TokenizerFiles,
    /// What its own configuration says, if any.
    pub(super) pooling: Option<Pooling>,
}

impl Files {
    pub(super) fn read(folder: &Path) -> Result<Self, OpenError> {
        let mut model = folder.join("model.onnx");
        if !model.exists() && folder.join("onnx/model.onnx").exists() {
            model = folder.join("onnx/model.onnx");
        }
        let mut weights = Vec::new();
        for name in WEIGHTS {
            let path = model.with_file_name(name);
            if path.exists() {
                weights.push((name.to_owned(), read(&path)?));
            }
        }
        Ok(Self {
            model: read(&model)?,
            weights,
            tokenizer: TokenizerFiles {
                tokenizer_file: read(&folder.join("tokenizer.json"))?,
                config_file: read_if_there(&folder.join("config.json"))?,
                special_tokens_map_file: read_if_there(&folder.join("special_tokens_map.json"))?,
                tokenizer_config_file: read(&folder.join("tokenizer_config.json"))?,
            },
            pooling: pooling(&read_if_there(&folder.join("1_Pooling/config.json"))?),
        })
    }

    /// The beginning of a hash of everything that changes the model's vectors.
    pub(super) fn fingerprint(&self) -> String {
        let mut hash = Sha256::new();
        let tokenizer = [
            &self.tokenizer.tokenizer_file,
            &self.tokenizer.tokenizer_config_file,
        ];
        let weights = self.weights.iter().map(|(_, bytes)| bytes);
        for bytes in [&self.model].into_iter().chain(weights).chain(tokenizer) {
            hash.update((bytes.len() as u64).to_le_bytes());
            hash.update(bytes);
        }
        let mut fingerprint = String::new();
        for byte in hash.finalize().iter().take(8) {
            let _ = write!(fingerprint, "{byte:02x}");
        }
        fingerprint
    }
}

fn read(path: &PathBuf) -> Result<Vec<u8>, OpenError> {
    fs::read(path).map_err(|error| unreadable(path, error))
}

/// The file's bytes, or an empty object.
fn read_if_there(path: &Path) -> Result<Vec<u8>, OpenError> {
    match fs::read(path) {
        Ok(bytes) => Ok(bytes),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(b"{}".to_vec()),
        Err(error) => Err(unreadable(path, error)),
    }
}

fn unreadable(path: &Path, error: io::Error) -> OpenError {
    OpenError::File {
        path: path.display().to_string(),
        cause: Box::new(error),
    }
}

/// What sentence-transformers wrote beside the model.
fn pooling(config: &[u8]) -> Option<Pooling> {
    let config: Value = serde_json::from_slice(config).ok()?;
    let is = |mode: &str| config.get(mode).and_then(Value::as_bool) == Some(true);
    match (is("pooling_mode_mean_tokens"), is("pooling_mode_cls_token")) {
        (true, _) => Some(Pooling::Mean),
        (false, true) => Some(Pooling::Cls),
        (false, false) => None,
    }
}
