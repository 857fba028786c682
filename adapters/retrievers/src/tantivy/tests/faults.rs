//! What is damaged, missing or left behind.

use std::fs;
use std::path::PathBuf;

use super::*;

#[test]
fn a_file_cut_short_is_damage_that_is_named() {
    let whole = an_index();
    for file in files(&whole) {
        let (_folder, index, path) = with_damage(&whole, &file, |path| {
            let bytes = fs::read(path).unwrap();
            fs::write(path, &bytes[..bytes.len() / 2]).unwrap();
        });
        corrupt(index.open().map(drop), &path);
        corrupt(index.verify(), &path);
    }
}

#[test]
fn a_changed_byte_is_damage_that_is_named() {
    let whole = an_index();
    for file in files(&whole) {
        let (_folder, index, path) = with_damage(&whole, &file, |path| {
            let mut bytes = fs::read(path).unwrap();
            let middle = bytes.len() / 3;
            bytes[middle] ^= 0xFF;
            fs::write(path, bytes).unwrap();
        });
        corrupt(index.open().map(drop), &path);
        corrupt(index.verify(), &path);
    }
}

#[test]
fn a_missing_file_is_damage_that_is_named() {
    let whole = an_index();
    for file in files(&whole) {
        let (_folder, index, path) =
            with_damage(&whole, &file, |path| fs::remove_file(path).unwrap());
        corrupt(index.open().map(drop), &path);
        corrupt(index.catalogue().map(drop), &path);
    }
}

#[test]
fn a_meta_file_of_garbage_is_damage_and_a_rebuild_mends_it() {
    let whole = an_index();
    for (name, garbage) in [
        ("meta.json", ""),
        ("meta.json", "{"),
        ("meta.json", "{\"segments\": 3}"),
        (".managed.json", "\u{0}\u{0}"),
    ] {
        let (folder, index, path) =
            with_damage(&whole, name, |path| fs::write(path, garbage).unwrap());
        corrupt(index.open().map(drop), &path);
        corrupt(index.catalogue().map(drop), &path);
        corrupt(index.begin(Start::Update).map(drop), &path);
        write(&index, Start::Afresh, &[("b.md", "the ferry")]);
        assert_eq!(find(&index, "ferry"), ["b.md"]);
        assert_eq!(find(&index, "truck").len(), 0);
        let segments = segment_stems(folder.path()).len();
        assert_eq!(segments, 1, "nothing is left behind");
    }
}

#[test]
fn a_rebuild_mends_any_damaged_file() {
    let whole = an_index();
    for file in files(&whole) {
        let (_folder, index, _) = with_damage(&whole, &file, |path| fs::remove_file(path).unwrap());
        write(&index, Start::Afresh, &[("b.md", "the truck")]);
        assert_eq!(find(&index, "truck"), ["b.md"]);
    }
}

#[test]
fn an_index_of_another_format_is_refused_by_name_and_can_be_rebuilt() {
    let index = in_memory();
    let mut writer = index.begin(Start::Update).unwrap();
    writer
        .add(&filed("a.md"), vec![indexed("a.md", 0, "the vessel")])
        .unwrap();
    let old = Recipe {
        format: FORMAT + 1,
        ..recipe()
    };
    writer.commit(&old).unwrap();
    let error = index.open().unwrap_err();
    assert!(matches!(error, IndexError::Mismatch { .. }), "{error:?}");
    assert_eq!(index.catalogue().unwrap().unwrap().recipe, old);
    write(&index, Start::Afresh, &[("b.md", "the truck")]);
    assert_eq!(find(&index, "truck"), ["b.md"]);
}

#[test]
fn a_vector_of_the_wrong_length_is_damage() {
    for vector in [None, Some(vec![1.0]), Some(vec![0.0; 3])] {
        let index = in_memory();
        let mut writer = index.begin(Start::Update).unwrap();
        let chunk = Indexed {
            vector,
            ..indexed("a.md", 0, "the vessel")
        };
        writer.add(&filed("a.md"), vec![chunk]).unwrap();
        writer.commit(&dense(2)).unwrap();
        let error = index.open().unwrap_err();
        assert!(matches!(error, IndexError::Corrupt(_)), "{error:?}");
    }
}

#[test]
fn a_copy_made_while_an_index_is_written_holds_what_was_committed() {
    let folder = tempfile::tempdir().unwrap();
    let index = on_disk(folder.path());
    write(&index, Start::Update, &[("a.md", "the vessel")]);
    let before = index.catalogue().unwrap();
    for start in [Start::Update, Start::Afresh] {
        // The files are as a killed writer leaves them: those of its commit, and some of more.
        let mut writer = index.begin(start).unwrap();
        writer.remove("a.md").unwrap();
        writer
            .add(&filed("b.md"), vec![indexed("b.md", 0, "the truck")])
            .unwrap();
        let killed = tempfile::tempdir().unwrap();
        copy(folder.path(), killed.path());
        drop(writer);
        let stray = killed.path().join("0123456789abcdef0123456789abcdef.store");
        fs::write(&stray, "half a file").unwrap();
        let killed_index = on_disk(killed.path());
        assert_eq!(killed_index.catalogue().unwrap(), before);
        assert_eq!(find(&killed_index, "vessel"), ["a.md"]);
        write(&killed_index, start, &[("c.md", "the truck")]);
        assert_eq!(find(&killed_index, "truck"), ["c.md"]);
    }
}

#[test]
fn what_killed_writers_left_behind_is_collected() {
    let folder = tempfile::tempdir().unwrap();
    let index = on_disk(folder.path());
    write(&index, Start::Update, &[("a.md", "the vessel")]);
    // A writer that flushed a segment, was killed, and whose files are on record.
    let left = "0123456789abcdef0123456789abcdef.store";
    fs::write(folder.path().join(left), "half a file").unwrap();
    let managed = folder.path().join(".managed.json");
    let mut names: Vec<String> = serde_json::from_slice(&fs::read(&managed).unwrap()).unwrap();
    names.push(left.to_owned());
    fs::write(&managed, serde_json::to_vec(&names).unwrap()).unwrap();
    write(&index, Start::Afresh, &[("b.md", "the truck")]);
    assert_eq!(segment_stems(folder.path()).len(), 1);
    assert_eq!(find(&index, "truck"), ["b.md"]);
}

#[test]
fn many_small_updates_leave_few_segments_and_rank_as_one_build_does() {
    let folder = tempfile::tempdir().unwrap();
    let index = on_disk(folder.path());
    let texts: Vec<(String, String)> = (0..9)
        .map(|n| {
            (
                format!("{n:02}.md"),
                format!("vessel number {n} of {}", "cargo ".repeat(n % 5)),
            )
        })
        .collect();
    for (path, text) in &texts {
        let mut writer = index.begin(Start::Update).unwrap();
        writer.remove("changed.md").unwrap();
        let changed = indexed("changed.md", 0, &format!("an old vessel {text}"));
        writer.add(&filed("changed.md"), vec![changed]).unwrap();
        writer
            .add(&filed(path), vec![indexed(path, 0, text)])
            .unwrap();
        writer.commit(&recipe()).unwrap();
    }
    let segments = segment_stems(folder.path()).len();
    assert!(segments <= 8, "{segments} segments");
    let mut writer = index.begin(Start::Update).unwrap();
    writer.remove("changed.md").unwrap();
    writer.commit(&recipe()).unwrap();
    let whole = in_memory();
    let mut writer = whole.begin(Start::Afresh).unwrap();
    for (path, text) in &texts {
        writer
            .add(&filed(path), vec![indexed(path, 0, text)])
            .unwrap();
    }
    writer.commit(&recipe()).unwrap();
    for question in ["vessel cargo", "number 7", "an old vessel"] {
        let answer = |index: &Tantivy| {
            let hits = index
                .open()
                .unwrap()
                .lexical
                .find(&wanted(&[question]))
                .unwrap();
            let hits = hits
                .into_iter()
                .map(|hit| (hit.chunk.document.clone(), hit.score));
            hits.collect::<Vec<_>>()
        };
        assert_eq!(answer(&index), answer(&whole), "{question}");
    }
}

#[test]
fn a_folder_that_is_a_file_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    fs::write(&path, "not a folder").unwrap();
    let index = on_disk(&path);
    for error in [
        index.open().map(drop).unwrap_err(),
        index.catalogue().map(drop).unwrap_err(),
        index.begin(Start::Update).map(drop).unwrap_err(),
    ] {
        assert!(
            matches!(error, IndexError::Unavailable(_) | IndexError::Write(_)),
            "{error:?}"
        );
    }
}

#[cfg(unix)]
#[test]
fn a_read_only_folder_is_searched_and_refuses_to_be_written() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let index = on_disk(folder.path());
    write(&index, Start::Update, &[("a.md", "the vessel")]);
    // Readers leave nothing behind, so they need no right to write.
    for name in [".tantivy-writer.lock", ".tantivy-meta.lock"] {
        let _ = fs::remove_file(folder.path().join(name));
    }
    let before = names(folder.path());
    let mode = |mode| fs::set_permissions(folder.path(), fs::Permissions::from_mode(mode));
    mode(0o555).unwrap();
    assert_eq!(find(&index, "vessel"), ["a.md"]);
    assert_eq!(index.catalogue().unwrap().unwrap().chunks, 1);
    assert_eq!(names(folder.path()), before);
    // Whoever is root may write anywhere.
    if fs::write(folder.path().join("probe"), "").is_err() {
        let error = index.begin(Start::Update).map(drop).unwrap_err();
        assert!(matches!(error, IndexError::Write(_)), "{error:?}");
    }
    mode(0o755).unwrap();
}

/// An index whose segment has deletions.
fn an_index() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let index = on_disk(folder.path());
    let texts = [
        ("a.md", "the vessel"),
        ("b.md", "the truck"),
        ("c.md", "the train"),
        ("d.md", "a plane"),
    ];
    write(&index, Start::Update, &texts);
    let mut writer = index.begin(Start::Update).unwrap();
    writer.remove("a.md").unwrap();
    writer.commit(&recipe()).unwrap();
    folder
}

/// The files of its segment.
fn files(index: &tempfile::TempDir) -> Vec<String> {
    let mut files = names(index.path());
    files.retain(|name| is_segment(name));
    assert!(files.len() >= 7, "{files:?}");
    files
}

/// A copy of the index, one file of which went through some damage.
fn with_damage(
    whole: &tempfile::TempDir,
    file: &str,
    damage: impl FnOnce(&Path),
) -> (tempfile::TempDir, Tantivy, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    copy(whole.path(), folder.path());
    let path = folder.path().join(file);
    damage(&path);
    let index = on_disk(folder.path());
    (folder, index, path)
}

fn corrupt(result: Result<(), IndexError>, path: &Path) {
    let error = result
        .err()
        .unwrap_or_else(|| panic!("no damage seen in {}", path.display()));
    assert!(
        matches!(error, IndexError::Corrupt(_)),
        "{}: {error:?}",
        path.display()
    );
    let name = path.file_name().unwrap().to_str().unwrap();
    assert!(
        chain(&error).contains(name),
        "{} does not name {name}",
        chain(&error)
    );
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn is_segment(name: &str) -> bool {
    name.split('.').next().is_some_and(|stem| stem.len() == 32)
}

fn segment_stems(folder: &Path) -> Vec<String> {
    let names = names(folder).into_iter().filter(|name| is_segment(name));
    let mut stems: Vec<String> = names.map(|name| name[..32].to_owned()).collect();
    stems.dedup();
    stems
}

fn copy(from: &Path, to: &Path) {
    for name in names(from) {
        match fs::copy(from.join(&name), to.join(&name)) {
            Ok(_) => {}
            // A writer at work renames its temporary files.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => panic!("{name}: {error}"),
        }
    }
}
