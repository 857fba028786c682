//! E-mail and web addresses, said so that they can be written down.

use super::super::words::{Address, Words};
use super::apart;

/// What a host's name ends in where neither `www.` nor a path says that it is one. None is a word
/// that may begin a sentence after a forgotten space.
const DOMAINS: &[&str] = &[
    "ae", "aero", "app", "asia", "biz", "ca", "ch", "cloud", "cn", "co", "com", "de", "dev", "edu",
    "es", "eu", "fr", "gov", "hk", "info", "int", "io", "jp", "net", "nl", "org", "sg", "shop",
    "uk",
];

/// What is not spoken before "://", whatever its case. Other names there are left out when they
/// are small letters: a capitalised one may have been spoken already.
pub(in super::super) const SCHEMES: &[&str] = &["http", "https", "ftp"];

/// An address as it is spoken; `None` where it is none.
pub(in super::super) fn say(written: &str, words: &Words) -> Option<String> {
    let bare = written.strip_prefix("mailto:").unwrap_or(written);
    if let Some((name, host)) = bare.split_once('@') {
        let name_fits = !name.is_empty()
            && name
                .chars()
                .all(|c| c.is_alphanumeric() || "._-+%&'".contains(c));
        return (name_fits && is_host(host)).then(|| spell(bare, &words.address, words));
    }
    let (scheme, rest) = match bare.split_once("://") {
        Some((scheme, rest)) if is_scheme(scheme) => (true, rest),
        _ => (false, bare),
    };
    // Nobody can follow a query by ear.
    let place = rest.split(['?', '#']).next().unwrap_or(rest);
    let host = place.split(['/', ':']).next().unwrap_or(place);
    let ending = host.rsplit('.').next().unwrap_or(host);
    let known = host.starts_with("www.") || DOMAINS.contains(&ending);
    let address = (scheme && !host.is_empty()) || (known && is_host(host));
    address.then(|| spell(place.trim_end_matches('/'), &words.address, words))
}

fn is_scheme(name: &str) -> bool {
    let known = SCHEMES.iter().any(|known| known.eq_ignore_ascii_case(name));
    known || name.bytes().all(|b| b.is_ascii_lowercase())
}

/// At least two labels, one of them with a letter.
fn is_host(host: &str) -> bool {
    let label = |l: &str| !l.is_empty() && l.chars().all(|c| c.is_alphanumeric() || c == '-');
    host.contains('.') && host.split('.').all(label) && host.contains(char::is_alphabetic)
}

fn spell(address: &str, names: &Address, words: &Words) -> String {
    let mut out = String::new();
    for c in address.chars() {
        let name = match c {
            '@' => names.at,
            '.' => names.dot,
            '/' => names.slash,
            '-' => names.hyphen,
            '_' => names.underscore,
            _ => match words.symbols.iter().find(|(sign, _)| *sign == c) {
                Some((_, name)) => name,
                None => {
                    out.push(c);
                    continue;
                }
            },
        };
        apart(&mut out, name);
    }
    out.truncate(out.trim_end().len());
    out
}
