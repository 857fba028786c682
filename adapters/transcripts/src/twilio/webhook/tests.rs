use expect_test::{Expect, expect};

use super::*;

/// The body that the signature reference is computed over.
const BODY: &str = r#"{"account_sid":"AC00000000000000000000000000000001","service_sid":"GA00000000000000000000000000000001","transcript_sid":"GT00000000000000000000000000000001","customer_key":"order-42","event_type":"voice_intelligence_transcript_available"}"#;

const QUERY: &str = "account_sid=AC00000000000000000000000000000001\
    &service_sid=GA00000000000000000000000000000001\
    &transcript_sid=GT00000000000000000000000000000001\
    &customer_key=order-42&event_type=voice_intelligence_transcript_available";

#[test]
fn a_body_and_a_query_say_the_same() {
    let notification = Notification::from_json(BODY.as_bytes());
    assert_eq!(notification, Notification::from_query(QUERY));
    expect![[r#"
        Ok(
            Notification {
                transcript_sid: "GT00000000000000000000000000000001",
                service_sid: "GA00000000000000000000000000000001",
                account_sid: Some(
                    "AC00000000000000000000000000000001",
                ),
                customer_key: Some(
                    "order-42",
                ),
                event_type: Some(
                    "voice_intelligence_transcript_available",
                ),
            },
        )
    "#]]
    .assert_debug_eq(&notification);
}

#[test]
fn an_absent_customer_key_is_none() {
    let body = BODY.replace("\"order-42\"", "null");
    let notification = Notification::from_json(body.as_bytes()).unwrap();
    assert_eq!(notification.customer_key, None);
}

fn refuses(body: &str, expected: Expect) {
    let error = Notification::from_json(body.as_bytes()).unwrap_err();
    expected.assert_eq(&error.to_string());
}

#[test]
fn what_is_no_notification_is_refused() {
    refuses("", expect!["the notification is not a JSON object"]);
    refuses("[]", expect!["the notification is not a JSON object"]);
    refuses("{}", expect!["the notification has no `transcript_sid`"]);
    refuses(
        r#"{"transcript_sid":"../../Services"}"#,
        expect!["`transcript_sid` of the notification is not an id that begins with GT"],
    );
}
