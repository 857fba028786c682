//! A call and a profile to test with.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use crate::profile::{Bounds, Lines, Patience, Phrases, Profile};
use crate::prompt::Tool;
use crate::speech::Style;
use crate::words::{Call, CallId, Language};

/// A call nobody knows anything about.
pub fn call() -> Call {
    Call {
        id: CallId::new("CA1"),
        session: None,
        from: None,
        to: None,
        started: SystemTime::UNIX_EPOCH,
        parameters: BTreeMap::new(),
    }
}

/// An agent of few words that speaks ten characters a second and says them as they are written.
pub fn profile() -> Profile {
    let list = |phrases: &[&str]| phrases.iter().map(|p| (*p).to_owned()).collect();
    let seconds = Duration::from_secs;
    Profile {
        instructions: "Be kind.".into(),
        language: Language::new("en-US"),
        languages: vec![Language::new("de-DE")],
        lines: Lines {
            greeting: "Hello!".to_owned(),
            fallback: "I do not know.".to_owned(),
            apology: "Sorry, I cannot answer.".to_owned(),
            nudge: "Are you there?".to_owned(),
            farewell: "Goodbye!".to_owned(),
            handoff: "A colleague takes over.".to_owned(),
            closing: "I have to close.".to_owned(),
            resume: "I am back.".to_owned(),
        },
        phrases: Phrases {
            backchannel: list(&["uh-huh", "okay", "yeah"]),
            waiting: list(&["hello", "are you there"]),
            farewell: list(&["bye"]),
            handoff: list(&["a human"]),
        },
        patience: Patience {
            knowledge: Duration::from_millis(500),
            first_word: seconds(5),
            next_word: seconds(3),
            waiting_sound: seconds(2),
            resume: seconds(4),
            nudge: seconds(8),
            nudges: 2,
            keys: seconds(2),
            farewell: seconds(1),
        },
        bounds: Bounds {
            duration: seconds(600),
            turns: 100,
            history_turns: 3,
            utterance_bytes: 200,
            reply_bytes: 200,
            passages: 3,
            recalled_passages: 1,
            recalled_turns: 1,
            keys: 4,
            outgoing: 64,
            entries: 64,
            stuck: seconds(10),
            drain: seconds(5),
        },
        style: Style {
            format: false,
            pace: 10.0,
        },
        tools: ["hand_over", "end_call", "speak_language", "press_keys"]
            .map(tool)
            .into(),
        handoff_key: Some('0'),
        waiting_sound: None,
    }
}

fn tool(name: &'static str) -> Tool {
    Tool {
        name,
        description: "",
        parameters: "{}",
    }
}
