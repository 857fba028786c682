use expect_test::{Expect, expect};

use super::*;

fn check(change: impl FnOnce(&mut Settings), expected: Expect) {
    let mut settings = Settings::default();
    change(&mut settings);
    let outcome = match settings.check() {
        Ok(()) => "works".to_owned(),
        Err(error) => error.to_string(),
    };
    expected.assert_eq(&outcome);
}

#[test]
fn the_default_works() {
    check(|_| {}, expect!["works"]);
}

#[test]
fn what_is_left_out_is_the_default_and_what_is_misspelt_is_an_error() {
    let settings: Settings = serde_json::from_str(r#"{"timeout": "2500ms"}"#).unwrap();
    assert_eq!(settings.timeout, Duration::from_millis(2500));
    assert_eq!(settings.attempts, Settings::default().attempts);
    assert!(serde_json::from_str::<Settings>(r#"{"timeouts": "2s"}"#).is_err());
}

#[test]
fn the_login_goes_over_a_secure_connection_only() {
    check(
        |settings| settings.base_url = "http://127.0.0.1:9".to_owned(),
        expect!["works"],
    );
    check(
        |settings| settings.base_url = "http://twilio.example".to_owned(),
        expect![[
            r#"`base_url = "http://twilio.example"` does not work: write https, so that nobody reads the login on its way"#
        ]],
    );
}

#[test]
fn a_wrong_setting_is_named_with_its_fix() {
    check(
        |settings| settings.api_base_url = "twilio".to_owned(),
        expect![[
            r#"`api_base_url = "twilio"` does not work: write a web address, such as "https://intelligence.twilio.com""#
        ]],
    );
    check(
        |settings| settings.api_base_url = "https://me:secret@api.twilio.com".to_owned(),
        expect![[
            r#"`api_base_url = "http…@…"` does not work: leave user and password out, the login comes from the environment"#
        ]],
    );
    check(
        |settings| settings.page_size = 1001,
        expect!["`page_size = 1001` does not work: write 1 to 1000"],
    );
    check(
        |settings| settings.requests = 0,
        expect!["`requests = 0` does not work: write 1 to 100"],
    );
    check(
        |settings| settings.timeout = Duration::ZERO,
        expect![[r#"`timeout = "0s"` does not work: write a time up to an hour, such as "5s""#]],
    );
}
