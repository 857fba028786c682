//! Finds the ONNX runtime's library and loads it, once for the process.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use crate::fastembed::OpenError;

/// Where the system keeps libraries, and Python its packages.
const SYSTEM: [&str; 6] = [
    "/usr/local/lib",
    "/usr/lib",
    "/usr/lib64",
    "/usr/lib/x86_64-linux-gnu",
    "/usr/lib/aarch64-linux-gnu",
    "/opt/homebrew/lib",
];

/// Loads the library that the setting names, else the one `ORT_DYLIB_PATH` names, else the first
/// that is found and can be used.
pub(super) fn load(setting: Option<&Path>) -> Result<(), OpenError> {
    let named = env::var_os("ORT_DYLIB_PATH").filter(|path| !path.is_empty());
    if let Some(path) = setting.or(named.as_deref().map(Path::new)) {
        return load_from(path);
    }
    let mut refused = None;
    for path in installed() {
        match load_from(&path) {
            Ok(()) => return Ok(()),
            Err(error) => refused = refused.or(Some(error)),
        }
    }
    Err(refused.unwrap_or(OpenError::NoRuntime))
}

pub(super) fn load_from(path: &Path) -> Result<(), OpenError> {
    let unusable = |cause| OpenError::Runtime {
        path: path.display().to_string(),
        cause,
    };
    // Its builder is fastembed's to make; the library stays loaded.
    match ort::init_from(path) {
        Ok(_) => Ok(()),
        Err(cause) => Err(unusable(Box::new(cause))),
    }
}

/// Every library that is installed, in the order in which they are tried.
fn installed() -> impl Iterator<Item = PathBuf> {
    let program = env::current_exe().ok();
    let beside = program
        .iter()
        .filter_map(|path| Some(path.parent()?.to_owned()));
    let system = folders("LD_LIBRARY_PATH").chain(SYSTEM.map(PathBuf::from));
    let python = prefixes().flat_map(|prefix| site_packages(&prefix));
    let folders: Vec<PathBuf> = beside.chain(system).chain(python).collect();
    folders.into_iter().flat_map(|folder| libraries(&folder))
}

/// The runtime's libraries in a folder, the newest version first.
pub(super) fn libraries(folder: &Path) -> Vec<PathBuf> {
    let (prefix, suffix) = (env::consts::DLL_PREFIX, env::consts::DLL_SUFFIX);
    let is_library = |name: &OsStr| {
        let name = name.to_str().unwrap_or_default();
        let rest = name.strip_prefix(&format!("{prefix}onnxruntime"));
        // `.so`, `.so.1.32.0`, and `.1.32.0.dylib`.
        rest.is_some_and(|rest| {
            rest.starts_with(suffix) || rest.starts_with('.') && rest.ends_with(suffix)
        })
    };
    let mut found: Vec<PathBuf> = entries(folder)
        .filter(|path| path.file_name().is_some_and(is_library))
        .collect();
    found.sort();
    found.reverse();
    found
}

/// Where Python may be installed: the active environment, the user's, those on the path, pyenv's.
fn prefixes() -> impl Iterator<Item = PathBuf> {
    let active = folders("VIRTUAL_ENV").chain(folders("CONDA_PREFIX"));
    let on_path = folders("PATH").filter_map(|folder| Some(folder.parent()?.to_owned()));
    let home = env::home_dir().unwrap_or_default();
    let pyenv: Vec<PathBuf> = entries(&home.join(".pyenv/versions")).collect();
    active
        .chain([home.join(".local")])
        .chain(on_path)
        .chain(pyenv)
}

/// The folders of the runtime's Python package below a prefix.
pub(super) fn site_packages(prefix: &Path) -> Vec<PathBuf> {
    let pythons = entries(&prefix.join("lib")).chain([prefix.join("Lib")]);
    pythons
        .flat_map(|python| [python.join("site-packages"), python.join("dist-packages")])
        .map(|packages| packages.join("onnxruntime/capi"))
        .filter(|folder| folder.is_dir())
        .collect()
}

fn folders(variable: &str) -> impl Iterator<Item = PathBuf> {
    let value = env::var_os(variable).unwrap_or_default();
    let folders: Vec<PathBuf> = env::split_paths(&value).collect();
    folders.into_iter().filter(|folder| folder.is_absolute())
}

fn entries(folder: &Path) -> impl Iterator<Item = PathBuf> + use<> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    entries.filter_map(|entry| Some(entry.ok()?.path()))
}
