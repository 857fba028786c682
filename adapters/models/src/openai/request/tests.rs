use expect_test::{Expect, expect};
use voicera::testing::language_model::prompt;
use voicera::words::{Line, Speaker};

use super::*;

#[test]
fn each_vendor_is_asked_in_its_own_words() {
    let settings = Settings {
        temperature: Some(0.2),
        max_tokens: Some(300),
        ..Settings::default()
    };
    check(
        Vendor::Groq,
        &settings,
        prompt("Hi"),
        expect![[r#"
            {"max_completion_tokens":300,"model":"some-model","reasoning_effort":"none","reasoning_format":"hidden","stream":true,"temperature":0.2,
            "messages":[{"role":"system","content":"Answer in one sentence."},
            {"role":"user","content":"Hi"}]}"#]],
    );
    check(
        Vendor::OpenAi,
        &settings,
        prompt("Hi"),
        expect![[r#"
        {"max_completion_tokens":300,"model":"some-model","stream":true,"stream_options":{"include_usage":true},"temperature":0.2,
        "messages":[{"role":"system","content":"Answer in one sentence."},
        {"role":"user","content":"Hi"}]}"#]],
    );
    check(
        Vendor::Compatible,
        &settings,
        prompt("Hi"),
        expect![[r#"
        {"max_tokens":300,"model":"some-model","stream":true,"temperature":0.2,
        "messages":[{"role":"system","content":"Answer in one sentence."},
        {"role":"user","content":"Hi"}]}"#]],
    );
}

#[test]
fn further_fields_are_merged_and_win() {
    let settings = serde_json::from_value(json!({
        "reasoning": { "effort": "none" },
        "extra": { "service_tier": "flex", "stream_options": { "include_usage": false } },
    }));
    check(
        Vendor::OpenAi,
        &settings.unwrap(),
        prompt("Hi"),
        expect![[r#"
            {"model":"some-model","reasoning_effort":"none","service_tier":"flex","stream":true,"stream_options":{"include_usage":false},
            "messages":[{"role":"system","content":"Answer in one sentence."},
            {"role":"user","content":"Hi"}]}"#]],
    );
}

#[test]
fn a_whole_prompt_runs_from_stable_to_volatile() {
    let mut prompt = prompt("And by \"air\"?\n");
    prompt.briefing = "Sea takes 18 days.".into();
    prompt.history = vec![
        Line {
            speaker: Speaker::Caller,
            text: "By sea?".into(),
            cut_off: false,
        },
        Line {
            speaker: Speaker::Agent,
            text: "18 days.".into(),
            cut_off: true,
        },
    ];
    prompt.said = "It takes".to_owned();
    prompt.tools = Arc::from([Tool {
        name: "end_call",
        description: "Ends the call.",
        parameters: r#"{"type":"object","properties":{"why":{"type":"string"}}}"#,
    }]);
    check(
        Vendor::Groq,
        &Settings::default(),
        prompt,
        expect![[r#"
            {"model":"some-model","reasoning_effort":"none","reasoning_format":"hidden","stream":true,"tools":[{"function":{"description":"Ends the call.","name":"end_call","parameters":{"properties":{"why":{"type":"string"}},"type":"object"}},"type":"function"}],
            "messages":[{"role":"system","content":"Answer in one sentence.\n\n<knowledge>\nSea takes 18 days.\n</knowledge>"},
            {"role":"user","content":"By sea?"},
            {"role":"assistant","content":"18 days. [The reply was cut off here. The caller did not hear the rest.]"},
            {"role":"user","content":"And by \"air\"?\n"},
            {"role":"assistant","content":"It takes"},
            {"role":"user","content":"[Your reply broke off here. Go on from the last word, repeat nothing.]"}]}"#]],
    );
}

#[test]
fn the_beginning_is_the_same_bytes_in_every_turn_and_made_once() {
    let requests = Requests::new(Vendor::Groq, &Settings::default(), "m");
    let (one, two) = (prompt("One?"), prompt("Two?"));
    let (first, second) = (requests.body(one), requests.body(two));
    let at = |body: &[u8]| body.windows(7).position(|w| w == b"\"user\",").unwrap();
    assert_eq!(first[..at(&first)], second[..at(&second)]);
    assert_eq!(requests.beginnings.lock().unwrap().len(), 1);
}

#[test]
fn few_beginnings_are_kept() {
    let requests = Requests::new(Vendor::Groq, &Settings::default(), "m");
    for n in 0..9 {
        let mut prompt = prompt("Hi");
        prompt.briefing = n.to_string().into();
        let body = String::from_utf8(requests.body(prompt)).unwrap();
        assert!(body.contains(&format!("<knowledge>\\n{n}\\n")), "{body}");
    }
    assert_eq!(requests.beginnings.lock().unwrap().len(), BEGINNINGS);
}

fn check(vendor: Vendor, settings: &Settings, prompt: Prompt, expected: Expect) {
    let body = Requests::new(vendor, settings, "some-model").body(prompt);
    // Parsed, so that a body that is no JSON fails here.
    let parsed: Value = serde_json::from_slice(&body).unwrap();
    assert!(parsed.is_object());
    let body = String::from_utf8(body).unwrap();
    expected.assert_eq(
        &body
            .replace(",\"messages\"", ",\n\"messages\"")
            .replace("},{\"role", "},\n{\"role"),
    );
}
