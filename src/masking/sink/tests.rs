use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use expect_test::expect;

use crate::insight::{Analysis, Entity, EntityKind, Insights, Origin};
use crate::masking::Masked;
use crate::masking::tests::{strict, usual};
use crate::ports::TranscriptSink as _;
use crate::ports::transcript_sink::{AgentLine, CallerKind, CallerLine, Content, EndedLine, Entry};
use crate::testing::transcript_sink::{Notebook, call, conforms};
use crate::words::{Ending, Handoff, Speaker, Turn};

/// The entries of a call: `> ` the caller's lines, `# ` keys, the others the agent's.
fn entries(script: &str) -> Vec<Entry> {
    let sample = call("CA-1");
    let agent = |said: &str| match &sample[2].content {
        Content::Agent(line) => Content::Agent(AgentLine {
            planned: said.to_owned(),
            heard: said.to_owned(),
            ..line.clone()
        }),
        other => panic!("{other:?}"),
    };
    let caller = |said: &str, kind| {
        Content::Caller(CallerLine {
            text: said.to_owned(),
            language: None,
            kind,
        })
    };
    let content = |line: &str| match line.split_at_checked(2) {
        Some(("> ", said)) => caller(said, CallerKind::Asked),
        Some(("# ", keys)) => caller(keys, CallerKind::Keys),
        _ => agent(line),
    };
    let lines = script.lines().map(|line| content(line.trim()));
    let contents = [Content::Started].into_iter().chain(lines);
    contents
        .zip(0..)
        .map(|(content, sequence)| Entry {
            call: Arc::clone(&sample[0].call),
            sequence,
            turn: Turn(sequence),
            at: Duration::from_secs(1),
            content,
        })
        .collect()
}

async fn kept(script: &str) -> String {
    let notebook = Notebook::default();
    let masked = Masked::new(Arc::new(notebook.clone()), usual());
    for entry in entries(script) {
        masked.append(&entry).await.unwrap();
    }
    let entries = notebook.entries();
    let said = entries.iter().filter_map(Entry::said);
    let lines = said.map(|(speaker, said)| match speaker {
        Speaker::Caller => format!("> {said}"),
        Speaker::Agent => said.to_owned(),
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn a_call_without_numbers_is_handed_on_as_it_is() {
    let notebook = Notebook::default();
    let entries = conforms(&Masked::new(Arc::new(notebook.clone()), usual())).await;
    assert_eq!(notebook.entries(), entries);
    assert!(
        notebook
            .entries()
            .iter()
            .all(|entry| Arc::ptr_eq(&entry.call, &entries[0].call))
    );
}

#[tokio::test]
async fn a_card_in_several_lines_is_masked_where_it_is_complete() {
    expect![[r#"
        Please read me the card number.
        > sure it's 4111 1111
        Go on.
        > okay [card e0ba]
        > four one one one
        > one one one one
        > one one one one
        Mm-hm.
        > [card e0ba] that's it
        What is your booking number?
        > one two three four five six seven eight
        And your card?
        > [digits e388]
        > [digits e78f]
        > 3"#]]
    .assert_eq(
        &kept(
            "Please read me the card number.
        > sure it's 4111 1111
        Go on.
        > okay 1111 1111
        > four one one one
        > one one one one
        > one one one one
        Mm-hm.
        > one one one one that's it
        What is your booking number?
        > one two three four five six seven eight
        And your card?
        > one two three four five six seven eight
        # 41111111
        # 3",
        )
        .await,
    );
}

#[tokio::test]
async fn an_entry_that_is_appended_again_is_masked_the_same_way() {
    let notebook = Masked::new(Arc::new(Notebook::default()), usual());
    let entries = entries("> 4111 1111\n> 1111 1111");
    let masked: Vec<_> = entries
        .iter()
        .chain(entries.last())
        .map(|entry| notebook.masked(entry).into_owned())
        .collect();
    assert_eq!(masked[2], masked[3]);
    assert_ne!(masked[2], entries[2]);
}

#[tokio::test]
async fn every_field_with_words_or_numbers_is_masked() {
    const CARD: &str = "4111 1111 1111 1111";
    let notebook = Notebook::default();
    let masked = Masked::new(Arc::new(notebook.clone()), strict());
    let mut entries = entries(&format!("> {CARD}\n{CARD}"));
    let mut call = (*entries[0].call).clone();
    call.to = None;
    call.parameters = BTreeMap::from([
        ("caller".to_owned(), "+1 415 555 0100".to_owned()),
        ("note".to_owned(), CARD.to_owned()),
    ]);
    let call = Arc::new(call);
    let ended = |ending| {
        Content::Ended(EndedLine {
            ending,
            turns: 1,
            duration: Duration::ZERO,
        })
    };
    let handoff = Handoff {
        reason: CARD.to_owned(),
        summary: CARD.to_owned(),
    };
    for ending in [Ending::HandedOff(handoff), Ending::Failed(CARD.to_owned())] {
        let entry = Entry {
            content: ended(ending),
            sequence: 3,
            ..entries[0].clone()
        };
        entries.push(entry);
    }
    for entry in &mut entries {
        entry.call = Arc::clone(&call);
        let masked = masked.masked(entry);
        let text = format!("{masked:?}");
        assert!(!text.contains("1111") && !text.contains("555"), "{text}");
        assert!(text.contains("caller-"), "{text}");
    }
    let entity = Entity {
        kind: EntityKind::Identifier,
        text: CARD.to_owned(),
        value: Some(CARD.to_owned()),
        confidence: 1.0,
        place: None,
    };
    let insights = Insights {
        entities: Some(vec![entity]),
        summary: Some(CARD.to_owned()),
        ..Insights::default()
    };
    let masked = format!(
        "{:?}",
        strict().insights(
            &Analysis {
                origin: Origin::Operators,
                at: SystemTime::UNIX_EPOCH,
                insights
            }
            .insights
        )
    );
    assert!(!masked.contains("1111"), "{masked}");
}

#[test]
fn a_call_is_masked_once() {
    let masked = Masked::new(Arc::new(Notebook::default()), strict());
    let calls: Vec<_> = call("CA-2")
        .iter()
        .map(|entry| Arc::clone(&masked.masked(entry).call))
        .collect();
    assert!(calls.windows(2).all(|two| Arc::ptr_eq(&two[0], &two[1])));
    let from = calls[0].from.as_deref().unwrap();
    expect!["caller-eed07e5a9567"].assert_eq(from);
    assert_eq!(strict().caller(from), from);
    assert_eq!(strict().caller("+1 (415) 555-0100"), from);
}
