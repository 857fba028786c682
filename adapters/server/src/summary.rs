//! What a server that has started says of itself.

use std::fmt::Write as _;
use std::io;
use std::net::SocketAddr;
use std::time::Instant;

use crate::config::{Config, Transcript};
use crate::layout::{Ink, wrap};
use crate::plan;

/// Says what runs and what to do next. Standard output may be taken by transcripts.
pub(crate) fn show(config: &Config, address: SocketAddr, knowledge: &str, begun: Instant) {
    let ready = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    if config.transcripts.contains(&Transcript::Stdout) {
        let text = summary(config, address, knowledge, ready, Ink::of(&io::stderr()));
        // Without a reader there is nobody to greet.
        let _ = io::Write::write_all(&mut io::stderr(), text.as_bytes());
    } else {
        let text = summary(config, address, knowledge, ready, Ink::of(&io::stdout()));
        crate::cli::print(&text);
    }
    tracing::info!(%address, start_ms = ready, "serving");
}

fn summary(
    config: &Config,
    address: SocketAddr,
    knowledge: &str,
    ready_ms: u64,
    ink: Ink,
) -> String {
    let mut text = format!(
        "{} on http://{address}, ready in {ready_ms} ms\n\n",
        ink.bold("Voicera")
    );
    let mut row = |name: &str, value: &str| {
        let wrapped = wrap(value, &format!("  {name:13}"), &" ".repeat(15));
        let rest = wrapped.get(2 + name.len()..).unwrap_or_default();
        let _ = writeln!(text, "  {}{rest}", ink.dim(name));
    };
    row("agent", &plan::agent(config));
    row("knowledge", knowledge);
    for (model, name) in plan::models(config).iter().zip(first("models")) {
        row(name, model);
    }
    for (place, name) in plan::transcripts(config).iter().zip(first("transcripts")) {
        row(name, place);
    }
    row("signatures", plan::signatures(config));
    let _ = write!(text, "\n{}\n", next_step(config));
    text
}

/// The name, then nothing.
fn first(name: &str) -> impl Iterator<Item = &str> {
    std::iter::once(name).chain(std::iter::repeat(""))
}

fn next_step(config: &Config) -> String {
    let step = match (&config.public_url, config.twilio.is_signed()) {
        (Some(url), true) => format!(
            "Next: let the voice webhook of your Twilio number point to POST {} and call it.",
            url.page("/call")
        ),
        (Some(_), false) => {
            "Next: set TWILIO_AUTH_TOKEN, here or in .env; without it Twilio is refused.".to_owned()
        }
        (None, _) => {
            "Next: talk to the agent with `voicera chat`, or see with `voicera check` what \
            it takes to answer a phone."
                .to_owned()
        }
    };
    wrap(&step, "", "")
}
