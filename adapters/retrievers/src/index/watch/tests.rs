//! What wakes an update, and what does not.

use notify::event::{CreateKind, Flag, ModifyKind, RemoveKind, RenameMode};

use super::*;

#[test]
fn writing_counts_and_reading_does_not() {
    let kinds = [
        (EventKind::Access(AccessKind::Open(AccessMode::Any)), false),
        (EventKind::Access(AccessKind::Read), false),
        (
            EventKind::Access(AccessKind::Close(AccessMode::Read)),
            false,
        ),
        (
            EventKind::Access(AccessKind::Close(AccessMode::Write)),
            true,
        ),
        (EventKind::Create(CreateKind::File), true),
        (EventKind::Modify(ModifyKind::Any), true),
        (EventKind::Modify(ModifyKind::Name(RenameMode::To)), true),
        (EventKind::Remove(RemoveKind::Folder), true),
    ];
    for (kind, expected) in kinds {
        let event = Event::new(kind).add_path("/kb/a.md".into());
        assert_eq!(counts(&event, Path::new("/kb")), expected, "{kind:?}");
    }
}

#[test]
fn hidden_files_and_neighbours_do_not_count() {
    let paths = [
        ("/kb/a.md", "/kb", true),
        ("/kb", "/kb", true),
        ("/kb/more/a.md", "/kb", true),
        ("/kb/.a.md.swp", "/kb", false),
        ("/kb/.git/index", "/kb", false),
        ("/.home/kb/a.md", "/.home/kb", true),
        ("/kb/faq.md", "/kb/faq.md", true),
        ("/kb/other.md", "/kb/faq.md", false),
    ];
    for (path, watched, expected) in paths {
        let event = Event::new(EventKind::Create(CreateKind::File)).add_path(path.into());
        assert_eq!(counts(&event, Path::new(watched)), expected, "{path}");
    }
    let renamed = Event::new(EventKind::Modify(ModifyKind::Name(RenameMode::Both)))
        .add_path("/kb/.a.md.new".into())
        .add_path("/kb/a.md".into());
    assert!(counts(&renamed, Path::new("/kb")));
    let lost = Event::new(EventKind::Other).set_flag(Flag::Rescan);
    assert!(counts(&lost, Path::new("/kb")));
}
