//! What waits to be sent to other systems.

use std::fmt::Write as _;

use clap::Args;
use serde_json::json;
use voicera_transcripts::outbox::State;

use super::Desk;
use crate::http::api::outbox::Parcel;
use crate::layout::{Ink, harmless, wrap};
use crate::moment;

#[derive(Debug, Args)]
pub(super) struct Wanted {
    /// Try again to send what was given up: all of it, or one parcel
    #[arg(long, value_name = "ID", num_args = 0..=1, default_missing_value = "")]
    pub(super) retry: Option<String>,
    /// Delete for good what was given up for a destination, by its name in the list
    #[arg(long, value_name = "DESTINATION", conflicts_with = "retry")]
    pub(super) discard: Option<String>,
    /// How many are listed at the most
    #[arg(long, value_name = "COUNT", default_value_t = 100)]
    limit: usize,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(wanted: &Wanted, desk: &Desk, ink: Ink) -> anyhow::Result<String> {
    if let Some(id) = &wanted.retry {
        let id = Some(id.as_str()).filter(|id| !id.is_empty());
        let retried = desk.outbox.retry(id).await?;
        return Ok(match wanted.json {
            true => format!("{:#}\n", json!({ "retried": retried })),
            false => format!("{retried} of what was given up will be sent again.\n"),
        });
    }
    if let Some(destination) = &wanted.discard {
        let discarded = desk.outbox.discard(destination).await?;
        return Ok(match wanted.json {
            true => format!("{:#}\n", json!({ "discarded": discarded })),
            false => format!("{discarded} of what was given up for {destination} is deleted.\n"),
        });
    }
    let parcels = desk.outbox.parcels(None, wanted.limit).await?;
    if wanted.json {
        let parcels: Vec<_> = parcels.iter().map(Parcel::of).collect();
        return Ok(format!("{:#}\n", json!({ "parcels": parcels })));
    }
    if parcels.is_empty() {
        return Ok("Nothing waits to be sent.\n".to_owned());
    }
    let mut text = String::new();
    for parcel in &parcels {
        let times = match parcel.attempts {
            0 => "not tried yet".to_owned(),
            1 => "tried once".to_owned(),
            attempts => format!("tried {attempts} times"),
        };
        let state = match parcel.state {
            State::Waiting => format!("due {}", moment::shown(parcel.due)),
            State::Dead => ink.careful("given up"),
        };
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{}", ink.bold(&parcel.id));
        let to = wrap(&format!("to {}", parcel.destination), "  ", "  ");
        let _ = writeln!(text, "{to}\n  {state}, {times}");
        if let Some(trouble) = &parcel.trouble {
            let _ = writeln!(text, "{}", wrap(&harmless(trouble), "  ", "  "));
        }
    }
    let dead = parcels.iter().filter(|parcel| parcel.state == State::Dead);
    let dead = dead.count();
    let _ = writeln!(text, "\n{} waiting, {dead} given up", parcels.len() - dead);
    if dead > 0 {
        let _ = writeln!(
            text,
            "`voicera calls outbox --retry` sends again what was given up, and\n\
             `voicera calls outbox --discard DESTINATION` deletes it."
        );
    }
    Ok(text)
}
