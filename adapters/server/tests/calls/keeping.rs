//! What is kept of a call.

use serde_json::Value;

use crate::line::Line;
use crate::reading::voicera;
use crate::receiver::Receiver;
use crate::server::Server;

#[tokio::test]
async fn a_card_number_is_not_kept() {
    let server = Server::start("").await;
    let mut line = Line::open(&server, "CA1").await;
    line.ask("charge four one one one double one 11 one one one one one one one one please")
        .await;
    line.hang_up().await;
    let entries = server.transcript("CA1", 4).await;
    let asked = entries.iter().find(|entry| entry["kind"] == "asked");
    let text = asked.unwrap()["text"].as_str().unwrap();
    assert!(text.starts_with("charge [card "), "{text}");
    assert!(text.ends_with("] please"), "{text}");
    server.stop().await;
}

#[tokio::test]
async fn a_number_can_be_kept_as_a_name() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("hours.md"),
        "We are open from 9 to 18.\n",
    )
    .unwrap();
    std::fs::write(folder.path().join(".env"), "SALT=a-long-random-text\n").unwrap();
    let config = "knowledge_base = \"hours.md\"\n\
        [masking]\ncaller = \"hashed\"\nsalt = \"SALT\"\n";
    let server = Server::start_in(folder, config).await;
    let line = Line::open(&server, "CA1").await;
    line.hang_up().await;
    let entries = server.transcript("CA1", 2).await;
    let from = entries[0]["from"].as_str().unwrap();
    assert!(from.starts_with("caller-"), "{from}");
    server.stop().await;
}

#[tokio::test]
async fn what_the_documents_tell_everybody_stays_readable() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("contact.md"),
        "# Support\n\nPlease write to support@example.com or call +1 415 555 0199.\n",
    )
    .unwrap();
    let config = "knowledge_base = \"contact.md\"\n[masking]\nemails = true\nphones = true\n";
    let server = Server::start_in(folder, config).await;
    let mut line = Line::open(&server, "CA1").await;
    line.ask("support is support@example.com or 415-555-0199, I am eve@example.org, 415-555-0100")
        .await;
    line.hang_up().await;
    let entries = server.transcript("CA1", 4).await;
    let asked = entries.iter().find(|entry| entry["kind"] == "asked");
    let text = asked.unwrap()["text"].as_str().unwrap();
    let (known, strange) = text.split_once(", I am ").unwrap();
    assert_eq!(known, "support is support@example.com or 415-555-0199");
    assert!(
        !strange.contains("eve") && !strange.contains("0100"),
        "{strange}"
    );
    server.stop().await;
}

#[tokio::test]
async fn what_waits_for_a_destination_that_is_gone_is_given_up_and_sent_once_it_is_back() {
    let config = |destination: &str| {
        format!(
            "listen = \"127.0.0.1:0\"\n[log]\nformat = \"json\"\n\
             [retriever]\nknowledge_base = \"hours.md\"\n\
             [[transcripts]]\nkind = \"sqlite\"\n{destination}"
        )
    };
    let webhook = |url: &str| {
        config(&format!(
            "[[transcripts]]\nkind = \"webhook\"\nname = \"crm\"\nurl = {url:?}\n\
             delivery = {{ first_pause = \"20ms\", longest_pause = \"200ms\", \
             poll = \"100ms\" }}\n"
        ))
    };
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("hours.md"),
        "We are open from 9 to 18.\n",
    )
    .unwrap();
    let secret = "VOICERA_WEBHOOK_SECRET=c29tZXRoaW5nIHRoYXQgbm9ib2R5IGtub3dz\n";
    std::fs::write(folder.path().join(".env"), secret).unwrap();
    // Nobody listens there.
    let mut server = Server::start_with(folder, &webhook("http://127.0.0.1:9/")).await;
    Line::open(&server, "CA1").await.hang_up().await;
    let waits = |answer: &Value| answer["parcels"][0]["id"] == "call:CA1:3";
    server
        .get_until("/api/v1/outbox?state=waiting", waits)
        .await;
    server.kill();

    let toml = server.path().join("voicera.toml");
    std::fs::write(&toml, config("")).unwrap();
    let mut server = server.start_again().await;
    let said = server.log();
    let said: Vec<_> = said
        .lines()
        .filter(|line| line.contains("\"WARN\""))
        .collect();
    assert_eq!(said.len(), 1, "{said:?}");
    for part in ["\"crm\"", "\"events\":1", "--retry", "--discard"] {
        assert!(said[0].contains(part), "{said:?}");
    }
    let shown = voicera(&server, &["calls", "outbox"]);
    let shown = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in [
        "given up",
        "no destination crm: configure it again",
        "0 waiting, 1 given up",
    ] {
        assert!(shown.contains(part), "{shown}");
    }
    server.kill();

    let (receiver, url) = Receiver::start().await;
    std::fs::write(&toml, webhook(&url)).unwrap();
    let server = server.start_again().await;
    assert_eq!(receiver.events().len(), 0);
    let said = voicera(&server, &["calls", "outbox", "--retry"]);
    assert!(said.starts_with("1 of what"), "{said}");
    let is_empty = |answer: &Value| answer["parcels"] == Value::Array(Vec::new());
    server.get_until("/api/v1/outbox", is_empty).await;
    assert!(receiver.events().contains_key("call:CA1:3"));
    let said = server.stop().await;
    assert!(!said.contains("is not configured"), "{said}");
}
