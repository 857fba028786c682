use expect_test::{Expect, expect};

use super::super::cursor::WINDOW;
use super::super::{Speech, Style, written_before};
use super::{atom, finish, formatter, join, push};
use crate::speech::Formatter;
use crate::words::Language;

#[test]
fn the_first_word_leaves_at_once() {
    check(
        &["The", " price", " is", " fair", "."],
        expect![[r#"
        "The" -> "The"
        " price" -> ""
        " is" -> " price"
        " fair" -> " is"
        "." -> ""
        end -> " fair."
    "#]],
    );
    check(
        &["There", " are", " three"],
        expect![[r#"
        "There" -> "There"
        " are" -> ""
        " three" -> " are"
        end -> " three"
    "#]],
    );
    check(
        &["We", "'re", " here", ", and"],
        expect![[r#"
            "We" -> "We"
            "'re" -> ""
            " here" -> "'re"
            ", and" -> " here,"
            end -> " and"
        "#]],
    );
    check(
        &["**", "Ocean", "**", " freight"],
        expect![[r#"
        "**" -> ""
        "Ocean" -> "Ocean"
        "**" -> ""
        " freight" -> ""
        end -> " freight"
    "#]],
    );
}

#[test]
fn a_capitalised_first_word_does_not_wait_for_its_end() {
    check(
        &["Vessel", " price", " goes"],
        expect![[r#"
        "Vessel" -> "Vessel"
        " price" -> ""
        " goes" -> " price"
        end -> " goes"
    "#]],
    );
    check(
        &[" Ve", "ss", "el", "."],
        expect![[r#"
        " Ve" -> "Ve"
        "ss" -> "ss"
        "el" -> "el"
        "." -> ""
        end -> "."
    "#]],
    );
    check(
        &["Support", "@", "x", ".", "com", " is", " read"],
        expect![[r#"
            "Support" -> "Support"
            "@" -> ""
            "x" -> ""
            "." -> ""
            "com" -> ""
            " is" -> " at x dot com"
            " read" -> " is"
            end -> " read"
        "#]],
    );
    check(
        &["Import", "/ex", "port", " papers"],
        expect![[r#"
        "Import" -> "Import"
        "/ex" -> ""
        "port" -> ""
        " papers" -> " or export"
        end -> " papers"
    "#]],
    );
    check(
        &["Ship", "ment", "12345678", " left"],
        expect![[r#"
        "Ship" -> "Ship"
        "ment" -> "ment"
        "12345678" -> ""
        " left" -> " 1 2 3 4 5 6 7 8"
        end -> " left"
    "#]],
    );
    check(
        &["## ", "Élan", " is", " new"],
        expect![[r###"
        "## " -> ""
        "Élan" -> "Élan"
        " is" -> ""
        " new" -> " is"
        end -> " new."
    "###]],
    );
}

#[test]
fn a_first_word_waits_where_a_table_or_its_letters_leave_it_open() {
    check(
        &["App", "rox", ".", " 5", " days"],
        expect![[r#"
        "App" -> ""
        "rox" -> ""
        "." -> ""
        " 5" -> "approximately"
        " days" -> ""
        end -> " 5 days"
    "#]],
    );
    check(
        &["Mon", "–", "Fri", " from"],
        expect![[r#"
        "Mon" -> ""
        "–" -> ""
        "Fri" -> ""
        " from" -> "Monday to Friday"
        end -> " from"
    "#]],
    );
    check(
        &["Https", "://", "x.com", " is"],
        expect![[r#"
        "Https" -> ""
        "://" -> ""
        "x.com" -> ""
        " is" -> "x dot com"
        end -> " is"
    "#]],
    );
    check(
        &["USD", " 5", " now"],
        expect![[r#"
        "USD" -> ""
        " 5" -> ""
        " now" -> "5 US dollars"
        end -> " now"
    "#]],
    );
    check(
        &["support", "@x.com", " now"],
        expect![[r#"
        "support" -> ""
        "@x.com" -> ""
        " now" -> "support at x dot com"
        end -> " now"
    "#]],
    );
    check(
        &["I", " am"],
        expect![[r#"
        "I" -> ""
        " am" -> "I"
        end -> " am"
    "#]],
    );
}

#[test]
fn a_word_leaves_when_the_next_begins() {
    check(
        &[
            "Rates", " go", " up", ".", " Space", ",", " too", "!", " Bye",
        ],
        expect![[r#"
            "Rates" -> "Rates"
            " go" -> ""
            " up" -> " go"
            "." -> ""
            " Space" -> " up."
            "," -> " Space,"
            " too" -> ""
            "!" -> " too!"
            " Bye" -> ""
            end -> " Bye"
        "#]],
    );
}

#[test]
fn an_atom_leaves_whole() {
    check(
        &["It", " takes", " 1", "8", "–", "20", " days", " by", " sea"],
        expect![[r#"
            "It" -> "It"
            " takes" -> ""
            " 1" -> " takes"
            "8" -> ""
            "–" -> ""
            "20" -> ""
            " days" -> ""
            " by" -> " 18 to 20 days"
            " sea" -> " by"
            end -> " sea"
        "#]],
    );
    check(
        &["It", " takes", " 18", " to", " 20", " da", "ys", "."],
        expect![[r#"
            "It" -> "It"
            " takes" -> ""
            " 18" -> " takes"
            " to" -> ""
            " 20" -> ""
            " da" -> ""
            "ys" -> ""
            "." -> " 18 to 20 days."
            end -> ""
        "#]],
    );
    check(
        &["costs", " USD", " ", "6", ".", "50", "/", "kg", " net"],
        expect![[r#"
            "costs" -> ""
            " USD" -> "costs"
            " " -> ""
            "6" -> ""
            "." -> ""
            "50" -> ""
            "/" -> ""
            "kg" -> ""
            " net" -> " 6 US dollars and 50 cents per kilogram"
            end -> " net"
        "#]],
    );
    check(
        &[
            "Call", " +", "1", "-", "800", "-555-", "LO", "GI", ".", " Bye",
        ],
        expect![[r#"
            "Call" -> "Call"
            " +" -> ""
            "1" -> ""
            "-" -> ""
            "800" -> ""
            "-555-" -> ""
            "LO" -> ""
            "GI" -> ""
            "." -> " plus 1, 8 0 0, 5 5 5, L O G I."
            " Bye" -> ""
            end -> " Bye"
        "#]],
    );
    check(
        &[
            "Mail", " support", "@", "supply", "chain", "co", ".", "com", ".",
        ],
        expect![[r#"
            "Mail" -> "Mail"
            " support" -> ""
            "@" -> ""
            "supply" -> ""
            "chain" -> ""
            "co" -> ""
            "." -> ""
            "com" -> ""
            "." -> ""
            end -> " support at supplychainco dot com."
        "#]],
    );
    check(
        &[
            "on", " 2026", "-", "11", "-", "23", " at", " 9", ":00", " a", ".m", ". sharp",
        ],
        expect![[r#"
            "on" -> ""
            " 2026" -> "on"
            "-" -> ""
            "11" -> ""
            "-" -> ""
            "23" -> ""
            " at" -> " November 23, 2026"
            " 9" -> " at"
            ":00" -> ""
            " a" -> ""
            ".m" -> ""
            ". sharp" -> " 9 AM"
            end -> " sharp"
        "#]],
    );
    check(
        &["18", " pallets", " and 5", " kg", " more"],
        expect![[r#"
        "18" -> ""
        " pallets" -> ""
        " and 5" -> "18 pallets and"
        " kg" -> ""
        " more" -> " 5 kilograms"
        end -> " more"
    "#]],
    );
    check(
        &[
            "weighs", " 5", " 000", " kg", ", so", " 10", "^", "3", ", by", " ISO", " 9001", ":",
            "2015", " at",
        ],
        expect![[r#"
            "weighs" -> ""
            " 5" -> "weighs"
            " 000" -> ""
            " kg" -> ""
            ", so" -> " 5000 kilograms,"
            " 10" -> " so"
            "^" -> ""
            "3" -> ""
            ", by" -> " 10 to the power of 3,"
            " ISO" -> " by"
            " 9001" -> " ISO"
            ":" -> ""
            "2015" -> ""
            " at" -> " 9001:2015"
            end -> " at"
        "#]],
    );
}

#[test]
fn the_text_of_a_link_does_not_wait_for_its_address() {
    check(
        &[
            "See [",
            "the portal",
            "](",
            "https://x.com",
            "/a",
            ") or",
            " ask",
        ],
        expect![[r#"
            "See [" -> "See"
            "the portal" -> " the"
            "](" -> " portal"
            "https://x.com" -> ""
            "/a" -> ""
            ") or" -> ""
            " ask" -> " or"
            end -> " ask"
        "#]],
    );
}

#[test]
fn marks_that_open_a_line_wait_for_what_decides() {
    check(
        &[
            "We offer:",
            "\n",
            "-",
            " Air",
            "\n",
            "-",
            " Rail",
            "\n",
            "\n",
            "1",
            ".",
            " Go",
        ],
        expect![[r#"
            "We offer:" -> "We"
            "\n" -> " offer:"
            "-" -> ""
            " Air" -> ""
            "\n" -> " Air"
            "-" -> ""
            " Rail" -> ""
            "\n" -> ". Rail"
            "\n" -> ""
            "1" -> ""
            "." -> ""
            " Go" -> ". 1,"
            end -> " Go."
        "#]],
    );
}

#[test]
fn nothing_is_held_beyond_the_window() {
    for piece in [
        "1", "a.", "[", "*", "](", "1-", "é", "\u{301}", "USD ", "#", "-", "| -", "<a", "漢",
    ] {
        let mut formatter = formatter("en");
        for _ in 0..1_000 {
            push(&mut formatter, piece);
            assert!(formatter.held.len() < WINDOW + piece.len(), "{piece}");
        }
    }
}

#[test]
fn without_formatting_every_piece_passes() {
    let style = Style {
        format: false,
        pace: 15.0,
    };
    let mut formatter = Formatter::new(&style, &Language::default());
    let speech = push(&mut formatter, "**5");
    assert_eq!(
        speech,
        Speech {
            text: "**5".to_owned(),
            atoms: vec![atom(3, 3, true)],
        }
    );
    assert_eq!(push(&mut formatter, " kg**").text, " kg**");
    assert_eq!(finish(&mut formatter), Speech::default());
}

#[test]
fn every_atom_knows_what_it_stands_for() {
    let written = "It is **18–20 days** 🚢 by sea.";
    let mut formatter = formatter("en");
    let speech = join([push(&mut formatter, written), finish(&mut formatter)]);
    let (mut spoken, mut place) = (0, 0);
    let mut map = String::new();
    for atom in &speech.atoms {
        let (to, of) = (spoken + atom.spoken, place + atom.written);
        map += &format!(
            "{:?} <- {:?}\n",
            &speech.text[spoken..to],
            &written[place..of]
        );
        (spoken, place) = (to, of);
    }
    expect![[r#"
        "It is" <- "It is"
        " " <- " **"
        "18 to 20 days" <- "18–20 days"
        " " <- "** 🚢 "
        "by sea." <- "by sea."
    "#]]
    .assert_eq(&map);
}

#[test]
fn a_place_in_speech_is_a_place_in_writing() {
    // "It is **18–20 days**.", spoken "It is 18 to 20 days."
    let atoms = [
        atom(5, 5, true),
        atom(1, 3, false),
        atom(13, 12, false),
        atom(0, 2, false),
        atom(1, 1, true),
    ];
    let places: Vec<_> = [0, 3, 5, 6, 18, 19, 20, 99]
        .map(|spoken| (spoken, written_before(&atoms, spoken)))
        .into();
    expect![[r#"
        [
            "0 -> 0",
            "3 -> 3",
            "5 -> 5",
            "6 -> 8",
            "18 -> 8",
            "19 -> 22",
            "20 -> 23",
            "99 -> 23",
        ]
    "#]]
    .assert_debug_eq(
        &places
            .as_slice()
            .iter()
            .map(|(s, w)| format!("{s} -> {w}"))
            .collect::<Vec<_>>(),
    );
}

/// What leaves after each piece, and at the end.
fn check(pieces: &[&str], expected: Expect) {
    let mut formatter = formatter("en");
    let mut trace = String::new();
    for piece in pieces {
        let speech = push(&mut formatter, piece);
        trace += &format!("{piece:?} -> {:?}\n", speech.text);
    }
    trace += &format!("end -> {:?}\n", finish(&mut formatter).text);
    expected.assert_eq(&trace);
}
