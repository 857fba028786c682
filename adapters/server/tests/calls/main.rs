//! Whole calls against the built binary, over real sockets: what the carrier sends, what the
//! caller hears, what the vendor sees and what the transcript keeps.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use voicera_models::testing::{Script, ScriptedVendor, Shape};

mod asking;

mod endurance;

mod keeping;

mod knowledge;

mod line;

#[cfg(feature = "postgres")]
mod postgres;

#[cfg(feature = "qdrant")]
mod qdrant;

mod reading;

mod receiver;

mod server;

use line::Line;
use server::Server;

const QUESTION: &str = "How long does ocean freight from Shanghai to Los Angeles take?";

#[tokio::test]
async fn a_caller_asks_and_the_documents_answer() {
    let server = Server::start("").await;
    let mut line = Line::open(&server, "CA1").await;
    let answer = line.ask(QUESTION).await;
    assert!(answer.contains("18") && answer.contains("20"), "{answer}");
    let answer = line.ask("What is the name of your chief executive?").await;
    assert!(answer.starts_with("I'm sorry"), "{answer}");
    line.hang_up().await;
    let entries = server.transcript("CA1", 7).await;
    let kinds: Vec<&str> = entries
        .iter()
        .map(|e| e["kind"].as_str().unwrap())
        .collect();
    assert_eq!(
        kinds,
        [
            "started", "greeting", "asked", "reply", "asked", "reply", "ended"
        ]
    );
    let sequence: Vec<_> = entries
        .iter()
        .map(|e| e["sequence"].as_u64().unwrap())
        .collect();
    assert_eq!(sequence, [0, 1, 2, 3, 4, 5, 6]);
}

#[tokio::test]
async fn a_vendors_words_reach_the_caller_and_its_cost_the_transcript() {
    let vendor =
        ScriptedVendor::start(Script::words(Shape::Groq, "About **18** to 20 days.")).await;
    let server = Server::start(&model(&vendor)).await;
    let mut line = Line::open(&server, "CA1").await;
    assert_eq!(line.ask("How long?").await, "About 18 to 20 days.");
    line.hang_up().await;
    let entries = server.transcript("CA1", 5).await;
    let reply = &entries[3];
    assert_eq!(reply["planned"], "About **18** to 20 days.");
    assert_eq!(reply["usage"][0]["cached_tokens"], 1024);
    let asked = vendor.requests()[0].json();
    let messages = asked["messages"].as_array().unwrap();
    assert!(
        messages[0]["content"]
            .as_str()
            .unwrap()
            .contains("<knowledge>"),
        "{messages:?}"
    );
    assert_eq!(messages[messages.len() - 1]["content"], "How long?");
}

#[tokio::test]
async fn whatever_the_vendor_does_the_caller_hears_a_sentence() {
    let shape = Shape::OpenAi;
    let faults = [
        (
            "401",
            Script::status(401, &[], "{\"error\":{\"message\":\"bad key\"}}"),
        ),
        ("429", Script::status(429, &[("retry-after", "60")], "")),
        ("500", Script::status(500, &[], "oops")),
        ("reset", Script::new(shape).reset()),
        (
            "reset in mid-reply",
            Script::new(shape).head().text("It takes").reset(),
        ),
        ("stall", Script::new(shape).hang()),
        ("stall after the headers", Script::new(shape).head().hang()),
        (
            "stall in mid-reply",
            Script::new(shape).head().text("It takes").hang(),
        ),
        ("nothing", Script::new(shape).head().finish("stop")),
        (
            "garbage",
            Script::new(shape)
                .head()
                .raw(b"\xff\xfe{]\n\n".repeat(9))
                .end(),
        ),
    ];
    for (fault, script) in faults {
        let vendor = ScriptedVendor::start(script).await;
        let server = Server::start(&model(&vendor)).await;
        let mut line = Line::open(&server, "CA1").await;
        let heard = line.ask("How long?").await;
        assert!(
            heard.contains("I can't answer that right now"),
            "{fault}: {heard}"
        );
        line.hang_up().await;
        let log = server.stop().await;
        let told = log.lines().filter(|line| line.contains("\"WARN\"")).count();
        assert_eq!(told, 1, "{fault}: the log says why once\n{log}");
    }
}

#[tokio::test]
async fn the_next_model_goes_on_where_the_first_one_stalled() {
    let first =
        ScriptedVendor::start(Script::new(Shape::Groq).head().text("It takes").hang()).await;
    let second = ScriptedVendor::start(Script::words(Shape::OpenAi, "18 to 20 days.")).await;
    let server = Server::start(&format!("{}{}", model(&first), model(&second))).await;
    let mut line = Line::open(&server, "CA1").await;
    assert_eq!(line.ask("How long?").await, "It takes 18 to 20 days.");
    let messages = second.requests()[0].json();
    let messages = messages["messages"].as_array().unwrap();
    assert_eq!(messages[messages.len() - 2]["content"], "It takes");
}

#[tokio::test]
async fn an_interruption_closes_the_vendors_stream_and_nothing_follows() {
    let script = Script::new(Shape::Groq)
        .head()
        .text("One plan is Basic. ")
        .text("Another ")
        .hang();
    let vendor = ScriptedVendor::start(script).await;
    let server = Server::start(&model(&vendor)).await;
    let mut line = Line::open(&server, "CA1").await;
    line.say("Which plans?").await;
    line.hear_until(|heard| heard.contains("Basic")).await;
    line.send(json!({"type": "interrupt", "utteranceUntilInterrupt": "One plan", "durationUntilInterruptMs": "700"})).await;
    tokio::time::timeout(Duration::from_secs(10), vendor.closed())
        .await
        .unwrap();
    // Words may have been on their way when the caller spoke; none follows the closed cycle.
    while line.frame().await != json!({"type": "text", "token": "", "last": true}) {}
    vendor.set_script(Script::words(Shape::Groq, "Nine dollars."));
    assert_eq!(line.ask("How much?").await, "Nine dollars.");
    let requests = vendor.requests();
    let messages = requests[1].json();
    let messages = messages["messages"].as_array().unwrap().clone();
    let reply = messages[messages.len() - 2]["content"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(
        reply.starts_with("One plan [The reply was cut off"),
        "{reply}"
    );
}

#[tokio::test]
async fn bad_frames_harm_nobody_else() {
    let server = Server::start("").await;
    let mut good = Line::open(&server, "CA-good").await;
    for bad in [
        "",
        "{",
        "[1]",
        "\"text\"",
        "{\"type\":7}",
        "{\"type\":\"prompt\"}",
    ] {
        let mut line = Line::connect(&server).await;
        line.text(bad).await;
    }
    let mut silent = Line::connect(&server).await;
    let mut twice = Line::open(&server, "CA-twice").await;
    twice.setup(&server, "CA-other").await;
    twice.binary(&[0, 159, 146, 150]).await;
    twice.text(&"x".repeat(1 << 20)).await;
    let answer = good.ask(QUESTION).await;
    assert!(answer.contains("18"), "{answer}");
    silent.closes().await;
}

#[tokio::test]
async fn connections_that_ask_nothing_are_closed_and_callers_get_their_place() {
    let server = Server::start("[limits]\nconnections = 2\nhead = \"300ms\"\n").await;
    let begun = Instant::now();
    let mut idle = Vec::new();
    for sent in [
        "",
        "GET /healthz HTT",
        "GET /healthz HTTP/1.1\r\nhost: a\r\n",
        "",
    ] {
        let mut stream = TcpStream::connect(&server.address).await.unwrap();
        stream.write_all(sent.as_bytes()).await.unwrap();
        idle.push(stream);
    }
    // More calls than there are places for connections: a call gives its place back.
    let mut lines = Vec::new();
    for call in ["CA1", "CA2", "CA3"] {
        lines.push(Line::open(&server, call).await);
    }
    for line in &mut lines {
        assert!(line.ask(QUESTION).await.contains("18"));
    }
    for mut stream in idle {
        let mut told = Vec::new();
        let closed = stream.read_to_end(&mut told);
        tokio::time::timeout(server::PATIENCE, closed)
            .await
            .unwrap()
            .unwrap();
    }
    // HTTP's own patience is half a minute.
    assert!(begun.elapsed() < Duration::from_secs(25));
}

#[tokio::test]
async fn a_killed_server_loses_no_line_that_it_kept() {
    let mut server = Server::start("").await;
    let mut lines = Vec::new();
    for call in 0..20 {
        lines.push(Line::open(&server, &format!("CA{call}")).await);
    }
    for line in &mut lines {
        line.ask(QUESTION).await;
    }
    for (call, _) in lines.iter().enumerate() {
        server.transcript(&format!("CA{call}"), 3).await;
    }
    server.kill();
    for (call, _) in lines.iter().enumerate() {
        let entries = server.transcript(&format!("CA{call}"), 3).await;
        for (place, entry) in entries.iter().enumerate() {
            assert_eq!(entry["sequence"], place, "{entry}");
        }
    }
}

#[tokio::test]
async fn a_server_that_stops_says_goodbye() {
    let mut server = Server::start(
        "[shutdown]\ngrace = \"0s\"\n[patience]\nfarewell = \"100ms\"\n[speech]\npace = 100.0\n",
    )
    .await;
    let mut line = Line::open(&server, "CA1").await;
    // Who is answered is a call: a socket that has only connected is not told goodbye.
    line.ask(QUESTION).await;
    server.terminate();
    line.hear_until(|heard| heard.contains("Goodbye")).await;
    assert_eq!(line.until("end").await["type"], "end");
    let log = server.stop().await;
    assert!(log.contains("stopped"), "{log}");
}

#[tokio::test]
async fn a_call_without_time_for_a_goodbye_still_ends() {
    let config = "[shutdown]\ngrace = \"0s\"\nfarewell = \"100ms\"\n";
    let mut server = Server::start(config).await;
    let mut line = Line::open(&server, "CA1").await;
    line.ask(QUESTION).await;
    server.terminate();
    assert_eq!(line.close_code().await, 1001);
    let entries = server.transcript("CA1", 6).await;
    let last = &entries[entries.len() - 1];
    assert_eq!(last["kind"], "ended", "{last}");
    assert_eq!(last["ending"]["name"], "failed", "{last}");
    let log = server.stop().await;
    assert!(log.contains("calls are cut off"), "{log}");
}

#[tokio::test]
async fn without_a_token_no_socket_becomes_a_call() {
    let server = Server::start("").await;
    for token in ["", "forged", "1.2.3"] {
        let mut line = Line::connect(&server).await;
        line.send(line::setup("CA1", token)).await;
        line.closes().await;
    }
}

#[tokio::test]
async fn nobody_but_this_machine_is_served_without_an_auth_token() {
    let server = Server::start("").await;
    let refused = server
        .post(
            "/call",
            &[("x-forwarded-for", "203.0.113.9")],
            "CallSid=CA1",
        )
        .await;
    assert_eq!(refused.0, 403);
    assert!(refused.1.contains("TWILIO_AUTH_TOKEN"), "{}", refused.1);
}

/// A model at the scripted vendor, with little patience.
fn model(vendor: &ScriptedVendor) -> String {
    let base_url = vendor.base_url();
    format!(
        "[[models]]\nkind = \"compatible\"\nmodel = \"test\"\nbase_url = \"{base_url}\"\n\
         first_word = \"1s\"\nnext_word = \"1s\"\n"
    )
}

fn parse(line: &str) -> Value {
    serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))
}
