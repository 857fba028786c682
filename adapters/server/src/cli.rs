//! The commands, and how they end: 0 well, 1 failed, 64 wrongly used or configured.

use std::fmt::Display;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Instant, SystemTime};

use anyhow::Context as _;
use clap::{Parser, Subcommand};
use serde_json::json;
use tokio::runtime::{Builder, Runtime};
use voicera::masking::Masker;
use voicera_retrievers::index::Start;
use voicera_transcripts::sqlite::Access;
use voicera_transports::terminal;

use crate::commands::evaluate::Writer;
use crate::commands::{ask, calls, compare, evaluate, gaps, index, intelligence, quality, twilio};
use crate::config::{self, Config, Environment, Invalid, Level, Problem, Transcript};
use crate::knowledge::Strategy;
use crate::layout::{Ink, wrap};
use crate::plan::{self, Plan};
use crate::signals::Signals;
use crate::{assembly, logging, prices, serve, transcripts};

/// How a command ends whose use or configuration is wrong.
const WRONG_USE: u8 = 64;

/// How a command ends that a signal stops: as one that was killed by SIGINT.
pub(crate) const STOPPED: u8 = 130;

const EXAMPLES: &str = "\
Examples:
  voicera                            take calls
  voicera chat                       talk to the agent here, no phone, no keys
  echo \"Who are you?\" | voicera chat
  voicera check                      say what would run and what is missing
  voicera config > voicera.toml      start from the documented defaults
  voicera index                      make the index that retriever.kind = \"rag\" needs
  voicera ask \"How do I book?\"       show what is found, and the answer
  voicera compare                    say which strategy the documents want
  voicera evaluate --verbose         ask the questions of the knowledge base
  voicera calls                      list the latest calls
  voicera calls show CA...           show what was said in one, and what it tells
  voicera gaps                       say which questions the documents leave open
  voicera intelligence provision     let Twilio analyse calls, too
  voicera twilio setup-number +1...  let the calls of a number come here

Secrets come from the environment or from a file .env.";

/// Answers phone calls from your documents.
#[derive(Debug, Parser)]
#[command(name = "voicera", version, after_help = EXAMPLES, max_term_width = 80)]
struct Cli {
    /// The configuration; without it ./voicera.toml, else the defaults
    #[arg(long, short, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Take calls (the default)
    Serve,
    /// Talk to the agent in the terminal; a pipe is read one utterance a line
    Chat,
    /// Read the configuration, open nothing, say what would run
    Check {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Print every setting with its default
    Config,
    /// Make the index of the documents, or bring it up to date
    Index {
        /// For this instead of what is configured
        #[arg(long, value_enum)]
        strategy: Option<Strategy>,
        /// Make all of it anew
        #[arg(long)]
        rebuild: bool,
        /// Name every document that was touched
        #[arg(long, short, conflicts_with = "json")]
        verbose: bool,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Ask one question; show what was found, where the time went, and the answer
    Ask {
        /// What a caller might ask
        question: String,
        /// What was asked before, oldest first; may be repeated
        #[arg(long, value_name = "QUESTION")]
        after: Vec<String>,
        /// Find with this instead of what is configured
        #[arg(long, value_enum)]
        strategy: Option<Strategy>,
        /// Print the whole text of the passages
        #[arg(long)]
        explain: bool,
        /// Print JSON
        #[arg(long, conflicts_with = "explain")]
        json: bool,
    },
    /// Ask the questions of the knowledge base with every strategy and say which to take
    Compare {
        /// The questions, one JSON object a line [default: questions.jsonl of the knowledge base]
        file: Option<PathBuf>,
        /// Compare these only
        #[arg(long, value_enum, value_delimiter = ',')]
        strategies: Vec<Strategy>,
        /// Who writes the answers; the configured models may cost money
        #[arg(long, value_enum, default_value_t = Writer::Extractive)]
        model: Writer,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Rank the documents of judged sets of questions and score the rankings
    Quality {
        /// Folders with docs/, queries.jsonl and qrels.tsv
        #[arg(required = true)]
        sets: Vec<PathBuf>,
        /// Score these only
        #[arg(long, value_enum, value_delimiter = ',')]
        strategies: Vec<Strategy>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Ask the questions of the knowledge base and count the right answers
    Evaluate {
        /// The questions, one JSON object a line [default: questions.jsonl of the knowledge base]
        file: Option<PathBuf>,
        /// Who writes the answers; the configured models may cost money
        #[arg(long, value_enum, default_value_t = Writer::Extractive)]
        model: Writer,
        /// Print JSON
        #[arg(long)]
        json: bool,
        /// List the wrong answers
        #[arg(long, short)]
        verbose: bool,
    },
    /// List the latest calls; show, export and forget them
    Calls(calls::Arguments),
    /// Say which questions the documents leave open
    Gaps(gaps::Arguments),
    /// Set up Twilio's own analysis of calls, fetch it, compare it with ours
    Intelligence(intelligence::Arguments),
    /// Let a phone number of the Twilio account lead here
    Twilio(twilio::Arguments),
}

/// Runs the command line of this process.
pub fn run() -> ExitCode {
    let begun = Instant::now();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help is no mistake and goes to standard output.
            let _ = error.print();
            return match error.use_stderr() {
                true => ExitCode::from(WRONG_USE),
                false => ExitCode::SUCCESS,
            };
        }
    };
    let command = cli.command.unwrap_or(Command::Serve);
    if let Command::Config = command {
        return print(config::DEFAULT);
    }
    let loaded = config::load(cli.config.as_deref());
    if let Command::Check { json } = command {
        return check(loaded.map(|(config, _)| config), json);
    }
    let (config, environment) = match loaded {
        Ok(loaded) => loaded,
        Err(invalid) => return wrong(&invalid),
    };
    let done = match command {
        Command::Serve => serve(&config, &environment, begun),
        Command::Chat => chat(config, &environment),
        Command::Index {
            strategy,
            rebuild,
            verbose,
            json,
        } => {
            let wanted = index::Wanted {
                strategy,
                start: match rebuild {
                    true => Start::Afresh,
                    false => Start::Update,
                },
                form: match (json, verbose) {
                    (true, _) => index::Form::Json,
                    (false, true) => index::Form::Verbose,
                    (false, false) => index::Form::Text,
                },
            };
            show(&config, index::run(&config, &environment, &wanted))
        }
        Command::Quality {
            sets,
            strategies,
            json,
        } => {
            let wanted = quality::Wanted {
                sets,
                strategies,
                json,
            };
            show(&config, quality::run(&config, &environment, &wanted))
        }
        Command::Ask {
            question,
            after,
            strategy,
            explain,
            json,
        } => {
            let wanted = ask::Wanted {
                question,
                earlier: after,
                strategy,
                form: match (json, explain) {
                    (true, _) => ask::Form::Json,
                    (false, true) => ask::Form::Explained,
                    (false, false) => ask::Form::Text,
                },
            };
            logging::start(&quiet(&config));
            runtime().and_then(|runtime| {
                runtime.block_on(ask::run(&config, &environment, &wanted))?;
                Ok(ExitCode::SUCCESS)
            })
        }
        Command::Compare {
            file,
            strategies,
            model,
            json,
        } => {
            let wanted = compare::Wanted {
                file,
                model,
                strategies,
                json,
            };
            show(&config, compare::run(&config, &environment, &wanted))
        }
        Command::Evaluate {
            file,
            model,
            json,
            verbose,
        } => {
            let wanted = evaluate::Wanted {
                file,
                model,
                form: match (json, verbose) {
                    (true, _) => evaluate::Form::Json,
                    (false, true) => evaluate::Form::Verbose,
                    (false, false) => evaluate::Form::Text,
                },
            };
            show(&config, evaluate::run(&config, &environment, &wanted))
        }
        Command::Calls(arguments) => calls(&config, &environment, &arguments),
        Command::Gaps(arguments) => show(&config, async {
            let store = transcripts::archive(&config, &environment, Access::Read).await?;
            let settings = gaps::settings(&config);
            let (now, ink) = (SystemTime::now(), Ink::of(&io::stdout()));
            gaps::run(&arguments, &store.archive, &settings, now, ink).await
        }),
        Command::Intelligence(arguments) => {
            logging::start(&quiet(&config));
            let ink = Ink::of(&io::stdout());
            let work = intelligence::run(&arguments, &config, &environment, ink);
            runtime().and_then(|runtime| {
                let (text, code) = runtime.block_on(work)?;
                print(&text);
                Ok(code)
            })
        }
        Command::Twilio(arguments) => {
            let ink = Ink::of(&io::stdout());
            let work = twilio::run(&arguments, &config, &environment, ink);
            show(&config, work)
        }
        Command::Check { .. } | Command::Config => Ok(ExitCode::SUCCESS),
    };
    done.unwrap_or_else(|error| failed(&error))
}

/// Does a piece of work and prints what came of it.
fn show(
    config: &Config,
    work: impl Future<Output = anyhow::Result<String>>,
) -> anyhow::Result<ExitCode> {
    logging::start(&quiet(config));
    let text = runtime()?.block_on(work)?;
    Ok(print(&text))
}

/// It may write any amount, so it prints as it goes.
fn calls(
    config: &Config,
    environment: &Environment,
    arguments: &calls::Arguments,
) -> anyhow::Result<ExitCode> {
    logging::start(&quiet(config));
    let access = match arguments.change() {
        true => Access::Change,
        false => Access::Read,
    };
    runtime()?.block_on(async {
        let store = transcripts::archive(config, environment, access).await?;
        let desk = calls::Desk {
            archive: store.archive,
            outbox: store.outbox,
            prices: prices::of(&config.models),
            masker: Masker::new(config.masking.to_rules(environment)),
            now: SystemTime::now(),
        };
        let ink = Ink::of(&io::stdout());
        calls::run(arguments, &desk, ink, &mut io::stdout()).await
    })?;
    Ok(ExitCode::SUCCESS)
}

fn check(config: Result<Config, Invalid>, json: bool) -> ExitCode {
    match (config, json) {
        (Ok(config), false) => {
            let (plan, ink) = (Plan::of(&config), Ink::of(&io::stdout()));
            let verdict = ink.good("The configuration is fine; nothing was opened.");
            let hints = plan.hints(ink);
            let hints = match hints.is_empty() {
                true => hints,
                false => format!("\n{hints}"),
            };
            print(&format!("{}\n{verdict}\n{hints}", plan.text(ink)))
        }
        (Ok(config), true) => print(&format!("{:#}\n", plan::json(&config))),
        (Err(invalid), false) => wrong(&invalid),
        (Err(invalid), true) => {
            let problem = |problem: &Problem| {
                json!({
                    "place": problem.place,
                    "line": problem.line,
                    "what": problem.what,
                    "fix": problem.fix,
                })
            };
            let problems: Vec<_> = invalid.0.iter().map(problem).collect();
            print(&format!(
                "{:#}\n",
                json!({ "ok": false, "problems": problems })
            ));
            ExitCode::from(WRONG_USE)
        }
    }
}

fn serve(config: &Config, environment: &Environment, begun: Instant) -> anyhow::Result<ExitCode> {
    logging::start(&config.log);
    let runtime = serving(config.limits.threads)?;
    runtime.block_on(serve::run(config, environment, begun))?;
    Ok(ExitCode::SUCCESS)
}

fn chat(mut config: Config, environment: &Environment) -> anyhow::Result<ExitCode> {
    logging::start(&quiet(&config));
    // Standard output is the conversation.
    config
        .transcripts
        .retain(|transcript| *transcript != Transcript::Stdout);
    let runtime = runtime()?;
    let assembly = runtime.block_on(assembly::build(&config, environment))?;
    let working = {
        let _in = runtime.enter();
        assembly.transcripts.start(&config)
    };
    let chat = terminal::chat(
        &config.agent.name,
        Arc::clone(&assembly.profile),
        assembly.ports,
    );
    runtime.block_on(async {
        let mut signals = Signals::listen().context("the system sends no signals")?;
        let ended = tokio::select! {
            ending = chat => {
                ending.context("the terminal cannot be used")?;
                ExitCode::SUCCESS
            }
            // The chat is dropped, and gives the terminal back.
            () = signals.next() => ExitCode::from(STOPPED),
        };
        working.stop().await;
        Ok(ended)
    })
}

/// Log lines between the words of a conversation only disturb it.
fn quiet(config: &Config) -> config::Log {
    let level = match config.log.level {
        Level::Info => Level::Warn,
        level @ (Level::Error | Level::Warn | Level::Debug | Level::Trace) => level,
    };
    config::Log {
        level,
        ..config.log.clone()
    }
}

fn runtime() -> anyhow::Result<Runtime> {
    let runtime = Builder::new_multi_thread().enable_all().build();
    runtime.context("the system has no threads to spare")
}

/// A word needs a few microseconds of work: to wake another thread for it costs as much again, so
/// one thread carries all calls until it is full. What takes longer runs on threads of its own.
fn serving(threads: usize) -> anyhow::Result<Runtime> {
    let mut builder = match threads {
        1 => Builder::new_current_thread(),
        _ => Builder::new_multi_thread(),
    };
    // It has no effect on one thread.
    let runtime = builder.worker_threads(threads).enable_all().build();
    runtime.context("the system has no threads to spare")
}

/// A reader of standard output that is gone is no failure.
pub(crate) fn print(text: &str) -> ExitCode {
    let mut out = io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    ExitCode::SUCCESS
}

fn wrong(invalid: &Invalid) -> ExitCode {
    complain(invalid);
    ExitCode::from(WRONG_USE)
}

fn failed(error: &anyhow::Error) -> ExitCode {
    match error.downcast_ref::<Problem>() {
        Some(problem) => complain(problem),
        None => complain(&wrap(&format!("error: {error:#}"), "", "       ")),
    }
    ExitCode::FAILURE
}

fn complain(text: &dyn Display) {
    let _ = writeln!(io::stderr(), "{text}");
}
