use std::fs;

use super::*;

#[test]
fn the_first_to_set_a_variable_has_the_word() {
    let (near, far) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    fs::write(
        near.path().join(".env"),
        "ONE=near\n# note\nTWO='near two'\n",
    )
    .unwrap();
    fs::write(
        far.path().join(".env"),
        "export TWO=far\nTHREE=\"far\"\nPATH=far\n",
    )
    .unwrap();
    let mut problems = Vec::new();
    let environment = Environment::read(&[near.path(), far.path()], &mut problems);
    assert_eq!(problems, []);
    let text = ["ONE", "TWO", "THREE"].map(|name| environment.text(name));
    assert_eq!(text, [Some("near"), Some("near two"), Some("far")]);
    assert_ne!(environment.text("PATH"), Some("far"));
}

#[test]
fn a_malformed_line_is_a_problem_that_does_not_repeat_it() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(".env"), "KEY=secret two\n").unwrap();
    let mut problems = Vec::new();
    Environment::read(&[folder.path()], &mut problems);
    let said = problems.iter().map(Problem::to_string).collect::<String>();
    assert!(said.contains(".env"), "{said}");
    assert!(!said.contains("secret"), "{said}");
}

#[test]
fn no_value_is_in_debug() {
    let environment = Environment::from_iter([("KEY", "secret")]);
    assert!(!format!("{environment:?}").contains("secret"));
}

#[test]
fn a_secret_is_one_line() {
    for value in ["two\nlines", "a\0b", "\u{7f}x"] {
        let environment = Environment::from_iter([("KEY", value)]);
        assert!(matches!(environment.variable("KEY"), Variable::Broken));
    }
    let environment = Environment::from_iter([("KEY", "key\r\n")]);
    assert!(matches!(environment.variable("KEY"), Variable::Set(_)));
}

#[test]
fn white_space_is_empty() {
    let environment = Environment::from_iter([("KEY", " \t")]);
    assert!(matches!(environment.variable("KEY"), Variable::Empty));
    assert!(matches!(environment.variable("OTHER"), Variable::Unset));
    assert_eq!(environment.text("KEY"), None);
}
