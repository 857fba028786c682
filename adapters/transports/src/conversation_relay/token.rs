//! The short-lived token of a call: its TwiML carries it, its socket shows it.
//!
//! Whoever opens a socket has been answered by this server a moment ago, for this very call. The
//! token is `<expiry>.<losses>.<mac>`, and the MAC covers the call's id besides.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::Sha256;

/// The `<Parameter>` that carries it.
pub(super) const PARAMETER: &str = "token";

/// Keeps this use of the secret apart from every other.
const PURPOSE: &[u8] = b"voicera relay token 1";

/// Makes tokens and checks them.
#[derive(Clone)]
pub(super) struct Mint(Hmac<Sha256>);

/// What a token says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Claim {
    /// How often the call has lost its socket before.
    pub(super) losses: u32,
    /// Its time is over.
    pub(super) expired: bool,
}

impl Mint {
    /// A mint that every server with the same secret shares.
    pub(super) fn shared(secret: &SecretString) -> Self {
        let key = mac(secret.expose_secret().as_bytes()).chain_update(PURPOSE);
        Self(mac(&key.finalize().into_bytes()))
    }

    /// A mint of this process alone.
    pub(super) fn own() -> Result<Self, getrandom::Error> {
        let mut key = [0; 32];
        getrandom::fill(&mut key)?;
        Ok(Self(mac(&key)))
    }

    /// A token for the call until `expiry`.
    pub(super) fn token(&self, call: &str, losses: u32, expiry: SystemTime) -> String {
        let expiry = expiry.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
        let claim = format!("{}.{losses}", expiry.as_millis());
        let mac = self.mac(&claim, call).finalize().into_bytes();
        format!("{claim}.{}", URL_SAFE_NO_PAD.encode(mac))
    }

    /// What the token says, if it was made here, for this call.
    pub(super) fn check(&self, token: &str, call: &str, now: SystemTime) -> Option<Claim> {
        let (claim, mac) = token.rsplit_once('.')?;
        let mac = URL_SAFE_NO_PAD.decode(mac).ok()?;
        self.mac(claim, call).verify_slice(&mac).ok()?;
        let (expiry, losses) = claim.split_once('.')?;
        let expiry = UNIX_EPOCH.checked_add(Duration::from_millis(expiry.parse().ok()?))?;
        Some(Claim {
            losses: losses.parse().ok()?,
            expired: now > expiry,
        })
    }

    fn mac(&self, claim: &str, call: &str) -> Hmac<Sha256> {
        // A claim holds no line break, so no other claim and call read the same.
        self.0
            .clone()
            .chain_update(claim)
            .chain_update("\n")
            .chain_update(call)
    }
}

impl std::fmt::Debug for Mint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Mint")
    }
}

fn mac(key: &[u8]) -> Hmac<Sha256> {
    #[expect(clippy::expect_used, reason = "HMAC takes a key of any length")]
    Hmac::new_from_slice(key).expect("a key of any length")
}

#[cfg(test)]
mod tests;
