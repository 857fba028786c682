//! `voicera twilio`: lets a phone number of the account lead here.

use std::fmt::Write as _;

use clap::{Args, Subcommand};
use serde_json::json;
use voicera_transcripts::twilio::Client;
use voicera_transcripts::twilio::numbers::{self, Change, Run, Setup, Webhooks};

use crate::carrier;
use crate::config::{Config, Environment, Problem};
use crate::layout::{Ink, harmless};

#[derive(Debug, Args)]
pub struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Let the calls of a number come to this server
    SetupNumber(Wanted),
}

#[derive(Debug, Args)]
struct Wanted {
    /// A number of the account, as +14155550100
    #[arg(value_name = "NUMBER", allow_hyphen_values = true)]
    number: String,
    /// Only say what would be changed
    #[arg(long)]
    dry_run: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Answers the text to print.
///
/// # Errors
///
/// When Twilio cannot be asked, or the number cannot lead here.
pub(crate) async fn run(
    arguments: &Arguments,
    config: &Config,
    environment: &Environment,
    ink: Ink,
) -> anyhow::Result<String> {
    let What::SetupNumber(wanted) = &arguments.what;
    let url = config.public_url.as_ref().ok_or_else(|| {
        let what = "Twilio cannot be told where its calls go";
        let fix = "set public_url in voicera.toml, or NGROK_URL, to the address of this server";
        Problem::new("", what, fix)
    })?;
    // What comes after a call is asked where the answer to `/call` says, and not by the number.
    let webhooks = Webhooks {
        voice_url: url.page("/call"),
        voice_fallback_url: None,
        status_callback: None,
    };
    let client = carrier::client(config, environment)?;
    setup(wanted, &webhooks, &client, ink).await
}

async fn setup(
    wanted: &Wanted,
    webhooks: &Webhooks,
    client: &Client,
    ink: Ink,
) -> anyhow::Result<String> {
    let run = match wanted.dry_run {
        true => Run::Dry,
        false => Run::Real,
    };
    let setup = numbers::setup(client, &wanted.number, webhooks, run).await?;
    if wanted.json {
        let change = |change: &Change| json!({ "field": change.field, "before": change.before, "after": change.after });
        let said = json!({
            "number": setup.number,
            "sid": setup.sid,
            "dry_run": wanted.dry_run,
            "changes": setup.changes.iter().map(change).collect::<Vec<_>>(),
        });
        return Ok(format!("{said:#}\n"));
    }
    Ok(told(&setup, run, ink))
}

fn told(setup: &Setup, run: Run, ink: Ink) -> String {
    let Setup {
        number,
        sid,
        changes,
    } = setup;
    let mut text = format!("{}, {sid}\n", ink.bold(number));
    for Change {
        field,
        before,
        after,
    } in changes
    {
        let before = match before.as_str() {
            "" => "nothing",
            before => before,
        };
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  {field}");
        let _ = writeln!(text, "    before  {}", ink.dim(&harmless(before)));
        let _ = writeln!(text, "    after   {}", harmless(after));
    }
    text.push('\n');
    text + match (changes.is_empty(), run) {
        (true, _) => "There is nothing to do: its calls come to this server already.\n",
        (false, Run::Dry) => "This is what would be changed; nothing was.\n",
        (false, Run::Real) => "Its calls come to this server now.\n",
    }
}
