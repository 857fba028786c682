//! The paths over real sockets, as programs ask them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

use expect_test::{Expect, expect};
use reqwest::Client;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::time::timeout;
use voicera::digest::price::Price;
use voicera::insight::gaps;
use voicera::masking::Rules;
use voicera::ports::TranscriptSink as _;
use voicera::testing::archive::Shelf;
use voicera::testing::transcript_sink::call;
use voicera_transcripts::live::{Live, Settings};

use super::*;
use crate::config::{self, Environment, Source};
use crate::connections::{self, Limits};
use crate::knowledge::{self, Keeping};
use crate::samples::{self, Faulty, Tray, shelf};

/// How long anything may take.
const PATIENCE: Duration = Duration::from_secs(20);

const KEY: &str = "a-key-that-nobody-guesses";

/// A server, how it is asked, and the status with which it answers.
struct Case {
    server: &'static str,
    method: &'static str,
    /// As the document writes it.
    path: &'static str,
    /// As it is asked.
    asked: &'static str,
    status: u16,
}

/// Every status of every path is documented, and every documented one is answered.
#[tokio::test]
async fn the_document_names_every_status() {
    let folder = tempfile::tempdir().unwrap();
    let keeping = index(folder.path()).await;
    let servers = servers(&keeping).await;
    let mut seen: BTreeMap<String, BTreeSet<u16>> = BTreeMap::new();
    for case in cases() {
        if case.server == "broken index" {
            let _ = std::fs::remove_file(folder.path().join("knowledge_base/rates.md"));
        }
        let server = &servers[match case.server {
            "broken index" => "whole",
            name => name,
        }];
        let (status, kind, body) = server.ask(case.method, case.asked, &[]).await;
        let what = format!("{} {} of {}", case.method, case.asked, case.server);
        assert_eq!(status, case.status, "{what}: {body}");
        if status >= 400 {
            assert_eq!(kind, "application/problem+json", "{what}");
            assert_eq!(body["status"], status, "{what}: {body}");
            assert!(!body["detail"].as_str().unwrap().is_empty(), "{what}");
            assert!(!body.to_string().contains("/secret/path"), "{what}: {body}");
        }
        let operation = format!("{} {}", case.method, case.path);
        seen.entry(operation.clone()).or_default().insert(status);
        let (status, _, body) = server
            .ask(
                case.method,
                case.asked,
                &[("x-forwarded-for", "203.0.113.9")],
            )
            .await;
        assert_eq!(status, 401, "{what}: {body}");
        seen.entry(operation).or_default().insert(status);
    }
    let document = serde_json::to_value(document()).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    let mut names = BTreeSet::new();
    let mut documented: BTreeMap<String, BTreeSet<u16>> = BTreeMap::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let name = operation["operationId"].as_str().unwrap();
            assert!(names.insert(name), "two operations are called {name}");
            let statuses = operation["responses"].as_object().unwrap().keys();
            let statuses = statuses.map(|status| status.parse().unwrap()).collect();
            documented.insert(format!("{} {path}", method.to_uppercase()), statuses);
        }
    }
    assert_eq!(seen, documented);
}

fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    let mut of = |method, path, asked: &[(&'static str, &'static str, u16)]| {
        for (server, asked, status) in asked {
            cases.push(Case {
                server,
                method,
                path,
                asked,
                status: *status,
            });
        }
    };
    of(
        "GET",
        "/api/v1/calls",
        &[
            ("whole", "/api/v1/calls", 200),
            ("whole", "/api/v1/calls?limit=0", 400),
            ("bare", "/api/v1/calls", 409),
            ("damaged", "/api/v1/calls", 500),
            ("unavailable", "/api/v1/calls", 503),
        ],
    );
    of(
        "GET",
        "/api/v1/calls/{id}",
        &[
            ("whole", "/api/v1/calls/CA1", 200),
            ("whole", "/api/v1/calls/%ff", 400),
            ("whole", "/api/v1/calls/CA9", 404),
            ("bare", "/api/v1/calls/CA1", 409),
            ("damaged", "/api/v1/calls/CA1", 500),
            ("unavailable", "/api/v1/calls/CA1", 503),
        ],
    );
    of(
        "GET",
        "/api/v1/calls/{id}/insights",
        &[
            ("whole", "/api/v1/calls/CA1/insights", 200),
            ("whole", "/api/v1/calls/%ff/insights", 400),
            ("whole", "/api/v1/calls/CA9/insights", 404),
            ("bare", "/api/v1/calls/CA1/insights", 409),
            ("damaged", "/api/v1/calls/CA1/insights", 500),
            ("unavailable", "/api/v1/calls/CA1/insights", 503),
        ],
    );
    of(
        "GET",
        "/api/v1/search",
        &[
            ("whole", "/api/v1/search?q=long", 200),
            ("whole", "/api/v1/search", 400),
            ("bare", "/api/v1/search?q=long", 409),
            ("damaged", "/api/v1/search?q=long", 500),
            ("unavailable", "/api/v1/search?q=long", 503),
        ],
    );
    of(
        "GET",
        "/api/v1/totals",
        &[
            ("whole", "/api/v1/totals", 200),
            ("whole", "/api/v1/totals?every=year", 400),
            ("bare", "/api/v1/totals", 409),
            ("damaged", "/api/v1/totals", 500),
            ("unavailable", "/api/v1/totals", 503),
        ],
    );
    of(
        "GET",
        "/api/v1/outbox",
        &[
            ("whole", "/api/v1/outbox", 200),
            ("whole", "/api/v1/outbox?state=lost", 400),
            ("bare", "/api/v1/outbox", 409),
            ("damaged", "/api/v1/outbox", 500),
            ("unavailable", "/api/v1/outbox", 503),
        ],
    );
    of(
        "POST",
        "/api/v1/outbox/retry",
        &[
            ("whole", "/api/v1/outbox/retry", 200),
            ("whole", "/api/v1/outbox/retry?all=true", 400),
            ("bare", "/api/v1/outbox/retry", 409),
            ("damaged", "/api/v1/outbox/retry", 500),
            ("unavailable", "/api/v1/outbox/retry", 503),
        ],
    );
    of(
        "DELETE",
        "/api/v1/calls/{id}",
        &[
            ("whole", "/api/v1/calls/CA1", 204),
            ("whole", "/api/v1/calls/CA1", 404),
            ("whole", "/api/v1/calls/CA2", 409),
            ("whole", "/api/v1/calls/%ff", 400),
            ("bare", "/api/v1/calls/CA1", 409),
            ("damaged", "/api/v1/calls/CA1", 500),
            ("unavailable", "/api/v1/calls/CA1", 503),
        ],
    );
    of(
        "DELETE",
        "/api/v1/callers/{number}",
        &[
            ("whole", "/api/v1/callers/+14155550100", 200),
            ("whole", "/api/v1/callers/%ff", 400),
            ("bare", "/api/v1/callers/1", 409),
            ("damaged", "/api/v1/callers/1", 500),
            ("unavailable", "/api/v1/callers/1", 503),
        ],
    );
    of(
        "POST",
        "/api/v1/knowledge/reload",
        &[
            ("whole", "/api/v1/knowledge/reload", 200),
            ("bare", "/api/v1/knowledge/reload", 409),
            ("broken index", "/api/v1/knowledge/reload", 500),
        ],
    );
    of(
        "GET",
        "/api/v1/gaps",
        &[
            ("whole", "/api/v1/gaps", 200),
            ("whole", "/api/v1/gaps?since=today", 400),
            ("bare", "/api/v1/gaps", 409),
            ("damaged", "/api/v1/gaps", 500),
            ("unavailable", "/api/v1/gaps", 503),
        ],
    );
    of(
        "GET",
        "/api/v1/live",
        &[
            ("whole", "/api/v1/live?call=CA1", 200),
            ("whole", "/api/v1/live?calls=CA1", 400),
            ("bare", "/api/v1/live", 409),
            ("unavailable", "/api/v1/live", 503),
        ],
    );
    of(
        "GET",
        "/api/v1/openapi.json",
        &[("bare", "/api/v1/openapi.json", 200)],
    );
    cases
}

#[tokio::test]
async fn calls_are_listed_page_by_page() {
    let server = whole().await;
    let (_, _, first) = server.ask("GET", "/api/v1/calls?limit=1", &[]).await;
    assert_eq!(first["calls"][0]["id"], "CA2");
    let next = first["next"].as_str().unwrap();
    let (_, _, second) = server
        .ask("GET", &format!("/api/v1/calls?limit=1&next={next}"), &[])
        .await;
    check(
        &second,
        expect![[r#"
        {
          "calls": [
            {
              "apologies": 0,
              "cost": 0.000858,
              "ended": {
                "duration_ms": 9876,
                "name": "handed_off",
                "reason": "the caller asks for a person",
                "turns": 1
              },
              "escalated": true,
              "from": "+14155550100",
              "id": "CA1",
              "interruptions": 1,
              "models": [
                {
                  "cached_tokens": 1024,
                  "model": "a/model",
                  "prompt_tokens": 1200,
                  "reply_tokens": 17
                }
              ],
              "sentiment": "mixed",
              "services": [
                "Sea freight",
                "Customs & \"duties\""
              ],
              "started": "2026-11-21T22:26:40.123Z",
              "summary": "They spoke,\nand 洛.",
              "to": "+14155550199",
              "waits_ms": [
                311.0
              ]
            }
          ]
        }
    "#]],
    );
}

#[tokio::test]
async fn every_filter_counts() {
    let server = whole().await;
    let check = async |query: &str, expected: &[&str]| {
        let (status, _, body) = server
            .ask("GET", &format!("/api/v1/calls?{query}"), &[])
            .await;
        assert_eq!(status, 200, "{query}: {body}");
        let calls = body["calls"].as_array().unwrap().iter();
        let ids: Vec<_> = calls.map(|call| call["id"].as_str().unwrap()).collect();
        assert_eq!(ids, expected, "{query}");
    };
    check("", &["CA2", "CA1"]).await;
    check("state=open", &["CA2"]).await;
    check("ending=handed_off", &["CA1"]).await;
    check("caller=%2B14155550100", &["CA1"]).await;
    check("q=anybody", &["CA2"]).await;
    check("since=2026-11-22T00:00:00Z", &["CA2"]).await;
    check("until=2026-11-22T23:00:00%2B01:00", &["CA1"]).await;
}

#[tokio::test]
async fn a_transcript_is_shown_as_it_is_kept() {
    let server = whole().await;
    let (_, _, body) = server.ask("GET", "/api/v1/calls/CA1", &[]).await;
    assert_eq!(body["call"]["id"], "CA1");
    assert_eq!(body["entries"][2]["heard"], "It takes **18** to 20 days.");
    let (_, _, body) = server.ask("GET", "/api/v1/calls/CA1/insights", &[]).await;
    let origins = body["analyses"].as_array().unwrap().iter();
    let origins: Vec<_> = origins.map(|a| a["origin"].as_str().unwrap()).collect();
    assert_eq!(origins, ["operators", "model"]);
}

#[tokio::test]
async fn a_search_shows_the_lines() {
    let server = whole().await;
    let (_, _, body) = server.ask("GET", "/api/v1/search?q=days", &[]).await;
    check(
        &body,
        expect![[r#"
        {
          "calls": [
            {
              "id": "CA1",
              "lines": [
                {
                  "entry": 2,
                  "places": [
                    [
                      22,
                      26
                    ]
                  ],
                  "speaker": "agent",
                  "text": "It takes **18** to 20 days.",
                  "turn": 1
                }
              ],
              "started": "2026-11-21T22:26:40.123Z"
            }
          ]
        }
    "#]],
    );
}

#[tokio::test]
async fn totals_are_added_up_by_day() {
    let server = whole().await;
    let (_, _, body) = server
        .ask("GET", "/api/v1/totals?since=2026-11-20T00:00:00Z", &[])
        .await;
    check(
        &body,
        expect![[r#"
        {
          "every": "day",
          "since": "2026-11-20T00:00:00.000Z",
          "spans": [
            {
              "apologies": 0,
              "calls": 1,
              "cost": 0.000858,
              "endings": {
                "handed_off": 1
              },
              "escalated": 1,
              "interruptions": 1,
              "minutes": 0.16,
              "models": {
                "a/model": {
                  "cached_tokens": 1024,
                  "cost": 0.000858,
                  "prompt_tokens": 1200,
                  "reply_tokens": 17,
                  "untold": 0
                }
              },
              "open": 0,
              "sentiments": {
                "mixed": 1
              },
              "services": {
                "Customs & \"duties\"": 1,
                "Sea freight": 1
              },
              "start": "2026-11-21T00:00:00.000Z",
              "turns": 1,
              "waits": {
                "count": 1,
                "p50_ms": 311.295,
                "p95_ms": 311.295,
                "p99_ms": 311.295
              }
            },
            {
              "apologies": 0,
              "calls": 1,
              "cost": 0.0,
              "endings": {},
              "escalated": 0,
              "interruptions": 0,
              "minutes": 0.0,
              "models": {},
              "open": 1,
              "sentiments": {},
              "services": {},
              "start": "2026-11-22T00:00:00.000Z",
              "turns": 0,
              "waits": {
                "count": 0,
                "p50_ms": null,
                "p95_ms": null,
                "p99_ms": null
              }
            }
          ],
          "total": {
            "apologies": 0,
            "calls": 2,
            "cost": 0.000858,
            "endings": {
              "handed_off": 1
            },
            "escalated": 1,
            "interruptions": 1,
            "minutes": 0.16,
            "models": {
              "a/model": {
                "cached_tokens": 1024,
                "cost": 0.000858,
                "prompt_tokens": 1200,
                "reply_tokens": 17,
                "untold": 0
              }
            },
            "open": 1,
            "sentiments": {
              "mixed": 1
            },
            "services": {
              "Customs & \"duties\"": 1,
              "Sea freight": 1
            },
            "turns": 1,
            "waits": {
              "count": 1,
              "p50_ms": 311.295,
              "p95_ms": 311.295,
              "p99_ms": 311.295
            }
          },
          "until": "2026-11-23T12:00:00.000Z"
        }
    "#]],
    );
    let (_, _, body) = server
        .ask(
            "GET",
            "/api/v1/totals?every=hour&since=1970-01-01T00:00:00Z",
            &[],
        )
        .await;
    assert_eq!(body["since"], "2026-10-12T20:00:00.000Z", "1000 hours");
}

#[tokio::test]
async fn open_questions_are_grouped() {
    let archive = Shelf::default();
    for id in ["CA3", "CA4"] {
        for entry in samples::unanswered(id, "Do you ship to the moon?") {
            archive.append(&entry).await.unwrap();
        }
    }
    let server = Server::start(Parts {
        archive: Some(Arc::new(archive)),
        ..nothing()
    })
    .await;
    let (_, _, body) = server.ask("GET", "/api/v1/gaps", &[]).await;
    check(
        &body,
        expect![[r#"
        {
          "calls": 2,
          "forgotten": 0,
          "gaps": [
            {
              "calls": [
                "CA3",
                "CA4"
              ],
              "count": 2,
              "examples": [
                "Do you ship to the moon?"
              ],
              "question": "Do you ship to the moon?",
              "why": {
                "fallback": 2
              }
            }
          ],
          "since": "2026-10-24T12:00:00.000Z",
          "until": "2026-11-23T12:00:00.000Z"
        }
    "#]],
    );
}

#[tokio::test]
async fn the_outbox_is_shown_and_tried_again() {
    let server = whole().await;
    let (_, _, body) = server.ask("GET", "/api/v1/outbox?state=dead", &[]).await;
    check(
        &body,
        expect![[r#"
        {
          "parcels": [
            {
              "attempts": 12,
              "call": "CA1",
              "destination": "https://crm.example.com/calls",
              "due": "2026-11-22T22:26:40.000Z",
              "id": "call:CA1:4",
              "state": "dead",
              "subject": "call",
              "trouble": "it answers 410: the hook was removed",
              "written": "2026-11-21T22:26:50.000Z"
            }
          ]
        }
    "#]],
    );
    let (_, _, body) = server.ask("POST", "/api/v1/outbox/retry", &[]).await;
    assert_eq!(body["retried"], 1);
    let (_, _, body) = server.ask("GET", "/api/v1/outbox?state=dead", &[]).await;
    assert_eq!(body["parcels"].as_array().unwrap().len(), 0);
}

#[tokio::test]
async fn who_listens_hears_what_is_said_and_what_was_missed() {
    let live = Arc::new(Live::new(&Settings { behind: 2 }));
    let server = Server::start(Parts {
        live: Some(Feed::new(Arc::clone(&live), 2)),
        ..nothing()
    })
    .await;
    let one = server.send("GET", "/api/v1/live?call=CA1", &[]).await;
    assert_eq!(one.headers()["content-type"], "text/event-stream");
    let all = server.send("GET", "/api/v1/live", &[]).await;
    let third = server.send("GET", "/api/v1/live", &[]).await;
    assert_eq!(third.status(), 503);
    assert_eq!(third.headers()["retry-after"], "5");
    // Nothing is sent before all of it is said, because this test is one thread.
    for entry in call("CA1").iter().take(2).chain(&samples::open("CA2")) {
        live.append(entry).await.unwrap();
    }
    let events = read(all, 3).await;
    let events: Vec<_> = events
        .iter()
        .map(|event| event.split_once("\ndata: ").unwrap())
        .collect();
    assert_eq!(events[0], ("id: 1\nevent: lagged", "{\"missed\": 2}"));
    let (head, data) = events[2];
    assert_eq!(head, "id: 3\nevent: entry");
    let entry: Value = serde_json::from_str(data).unwrap();
    assert_eq!(
        (&entry["call"], &entry["text"]),
        (&"CA2".into(), &"Is anybody there?".into())
    );
    // This one hears no other call.
    live.append(&call("CA1")[2]).await.unwrap();
    let events = read(one, 2).await;
    assert!(
        events[1].contains("It takes **18** to 20 days."),
        "{events:?}"
    );
    // Their places are free again.
    let free = async { while server.send("GET", "/api/v1/live", &[]).await.status() != 200 {} };
    timeout(PATIENCE, free).await.unwrap();
}

/// So many events of a stream, which is then closed.
async fn read(mut stream: reqwest::Response, events: usize) -> Vec<String> {
    let mut text = String::new();
    while text.matches("\n\n").count() < events {
        let chunk = timeout(PATIENCE, stream.chunk()).await.unwrap();
        text += std::str::from_utf8(&chunk.unwrap().unwrap()).unwrap();
    }
    let events = text.trim_end().split("\n\n");
    events.map(str::to_owned).collect()
}

#[tokio::test]
async fn a_wrong_parameter_is_named_with_what_to_write() {
    let server = whole().await;
    let check = async |path: &str, field: &str, why: &str| {
        let (status, _, body) = server.ask("GET", &format!("/api/v1/{path}"), &[]).await;
        assert_eq!(status, 400, "{path}: {body}");
        assert_eq!(body["field"], field, "{path}: {body}");
        let detail = body["detail"].as_str().unwrap();
        assert!(detail.contains(why), "{path}: {detail}");
    };
    check("calls?limit=201", "limit", "a number from 1 to 200").await;
    check("calls?limit=", "limit", "a number from 1 to 200").await;
    check("calls?since=today", "since", "2026-11-23T10:00:00Z").await;
    check("calls?sentiment=sad", "sentiment", "positive, neutral").await;
    check("calls?next=zz", "next", "of the page before").await;
    check("calls?colour=red", "colour", "expected one of `since`").await;
    check("calls?limit=1&limit=2", ".", "duplicate field `limit`").await;
    check("search?q=%20", "q", "a word").await;
    check("search", ".", "missing field `q`").await;
}

#[tokio::test]
async fn who_shows_the_key_may_ask_and_who_shows_another_may_not() {
    let server = whole().await;
    let far = ("x-forwarded-for", "203.0.113.9");
    let check = async |headers: &[(&str, &str)], expected: u16, why: &str| {
        let (status, _, body) = server.ask("GET", "/api/v1/calls", headers).await;
        assert_eq!(status, expected, "{headers:?}: {body}");
        let said = body.to_string();
        assert!(said.contains(why), "{headers:?}: {said}");
    };
    let right = format!("Bearer {KEY}");
    let longer = format!("Bearer {KEY}x");
    check(&[far, ("authorization", &right)], 200, "").await;
    check(
        &[far, ("authorization", &right.replace("Bearer", "bearer"))],
        200,
        "",
    )
    .await;
    check(&[far], 401, "ask from the same machine").await;
    check(&[far, ("authorization", &longer)], 401, "the key is wrong").await;
    check(&[("authorization", "Bearer ")], 401, "the key is wrong").await;
    check(&[("authorization", KEY)], 401, "Authorization: Bearer KEY").await;
    check(&[("host", "evil.example.com")], 401, "another host").await;
    check(
        &[("origin", "https://evil.example.com")],
        401,
        "another site",
    )
    .await;
    check(&[("sec-fetch-site", "cross-site")], 401, "another site").await;
    check(&[("sec-fetch-site", "same-site")], 401, "another site").await;
    check(&[("sec-fetch-site", "same-origin")], 200, "").await;
    let bare = Server::start(Parts {
        key: None,
        ..nothing()
    })
    .await;
    let (status, _, body) = bare
        .ask("GET", "/api/v1/calls", &[("authorization", &right)])
        .await;
    assert_eq!(status, 401, "{body}");
    assert!(
        body["fix"].as_str().unwrap().contains("[api] key"),
        "{body}"
    );
}

#[tokio::test]
async fn unknown_paths_and_methods_are_problems_too() {
    let server = whole().await;
    for path in [
        "/api/v1/nothing",
        "/api/v2/calls",
        "/api/v1/calls/a/b/c",
        "/api/v1/",
    ] {
        let (status, kind, body) = server.ask("GET", path, &[]).await;
        assert_eq!(
            (status, &*kind),
            (404, "application/problem+json"),
            "{body}"
        );
    }
    let response = server.send("GET", "/api/v1/calls/CA1", &[]).await;
    assert_eq!(response.headers()["cache-control"], "no-store");
    let response = server.send("PUT", "/api/v1/calls/CA1", &[]).await;
    assert_eq!(response.status(), 405);
    let allow = response.headers()["allow"].to_str().unwrap().to_owned();
    assert!(allow.contains("GET") && allow.contains("DELETE"), "{allow}");
    assert_eq!(
        response.headers()["content-type"],
        "application/problem+json"
    );
}

/// A server on a port of its own, until it is dropped.
struct Server {
    address: String,
    client: Client,
    _over: watch::Sender<()>,
}

impl Server {
    async fn start(parts: Parts) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (over, told) = watch::channel(());
        let limits = Limits {
            connections: 64,
            head: Duration::from_secs(10),
        };
        tokio::spawn(connections::serve(listener, router(parts), limits, told));
        let client = Client::builder().no_proxy().tls_certs_only([]);
        let client = client.timeout(PATIENCE).build().unwrap();
        Self {
            address,
            client,
            _over: over,
        }
    }

    async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> reqwest::Response {
        let url = format!("http://{}{path}", self.address);
        let mut request = self.client.request(method.parse().unwrap(), url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.send().await.unwrap()
    }

    /// The status, the kind of content and the body.
    async fn ask(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
    ) -> (u16, String, Value) {
        let response = self.send(method, path, headers).await;
        let status = response.status().as_u16();
        let kind = response.headers().get("content-type");
        let kind = kind.map_or("", |kind| kind.to_str().unwrap()).to_owned();
        // Events never end.
        let body = match kind.starts_with("text/event-stream") {
            true => String::new(),
            false => response.text().await.unwrap(),
        };
        let body = match body.is_empty() {
            true => Value::Null,
            false => serde_json::from_str(&body).unwrap(),
        };
        (status, kind, body)
    }
}

async fn servers(keeping: &Keeping) -> BTreeMap<&'static str, Server> {
    let faulty = |faulty: Arc<Faulty>| Parts {
        archive: Some(Arc::clone(&faulty) as _),
        outbox: Some(faulty),
        live: Some(Feed::new(Arc::new(Live::new(&Settings::default())), 0)),
        ..nothing()
    };
    let whole = Parts {
        indexes: keeping.handles(),
        ..something().await
    };
    BTreeMap::from([
        ("whole", Server::start(whole).await),
        ("bare", Server::start(nothing()).await),
        ("damaged", Server::start(faulty(Faulty::damaged())).await),
        (
            "unavailable",
            Server::start(faulty(Faulty::unavailable())).await,
        ),
    ])
}

async fn whole() -> Server {
    Server::start(something().await).await
}

async fn something() -> Parts {
    let price = Price {
        input: 1.0,
        cached_input: 0.5,
        output: 10.0,
    };
    Parts {
        archive: Some(shelf().await),
        outbox: Some(Tray::with_two()),
        live: Some(Feed::new(Arc::new(Live::new(&Settings::default())), 8)),
        prices: [("a/model".to_owned(), price)].into_iter().collect(),
        key: Some(KEY.into()),
        ..nothing()
    }
}

fn nothing() -> Parts {
    Parts {
        archive: None,
        outbox: None,
        live: None,
        indexes: Vec::new(),
        prices: Prices::default(),
        open: gaps::Settings::default(),
        masker: Masker::new(Rules::default()),
        key: None,
        // 2026-11-23T12:00:00Z
        now: || SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_435_200),
    }
}

/// An index of one document in a folder.
async fn index(folder: &Path) -> Keeping {
    std::fs::create_dir(folder.join("knowledge_base")).unwrap();
    let document = "# Rates\n\nA box costs 5 dollars.\n";
    std::fs::write(folder.join("knowledge_base/rates.md"), document).unwrap();
    let environment = Environment::default();
    let source = Source {
        name: "voicera.toml",
        text: "[retriever]\nkind = \"rag\"\n",
        folder,
    };
    let config = config::read(source, &environment).unwrap();
    let knowledge = knowledge::open(&config, &environment).await.unwrap();
    knowledge.keeper.unwrap().start().unwrap()
}

fn check(body: &Value, expected: Expect) {
    expected.assert_eq(&format!("{body:#}\n"));
}
