//! The built binary, started in a folder of its own.

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use crate::parse;

/// How long anything may take before a test gives up.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) struct Server {
    pub(crate) address: String,
    child: Child,
    folder: Arc<TempDir>,
    log: Arc<Mutex<String>>,
    logging: Option<JoinHandle<()>>,
    told_to_stop: bool,
}

impl Server {
    /// Starts with the given configuration, on a port of its own, and waits until it listens.
    pub(crate) async fn start(config: &str) -> Self {
        let knowledge = concat!(env!("CARGO_MANIFEST_DIR"), "/../../knowledge_base");
        let config = format!("knowledge_base = {knowledge:?}\n{config}");
        Self::start_in(tempfile::tempdir().unwrap(), &config).await
    }

    /// Starts in a folder that may hold documents. The configuration begins in `[retriever]`.
    pub(crate) async fn start_in(folder: TempDir, config: &str) -> Self {
        // The archive is what counts, and the copy is easy to read.
        let top = "listen = \"127.0.0.1:0\"\n[log]\nformat = \"json\"\n\
            [[transcripts]]\nkind = \"sqlite\"\n[[transcripts]]\nkind = \"jsonl\"\n";
        Self::start_with(folder, &format!("{top}[retriever]\n{config}")).await
    }

    /// Starts in a folder with a configuration that is whole.
    pub(crate) async fn start_with(folder: TempDir, config: &str) -> Self {
        std::fs::write(folder.path().join("voicera.toml"), config).unwrap();
        Self::launch(Arc::new(folder)).await
    }

    /// Starts once more after a [`Self::kill`], on another port.
    pub(crate) async fn start_again(&self) -> Self {
        Self::launch(Arc::clone(&self.folder)).await
    }

    async fn launch(folder: Arc<TempDir>) -> Self {
        let mut child = command(folder.path()).spawn().unwrap();
        let log = Arc::new(Mutex::new(String::new()));
        let logging = {
            let log = Arc::clone(&log);
            let stderr = BufReader::new(child.stderr.take().unwrap());
            std::thread::spawn(move || {
                for line in stderr.lines() {
                    let mut log = log.lock().unwrap();
                    log.push_str(&line.unwrap());
                    log.push('\n');
                }
            })
        };
        let stdout = child.stdout.take().unwrap();
        let first = tokio::task::spawn_blocking(move || {
            let mut line = String::new();
            let mut stdout = BufReader::new(stdout);
            stdout.read_line(&mut line).unwrap();
            // Nobody may be kept from writing by a full pipe.
            std::thread::spawn(move || stdout.read_to_end(&mut Vec::new()));
            line
        });
        let first = tokio::time::timeout(PATIENCE, first)
            .await
            .unwrap()
            .unwrap();
        let Some((_, address)) = first.split_once("http://") else {
            logging.join().unwrap();
            let why = log.lock().unwrap();
            panic!("it does not serve: {first}{why}");
        };
        let address = address.split(',').next().unwrap().trim().to_owned();
        Self {
            address,
            child,
            folder,
            log,
            logging: Some(logging),
            told_to_stop: false,
        }
    }

    /// The entries of a call, once there are so many.
    pub(crate) async fn transcript(&self, call: &str, entries: usize) -> Vec<Value> {
        let read = async {
            loop {
                let kept = std::fs::read_to_string(self.folder.path().join("calls.jsonl"));
                let kept = kept.unwrap_or_default();
                let whole = kept.rsplit_once('\n').map_or("", |(whole, _)| whole);
                let found = whole
                    .lines()
                    .map(parse)
                    .filter(|entry| entry["call"] == call && entry["kind"] != "analysis");
                let found: Vec<_> = found.collect();
                if found.len() >= entries {
                    return found;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let read = tokio::time::timeout(PATIENCE, read).await;
        read.unwrap_or_else(|_| panic!("{call}: no {entries} entries"))
    }

    /// Sends a form and answers the status and the body.
    pub(crate) async fn post(
        &self,
        path: &str,
        headers: &[(&str, &str)],
        form: &str,
    ) -> (u16, String) {
        let client = reqwest::Client::builder()
            .no_proxy()
            .tls_certs_only([])
            .build()
            .unwrap();
        let mut request = client.post(format!("http://{}{path}", self.address));
        request = request.header("content-type", "application/x-www-form-urlencoded");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.body(form.to_owned()).send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    }

    /// Asks the API.
    pub(crate) async fn get(&self, path: &str) -> Value {
        let client = reqwest::Client::builder().no_proxy().tls_certs_only([]);
        let url = format!("http://{}{path}", self.address);
        let answer = client.build().unwrap().get(url).send().await.unwrap();
        parse(&answer.text().await.unwrap())
    }

    /// Asks the API until the answer is there.
    pub(crate) async fn get_until(&self, path: &str, there: impl Fn(&Value) -> bool) -> Value {
        let asked = async {
            loop {
                let answer = self.get(path).await;
                if there(&answer) {
                    return answer;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let answer = tokio::time::timeout(3 * PATIENCE, asked).await;
        answer.unwrap_or_else(|_| panic!("{path} has not what is expected\n{}", self.log()))
    }

    /// What it has logged so far.
    pub(crate) fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    pub(crate) async fn logs(&self, text: &str) {
        let logged = async {
            while !self.log().contains(text) {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        let logged = tokio::time::timeout(PATIENCE, logged).await;
        logged.unwrap_or_else(|_| panic!("no {text:?} in the log\n{}", self.log()));
    }

    /// Where it was started.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn terminate(&mut self) {
        // A second signal would stop it at once.
        self.told_to_stop = true;
        self.signal("-TERM");
    }

    pub(crate) fn signal(&self, signal: &str) {
        let pid = self.child.id().to_string();
        assert!(
            Command::new("kill")
                .args([signal, &pid])
                .status()
                .unwrap()
                .success()
        );
    }

    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.wait();
    }

    pub(crate) fn wait(&mut self) {
        self.child.wait().unwrap();
    }

    /// Stops it as an operator does, and answers its log.
    pub(crate) async fn stop(mut self) -> String {
        if !self.told_to_stop {
            self.terminate();
        }
        let logging = self.logging.take().unwrap();
        let ended = tokio::task::spawn_blocking(move || logging.join().unwrap());
        tokio::time::timeout(PATIENCE, ended)
            .await
            .unwrap()
            .unwrap();
        let log = self.log();
        let status = self.child.wait().unwrap();
        assert!(status.success(), "{status}\n{log}");
        log
    }
}

/// The binary, as it is started in a folder.
pub(crate) fn command(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_voicera"));
    for secret in [
        "GROQ_API_KEY",
        "OPENAI_API_KEY",
        "TWILIO_AUTH_TOKEN",
        "NGROK_URL",
        "PORT",
        "RUST_LOG",
    ] {
        command.env_remove(secret);
    }
    command
        .current_dir(folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
