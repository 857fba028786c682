use std::sync::Arc;

use expect_test::{Expect, expect};
use voicera::ports::transcript_sink::{Content, Entry};
use voicera::testing::transcript_sink::call;
use voicera::words::Ending;

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
fn a_clock_that_is_far_off_is_bent_into_range() {
    let before = SystemTime::UNIX_EPOCH - Duration::from_secs(1);
    let after = SystemTime::UNIX_EPOCH + Duration::from_secs(1 << 40);
    check(
        &format!("{}\n{}\n", rfc3339(before), rfc3339(after)),
        expect![[r#"
            1970-01-01T00:00:00.000Z
            9999-12-31T23:59:59.000Z
        "#]],
    );
}

fn line(entry: &Entry) -> String {
    String::from_utf8(Record::of(entry).line().unwrap()).unwrap()
}

fn check(lines: &str, expected: Expect) {
    expected.assert_eq(lines);
}
