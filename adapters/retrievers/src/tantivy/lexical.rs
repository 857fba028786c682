//! Ranks chunks by the words they share with a question.
//!
//! The ranking is BM25F over tantivy's postings, and not a tree of tantivy's own queries: a word
//! counts once for all fields and all terms that stand for it, k1 and b can be set, and chunks
//! that were taken out count nowhere, so that an index ranks alike however it came about.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::num::NonZero;
use std::sync::Arc;
use std::thread::available_parallelism;

use ::tantivy::fieldnorm::FieldNormReader;
use ::tantivy::index::InvertedIndexReader;
use ::tantivy::postings::{Postings as _, SegmentPostings};
use ::tantivy::schema::{Field, IndexRecordOption};
use ::tantivy::{DocSet as _, TERMINATED, TantivyError, Term};
use async_trait::async_trait;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use super::question::{Asking, Query, Word};
use super::reading::Part;
use super::schema::Fields;
use super::settings::Settings;
use super::vocabulary::Vocabulary;
use crate::chunks::Chunk;
use crate::search::{Hit, Search, SearchError, Wanted};

/// Searches an opened index by words.
#[derive(Clone)]
pub struct Lexical {
    inner: Arc<Inner>,
}

struct Inner {
    chunks: Arc<[Arc<Chunk>]>,
    segments: Vec<Segment>,
    asking: Asking,
    saturation: f32,
    phrases: f32,
    /// One for each search that may run on another thread.
    places: Arc<Semaphore>,
}

struct Segment {
    /// The chunk of each document.
    chunks: Vec<Option<u32>>,
    /// The first of its chunks; the others follow it.
    first: u32,
    /// The document of each chunk.
    documents: Vec<u32>,
    title: Searched,
    headings: Searched,
    body: Searched,
}

/// A field of a segment.
struct Searched {
    field: Field,
    index: Arc<InvertedIndexReader>,
    lengths: FieldNormReader,
    /// What one occurrence counts in a field of this length, by the id of the length.
    worth: [f32; 256],
}

impl Lexical {
    pub(super) fn new(
        fields: &Fields,
        parts: Vec<Part>,
        chunks: &[Arc<Chunk>],
        settings: &Settings,
    ) -> Result<Self, TantivyError> {
        let worth = |field, factor| worth(&parts, field, factor, settings.length);
        let title = worth(fields.title, settings.title)?;
        let headings = worth(fields.headings, settings.headings)?;
        let body = worth(fields.body, 1.0)?;
        let mut segments = Vec::new();
        let mut found = HashMap::new();
        for Part { reader, chunks } in parts {
            let searched = |field, worth| {
                let index = reader.inverted_index(field)?;
                let lengths = reader.get_fieldnorms_reader(field)?;
                Ok::<_, TantivyError>(Searched {
                    field,
                    index,
                    lengths,
                    worth,
                })
            };
            let alive = chunks
                .iter()
                .zip(0_u32..)
                .filter(|(chunk, _)| chunk.is_some());
            let segment = Segment {
                first: chunks.iter().flatten().next().copied().unwrap_or_default(),
                documents: alive.map(|(_, document)| document).collect(),
                title: searched(fields.title, title)?,
                headings: searched(fields.headings, headings)?,
                body: searched(fields.body, body)?,
                chunks,
            };
            for searched in [&segment.title, &segment.headings, &segment.body] {
                count(searched, &segment.chunks, &mut found)?;
            }
            segments.push(segment);
        }
        let languages: BTreeMap<String, _> = chunks
            .iter()
            .map(|chunk| (chunk.language.primary(), chunk.language.clone()))
            .collect();
        let vocabulary = Vocabulary::new(found);
        let languages = languages.into_values().collect();
        let processors = available_parallelism().map_or(1, NonZero::get);
        let inner = Inner {
            chunks: chunks.into(),
            segments,
            asking: Asking::new(vocabulary, languages, settings),
            saturation: settings.saturation,
            phrases: settings.phrases,
            places: Arc::new(Semaphore::new(processors)),
        };
        Ok(Self {
            inner: Arc::new(inner),
        })
    }

    /// The chunks that share words with what was said, best first.
    ///
    /// # Errors
    ///
    /// When a file of the index cannot be read.
    pub fn find(&self, wanted: &Wanted) -> Result<Vec<Hit>, SearchError> {
        let query = self.inner.asking.query(wanted);
        let found = self.inner.find(&query, wanted.limit);
        found.map_err(|error| SearchError::Broken(error.into()))
    }
}

#[async_trait]
impl Search for Lexical {
    fn name(&self) -> &'static str {
        "tantivy"
    }

    async fn search(&self, wanted: &Wanted) -> Result<Vec<Hit>, SearchError> {
        if self.inner.chunks.len() <= INLINE {
            return self.find(wanted);
        }
        // Who is dropped while waiting for a place is not searched for.
        let place = Arc::clone(&self.inner.places).acquire_owned().await;
        let (this, wanted) = (self.clone(), wanted.clone());
        let find = move || {
            let found = this.find(&wanted);
            drop(place);
            found
        };
        let found = spawn_blocking(find).await;
        found.unwrap_or_else(|error| Err(SearchError::Broken(error.into())))
    }
}

/// Up to so many chunks a search runs where it is polled: it takes 0.2 ms at the 99th percentile
/// for a question, 0.6 ms for a whole conversation, and a hop to another thread and back would
/// cost a busy machine more. The time grows with the chunks.
const INLINE: usize = 10_000;

/// How many of the best are looked at for words that stand side by side.
const PHRASED: usize = 64;

impl Inner {
    fn find(&self, query: &Query, limit: usize) -> Result<Vec<Hit>, TantivyError> {
        let mut scores = vec![0.0_f32; self.chunks.len()];
        let mut tally = Tally::new(self.chunks.len());
        let mut worths = Vec::with_capacity(query.words.len());
        for word in &query.words {
            self.tally(word, &mut tally)?;
            let rarity = self.rarity(tally.touched.len()) * word.weight;
            tally.settle(
                rarity * (self.saturation + 1.0),
                self.saturation,
                &mut scores,
            );
            worths.push(rarity);
        }
        let mut found: Vec<(u32, f32)> = (0_u32..)
            .zip(scores)
            .filter(|(_, score)| *score > 0.0)
            .collect();
        let keep = limit.max(PHRASED);
        self.best(&mut found, keep);
        if self.phrases > 0.0 {
            self.reward_phrases(query, &worths, &mut found)?;
        }
        self.best(&mut found, limit);
        let hit = |(chunk, score): (u32, f32)| {
            let chunk = self.chunks.get(chunk as usize)?.clone();
            Some(Hit { chunk, score })
        };
        Ok(found.into_iter().filter_map(hit).collect())
    }

    /// Adds up how often the word stands in each chunk.
    fn tally(&self, word: &Word, tally: &mut Tally) -> Result<(), TantivyError> {
        for segment in &self.segments {
            for searched in [&segment.title, &segment.headings, &segment.body] {
                for term in &word.terms {
                    let Some(mut postings) =
                        searched.postings(term, IndexRecordOption::WithFreqs)?
                    else {
                        continue;
                    };
                    loop {
                        let doc = postings.doc();
                        if doc == TERMINATED {
                            break;
                        }
                        if let Some(Some(chunk)) = segment.chunks.get(doc as usize) {
                            let length = searched.lengths.fieldnorm_id(doc);
                            let worth = searched.worth.get(usize::from(length)).copied();
                            let worth = worth.unwrap_or_default();
                            tally.add(*chunk, worth * postings.term_freq() as f32);
                        }
                        postings.advance();
                    }
                }
            }
        }
        Ok(())
    }

    /// BM25's inverse document frequency.
    fn rarity(&self, found: usize) -> f32 {
        let (all, found) = (self.chunks.len() as f32, found as f32);
        (1.0 + (all - found + 0.5) / (found + 0.5)).ln()
    }

    fn reward_phrases(
        &self,
        query: &Query,
        worths: &[f32],
        found: &mut [(u32, f32)],
    ) -> Result<(), TantivyError> {
        let mut places: Vec<(u32, usize)> = found
            .iter()
            .enumerate()
            .map(|(at, (chunk, _))| (*chunk, at))
            .collect();
        places.sort_unstable();
        for pair in &query.pairs {
            let word = |at: usize| query.words.get(at).and_then(|word| word.terms.first());
            let (Some(first), Some(second)) = (word(pair.first), word(pair.second)) else {
                continue;
            };
            let worth = |at: usize| worths.get(at).copied().unwrap_or_default();
            let bonus = self.phrases * (worth(pair.first) + worth(pair.second));
            for segment in &self.segments {
                let option = IndexRecordOption::WithFreqsAndPositions;
                let (Some(mut first), Some(mut second)) = (
                    segment.body.postings(first, option)?,
                    segment.body.postings(second, option)?,
                ) else {
                    continue;
                };
                let (mut before, mut after) = (Vec::new(), Vec::new());
                for (doc, at) in segment.documents(&places) {
                    if !stands(&mut first, doc) || !stands(&mut second, doc) {
                        continue;
                    }
                    first.positions_with_offset(pair.gap, &mut before);
                    second.positions(&mut after);
                    let adjacent = before
                        .iter()
                        .any(|position| after.binary_search(position).is_ok());
                    if let Some((_, score)) = found.get_mut(at).filter(|_| adjacent) {
                        *score += bonus;
                    }
                }
            }
        }
        Ok(())
    }

    /// Keeps the best, in order. Equal ones stand in the order of their documents, so that an
    /// answer does not hang on the history of the index.
    fn best(&self, found: &mut Vec<(u32, f32)>, keep: usize) {
        let place = |at: u32| {
            self.chunks
                .get(at as usize)
                .map(|chunk| (chunk.document.as_str(), chunk.place))
        };
        let order = |a: &(u32, f32), b: &(u32, f32)| {
            b.1.total_cmp(&a.1)
                .then_with(|| place(a.0).cmp(&place(b.0)))
        };
        if found.len() > keep && keep > 0 {
            found.select_nth_unstable_by(keep - 1, order);
        }
        found.truncate(keep);
        found.sort_unstable_by(order);
    }
}

impl Segment {
    /// The documents of these chunks that are here, in their order, with the number beside them.
    fn documents(&self, places: &[(u32, usize)]) -> impl Iterator<Item = (u32, usize)> {
        places.iter().filter_map(|(chunk, at)| {
            let nth = chunk.checked_sub(self.first)? as usize;
            Some((*self.documents.get(nth)?, *at))
        })
    }
}

impl Searched {
    fn postings(
        &self,
        term: &str,
        option: IndexRecordOption,
    ) -> Result<Option<SegmentPostings>, TantivyError> {
        let term = Term::from_field_text(self.field, term);
        Ok(self.index.read_postings(&term, option)?)
    }
}

fn stands(postings: &mut SegmentPostings, doc: u32) -> bool {
    postings.doc() <= doc && postings.seek(doc) == doc
}

/// How often a word stands in each chunk.
struct Tally {
    often: Vec<f32>,
    touched: Vec<u32>,
}

impl Tally {
    fn new(chunks: usize) -> Self {
        let (often, touched) = (vec![0.0; chunks], Vec::new());
        Self { often, touched }
    }

    fn add(&mut self, chunk: u32, often: f32) {
        // A field that is left out leaves no trace.
        if let Some(slot) = self.often.get_mut(chunk as usize).filter(|_| often > 0.0) {
            if *slot == 0.0 {
                self.touched.push(chunk);
            }
            *slot += often;
        }
    }

    /// Turns what was counted into scores and begins anew.
    fn settle(&mut self, worth: f32, saturation: f32, scores: &mut [f32]) {
        for chunk in self.touched.drain(..) {
            if let (Some(often), Some(score)) = (
                self.often.get_mut(chunk as usize),
                scores.get_mut(chunk as usize),
            ) {
                *score += worth * *often / (saturation + *often);
                *often = 0.0;
            }
        }
    }
}

/// What one occurrence counts by the length of its field.
fn worth(
    parts: &[Part],
    field: Field,
    factor: f32,
    length: f32,
) -> Result<[f32; 256], TantivyError> {
    let (mut total, mut fields) = (0_u64, 0_u64);
    for Part { reader, .. } in parts {
        let lengths = reader.get_fieldnorms_reader(field)?;
        for doc in reader.doc_ids_alive() {
            let length = lengths.fieldnorm(doc);
            total += u64::from(length);
            fields += u64::from(length > 0);
        }
    }
    let average = total as f32 / fields.max(1) as f32;
    let mut worth = [0.0; 256];
    for (id, worth) in (0..=u8::MAX).zip(&mut worth) {
        let relative = FieldNormReader::id_to_fieldnorm(id) as f32 / average.max(1.0);
        *worth = factor / (1.0 - length + length * relative);
    }
    Ok(worth)
}

/// Counts in how many chunks the terms of a field stand.
fn count(
    searched: &Searched,
    chunks: &[Option<u32>],
    found: &mut HashMap<Box<str>, u32>,
) -> Result<(), TantivyError> {
    let taken_out = chunks.iter().any(Option::is_none);
    let mut terms = searched.index.terms().stream()?;
    while let Some((term, info)) = terms.next() {
        let Ok(term) = std::str::from_utf8(term) else {
            continue;
        };
        let mut often = info.doc_freq;
        if taken_out {
            often = 0;
            let option = IndexRecordOption::Basic;
            let mut postings = searched.index.read_postings_from_terminfo(info, option)?;
            while postings.doc() != TERMINATED {
                let alive = chunks
                    .get(postings.doc() as usize)
                    .is_some_and(Option::is_some);
                often += u32::from(alive);
                postings.advance();
            }
        }
        match found.get_mut(term) {
            Some(found) => *found += often,
            None if often > 0 => drop(found.insert(term.into(), often)),
            None => {}
        }
    }
    Ok(())
}

/// Its contents are a knowledge base.
impl fmt::Debug for Lexical {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut lexical = f.debug_struct("Lexical");
        lexical
            .field("chunks", &self.inner.chunks.len())
            .finish_non_exhaustive()
    }
}
