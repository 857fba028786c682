//! Calls that are kept, read while the server runs: over HTTP, and with commands beside it.

use std::process::Command;

use crate::line::Line;
use crate::parse;
use crate::server::Server;

#[tokio::test]
async fn a_call_is_read_and_forgotten_while_the_server_runs() {
    let server = Server::start("").await;
    let mut line = Line::open(&server, "CA1").await;
    line.ask("What is the name of your chief executive?").await;
    line.hang_up().await;
    let insights = server.get_until("/api/v1/calls/CA1/insights", |call| {
        call["analyses"]
            .as_array()
            .is_some_and(|all| !all.is_empty())
    });
    let insights = insights.await;
    assert_eq!(insights["analyses"][0]["origin"], "operators");
    let calls = parse(&voicera(&server, &["calls", "--json"]));
    assert_eq!(calls, server.get("/api/v1/calls").await);
    assert_eq!(calls["calls"][0]["ended"]["name"], "hung_up", "{calls}");
    assert_eq!(calls["calls"][0]["cost"], 0.0, "{calls}");
    let gaps = voicera(&server, &["gaps"]);
    assert!(gaps.contains("chief executive"), "{gaps}");
    let lines = voicera(&server, &["calls", "export"]);
    assert_eq!(lines.lines().count(), 6, "{lines}");
    let said = voicera(&server, &["calls", "forget", "--call", "CA1", "--yes"]);
    assert_eq!(said, "Forgotten: 1 call.\n");
    let missing = server.get("/api/v1/calls/CA1").await;
    assert_eq!(missing["status"], 404, "{missing}");
    // The file is still the one that calls are kept in.
    Line::open(&server, "CA2").await.hang_up().await;
    let kept = server.get_until("/api/v1/calls/CA2", |call| call["entries"].is_array());
    kept.await;
    let log = server.stop().await;
    assert!(!log.contains("\"ERROR\""), "{log}");
}

pub(crate) fn voicera(server: &Server, arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_voicera"));
    let done = command
        .args(arguments)
        .current_dir(server.path())
        .env_clear();
    let done = done.output().unwrap();
    let errors = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{arguments:?}: {errors}");
    String::from_utf8(done.stdout).unwrap()
}
