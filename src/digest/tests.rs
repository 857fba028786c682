use expect_test::{Expect, expect};

use super::*;
use crate::testing::archive::analysis;
use crate::testing::transcript_sink::call;

#[test]
fn a_call_adds_up() {
    check(
        &call("CA-1"),
        expect![[r#"
            ended handed_off after 1 turns
            waits [311ms]
            1 interruptions, 0 apologies
            a/model: Some(1200) Some(1024) Some(17)
        "#]],
    );
}

#[test]
fn a_call_of_two_sessions_ends_once_and_adds_up_what_its_models_cost() {
    let mut entries = call("CA-1");
    let mut more = call("CA-1");
    let Content::Agent(line) = &mut more[2].content else {
        unreachable!("the agent answers");
    };
    line.kind = AgentKind::Apology;
    line.interrupted = false;
    line.latency.first_words = None;
    line.usage[0].cached_tokens = None;
    line.usage.push(Usage {
        model: "another/model".to_owned(),
        ..Usage::default()
    });
    entries.append(&mut more);
    check(
        &entries,
        expect![[r#"
            ended handed_off after 1 turns
            waits [311ms]
            1 interruptions, 1 apologies
            a/model: Some(2400) Some(1024) Some(34)
            another/model: None None None
        "#]],
    );
    check(
        &entries[..5],
        expect![[r#"
            goes on
            waits [311ms]
            1 interruptions, 0 apologies
            a/model: Some(1200) Some(1024) Some(17)
        "#]],
    );
}

#[test]
fn there_is_no_call_without_entries() {
    assert_eq!(Digest::of(&[], &[]), None);
}

#[test]
fn the_model_is_believed_before_the_operators_and_these_before_the_carrier() {
    let origins = [
        Origin::Carrier("GT1".to_owned()),
        Origin::Operators,
        Origin::Model("a/model".to_owned()),
    ];
    let mut analyses = origins.map(analysis);
    let moods = [Mood::Positive, Mood::Negative, Mood::Mixed];
    for (analysis, mood) in analyses.iter_mut().zip(moods) {
        analysis.insights.sentiment.as_mut().unwrap().overall = mood;
        analysis.insights.summary = Some(analysis.origin.name().to_owned());
        analysis.insights.services.as_mut().unwrap().truncate(1);
    }
    let model = &mut analyses[2].insights;
    // What the model was not asked, the next one answers.
    (model.escalation, model.services) = (None, None);
    let operators = &mut analyses[1].insights;
    operators.escalation.as_mut().unwrap().detected = false;
    assert_eq!(
        Findings::of(&analyses),
        Findings {
            sentiment: Some(Mood::Mixed),
            escalated: false,
            services: vec!["Sea freight".to_owned()],
            summary: Some("model".to_owned()),
        }
    );
}

fn check(entries: &[Entry], expected: Expect) {
    let digest = Digest::of(entries, &[]).unwrap();
    let mut trace = digest.ended.map_or("goes on\n".to_owned(), |line| {
        format!("ended {} after {} turns\n", line.ending.name(), line.turns)
    });
    trace.push_str(&format!(
        "waits {:?}\n{} interruptions, {} apologies\n",
        digest.waits, digest.interruptions, digest.apologies
    ));
    for usage in &digest.usage {
        trace.push_str(&format!(
            "{}: {:?} {:?} {:?}\n",
            usage.model, usage.prompt_tokens, usage.cached_tokens, usage.reply_tokens
        ));
    }
    expected.assert_eq(&trace);
}
