use reqwest::header::HeaderValue;

use super::*;

#[test]
fn a_receiver_may_say_when_to_come_again() {
    let now = httpdate::parse_http_date("Mon, 23 Nov 2026 12:00:00 GMT").unwrap();
    for (value, expected) in [
        ("120", Some(120)),
        (" 0 ", Some(0)),
        ("Mon, 23 Nov 2026 12:01:00 GMT", Some(60)),
        ("Mon, 23 Nov 2026 11:00:00 GMT", Some(0)),
        ("soon", None),
        ("-1", None),
    ] {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, HeaderValue::from_static(value));
        let expected = expected.map(Duration::from_secs);
        assert_eq!(retry_after(&headers, now), expected, "{value}");
    }
    assert_eq!(retry_after(&HeaderMap::new(), now), None);
}
