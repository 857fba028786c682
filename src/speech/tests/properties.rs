use proptest::prelude::*;
use proptest::sample::select;

use super::super::cursor::WINDOW;
use super::super::{Speech, written_before};
use super::{formatter, join, push, speak};

const LANGUAGES: &[&str] = &["en", "de", "es", "fr", "xx"];

/// Beginnings, middles and ends of everything the formatter knows.
const FRAGMENTS: &[&str] = &[
    " ",
    " ",
    " ",
    "\n",
    "\n\n",
    "  \n",
    "\t",
    "\u{a0}",
    ".",
    ",",
    ":",
    "?",
    "!",
    "-",
    "–",
    "—",
    "…",
    "*",
    "**",
    "_",
    "`",
    "```",
    "~~~",
    "~",
    "#",
    "# ",
    ">",
    "> ",
    "|",
    "|---|",
    "---",
    "***",
    "- ",
    "1. ",
    "12) ",
    "[",
    "]",
    "](",
    "![",
    "[1]",
    "[^a]",
    "(",
    ")",
    "<",
    "<b>",
    "<https://a.io>",
    "\\",
    "18",
    "20",
    "1",
    "0",
    "7",
    "2,200",
    "6.50",
    "555",
    "1234567",
    "2026",
    "11",
    "23",
    "9:00",
    "14:30",
    "24/7",
    "+1",
    "+",
    "/",
    "%",
    " to ",
    " x ",
    "×",
    "am",
    " p.m.",
    "a.m.",
    "h",
    "USD",
    "USD ",
    "$",
    "€",
    " EUR",
    "M",
    " million",
    "kg",
    " kg",
    "/kg",
    " per ",
    "per kg",
    "m³",
    "°C",
    "days",
    " days",
    "e.g.",
    "No. ",
    "vs.",
    "z. B.",
    "p. ej.",
    "N/A",
    "w/",
    "The",
    "We",
    "Yes",
    "a",
    "word",
    "LOGI",
    "support",
    "Support",
    "Vessel",
    "Approx",
    "Https",
    "://",
    "@",
    "co.com",
    "https://",
    "www.",
    "portal.example.com/a",
    "R&D",
    "&",
    "=",
    "=>",
    "->",
    "😀",
    "👨‍👩‍👧",
    "1️⃣",
    "\u{301}",
    "\u{200d}",
    "é",
    "ß",
    "漢字",
    "ไทย",
    "。",
    "«",
    "»",
    "“",
    "”",
    "'",
    "\"",
    "\0",
    "\u{feff}",
    "\r\n",
    "İ",
    "ǅ",
    "½",
    "²",
    "^",
    "^{",
    "}",
    "5 000",
    " 000",
    " 4567",
    "<|",
    "|>",
    "im_end",
    "a<b",
    " < ",
    "<=",
    "$-",
    "&lt;",
    "&nbsp;",
    "&#39;",
    "&am",
    "¢",
    "∞",
    ":2015",
];

fn reply() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        8 => select(FRAGMENTS).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
        1 => "[a-zA-Z0-9.,:/@-]{1,12}",
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

/// A reply and the sizes of the pieces it comes in.
fn split() -> impl Strategy<Value = (String, Vec<usize>)> {
    (reply(), prop::collection::vec(0_usize..12, 1..40))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_split_does_not_matter((reply, sizes) in split(), language in select(LANGUAGES)) {
        let whole = speak(language, [reply.as_str()]);
        prop_assert_eq!(speak(language, pieces(&reply, &sizes)), whole);
    }

    #[test]
    fn what_a_first_word_turns_out_to_be_does_not_depend_on_the_split(
        word in "[A-Z][a-z]{1,7}|Mon|Approx|Https|No|É[a-z]",
        rest in prop::collection::vec(select(FRAGMENTS), 0..5),
        sizes in prop::collection::vec(0_usize..6, 1..10),
        language in select(LANGUAGES),
    ) {
        let reply = word + &rest.concat();
        let whole = speak(language, [reply.as_str()]);
        prop_assert_eq!(speak(language, pieces(&reply, &sizes)), whole);
    }

    #[test]
    fn the_window_does_not_depend_on_the_split(
        unit in select(FRAGMENTS),
        other in select(FRAGMENTS),
        size in 1_usize..300,
        language in select(LANGUAGES),
    ) {
        let reply = format!("{unit}{other}").repeat(120);
        let whole = speak(language, [reply.as_str()]);
        prop_assert_eq!(speak(language, pieces(&reply, &[size])), whole);
    }

    #[test]
    fn the_map_covers_speech_and_writing(reply in reply(), language in select(LANGUAGES)) {
        let speech = speak(language, [reply.as_str()]);
        covers(&speech, &reply)?;
        let heard = (0..=speech.text.len()).map(|n| written_before(&speech.atoms, n));
        prop_assert!(heard.is_sorted());
    }

    #[test]
    fn every_piece_maps_its_own_text((reply, sizes) in split()) {
        let mut formatter = formatter("en");
        for piece in pieces(&reply, &sizes) {
            let speech = push(&mut formatter, piece);
            let spoken: usize = speech.atoms.iter().map(|atom| atom.spoken).sum();
            prop_assert_eq!(spoken, speech.text.len());
            prop_assert!(formatter.held.len() < WINDOW);
        }
    }

    #[test]
    fn any_text_is_survived(reply in any::<String>(), language in select(LANGUAGES)) {
        covers(&speak(language, [reply.as_str()]), &reply)?;
    }

    #[test]
    fn words_are_one_space_apart((reply, sizes) in split(), language in select(LANGUAGES)) {
        let speech = speak(language, pieces(&reply, &sizes));
        prop_assert!(!speech.text.starts_with(' '));
        prop_assert!(!speech.text.contains("  "), "{:?}", speech.text);
        let marks = ['\n', '`', '|', '[', ']', '😀'];
        prop_assert!(!speech.text.contains(marks), "{:?}", speech.text);
        // "2*3" is an atom, and kept where its words are not known.
        prop_assert!(language == "xx" || !speech.text.contains('*'), "{:?}", speech.text);
    }

    #[test]
    fn plain_prose_waits_for_one_word_at_most(
        words in prop::collection::vec("[a-z]{1,8}[,;!?]?", 1..30),
        language in select(LANGUAGES),
    ) {
        let known = ["per", "pro", "por", "par"];
        let words = words.iter().filter(|word| !known.contains(&word.as_str()));
        let mut formatter = formatter(language);
        let (mut before, mut spoken) = (String::new(), String::new());
        for word in words {
            spoken += &push(&mut formatter, &format!(" {word}")).text;
            prop_assert!(spoken.len() >= before.len(), "{spoken:?} of {before:?}");
            before = format!("{before} {word}").trim_start().to_owned();
        }
    }

    #[test]
    fn what_is_repeated_without_end_is_survived(
        unit in select(FRAGMENTS),
        language in select(LANGUAGES),
    ) {
        let reply = unit.repeat(500);
        covers(&speak(language, [reply.as_str()]), &reply)?;
    }
}

/// The map is exact at both ends, and what it calls the same is the same.
fn covers(speech: &Speech, written: &str) -> Result<(), TestCaseError> {
    let (mut spoken, mut place) = (0, 0);
    for atom in &speech.atoms {
        let said = speech.text.get(spoken..spoken + atom.spoken);
        let stood = written.get(place..place + atom.written);
        prop_assert!(said.is_some() && stood.is_some(), "between characters");
        prop_assert!(!atom.verbatim || said == stood);
        spoken += atom.spoken;
        place += atom.written;
    }
    prop_assert_eq!((spoken, place), (speech.text.len(), written.len()));
    Ok(())
}

/// The reply in pieces of these sizes, over and over, cut between characters.
fn pieces<'a>(reply: &'a str, sizes: &[usize]) -> Vec<&'a str> {
    let mut sizes = sizes.iter().cycle();
    let mut pieces = Vec::new();
    let mut rest = reply;
    while let (false, Some(size)) = (rest.is_empty(), sizes.next()) {
        let cut = rest.char_indices().map(|(at, _)| at).find(|at| at >= size);
        let (piece, after) = rest.split_at(cut.unwrap_or(rest.len()));
        pieces.push(piece);
        rest = after;
        if piece.is_empty() && pieces.len() > 10_000 {
            break;
        }
    }
    pieces.push(rest);
    pieces
}

#[test]
fn pieces_are_the_reply() {
    assert_eq!(pieces("aéb", &[0, 2]).concat(), "aéb");
    let speech = join([]);
    assert_eq!(speech, Speech::default());
}
