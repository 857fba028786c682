use proptest::prelude::*;

use super::plain;

#[test]
fn a_line_reads_as_it_is_said() {
    let (text, _) = plain("Hello, I’m Ava — don't WAIT!");
    assert_eq!(text, " . hello , im ava dont wait ! . ");
    assert_eq!(plain("um to uh Speak, erm").0, " . to speak , . ");
    assert_eq!(plain("").0, " . . ");
    assert_eq!(plain("予約 ok。").0, " . 予 約 ok . . ");
}

proptest! {
    #[test]
    fn every_word_leads_back_to_its_bytes(text in ".{0,60}") {
        let (plain, words) = plain(&text);
        for word in words {
            prop_assert!(text.get(word.start..word.end).is_some());
            prop_assert!(plain.get(word.from..word.to).is_some());
        }
    }
}
