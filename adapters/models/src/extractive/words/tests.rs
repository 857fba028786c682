use expect_test::{Expect, expect};
use voicera::words::Language;

use super::*;

#[test]
fn figures_units_and_names_are_written_one_way() {
    check(
        "en",
        "twenty-four hours, 24 hours",
        expect!["24 hours 24 hours"],
    );
    check(
        "en",
        "a forty footer for USD 2,200.50 or 2,200",
        expect!["(a) 40 foot (for) usd* 2200.50 (or) 2200"],
    );
    check(
        "en",
        "two thousand two hundred, nine five",
        expect!["2200 9 5"],
    );
    check(
        "en",
        "to L.A., los angeles or the US",
        expect!["(to) l* (a) losangeles (or) (the) usa*"],
    );
    check(
        "en",
        "my e-mail isn't working, I'd like F O B",
        expect!["(my) email (isn) (not) (working) (like) fob*"],
    );
    check(
        "en",
        "non-bonded at 9:00, 24/7",
        expect!["nonbonded (at) 9:00 aroundtheclock"],
    );
    check(
        "de",
        "Die Zahnreinigung kostet 1.800,50 Euro",
        expect!["(die) zahnreinigung* kostet 1800.50 eur*"],
    );
    check("fr", "l'eau d'aujourd'hui", expect!["eau aujourd hui"]);
    check("en", "運賃 \u{1F6A2} ...", expect!["運 賃"]);
}

/// Words as they are compared, those that say little in brackets, names with a star.
fn check(language: &str, text: &str, expected: Expect) {
    let words = words(text, Lexicon::of(&Language::new(language)));
    let shown = words.iter().map(|word| {
        let star = if word.case == Case::Capital { "*" } else { "" };
        match word.role {
            Role::Content | Role::Number => format!("{}{star}", word.plain),
            Role::Common | Role::Stop => format!("({}{star})", word.plain),
        }
    });
    expected.assert_eq(&shown.collect::<Vec<_>>().join(" "));
}
