use expect_test::{Expect, expect};

use super::*;

#[test]
fn every_sentence_knows_its_headings() {
    check(
        "<document path=\"a/ocean-freight.md\">\n# Ocean\n\nIt is *slow*. It is cheap!\n\n\
         ## Times\n\nSee [ours](x).\n\n### Summer\n\nLonger.\n\n## Prices\n\nLow.\n</document>\n\n\
         <document path=\"b.txt\">\nNo heading here.\n</document>\n",
        expect![[r#"
            [a ocean freight > Ocean] It is slow.
            [a ocean freight > Ocean] It is cheap!
            [a ocean freight > Ocean > Times] See ours.
            [a ocean freight > Ocean > Times > Summer] Longer.
            [a ocean freight > Ocean > Prices] Low.
            [b] No heading here.
        "#]],
    );
}

#[test]
fn tables_and_lists_become_sentences() {
    check(
        "# Shop\n\n| Bread | Price | Note |\n|---|---|---|\n| Rye | 4 euros | |\n| White | 3 euros | soft |\n\n\
         We bake:\n\n- rye bread\n- rolls.\n\n1. Come in. Sit down.\n2. Eat.\n",
        expect![[r#"
            [Shop] Rye: Price 4 euros.
            [Shop] White: Price 3 euros, Note soft.
            [Shop] We bake:
            [Shop] rye bread
            [Shop] rolls.
            [Shop] We bake: rye bread, rolls.
            [Shop] Come in.
            [Shop] Sit down.
            [Shop] Eat.
        "#]],
    );
}

#[test]
fn short_lines_are_lines_and_long_ones_are_wrapped() {
    check(
        "Monday: 9 to 5\nTuesday: closed\n\n\
         This line has been wrapped by somebody who likes short\nlines but it is one sentence.\n",
        expect![[r#"
            [] Monday: 9 to 5
            [] Tuesday: closed
            [] This line has been wrapped by somebody who likes short lines but it is one sentence.
        "#]],
    );
}

#[test]
fn a_dot_does_not_always_end_a_sentence() {
    check(
        "Ask Dr. No, e.g. by mail to a@b.example. It costs 2.50 euros approx. Fine. 今天休息。明天开门。",
        expect![[r#"
            [] Ask Dr. No, e.g. by mail to a@b.example.
            [] It costs 2.50 euros approx. Fine.
            [] 今天休息。
            [] 明天开门。
        "#]],
    );
}

#[test]
fn what_says_nothing_is_left_out() {
    check(
        "---\ntitle: x\n---\n\n***\n\n<div>\n\n<!-- note -->\n\n![](picture.png)\n\n-\n\n| |\n|---|\n",
        expect![[r#""#]],
    );
}

fn check(briefing: &str, expected: Expect) {
    let mut material = Material::default();
    material.add_briefing(briefing);
    let statements = material.statements.iter().map(|statement| {
        let headings = material.sections[statement.section].join(" > ");
        format!("[{headings}] {}\n", statement.text)
    });
    expected.assert_eq(&statements.collect::<String>());
}
