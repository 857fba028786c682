use expect_test::{Expect, expect};

use super::*;

/// Each line of a script is a question, its utterances parted by `|`, the last being asked now and
/// each before it counting half of the next. The trace shows what is looked for.
fn check(index: &str, script: &str, expected: Expect) {
    check_with(&Settings::default(), index, script, expected);
}

fn check_with(settings: &Settings, index: &str, script: &str, expected: Expect) {
    let language = Language::new("en-US");
    let analysis = Analysis::new(&settings.protected);
    let mut found: HashMap<Box<str>, u32> = HashMap::new();
    for term in analysis.of_text(index, &language) {
        *found.entry(term.text.into()).or_default() += 1;
    }
    let asking = Asking::new(Vocabulary::new(found), vec![language.clone()], settings);
    let mut trace = String::new();
    for line in script.trim().lines() {
        let texts: Vec<&str> = line.trim().split('|').collect();
        let weights = (0..texts.len()).rev().map(|age| 0.5_f32.powi(age as i32));
        let said = texts.iter().zip(weights).map(|(text, weight)| Said {
            text: (*text).to_owned(),
            weight,
        });
        let said = said.collect();
        let query = asking.query(&Wanted {
            said,
            language: language.clone(),
            limit: 10,
        });
        let words = query
            .words
            .iter()
            .map(|Word { terms, weight }| match *weight {
                1.0 => terms.join("="),
                weight => format!("{}:{weight}", terms.join("=")),
            });
        let pairs = query.pairs.iter();
        let pairs = pairs.map(|Pair { first, second, gap }| format!("{first}+{gap}-{second}"));
        let line: Vec<String> = words.chain(pairs).collect();
        trace.push_str(&line.join(" "));
        trace.push('\n');
    }
    expected.assert_eq(&trace);
}

#[test]
fn words_of_all_utterances_are_looked_for_each_as_much_as_it_counts_most() {
    check(
        "cost of sea freight and air freight",
        "
        what does sea freight cost | and by air?
        air freight | freight, freight
        hello | can you tell me
        ",
        expect![[r#"
            air sea:0.5 freight:0.5 cost:0.5 1+1-2 2+1-3
            freight air:0.5 1+1-0
            can you tell me hello:0.5 0+1-1 1+1-2 2+1-3
        "#]],
    );
}

#[test]
fn words_that_the_index_does_not_know_are_taken_for_words_it_does() {
    check(
        "The commercial invoice, the SONCAP certificate, Incoterms, the container, demurrage,
         cargo, the cut and the off time, a super hero, a book, a boom and a voice",
        "
        in voice
        son cap certificate
        in co terms
        cutoff
        superheroes
        containor
        demurage
        kargo
        booze
        invoises
        xyzzy
        ",
        expect![[r#"
            voic invoic
            son cap certif soncap 0+1-1 1+1-2
            co term incoterm 0+1-1
            cut:0.5 off:0.5 0+1-1
            super:0.5 hero:0.5 0+1-1
            contain:0.5
            demurrag:0.5
            cargo:0.5
            booz
            invoic:0.5
            xyzzi
        "#]],
    );
}

#[test]
fn a_word_the_index_knows_stays_what_it_is() {
    check(
        "a form, a from, the container, the contained, cut-off times",
        "
        form
        contained
        cut off
        cutoff
        ",
        expect![[r#"
            form
            contain
            cut cutoff:0.5
            cutoff
        "#]],
    );
}

#[test]
fn nothing_is_guessed_where_that_is_not_wanted() {
    let settings = Settings {
        mend: false,
        ..Settings::default()
    };
    check_with(
        &settings,
        "an invoice, a container",
        "
        in voice
        containor
        ",
        expect![[r#"
            voic
            containor
        "#]],
    );
}

#[test]
fn of_too_many_words_the_rarest_are_kept() {
    let settings = Settings {
        terms: 2,
        ..Settings::default()
    };
    check_with(
        &settings,
        "customs customs customs duty duty vessel",
        "
        customs and duty, customs duty of a vessel of a nowhere
        ",
        expect![[r#"
            vessel duti 1+3-0
        "#]],
    );
}

#[test]
fn the_longest_utterance_is_cut_down() {
    let words: Vec<String> = (0..2_000).map(|n| format!("word{n}x")).collect();
    let words = words.join(" ");
    let settings = Settings::default();
    let language = Language::new("en-US");
    let found = words.split(' ').map(|word| (word.into(), 1)).collect();
    let asking = Asking::new(Vocabulary::new(found), Vec::new(), &settings);
    let said = vec![Said {
        text: words,
        weight: 1.0,
    }];
    let query = asking.query(&Wanted {
        said,
        language,
        limit: 10,
    });
    assert_eq!(query.words.len(), settings.terms);
}
