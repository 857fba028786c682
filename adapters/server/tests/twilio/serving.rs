//! A server in a house, and who sends it what Twilio sends.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, Command};
use std::time::Duration;

use serde_json::Value;

use crate::house::House;

/// How long anything may take before a test gives up.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) struct Serving {
    address: String,
    child: Child,
}

impl Serving {
    /// Starts, and waits until it listens.
    pub(crate) fn start(house: &House) -> Self {
        let mut child = house.command(&[]).spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut first = String::new();
        stdout.read_line(&mut first).unwrap();
        // Nobody may be kept from writing by a full pipe.
        std::thread::spawn(move || stdout.read_to_end(&mut Vec::new()));
        let Some((_, address)) = first.split_once("http://") else {
            let output = child.wait_with_output().unwrap();
            panic!("{first}{}", String::from_utf8_lossy(&output.stderr));
        };
        let address = address.split(',').next().unwrap().trim().to_owned();
        Self { address, child }
    }

    /// Sends JSON, signed with this where there is something, and answers the status and the body.
    pub(crate) async fn post(&self, path: &str, signature: &str, body: &str) -> (u16, String) {
        let request = client().post(format!("http://{}{path}", self.address));
        let request = request.header("content-type", "application/json");
        answer(signed(request, signature).body(body.to_owned())).await
    }

    /// Sends JSON as a proxy does, from another machine.
    pub(crate) async fn post_from(&self, peer: &str, path: &str, body: &str) -> (u16, String) {
        let request = client().post(format!("http://{}{path}", self.address));
        let request = request.header("content-type", "application/json");
        let request = request.header("x-forwarded-for", peer);
        answer(request.body(body.to_owned())).await
    }

    pub(crate) async fn get(&self, path: &str, signature: &str) -> (u16, String) {
        let request = client().get(format!("http://{}{path}", self.address));
        answer(signed(request, signature)).await
    }

    /// The analyses of a call by the carrier, once there are so many.
    pub(crate) async fn by_the_carrier(&self, call: &str, count: usize) -> Vec<Value> {
        let found = async {
            loop {
                let path = format!("/api/v1/calls/{call}/insights");
                let (_, insights) = self.get(&path, "").await;
                let insights: Value = serde_json::from_str(&insights).unwrap();
                let analyses = insights["analyses"].as_array().unwrap().iter();
                let carrier = analyses.filter(|it| it["origin"] == "carrier");
                let carrier: Vec<_> = carrier.cloned().collect();
                if carrier.len() >= count {
                    return carrier;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(PATIENCE, found).await.unwrap()
    }

    /// Stops it as an operator does, and answers its log.
    pub(crate) fn stop(mut self) -> String {
        let pid = self.child.id().to_string();
        let told = Command::new("kill").args(["-TERM", &pid]).status();
        assert!(told.unwrap().success());
        let mut log = String::new();
        let mut stderr = self.child.stderr.take().unwrap();
        stderr.read_to_string(&mut log).unwrap();
        let status = self.child.wait().unwrap();
        assert!(status.success(), "{status}\n{log}");
        log
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn client() -> reqwest::Client {
    let client = reqwest::Client::builder().no_proxy().tls_certs_only([]);
    client.timeout(PATIENCE).build().unwrap()
}

fn signed(request: reqwest::RequestBuilder, signature: &str) -> reqwest::RequestBuilder {
    match signature {
        "" => request,
        signature => request.header("x-twilio-signature", signature),
    }
}

async fn answer(request: reqwest::RequestBuilder) -> (u16, String) {
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}
