use std::pin::pin;

use futures_channel::mpsc;
use futures_util::StreamExt as _;

use super::*;
use crate::words::Turn;

#[tokio::test]
async fn words_of_a_turn_that_wait_together_leave_together() {
    check(
        &[say(1, "It"), say(1, " takes"), say(2, "No")],
        &[say(1, "It takes"), say(2, "No")],
    )
    .await;
}

#[tokio::test]
async fn words_that_wait_when_their_turn_is_abandoned_never_leave() {
    let abandon = Output::Abandon(Turn(2));
    check(
        &[
            say(1, "One."),
            Output::Finish(Turn(1)),
            say(2, "Two."),
            abandon.clone(),
        ],
        &[say(1, "One."), Output::Finish(Turn(1)), abandon],
    )
    .await;
}

#[tokio::test]
async fn too_much_for_a_slow_line_is_an_error() {
    let mut outbox = Outbox::new(2, Duration::from_secs(10));
    for turn in 0..3 {
        outbox.put(Output::Finish(Turn(turn)), now());
    }
    let (line, _) = mpsc::unbounded();
    let sent = outbox.send(pin!(line)).await;
    assert_eq!(sent, Err("3 outputs wait for a slow line".to_owned()));
}

async fn check(put: &[Output], expected: &[Output]) {
    let mut outbox = Outbox::new(10, Duration::from_secs(10));
    for output in put {
        outbox.put(output.clone(), now());
    }
    let (mut line, sent) = mpsc::unbounded();
    outbox.send(pin!(&mut line)).await.unwrap();
    assert!(!outbox.has_mail() && outbox.deadline().is_none());
    drop(line);
    assert_eq!(sent.collect::<Vec<_>>().await, expected);
}

fn say(turn: u32, text: &str) -> Output {
    Output::Say(Say {
        turn: Turn(turn),
        text: text.to_owned(),
        interruptible: true,
    })
}
