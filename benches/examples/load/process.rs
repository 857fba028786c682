//! What is measured: a process of its own, started and ended here.

use std::fs::{self, File, OpenOptions};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::time::sleep;

use crate::http;

/// The kernel counts processor time in these.
const TICK: Duration = Duration::from_millis(10);

/// A start that takes longer has failed.
const START: Duration = Duration::from_secs(20);

/// A started process. Dropping it kills it.
#[derive(Debug)]
pub(crate) struct Process {
    pub(crate) address: SocketAddr,
    pub(crate) kind: Kind,
    /// From the start to the first accepted connection.
    pub(crate) started_in: Duration,
    child: Child,
    id: u32,
    log: File,
    _folder: TempDir,
    /// What nobody reads from.
    _pipe: Option<File>,
}

/// What takes the transcripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sink {
    /// The archive, as by default.
    Archive,
    /// A full pipe, which takes nothing and does not fail.
    Stalled,
}

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Relay,
    Voicera,
}

impl Kind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Relay => "bare relay",
            Self::Voicera => "voicera",
        }
    }
}

impl Process {
    pub(crate) async fn relay(vendor: SocketAddr, request_bytes: u64) -> anyhow::Result<Self> {
        let address = free_address()?;
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["relay", "--listen", &address.to_string()]);
        command.args(["--vendor", &vendor.to_string()]);
        command.args(["--request-bytes", &request_bytes.to_string()]);
        Self::start(Kind::Relay, command, address, tempfile::tempdir()?).await
    }

    pub(crate) async fn voicera(
        server: &Path,
        vendor: SocketAddr,
        knowledge_base: &Path,
        sink: Sink,
    ) -> anyhow::Result<Self> {
        let address = free_address()?;
        let folder = tempfile::tempdir()?;
        let pipe = match sink {
            Sink::Archive => None,
            Sink::Stalled => Some(full_pipe(&folder.path().join(PIPE))?),
        };
        let config = folder.path().join("voicera.toml");
        let knowledge_base = knowledge_base.canonicalize();
        let knowledge_base = knowledge_base.context("there is no such --knowledge-base")?;
        let mut settings = configuration(address, vendor, &knowledge_base);
        if pipe.is_some() {
            settings += &format!("[[transcripts]]\nkind = \"jsonl\"\npath = \"{PIPE}\"\n");
        }
        fs::write(&config, settings)?;
        let mut command = Command::new(server);
        command.arg("--config").arg(&config).arg("serve");
        command.env_clear().env("RUST_LOG", "warn").env(KEY, "none");
        command.current_dir(folder.path());
        let mut process = Self::start(Kind::Voicera, command, address, folder).await?;
        process._pipe = pipe;
        Ok(process)
    }

    async fn start(
        kind: Kind,
        mut command: Command,
        address: SocketAddr,
        folder: TempDir,
    ) -> anyhow::Result<Self> {
        let path = folder.path().join("log");
        let log = File::create(&path)?;
        command
            .stdout(log.try_clone()?)
            .stderr(log)
            .kill_on_drop(true);
        let start = Instant::now();
        let child = command.spawn();
        let child = child.with_context(|| format!("cannot start {:?}", command.as_std()))?;
        let mut process = Self {
            address,
            kind,
            started_in: Duration::ZERO,
            id: child.id().unwrap_or_default(),
            child,
            log: File::open(&path)?,
            _folder: folder,
            _pipe: None,
        };
        while TcpStream::connect(address).await.is_err() {
            if process.child.try_wait()?.is_some() || start.elapsed() > START {
                bail!("{} does not start: {}", kind.name(), process.last_words());
            }
            sleep(Duration::from_millis(5)).await;
        }
        process.started_in = start.elapsed();
        while kind == Kind::Voicera && !http::get(address, "/readyz").await?.is_ok() {
            if start.elapsed() > START {
                bail!(
                    "{} does not get ready: {}",
                    kind.name(),
                    process.last_words()
                );
            }
            sleep(Duration::from_millis(20)).await;
        }
        Ok(process)
    }

    /// The processor time it has used.
    pub(crate) fn processor(&self) -> anyhow::Result<Duration> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.id))?;
        // The name before it, in parentheses, may contain spaces.
        let (_, fields) = stat.rsplit_once(')').context("no name in /proc/PID/stat")?;
        let fields: Vec<&str> = fields.split_whitespace().collect();
        let ticks = |field: usize| {
            fields
                .get(field)
                .and_then(|ticks| ticks.parse::<u32>().ok())
        };
        let (user, system) = (ticks(11), ticks(12));
        let ticks = user.zip(system).context("no times in /proc/PID/stat")?;
        Ok(TICK * (ticks.0 + ticks.1))
    }

    /// The memory it holds, in KiB.
    pub(crate) fn memory(&self) -> anyhow::Result<u64> {
        let rollup = fs::read_to_string(format!("/proc/{}/smaps_rollup", self.id))?;
        let mut lines = rollup.lines();
        let pss = lines.find_map(|line| line.strip_prefix("Pss:"));
        let pss = pss.and_then(|pss| pss.trim().strip_suffix(" kB"));
        pss.context("no Pss in /proc/PID/smaps_rollup")?
            .parse()
            .context("Pss is no number")
    }

    /// The end of what it printed.
    pub(crate) fn last_words(&mut self) -> String {
        let mut words = String::new();
        let length = self.log.metadata().map_or(0, |log| log.len());
        let _ = self.log.seek(SeekFrom::Start(length.saturating_sub(2000)));
        let _ = self.log.read_to_string(&mut words);
        words
    }

    pub(crate) async fn end(mut self) {
        // It is killed when it is dropped, if it does not die here.
        let _ = self.child.kill().await;
    }
}

const KEY: &str = "VOICERA_LOAD_KEY";

fn configuration(address: SocketAddr, vendor: SocketAddr, knowledge_base: &Path) -> String {
    format!(
        r#"listen = "{address}"

[retriever]
kind = "cag"
knowledge_base = {knowledge_base:?}

[[models]]
kind = "compatible"
model = "scripted"
base_url = "http://{vendor}/v1"
key = "{KEY}"

"#
    )
}

const PIPE: &str = "stalled.pipe";

/// A pipe that takes nothing more, for as long as what is answered is held.
fn full_pipe(path: &Path) -> anyhow::Result<File> {
    let made = std::process::Command::new("mkfifo").arg(path).status();
    let made = made.context("there is no mkfifo")?;
    ensure!(made.success(), "mkfifo has made no {}", path.display());
    // Open at both ends, so that neither opening it nor writing to it waits for a reader to come.
    let mut pipe = OpenOptions::new();
    pipe.read(true).write(true).custom_flags(NONBLOCK);
    let mut pipe = pipe.open(path)?;
    while pipe.write(&[b'\n'; 4096]).is_ok() {}
    Ok(pipe)
}

/// `O_NONBLOCK` of Linux.
const NONBLOCK: i32 = 0o4000;

/// An address that was free a moment ago.
fn free_address() -> anyhow::Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    Ok(listener.local_addr()?)
}
