use std::io;

use expect_test::{Expect, expect};
use futures_util::stream;
use tokio::sync::mpsc;
use voicera::transport::Say;
use voicera::words::{Ending, Turn};

use super::*;

#[tokio::test]
async fn every_utterance_gets_one_line() {
    check(
        "how long?\n\n   \nhow\tmuch? \r\n",
        |asked| {
            vec![
                say(&format!("You asked\n{asked}")),
                say(" \u{1b}Fine."),
                finish(),
            ]
        },
        expect![[r#"
            You asked how long? Fine.
            You asked how much? Fine.
        "#]],
    )
    .await;
}

#[tokio::test]
async fn a_farewell_ends_the_call_before_the_lines_do() {
    check(
        "bye\nare you there?\n",
        |_| vec![say("Goodbye."), finish(), Output::End(Ending::Goodbye)],
        expect![[r#"
            Goodbye.
        "#]],
    )
    .await;
}

#[tokio::test]
async fn an_ending_in_mid_reply_prints_what_was_said() {
    check(
        "a person, please\nhello?\n",
        |_| vec![say("I connect you."), Output::End(Ending::HungUp)],
        expect![[r#"
            I connect you.
        "#]],
    )
    .await;
}

#[tokio::test]
async fn a_reply_goes_on_until_the_agent_falls_silent() {
    check(
        "one\ntwo\n",
        |asked| vec![finish(), say(asked), finish()],
        expect![[r#"
            one
            two
        "#]],
    )
    .await;
}

#[tokio::test]
async fn a_closed_output_is_a_quiet_end() {
    let (mut line, session) = answering(|_| vec![say("Yes."), finish()]);
    let lines = stream::iter(["one", "two"]).map(|line| Ok(line.to_owned()));
    let carried = async {
        let carried = carry(&mut line, lines, Closed).await;
        drop(line);
        carried
    };
    let (carried, heard) = tokio::join!(carried, session);
    carried.unwrap();
    assert_eq!(heard, ["one"]);
}

/// Nobody reads what is written here.
struct Closed;

impl io::Write for Closed {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

async fn check(input: &str, answer: impl Fn(&str) -> Vec<Output>, expected: Expect) {
    let (mut line, session) = answering(answer);
    let lines = stream::iter(input.split_terminator('\n')).map(|line| Ok(line.to_owned()));
    let mut printed = Vec::new();
    let carried = async {
        let carried = carry(&mut line, lines, &mut printed).await;
        drop(line);
        carried
    };
    tokio::join!(carried, session).0.unwrap();
    expected.assert_eq(&String::from_utf8(printed).unwrap());
}

/// A line to somebody who answers every utterance, and the utterances it heard.
fn answering(answer: impl Fn(&str) -> Vec<Output>) -> (Line, impl Future<Output = Vec<String>>) {
    let (inputs, mut incoming) = mpsc::channel(1);
    let (outgoing, outputs) = mpsc::channel(8);
    let session = async move {
        let mut heard = Vec::new();
        while let Some(input) = incoming.recv().await {
            if let Input::Utterance(utterance) = input {
                for output in answer(&utterance.text) {
                    let _ = outgoing.send(output).await;
                }
                heard.push(utterance.text);
            }
        }
        heard
    };
    (Line { inputs, outputs }, session)
}

fn say(text: &str) -> Output {
    Output::Say(Say {
        turn: Turn(1),
        text: text.to_owned(),
        interruptible: true,
    })
}

fn finish() -> Output {
    Output::Finish(Turn(1))
}
