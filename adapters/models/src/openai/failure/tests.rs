use std::error::Error as _;

use expect_test::{Expect, expect};

use super::*;

#[test]
fn a_bad_key_names_the_variable_and_is_not_repeated() {
    check(
        401,
        r#"{"error":{"message":"Incorrect API key provided: sk-secret.","code":"invalid_api_key"}}"#,
        expect![
            "the model refuses the request: https://x/v1 does not accept the key (status 401), put a valid one into the environment variable KEY: Incorrect API key provided: [key]."
        ],
    );
    check(
        403,
        "",
        expect![
            "the model refuses the request: https://x/v1 does not accept the key (status 403), put a valid one into the environment variable KEY: it does not say why"
        ],
    );
}

#[test]
fn a_bad_model_names_model_and_address() {
    check(
        404,
        r#"{"error":{"message":"The model `some-model` does not exist","code":"model_not_found"}}"#,
        expect![[
            r#"the model refuses the request: https://x/v1 answers status 404 for "some-model", check `model`, `base_url` and `extra`: The model `some-model` does not exist"#
        ]],
    );
    check(
        400,
        r#"{"error":"model not loaded"}"#,
        expect![[
            r#"the model refuses the request: https://x/v1 answers status 400 for "some-model", check `model`, `base_url` and `extra`: model not loaded"#
        ]],
    );
    check(
        422,
        r#"{"detail":[{"loc":["body","extra"]}]}"#,
        expect![[
            r#"the model refuses the request: https://x/v1 answers status 422 for "some-model", check `model`, `base_url` and `extra`: [{"loc":["body","extra"]}]"#
        ]],
    );
    check(
        302,
        "",
        expect![[
            r#"the model refuses the request: https://x/v1 answers status 302 for "some-model", check `model`, `base_url` and `extra`: it does not say why"#
        ]],
    );
}

#[test]
fn a_failure_of_one_request_is_not_a_refusal() {
    check(
        400,
        r#"{"error":{"message":"Failed to call a function.","type":"invalid_request_error","code":"tool_use_failed"}}"#,
        expect![
            "the model cannot be reached: https://x/v1 fails with status 400: Failed to call a function."
        ],
    );
}

#[test]
fn a_vendor_that_fails_may_work_in_the_next_turn() {
    check(
        500,
        "<html>\n\toops\u{1b}[31m</html>",
        expect![
            "the model cannot be reached: https://x/v1 fails with status 500: <html> oops [31m</html>"
        ],
    );
    check(
        529,
        r#"{"error":{"message":"overloaded"}}"#,
        expect!["the model cannot be reached: https://x/v1 fails with status 529: overloaded"],
    );
}

#[test]
fn no_credit_is_a_refusal_and_a_limit_is_not() {
    let quota =
        r#"{"error":{"message":"You exceeded your current quota","code":"insufficient_quota"}}"#;
    check(
        429,
        quota,
        expect![
            "the model refuses the request: https://x/v1 has no credit left for the key in KEY: You exceeded your current quota"
        ],
    );
    check(
        429,
        r#"{"error":{"message":"Rate limit reached"}}"#,
        expect!["the model is busy: https://x/v1 answers status 429: Rate limit reached"],
    );
}

#[test]
fn long_words_are_cut() {
    let error =
        endpoint(Some("KEY")).refusal(StatusCode::BAD_GATEWAY, &HeaderMap::new(), &"é".repeat(999));
    let cause = error.source().unwrap().to_string();
    assert_eq!(cause.matches('é').count(), 300);
}

#[test]
fn a_cut_does_not_leave_a_part_of_the_key() {
    let body = format!("{}sk-secret", "x".repeat(295));
    let error = endpoint(Some("KEY")).refusal(StatusCode::BAD_GATEWAY, &HeaderMap::new(), &body);
    assert!(!error.source().unwrap().to_string().contains("sk-"));
}

#[test]
fn without_a_key_the_setting_is_named() {
    let error = endpoint(None).refusal(StatusCode::UNAUTHORIZED, &HeaderMap::new(), "");
    expect!["the model refuses the request: https://x/v1 wants a key (status 401), name the environment variable that holds it as `key`: it does not say why"].assert_eq(&chain(&error));
}

#[test]
fn an_error_in_the_stream_is_told_apart_by_its_code() {
    let chain = |error| chain(&endpoint(Some("KEY")).error_event(&error));
    let busy = serde_json::json!({ "message": "slow down", "code": "rate_limit_exceeded" });
    expect!["the model is busy: https://x/v1 answers status 429: slow down"]
        .assert_eq(&chain(busy));
    let over = serde_json::json!({ "message": "over capacity", "status_code": 498 });
    expect!["the model cannot be reached: https://x/v1 breaks the reply off: over capacity"]
        .assert_eq(&chain(over));
    let key = serde_json::json!({ "message": "no", "code": 401 });
    expect!["the model refuses the request: https://x/v1 does not accept the key (status 401), put a valid one into the environment variable KEY: no"].assert_eq(&chain(key));
    expect!["the model cannot be reached: https://x/v1 breaks the reply off: boom"]
        .assert_eq(&chain("boom".into()));
}

#[test]
fn when_to_ask_again_is_read_in_every_form() {
    let now = httpdate::parse_http_date("Mon, 23 Nov 2026 10:00:00 GMT").unwrap();
    let read = |name: &'static str, value: &str| {
        let headers = [(name.parse().unwrap(), value.parse().unwrap())];
        retry_after(&HeaderMap::from_iter(headers), now)
    };
    let ms = |ms| Some(Duration::from_millis(ms));
    assert_eq!(read("retry-after", "2"), ms(2000));
    assert_eq!(read("retry-after", "1.5"), ms(1500));
    assert_eq!(read("retry-after-ms", "350"), ms(350));
    assert_eq!(
        read("retry-after", "Mon, 23 Nov 2026 10:00:07 GMT"),
        ms(7000)
    );
    assert_eq!(read("retry-after", "Mon, 23 Nov 2026 09:00:00 GMT"), ms(0));
    for nonsense in ["-1", "NaN", "1e99", "soon"] {
        assert_eq!(read("retry-after", nonsense), None, "{nonsense}");
    }
}

fn check(status: u16, body: &str, expected: Expect) {
    let status = StatusCode::from_u16(status).unwrap();
    let error = endpoint(Some("KEY")).refusal(status, &HeaderMap::new(), body);
    expected.assert_eq(&chain(&error));
}

fn chain(error: &ModelError) -> String {
    match error.source() {
        Some(cause) => format!("{error}: {cause}"),
        None => format!("{error:?}"),
    }
}

fn endpoint(key_name: Option<&str>) -> Endpoint {
    Endpoint {
        base_url: Url::parse("https://x/v1").unwrap(),
        model: "some-model".to_owned(),
        key_name: key_name.map(str::to_owned),
        key: key_name.map(|_| "sk-secret".to_owned().into()),
    }
}
