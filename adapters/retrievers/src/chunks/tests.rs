use std::collections::HashSet;

use expect_test::{Expect, expect};
use proptest::prelude::*;

use super::blocks::{self, Kind};
use super::*;
use crate::documents::{Document, Markup};
use crate::tokens::estimate;

#[test]
fn a_document_that_fits_is_one_chunk_without_its_title() {
    check(
        "---\ntitle: Hours\n---\n\n# Hours\n\nWe are open.\n\n## Sunday\n\nClosed.",
        &Settings::default(),
        expect![[r###"
            [] "We are open.\n\n## Sunday\n\nClosed."
        "###]],
    );
}

#[test]
fn sections_keep_the_path_to_them() {
    check(
        "# Hours\n\nWe are open every day of the week and on most holidays, save for those below.\n\n\
         ## By place\n\n\
         ### Hall A\n\nThe hall is open from nine in the morning until five in the afternoon, and never at night.\n\n\
         ### Hall B\n\nThe hall is open from ten in the morning until six in the afternoon, and never at night.\n\n\
         ## Holidays\n\nOn holidays all halls are closed from noon on, whatever the weather may be, and also the yard.",
        &small(),
        expect![[r##"
            [] "We are open every day of the week and on most holidays, save for those below."
            [By place > Hall A] "The hall is open from nine in the morning until five in the afternoon, and never at night."
            [By place > Hall B] "The hall is open from ten in the morning until six in the afternoon, and never at night."
            [Holidays] "On holidays all halls are closed from noon on, whatever the weather may be, and also the yard."
        "##]],
    );
}

#[test]
fn a_small_section_shares_a_chunk_below_the_heading_of_both() {
    check(
        "# Hours\n\n## By place\n\n### Hall A\n\nNine.\n\n### Hall B\n\nTen.\n\n### Lost\n\n\
         ## Holidays\n\nOn holidays all halls are closed from noon on, whatever the weather may be, and also the yard.",
        &small(),
        expect![[r####"
            [By place] "### Hall A\n\nNine.\n\n### Hall B\n\nTen.\n\n### Lost"
            [Holidays] "On holidays all halls are closed from noon on, whatever the weather may be, and also the yard."
        "####]],
    );
}

#[test]
fn a_table_is_cut_between_rows_and_keeps_its_head() {
    check(
        "# Rates\n\nPrices:\n\n| Route | Price |\n|---|---|\n| Singapore to Rotterdam | $1,000 |\n\
         | Singapore to Dubai | $2,000 |\n| Singapore to Los Angeles | $3,000 |\n| Singapore to Santos | $4,000 |\n",
        &small(),
        expect![[r#"
            [Rates] "Prices:\n\n| Route | Price |\n|---|---|\n| Singapore to Rotterdam | $1,000 |"
            [Rates] {| Route | Price |\n|---|---|} "| Singapore to Dubai | $2,000 |"
            [Rates] {| Route | Price |\n|---|---|} "| Singapore to Los Angeles | $3,000 |"
            [Rates] {| Route | Price |\n|---|---|} "| Singapore to Santos | $4,000 |"
        "#]],
    );
}

#[test]
fn a_list_is_cut_between_items_and_keeps_what_announces_it() {
    check(
        "# Papers\n\nYou need these papers:\n\n- the commercial invoice, signed by the seller\n\
         - the packing list, with weights\n  and sizes of each piece\n- the bill of lading\n- the certificate of origin, stamped\n",
        &small(),
        expect![[r#"
            [Papers] "You need these papers:\n\n- the commercial invoice, signed by the seller\n- the packing list, with weights\n  and sizes of each piece"
            [Papers] {You need these papers:} "- the bill of lading\n- the certificate of origin, stamped"
        "#]],
    );
}

#[test]
fn a_long_paragraph_is_cut_between_sentences_that_overlap() {
    let settings = Settings {
        overlap: 20,
        ..small()
    };
    check(
        "Dr. Li pays $3.50 for it. Mr. A. Smith pays nothing at all. Nobody else\nwas asked by us so far. \
         It is e.g. No. 5 that counts. See it at example.com today. Who would have thought of that? \
         We would not. They did not say. It was found out in the end.",
        &settings,
        expect![[r#"
            [] "Dr. Li pays $3.50 for it. Mr. A. Smith pays nothing at all."
            [] "Mr. A. Smith pays nothing at all. Nobody else\nwas asked by us so far. It is e.g. No. 5 that counts."
            [] "See it at example.com today. Who would have thought of that? We would not. They did not say. It was found out in the end."
        "#]],
    );
}

#[test]
fn text_without_spaces_is_cut_between_sentences_or_characters() {
    let settings = Settings {
        tokens: 32,
        ..small()
    };
    check(
        "運賃は三千円です。営業時間は九時から五時までです。日曜日は休みです。",
        &settings,
        expect![[r##"
            [] "運賃は三千円です。"
            [] "営業時間は九時から五時までです。"
            [] "日曜日は休みです。"
        "##]],
    );
    check(
        &"é".repeat(70),
        &settings,
        expect![[r#"
            [] "éééééééééééééééé"
            [] "éééééééééééééééé"
            [] "éééééééééééééééé"
            [] "éééééééééééééééééééééé"
        "#]],
    );
}

#[test]
fn plain_text_is_cut_between_paragraphs_and_has_no_headings() {
    let text = "# 5 is a number here and no heading, which is why it stays as it is in the text.\n\n\
                Another paragraph comes here, of about the same length as the one that was before it.";
    let document = Document {
        markup: Markup::Plain,
        ..document(text)
    };
    let chunks = cut(&document, &Language::default(), &small());
    expect![[r##"
        [] "# 5 is a number here and no heading, which is why it stays as it is in the text."
        [] "Another paragraph comes here, of about the same length as the one that was before it."
    "##]]
    .assert_eq(&trace(&chunks));
}

#[test]
fn an_edit_leaves_the_ids_of_all_other_sections() {
    let section = |n: usize| {
        let words = format!("The hall number {n} is open from nine in the morning until five. ");
        format!("## Hall {n}\n\n{}\n\n", words.repeat(9))
    };
    let whole: String = (0..9).map(section).collect();
    let edited = whole.replace("number 4", "number four hundred and four");
    assert_eq!(
        new_ids(&whole, &edited, &small()),
        new_ids("", &section(4), &small())
    );
}

#[test]
fn cuts_find_back_to_their_places_after_an_edit() {
    let words =
        |n: usize| format!("The hall number {n} is open from {n} in the morning until five.\n\n");
    let whole: String = (0..900).map(words).collect();
    let edited = format!("Something new stands here now, before all that was there.\n\n{whole}");
    let settings = Settings::default();
    let all = new_ids("", &whole, &settings);
    assert!(all > 40, "{all}");
    assert!(new_ids(&whole, &edited, &settings) < 8);
}

#[test]
fn a_block_larger_than_a_window_keeps_its_kind() {
    let rows = "| Singapore | Rotterdam | $1,000 |\n".repeat(60_000);
    let code = "# no heading\n".repeat(120_000);
    let text = format!(
        "# Large\n\n| From | To | Price |\n|---|---|---|\n{rows}\nBetween.\n\n```sh\n{code}```\n\n## After\n\nWords."
    );
    let blocks = blocks::read(&text, Markup::Markdown);
    let kinds: Vec<_> = blocks
        .iter()
        .map(|block| (&block.kind, block.parts.len()))
        .collect();
    let heading = |level, words: &str| Kind::Heading {
        level,
        words: words.into(),
    };
    let expected = [
        (&heading(1, "Large"), 0),
        (&Kind::Table, 60_001),
        (&Kind::Prose, 0),
        (&Kind::Code, 0),
        (&heading(2, "After"), 0),
        (&Kind::Prose, 0),
    ];
    assert_eq!(kinds, expected);
}

#[test]
fn windows_change_nothing() {
    let section = "## Part\n\nSome words.\n\n- one\n- two\n\n  three\n\n> a *quote*\nlazy\n\n\
                   | a | b |\n|---|---|\n| 1 | 2 |\n\n```\ncode\n\n# code\n```\n\nTitle\n===\n\n    indented\n\n";
    let count = 3 * 1024 * 1024 / section.len();
    let blocks = |count| blocks::read(&section.repeat(count), Markup::Markdown);
    let one = blocks(1);
    assert_eq!(one.len(), 8);
    let all = blocks(count);
    assert_eq!(all.len(), count * one.len());
    for (block, n) in all.iter().zip(0..) {
        let (times, which) = (n / one.len(), n % one.len());
        assert_eq!(block.kind, one[which].kind);
        assert_eq!(
            block.range.start - times * section.len(),
            one[which].range.start
        );
    }
}

#[test]
fn a_recipe_names_what_changes_the_cuts() {
    let settings = Settings::default();
    assert_eq!(
        settings.recipe(),
        "cuts 1, 512 tokens, 32 overlap, joined below 80"
    );
    let tiny = Settings {
        tokens: 1,
        ..Settings::default()
    };
    assert_eq!(
        tiny.recipe(),
        "cuts 1, 32 tokens, 16 overlap, joined below 32"
    );
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 256,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn nothing_is_lost_and_nothing_is_too_large(
        parts in prop::collection::vec(part(), 0..24),
        front in any::<bool>(),
        plain in any::<bool>(),
        tokens in 32..200_usize,
        overlap in 0..40_usize,
        join_below in 0..60_usize,
    ) {
        let front = if front { "---\ntitle: Front\n---\n\n" } else { "" };
        let text = format!("{front}{}", parts.concat());
        let markup = if plain { Markup::Plain } else { Markup::Markdown };
        let document = Document { markup, ..document(&text) };
        let settings = Settings { tokens, overlap, join_below };
        let chunks = cut(&document, &Language::default(), &settings);

        let ids: HashSet<_> = chunks.iter().map(|chunk| chunk.id).collect();
        prop_assert_eq!(ids.len(), chunks.len());
        for (chunk, place) in chunks.iter().zip(0..) {
            prop_assert_eq!(&text[chunk.span.start..chunk.span.end], &chunk.text);
            prop_assert_eq!(chunk.place, place);
            prop_assert!(!chunk.text.trim().is_empty());
            prop_assert!(estimate(&chunk.body()) <= tokens, "{:?}", chunk);
        }
        for pair in chunks.windows(2) {
            prop_assert!(pair[0].span.start < pair[1].span.start);
            prop_assert!(pair[0].span.end < pair[1].span.end);
        }
        let covered = |at: usize| chunks.iter().any(|c| c.span.start <= at && at < c.span.end);
        for block in blocks::read(&text, markup) {
                        match block.kind {
                Kind::FrontMatter => {}
                Kind::Heading { words, .. } => {
                    let named = |c: &Chunk| c.headings.iter().any(|h| **h == *words);
                    let start = block.range.end - text[block.range].trim_start().len();
                    let kept = covered(start)
                        || *words == *document.title
                        || chunks.iter().any(named);
                    prop_assert!(kept, "{words} is lost");
                }
                Kind::Prose | Kind::List | Kind::Table | Kind::Code => {
                    let words = &text[block.range.clone()];
                    for (at, c) in words.char_indices().filter(|(_, c)| !c.is_whitespace()) {
                        prop_assert!(covered(block.range.start + at), "{c} of {words:?} is lost");
                    }
                }
            }
        }
    }
}

fn part() -> impl Strategy<Value = String> {
    let words = "[a-zA-Z0-9.,!?é洗。:_*`| -]{1,60}";
    prop_oneof![
        (1..5_usize, words).prop_map(|(level, words)| format!("{} {words}\n\n", "#".repeat(level))),
        prop::collection::vec(words, 1..8).prop_map(|lines| lines.join("\n") + "\n\n"),
        prop::collection::vec(words, 1..12).prop_map(|items| {
            let items = items.iter().map(|item| format!("- {item}\n"));
            items.collect::<String>() + "\n"
        }),
        prop::collection::vec(words, 0..12).prop_map(|rows| {
            let rows = rows.iter().map(|row| format!("| x | {row} |\n"));
            format!("| a | b |\n|---|---|\n{}\n", rows.collect::<String>())
        }),
        prop::collection::vec(words, 0..12)
            .prop_map(|lines| format!("```\n{}\n```\n", lines.join("\n"))),
        "[a-z]{300,400}|[洗é]{60,90}".prop_map(|run| format!("{run}\n\n")),
        Just("[link]: https://example.com\n\n".to_owned()),
        Just("Setext\n------\n\n".to_owned()),
        Just("---\n\n".to_owned()),
        "[ -~\n洗]{0,40}",
    ]
}

fn small() -> Settings {
    Settings {
        tokens: 40,
        overlap: 0,
        join_below: 8,
    }
}

fn document(text: &str) -> Document {
    Document {
        path: "hours.md".to_owned(),
        title: "Hours".to_owned(),
        text: text.to_owned(),
        markup: Markup::Markdown,
    }
}

fn check(text: &str, settings: &Settings, expected: Expect) {
    let chunks = cut(&document(text), &Language::default(), settings);
    expected.assert_eq(&trace(&chunks));
}

fn trace(chunks: &[Chunk]) -> String {
    let chunks = chunks.iter().map(|chunk| {
        let lead = match chunk.lead.as_str() {
            "" => String::new(),
            lead => format!("{{{}}} ", lead.replace('\n', "\\n")),
        };
        format!("[{}] {lead}{:?}\n", chunk.headings.join(" > "), chunk.text)
    });
    chunks.collect()
}

/// How many chunks the edited text has that the old one had not.
fn new_ids(old: &str, edited: &str, settings: &Settings) -> usize {
    let ids = |text: &str| -> HashSet<_> {
        let chunks = cut(&document(text), &Language::default(), settings);
        chunks.into_iter().map(|chunk| chunk.id).collect()
    };
    ids(edited).difference(&ids(old)).count()
}
