use super::*;

const PRICE: Price = Price {
    input: 2.0,
    cached_input: 0.5,
    output: 8.0,
};

fn prices() -> Prices {
    let priced = [("gpt-4.1", PRICE), ("extractive", Price::FREE)];
    let priced = priced.map(|(name, price)| (name.to_owned(), price));
    priced.into_iter().collect()
}

fn usage(model: &str, tokens: Option<(u32, u32, u32)>) -> Usage {
    Usage {
        model: model.to_owned(),
        prompt_tokens: tokens.map(|tokens| tokens.0),
        cached_tokens: tokens.map(|tokens| tokens.1),
        reply_tokens: tokens.map(|tokens| tokens.2),
    }
}

#[test]
fn what_is_cached_costs_less() {
    let million = Some((1_000_000, 400_000, 100_000));
    let cost = prices().of_call(&[usage("gpt-4.1", million)]);
    assert_eq!(cost, Some(1.2 + 0.2 + 0.8));
}

#[test]
fn what_is_not_known_is_not_free() {
    let some = Some((1000, 0, 10));
    let known = usage("gpt-4.1", some);
    assert_eq!(prices().of_call(&[usage("other", some)]), None);
    assert_eq!(prices().of_call(&[usage("gpt-4.1", None)]), None);
    assert_eq!(prices().of_call(&[known, usage("other", some)]), None);
    assert_eq!(prices().of_call(&[usage("extractive", None)]), Some(0.0));
}

#[test]
fn a_dated_name_has_the_price_of_the_plain_one_and_no_other_has() {
    let some = Some((1000, 0, 10));
    let costs = |model| prices().of_call(&[usage(model, some)]).is_some();
    assert!(costs("gpt-4.1-2025-04-14"));
    assert!(!costs("gpt-4.1-mini"));
    assert!(!costs("gpt-4.12"));
    assert!(!costs("gpt-4"));
}
