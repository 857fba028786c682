use expect_test::{Expect, expect};
use voicera::words::Language;

use super::*;

#[test]
fn what_carries_no_meaning_is_left_out() {
    check(
        "en",
        "uh, well, so, could you please tell me when the ISF filing is due?",
        expect!["alone when the ISF filing is due?"],
    );
    check(
        "en",
        "hi um I was wondering where is your company actually based",
        expect!["alone where is your company based"],
    );
    check(
        "en",
        "Okay thanks. How much is a forty foot container to Hamburg?",
        expect!["alone How much is a forty foot container to Hamburg?"],
    );
    check(
        "de",
        "Guten Tag, ähm, könnten Sie mir bitte sagen, wann das Büro in Hamburg öffnet?",
        expect!["alone wann das Büro in Hamburg öffnet?"],
    );
    check(
        "es",
        "Hola, buenos días, quisiera saber cuánto cuesta un contenedor a Valencia, por favor",
        expect!["alone cuánto cuesta un contenedor a Valencia,"],
    );
    check(
        "fr",
        "Bonjour, euh, pourriez-vous me dire combien coûte un conteneur pour Marseille, s'il vous plaît ?",
        expect!["alone combien coûte un conteneur pour Marseille,"],
    );
    check(
        "pl",
        "Ile kosztuje kontener do Gdańska?",
        expect!["alone Ile kosztuje kontener do Gdańska?"],
    );
}

#[test]
fn something_is_always_left() {
    check("en", "Um.", expect!["leans Um."]);
    check("en", "yes please", expect!["leans yes please"]);
    check("en", "And?", expect!["leans And?"]);
    check("de", "ja bitte", expect!["leans ja bitte"]);
}

#[test]
fn a_question_that_leans_takes_over_what_was_said() {
    check(
        "en",
        "How long does a container take to Hamburg? / And by air?",
        expect![[r#"
            0.70 How long does a container take to Hamburg?
            leans by air?"#]],
    );
    check(
        "en",
        "How long does a container take to Hamburg? / What about Rotterdam?",
        expect![[r#"
            0.70 How long does a container take to Hamburg?
            leans Rotterdam?"#]],
    );
    check(
        "en",
        "Do you need a SONCAP certificate for Nigeria? / Who issues that? / How much is it?",
        expect![[r#"
            0.49 Do you need a SONCAP certificate for Nigeria?
            0.70 Who issues that?
            leans How much is it?"#]],
    );
    check(
        "en",
        "Do you ship lithium batteries? / When do your offices in Singapore open?",
        expect![[r#"
            0.70 Do you ship lithium batteries?
            alone When do your offices in Singapore open?"#]],
    );
    check(
        "de",
        "Was kostet ein Container nach Hamburg? / Und per Luftfracht?",
        expect![[r#"
            0.70 Was kostet ein Container nach Hamburg?
            leans per Luftfracht?"#]],
    );
    check(
        "de",
        "Wann öffnet das Büro in Bremen? / Wie sieht es mit Sonntagen aus?",
        expect![[r#"
            0.70 Wann öffnet das Büro in Bremen?
            leans Sonntagen aus?"#]],
    );
    check(
        "es",
        "¿Cuánto tarda un contenedor a Valencia? / ¿Y por avión?",
        expect![[r#"
            0.70 ¿Cuánto tarda un contenedor a Valencia?
            leans por avión?"#]],
    );
    check(
        "fr",
        "Combien de temps met un conteneur pour Marseille ? / Et par avion ?",
        expect![[r#"
            0.70 Combien de temps met un conteneur pour Marseille
            leans par avion"#]],
    );
}

#[test]
fn what_says_nothing_does_not_count_as_a_turn() {
    check(
        "en",
        "Do you ship to Nigeria? / Yes. / Okay, thanks. / How long does it take?",
        expect![[r#"
            0.70 Do you ship to Nigeria?
            leans How long does it take?"#]],
    );
}

#[test]
fn turns_are_bounded() {
    check(
        "en",
        "Alpha freight? / Beta freight? / Gamma freight? / Delta freight? / Epsilon freight? / Zeta freight?",
        expect![[r#"
            0.24 Beta freight?
            0.34 Gamma freight?
            0.49 Delta freight?
            0.70 Epsilon freight?
            alone Zeta freight?"#]],
    );
}

#[test]
fn no_word_is_no_question() {
    check("en", "Do you ship? / ...", expect!["nothing"]);
    check("en", "", expect!["nothing"]);
}

/// Turns stand between slashes, the last is asked now.
fn check(language: &str, said: &str, expected: Expect) {
    let mut said: Vec<_> = said.split(" / ").map(str::to_owned).collect();
    let query = Query {
        utterance: said.pop().unwrap(),
        earlier: said,
        language: Language::new(language),
        limit: 5,
    };
    let Some(question) = Question::of(&query, &Settings::default()) else {
        return expected.assert_eq("nothing");
    };
    let earlier = question.earlier.iter();
    let earlier = earlier.map(|said| format!("{:.2} {}\n", said.weight, said.text));
    let leans = if question.leans { "leans" } else { "alone" };
    let now = format!("{leans} {}", question.now);
    expected.assert_eq(&earlier.chain([now]).collect::<String>());
}
