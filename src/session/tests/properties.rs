//! Whatever happens in whatever order, some things hold.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::speech::Style;

/// One thing that may happen, and how long after the last one.
type Happening = (u16, What);

#[derive(Clone, Debug)]
enum What {
    Input(Input),
    Found(u32, bool),
    Wrote(u32, &'static str),
    Calls(u32, &'static str),
    Written(u32),
    Broke(u32),
    Tick,
}

fn openings() -> impl Strategy<Value = Opening> {
    let memory = Memory {
        turn: Turn(7),
        turns: 3,
        lasted: Duration::from_secs(60),
        language: Some(Language::new("de-DE")),
        history: Vec::new(),
    };
    prop_oneof![
        Just(Opening::Greet),
        Just(Opening::GreetedByCarrier),
        Just(Opening::Resume(memory)),
    ]
}

fn happenings() -> impl Strategy<Value = Vec<Happening>> {
    let turn = || 0_u32..3;
    let said = prop::sample::select(vec![
        "How long?",
        "uh-huh",
        "hello",
        "bye",
        "a human",
        "",
        "It costs what?",
    ]);
    let text = prop::sample::select(vec!["It", " takes", " 18 days.", " **", " Shall I?", "ü "]);
    let heard = prop::option::of(prop::sample::select(vec!["It takes", "18", "", "Hello"]));
    let tool = prop::sample::select(vec![
        "hand_over reason=loss",
        "end_call",
        "press_keys keys=1",
        "speak_language language=de",
        "none",
    ]);
    let input = prop_oneof![
        6 => said.prop_map(|text| Input::Utterance(Utterance::new(text))),
        4 => heard.prop_map(|heard| Input::Interrupted {
            heard: heard.map(str::to_owned),
            after: None,
        }),
        2 => text.clone().prop_map(|text| Input::Played(text.to_owned())),
        1 => Just(Input::Speaking),
        1 => Just(Input::VoiceStarted),
        2 => Just(Input::VoiceStopped),
        1 => prop::sample::select(vec!['0', '1', '#']).prop_map(Input::Key),
        1 => Just(Input::Trouble("noise".to_owned())),
        1 => Just(Input::Quiet),
        1 => prop_oneof![
            Just(Input::Close),
            Just(Input::HungUp),
            Just(Input::Lost("reset".to_owned())),
        ],
    ];
    let what = prop_oneof![
        8 => input.prop_map(What::Input),
        6 => (turn(), any::<bool>()).prop_map(|(turn, found)| What::Found(turn, found)),
        8 => (turn(), text).prop_map(|(turn, text)| What::Wrote(turn, text)),
        1 => (turn(), tool).prop_map(|(turn, tool)| What::Calls(turn, tool)),
        3 => turn().prop_map(What::Written),
        1 => turn().prop_map(What::Broke),
        2 => Just(What::Tick),
    ];
    prop::collection::vec((0_u16..4000, what), 0..60)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn the_rules_of_a_call_hold_in_any_order(
        opening in openings(),
        happenings in happenings(),
        format in any::<bool>(),
        seconds in prop::sample::select(vec![20, 600]),
    ) {
        let profile = Profile {
            style: Style { format, pace: 12.0 },
            bounds: Bounds { duration: Duration::from_secs(60 + seconds), ..profile().bounds },
            waiting_sound: Some("https://example.com/a.mp3".to_owned()),
            ..profile()
        };
        let (mut session, actions) = Session::begin(call(), opening, Arc::new(profile), "".into());
        let mut rules = Rules::default();
        rules.observe(&actions);
        let mut now = Duration::ZERO;
        for (after, what) in happenings {
            now += Duration::from_millis(after.into());
            let event = event(what, session.turn);
            // A reply that has ended is no work any more, whatever came of it.
            let ended = match event {
                Event::Written(turn) | Event::Broke(turn) => Some(turn),
                Event::Input(_) | Event::Retrieved(..) | Event::Wrote(..) | Event::Tick => None,
            };
            let was_written = ended.is_some_and(|turn| session.is_writing(turn));
            let actions = session.handle(event, now);
            if was_written {
                rules.working = None;
            }
            rules.observe(&actions);
        }
        // Left alone, every call comes to its end, and every turn with it.
        for _ in 0..50 {
            let Some(deadline) = session.deadline() else { break };
            now = now.max(deadline);
            rules.observe(&session.handle(Event::Tick, now));
        }
        prop_assert!(session.ending().is_some(), "the call never ends");
        rules.at_the_end(&session);
    }
}

fn event(what: What, turn: Turn) -> Event {
    // Mostly the present turn, sometimes one of the last two.
    let turn = |back: u32| Turn(turn.0.saturating_sub(back));
    match what {
        What::Input(input) => Event::Input(input),
        What::Found(back, found) => Event::Retrieved(turn(back), found.then(|| findings("A | B"))),
        What::Wrote(back, text) => Event::Wrote(turn(back), Piece::Text(text.to_owned())),
        What::Calls(back, tool) => Event::Wrote(turn(back), Piece::ToolCall(tool_call(tool))),
        What::Written(back) => Event::Written(turn(back)),
        What::Broke(back) => Event::Broke(turn(back)),
        What::Tick => Event::Tick,
    }
}

/// What was seen so far, and what must never follow it.
#[derive(Debug, Default)]
struct Rules {
    /// The turn that is being sought or written.
    working: Option<Turn>,
    /// The turn whose talk cycle is open.
    open: Option<Turn>,
    closed: Vec<Turn>,
    /// Turns of which something was said, and turns the transcript has.
    said: BTreeSet<Turn>,
    recorded: BTreeSet<Turn>,
    heard: Vec<String>,
    entries: u32,
    over: bool,
}

impl Rules {
    fn observe(&mut self, actions: &[Action]) {
        for action in actions {
            match action {
                Action::Retrieve(turn, _) => {
                    assert_eq!(self.working, None, "two turns are worked on at once");
                    self.working = Some(*turn);
                }
                Action::Reply(turn, _) => {
                    assert!(
                        self.working.is_none_or(|working| working == *turn),
                        "two replies at once"
                    );
                    self.working = Some(*turn);
                }
                Action::Drop(turn) => {
                    assert!(self.working.is_none_or(|working| working == *turn));
                    self.working = None;
                }
                Action::Output(output) => self.output(output),
                Action::Record(entry) => self.entry(entry),
            }
        }
    }

    fn output(&mut self, output: &Output) {
        assert!(!self.over, "something follows the end: {output:?}");
        match output {
            Output::Say(say) => {
                assert!(!say.text.is_empty());
                assert!(
                    !self.closed.contains(&say.turn),
                    "words after turn {} was closed",
                    say.turn
                );
                assert!(
                    self.open.is_none_or(|open| open == say.turn),
                    "two replies are said at once"
                );
                self.open = Some(say.turn);
                self.said.insert(say.turn);
            }
            Output::Finish(turn) | Output::Abandon(turn) => {
                assert!(!self.closed.contains(turn), "turn {turn} is closed twice");
                self.open = None;
                self.working = None;
                self.closed.push(*turn);
            }
            Output::End(_) => self.over = true,
            Output::Language(_) | Output::Play(_) | Output::Press(_) => {}
        }
    }

    fn entry(&mut self, entry: &Entry) {
        assert_eq!(entry.sequence, self.entries, "an entry is missing");
        self.entries += 1;
        if let Content::Agent(line) = &entry.content {
            let news = self.recorded.insert(entry.turn);
            assert!(news, "turn {} is recorded twice", entry.turn);
            assert!(line.planned.starts_with(&line.heard), "{line:?}");
            let unharmed = line.basis == Basis::Whole && !line.interrupted;
            assert!(!unharmed || line.heard == line.planned, "{line:?}");
            self.heard.push(line.heard.trim().to_owned());
        }
    }

    fn at_the_end(&self, session: &Session) {
        let nobody_is_there = session.ending().is_some_and(Ending::is_gone);
        assert!(self.open.is_none() || nobody_is_there, "a turn never ended");
        let lost: Vec<_> = self.said.difference(&self.recorded).collect();
        assert!(lost.is_empty(), "{lost:?} were said and never recorded");
        for line in session.memory(Duration::ZERO).history {
            if line.speaker == crate::words::Speaker::Agent {
                assert!(
                    self.heard.iter().any(|heard| **heard == *line.text),
                    "{line:?} was not heard"
                );
            }
        }
    }
}
