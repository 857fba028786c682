//! What is logged and how: to standard error, ours at the chosen level, of others what warns.

use std::io::{self, IsTerminal as _};

use tracing_subscriber::EnvFilter;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::config::{Format, Level, Log};
use crate::layout;

/// Starts logging for the process. Only the first call does.
pub fn start(log: &Log) {
    let (filter, ignored) = filter(log.level, std::env::var("RUST_LOG").ok().as_deref());
    let to = io::stderr;
    let is_json = match log.format {
        Format::Text => false,
        Format::Json => true,
        Format::Auto => !to().is_terminal(),
    };
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(to);
    // A second start is a test's, and changes nothing.
    let _ = match is_json {
        true => {
            let subscriber = subscriber.json().flatten_event(true);
            subscriber.with_span_list(false).finish().try_init()
        }
        false => {
            let subscriber = subscriber.with_ansi(layout::takes_colour(&to()));
            subscriber.with_target(false).compact().finish().try_init()
        }
    };
    if let Some(error) = ignored {
        tracing::warn!(%error, "RUST_LOG is not understood and is ignored");
    }
}

/// The filter, and what is wrong with `RUST_LOG`.
fn filter(level: Level, rust_log: Option<&str>) -> (EnvFilter, Option<String>) {
    let others = match level {
        Level::Error => "error",
        Level::Warn | Level::Info | Level::Debug | Level::Trace => "warn",
    };
    let ours = EnvFilter::new(format!("{others},voicera={}", level.as_str()));
    match rust_log.map(str::trim).filter(|text| !text.is_empty()) {
        None => (ours, None),
        Some(text) => match EnvFilter::try_new(text) {
            Ok(filter) => (filter, None),
            Err(error) => (ours, Some(error.to_string())),
        },
    }
}

#[cfg(test)]
mod tests;
