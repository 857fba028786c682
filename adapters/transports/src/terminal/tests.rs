use std::time::Duration;

use expect_test::{Expect, expect};
use futures_util::{StreamExt as _, stream};
use tokio::time::timeout;
use voicera::ports::language_model::ToolCall;
use voicera::ports::transcript_sink::Content;
use voicera::testing::call::profile;
use voicera::testing::language_model::{Scripted, Step};
use voicera::testing::retriever::Shelf;
use voicera::testing::transcript_sink::Notebook;

use super::*;

#[tokio::test(start_paused = true)]
async fn a_script_gets_its_replies_and_everything_is_heard() {
    check(
        "okay\nhello\nhow long?\n",
        vec![
            Step::Text("18 "),
            Step::Pause(Duration::from_secs(2)),
            Step::Text("days."),
        ],
        expect![[r#"
            18 days.
            18 days.
            18 days.
            HungUp: "Hello!" "18 days." "18 days." "18 days."
        "#]],
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_script_may_think_for_long() {
    let lines = stream::iter(["one", "two"]).then(async |line| {
        tokio::time::sleep(Duration::from_secs(120)).await;
        Ok(line.to_owned())
    });
    check_lines(
        lines,
        vec![Step::Text("Yes.")],
        expect![[r#"
        Yes.
        Yes.
        HungUp: "Hello!" "Yes." "Yes."
    "#]],
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_farewell_ends_the_call() {
    check(
        "how long?\nbye\nhow much?\n",
        vec![Step::Text("18 days.")],
        expect![[r#"
        18 days.
        Goodbye!
        Goodbye: "Hello!" "18 days." "Goodbye!"
    "#]],
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_model_that_hands_over_says_so_on_the_same_line() {
    let hand_over = ToolCall {
        name: "hand_over".to_owned(),
        arguments: BTreeMap::from([("reason".to_owned(), "a claim".to_owned())]),
    };
    check(
        "I have a claim\nhello?\n",
        vec![Step::Text("One moment."), Step::Call(hand_over)],
        expect![[r#"
        One moment. A colleague takes over.
        HandedOff("a claim"): "Hello!" "One moment." "A colleague takes over."
    "#]],
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_model_that_fails_is_excused() {
    check(
        "how long?\n",
        vec![Step::Text("It takes"), Step::Fail],
        expect![[r#"
        It takes Sorry, I cannot answer.
        HungUp: "Hello!" "It takes Sorry, I cannot answer."
    "#]],
    )
    .await;
}

async fn check(input: &str, reply: Vec<Step>, expected: Expect) {
    let lines = stream::iter(input.lines()).map(|line| Ok(line.to_owned()));
    check_lines(lines, reply, expected).await;
}

/// Holds a call of lines with the engine: what is printed, and how the call went.
async fn check_lines(
    lines: impl Stream<Item = io::Result<String>>,
    reply: Vec<Step>,
    expected: Expect,
) {
    let notebook = Notebook::default();
    let ports = Ports::new(
        Arc::new(Shelf::default()),
        Arc::new(Scripted::new("scripted", [reply])),
        Arc::new(notebook.clone()),
    );
    let mut printed = Vec::new();
    let profile = lines::patient(&profile());
    let held = call(Opening::GreetedByCarrier, profile, ports, async |line| {
        lines::carry(line, lines, &mut printed).await
    });
    let ending = timeout(Duration::from_secs(3600), held)
        .await
        .unwrap()
        .unwrap();
    let entries = notebook.entries();
    let heard = entries.iter().filter_map(|entry| match &entry.content {
        Content::Agent(line) => Some(format!("{:?}", line.heard)),
        _ => None,
    });
    let heard: Vec<String> = heard.collect();
    let printed = String::from_utf8(printed).unwrap();
    let ending = match ending {
        Ending::HandedOff(handoff) => format!("HandedOff({:?})", handoff.reason),
        ending => format!("{ending:?}"),
    };
    expected.assert_eq(&format!("{printed}{ending}: {}\n", heard.join(" ")));
}
