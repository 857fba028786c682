//! What a model finds out about calls: once for each, whatever happens meanwhile.

use std::time::Duration;

use serde_json::Value;
use tokio::time::{sleep, timeout};
use voicera_models::testing::{Script, ScriptedVendor, Shape};

use crate::line::Line;
use crate::model;
use crate::server::{PATIENCE, Server};

const ANALYSIS: &str = "{\"summary\": \"The caller asked how long it takes.\", \
    \"sentiment\": \"positive\", \"entities\": []}";

#[tokio::test]
async fn a_model_is_asked_about_a_call_once_it_has_ended() {
    let vendor = ScriptedVendor::start(words("About 18 days.")).await;
    let server = Server::start(&config(&vendor, "30s")).await;
    let mut line = Line::open(&server, "CA1").await;
    line.ask("How long does it take? My card is 4111 1111 1111 1111.")
        .await;
    vendor.set_script(words(ANALYSIS));
    line.hang_up().await;
    let analyses = analyses(&server).await;
    let insights = &analyses["model"]["insights"];
    assert_eq!(insights["summary"], "The caller asked how long it takes.");
    assert_eq!(insights["sentiment"]["overall"], "positive");
    assert!(insights["services"].is_null(), "{insights}");
    // What was masked is not sent for analysis either.
    let asked = vendor.requests().pop().unwrap().json().to_string();
    assert!(
        asked.contains("[card ") && !asked.contains("4111"),
        "{asked}"
    );
    assert_nothing_waits(&server).await;
    server.stop().await;
    assert_eq!(vendor.requests().len(), 2, "its own answer asks it nothing");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_killed_while_the_model_is_asked_asks_again() {
    asks_again_after(Server::kill).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_stops_while_the_model_is_asked_asks_again() {
    asks_again_after(|server| {
        server.terminate();
        server.wait();
    })
    .await;
}

async fn asks_again_after(end: fn(&mut Server)) {
    let vendor = ScriptedVendor::start(words("About 18 days.")).await;
    let mut server = Server::start(&config(&vendor, "2s")).await;
    call(&server, &vendor, Script::new(Shape::OpenAi).head().hang()).await;
    asked(&vendor, 2).await;
    tokio::task::block_in_place(|| end(&mut server));
    let before = vendor.requests().len();
    vendor.set_script(words(ANALYSIS));

    let server = server.start_again().await;
    let analyses = analyses(&server).await;
    let insights = &analyses["model"]["insights"];
    assert_eq!(insights["summary"], "The caller asked how long it takes.");
    assert_nothing_waits(&server).await;
    let log = server.stop().await;
    assert_eq!(vendor.requests().len(), before + 1, "{log}");
}

#[tokio::test]
async fn a_vendor_that_fails_is_asked_until_it_answers() {
    let vendor = ScriptedVendor::start(words("About 18 days.")).await;
    let server = Server::start(&config(&vendor, "30s")).await;
    let mut line = Line::open(&server, "CA1").await;
    line.ask("How long?").await;
    vendor.set_scripts([
        Script::status(503, &[], "oops"),
        Script::new(Shape::OpenAi)
            .head()
            .text("{\"summary\"")
            .reset(),
        words(ANALYSIS),
    ]);
    line.hang_up().await;
    let analyses = analyses(&server).await;
    let insights = &analyses["model"]["insights"];
    assert_eq!(insights["sentiment"]["overall"], "positive");
    let log = server.stop().await;
    assert_eq!(vendor.requests().len(), 4);
    let told = log.lines().filter(|line| line.contains("\"WARN\"")).count();
    assert_eq!(told, 1, "the log says why once\n{log}");
}

#[tokio::test]
async fn what_to_set_is_said_of_a_bad_key_and_the_model_is_asked_again_once_it_is_good() {
    let vendor = ScriptedVendor::start(words("About 18 days.")).await;
    let server = Server::start(&config(&vendor, "30s")).await;
    let refusal = Script::status(401, &[], "{\"error\":{\"message\":\"bad key\"}}");
    call(&server, &vendor, refusal).await;
    let advice = "name the environment variable that holds it as `key`: bad key";
    server.logs(advice).await;
    vendor.set_script(words(ANALYSIS));
    analyses(&server).await;
    server.stop().await;
}

#[tokio::test]
async fn what_no_model_says_the_operators_say() {
    let vendor = ScriptedVendor::start(words("About 18 days.")).await;
    let server = Server::start(&config(&vendor, "30s")).await;
    let mut line = Line::open(&server, "CA1").await;
    line.ask("I want to speak to a manager").await;
    line.hang_up().await;
    server
        .logs("the model does not answer as it is asked to")
        .await;
    let found = server.get("/api/v1/calls/CA1/insights").await;
    let [operators] = &found["analyses"].as_array().unwrap()[..] else {
        panic!("{found}");
    };
    assert_eq!(operators["origin"], "operators");
    assert_eq!(operators["insights"]["escalation"]["detected"], true);
    server.stop().await;
}

fn config(vendor: &ScriptedVendor, patience: &str) -> String {
    let model = model(vendor);
    format!("[insight]\nask_model = true\npatience = \"{patience}\"\n{model}")
}

fn words(text: &str) -> Script {
    Script::words(Shape::OpenAi, text)
}

/// A call about which the vendor is asked, and then does as it is told.
async fn call(server: &Server, vendor: &ScriptedVendor, then: Script) {
    let mut line = Line::open(server, "CA1").await;
    line.ask("How long does it take?").await;
    vendor.set_script(then);
    line.hang_up().await;
}

/// The vendor was asked so often.
async fn asked(vendor: &ScriptedVendor, times: usize) {
    let asked = async {
        while vendor.requests().len() < times {
            sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(PATIENCE, asked).await.unwrap();
}

/// The analyses of the call, by their origins, once there are two.
async fn analyses(server: &Server) -> Value {
    let found = server.get_until("/api/v1/calls/CA1/insights", |found| {
        found["analyses"].as_array().is_some_and(|it| it.len() == 2)
    });
    let found = found.await["analyses"].as_array().unwrap().clone();
    let by_origin = |analysis: Value| {
        let origin = analysis["origin"].as_str().unwrap().to_owned();
        (origin, analysis)
    };
    let by_origin: serde_json::Map<_, _> = found.into_iter().map(by_origin).collect();
    assert_eq!(by_origin.len(), 2, "{by_origin:?}");
    Value::Object(by_origin)
}

async fn assert_nothing_waits(server: &Server) {
    let outbox = server.get_until("/api/v1/outbox", |outbox| {
        outbox["parcels"] == Value::Array(Vec::new())
    });
    outbox.await;
}
