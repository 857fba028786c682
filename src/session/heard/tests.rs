use super::*;

const SPOKEN: &str = "We have three plans. The first is Basic, at $9. We have three more.";

#[test]
fn a_clause_is_found_across_spaces_case_and_punctuation() {
    check(0, "We have three plans.", "We have three plans.");
    check(0, "we  have three PLANS", "We have three plans.");
    check(
        0,
        "The first is Basic",
        "We have three plans. The first is Basic,",
    );
    check(
        0,
        "the first is basic, at 9",
        "We have three plans. The first is Basic, at $9.",
    );
}

#[test]
fn the_search_goes_forward_from_what_was_played() {
    let played = "We have three plans.".len();
    check(
        played,
        "We have three",
        SPOKEN.strip_suffix(" more.").unwrap(),
    );
    check(0, "We have three", "We have three");
}

#[test]
fn a_clause_may_begin_in_what_was_played() {
    let played = "We have three plans. The first".len();
    check(
        played,
        "The first is Basic,",
        "We have three plans. The first is Basic,",
    );
}

#[test]
fn a_clause_that_was_just_played_is_not_sought_again() {
    let spoken = "Yes. We ship. And yes. We ship.";
    let played = "Yes. We ship.".len();
    assert_eq!(find_clause(spoken, played, "We ship."), Some(played));
    assert_eq!(find_piece(spoken, played, "We ship."), Some(spoken.len()));
}

#[test]
fn pieces_are_found_one_after_the_other() {
    let mut played = 0;
    for piece in ["We have", " three plans. ", "the first is", "Basic"] {
        played = find_piece(SPOKEN, played, piece).expect(piece);
    }
    assert_eq!(
        &SPOKEN[..played],
        "We have three plans. The first is Basic,"
    );
    assert_eq!(find_piece(SPOKEN, played, "We have three plans"), None);
}

#[test]
fn what_was_not_said_is_not_found() {
    for reported in ["", " ?!", "nothing of the kind", &SPOKEN.repeat(2)] {
        assert_eq!(find_clause(SPOKEN, 0, reported), None, "{reported:?}");
    }
    assert_eq!(find_clause("", 0, "a"), None);
}

#[test]
fn letters_that_grow_in_lower_case_do_not_shift_the_place() {
    let spoken = "İstanbul İzmir ends. Here.";
    assert_eq!(
        find_clause(spoken, 0, "İzmir ends"),
        Some("İstanbul İzmir ends.".len())
    );
}

#[test]
fn an_estimate_keeps_whole_words() {
    assert_eq!(word_floor("one two three", 5), 3);
    assert_eq!(word_floor("one two three", 7), 7);
    assert_eq!(word_floor("one", 2), 0);
    assert_eq!(word_floor("ein Übersee", 6), 3);
    assert_eq!(word_floor("one", 99), 3);
}

#[test]
fn the_voice_takes_its_time_and_waits_for_words() {
    let mut schedule = Schedule::default();
    schedule.add("ten chars ", 10, 10.0, Duration::ZERO);
    schedule.add("and again!", 20, 10.0, Duration::from_millis(100));
    assert_eq!(schedule.ends(), Some(Duration::from_millis(2300)));
    assert_eq!(schedule.reached(Duration::from_millis(300)), 0);
    assert_eq!(schedule.reached(Duration::from_millis(1300)), 10);
    schedule.add("late words", 30, 10.0, Duration::from_secs(10));
    assert_eq!(schedule.reached(Duration::from_secs(9)), 20);
    assert_eq!(schedule.reached(Duration::from_millis(10_800)), 25);
    assert_eq!(schedule.reached(Duration::from_secs(60)), 30);
}

fn check(from: usize, reported: &str, heard: &str) {
    let end = find_clause(SPOKEN, from, reported).expect(reported);
    assert_eq!(&SPOKEN[..end], heard, "{reported:?} from {from}");
}
