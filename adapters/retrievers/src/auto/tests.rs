use expect_test::{Expect, expect};

use super::*;

#[test]
fn the_choice_reads_alone() {
    check(
        "",
        9_300,
        expect![
            "cag: the documents take about 9 300 tokens, within retriever.auto.max_tokens = 30 000"
        ],
    );
    check(
        "",
        30_001,
        expect![
            "rag: the documents take about 30 001 tokens, more than retriever.auto.max_tokens = 30 000"
        ],
    );
    check(
        "max_tokens = 500000",
        200_000,
        expect![
            "rag: the documents take about 200 000 tokens, more than the 122 880 that the model's context has room for"
        ],
    );
    let cost = "max_cost_per_turn = 0.002\nprice = 0.15";
    check(
        cost,
        9_300,
        expect![
            "cag: the documents take about 9 300 tokens, within retriever.auto.max_tokens = 30 000, and cost 0.0014 a turn, within retriever.auto.max_cost_per_turn = 0.002"
        ],
    );
    check(
        cost,
        14_000,
        expect![
            "rag: the documents take about 14 000 tokens, which cost 0.0021 a turn, more than retriever.auto.max_cost_per_turn = 0.002"
        ],
    );
    check(
        &format!("{cost}\ncached_price = 0.075"),
        14_000,
        expect![
            "cag: the documents take about 14 000 tokens, within retriever.auto.max_tokens = 30 000, and cost 0.0010 a turn, within retriever.auto.max_cost_per_turn = 0.002"
        ],
    );
    // A price alone is no budget.
    check(
        "price = 100.0",
        1_000_000,
        expect![
            "rag: the documents take about 1 000 000 tokens, more than retriever.auto.max_tokens = 30 000"
        ],
    );
    check(
        "max_tokens = 2000000\nprice = 100.0",
        100,
        expect![
            "cag: the documents take about 100 tokens, within retriever.auto.max_tokens = 2 000 000"
        ],
    );
}

#[test]
fn amounts_that_make_no_sense_are_named() {
    refuses(
        "price = -1.0",
        expect!["retriever.auto.price: -1 is no amount of money; use 0 or above"],
    );
    refuses(
        "cached_price = nan",
        expect!["retriever.auto.cached_price: NaN is no amount of money; use 0 or above"],
    );
    refuses(
        "max_cost_per_turn = 0.01",
        expect![
            "retriever.auto.max_cost_per_turn: a cost needs a price; set retriever.auto.price to what a million tokens of a prompt cost"
        ],
    );
}

fn check(settings: &str, tokens: usize, expected: Expect) {
    let settings: Settings = toml::from_str(settings).unwrap();
    settings.check().unwrap();
    expected.assert_eq(&decide(tokens, 122_880, &settings).to_string());
}

fn refuses(settings: &str, expected: Expect) {
    let settings: Settings = toml::from_str(settings).unwrap();
    expected.assert_eq(&settings.check().unwrap_err().to_string());
}
