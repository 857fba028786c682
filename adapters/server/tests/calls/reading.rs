//! Calls that are kept, read while the server runs: over HTTP, and with commands beside it.

use std::process::Command;
use std::time::Duration;

use serde_json::Value;
use tokio::time::{sleep, timeout};

use crate::line::Line;
use crate::parse;
use crate::server::{PATIENCE, Server};

#[tokio::test]
async fn a_call_is_read_and_forgotten_while_the_server_runs() {
    let server = Server::start("").await;
    let mut line = Line::open(&server, "CA1").await;
    line.ask("What is the name of your chief executive?").await;
    line.hang_up().await;
    let analysed = async {
        loop {
            let call = get(&server, "/api/v1/calls/CA1/insights").await;
            if call["analyses"]
                .as_array()
                .is_some_and(|all| !all.is_empty())
            {
                return call;
            }
            sleep(Duration::from_millis(20)).await;
        }
    };
    let insights = timeout(PATIENCE, analysed).await.unwrap();
    assert_eq!(insights["analyses"][0]["origin"], "operators");
    let calls = parse(&voicera(&server, &["calls", "--json"]));
    assert_eq!(calls, get(&server, "/api/v1/calls").await);
    assert_eq!(calls["calls"][0]["ended"]["name"], "hung_up", "{calls}");
    assert_eq!(calls["calls"][0]["cost"], 0.0, "{calls}");
    let gaps = voicera(&server, &["gaps"]);
    assert!(gaps.contains("chief executive"), "{gaps}");
    let lines = voicera(&server, &["calls", "export"]);
    assert_eq!(lines.lines().count(), 6, "{lines}");
    let said = voicera(&server, &["calls", "forget", "--call", "CA1", "--yes"]);
    assert_eq!(said, "Forgotten: 1 call.\n");
    let missing = get(&server, "/api/v1/calls/CA1").await;
    assert_eq!(missing["status"], 404, "{missing}");
    server.stop().await;
}

async fn get(server: &Server, path: &str) -> Value {
    let client = reqwest::Client::builder().no_proxy().tls_certs_only([]);
    let url = format!("http://{}{path}", server.address);
    let answer = client.build().unwrap().get(url).send().await.unwrap();
    parse(&answer.text().await.unwrap())
}

fn voicera(server: &Server, arguments: &[&str]) -> String {
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
