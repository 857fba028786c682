//! `/search`: the lines of calls in which words were said.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::openapi::Object;
use utoipa::{IntoParams, ToSchema};
use voicera::ports::archive::Wanted;
use voicera::words::Speaker;

use super::Parts;
use super::asked::{Asked, Moment, Next, one_of};
use super::problem::{Asking, Guarded, Problem, Reading};
use crate::moment;

/// How many calls an answer has at the most: the words of each are read.
const CALLS: usize = 20;

/// How many lines of a call are shown at the most.
const LINES: usize = 5;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Filter {
    /// Words that were said in a call, all of them.
    #[serde(deserialize_with = "words")]
    #[param(pattern = "[0-9A-Za-z]")]
    q: String,
    /// In calls that began at or after.
    #[param(value_type = Option<String>, format = DateTime, nullable = false)]
    since: Option<Moment>,
    /// In calls that began before.
    #[param(value_type = Option<String>, format = DateTime, nullable = false)]
    until: Option<Moment>,
    /// `next` of the page before.
    #[param(value_type = Option<String>, pattern = "^[0-9a-f]{16}([0-9a-f]{2}){1,64}$", nullable = false)]
    next: Option<Next>,
}

/// Calls in which the words were said, the latest first, at most 20.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Found {
    calls: Vec<Call>,
    /// Ask with it for the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    next: Option<String>,
}

/// A call in which the words were said.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FoundCall)]
struct Call {
    id: String,
    #[schema(format = DateTime)]
    started: String,
    /// The first five lines with one of the words. May be empty: the archive knows more forms of a
    /// word than are recognised here.
    lines: Vec<Line>,
}

/// Something that was said.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = FoundLine)]
struct Line {
    /// The position among all entries of the call, from 0.
    entry: usize,
    turn: u32,
    #[schema(schema_with = speakers)]
    speaker: &'static str,
    text: String,
    /// Where the words stand in the text: bytes from, and to before.
    places: Vec<[usize; 2]>,
}

/// Finds the lines in which words were said.
#[utoipa::path(
    get,
    operation_id = "search",
    path = "/api/v1/search",
    tag = "calls",
    params(Filter),
    responses((status = 200, description = "What was found.", body = Found), Asking, Guarded, Reading),
)]
pub(super) async fn search(
    State(parts): State<Arc<Parts>>,
    Asked(filter): Asked<Filter>,
) -> Result<Json<Found>, Problem> {
    let archive = parts.archive()?;
    let wanted = Wanted {
        since: filter.since.map(|Moment(time)| time),
        until: filter.until.map(|Moment(time)| time),
        text: Some(filter.q.clone()),
        after: filter.next.map(|Next(place)| place),
        ..Wanted::latest(CALLS + 1)
    };
    let mut digests = archive.calls(&wanted).await?;
    let more = digests.len() > CALLS;
    digests.truncate(CALLS);
    let last = digests.last().filter(|_| more);
    let next = last.map(|last| Next::after(last).to_string());
    let mut calls = Vec::new();
    for digest in &digests {
        // Somebody may have it forgotten meanwhile.
        let Some(transcript) = archive.call(&digest.call.id).await? else {
            continue;
        };
        let said = transcript.entries.iter().enumerate();
        let said = said.filter_map(|(entry, line)| {
            let (speaker, text) = line.said()?;
            let places = places(text, &filter.q);
            (!places.is_empty()).then(|| Line {
                entry,
                turn: line.turn.0,
                speaker: speaker_name(speaker),
                text: text.to_owned(),
                places,
            })
        });
        calls.push(Call {
            id: digest.call.id.to_string(),
            started: moment::written(digest.call.started),
            lines: said.take(LINES).collect(),
        });
    }
    Ok(Json(Found { calls, next }))
}

/// Where words of the question, or forms of them, stand in a text.
fn places(text: &str, question: &str) -> Vec<[usize; 2]> {
    let asked: Vec<_> = words_of(question)
        .map(|(_, word)| word.to_lowercase())
        .collect();
    let said = words_of(text).filter(|(_, word)| {
        let word = word.to_lowercase();
        asked.iter().any(|asked| is_form(&word, asked))
    });
    said.map(|(at, word)| [at, at + word.len()]).collect()
}

/// Whether two words begin alike and differ only in a short ending: `quote` and `quotes`.
fn is_form(one: &str, other: &str) -> bool {
    const STEM: usize = 4;
    const ENDING: usize = 3;
    let pairs = one.chars().zip(other.chars());
    let alike = pairs.take_while(|(one, other)| one == other).count();
    let rest = |word: &str| word.chars().count() - alike;
    let is_same = rest(one) == 0 && rest(other) == 0;
    is_same || (alike >= STEM && rest(one) <= ENDING && rest(other) <= ENDING)
}

fn words_of(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let words = text.split(|c: char| !c.is_alphanumeric());
    let words = words.filter(|word| !word.is_empty());
    words.map(|word| (word.as_ptr().addr() - text.as_ptr().addr(), word))
}

fn words<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    match text.contains(char::is_alphanumeric) {
        true => Ok(text),
        false => Err(D::Error::custom("write a word to search for")),
    }
}

fn speaker_name(speaker: Speaker) -> &'static str {
    match speaker {
        Speaker::Caller => "caller",
        Speaker::Agent => "agent",
    }
}

fn speakers() -> Object {
    one_of("Who said it.", ["caller", "agent"])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_a_word_are_found_and_others_are_not() {
        let check = |text: &str, question, expected: &[&str]| {
            let places = places(text, question);
            let found: Vec<_> = places.iter().map(|[from, to]| &text[*from..*to]).collect();
            assert_eq!(found, expected);
        };
        check(
            "The quotes, please: a QUOTE!",
            "quote",
            &["quotes", "QUOTE"],
        );
        check("zu Öl und öl", "ÖL", &["Öl", "öl"]);
        check("book the container", "books by train", &["book"]);
        check("interest", "international", &[]);
        check("to", "to*", &["to"]);
    }
}
