//! Scripts in, traces out: each line of a script is what happens and when, and below it stands
//! what the session does about it.

use std::fmt::Write as _;
use std::time::Duration;

use expect_test::{Expect, expect};

use super::*;
use crate::ports::language_model::ToolCall;
use crate::ports::retriever::{Passage, Source};
use crate::ports::transcript_sink::Basis;
use crate::profile::Bounds;
use crate::testing::call::{call, profile};
use crate::words::Utterance;

mod endings;

mod interruptions;

mod properties;

mod replies;

mod silence;

/// Plays a script against a session and compares the trace.
///
/// Between two lines the session is ticked at its deadlines, as the engine does.
fn check(script: &str, expected: Expect) {
    check_with(profile(), script, expected);
}

fn check_with(profile: Profile, script: &str, expected: Expect) {
    expected.assert_eq(&play(profile, script).trace);
}

struct Played {
    trace: String,
    session: Session,
}

fn play(profile: Profile, script: &str) -> Played {
    let mut lines = script
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty());
    let opening = match lines.next().unwrap() {
        "greeted" => Opening::GreetedByCarrier,
        "greet" => Opening::Greet,
        other => panic!("how does the call open: {other}"),
    };
    let (session, actions) = Session::begin(call(), opening, Arc::new(profile), "".into());
    let mut played = Played {
        trace: String::new(),
        session,
    };
    played.show(actions);
    for line in lines {
        let (at, what) = line.split_once(' ').unwrap();
        let at = Duration::from_secs_f64(at.parse().unwrap());
        while let Some(deadline) = played.session.deadline().filter(|due| *due <= at) {
            played.happen(
                &format!("({}s passed)", deadline.as_secs_f64()),
                Event::Tick,
                deadline,
            );
        }
        if what != "passes" {
            let event = played.event(what);
            played.happen(line, event, at);
        }
    }
    played
}

impl Played {
    fn happen(&mut self, line: &str, event: Event, at: Duration) {
        let actions = self.session.handle(event, at);
        if !(actions.is_empty() && line.starts_with('(')) {
            writeln!(self.trace, "{line}").unwrap();
        }
        self.show(actions);
    }

    fn show(&mut self, actions: Vec<Action>) {
        for action in actions {
            writeln!(self.trace, "    {}", action_text(&action)).unwrap();
        }
    }

    fn event(&self, what: &str) -> Event {
        let (verb, rest) = what.split_once(' ').unwrap_or((what, ""));
        let (verb, turn) = match verb.split_once('@') {
            Some((verb, turn)) => (verb, Turn(turn.parse().unwrap())),
            None => (verb, self.session.turn),
        };
        let input = match verb {
            "found" => return Event::Retrieved(turn, Some(findings(rest))),
            "fails" => return Event::Retrieved(turn, None),
            "wrote" => return Event::Wrote(turn, Piece::Text(quoted(rest))),
            "calls" => return Event::Wrote(turn, Piece::ToolCall(tool_call(rest))),
            "written" => return Event::Written(turn),
            "broke" => return Event::Broke(turn),
            "caller" => Input::Utterance(Utterance::new(rest)),
            "caller-in" => {
                let (language, text) = rest.split_once(' ').unwrap();
                Input::Utterance(Utterance {
                    text: text.to_owned(),
                    language: Some(Language::new(language)),
                })
            }
            "speaking" => Input::Speaking,
            "interrupts" => Input::Interrupted {
                heard: (!rest.is_empty()).then(|| rest.to_owned()),
                after: None,
            },
            "interrupts-after" => Input::Interrupted {
                heard: None,
                after: Some(Duration::from_secs_f64(rest.parse().unwrap())),
            },
            "played" => Input::Played(quoted(rest)),
            "voice-on" => Input::VoiceStarted,
            "voice-off" => Input::VoiceStopped,
            "key" => Input::Key(rest.chars().next().unwrap()),
            "closes" => Input::Close,
            "hangs-up" => Input::HungUp,
            "lost" => Input::Lost(rest.to_owned()),
            other => panic!("what happens: {other}"),
        };
        Event::Input(input)
    }
}

fn action_text(action: &Action) -> String {
    match action {
        Action::Output(Output::Say(say)) => {
            let firmly = if say.interruptible { "" } else { " firmly" };
            format!("say{firmly} {} {:?}", say.turn, say.text)
        }
        Action::Output(Output::Finish(turn)) => format!("finish {turn}"),
        Action::Output(Output::Abandon(turn)) => format!("abandon {turn}"),
        Action::Output(Output::Language(language)) => format!("language {language}"),
        Action::Output(Output::Play(sound)) => format!("play {sound}"),
        Action::Output(Output::Press(keys)) => format!("press {keys}"),
        Action::Output(Output::End(ending)) => format!("end {ending:?}"),
        Action::Retrieve(turn, query) => format!("retrieve {turn} {:?}", query.utterance),
        Action::Reply(turn, prompt) => format!("reply {turn} {}", prompt_text(prompt)),
        Action::Drop(turn) => format!("drop {turn}"),
        Action::Record(entry) => format!("record {}", entry_text(entry)),
    }
}

/// The history, the question and what was said already; the rest of a prompt has its own tests.
fn prompt_text(prompt: &Prompt) -> String {
    let mut text = String::new();
    for line in &prompt.history {
        let who = match line.speaker {
            crate::words::Speaker::Caller => "C",
            crate::words::Speaker::Agent => "A",
        };
        let cut = if line.cut_off { "--" } else { "" };
        write!(text, "[{who}: {}{cut}] ", line.text).unwrap();
    }
    for passage in &prompt.passages {
        write!(text, "<{}> ", passage.text).unwrap();
    }
    write!(text, "{:?}", prompt.utterance).unwrap();
    if !prompt.said.is_empty() {
        write!(text, " said {:?}", prompt.said).unwrap();
    }
    text
}

fn entry_text(entry: &Entry) -> String {
    let head = format!(
        "#{} turn {} at {:.1}",
        entry.sequence,
        entry.turn,
        entry.at.as_secs_f64()
    );
    match &entry.content {
        Content::Started => format!("{head} started"),
        Content::Caller(line) => format!("{head} caller {:?} {:?}", line.kind, line.text),
        Content::Agent(line) if line.heard == line.planned => {
            format!("{head} agent {:?} {:?}", line.kind, line.heard)
        }
        Content::Agent(line) => {
            let (kind, basis) = (line.kind, line.basis);
            format!(
                "{head} agent {kind:?} {:?} of {:?} ({basis:?})",
                line.heard, line.planned
            )
        }
        Content::Ended(ended) => format!(
            "{head} ended {} after {} turns",
            ended.ending.name(),
            ended.turns
        ),
    }
}

fn findings(texts: &str) -> Findings {
    let texts = texts
        .split('|')
        .map(str::trim)
        .filter(|text| !text.is_empty());
    let passage = |text: &str| Passage {
        id: text.to_owned(),
        text: text.to_owned(),
        source: Source {
            document: "a.md".to_owned(),
            headings: Vec::new(),
            span: None,
        },
        score: 1.0,
    };
    Findings {
        passages: texts.map(passage).collect(),
        searches: Vec::new(),
    }
}

fn tool_call(text: &str) -> ToolCall {
    let (name, arguments) = text.split_once(' ').unwrap_or((text, ""));
    let argument = arguments.split_once('=');
    ToolCall {
        name: name.to_owned(),
        arguments: argument
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .into_iter()
            .collect(),
    }
}

/// Text in quotes, so that spaces at its ends can be seen.
fn quoted(text: &str) -> String {
    let text = text
        .strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'));
    text.unwrap().to_owned()
}
