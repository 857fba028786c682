//! What does Voicera add to a call, in time, processor time and memory, when there are many?
//!
//! ```text
//! cargo build --release
//! cargo run --release -p voicera-benches --example load
//! ```
//!
//! A black-box load on loopback: callers speak Conversation Relay to the built server, which asks
//! a vendor that answers by script. The same load is played against a bare relay from socket to
//! model, which is the floor: compare the two, because machines differ.
//!
//! It runs on Linux, where a process tells what it uses in `/proc`.
//!
//! Added latency is the time from the caller's utterance to the model's request, plus the time
//! from the model's first word to the caller's first word.

mod bare;

mod caller;

mod http;

mod marks;

mod process;

mod report;

mod script;

mod tally;

mod vendor;

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use clap::{Parser, ValueEnum};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use tokio::task::JoinSet;
use tokio::time::Instant;

use caller::{Caller, Habits, Reports};
use marks::Marks;
use process::{Kind, Process, Sink};
use report::{Level, Usage};
use tally::Tally;
use vendor::{Manner, Vendor};

/// So many calls are opened at once.
const OPENED_AT_ONCE: usize = 32;

/// With few calls there are more turns and shorter pauses, so that percentiles mean something.
const FEWEST_TURNS: usize = 40;

/// Every call takes ports and files of one machine.
const MOST_CALLS: usize = 10_000;

/// Plays many calls on loopback and prints what the server adds to them.
#[derive(Debug, Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,

    /// The server; by default the one built beside this program
    #[arg(long)]
    server: Option<PathBuf>,

    /// How many calls at once; may be given several times, or with commas
    #[arg(long, value_delimiter = ',', default_values_t = [1, 100, 1000])]
    calls: Vec<usize>,

    /// How many questions each caller asks
    #[arg(long, default_value_t = 4)]
    turns: usize,

    /// How long a caller pauses between turns, in milliseconds
    #[arg(long, default_value_t = 5000)]
    pause: u64,

    /// How long the vendor takes to its first word, in milliseconds
    #[arg(long, default_value_t = 200)]
    first_word: u64,

    /// How long it takes from word to word, in milliseconds
    #[arg(long, default_value_t = 20)]
    word: u64,

    /// How many words it answers, at most 41
    #[arg(long, default_value_t = 30)]
    words: usize,

    /// How many of them the vendor sends first, in one piece
    ///
    /// With one, added latency is from the model's first token to the caller's first frame.
    #[arg(long, default_value_t = 1)]
    first_words: usize,

    /// How many replies of a hundred are interrupted
    #[arg(long, default_value_t = 5)]
    interrupted: usize,

    /// Reports every piece as played, as the carrier does where it is asked to
    #[arg(long)]
    played: bool,

    /// Sends the transcripts to a pipe that takes nothing, instead of to the archive
    #[arg(long)]
    stalled: bool,

    /// Measures only one of the two
    #[arg(long)]
    only: Option<Only>,

    /// What the server answers from
    #[arg(long, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/../knowledge_base"))]
    knowledge_base: PathBuf,

    /// The size of the bare relay's requests, in bytes; by default that of the server's
    #[arg(long)]
    request_bytes: Option<u64>,

    /// Prints JSON, one object a line
    #[arg(long)]
    json: bool,

    /// Fails when a figure misses its target
    #[arg(long)]
    check: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Only {
    Relay,
    Voicera,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Is the bare relay, for a load that was started before
    Relay {
        #[arg(long)]
        listen: SocketAddr,
        #[arg(long)]
        vendor: SocketAddr,
        #[arg(long)]
        request_bytes: usize,
    },
}

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    let arguments = Arguments::parse();
    rlimit::increase_nofile_limit(u64::MAX).context("the limit of open files cannot be raised")?;
    if let Some(Command::Relay {
        listen,
        vendor,
        request_bytes,
    }) = arguments.command
    {
        bare::serve(listen, vendor, request_bytes).await?;
        return Ok(ExitCode::SUCCESS);
    }
    let most = arguments.calls.iter().max().copied().unwrap_or_default();
    ensure!(most <= MOST_CALLS, "--calls is at most {MOST_CALLS}");
    ensure!((1..=41).contains(&arguments.words), "--words is 1 to 41");
    let levels = measure(&arguments).await?;
    let mut out = std::io::stdout().lock();
    match arguments.json {
        true => {
            for level in &levels {
                writeln!(out, "{}", serde_json::to_string(level)?)?;
            }
        }
        false => write!(out, "{}", report::table(&levels))?,
    }
    let misses = report::misses(&levels);
    if !arguments.check || misses.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    let mut out = std::io::stderr().lock();
    for miss in misses {
        writeln!(out, "{miss}")?;
    }
    Ok(ExitCode::FAILURE)
}

/// The server comes first: the bare relay's requests are made as large as its were.
async fn measure(arguments: &Arguments) -> anyhow::Result<Vec<Level>> {
    let mut levels = Vec::new();
    let mut request_bytes = arguments.request_bytes;
    for calls in arguments.calls.iter().copied() {
        if arguments.only != Some(Only::Relay) {
            let level = level(arguments, Kind::Voicera, calls, 0).await?;
            request_bytes = arguments.request_bytes.or(Some(level.request_bytes));
            levels.push(level);
        }
        if arguments.only != Some(Only::Voicera) {
            let bytes = request_bytes.unwrap_or(DEFAULT_REQUEST);
            levels.push(level(arguments, Kind::Relay, calls, bytes).await?);
        }
    }
    Ok(levels)
}

/// About what the sample knowledge base makes of it.
const DEFAULT_REQUEST: u64 = 50_000;

/// Plays one load against one process.
async fn level(
    arguments: &Arguments,
    kind: Kind,
    calls: usize,
    request_bytes: u64,
) -> anyhow::Result<Level> {
    let habits = arguments.habits(calls);
    let marks = Arc::new(Marks::new(calls, habits.turns));
    let vendor = Vendor::start(arguments.manner(), Arc::clone(&marks)).await?;
    let mut process = match kind {
        Kind::Relay => Process::relay(vendor.address, request_bytes).await?,
        Kind::Voicera => {
            let server = arguments.server()?;
            let sink = match arguments.stalled {
                true => Sink::Stalled,
                false => Sink::Archive,
            };
            Process::voicera(&server, vendor.address, &arguments.knowledge_base, sink).await?
        }
    };
    let played = play(&process, calls, habits, &marks).await;
    let (tally, usage) = played.with_context(|| {
        let last_words = process.last_words();
        format!("{} with {calls} calls; it said: {last_words}", kind.name())
    })?;
    if tally.broken_calls > 0 {
        writeln!(std::io::stderr(), "{}", process.last_words())?;
    }
    process.end().await;
    Ok(Level::new(kind, calls, &marks, tally, usage))
}

async fn play(
    process: &Process,
    calls: usize,
    habits: Habits,
    marks: &Arc<Marks>,
) -> anyhow::Result<(Tally, Usage)> {
    let before_kib = process.memory()?;
    let opening = (0..calls).map(|call| Caller::call(call, process.kind, process.address));
    let opened: Vec<Caller> = stream::iter(opening)
        .buffer_unordered(OPENED_AT_ONCE)
        .try_collect()
        .await?;
    let quiet_kib = process.memory()?;
    let processor = process.processor()?;

    let start = Instant::now() + Duration::from_millis(100);
    let share = habits.pause.as_secs_f64() / calls.max(1) as f64;
    let mut talks = JoinSet::new();
    for (mut caller, number) in opened.into_iter().zip(0_u32..) {
        let first = start + Duration::from_secs_f64(share * f64::from(number));
        let marks = Arc::clone(marks);
        talks.spawn(async move {
            let mut tally = Tally::default();
            let talked = caller.talk(habits, first, &marks, &mut tally).await;
            tally.broken_calls = usize::from(talked.is_err());
            (caller, tally, talked)
        });
    }
    let (mut open, mut tally, mut broken) = (Vec::new(), Tally::default(), None);
    while let Some(talk) = talks.join_next().await {
        let (caller, counts, talked) = talk?;
        tally.add(counts);
        broken = broken.or(talked.err());
        open.push(caller);
    }
    if let Some(error) = broken {
        let calls = tally.broken_calls;
        writeln!(
            std::io::stderr(),
            "{calls} calls broke, one because {error:#}"
        )?;
    }
    let usage = Usage {
        processor: process.processor()? - processor,
        before_kib,
        quiet_kib,
        after_kib: process.memory()?,
        started_in: process.started_in,
    };
    drop(open);
    Ok((tally, usage))
}

impl Arguments {
    fn habits(&self, calls: usize) -> Habits {
        let turns = self.turns.max(FEWEST_TURNS / calls.max(1)).max(1);
        let pauses = self.pause * u64::try_from(self.turns).unwrap_or(1);
        let pause = pauses / u64::try_from(turns).unwrap_or(1);
        Habits {
            turns,
            pause: Duration::from_millis(pause),
            words: self.words,
            interrupted: self.interrupted,
            reports: match self.played {
                true => Reports::Played,
                false => Reports::Speaker,
            },
        }
    }

    fn manner(&self) -> Manner {
        Manner {
            first_word: Duration::from_millis(self.first_word),
            word: Duration::from_millis(self.word),
            words: self.words,
            first_words: self.first_words,
        }
    }

    fn server(&self) -> anyhow::Result<PathBuf> {
        if let Some(server) = &self.server {
            let found = server.canonicalize();
            return found.with_context(|| format!("there is no --server {}", server.display()));
        }
        let program = std::env::current_exe()?;
        let folder = program
            .ancestors()
            .nth(2)
            .context("this program has no folder")?;
        let server = folder.join("voicera");
        let hint = "build the server first: cargo build --release";
        ensure!(
            server.exists(),
            "{} does not exist; {hint}",
            server.display()
        );
        Ok(server)
    }
}
