//! A call without a phone: the agent answers in the terminal.
//!
//! At a terminal the call sounds like a call: words appear at the pace of speech, and typing
//! interrupts them. A pipe gets one reply a line for every utterance a line.

use std::collections::BTreeMap;
use std::io::{self, BufRead as _, BufWriter, IsTerminal as _};
use std::sync::Arc;
use std::time::SystemTime;
use std::{env, thread};

use crossterm::event::EventStream;
use crossterm::terminal;
use futures_util::stream::poll_fn;
use futures_util::{Stream, sink};
use tokio::join;
use tokio::sync::mpsc::{self, Receiver, Sender};
use voicera::engine::converse;
use voicera::ports::Ports;
use voicera::profile::Profile;
use voicera::transport::{Input, Output};
use voicera::words::{Call, CallId, Ending, Opening};

mod lines;

mod live;

mod pace;

mod line_editor;

mod screen;

#[cfg(test)]
mod paper;

/// How many events of each direction may wait.
const WAITING: usize = 64;

/// Talks to the agent through standard input and output until the call ends.
///
/// Dropping the future hangs up and gives the terminal back.
///
/// # Errors
///
/// When standard input or the terminal fails. A reader of the replies that is gone is no error.
pub async fn chat(agent: &str, profile: Arc<Profile>, ports: Ports) -> io::Result<Ending> {
    if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        let profile = lines::patient(&profile);
        return call(Opening::GreetedByCarrier, profile, ports, async |line| {
            lines::carry(line, standard_input(), io::stdout()).await
        })
        .await;
    }
    let (columns, _) = terminal::size()?;
    let look = match env::var_os("NO_COLOR") {
        Some(value) if !value.is_empty() => screen::Look::Plain,
        Some(_) | None => screen::Look::Dim,
    };
    let voice = pace::Voice::new(profile.style.pace);
    let screen = screen::Screen::new(agent, columns, look);
    let terminal = BufWriter::new(io::stdout());
    let mut desk = live::Desk::new(voice, screen, terminal);
    let _raw = RawMode::enter()?;
    call(Opening::Greet, profile, ports, async |line| {
        live::carry(line, EventStream::new(), &mut desk).await
    })
    .await
}

/// The transport's end of the line to the engine.
#[derive(Debug)]
struct Line {
    inputs: Sender<Input>,
    outputs: Receiver<Output>,
}

impl Line {
    async fn hear(&self, input: Input) {
        // A call that is over hears nothing, and `outputs` will say that it is over.
        let _ = self.inputs.send(input).await;
    }
}

/// Holds a call and hangs up when `carry` is done with it.
async fn call(
    opening: Opening,
    profile: Arc<Profile>,
    ports: Ports,
    carry: impl AsyncFnOnce(&mut Line) -> io::Result<()>,
) -> io::Result<Ending> {
    let (inputs, mut incoming) = mpsc::channel(WAITING);
    let (outgoing, outputs) = mpsc::channel(WAITING);
    let incoming = poll_fn(move |context| incoming.poll_recv(context));
    let outgoing = sink::unfold(outgoing, async |outgoing: Sender<Output>, output| {
        outgoing.send(output).await.map(|()| outgoing)
    });
    let conversation = converse(this_call(), opening, profile, ports, incoming, outgoing);
    let carried = async {
        let mut line = Line { inputs, outputs };
        let carried = carry(&mut line).await;
        line.hear(Input::HungUp).await;
        while line.outputs.recv().await.is_some() {}
        carried
    };
    let (conversation, carried) = join!(conversation, carried);
    carried.map(|()| conversation.ending)
}

fn this_call() -> Call {
    let started = SystemTime::now();
    let since = started.duration_since(SystemTime::UNIX_EPOCH);
    let since = since.unwrap_or_default().as_micros();
    Call {
        id: CallId::new(&format!("terminal-{since}")),
        session: None,
        from: None,
        to: None,
        started,
        parameters: BTreeMap::new(),
    }
}

/// The lines of standard input.
///
/// They are read on a thread of their own, which ends with the process: a read cannot be given
/// up, and the agent may end the call before the next line comes.
fn standard_input() -> impl Stream<Item = io::Result<String>> {
    let (sender, mut receiver) = mpsc::channel(1);
    thread::spawn(move || {
        for line in io::stdin().lock().split(b'\n') {
            let line = line.map(|line| String::from_utf8_lossy(&line).into_owned());
            if sender.blocking_send(line).is_err() {
                break;
            }
        }
    });
    poll_fn(move |context| receiver.poll_recv(context))
}

/// Keys arrive one by one for as long as this lives.
#[derive(Debug)]
struct RawMode;

impl RawMode {
    fn enter() -> io::Result<Self> {
        terminal::enable_raw_mode()?;
        Ok(Self)
    }
}

impl Drop for RawMode {
    fn drop(&mut self) {
        // Nothing is left to try.
        let _ = terminal::disable_raw_mode();
    }
}

#[cfg(test)]
mod tests;
