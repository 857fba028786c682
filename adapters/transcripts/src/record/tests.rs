use std::time::SystemTime;

use expect_test::{Expect, expect};
use voicera::ports::retriever::Outcome;
use voicera::ports::transcript_sink;
use voicera::testing::transcript_sink::call;

use super::*;

#[test]
fn a_call_as_lines() {
    let lines = call("CA-1").iter().map(line).collect::<String>();
    check(
        &lines,
        expect![[r#"
            {"v":1,"call":"CA-1","session":"VX-1","sequence":0,"turn":0,"at_ms":0,"started":"2026-11-21T22:26:40.123Z","kind":"started","from":"+14155550100","to":"+14155550199","parameters":{"tenant":"acme \"&\" co"}}
            {"v":1,"call":"CA-1","session":"VX-1","sequence":1,"turn":1,"at_ms":1000,"started":"2026-11-21T22:26:40.123Z","speaker":"caller","kind":"asked","text":"how long,\nto 洛杉矶? 🚢 \"quoted\" \\  ","language":"en-US"}
            {"v":1,"call":"CA-1","session":"VX-1","sequence":2,"turn":1,"at_ms":1311,"started":"2026-11-21T22:26:40.123Z","speaker":"agent","kind":"reply","planned":"It takes **18** to 20 days. Anything else?","heard":"It takes **18** to 20 days.","interrupted":true,"basis":"reported","sources":[{"turn":1,"passage":"p-1","document":"ocean-freight.md","headings":["Transit times"],"span":[120,480],"score":0.5}],"searches":[{"strategy":"tantivy","outcome":"found","found":20,"ms":0.18},{"strategy":"dense","outcome":"late","ms":150.0}],"usage":[{"model":"a/model","prompt_tokens":1200,"cached_tokens":1024,"reply_tokens":17}],"latency_ms":{"knowledge":0.25,"first_text":310.0,"first_words":311.0,"written":640.0}}
            {"v":1,"call":"CA-1","session":"VX-1","sequence":3,"turn":1,"at_ms":9876,"started":"2026-11-21T22:26:40.123Z","kind":"ended","ending":{"name":"handed_off","turns":1,"duration_ms":9876,"reason":"the caller asks for a person","summary":"Caller: how long?"}}
        "#]],
    );
}

#[test]
fn what_is_unknown_is_absent() {
    let mut entry = call("CA-1").remove(0);
    let call = Arc::make_mut(&mut entry.call);
    (call.session, call.from, call.to) = (None, None, None);
    call.parameters.clear();
    check(
        &line(&entry),
        expect![[r#"
        {"v":1,"call":"CA-1","sequence":0,"turn":0,"at_ms":0,"started":"2026-11-21T22:26:40.123Z","kind":"started"}
    "#]],
    );
}

#[test]
fn a_failed_call_says_how() {
    let mut entry = call("CA-1").remove(3);
    let Content::Ended(ended) = &mut entry.content else {
        unreachable!("a call ends");
    };
    ended.ending = Ending::Failed("the socket broke".to_owned());
    check(
        &line(&entry),
        expect![[r#"
        {"v":1,"call":"CA-1","session":"VX-1","sequence":3,"turn":1,"at_ms":9876,"started":"2026-11-21T22:26:40.123Z","kind":"ended","ending":{"name":"failed","turns":1,"duration_ms":9876,"detail":"the socket broke"}}
    "#]],
    );
}

#[test]
fn any_text_is_one_line_and_comes_back_whole() {
    let mut text = (0..=0x2FFF).filter_map(char::from_u32).collect::<String>();
    text.push_str("\u{FEFF}\u{FFFD}\u{1F6A2}\u{10FFFF}");
    let mut entry = call("CA-1").remove(1);
    let Content::Caller(said) = &mut entry.content else {
        unreachable!("the caller asks");
    };
    said.text.clone_from(&text);
    let line = line(&entry);
    assert_eq!(line.find('\n'), Some(line.len() - 1));
    let back = serde_json::from_str::<serde_json::Value>(&line).unwrap();
    assert_eq!(back["text"], text);
}

#[test]
fn a_line_is_read_back_as_it_was() {
    let mut entries = call("CA-1");
    for name in [Some("VX-2"), None] {
        let mut more = call("CA-1");
        let mut call = Call::clone(&more[0].call);
        (call.session, call.from) = (name.map(str::to_owned), None);
        let call = Arc::new(call);
        for entry in &mut more {
            entry.call = Arc::clone(&call);
        }
        entries.append(&mut more);
    }
    let kinds = [
        CallerKind::Asked,
        CallerKind::Backchannel,
        CallerKind::Waiting,
        CallerKind::Keys,
    ];
    for (kind, sequence) in kinds.into_iter().zip(4..) {
        let last = entries.last().unwrap().clone();
        let content = Content::Caller(CallerLine {
            text: String::new(),
            language: None,
            kind,
        });
        entries.push(Entry {
            sequence,
            content,
            ..last
        });
    }
    let kinds = [
        AgentKind::Greeting,
        AgentKind::Reply,
        AgentKind::Nudge,
        AgentKind::Apology,
        AgentKind::Farewell,
    ];
    let bases = [
        transcript_sink::Basis::Played,
        transcript_sink::Basis::Reported,
        transcript_sink::Basis::Estimated,
        transcript_sink::Basis::Whole,
        transcript_sink::Basis::Whole,
    ];
    for ((kind, basis), sequence) in kinds.into_iter().zip(bases).zip(8..) {
        let mut last = entries.last().unwrap().clone();
        let mut said = call("CA-1").remove(2);
        let Content::Agent(line) = &mut said.content else {
            unreachable!("the agent answers");
        };
        (line.kind, line.basis) = (kind, basis);
        line.searches[0].outcome = Outcome::Failed;
        line.sources[0].source.span = None;
        line.latency = transcript_sink::Latency::default();
        (last.sequence, last.content) = (sequence, said.content);
        entries.push(last);
    }
    let endings = [
        Ending::HungUp,
        Ending::Goodbye,
        Ending::Silent,
        Ending::Exhausted,
        Ending::Shutdown,
        Ending::Failed("the socket broke".to_owned()),
    ];
    for (ending, sequence) in endings.into_iter().zip(13..) {
        let last = entries.last().unwrap().clone();
        let content = Content::Ended(EndedLine {
            ending,
            turns: 3,
            duration: Duration::from_millis(1),
        });
        entries.push(Entry {
            sequence,
            content,
            ..last
        });
    }
    let mut before = None;
    for entry in &entries {
        let read = read(&line(entry)).entry(before.as_ref()).unwrap();
        assert_eq!(read, *entry);
        before = Some(read);
    }
}

#[test]
fn a_session_whose_first_line_is_lost_is_read_without_who_calls() {
    let entries = call("CA-1");
    let read = read(&line(&entries[1])).entry(None).unwrap();
    let expected = Call {
        from: None,
        to: None,
        parameters: Default::default(),
        ..Call::clone(&entries[0].call)
    };
    assert_eq!(*read.call, expected);
}

#[test]
fn a_name_that_is_unknown_is_ignored() {
    let entry = call("CA-1").remove(1);
    let line = line(&entry).replacen('{', "{\"new\":[1],", 1);
    let read = read(&line).entry(Some(&call("CA-1")[0])).unwrap();
    assert_eq!(read, entry);
}

#[test]
fn what_is_not_a_line_is_named() {
    let error = |line: &str| read(line).entry(None).unwrap_err().to_string();
    let ended = line(&call("CA-1")[3]);
    check(
        &format!(
            "{}\n{}\n{}\n{}\n",
            error(&ended.replace("\"v\":1", "\"v\":2")),
            error(&ended.replace("handed_off", "lost")),
            error(&ended.replace("2026-11-21T", "yesterday")),
            error(&ended.replace("\"ended\"", "\"asked\"")),
        ),
        expect![[r#"
            line 3 of call CA-1 has the format 2, and this version reads 1
            a transcript has a name that this version does not know: lost
            a transcript has a time that is not one: yesterday22:26:40.123Z
            a line of kind Asked lacks a name that its kind has
        "#]],
    );
}

#[test]
fn a_clock_that_is_far_off_is_bent_into_range() {
    let before = SystemTime::UNIX_EPOCH - Duration::from_secs(1);
    let after = SystemTime::UNIX_EPOCH + Duration::from_secs(1 << 40);
    check(
        &format!("{}\n{}\n", time::rfc3339(before), time::rfc3339(after)),
        expect![[r#"
            1970-01-01T00:00:00.000Z
            9999-12-31T23:59:59.000Z
        "#]],
    );
}

fn line(entry: &Entry) -> String {
    String::from_utf8(Record::of(entry).line().unwrap()).unwrap()
}

fn read(line: &str) -> Record<'static> {
    serde_json::from_str(line).unwrap()
}

fn check(lines: &str, expected: Expect) {
    expected.assert_eq(lines);
}
