use std::time::Duration;

use clap::Parser;
use expect_test::{Expect, expect};
use voicera::ports::TranscriptSink as _;
use voicera::testing::archive::Shelf;

use super::*;
use crate::layout::COLUMNS;
use crate::samples::unanswered;

#[derive(Debug, Parser)]
struct Cli {
    #[command(flatten)]
    gaps: Arguments,
}

#[tokio::test]
async fn open_questions_are_grouped_with_examples() {
    check(
        "",
        expect![[r#"
               2 x Do you ship to the moon?
                   do you ship to the moon
                   no answer in the documents: CA1, CA2
               1 x Is there a discount for students?
                   no answer in the documents: CA3

            Left open in 3 calls; an answer in the documents closes them.
        "#]],
    )
    .await;
    check(
        "--since 1d",
        expect![[r#"
        No question was left open in 0 calls.
    "#]],
    )
    .await;
    check(
        "--json --limit 1",
        expect![[r#"
        {
          "calls": 3,
          "forgotten": 0,
          "gaps": [
            {
              "calls": [
                "CA1",
                "CA2"
              ],
              "count": 2,
              "examples": [
                "Do you ship to the moon?",
                "do you ship to the moon"
              ],
              "question": "Do you ship to the moon?",
              "why": {
                "fallback": 2
              }
            }
          ],
          "since": "2026-10-24T12:00:00.000Z",
          "until": "2026-11-23T12:00:00.000Z"
        }
    "#]],
    )
    .await;
}

async fn check(asked: &str, expected: Expect) {
    let shelf = Shelf::default();
    for (id, question) in [
        ("CA1", "Do you ship to the moon?"),
        ("CA2", "do you ship to the moon"),
        ("CA3", "Is there a discount for students?"),
    ] {
        for entry in unanswered(id, question) {
            shelf.append(&entry).await.unwrap();
        }
    }
    let archive: Arc<dyn Archive> = Arc::new(shelf);
    let words = std::iter::once("gaps").chain(asked.split_whitespace());
    let arguments = Cli::try_parse_from(words).unwrap().gaps;
    // 2026-11-23T12:00:00Z
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_435_200);
    let said = run(&arguments, &archive, &Settings::default(), now, Ink::Plain).await;
    let said = said.unwrap();
    assert!(
        said.lines().all(|line| line.chars().count() <= COLUMNS),
        "{said}"
    );
    expected.assert_eq(&said);
}
