use expect_test::{Expect, expect};
use serde_json::json;

use super::*;

#[test]
fn what_is_left_out_is_the_vendors_default() {
    let settings = settings(json!({}));
    let resolved = [Vendor::Groq, Vendor::OpenAi, Vendor::Compatible].map(|vendor| {
        let (url, model) = (settings.base_url(vendor), settings.model(vendor));
        let (key, reasoning) = (settings.key_name(vendor), settings.reasoning(vendor));
        format!("{vendor:?} {url:?} {model:?} {key:?} {reasoning:?}\n")
    });
    expect![[r#"
        Groq Some("https://api.groq.com/openai/v1") Some("qwen/qwen3-32b") Some("GROQ_API_KEY") Off
        OpenAi Some("https://api.openai.com/v1") Some("gpt-4.1-mini") Some("OPENAI_API_KEY") None
        Compatible None None None None
    "#]]
    .assert_eq(&resolved.concat());
}

#[test]
fn durations_and_reasoning_are_written_as_people_write_them() {
    let read = settings(json!({
        "first_word": "1500ms", "next_word": "2s", "reasoning": { "effort": "low" },
    }));
    assert_eq!(read.first_word, Duration::from_millis(1500));
    assert_eq!(read.next_word, Duration::from_secs(2));
    assert_eq!(read.reasoning, Some(Reasoning::Effort("low".to_owned())));
}

#[test]
fn an_unknown_setting_is_an_error() {
    let error = serde_json::from_value::<Settings>(json!({ "modle": "x" })).unwrap_err();
    assert!(error.to_string().contains("modle"), "{error}");
}

#[test]
fn reasoning_is_hidden_only_where_the_model_knows_it() {
    let plain = settings(json!({ "model": "llama-3.3-70b-versatile" }));
    assert_eq!(plain.reasoning(Vendor::Groq), Reasoning::None);
}

#[test]
fn trailing_slashes_do_not_matter() {
    for url in [
        "http://localhost:1/v1",
        "http://localhost:1/v1/",
        "http://localhost:1/v1//",
    ] {
        let url = settings(json!({ "base_url": url })).endpoint(Vendor::Groq);
        assert_eq!(url.unwrap().as_str(), "http://localhost:1/v1");
    }
}

#[test]
fn a_setting_that_does_not_work_is_named_with_its_fix() {
    check(
        json!({ "base_url": "api.groq.com" }),
        expect![[
            r#"`base_url = "api.groq.com"` does not work: write a web address, such as "http://127.0.0.1:11434/v1""#
        ]],
    );
    check(
        json!({ "base_url": "ftp://x/v1" }),
        expect![[
            r#"`base_url = "ftp://x/v1"` does not work: write a web address, such as "http://127.0.0.1:11434/v1""#
        ]],
    );
    check(
        json!({ "base_url": "https://me:secret@x/v1" }),
        expect![[
            r#"`base_url = "http…@…"` does not work: leave user and password out, and name the key's variable as `key`"#
        ]],
    );
    check(
        json!({ "base_url": "https://x/v1?key=1" }),
        expect![[
            r#"`base_url = "https://x/v1?key=1"` does not work: leave out what follows `?` or `#`"#
        ]],
    );
    check(
        json!({ "base_url": "https://x/v1/chat/completions" }),
        expect![[
            r#"`base_url = "https://x/v1/chat/completions"` does not work: leave out `/chat/completions`"#
        ]],
    );
    check(
        json!({ "model": " " }),
        expect![[r#"`model = " "` does not work: name a model of the vendor's"#]],
    );
    check(
        json!({ "key": "gsk-0123456789" }),
        expect![[r#"`key = "gsk…"` does not work: write the name of an environment variable"#]],
    );
    check(
        json!({ "key": "" }),
        expect![[r#"`key = "…"` does not work: write the name of an environment variable"#]],
    );
    check(
        json!({ "temperature": 3 }),
        expect!["`temperature = 3` does not work: write 0 to 2"],
    );
    check(
        json!({ "max_tokens": 0 }),
        expect!["`max_tokens = 0` does not work: write 1 or more"],
    );
    check(
        json!({ "first_word": "0s" }),
        expect![[r#"`first_word = "0s"` does not work: write a time up to an hour, such as "2s""#]],
    );
    check(
        json!({ "next_word": "2h" }),
        expect![[r#"`next_word = "2h"` does not work: write a time up to an hour, such as "2s""#]],
    );
    check(
        json!({ "extra": { "stream": false } }),
        expect![
            "`extra = { stream = false }` does not work: leave out what every request sets itself"
        ],
    );
}

#[test]
fn a_compatible_server_needs_an_address_and_a_model() {
    let refused = |value| settings(value).check(Vendor::Compatible).unwrap_err();
    expect![[r#"`base_url` is missing: write where the server's API begins, such as "http://127.0.0.1:11434/v1""#]].assert_eq(&refused(json!({ "model": "x" })).to_string());
    expect!["`model` is missing: name a model that the server at `base_url` has"]
        .assert_eq(&refused(json!({ "base_url": "http://x" })).to_string());
}

fn check(value: Value, expected: Expect) {
    let error = settings(value).check(Vendor::Groq).unwrap_err();
    expected.assert_eq(&error.to_string());
}

fn settings(value: Value) -> Settings {
    serde_json::from_value(value).unwrap()
}
