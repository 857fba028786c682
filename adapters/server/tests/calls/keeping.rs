//! What is kept of a call.

use crate::line::Line;
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
