//! Names made of letters and digits: container and booking numbers.

use super::spell;

/// The most digits in a row that a voice is left to read as one number.
const READABLE: usize = 4;

/// The name spelled where it has more digits than a voice reads well.
pub(in super::super) fn say(name: &str) -> Option<String> {
    let mut runs = name.split(|c: char| !c.is_ascii_digit());
    if !runs.any(|run| run.len() > READABLE) {
        return None;
    }
    let mut out = String::new();
    for part in name.split(['-', '/', '_', '.']) {
        let mut rest = part;
        while let Some(first) = rest.chars().next() {
            let same = |c: char| c.is_ascii_digit() == first.is_ascii_digit();
            let (run, after) = rest.split_at(rest.find(|c| !same(c)).unwrap_or(rest.len()));
            if first.is_ascii_digit() {
                spell(&mut out, run);
            } else {
                if !out.is_empty() {
                    out.push(' ');
                }
                out.push_str(run);
            }
            rest = after;
        }
    }
    Some(out)
}
