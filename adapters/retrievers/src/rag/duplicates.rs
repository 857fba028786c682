//! Leaves out what a better hit says already, word by word.

use crate::search::Hit;

/// Words that many in a row are no coincidence. Fewer may mean something else under another
/// title: the opening hours of two offices.
const TELLING: usize = 50;

/// Hands out the hits that say something the hits before did not, best first.
pub(super) fn without(hits: Vec<Hit>) -> impl Iterator<Item = Hit> {
    let mut said: Vec<(String, String)> = Vec::new();
    hits.into_iter().filter(move |hit| {
        let place = place(hit);
        let words = words(&hit.chunk.text);
        let many = words.split(' ').count() >= TELLING;
        let repeats =
            |(other, text): &(String, String)| (many || *other == place) && text.contains(&words);
        if said.iter().any(repeats) {
            return false;
        }
        said.push((place, words));
        true
    })
}

fn place(hit: &Hit) -> String {
    let headings = hit.chunk.headings.iter().map(|heading| words(heading));
    let headings: Vec<_> = headings.collect();
    format!(
        "{}\n{}\n{}",
        words(&hit.chunk.title),
        headings.join("\n"),
        words(&hit.chunk.lead)
    )
}

/// Small letters and digits, with one space before and after each word, so that no word is found
/// within another.
fn words(text: &str) -> String {
    let words = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    let mut plain = String::with_capacity(text.len() + 2);
    for word in words {
        plain.push(' ');
        plain.extend(word.chars().flat_map(char::to_lowercase));
    }
    plain.push(' ');
    plain
}

#[cfg(test)]
mod tests;
