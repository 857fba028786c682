//! A call at the keyboard: the agent's words appear as fast as they are spoken, and the first key
//! that is pressed meanwhile interrupts them.

use std::io::{self, Write};
use std::pin::pin;
use std::time::Duration;

use crossterm::event::{Event, KeyEvent};
use futures_util::{Stream, StreamExt as _};
use tokio::time::{Instant, sleep_until};
use voicera::transport::{Input, Output};
use voicera::words::{Ending, Turn, Utterance};

use super::Line;
use super::line_editor::{Edit, LineEditor};
use super::pace::{Due, Voice};
use super::screen::{Below, Screen};

/// A reply that takes longer is announced by dots.
const WAITING: Duration = Duration::from_secs(1);

/// While the caller types, the session hears of it this often.
const SPEAKING: Duration = Duration::from_secs(1);

const COMMANDS: &str = "/keys 123# presses keys, /quit hangs up";

/// Holds the call until one side ends it or the keyboard is gone.
pub(super) async fn carry(
    line: &mut Line,
    keyboard: impl Stream<Item = io::Result<Event>>,
    desk: &mut Desk<impl Write>,
) -> io::Result<()> {
    let mut keyboard = pin!(keyboard);
    let mut now = Instant::now();
    desk.asked = Some(now);
    loop {
        desk.draw(now)?;
        let deadline = desk.deadline(now);
        let over = tokio::select! {
            biased;
            event = keyboard.next() => match event.transpose()? {
                Some(event) => desk.event(line, event).await,
                None => Flow::Over(None),
            },
            () = sleep_until(deadline.unwrap_or(now)), if deadline.is_some() => {
                desk.speak(line).await;
                Flow::On
            }
            output = line.outputs.recv() => match output {
                Some(output) => desk.output(line, output).await,
                None => Flow::Over(None),
            },
        };
        now = Instant::now();
        if let Flow::Over(ending) = over {
            desk.end(ending.as_ref());
            return desk.draw(now);
        }
    }
}

/// Both sides of the call as they stand.
#[derive(Debug)]
pub(super) struct Desk<W> {
    voice: Voice,
    editor: LineEditor,
    screen: Screen,
    terminal: W,
    /// The turn whose words are not complete yet.
    open: Option<Turn>,
    /// The turn whose late words are not spoken, because the caller spoke over it.
    muted: Option<Turn>,
    /// Since when the caller waits for words.
    asked: Option<Instant>,
    /// When the session was last told that the caller is speaking.
    told: Option<Instant>,
    over: bool,
}

enum Flow {
    On,
    Over(Option<Ending>),
}

impl<W: Write> Desk<W> {
    pub(super) fn new(voice: Voice, screen: Screen, terminal: W) -> Self {
        Self {
            voice,
            editor: LineEditor::default(),
            screen,
            terminal,
            open: None,
            muted: None,
            asked: None,
            told: None,
            over: false,
        }
    }

    async fn event(&mut self, line: &Line, event: Event) -> Flow {
        match event {
            Event::Key(key) => self.key(line, key).await,
            Event::Resize(columns, _) => {
                self.screen.resize(columns);
                Flow::On
            }
            _ => Flow::On,
        }
    }

    async fn key(&mut self, line: &Line, key: KeyEvent) -> Flow {
        match self.editor.press(key) {
            Edit::Nothing | Edit::Moved => Flow::On,
            Edit::Changed => {
                self.speak_up(line).await;
                Flow::On
            }
            Edit::Entered(text) => {
                self.interrupt(line).await;
                self.entered(line, text.trim()).await
            }
            Edit::HangUp => Flow::Over(Some(Ending::HungUp)),
        }
    }

    /// The caller begins to speak, or goes on.
    async fn speak_up(&mut self, line: &Line) {
        self.interrupt(line).await;
        let now = Instant::now();
        if self.told.is_none_or(|told| now - told >= SPEAKING) {
            self.told = Some(now);
            line.hear(Input::Speaking).await;
        }
    }

    async fn interrupt(&mut self, line: &Line) {
        let Some(after) = self.voice.interrupt(Instant::now()) else {
            return;
        };
        self.muted = self.open.take();
        self.screen.agent_cut();
        // What was heard has been reported word by word.
        let (heard, after) = (None, Some(after));
        line.hear(Input::Interrupted { heard, after }).await;
        line.hear(Input::VoiceStopped).await;
    }

    async fn entered(&mut self, line: &Line, text: &str) -> Flow {
        if text.is_empty() {
            return Flow::On;
        }
        self.screen.caller_said(text);
        match text.split_once(' ').unwrap_or((text, "")) {
            ("/quit", _) => return Flow::Over(Some(Ending::HungUp)),
            ("/keys", keys) => {
                for key in keys.chars().filter(|key| "0123456789*#".contains(*key)) {
                    line.hear(Input::Key(key)).await;
                }
            }
            (command, _) if command.starts_with('/') => self.screen.note(COMMANDS),
            _ => {
                self.asked = Some(Instant::now());
                self.told = None;
                line.hear(Input::Utterance(Utterance::new(text))).await;
            }
        }
        Flow::On
    }

    async fn output(&mut self, line: &Line, output: Output) -> Flow {
        match output {
            Output::Say(say) if self.muted == Some(say.turn) => {}
            Output::Say(say) => {
                self.open = Some(say.turn);
                self.voice.say(&say.text, say.interruptible);
            }
            Output::Finish(turn) if self.muted == Some(turn) => self.muted = None,
            Output::Finish(_) => {
                self.open = None;
                self.voice.finish();
                if !self.voice.is_busy() {
                    self.asked = None;
                }
            }
            Output::Abandon(_) => {
                (self.open, self.muted) = (None, None);
                if self.voice.stop() {
                    self.screen.agent_cut();
                    line.hear(Input::VoiceStopped).await;
                }
            }
            Output::Press(keys) => self.screen.note(&format!("keys pressed: {keys}")),
            // A keyboard has no language, and a terminal no sound.
            Output::Language(_) | Output::Play(_) => {}
            Output::End(ending) => return Flow::Over(Some(ending)),
        }
        Flow::On
    }

    /// Speaks the words whose time has come.
    async fn speak(&mut self, line: &Line) {
        while let Some(due) = self.voice.due(Instant::now()) {
            match due {
                Due::Started => {
                    self.asked = None;
                    line.hear(Input::VoiceStarted).await;
                }
                Due::Spoken(word) => {
                    self.screen.agent_says(&word);
                    line.hear(Input::Played(word)).await;
                }
                Due::Stopped => {
                    self.screen.agent_done();
                    line.hear(Input::VoiceStopped).await;
                }
            }
        }
    }

    fn end(&mut self, ending: Option<&Ending>) {
        self.over = true;
        self.screen.agent_cut();
        let why = ending.map_or("lost", Ending::name).replace('_', " ");
        self.screen.note(&format!("the call is over: {why}"));
    }

    fn deadline(&self, now: Instant) -> Option<Instant> {
        let dots = self.asked.map(|asked| asked + WAITING);
        let dots = dots.filter(|dots| *dots > now);
        let word = self.voice.deadline(now);
        dots.into_iter().chain(word).min()
    }

    fn draw(&mut self, now: Instant) -> io::Result<()> {
        let (text, cursor) = (self.editor.text(), self.editor.cursor());
        let below = match self.asked {
            _ if self.over => Below::Nothing,
            _ if !text.is_empty() => Below::Line(text, cursor),
            _ if self.voice.is_busy() => Below::Nothing,
            Some(asked) if now - asked >= WAITING => Below::Waiting,
            Some(_) => Below::Nothing,
            None => Below::Line(text, cursor),
        };
        self.screen.draw(&mut self.terminal, below)
    }
}

#[cfg(test)]
mod tests;
