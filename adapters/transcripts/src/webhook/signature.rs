//! Signs requests as Standard Webhooks says.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::Sha256;

/// The least that Standard Webhooks allows.
const SHORTEST: usize = 24;

/// Why a secret cannot sign.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    #[error("it is not base64, make one with `openssl rand -base64 32`")]
    Encoding(#[source] base64::DecodeError),
    #[error(
        "it has {0} bytes, which is less than {SHORTEST}, make one with `openssl rand -base64 32`"
    )]
    Short(usize),
}

/// Keys, the newest first.
pub(super) struct Signer(Vec<Hmac<Sha256>>);

impl Signer {
    pub(super) fn new(secret: &SecretString) -> Result<Self, SecretError> {
        Ok(Self(vec![key(secret)?]))
    }

    pub(super) fn sign_also_with(&mut self, secret: &SecretString) -> Result<(), SecretError> {
        self.0.push(key(secret)?);
        Ok(())
    }

    /// The value of `webhook-signature`.
    pub(super) fn sign(&self, id: &str, timestamp: u64, body: &[u8]) -> String {
        let signature = |key: &Hmac<Sha256>| {
            let mut mac = key.clone();
            mac.update(format!("{id}.{timestamp}.").as_bytes());
            mac.update(body);
            format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
        };
        self.0.iter().map(signature).collect::<Vec<_>>().join(" ")
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Signer").field(&self.0.len()).finish()
    }
}

fn key(secret: &SecretString) -> Result<Hmac<Sha256>, SecretError> {
    let secret = secret.expose_secret().trim();
    let secret = secret.strip_prefix("whsec_").unwrap_or(secret);
    let bytes = STANDARD.decode(secret).map_err(SecretError::Encoding)?;
    if bytes.len() < SHORTEST {
        return Err(SecretError::Short(bytes.len()));
    }
    // Keys of any length are taken.
    Hmac::new_from_slice(&bytes).map_err(|_| SecretError::Short(bytes.len()))
}

#[cfg(test)]
mod tests;
