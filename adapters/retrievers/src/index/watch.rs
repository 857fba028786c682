//! Notices that files changed, by the operating system or by looking again and again.

use std::io;
use std::path::{Component, Path, PathBuf};
use std::time::Duration;

use notify::event::{AccessKind, AccessMode};
use notify::{Config, Event, EventKind, PollWatcher, RecommendedWatcher, RecursiveMode, Watcher};

use crate::index::upkeep::Watch;

/// How often a watch that polls looks.
const POLL: Duration = Duration::from_secs(10);

/// A watch that ends when it is dropped.
pub(super) type Watching = Box<dyn Watcher + Send>;

/// Calls `changed` from a thread of its own whenever something below the path is written, made or
/// taken away; hidden files and reading do not count.
pub(super) fn watch(
    how: Watch,
    path: &Path,
    changed: impl Fn() + Send + 'static,
) -> Result<Option<Watching>, notify::Error> {
    if how == Watch::Off {
        return Ok(None);
    }
    // Links are resolved, because events name what they point to.
    let path = path.canonicalize()?;
    let (folder, mode) = match path.is_dir() {
        true => (path.clone(), RecursiveMode::Recursive),
        // An editor puts another file in its place, so that a watch on the file would end.
        false => (parent(&path)?, RecursiveMode::NonRecursive),
    };
    let seen = move |event: Result<Event, notify::Error>| match event {
        Ok(event) if event.need_rescan() || counts(&event, &path) => changed(),
        Ok(_) => {}
        Err(error) => {
            tracing::warn!(%error, "a change of the documents may go unnoticed");
            changed();
        }
    };
    let config = Config::default().with_poll_interval(POLL);
    let mut watching: Watching = match how {
        Watch::Off => return Ok(None),
        Watch::Events => Box::new(RecommendedWatcher::new(seen, config)?),
        Watch::Poll => Box::new(PollWatcher::new(seen, config)?),
    };
    watching.watch(&folder, mode)?;
    Ok(Some(watching))
}

/// Whether documents may have changed. An update opens every file, and would wake itself for ever
/// if that counted.
fn counts(event: &Event, watched: &Path) -> bool {
    match event.kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write)) => {}
        EventKind::Access(_) => return false,
        EventKind::Any
        | EventKind::Create(_)
        | EventKind::Modify(_)
        | EventKind::Remove(_)
        | EventKind::Other => {}
    }
    event.paths.is_empty() || event.paths.iter().any(|path| shown(path, watched))
}

/// Whether a path is below what is watched, or is that itself, and nothing hides it on the way.
fn shown(path: &Path, watched: &Path) -> bool {
    let Ok(below) = path.strip_prefix(watched) else {
        return false;
    };
    let mut names = below.components().map(Component::as_os_str);
    !names.any(|name| name.as_encoded_bytes().starts_with(b"."))
}

fn parent(path: &Path) -> io::Result<PathBuf> {
    path.parent().map(Path::to_owned).ok_or_else(|| {
        io::Error::new(
            io::ErrorKind::InvalidInput,
            "the path has no folder above it",
        )
    })
}

#[cfg(test)]
mod tests;
