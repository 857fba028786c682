//! Chunks and recipes as the points of a collection.

use std::collections::HashMap;

use ::qdrant_client::qdrant::{PointId, PointStruct, Value, Vector, Vectors};
use sha2::{Digest as _, Sha256};
use voicera::ports::retriever::Span;
use voicera::words::Language;

use super::fault::Fault;
use crate::chunks::{Chunk, ChunkId};
use crate::index::{ContentHash, Indexed, Recipe};

/// What the vector of a chunk is called.
pub(super) const DENSE: &str = "dense";

pub(super) const AGENT: &str = "agent";
pub(super) const DOCUMENT: &str = "document";
pub(super) const HASH: &str = "hash";
pub(super) const LANGUAGE: &str = "language";
pub(super) const PLACE: &str = "place";
pub(super) const RECIPE: &str = "recipe";
pub(super) const BEAT: &str = "beat";

pub(super) type Payload = HashMap<String, Value>;

/// Takes the payloads of one collection apart.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reader<'a>(pub(super) &'a str);

/// The point of a chunk. Chunks without a vector cannot be searched here.
pub(super) fn chunk(
    agent: &str,
    hash: &ContentHash,
    indexed: Indexed,
) -> Result<PointStruct, Fault> {
    let Indexed { chunk, vector } = indexed;
    let Some(vector) = vector else {
        let chunk = chunk.id.to_string();
        return Err(Fault::NoVector { chunk });
    };
    let id = id(&["chunk", agent, &chunk.id.to_string()]);
    let payload = [
        (AGENT, agent.into()),
        ("chunk", chunk.id.to_string().into()),
        (DOCUMENT, chunk.document.into()),
        (HASH, format!("{hash:?}").into()),
        ("title", chunk.title.into()),
        ("headings", chunk.headings.into()),
        ("lead", chunk.lead.into()),
        ("text", chunk.text.into()),
        ("start", (chunk.span.start as i64).into()),
        ("end", (chunk.span.end as i64).into()),
        (PLACE, i64::from(chunk.place).into()),
        // Regions are not told apart when searching, and kept.
        (LANGUAGE, chunk.language.primary().into()),
        ("tag", chunk.language.as_str().into()),
    ];
    Ok(point(id, payload, Some(vector)))
}

/// The point that says how the chunks of an agent were made. It has no vector, so no search finds
/// it, and works with every server, where metadata of collections needs a new one.
pub(super) fn recipe(agent: &str, recipe: &Recipe) -> PointStruct {
    let written = serde_json::to_string(recipe).unwrap_or_default();
    let payload = [(AGENT, agent.into()), (RECIPE, written.into())];
    point(recipe_id(agent), payload, None)
}

/// The point in which a writer shows that it lives.
pub(super) fn lease(beat: i64) -> PointStruct {
    point(lease_id(), [(BEAT, beat.into())], None)
}

pub(super) fn recipe_id(agent: &str) -> PointId {
    id(&["recipe", agent])
}

pub(super) fn lease_id() -> PointId {
    id(&["lease"])
}

pub(super) fn vectors(dense: Option<Vec<f32>>) -> Vectors {
    let named: HashMap<String, Vector> = dense
        .map(|vector| (DENSE.to_owned(), Vector::new_dense(vector)))
        .into_iter()
        .collect();
    named.into()
}

impl Reader<'_> {
    pub(super) fn chunk(&self, payload: &Payload) -> Result<Chunk, Fault> {
        let id = u128::from_str_radix(self.text(payload, "chunk")?, 16);
        let headings = payload.get("headings").and_then(Value::as_list);
        let headings = headings.ok_or(self.lacks("headings"))?;
        Ok(Chunk {
            id: ChunkId(id.map_err(|_| self.lacks("chunk"))?),
            document: self.text(payload, DOCUMENT)?.to_owned(),
            title: self.text(payload, "title")?.to_owned(),
            headings: headings
                .iter()
                .map(|heading| heading.as_str().cloned())
                .collect::<Option<_>>()
                .ok_or(self.lacks("headings"))?,
            lead: self.text(payload, "lead")?.to_owned(),
            text: self.text(payload, "text")?.to_owned(),
            span: Span {
                start: self.number(payload, "start")?,
                end: self.number(payload, "end")?,
            },
            place: self.number(payload, PLACE)?,
            language: Language::new(self.text(payload, "tag")?),
        })
    }

    pub(super) fn recipe(&self, payload: &Payload) -> Result<Recipe, Fault> {
        serde_json::from_str(self.text(payload, RECIPE)?).map_err(|_| self.lacks(RECIPE))
    }

    pub(super) fn hash(&self, payload: &Payload) -> Result<ContentHash, Fault> {
        let written = self.text(payload, HASH)?;
        let bytes = written.as_bytes().chunks(2).map(|pair| {
            let pair = str::from_utf8(pair).ok()?;
            u8::from_str_radix(pair, 16).ok()
        });
        let bytes = bytes.collect::<Option<Vec<u8>>>().unwrap_or_default();
        Ok(ContentHash(bytes.try_into().map_err(|_| self.lacks(HASH))?))
    }

    pub(super) fn text<'p>(
        &self,
        payload: &'p Payload,
        field: &'static str,
    ) -> Result<&'p str, Fault> {
        let value = payload.get(field).and_then(Value::as_str);
        value.map(String::as_str).ok_or_else(|| self.lacks(field))
    }

    fn number<T: TryFrom<i64>>(&self, payload: &Payload, field: &'static str) -> Result<T, Fault> {
        let value = payload.get(field).and_then(Value::as_integer);
        value
            .and_then(|value| T::try_from(value).ok())
            .ok_or_else(|| self.lacks(field))
    }

    fn lacks(&self, field: &'static str) -> Fault {
        Fault::Payload {
            collection: self.0.to_owned(),
            field,
        }
    }
}

fn point<const N: usize>(
    id: PointId,
    payload: [(&str, Value); N],
    vector: Option<Vec<f32>>,
) -> PointStruct {
    let payload = payload.map(|(key, value)| (key.to_owned(), value));
    PointStruct {
        id: Some(id),
        payload: payload.into_iter().collect(),
        vectors: Some(vectors(vector)),
    }
}

/// A UUID of the parts, the same for ever.
fn id(parts: &[&str]) -> PointId {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    let mut uuid = String::with_capacity(36);
    for (place, byte) in hash.finalize().iter().take(16).enumerate() {
        if matches!(place, 4 | 6 | 8 | 10) {
            uuid.push('-');
        }
        uuid.push_str(&format!("{byte:02x}"));
    }
    uuid.into()
}
