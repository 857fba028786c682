use std::collections::BTreeSet;

use super::*;

#[test]
fn the_question_of_a_request_is_its_last_one() {
    let (earlier, now) = (Place { call: 7, turn: 1 }, Place { call: 7, turn: 12 });
    let request = format!("..{}..{}..", question(earlier), question(now));
    assert_eq!(place_in(request.as_bytes()), Some(now));
    assert_eq!(place_in(b"{}"), None);
    assert_eq!(place_in(MARK.as_bytes()), None);
}

#[test]
fn no_reply_is_like_another_and_no_word_comes_twice_in_it() {
    let mut replies = BTreeSet::new();
    for call in 0..300 {
        for turn in 0..3 {
            let tokens = reply(Place { call, turn }, 41);
            let words: BTreeSet<String> = tokens.iter().map(|t| t.trim().to_lowercase()).collect();
            assert_eq!(words.len(), 41);
            assert!(replies.insert(tokens.concat()));
        }
    }
}

#[test]
fn tokens_are_counted_by_what_was_heard_of_them() {
    let tokens = ["One", " two", " three"].map(str::to_owned);
    let counts = [0, 1, 3, 4, 7, 8, 99].map(|bytes| tokens_within(&tokens, bytes));
    assert_eq!(counts, [0, 1, 1, 2, 2, 3, 3]);
}
