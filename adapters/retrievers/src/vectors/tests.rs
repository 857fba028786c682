use std::sync::Arc;

use voicera::ports::retriever::Span;
use voicera::words::Language;

use super::rows::dot;
use super::*;
use crate::chunks::ChunkId;
use crate::search::Said;
use crate::testing::{BagOfWords, search_conforms};

const TEXTS: [&str; 6] = [
    "Ocean freight from Shanghai takes thirty days.",
    "Air freight from Shanghai takes five days.",
    "A forty foot container costs 2 400 dollars.",
    "Customs need the commercial invoice and the packing list.",
    "The ISF filing is due 24 hours before loading.",
    "We are closed on Sundays.",
];

#[tokio::test]
async fn it_keeps_the_contract() {
    let questions = ["how long does air freight take", "when is the ISF due"];
    search_conforms(&vectors(&TEXTS), &questions).await;
    // As many as are compared on another thread.
    let many: Vec<String> = (0..5000).map(|n| format!("parcel {n} is late")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let large = vectors(&many);
    assert!(large.rows.size() > INLINE);
    search_conforms(&large, &["parcel 17", "which parcel is late"]).await;
}

#[tokio::test]
async fn what_is_most_alike_comes_first() {
    let search = vectors(&TEXTS);
    let wanted = wanted(&[("air freight days", 1.0)], 2);
    let found = search.search(&wanted).await.unwrap();
    assert_eq!(found[0].chunk.text, TEXTS[1]);
    assert_eq!(found.len(), 2);
}

#[tokio::test]
async fn what_was_said_before_counts_as_much_as_it_weighs() {
    let search = vectors(&TEXTS);
    let first = async |before: f32| {
        let said = [("ISF filing due hours loading", before), ("air", 1.0)];
        let found = search.search(&wanted(&said, 1)).await.unwrap();
        found[0].chunk.text.clone()
    };
    assert_eq!(first(0.1).await, TEXTS[1]);
    assert_eq!(first(3.0).await, TEXTS[4]);
}

#[tokio::test]
async fn an_empty_index_finds_nothing() {
    search_conforms(&vectors(&[]), &["anything"]).await;
}

#[test]
fn the_nearest_rows_are_those_that_sorting_all_of_them_gives() {
    let dimension = 24;
    let mut state = 7_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / (1 << 24) as f32 - 0.5
    };
    let components: Vec<f32> = (0..500 * dimension).map(|_| next()).collect();
    let question: Vec<f32> = (0..dimension).map(|_| next()).collect();
    let mut sorted: Vec<Near> = components
        .chunks(dimension)
        .enumerate()
        .map(|(row, vector)| Near {
            row,
            score: dot(vector, &question),
        })
        .collect();
    sorted.sort_by(|a, b| b.score.total_cmp(&a.score));
    let rows = Rows::new(components, dimension);
    for limit in [1, 2, 7, 499, 500, 1000] {
        let expected = &sorted[..limit.min(500)];
        assert_eq!(rows.nearest(&question, limit), expected, "limit {limit}");
    }
}

#[test]
fn a_row_that_is_not_a_number_is_like_nothing() {
    let rows = Rows::new(vec![f32::NAN, 0.0, f32::INFINITY, 0.0, 0.6, 0.8], 2);
    let nearest = rows.nearest(&[1.0, 0.0], 10);
    assert_eq!(nearest.iter().map(|near| near.row).collect::<Vec<_>>(), [2]);
}

#[test]
fn equal_rows_keep_their_order() {
    let rows = Rows::new([1.0, 0.0].repeat(20), 2);
    let nearest = rows.nearest(&[1.0, 0.0], 3);
    let order: Vec<_> = nearest.iter().map(|near| near.row).collect();
    assert_eq!(order, [0, 1, 2]);
}

#[test]
fn a_blend_is_the_weighted_mean_at_length_one() {
    let part = |x: f32, y: f32, weight: f32| (Arc::from([x, y]), weight);
    let check = |parts: &[(Arc<[f32]>, f32)], expected: &[f32]| {
        let blended = blend(parts);
        assert_eq!(blended.len(), expected.len());
        for (is, should) in blended.iter().zip(expected) {
            assert!(
                (is - should).abs() < 1e-6,
                "{blended:?} is not {expected:?}"
            );
        }
    };
    check(&[], &[]);
    check(&[part(0.6, 0.8, 1.0)], &[0.6, 0.8]);
    check(&[part(1.0, 0.0, 3.0), part(0.0, 1.0, 4.0)], &[0.6, 0.8]);
    check(&[part(-1.0, 0.0, 1.0), part(1.0, 0.0, 1.0)], &[1.0, 0.0]);
    check(
        &[part(0.0, 1.0, f32::NAN), part(1.0, 0.0, 1.0)],
        &[1.0, 0.0],
    );
}

#[test]
fn vectors_that_do_not_fit_are_refused() {
    let refused = |components: usize, dimension: usize| {
        let chunks = vec![chunk(0, TEXTS[0])];
        let embedder = Arc::new(BagOfWords::new(8));
        let components = vec![0.0; components];
        let vectors = Vectors::new(
            chunks,
            components,
            dimension,
            embedder,
            &Settings::default(),
        );
        voicera::ports::chain(&vectors.unwrap_err())
    };
    expect_test::expect!["the index cannot be read: the index holds vectors of 4 components and the model makes 8; run `voicera index`"]
        .assert_eq(&refused(4, 4));
    expect_test::expect!["the index cannot be read: the index holds 7 components for 1 chunks of 8; run `voicera index --rebuild`"]
        .assert_eq(&refused(7, 8));
}

fn vectors(texts: &[&str]) -> Vectors {
    let embedder = Arc::new(BagOfWords::new(256));
    let chunks: Vec<_> = texts
        .iter()
        .enumerate()
        .map(|(n, text)| chunk(n, text))
        .collect();
    let texts: Vec<String> = texts.iter().map(|&text| text.to_owned()).collect();
    let components = embedder.passages(&texts).unwrap().concat();
    Vectors::new(chunks, components, 256, embedder, &Settings::default()).unwrap()
}

fn chunk(place: usize, text: &str) -> Arc<Chunk> {
    Arc::new(Chunk {
        id: ChunkId::of("rates.md", &[], "", text, 0),
        document: "rates.md".to_owned(),
        title: "Rates".to_owned(),
        headings: Vec::new(),
        lead: String::new(),
        text: text.to_owned(),
        span: Span {
            start: 0,
            end: text.len(),
        },
        place: place as u32,
        language: Language::default(),
    })
}

fn wanted(said: &[(&str, f32)], limit: usize) -> Wanted {
    Wanted {
        said: said
            .iter()
            .map(|&(text, weight)| Said {
                text: text.to_owned(),
                weight,
            })
            .collect(),
        language: Language::default(),
        limit,
    }
}
