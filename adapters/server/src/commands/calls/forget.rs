//! Forgets calls.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};
use std::time::Duration;

use clap::Args;
use futures_util::TryStreamExt as _;
use voicera::digest::Digest;
use voicera::ports::archive::{self, Which};
use voicera::words::CallId;

use super::{Desk, When, no_call};
use crate::config::Problem;
use crate::reading;

#[derive(Debug, Args)]
#[group(skip)]
pub(super) struct Wanted {
    #[command(flatten)]
    which: Chosen,
    /// Do not ask
    #[arg(long)]
    yes: bool,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct Chosen {
    /// All calls of this caller
    #[arg(long, value_name = "NUMBER", allow_hyphen_values = true)]
    caller: Option<String>,
    /// One call
    #[arg(long, value_name = "CALL")]
    call: Option<String>,
    /// Calls that began before then: 90d, 2026-11-23
    #[arg(long, value_name = "TIME", value_parser = When::read)]
    before: Option<When>,
}

/// Answers what was done. `ask` puts a question to the user: nothing where nobody is there.
pub(super) async fn run(
    wanted: &Wanted,
    desk: &Desk,
    ask: fn(&str) -> io::Result<Option<bool>>,
) -> anyhow::Result<String> {
    let which = wanted.which.which(desk);
    let (count, open) = count(&which, desk).await?;
    if count == 0 {
        return match (&which, open) {
            (Which::Call(id), 0) => Err(no_call(id.as_str())),
            (_, 0) => Ok("There are no such calls.\n".to_owned()),
            (_, _) => Ok(format!("Nothing is forgotten: {}.\n", go_on(open))),
        };
    }
    if !wanted.yes {
        let question = format!("Forget {} for good?", calls(count));
        match ask(&question)? {
            Some(true) => {}
            Some(false) => return Ok("Nothing is forgotten.\n".to_owned()),
            None => {
                let what = format!("{} would be forgotten for good", calls(count));
                return Err(Problem::new("", what, "add --yes if that is meant").into());
            }
        }
    }
    let forgotten = desk.archive.forget(&which).await?;
    let left = match open {
        0 => String::new(),
        open => format!("; {}", go_on(open)),
    };
    Ok(format!("Forgotten: {}{left}.\n", calls(forgotten)))
}

/// Asks in the terminal; anything but yes is no.
pub(super) fn ask(question: &str) -> io::Result<Option<bool>> {
    if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        return Ok(None);
    }
    write!(io::stderr(), "{question} [y/N] ")?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    let answer = answer.trim().to_lowercase();
    Ok(Some(answer == "y" || answer == "yes"))
}

impl Chosen {
    fn which(&self, desk: &Desk) -> Which {
        let caller = self
            .caller
            .as_deref()
            .map(|number| desk.masker.caller(number));
        let call = self.call.as_deref().map(CallId::new);
        let before = self.before.map(|when| when.before(desk.now));
        let which = caller.map(Which::Caller).or(call.map(Which::Call));
        which
            .or(before.map(Which::Before))
            // Exactly one is there. Before the first call there is none.
            .unwrap_or(Which::Before(std::time::SystemTime::UNIX_EPOCH))
    }
}

/// How many calls there are to forget, and how many that go on and stay.
async fn count(which: &Which, desk: &Desk) -> anyhow::Result<(u64, u64)> {
    let all = archive::Wanted::latest(1);
    let wanted = match which {
        Which::Before(time) => archive::Wanted {
            until: Some(*time),
            ..all
        },
        Which::Caller(number) => archive::Wanted {
            caller: Some(number.clone()),
            ..all
        },
        Which::Call(id) => {
            let found = desk.archive.call(id).await?;
            let digest = found.and_then(|call| Digest::of(&call.entries, &call.analyses));
            return Ok(match digest {
                Some(digest) if is_over(&digest, desk) => (1, 0),
                Some(_) => (0, 1),
                None => (0, 0),
            });
        }
    };
    let found = reading::calls(&desk.archive, &wanted);
    let count = found.try_fold((0, 0), async |(ended, open), call| {
        Ok(match is_over(&call, desk) {
            true => (ended + 1, open),
            false => (ended, open + 1),
        })
    });
    Ok(count.await?)
}

/// Whether a store forgets the call: one without an ending is over after a day.
fn is_over(call: &Digest, desk: &Desk) -> bool {
    const DAY: Duration = Duration::from_secs(24 * 3600);
    let age = desk.now.duration_since(call.call.started);
    call.ended.is_some() || age.is_ok_and(|age| age > DAY)
}

fn calls(count: u64) -> String {
    match count {
        1 => "1 call".to_owned(),
        count => format!("{count} calls"),
    }
}

fn go_on(open: u64) -> String {
    match open {
        1 => "1 call without an ending stays".to_owned(),
        open => format!("{open} calls without an ending stay"),
    }
}
