use super::*;

#[test]
fn ours_at_the_level_and_others_when_they_warn() {
    check(Level::Debug, None, "voicera=debug,warn", false);
    check(Level::Error, None, "voicera=error,error", false);
}

#[test]
fn rust_log_has_the_last_word() {
    check(Level::Info, Some("hyper=trace"), "hyper=trace", false);
    check(Level::Info, Some(" "), "voicera=info,warn", false);
}

#[test]
fn a_rust_log_that_is_not_understood_is_reported_and_ignored() {
    check(Level::Info, Some("hyper=loud"), "voicera=info,warn", true);
}

fn check(level: Level, rust_log: Option<&str>, expected: &str, is_wrong: bool) {
    let (filter, wrong) = filter(level, rust_log);
    assert_eq!(filter.to_string(), expected);
    assert_eq!(wrong.is_some(), is_wrong);
}
