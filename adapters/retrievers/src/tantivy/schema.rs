//! How a chunk lies in a tantivy document.

use std::borrow::Cow;

use ::tantivy::TantivyDocument;
use ::tantivy::schema::{
    Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions, Value as _,
};
use ::tantivy::tokenizer::{Token, TokenStream, Tokenizer, TokenizerManager};
use serde::{Deserialize, Serialize};
use voicera::ports::retriever::Span;
use voicera::words::Language;

use super::terms::{Analysis, Term};
use crate::chunks::{Chunk, ChunkId};
use crate::index::{ContentHash, Filed, Indexed};

/// The fields of the index.
#[derive(Clone, Debug)]
pub(super) struct Fields {
    pub(super) schema: Schema,
    /// The document's path, by which it is taken out.
    pub(super) document: Field,
    /// Its hash and path in one term, so that the catalogue is read from the dictionary alone.
    pub(super) filed: Field,
    pub(super) title: Field,
    pub(super) headings: Field,
    pub(super) body: Field,
    chunk: Field,
    vector: Field,
}

impl Fields {
    pub(super) fn new() -> Self {
        let words = |record| {
            let indexing = TextFieldIndexing::default().set_tokenizer(TERMS);
            let indexing = indexing.set_index_option(record).set_fieldnorms(true);
            TextOptions::default().set_indexing_options(indexing)
        };
        let mut schema = Schema::builder();
        let document = schema.add_text_field("document", STRING);
        let filed = schema.add_text_field("filed", STRING);
        let title = schema.add_text_field("title", words(IndexRecordOption::WithFreqs));
        let headings = schema.add_text_field("headings", words(IndexRecordOption::WithFreqs));
        let body = schema.add_text_field("body", words(IndexRecordOption::WithFreqsAndPositions));
        let chunk = schema.add_bytes_field("chunk", STORED);
        let vector = schema.add_bytes_field("vector", STORED);
        Self {
            schema: schema.build(),
            document,
            filed,
            title,
            headings,
            body,
            chunk,
            vector,
        }
    }

    pub(super) fn document(
        &self,
        filed: &Filed,
        indexed: &Indexed,
        analysis: &Analysis,
    ) -> Result<TantivyDocument, serde_json::Error> {
        let chunk = &indexed.chunk;
        let mut document = TantivyDocument::new();
        document.add_text(self.document, &filed.path);
        document.add_text(self.filed, filed_term(filed));
        let language = &chunk.language;
        let mut add = |field, text: &str| {
            document.add_text(field, spelt(&analysis.of_text(text, language)));
        };
        add(self.title, &chunk.title);
        add(self.headings, &chunk.headings.join("\n"));
        add(self.body, &chunk.body());
        document.add_bytes(self.chunk, &serde_json::to_vec(&Record::of(chunk))?);
        if let Some(vector) = &indexed.vector {
            let bytes: Vec<u8> = vector.iter().flat_map(|c| c.to_le_bytes()).collect();
            document.add_bytes(self.vector, &bytes);
        }
        Ok(document)
    }

    /// The chunk of a document, or nothing where it does not hold one.
    pub(super) fn chunk(&self, document: &TantivyDocument) -> Option<Chunk> {
        let bytes = document.get_first(self.chunk)?.as_bytes()?;
        let record: Record<'_> = serde_json::from_slice(bytes).ok()?;
        Some(record.chunk())
    }

    pub(super) fn vector<'a>(
        &self,
        document: &'a TantivyDocument,
    ) -> Option<impl Iterator<Item = f32> + 'a> {
        let bytes = document.get_first(self.vector)?.as_bytes()?;
        let (components, _) = bytes.as_chunks::<4>();
        Some(components.iter().copied().map(f32::from_le_bytes))
    }
}

/// The hash in hexadecimal digits, then the path.
fn filed_term(filed: &Filed) -> String {
    format!("{:?}{}", filed.hash, filed.path)
}

pub(super) fn filed_of_term(term: &str) -> Option<Filed> {
    let (digits, path) = term.split_at_checked(64)?;
    let mut hash = [0_u8; 32];
    for (byte, digits) in hash.iter_mut().zip(digits.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    }
    let (path, hash) = (path.to_owned(), ContentHash(hash));
    Some(Filed { path, hash })
}

/// A chunk as it is stored.
#[derive(Serialize, Deserialize)]
struct Record<'a> {
    id: u128,
    #[serde(borrow)]
    document: Cow<'a, str>,
    #[serde(borrow)]
    title: Cow<'a, str>,
    headings: Vec<String>,
    #[serde(borrow)]
    lead: Cow<'a, str>,
    #[serde(borrow)]
    text: Cow<'a, str>,
    start: usize,
    end: usize,
    place: u32,
    #[serde(borrow)]
    language: Cow<'a, str>,
}

impl<'a> Record<'a> {
    fn of(chunk: &'a Chunk) -> Self {
        Self {
            id: chunk.id.0,
            document: chunk.document.as_str().into(),
            title: chunk.title.as_str().into(),
            headings: chunk.headings.clone(),
            lead: chunk.lead.as_str().into(),
            text: chunk.text.as_str().into(),
            start: chunk.span.start,
            end: chunk.span.end,
            place: chunk.place,
            language: chunk.language.as_str().into(),
        }
    }

    fn chunk(self) -> Chunk {
        Chunk {
            id: ChunkId(self.id),
            document: self.document.into_owned(),
            title: self.title.into_owned(),
            headings: self.headings,
            lead: self.lead.into_owned(),
            text: self.text.into_owned(),
            span: Span {
                start: self.start,
                end: self.end,
            },
            place: self.place,
            language: Language::new(&self.language),
        }
    }
}

const TERMS: &str = "terms";

/// Tantivy's tokenizers, with the one that reads [`spelt`] terms.
pub(super) fn tokenizers() -> TokenizerManager {
    let tokenizers = TokenizerManager::default();
    tokenizers.register(TERMS, Spelt);
    tokenizers
}

/// Terms as one text: a space before a term that stands one place on, a tab before one that
/// stands in the same place. Tantivy's own pre-tokenized text goes through JSON and back, which
/// costs more than the analysis.
fn spelt(terms: &[Term]) -> String {
    let mut spelt = String::new();
    let mut last = u32::MAX;
    for term in terms {
        spelt.push(if term.position == last { '\t' } else { ' ' });
        spelt.push_str(&term.text);
        last = term.position;
    }
    spelt
}

#[derive(Clone)]
struct Spelt;

struct SpeltStream<'a> {
    rest: &'a str,
    token: Token,
}

impl Tokenizer for Spelt {
    type TokenStream<'a> = SpeltStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> SpeltStream<'a> {
        let token = Token::default();
        SpeltStream { rest: text, token }
    }
}

impl TokenStream for SpeltStream<'_> {
    fn advance(&mut self) -> bool {
        let mut chars = self.rest.chars();
        let Some(separator) = chars.next() else {
            return false;
        };
        let rest = chars.as_str();
        let end = rest.find([' ', '\t']).unwrap_or(rest.len());
        let (term, rest) = rest.split_at(end);
        if separator == ' ' {
            self.token.position = self.token.position.wrapping_add(1);
        }
        self.token.text.clear();
        self.token.text.push_str(term);
        self.rest = rest;
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}
