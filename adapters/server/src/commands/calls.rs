//! `voicera calls`: reads the calls that are kept, hands them out and forgets them.

use std::io::Write;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use clap::{Args, Subcommand};
use voicera::digest::price::Prices;
use voicera::masking::Masker;
use voicera::ports::Archive;
use voicera_transcripts::outbox::Outbox;

use crate::config::Problem;
use crate::layout::Ink;
use crate::moment;

mod list;

mod show;

mod export;

mod forget;

mod outbox;

mod said;

pub(crate) use show::insights;

/// What is read, and how.
#[derive(Debug)]
pub struct Desk {
    pub archive: Arc<dyn Archive>,
    pub outbox: Arc<dyn Outbox>,
    pub prices: Prices,
    /// What numbers of callers are kept as.
    pub masker: Masker,
    pub now: SystemTime,
}

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Arguments {
    #[command(subcommand)]
    what: Option<What>,
    #[command(flatten)]
    list: list::Wanted,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Show what was said in a call, and what it tells
    Show(show::Wanted),
    /// Write calls as JSON lines or CSV, any number of them
    Export(export::Wanted),
    /// Forget calls for good
    Forget(forget::Wanted),
    /// Show what waits to be sent to other systems, and what was given up
    Outbox(outbox::Wanted),
}

impl Arguments {
    /// Whether the archive is to be changed.
    pub fn change(&self) -> bool {
        match &self.what {
            None | Some(What::Show(_) | What::Export(_)) => false,
            Some(What::Forget(_)) => true,
            Some(What::Outbox(wanted)) => wanted.retry.is_some() || wanted.discard.is_some(),
        }
    }
}

/// Does it, and writes what came of it. `ink` is how `out` looks.
///
/// # Errors
///
/// When the archive does not answer, nothing is there, or it cannot be written.
pub(crate) async fn run(
    arguments: &Arguments,
    desk: &Desk,
    ink: Ink,
    out: &mut (dyn Write + Send),
) -> anyhow::Result<()> {
    let text = match &arguments.what {
        None => list::run(&arguments.list, desk, ink).await?,
        Some(What::Show(wanted)) => show::run(wanted, desk, ink).await?,
        Some(What::Export(wanted)) => return export::run(wanted, desk, out).await,
        Some(What::Forget(wanted)) => forget::run(wanted, desk, forget::ask).await?,
        Some(What::Outbox(wanted)) => outbox::run(wanted, desk, ink).await?,
    };
    // A reader that is gone is no failure.
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    Ok(())
}

/// A time as users write it: `7d` ago, a day, or a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum When {
    Ago(Duration),
    At(SystemTime),
}

impl When {
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        let ago = humantime_serde::re::humantime::parse_duration(text).map(Self::Ago);
        let at = moment::read(text).or_else(|| moment::read(&format!("{text}T00:00:00Z")));
        let at = at.map(Self::At);
        ago.ok()
            .or(at)
            .ok_or_else(|| "write 7d, 12h, 2026-11-23 or 2026-11-23T10:00:00Z".to_owned())
    }

    pub(crate) fn before(self, now: SystemTime) -> SystemTime {
        match self {
            // Nobody called before 1970.
            Self::Ago(time) => {
                let time = now.checked_sub(time);
                time.map_or(SystemTime::UNIX_EPOCH, |time| {
                    time.max(SystemTime::UNIX_EPOCH)
                })
            }
            Self::At(time) => time,
        }
    }
}

/// A number of which a passer-by cannot call anybody: `+1 415 ••• 0100`.
fn hidden(number: &str) -> String {
    let last = |count: usize| {
        let start = number.char_indices().rev().nth(count.saturating_sub(1));
        start
            .and_then(|(at, _)| number.get(at..))
            .unwrap_or_default()
    };
    let is_number = |digits: &str| digits.len() >= 9 && digits.bytes().all(|b| b.is_ascii_digit());
    match number.strip_prefix('+').filter(|digits| is_number(digits)) {
        // Who is kept as a hash is hidden already.
        None if number.starts_with("caller-") => number.to_owned(),
        None => format!("••• {}", last(2)),
        Some(digits) if digits.starts_with('1') => {
            format!(
                "+1 {} ••• {}",
                digits.get(1..4).unwrap_or_default(),
                last(4)
            )
        }
        Some(digits) => format!("+{} ••• {}", digits.get(..2).unwrap_or_default(), last(4)),
    }
}

/// Minutes with one decimal.
fn minutes(time: Duration) -> String {
    format!("{:.1}", time.as_secs_f64() / 60.0)
}

pub(crate) fn no_call(id: &str) -> anyhow::Error {
    Problem::new(
        "",
        format!("no call {id} is kept"),
        "`voicera calls` lists those that are",
    )
    .into()
}

#[cfg(test)]
mod tests;
