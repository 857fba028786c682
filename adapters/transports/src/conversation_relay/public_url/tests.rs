use expect_test::expect;

use super::*;

#[test]
fn an_address_makes_pages_and_sockets() {
    for (text, page, socket) in [
        (
            "https://voice.example.com",
            "https://voice.example.com/call",
            "wss://voice.example.com/call",
        ),
        (
            " https://voice.example.com:8443/agent/ ",
            "https://voice.example.com:8443/agent/call",
            "wss://voice.example.com:8443/agent/call",
        ),
        (
            "abc.ngrok.app",
            "https://abc.ngrok.app/call",
            "wss://abc.ngrok.app/call",
        ),
        (
            "http://localhost:8080",
            "http://localhost:8080/call",
            "wss://localhost:8080/call",
        ),
    ] {
        let url = PublicUrl::parse(text).unwrap();
        assert_eq!(url.page("/call"), page);
        assert_eq!(url.socket("/call"), socket);
    }
}

#[test]
fn an_address_that_cannot_work_is_named() {
    let mut trace = String::new();
    for text in [
        "",
        "https://",
        "wss://voice.example.com",
        "http://voice.example.com",
        "https://voice.example.com?x=1",
        "https://voice.example.com#x",
        "https://two words",
    ] {
        trace += &PublicUrl::parse(text).unwrap_err();
        trace += "\n";
    }
    expect![[r#"
        "" is not a web address: write it as https://voice.example.com
        "https://" is not a web address: write it as https://voice.example.com
        "wss://voice.example.com" is not a web address: begin it with https://
        "http://voice.example.com" is not encrypted, and the carrier accepts nothing else: begin it with https://
        "https://voice.example.com?x=1" has more or less than a host and a path: write it as https://voice.example.com
        "https://voice.example.com#x" has more or less than a host and a path: write it as https://voice.example.com
        "https://two words" is not a web address: write it as https://voice.example.com
    "#]].assert_eq(&trace);
}

#[test]
fn only_this_machine_is_loopback() {
    for host in [
        "localhost",
        "LOCALHOST:8080",
        "app.localhost",
        "127.0.0.1:80",
        "127.1.2.3",
        "[::1]:8080",
        "[::1]",
        "localhost.",
        "[::ffff:127.0.0.1]:80",
    ] {
        assert!(is_loopback(host), "{host}");
    }
    for host in [
        "",
        "example.com",
        "localhost.example.com",
        "127.0.0.1.nip.io",
        "128.0.0.1",
        "[::2]:80",
        "0.0.0.0",
        "notlocalhost",
    ] {
        assert!(!is_loopback(host), "{host}");
    }
}
