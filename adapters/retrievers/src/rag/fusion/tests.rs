use std::sync::Arc;

use expect_test::{Expect, expect};

use super::*;
use crate::rag::tests::chunk;

#[test]
fn normalised_scores_are_added_up() {
    check(
        Method::Convex,
        &[("a 9, b 6, c 3", 1.0), ("b 0.9, d 0.8, a 0.5", 1.0)],
        expect![[r#"
            b 0.75
            a 0.50
            d 0.38
            c 0.00
        "#]],
    );
}

#[test]
fn a_search_counts_by_its_weight() {
    check(
        Method::Convex,
        &[("a 9, b 6, c 3", 3.0), ("b 0.9, d 0.8, a 0.5", 1.0)],
        expect![[r#"
            a 0.75
            b 0.62
            d 0.19
            c 0.00
        "#]],
    );
}

#[test]
fn the_last_of_all_there_is_still_counts() {
    check(
        Method::Convex,
        &[("a 8, b 6 and no more", 1.0)],
        expect![[r#"
            a 1.00
            b 0.75
        "#]],
    );
}

#[test]
fn alike_scores_are_all_found() {
    check(
        Method::Convex,
        &[("a 3, b 3", 1.0), ("", 1.0)],
        expect![[r#"
            a 0.50
            b 0.50
        "#]],
    );
}

#[test]
fn ranks_are_added_up_where_that_is_wanted() {
    check(
        Method::Reciprocal,
        &[("a 9, b 6, c 3", 1.0), ("b 0.9, d 0.8, a 0.5", 1.0)],
        expect![[r#"
            b 0.99
            a 0.98
            d 0.49
            c 0.48
        "#]],
    );
}

fn check(method: Method, rankings: &[(&str, f32)], expected: Expect) {
    let settings = Settings {
        method,
        ..Settings::default()
    };
    let rankings = rankings.iter().map(|(hits, weight)| {
        let listed = hits.strip_suffix(" and no more");
        let hits = listed
            .unwrap_or(hits)
            .split(", ")
            .filter(|hit| !hit.is_empty());
        let hits = hits.map(|hit| {
            let (name, score) = hit.split_once(' ').unwrap();
            Hit {
                chunk: Arc::new(chunk(name, name)),
                score: score.parse().unwrap(),
            }
        });
        Ranking {
            hits: hits.collect(),
            weight: *weight,
            complete: listed.is_some(),
        }
    });
    let mut fused = fuse(rankings.collect(), &settings);
    // Equal ones stand in the order of their ids, which tells nothing here.
    fused.sort_by(|a, b| {
        b.score
            .total_cmp(&a.score)
            .then(a.chunk.text.cmp(&b.chunk.text))
    });
    let lines = fused
        .iter()
        .map(|hit| format!("{} {:.2}\n", hit.chunk.text, hit.score));
    expected.assert_eq(&lines.collect::<String>());
}

#[test]
fn what_counts_nothing_answers_where_it_is_alone() {
    check(
        Method::Convex,
        &[("a 9, b 3 and no more", 0.0)],
        expect![[r#"
            a 1.00
            b 0.33
        "#]],
    );
}
