//! Finds in our own entries what Twilio quotes, whatever the case and the punctuation.

use std::collections::HashMap;

use voicera::insight::Place;
use voicera::ports::transcript_sink::Entry;

/// The words of one session, by their places in the whole call.
#[derive(Debug)]
pub(in crate::twilio) struct Places {
    lines: Vec<Line>,
    /// How many places of each text were given out.
    given: HashMap<Vec<String>, usize>,
}

#[derive(Debug)]
struct Line {
    words: Vec<String>,
    places: Vec<Place>,
}

impl Places {
    /// `entries` are all of the call.
    pub(in crate::twilio) fn of(entries: &[Entry], session: &str) -> Self {
        let lines = entries.iter().enumerate().filter_map(|(position, entry)| {
            let ours = entry.call.session.as_deref() == Some(session);
            let (_, text) = entry.said().filter(|_| ours)?;
            let spans = spans(text);
            let place = |(_, start, end): &(String, usize, usize)| Place {
                entry: position,
                start: *start,
                end: *end,
            };
            let places = spans.iter().map(place).collect();
            let words = spans.into_iter().map(|(word, _, _)| word).collect();
            Some(Line { words, places })
        });
        Self {
            lines: lines.collect(),
            given: HashMap::new(),
        }
    }

    /// Where the text is said first.
    pub(super) fn first(&self, text: &str) -> Option<Place> {
        self.all(&words(text)).next()
    }

    /// Where the text is said next, after the places that were given out before.
    pub(super) fn next(&mut self, text: &str) -> Option<Place> {
        let wanted = words(text);
        let given = self.given.get(&wanted).copied().unwrap_or_default();
        let place = self.all(&wanted).nth(given)?;
        self.given.insert(wanted, given + 1);
        Some(place)
    }

    fn all(&self, wanted: &[String]) -> impl Iterator<Item = Place> {
        // No words are said nowhere; windows of none are not allowed.
        let size = wanted.len().max(1);
        self.lines.iter().flat_map(move |line| {
            let windows = line.words.windows(size).zip(line.places.windows(size));
            windows.filter_map(move |(words, places)| {
                let (first, last) = (places.first()?, places.last()?);
                (words == wanted).then_some(Place {
                    end: last.end,
                    ..*first
                })
            })
        })
    }
}

/// The words of a text in lower case.
pub(in crate::twilio) fn words(text: &str) -> Vec<String> {
    spans(text).into_iter().map(|(word, _, _)| word).collect()
}

/// Words in lower case, with the bytes where they are.
fn spans(text: &str) -> Vec<(String, usize, usize)> {
    let mut spans = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (c.is_alphanumeric(), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                let word = text.get(from..at).unwrap_or_default();
                spans.push((word.to_lowercase(), from, at));
                start = None;
            }
            (true, Some(_)) | (false, None) => {}
        }
    }
    spans
}
