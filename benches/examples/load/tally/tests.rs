use super::*;

#[test]
fn a_reply_is_held_against_the_script_word_for_word() {
    check("One two three four.", Tally::default());
    let lost = 1;
    check(
        "One two four.",
        Tally {
            lost,
            ..Tally::default()
        },
    );
    check(
        "One two three",
        Tally {
            lost,
            ..Tally::default()
        },
    );
    let duplicated = 1;
    check(
        "One two two three four.",
        Tally {
            duplicated,
            ..Tally::default()
        },
    );
    let reordered = 1;
    check(
        "One three two four.",
        Tally {
            reordered,
            ..Tally::default()
        },
    );
    let altered = 1;
    check(
        "One  two three four.",
        Tally {
            altered,
            ..Tally::default()
        },
    );
}

#[test]
fn of_an_interrupted_reply_the_beginning_counts() {
    let mut tally = Tally::default();
    tally.hold_beginning(&tokens(), "One tw");
    assert!(tally.is_clean());
    tally.hold_beginning(&tokens(), "One One");
    assert!(!tally.is_clean());
}

fn check(heard: &str, expected: Tally) {
    let mut tally = Tally::default();
    tally.hold(&tokens(), heard);
    let replies = 1;
    assert_eq!(
        tally,
        Tally {
            replies,
            ..expected
        }
    );
    assert_eq!(tally.is_clean(), expected == Tally::default());
}

fn tokens() -> Vec<String> {
    ["One", " two", " three", " four."]
        .map(str::to_owned)
        .into()
}
