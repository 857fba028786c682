//! The OpenAI wire against a scripted vendor: the contract, every fault, and what happens to the
//! connections.

#![expect(clippy::unwrap_used, reason = "a test speaks by panicking")]

use std::error::Error as _;
use std::time::Duration;

use expect_test::{Expect, expect};
use futures_util::{FutureExt as _, StreamExt as _};
use voicera::ports::LanguageModel;
use voicera::ports::language_model::{ModelError, Piece};
use voicera::testing::language_model::{conforms, fails, may_be_dropped, prompt};
use voicera_models::openai::{OpenAi, Settings, Vendor};
use voicera_models::testing::{Script, ScriptedVendor, Shape};

const REPLY: &str = "It takes 18 to 20 days.";
const MS: Duration = Duration::from_millis(1);
const SHAPES: [Shape; 2] = [Shape::Groq, Shape::OpenAi];

// The contract.

#[tokio::test]
async fn it_keeps_the_contract_in_both_shapes() {
    for shape in SHAPES {
        for script in [
            Script::words(shape, REPLY),
            Script::paced(shape, REPLY, 20 * MS, 5 * MS),
        ] {
            let vendor = ScriptedVendor::start(script).await;
            assert_eq!(soon(conforms(&model(&vendor), prompt("?"))).await, REPLY);
            assert_eq!(
                vendor.requests().len(),
                1,
                "a reply that is not polled asks nothing"
            );
            assert_eq!(
                soon(may_be_dropped(&model(&vendor), prompt("?"))).await,
                REPLY
            );
        }
    }
}

#[tokio::test]
async fn usage_and_cached_tokens_are_told_last() {
    check(
        Script::words(Shape::Groq, "18 days."),
        expect![[r#"
        "18 "
        "days."
        usage qwen/qwen3-32b Some(1200) Some(1024) Some(14)
    "#]],
    )
    .await;
    check(
        Script::words(Shape::OpenAi, "18 days."),
        expect![[r#"
        "18 "
        "days."
        usage gpt-4.1-mini-2025-04-14 Some(1200) Some(1024) Some(14)
    "#]],
    )
    .await;
}

#[tokio::test]
async fn calls_come_complete_and_in_order() {
    for shape in SHAPES {
        let script = Script::new(shape)
            .head()
            .text("Goodbye.")
            .call("end_call", r#"{"why":"done"}"#)
            .call("note", "")
            .finish("tool_calls");
        let said = trace(script).await;
        let calls = "\"Goodbye.\"\ncall end_call {\"why\": \"done\"}\ncall note {}\nusage";
        assert!(said.starts_with(calls), "{said}");
    }
}

#[tokio::test]
async fn thoughts_are_no_part_of_the_reply() {
    for shape in SHAPES {
        let script = Script::new(shape)
            .head()
            .reasoning("Hm, sea or air?")
            .text("<thi")
            .text("nk>Sea, I think.</th")
            .text("ink>\n\n")
            .text("18 days.")
            .finish("stop");
        let said = trace(script).await;
        assert!(said.starts_with("\"18 days.\"\nusage"), "{said}");
    }
}

#[tokio::test]
async fn a_stream_split_at_every_byte_is_the_same_reply() {
    for shape in SHAPES {
        let script = Script::new(shape)
            .head()
            .each_byte()
            .text("Grüße 😀")
            .finish("stop");
        let said = trace(script).await;
        assert!(said.starts_with("\"Grüße 😀\"\nusage"), "{said}");
    }
}

#[tokio::test]
async fn a_word_is_handed_on_before_the_next_one_comes() {
    let vendor = ScriptedVendor::start(Script::new(Shape::Groq).head().text("It").hang()).await;
    let mut reply = model(&vendor).reply(prompt("?"));
    let word = soon(reply.next()).await.unwrap().unwrap();
    assert_eq!(word, Piece::Text("It".to_owned()));
}

#[tokio::test]
async fn a_reply_that_is_not_streamed_is_a_reply() {
    let body = r#"{"model":"m","choices":[{"index":0,"message":{"role":"assistant",
        "content":"<think>?</think>18 days."},"finish_reason":"stop"}],
        "usage":{"prompt_tokens":7,"completion_tokens":3}}"#;
    let script = Script::status(200, &[("content-type", "application/json")], body);
    check(
        script,
        expect![[r#"
        "18 days."
        usage m Some(7) None Some(3)
    "#]],
    )
    .await;
}

#[tokio::test]
async fn events_without_the_space_and_without_usage_are_a_reply() {
    let event = |delta: &str, finish: &str| {
        format!(r#"data:{{"choices":[{{"delta":{delta},"finish_reason":{finish}}}]}}"#)
    };
    let stream = [
        ": still here\r\n\r\n".to_owned(),
        event(r#"{"content":"18"}"#, "null") + "\r\n\r\n",
        event("{}", r#""stop""#) + "\r\n\r\n",
    ];
    check(
        Script::new(Shape::OpenAi).head().raw(stream.concat()).end(),
        expect![[r#"
            "18"
            usage gpt-4.1-mini-2025-04-14 None None None
        "#]],
    )
    .await;
}

#[tokio::test]
async fn a_vendor_that_does_not_end_the_stream_does_not_hold_up_the_reply() {
    let finish = r#"data: {"choices":[{"delta":{"content":"18"},"finish_reason":"stop"}]}"#;
    let script = Script::new(Shape::OpenAi)
        .head()
        .raw(format!("{finish}\n\n"))
        .hang();
    let checked = check(
        script,
        expect![[r#"
        "18"
        usage gpt-4.1-mini-2025-04-14 None None None
    "#]],
    );
    tokio::time::timeout(Duration::from_secs(10), checked)
        .await
        .unwrap();
}

// What goes wrong.

#[tokio::test]
async fn a_vendor_that_refuses_is_not_asked_for_words() {
    let body = r#"{"error":{"message":"no such key: sk-secret"}}"#;
    for status in [401, 403] {
        let error = refused(Script::status(status, &[], body)).await;
        assert!(error.contains("variable VENDOR_KEY"), "{error}");
        assert!(!error.contains("sk-secret"), "{error}");
    }
    for status in [400, 404] {
        let error = refused(Script::status(status, &[], body)).await;
        assert!(
            error.contains("\"some-model\"") && error.contains("/v1"),
            "{error}"
        );
    }
    let page = [("content-type", "text/html; charset=utf-8")];
    let error = refused(Script::status(200, &page, "<html>Hello</html>")).await;
    assert!(error.contains("check `base_url`"), "{error}");
}

#[tokio::test]
async fn a_busy_vendor_says_when_to_ask_again() {
    for (name, value) in [("retry-after", "2"), ("Retry-After-Ms", "2000")] {
        let script = Script::status(429, &[(name, value)], r#"{"error":{"message":"slow"}}"#);
        let busy = failure(script).await.1;
        assert!(
            matches!(busy, ModelError::Busy { retry_after: Some(time), .. } if time == 2000 * MS),
            "{busy:?}"
        );
    }
}

#[tokio::test]
async fn a_vendor_that_fails_is_unavailable() {
    for status in [500, 502, 503, 529] {
        unavailable(Script::status(status, &[("retry-after", "1")], "oops")).await;
    }
}

#[tokio::test]
async fn a_vendor_that_nobody_answers_for_is_unavailable() {
    let vendor = ScriptedVendor::start(Script::words(Shape::Groq, REPLY)).await;
    let model = model(&vendor);
    drop(vendor);
    let (said, error) = soon(fails(&model, prompt("?"))).await;
    assert!(
        matches!(error, ModelError::Unavailable(_)) && said.is_empty(),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_connection_that_breaks_before_the_reply_is_tried_once_more() {
    let breaks = Script::new(Shape::Groq).reset();
    unavailable(breaks.clone()).await;
    unavailable(Script::new(Shape::Groq).close()).await;

    let vendor = ScriptedVendor::start(breaks.clone()).await;
    vendor.set_scripts([breaks, Script::words(Shape::Groq, REPLY)]);
    assert_eq!(soon(conforms(&model(&vendor), prompt("?"))).await, REPLY);
}

#[tokio::test]
async fn a_connection_that_breaks_in_the_reply_leaves_what_was_said() {
    for shape in SHAPES {
        let begun = Script::new(shape)
            .head()
            .text("It ")
            .text("takes")
            .pause(20 * MS);
        assert_eq!(unavailable(begun.clone().reset()).await, "It takes");
        assert_eq!(unavailable(begun.clone().close()).await, "It takes");
        assert_eq!(unavailable(begun.end()).await, "It takes");
        let called = Script::new(shape).head().call("end_call", "{}").end();
        assert_eq!(unavailable(called).await, "");
    }
}

#[tokio::test]
async fn a_sentence_that_ends_with_the_stream_is_a_reply() {
    for shape in SHAPES {
        let vendor = ScriptedVendor::start(Script::new(shape).head().text(REPLY).end()).await;
        assert_eq!(soon(conforms(&model(&vendor), prompt("?"))).await, REPLY);
    }
}

#[tokio::test]
async fn a_vendor_that_stalls_holds_nobody_longer_than_they_wait() {
    let stalled = [
        (Script::new(Shape::Groq).hang(), None),
        (Script::new(Shape::Groq).head().hang(), None),
        (
            Script::new(Shape::Groq).head().text("It").hang(),
            Some("It"),
        ),
        (Script::new(Shape::Groq).head().endless_reasoning(MS), None),
    ];
    for (script, word) in stalled {
        let vendor = ScriptedVendor::start(script).await;
        let mut reply = model(&vendor).reply(prompt("?"));
        if let Some(word) = word {
            let piece = soon(reply.next()).await.unwrap().unwrap();
            assert_eq!(piece, Piece::Text(word.to_owned()));
        }
        let more = tokio::time::timeout(100 * MS, reply.next()).await;
        assert!(more.is_err(), "{more:?}");
        drop(reply);
        soon(vendor.closed()).await;
    }
}

#[tokio::test]
async fn a_vendor_that_says_nothing_is_empty() {
    for shape in SHAPES {
        for script in [
            Script::new(shape).head().finish("stop"),
            Script::new(shape).head().end(),
            Script::new(shape).head().text(" \n").finish("stop"),
            Script::new(shape)
                .head()
                .text("<think>")
                .text("Hm.")
                .finish("length"),
            Script::new(shape).head().reasoning("Hm.").finish("stop"),
            Script::status(200, &[], ""),
        ] {
            let error = failure(script).await.1;
            assert!(matches!(error, ModelError::Empty), "{error:?}");
        }
    }
}

#[tokio::test]
async fn a_single_event_that_is_garbage_is_passed_over() {
    let script = Script::new(Shape::Groq)
        .head()
        .raw("data: {\"choices\n\n")
        .text("18 ")
        .raw(b"data: \xff\xfe\n\n")
        .raw("event: ping\n\n")
        .text("days.")
        .finish("stop");
    let said = trace(script).await;
    assert!(said.starts_with("\"18 \"\n\"days.\"\nusage"), "{said}");
}

#[tokio::test]
async fn nothing_but_garbage_is_unavailable() {
    unavailable(
        Script::new(Shape::Groq)
            .head()
            .raw("data: what?\n\n".repeat(3))
            .hang(),
    )
    .await;
    unavailable(
        Script::new(Shape::Groq)
            .head()
            .raw(vec![b'x'; 2 << 20])
            .hang(),
    )
    .await;
    unavailable(Script::new(Shape::Groq).head().text("It").bytes(
        "no size
",
    ))
    .await;
    unavailable(Script::new(Shape::Groq).bytes(
        "SSH-2.0-OpenSSH_9.6
",
    ))
    .await;
    unavailable(Script::status(
        200,
        &[("content-type", "application/json")],
        "{\"choices\"",
    ))
    .await;
    unavailable(Script::status(
        200,
        &[("content-type", "application/json")],
        b"\xff\xfe",
    ))
    .await;
}

#[tokio::test]
async fn an_error_in_the_stream_ends_it() {
    let error =
        "event: error\ndata: {\"error\":{\"message\":\"over capacity\",\"code\":\"x\"}}\n\n";
    let script = Script::new(Shape::Groq)
        .head()
        .text("It takes")
        .raw(error)
        .finish("stop");
    assert_eq!(unavailable(script).await, "It takes");
}

// What happens to the connections.

#[tokio::test]
async fn dropping_the_reply_closes_the_vendors_socket() {
    for shape in SHAPES {
        let vendor = ScriptedVendor::start(Script::new(shape).head().text("It").hang()).await;
        let mut reply = model(&vendor).reply(prompt("?"));
        soon(reply.next()).await.unwrap().unwrap();
        drop(reply);
        soon(vendor.closed()).await;
    }
}

#[tokio::test]
async fn dropping_the_reply_before_the_first_byte_closes_the_vendors_socket() {
    let vendor = ScriptedVendor::start(Script::new(Shape::Groq).hang()).await;
    let mut reply = model(&vendor).reply(prompt("?"));
    while vendor.requests().is_empty() {
        assert!(reply.next().now_or_never().is_none());
        tokio::time::sleep(MS).await;
    }
    drop(reply);
    soon(vendor.closed()).await;
}

#[tokio::test]
async fn one_connection_serves_warm_up_and_turns() {
    for shape in SHAPES {
        let vendor = ScriptedVendor::start(Script::words(shape, REPLY)).await;
        let model = model(&vendor);
        soon(model.warm_up()).await;
        for _ in 0..5 {
            assert_eq!(soon(conforms(&model, prompt("?"))).await, REPLY);
        }
        assert_eq!((vendor.requests().len(), vendor.connections()), (5, 1));
        soon(model.warm_up()).await;
        assert_eq!(vendor.warm_ups(), 1, "a connection in use is warm");
        tokio::time::pause();
        tokio::time::advance(Duration::from_secs(21)).await;
        tokio::time::resume();
        soon(model.warm_up()).await;
        assert_eq!(vendor.warm_ups(), 2, "a connection at rest is not");
    }
}

#[tokio::test]
async fn warming_up_is_never_done_twice_at_once_and_never_fails() {
    let vendor = ScriptedVendor::start(Script::words(Shape::Groq, REPLY)).await;
    let model = model(&vendor);
    soon(async { tokio::join!(model.warm_up(), model.warm_up(), model.warm_up()) }).await;
    assert_eq!(vendor.warm_ups(), 1);
    let unreachable = settings("http://127.0.0.1:1/v1");
    let unreachable = OpenAi::new(Vendor::Compatible, &unreachable, Some(key())).unwrap();
    soon(unreachable.warm_up()).await;
}

#[tokio::test]
async fn the_request_goes_to_the_path_below_the_base_url_with_the_key() {
    let vendor = ScriptedVendor::start(Script::words(Shape::OpenAi, REPLY)).await;
    soon(conforms(&model(&vendor), prompt("How long?"))).await;
    let request = vendor.take_requests().pop().unwrap();
    assert_eq!(
        (request.path.as_str(), request.authorized),
        ("/v1/chat/completions", true)
    );
    assert!(request.answered.unwrap() >= request.asked);
    expect![[r#"
        {
          "messages": [
            {
              "content": "Answer in one sentence.",
              "role": "system"
            },
            {
              "content": "How long?",
              "role": "user"
            }
          ],
          "model": "some-model",
          "stream": true
        }"#]]
    .assert_eq(&format!("{:#}", request.json()));
}

#[tokio::test]
async fn the_key_is_in_no_debug_output() {
    let vendor = ScriptedVendor::start(Script::words(Shape::OpenAi, REPLY)).await;
    assert!(!format!("{:?}", model(&vendor)).contains("sk-secret"));
}

#[test]
fn a_key_that_is_missing_or_malformed_names_its_variable() {
    let build = |key: Option<&str>| {
        let key = key.map(|key| key.to_owned().into());
        OpenAi::new(Vendor::Groq, &Settings::default(), key)
            .unwrap_err()
            .to_string()
    };
    expect![
        "the environment variable GROQ_API_KEY is not set or empty: put the vendor's key into it"
    ]
    .assert_eq(&build(None));
    assert_eq!(build(Some(" ")), build(None));
    expect![
        "the environment variable GROQ_API_KEY holds characters that no key has: copy the key again"
    ]
    .assert_eq(&build(Some("sk\nsecret")));
}

async fn check(script: Script, expected: Expect) {
    expected.assert_eq(&trace(script).await);
}

/// What a reply brings.
async fn trace(script: Script) -> String {
    let vendor = ScriptedVendor::start(script).await;
    let pieces = model(&vendor).reply(prompt("?")).collect::<Vec<_>>();
    let lines = soon(pieces).await.into_iter().map(|piece| match piece {
        Ok(Piece::Text(text)) => format!("{text:?}\n"),
        Ok(Piece::ToolCall(call)) => format!(
            "call {} {}\n",
            call.name,
            format_args!("{:?}", call.arguments)
        ),
        Ok(Piece::Usage(usage)) => {
            let (prompt, cached) = (usage.prompt_tokens, usage.cached_tokens);
            format!(
                "usage {} {prompt:?} {cached:?} {:?}\n",
                usage.model, usage.reply_tokens
            )
        }
        Err(error) => format!("{error:?}\n"),
    });
    lines.collect()
}

async fn failure(script: Script) -> (String, ModelError) {
    let vendor = ScriptedVendor::start(script).await;
    soon(fails(&model(&vendor), prompt("?"))).await
}

async fn refused(script: Script) -> String {
    let (said, error) = failure(script).await;
    assert!(
        matches!(error, ModelError::Refused(_)) && said.is_empty(),
        "{error:?}"
    );
    error.source().unwrap().to_string()
}

/// Answers what was said before.
async fn unavailable(script: Script) -> String {
    let (said, error) = failure(script).await;
    assert!(matches!(error, ModelError::Unavailable(_)), "{error:?}");
    said
}

fn model(vendor: &ScriptedVendor) -> OpenAi {
    OpenAi::new(
        Vendor::Compatible,
        &settings(&vendor.base_url()),
        Some(key()),
    )
    .unwrap()
}

fn settings(base_url: &str) -> Settings {
    Settings {
        model: Some("some-model".to_owned()),
        base_url: Some(base_url.to_owned()),
        key: Some("VENDOR_KEY".to_owned()),
        ..Settings::default()
    }
}

fn key() -> secrecy::SecretString {
    "sk-secret".to_owned().into()
}

/// Whatever is waited for here comes at once, or the test is broken.
async fn soon<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(20), future)
        .await
        .unwrap()
}
