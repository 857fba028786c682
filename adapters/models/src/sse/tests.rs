use expect_test::{Expect, expect};
use proptest::prelude::*;

use super::*;

#[test]
fn lines_end_in_three_ways() {
    check(
        b"data: one\n\ndata: two\r\n\r\ndata: three\r\rdata: four\r\n\n",
        expect![[r#"
            10 "" "one"
            22 "" "two"
            36 "" "three"
            49 "" "four"
        "#]],
    );
}

#[test]
fn data_of_many_lines_is_one_event() {
    check(
        b"event: error\ndata: one\ndata:two\ndata\ndata:  three\n\n",
        expect![[r#"
            50 "error" "one\ntwo\n\n three"
        "#]],
    );
}

#[test]
fn comments_and_unknown_fields_are_nothing() {
    check(
        b": ping\n\nid: 7\nretry: 10\n\n:\n\ndata: a:b\n\n",
        expect![[r#"
            38 "" "a:b"
        "#]],
    );
}

#[test]
fn a_name_without_data_is_nothing_and_is_forgotten() {
    check(
        b"event: ping\n\ndata: x\n\n",
        expect![[r#"
            21 "" "x"
        "#]],
    );
}

#[test]
fn empty_data_is_data() {
    check(
        b"data\n\ndata:\n\n",
        expect![[r#"
            5 "" ""
            12 "" ""
        "#]],
    );
}

#[test]
fn a_byte_order_mark_at_the_beginning_is_nothing() {
    check(
        "\u{feff}data: x\n\n\u{feff}data: y\n\n".as_bytes(),
        expect![[r#"
            11 "" "x"
        "#]],
    );
}

#[test]
fn what_is_not_utf8_is_replaced() {
    check(
        b"data: caf\xc3\xa9 \xff\xfe!\n\n",
        expect![[r#"
            16 "" "café ��!"
        "#]],
    );
}

#[test]
fn the_end_of_the_stream_ends_the_event() {
    check(
        b"data: one\n\ndata: two",
        expect![[r#"
            10 "" "one"
            end "" "two"
        "#]],
    );
    check(
        b"data: one\ndata: two\n",
        expect![[r#"
            end "" "one\ntwo"
        "#]],
    );
}

#[test]
fn an_event_beyond_the_limit_is_an_error_wherever_the_bytes_are_cut() {
    let stream = b"data: 0123456789\ndata: 0123456789\n\n";
    for limit in 0..40 {
        let whole = decode(stream, stream.len(), limit);
        for size in 1..stream.len() {
            assert_eq!(decode(stream, size, limit), whole, "{limit} by {size}");
        }
        assert_eq!(whole.is_err(), limit < 27, "{limit}");
    }
}

#[test]
fn comments_do_not_add_up() {
    let stream = b": still here\n".repeat(1000);
    assert_eq!(decode(&stream, 7, 20), Ok(vec![]));
}

proptest! {
    #[test]
    fn an_event_is_handed_on_at_its_last_byte_wherever_the_bytes_are_cut(
        events in prop::collection::vec(event(), 0..6),
        cuts in prop::collection::vec(1..9_usize, 1..20),
    ) {
        let (mut stream, mut expected) = (Vec::new(), Vec::new());
        for (lines, blank, data) in events {
            for (line, end) in lines {
                stream.extend_from_slice(line.as_bytes());
                stream.extend_from_slice(end.as_bytes());
            }
            // A line feed right after a carriage return would belong to it.
            let blank = match stream.last() {
                Some(b'\r') if blank == "\n" => "\r",
                _ => blank,
            };
            expected.push((stream.len(), data));
            stream.extend_from_slice(blank.as_bytes());
        }

        let (mut decoder, mut came, mut at) = (Decoder::new(1000), Vec::new(), 0);
        for size in cuts.into_iter().cycle() {
            let chunk = stream[at..].get(..size).unwrap_or(&stream[at..]);
            if chunk.is_empty() {
                break;
            }
            let mut input = Bytes::copy_from_slice(chunk);
            at += chunk.len();
            while let Some(event) = decoder.next(&mut input).unwrap() {
                came.push((at - input.len() - 1, event.text().into_owned()));
            }
        }
        prop_assert_eq!(came, expected);
        prop_assert_eq!(decoder.finish(), None);
    }

    #[test]
    fn no_bytes_confuse_it(stream in prop::collection::vec(byte(), 0..200), size in 1..20_usize) {
        let whole = decode(&stream, stream.len().max(1), 64);
        prop_assert_eq!(decode(&stream, size, 64), whole);
    }
}

type Lines = Vec<(String, &'static str)>;

/// Lines with their ends, the end of the blank line, and the data they carry.
fn event() -> impl Strategy<Value = (Lines, &'static str, String)> {
    let end = || prop::sample::select(vec!["\n", "\r", "\r\n"]);
    let line = prop_oneof![
        "[a-zé€😀:]{0,6}".prop_map(|data| (format!("data: {data}"), Some(data))),
        "[a-zé€😀]{1,6}".prop_map(|data| (format!("data:{data}"), Some(data))),
        ":[a-z ]{0,6}".prop_map(|comment| (comment, None)),
        "id: [0-9]{1,3}".prop_map(|id| (id, None)),
    ];
    let lines = prop::collection::vec((line, end()), 0..4);
    (lines, "[a-z]{1,4}", end(), end()).prop_map(|(lines, last, last_end, blank)| {
        let mut data = Vec::new();
        let mut wire = Vec::new();
        for ((line, value), end) in lines {
            data.extend(value);
            wire.push((line, end));
        }
        wire.push((format!("data: {last}"), last_end));
        data.push(last);
        (wire, blank, data.join("\n"))
    })
}

fn byte() -> impl Strategy<Value = u8> {
    prop_oneof![
        prop::sample::select(b"\r\n\r\n: datevn\xef\xbb\xbf".to_vec()),
        any::<u8>(),
    ]
}

/// Feeds a stream byte by byte: each event with the index of the byte it came at.
fn check(stream: &[u8], expected: Expect) {
    let (mut decoder, mut trace) = (Decoder::new(1000), String::new());
    for (at, byte) in stream.iter().enumerate() {
        let mut input = Bytes::copy_from_slice(&[*byte]);
        if let Some(event) = decoder.next(&mut input).unwrap() {
            trace.push_str(&format!("{at} {}\n", show(&event)));
        }
    }
    if let Some(event) = decoder.finish() {
        trace.push_str(&format!("end {}\n", show(&event)));
    }
    expected.assert_eq(&trace);
}

fn show(event: &Event) -> String {
    let name = String::from_utf8_lossy(&event.name);
    format!("{name:?} {:?}", event.text())
}

fn decode(stream: &[u8], size: usize, limit: usize) -> Result<Vec<Event>, TooLong> {
    let (mut decoder, mut events) = (Decoder::new(limit), Vec::new());
    for chunk in stream.chunks(size) {
        let mut input = Bytes::copy_from_slice(chunk);
        while let Some(event) = decoder.next(&mut input)? {
            events.push(event);
        }
    }
    events.extend(decoder.finish());
    Ok(events)
}
