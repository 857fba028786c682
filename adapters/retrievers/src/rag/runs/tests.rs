use async_trait::async_trait;
use expect_test::{Expect, expect};

use super::*;
use crate::chunks::ChunkId;
use crate::rag::tests::chunk;

/// One document in two sections; each chunk repeats the last word of the one before.
const BOOK: [(&str, &str); 6] = [
    ("Sea", "one two"),
    ("Sea", "two three"),
    ("Sea", "three four"),
    ("Sea", "four five"),
    ("Air", "six seven"),
    ("Air", "seven eight"),
];

#[tokio::test(start_paused = true)]
async fn a_passage_is_widened_within_its_section() {
    check(
        "1",
        5,
        1,
        100,
        expect![[r#"
        Sea: one two three four
    "#]],
    )
    .await;
    check(
        "3",
        5,
        2,
        100,
        expect![[r#"
        Sea: two three four five
    "#]],
    )
    .await;
    check(
        "4",
        5,
        1,
        100,
        expect![[r#"
        Air: six seven eight
    "#]],
    )
    .await;
    check(
        "1",
        5,
        0,
        100,
        expect![[r#"
        Sea: two three
    "#]],
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn what_stands_together_becomes_one_passage() {
    check(
        "2 1",
        5,
        0,
        100,
        expect![[r#"
        Sea: two three four
    "#]],
    )
    .await;
    check(
        "0 5 3",
        5,
        1,
        100,
        expect![[r#"
        Sea: one two three four five
        Air: six seven eight
    "#]],
    )
    .await;
    // Joining leaves room for one more.
    check(
        "1 2 5",
        2,
        0,
        100,
        expect![[r#"
        Sea: two three four
        Air: seven eight
    "#]],
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn the_budget_is_for_what_was_found_before_what_stands_around_it() {
    check(
        "1 5",
        5,
        1,
        4,
        expect![[r#"
        Sea: two three
        Air: seven eight
    "#]],
    )
    .await;
    check(
        "1 5",
        5,
        1,
        6,
        expect![[r#"
        Sea: two three four
        Air: seven eight
    "#]],
    )
    .await;
    check(
        "1 5",
        5,
        1,
        0,
        expect![[r#"
        Sea: two three
    "#]],
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn late_neighbours_are_none() {
    let runs = choose(hits("1").into_iter(), 5, 100);
    let runs = widen(runs, &Away, 1, 100).await;
    assert_eq!(runs.first().unwrap().passage().text, "two three");
}

#[test]
fn a_passage_says_where_it_stands() {
    let runs = choose(hits("2 1").into_iter(), 5, 100);
    let passage = runs.first().unwrap().passage();
    let book = book();
    assert_eq!(passage.id, format!("{}-{}", book[1].id, book[2].id));
    assert_eq!(passage.source.span, Some(Span { start: 4, end: 18 }));
}

async fn check(found: &str, limit: usize, reach: u32, max_tokens: usize, expected: Expect) {
    let runs = choose(hits(found).into_iter(), limit, max_tokens);
    let runs = widen(runs, &Book, reach, max_tokens).await;
    let lines = runs.iter().map(|run| {
        let passage = run.passage();
        format!(
            "{}: {}\n",
            passage.source.headings.join(" > "),
            passage.text
        )
    });
    expected.assert_eq(&lines.collect::<String>());
}

/// Places in the book, best first.
fn hits(found: &str) -> Vec<Hit> {
    let book = book();
    let places = found
        .split(' ')
        .map(|place| place.parse::<usize>().unwrap());
    let hits = places.map(|place| Hit {
        chunk: Arc::clone(&book[place]),
        score: 1.0,
    });
    hits.collect()
}

fn book() -> Vec<Arc<Chunk>> {
    let mut start = 0;
    let chunks = BOOK.iter().zip(0..).map(|((heading, text), place)| {
        let mut chunk = chunk("book.md", text);
        chunk.id = ChunkId(place.into());
        chunk.headings = vec![(*heading).to_owned()];
        chunk.place = place;
        chunk.span = Span {
            start,
            end: start + text.len(),
        };
        let last = text.rsplit(' ').next().unwrap();
        start += text.len() - last.len();
        Arc::new(chunk)
    });
    chunks.collect()
}

#[derive(Debug)]
struct Book;

#[async_trait]
impl Neighbours for Book {
    async fn around(&self, chunk: &Chunk, reach: u32) -> Vec<Arc<Chunk>> {
        let near = |other: &Arc<Chunk>| {
            other.place != chunk.place && other.place.abs_diff(chunk.place) <= reach
        };
        book().into_iter().filter(near).collect()
    }
}

#[derive(Debug)]
struct Away;

#[async_trait]
impl Neighbours for Away {
    async fn around(&self, _chunk: &Chunk, _reach: u32) -> Vec<Arc<Chunk>> {
        std::future::pending().await
    }
}
