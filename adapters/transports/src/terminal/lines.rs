//! A call of lines, for scripts: one utterance a line in, one reply a line out.

use std::io::{self, Write};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{Stream, StreamExt as _};
use tokio::sync::mpsc::error::TryRecvError;
use tokio::task::yield_now;
use voicera::profile::Profile;
use voicera::transport::{Input, Output, Say};
use voicera::words::Utterance;

use super::Line;

/// A script may think for as long as it likes.
const PATIENT: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// The profile of a call that no silence ends.
pub(super) fn patient(profile: &Profile) -> Arc<Profile> {
    let mut profile = profile.clone();
    profile.patience.nudge = PATIENT;
    Arc::new(profile)
}

/// Holds the call until there are no more lines, the agent ends it or nobody reads the replies.
///
/// Every word is played as soon as it is said, so no utterance interrupts.
pub(super) async fn carry(
    line: &mut Line,
    lines: impl Stream<Item = io::Result<String>>,
    mut replies: impl Write,
) -> io::Result<()> {
    let mut lines = pin!(lines);
    // The greeting is over before the first line.
    line.hear(Input::VoiceStarted).await;
    line.hear(Input::VoiceStopped).await;
    loop {
        let utterance = tokio::select! {
            biased;
            output = line.outputs.recv() => match output {
                // What nobody asked for has no line to stand on.
                Some(output) if !is_end(&output) => {
                    play(line, &output).await;
                    continue;
                }
                Some(_) | None => return Ok(()),
            },
            utterance = lines.next() => utterance.transpose()?,
        };
        let Some(utterance) = utterance else {
            return Ok(());
        };
        let utterance = utterance.trim();
        if utterance.is_empty() {
            continue;
        }
        line.hear(Input::Utterance(Utterance::new(utterance))).await;
        let reply = reply(line).await;
        if reply.words.is_empty() && reply.is_last {
            return Ok(());
        }
        match writeln!(replies, "{}", one_line(&reply.words)).and_then(|()| replies.flush()) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(()),
            written => written?,
        }
        if reply.is_last {
            return Ok(());
        }
    }
}

/// What the agent says to an utterance.
#[derive(Debug, Default)]
struct Reply {
    words: String,
    /// The call is over with it.
    is_last: bool,
}

/// Takes everything the agent says until it falls silent.
async fn reply(line: &mut Line) -> Reply {
    let mut reply = Reply::default();
    let mut finished = false;
    loop {
        let output = match finished {
            false => line.outputs.recv().await,
            // A reply may lead to a farewell, and that to the end of the call.
            true => {
                yield_now().await;
                match line.outputs.try_recv() {
                    Err(TryRecvError::Empty) => return reply,
                    output => output.ok(),
                }
            }
        };
        if let Some(output) = &output {
            play(line, output).await;
        }
        match output {
            Some(Output::Say(say)) => {
                if finished {
                    reply.words.push(' ');
                }
                reply.words.push_str(&say.text);
                finished = false;
            }
            Some(Output::Finish(_) | Output::Abandon(_)) => finished = true,
            Some(Output::Language(_) | Output::Play(_) | Output::Press(_)) => {}
            Some(Output::End(_)) | None => {
                reply.is_last = true;
                return reply;
            }
        }
    }
}

/// Tells the session that its words are played, and that the voice stops when they end.
async fn play(line: &Line, output: &Output) {
    match output {
        Output::Say(Say { text, .. }) => {
            line.hear(Input::VoiceStarted).await;
            line.hear(Input::Played(text.clone())).await;
        }
        Output::Finish(_) | Output::Abandon(_) => line.hear(Input::VoiceStopped).await,
        Output::Language(_) | Output::Play(_) | Output::Press(_) | Output::End(_) => {}
    }
}

fn is_end(output: &Output) -> bool {
    matches!(output, Output::End(_))
}

fn one_line(reply: &str) -> String {
    let words: Vec<&str> = reply.split_whitespace().collect();
    let mut line = words.join(" ");
    line.retain(|c| !c.is_control());
    line
}

#[cfg(test)]
mod tests;
