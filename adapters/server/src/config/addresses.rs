//! `listen` and `public_url`: where the server is, and what the carrier calls it.

use std::net::SocketAddr;

use toml::Value;
use voicera_transports::conversation_relay::PublicUrl;

use super::environment::Environment;
use super::reader::{Reader, split};

/// `PORT` changes the port.
pub(super) fn listen(
    value: Option<Value>,
    environment: &Environment,
    reader: &mut Reader<'_>,
) -> SocketAddr {
    let default = SocketAddr::from(([127, 0, 0, 1], 8080));
    let mut listen: SocketAddr = match value.as_ref().map(Value::as_str) {
        None => default,
        Some(text) => text.and_then(|text| text.parse().ok()).unwrap_or_else(|| {
            let fix = "use an IP address and a port, like \"127.0.0.1:8080\" for this machine \
                or \"0.0.0.0:8080\" for every network";
            reader.problem("listen", "is not an address", fix);
            default
        }),
    };
    if let Some(port) = environment.text("PORT") {
        match port.parse() {
            Ok(port) => listen.set_port(port),
            Err(_) => reader.environment(
                format!("`PORT={port}` is not a port"),
                "use a number from 1 to 65535, or unset PORT",
            ),
        }
    }
    listen
}

/// The file has the word; `NGROK_URL` may be a host alone.
pub(super) fn public_url(
    value: Option<Value>,
    environment: &Environment,
    reader: &mut Reader<'_>,
) -> Option<PublicUrl> {
    let Some(value) = value else {
        let text = environment.text("NGROK_URL")?;
        let url = PublicUrl::parse(text);
        return url
            .map_err(|wrong| {
                let (what, fix) = split(&wrong);
                reader.environment(format!("`NGROK_URL`: {what}"), fix);
            })
            .ok();
    };
    let Some(text) = value.as_str() else {
        let fix = "use text in quotes, like \"https://voice.example.com\"";
        reader.problem("public_url", "does not fit", fix);
        return None;
    };
    let url = PublicUrl::parse(text);
    url.map_err(|wrong| {
        let (what, fix) = split(&wrong);
        reader.told("public_url", format!("`public_url`: {what}"), fix);
    })
    .ok()
}
