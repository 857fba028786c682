//! `voicera intelligence`: Twilio's own analysis of calls, set up, fetched and compared with ours.

use std::process::ExitCode;
use std::time::SystemTime;

use clap::{Args, Subcommand};
use voicera_transcripts::sqlite::Access;

use crate::config::{Config, Environment};
use crate::layout::Ink;
use crate::{carrier, transcripts};

mod provision;

mod sync;

mod compare;

#[derive(Debug, Args)]
pub struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Make or update the service at Twilio; a second run finds nothing to do
    Provision(provision::Wanted),
    /// Fetch what Twilio found out about a call into the archive
    Sync(sync::Wanted),
    /// Say how far Twilio's operators and ours agree
    Compare(compare::Wanted),
}

/// Answers the text to print, and how to end: 1 where something is left undone.
///
/// # Errors
///
/// When Twilio cannot be asked, or the archive does not answer.
pub(crate) async fn run(
    arguments: &Arguments,
    config: &Config,
    environment: &Environment,
    ink: Ink,
) -> anyhow::Result<(String, ExitCode)> {
    let now = SystemTime::now();
    match &arguments.what {
        What::Provision(wanted) => {
            let client = carrier::client(config, environment)?;
            provision::run(wanted, config, &client, ink).await
        }
        What::Sync(wanted) => {
            let intelligence = carrier::intelligence(config, environment)?;
            let store = transcripts::concluding(config, environment).await?;
            sync::run(wanted, &intelligence, &store, now, ink).await
        }
        What::Compare(wanted) => {
            let store = transcripts::archive(config, environment, Access::Read).await?;
            let text = compare::run(wanted, &store.archive, now, ink).await?;
            Ok((text, ExitCode::SUCCESS))
        }
    }
}
