use std::sync::Arc;

use super::*;
use crate::rag::tests::chunk;

const HOURS: &str = "Open from 9 to 18, closed on Sundays.";

#[test]
fn a_copy_is_left_out() {
    check(
        &[("A", HOURS), ("A", "open from 9 to 18 - closed on SUNDAYS")],
        &[0],
    );
}

#[test]
fn a_part_of_a_better_passage_is_left_out() {
    check(&[("A", HOURS), ("A", "Closed on Sundays.")], &[0]);
    check(&[("A", "Closed on Sundays."), ("A", HOURS)], &[0, 1]);
}

#[test]
fn another_figure_or_name_is_another_passage() {
    check(&[("A", HOURS), ("A", "Open from 9 to 1")], &[0, 1]);
    check(&[("A", "Rates to Oslo"), ("A", "Rates to Rome")], &[0, 1]);
}

#[test]
fn few_words_say_something_else_under_another_title() {
    check(&[("Singapore", HOURS), ("Rotterdam", HOURS)], &[0, 1]);
    let many = "The carrier is not liable. ".repeat(20);
    check(&[("Terms", &many), ("Terms (copy)", &many)], &[0]);
}

fn check(hits: &[(&str, &str)], kept: &[usize]) {
    let hits = hits.iter().zip(0_u16..).map(|((title, text), place)| {
        let mut chunk = chunk(&format!("{place}.md"), text);
        chunk.title = (*title).to_owned();
        let score = -f32::from(place);
        Hit {
            chunk: Arc::new(chunk),
            score,
        }
    });
    let expected: Vec<f32> = kept.iter().map(|place| -(*place as f32)).collect();
    let scores: Vec<f32> = without(hits.collect()).map(|hit| hit.score).collect();
    assert_eq!(scores, expected);
}
