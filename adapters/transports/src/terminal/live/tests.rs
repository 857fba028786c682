use std::cell::RefCell;

use crossterm::event::{KeyCode, KeyModifiers};
use expect_test::{Expect, expect};
use futures_util::stream;
use tokio::sync::mpsc;
use tokio::time::sleep;
use voicera::transport::Say;

use super::*;
use crate::terminal::paper::Paper;
use crate::terminal::screen::Look;

#[tokio::test(start_paused = true)]
async fn the_agent_speaks_and_the_caller_answers() {
    check(
        &[
            (0, Do::Say(0, "Hello. How can I help?")),
            (0, Do::Finish(0)),
            (5000, Do::Type("how long?\n")),
            (5100, Do::Show),
            (6500, Do::Show),
            (7000, Do::Say(1, "18 days.")),
            (7000, Do::Finish(1)),
            (7200, Do::Show),
            (9000, Do::Show),
            (9000, Do::Hang),
        ],
        expect![[r#"
            0 VoiceStarted
            0 Played("Hello.")
            600 Played(" How")
            1000 Played(" can")
            1400 Played(" I")
            1600 Played(" help?")
            2200 VoiceStopped
            5000 Speaking
            5000 Utterance("how long?")
            5100
              Ava> Hello. How can I help?
              you> how long?
              ▏
            6500
              Ava> Hello. How can I help?
              you> how long?
              …▏
            7000 VoiceStarted
            7000 Played("18")
            7200 Played(" days.")
            7200
              Ava> Hello. How can I help?
              you> how long?
              Ava> 18 days.▏
            7800 VoiceStopped
            9000
              Ava> Hello. How can I help?
              you> how long?
              Ava> 18 days.
              you> ▏
        "#]],
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn the_first_key_stops_the_voice_and_late_words_of_the_turn_are_not_spoken() {
    check(
        &[
            (0, Do::Say(1, "It is fine. It takes 18 days and")),
            (1800, Do::Type("w")),
            (1850, Do::Show),
            (1900, Do::Say(1, " more and more.")),
            (2000, Do::Type("ait\n")),
            (2000, Do::Abandon(1)),
            (2100, Do::Say(2, "Yes?")),
            (2100, Do::Finish(2)),
            (3000, Do::Show),
            (3000, Do::Hang),
        ],
        expect![[r#"
            0 VoiceStarted
            0 Played("It")
            200 Played(" is")
            500 Played(" fine.")
            1100 Played(" It")
            1400 Played(" takes")
            1800 Interrupted(1800)
            1800 VoiceStopped
            1800 Speaking
            1850
              Ava> It is fine. It takes—
              you> w▏
            2000 Utterance("wait")
            2100 VoiceStarted
            2100 Played("Yes?")
            2500 VoiceStopped
            3000
              Ava> It is fine. It takes—
              you> wait
              Ava> Yes?
              you> ▏
        "#]],
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn typing_into_silence_is_only_typing() {
    check(
        &[
            (0, Do::Finish(0)),
            (100, Do::Type("a")),
            (200, Do::Type("b")),
            (1200, Do::Type("c\u{8}")),
            (1300, Do::Say(0, "Are you there?")),
            (1300, Do::Finish(0)),
            (1350, Do::Show),
            (1400, Do::Type("d")),
            (1500, Do::Show),
            (1500, Do::Hang),
        ],
        expect![[r#"
            100 Speaking
            1200 Speaking
            1300 VoiceStarted
            1300 Played("Are")
            1350
              Ava> Are
              you> ab▏
            1400 Interrupted(100)
            1400 VoiceStopped
            1500
              Ava> Are—
              you> abd▏
        "#]],
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn the_farewell_is_spoken_to_its_end() {
    check(
        &[
            (0, Do::Insist(1, "Goodbye then.")),
            (0, Do::Finish(1)),
            (100, Do::Type("no\n")),
            (2000, Do::End),
            (2000, Do::Show),
        ],
        expect![[r#"
            0 VoiceStarted
            0 Played("Goodbye")
            100 Speaking
            100 Utterance("no")
            700 Played(" then.")
            1300 VoiceStopped
            2000
              Ava> Goodbye
              you> no
              Ava> then.
              the call is over: goodbye
              ▏
        "#]],
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn commands_are_not_spoken() {
    check(
        &[
            (0, Do::Finish(0)),
            (0, Do::Type("/keys 1x2#\n/help\n")),
            (100, Do::Show),
            (200, Do::Type("/quit\n")),
            (300, Do::Show),
        ],
        expect![[r#"
            0 Speaking
            0 Key('1')
            0 Key('2')
            0 Key('#')
            100
              you> /keys 1x2#
              you> /help
              /keys 123# presses keys, /quit
              hangs up
              you> ▏
            300
              you> /keys 1x2#
              you> /help
              /keys 123# presses keys, /quit
              hangs up
              you> /quit
              the call is over: hung up
              ▏
        "#]],
    )
    .await;
}

enum Do {
    Say(u32, &'static str),
    Insist(u32, &'static str),
    Finish(u32),
    Abandon(u32),
    End,
    /// Types; a line feed is Enter and `\u{8}` is Backspace.
    Type(&'static str),
    /// Puts the screen into the trace.
    Show,
    /// Takes the keyboard away.
    Hang,
}

/// Plays a session and a caller by script, at milliseconds. The voice speaks ten characters a
/// second on a terminal of 32 columns; the trace is what the session heard and what was shown.
async fn check(script: &[(u64, Do)], expected: Expect) {
    let start = Instant::now();
    let trace = RefCell::new(String::new());
    let (inputs, mut incoming) = mpsc::channel(64);
    let (outgoing, outputs) = mpsc::channel(64);
    let (keys, mut keyboard) = mpsc::channel(64);
    let paper = Paper::default();
    let screen = Screen::new("Ava", 32, Look::Dim);
    let mut desk = Desk::new(Voice::new(10.0), screen, paper.clone());
    let mut line = Line { inputs, outputs };
    let keyboard = stream::poll_fn(move |context| keyboard.poll_recv(context));
    let carried = async {
        carry(&mut line, keyboard, &mut desk).await.unwrap();
        drop(line);
    };
    let heard = async {
        while let Some(input) = incoming.recv().await {
            let at = (Instant::now() - start).as_millis();
            let input = match input {
                Input::Utterance(utterance) => format!("Utterance({:?})", utterance.text),
                Input::Interrupted { after, .. } => {
                    format!("Interrupted({})", after.unwrap().as_millis())
                }
                input => format!("{input:?}"),
            };
            trace.borrow_mut().push_str(&format!("{at} {input}\n"));
        }
    };
    let played = async {
        let (outgoing, keys) = (outgoing, keys);
        for (at, step) in script {
            sleep_until(start + Duration::from_millis(*at)).await;
            let output = match step {
                Do::Say(turn, text) => say(*turn, text, true),
                Do::Insist(turn, text) => say(*turn, text, false),
                Do::Finish(turn) => Output::Finish(Turn(*turn)),
                Do::Abandon(turn) => Output::Abandon(Turn(*turn)),
                Do::End => Output::End(Ending::Goodbye),
                Do::Type(text) => {
                    for c in text.chars() {
                        keys.send(Ok(key(c))).await.unwrap();
                    }
                    continue;
                }
                Do::Show => {
                    // Whatever happens at this moment has happened in the next.
                    sleep(Duration::from_millis(1)).await;
                    let shown = paper.show().replace('\n', "\n  ");
                    trace.borrow_mut().push_str(&format!("{at}\n  {shown}\n"));
                    continue;
                }
                Do::Hang => return,
            };
            outgoing.send(output).await.unwrap();
        }
    };
    tokio::join!(carried, heard, played);
    expected.assert_eq(&trace.into_inner());
}

fn say(turn: u32, text: &str, interruptible: bool) -> Output {
    Output::Say(Say {
        turn: Turn(turn),
        text: text.to_owned(),
        interruptible,
    })
}

fn key(c: char) -> Event {
    let code = match c {
        '\n' => KeyCode::Enter,
        '\u{8}' => KeyCode::Backspace,
        c => KeyCode::Char(c),
    };
    Event::Key(KeyEvent::new(code, KeyModifiers::NONE))
}
