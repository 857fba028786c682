//! The commands over an archive in memory.

use clap::Parser;
use expect_test::{Expect, expect};
use voicera::digest::price::Price;
use voicera::masking::Rules;
use voicera::ports::transcript_sink::Content;

use super::*;
use crate::layout::COLUMNS;
use crate::samples::{Tray, shelf};

#[derive(Debug, Parser)]
struct Cli {
    #[command(flatten)]
    calls: Arguments,
}

#[tokio::test]
async fn the_latest_calls_are_listed() {
    check(
        "",
        expect![[r#"
        time (UTC)                 caller  minutes  turns     outcome  sentiment
        2026-11-22 22:26     +44 ••• 0958        -      -        open          -
          CA2
        2026-11-21 22:26  +1 415 ••• 0100      0.2      1  handed off      mixed
          CA1  Sea freight, Customs & "duties"
    "#]],
    )
    .await;
    check(
        "--search nothing",
        expect![[r#"
        No calls.
    "#]],
    )
    .await;
    check(
        "--caller +14155550100 --limit 1 --since 7d",
        expect![[r#"
            time (UTC)                 caller  minutes  turns     outcome  sentiment
            2026-11-21 22:26  +1 415 ••• 0100      0.2      1  handed off      mixed
              CA1  Sea freight, Customs & "duties"
        "#]],
    )
    .await;
}

#[tokio::test]
async fn a_call_is_shown_with_what_was_not_heard_and_what_it_tells() {
    check(
        "show CA1",
        expect![[r#"
            CA1
            2026-11-21 22:26 UTC, from +1 415 ••• 0100 to +1 415 ••• 0199
            handed off after 0.2 minutes and 1 turn, median wait 0.31 s, longest 0.31 s,
              interrupted once, cost 0.0009

            00:00          the call is answered
            00:01  caller  how long, to 洛杉矶? 🚢 "quoted" \
            00:01  agent   It takes **18** to 20 days. ✂
                           not heard: Anything else?
                           after 0.31 s, from ocean-freight.md > Transit times
            00:09          handed off: the caller asks for a person

            Insights
              summary        They spoke, and 洛.
              sentiment      mixed, 60 %
              escalation     yes, 75 %: "how", "l"
              introduction   no, 75 %
              transfer       yes, 75 %: "t"
              service        Sea freight, 90 %: "ho"
              service        Customs & "duties", 90 %: "ho"
              consumer good  a consumer_good, "as it was said"
              date           a date, "as it was said"
              location       a location, "as it was said"
              organization   a organization, "as it was said"
              person         a person, "as it was said"
              quantity       a quantity, "as it was said"
              money          a money, "as it was said" = USD 2200
              time           a time, "as it was said"
              phone          a phone, "as it was said"
              email          a email, "as it was said"
              identifier     a identifier, "as it was said"

            Insights of the model a/model
              summary        They spoke, and 洛.
              sentiment      mixed, 60 %
              escalation     yes, 75 %: "how", "l"
              introduction   no, 75 %
              transfer       yes, 75 %: "t"
              service        Sea freight, 90 %: "ho"
              service        Customs & "duties", 90 %: "ho"
              consumer good  a consumer_good, "as it was said"
              date           a date, "as it was said"
              location       a location, "as it was said"
              organization   a organization, "as it was said"
              person         a person, "as it was said"
              quantity       a quantity, "as it was said"
              money          a money, "as it was said" = USD 2200
              time           a time, "as it was said"
              phone          a phone, "as it was said"
              email          a email, "as it was said"
              identifier     a identifier, "as it was said"
        "#]],
    )
    .await;
    check(
        "show CA2",
        expect![[r#"
            CA2
            2026-11-22 22:26 UTC, from +44 ••• 0958 to +1 415 ••• 0199
            without an ending: it goes on, or the server was killed in it

            00:00          the call is answered
            00:01  caller  Is anybody there?
        "#]],
    )
    .await;
    check(
        "show CA9",
        expect![[r#"
        error: no call CA9 is kept
          fix: `voicera calls` lists those that are
    "#]],
    )
    .await;
}

#[tokio::test]
async fn json_has_everything() {
    let text = run_with("show CA1 --json", &desk().await).await.unwrap();
    let call: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(call["call"]["from"], "+14155550100");
    assert_eq!(call["entries"].as_array().unwrap().len(), 4);
    assert_eq!(call["analyses"].as_array().unwrap().len(), 2);
    let text = run_with("--json", &desk().await).await.unwrap();
    let calls: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(calls["calls"][1]["cost"], 0.000_858);
}

#[tokio::test]
async fn lines_are_exported_as_transcripts_have_them() {
    let text = run_with("export --since 2026-11-21", &desk().await)
        .await
        .unwrap();
    let lines: Vec<serde_json::Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let kinds: Vec<_> = lines
        .iter()
        .map(|line| line["kind"].as_str().unwrap())
        .collect();
    assert_eq!(
        kinds,
        [
            "started", "asked", "started", "asked", "reply", "ended", "analysis", "analysis"
        ]
    );
    assert!(
        lines
            .iter()
            .all(|line| line["v"] == 1 && line["call"].is_string())
    );
}

#[tokio::test]
async fn tables_are_exported_by_call_or_by_entry() {
    check("export --format csv", expect![[r#"
        call,started,from,to,ending,turns,duration_ms,wait_median_ms,wait_longest_ms,interruptions,apologies,cost,sentiment,escalated,services,summary
        CA2,2026-11-22T22:26:40.123Z,+442079460958,+14155550199,,,,,,0,0,0,,false,,
        CA1,2026-11-21T22:26:40.123Z,+14155550100,+14155550199,handed_off,1,9876,311,311,1,0,0.000858,mixed,true,"Sea freight; Customs & ""duties""","They spoke,
        and 洛."
    "#]]).await;
    check(
        "export --format csv --rows entries --until 2026-11-22",
        expect![[r#"
            call,session,sequence,turn,at_ms,kind,speaker,text,planned,interrupted
            CA1,VX-1,0,0,0,started,,,,
            CA1,VX-1,1,1,1000,asked,caller,"how long,
            to 洛杉矶? 🚢 ""quoted"" \  ",,
            CA1,VX-1,2,1,1311,reply,agent,It takes **18** to 20 days.,It takes **18** to 20 days. Anything else?,true
            CA1,VX-1,3,1,9876,ended,,,,
        "#]],
    )
    .await;
}

#[tokio::test]
async fn an_export_may_go_to_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("calls.csv");
    let asked = format!("export --format csv --output {}", path.display());
    assert_eq!(run_with(&asked, &desk().await).await.unwrap(), "");
    let text = std::fs::read_to_string(path).unwrap();
    assert_eq!(text.matches("\nCA").count(), 2, "{text}");
    let error = run_with("export -o /nowhere/at/all", &desk().await).await;
    let error = error.unwrap_err().to_string();
    assert_eq!(error, "/nowhere/at/all cannot be written");
}

#[tokio::test]
async fn a_reader_that_has_seen_enough_is_no_failure() {
    struct Gone;
    impl Write for Gone {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Err(std::io::ErrorKind::BrokenPipe.into())
        }
    }
    for asked in ["export", "export --format csv", ""] {
        let arguments = parse(asked);
        run(&arguments, &desk().await, Ink::Plain, &mut Gone)
            .await
            .unwrap();
    }
}

#[test]
fn words_are_no_formulas_in_a_table() {
    assert_eq!(export::words("=1+1"), "'=1+1");
    assert_eq!(export::words("1+1"), "1+1");
}

#[tokio::test]
async fn calls_are_forgotten_when_that_is_meant() {
    check(
        "forget --call CA1",
        expect![[r#"
        error: 1 call would be forgotten for good
          fix: add --yes if that is meant
    "#]],
    )
    .await;
    check(
        "forget --call CA2 --yes",
        expect![[r#"
        Nothing is forgotten: 1 call without an ending stays.
    "#]],
    )
    .await;
    check(
        "forget --before 2026-11-30 --yes",
        expect![[r#"
        Forgotten: 1 call; 1 call without an ending stays.
    "#]],
    )
    .await;
    check(
        "forget --caller +1 --yes",
        expect![[r#"
        There are no such calls.
    "#]],
    )
    .await;
    let desk = desk().await;
    run_with("forget --call CA1 --yes", &desk).await.unwrap();
    let left = run_with("--json", &desk).await.unwrap();
    assert!(!left.contains("CA1"), "{left}");
}

#[tokio::test]
async fn what_waits_is_listed_and_tried_again() {
    check(
        "outbox",
        expect![[r#"
        call:CA1:4
          to https://crm.example.com/calls
          given up, tried 12 times
          it answers 410: the hook was removed
        analysis:CA1:model:1795300000123
          to twilio
          due 2026-11-21 22:27, not tried yet

        1 waiting, 1 given up
        `voicera calls outbox --retry` sends again what was given up, and
        `voicera calls outbox --discard DESTINATION` deletes it.
    "#]],
    )
    .await;
    let desk = desk().await;
    let said = run_with("outbox --retry call:CA1:4 --json", &desk)
        .await
        .unwrap();
    assert!(said.contains("\"retried\": 1"), "{said}");
    let said = run_with("outbox --retry", &desk).await.unwrap();
    assert_eq!(said, "0 of what was given up will be sent again.\n");
}

#[tokio::test]
async fn what_was_given_up_for_a_destination_is_deleted() {
    let desk = desk().await;
    let discard = "outbox --discard https://crm.example.com/calls";
    let said = run_with("outbox --discard twilio", &desk).await.unwrap();
    assert_eq!(said, "0 of what was given up for twilio is deleted.\n");
    let said = run_with(discard, &desk).await.unwrap();
    let expected = "1 of what was given up for https://crm.example.com/calls is deleted.\n";
    assert_eq!(said, expected);
    let said = run_with(&format!("{discard} --json"), &desk).await.unwrap();
    assert!(said.contains("\"discarded\": 0"), "{said}");
    let left = run_with("outbox", &desk).await.unwrap();
    assert!(left.contains("1 waiting, 0 given up"), "{left}");
}

#[test]
fn words_do_not_steer_the_terminal() {
    let mut entry = crate::samples::open("CA3").remove(1);
    let Content::Caller(line) = &mut entry.content else {
        panic!("{entry:?}");
    };
    line.text = "\u{1b}[2Jgone\u{7}".to_owned();
    let shown = said::line(&entry, Ink::Plain);
    assert_eq!(shown, "00:01  caller  \u{fffd}[2Jgone\u{fffd}\n");
}

#[test]
fn numbers_are_hidden() {
    let check = |number, expected| assert_eq!(hidden(number), expected);
    check("+14155550100", "+1 415 ••• 0100");
    check("+442079460958", "+44 ••• 0958");
    check("caller-0123456789ab", "caller-0123456789ab");
    check("sip:anna@example.com", "••• om");
    check("", "••• ");
}

#[test]
fn times_are_written_in_any_way() {
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(10 * 24 * 3600);
    let check = |text, days: u64| {
        let time = When::read(text).unwrap().before(now);
        let expected = SystemTime::UNIX_EPOCH + Duration::from_secs(days * 24 * 3600);
        assert_eq!(time, expected, "{text}");
    };
    check("7d", 3);
    check("100d", 0);
    check("1970-01-05", 4);
    check("1970-01-05T01:00:00+01:00", 4);
    When::read("soon").unwrap_err();
}

async fn check(asked: &str, expected: Expect) {
    let said = match run_with(asked, &desk().await).await {
        Ok(said) => said,
        Err(error) => match error.downcast_ref::<Problem>() {
            Some(problem) => format!("{problem}\n"),
            None => format!("error: {error:#}\n"),
        },
    };
    let wide: Vec<_> = said
        .lines()
        .filter(|line| line.chars().count() > COLUMNS)
        .collect();
    assert!(wide.is_empty() || asked.starts_with("export"), "{wide:?}");
    expected.assert_eq(&said);
}

async fn run_with(asked: &str, desk: &Desk) -> anyhow::Result<String> {
    let mut out = Vec::new();
    run(&parse(asked), desk, Ink::Plain, &mut out).await?;
    Ok(String::from_utf8(out)?)
}

fn parse(asked: &str) -> Arguments {
    let words = std::iter::once("calls").chain(asked.split_whitespace());
    Cli::try_parse_from(words).unwrap().calls
}

async fn desk() -> Desk {
    let price = Price {
        input: 1.0,
        cached_input: 0.5,
        output: 10.0,
    };
    Desk {
        archive: shelf().await,
        outbox: Tray::with_two(),
        prices: [("a/model".to_owned(), price)].into_iter().collect(),
        masker: Masker::new(Rules::default()),
        // 2026-11-23T12:00:00Z
        now: SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_435_200),
    }
}
