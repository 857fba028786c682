//! What stands around a chunk, from memory.

use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;

use crate::chunks::Chunk;
use crate::search::Neighbours;

/// The chunks of each document in their order.
#[derive(Clone, Debug)]
pub struct Standing {
    documents: Arc<HashMap<String, Vec<Arc<Chunk>>>>,
}

impl Standing {
    pub fn new(chunks: Arc<[Arc<Chunk>]>) -> Self {
        let mut documents: HashMap<String, Vec<Arc<Chunk>>> = HashMap::new();
        for chunk in chunks.iter() {
            match documents.get_mut(&chunk.document) {
                Some(chunks) => chunks.push(chunk.clone()),
                None => drop(documents.insert(chunk.document.clone(), vec![chunk.clone()])),
            }
        }
        for chunks in documents.values_mut() {
            chunks.sort_by_key(|chunk| chunk.place);
        }
        let documents = Arc::new(documents);
        Self { documents }
    }
}

#[async_trait]
impl Neighbours for Standing {
    async fn around(&self, chunk: &Chunk, reach: u32) -> Vec<Arc<Chunk>> {
        let Some(chunks) = self.documents.get(&chunk.document) else {
            return Vec::new();
        };
        let first = chunk.place.saturating_sub(reach);
        let last = chunk.place.saturating_add(reach);
        let from = chunks.partition_point(|other| other.place < first);
        let near = chunks.iter().skip(from);
        let near = near.take_while(|other| other.place <= last);
        near.filter(|other| other.id != chunk.id).cloned().collect()
    }
}
