//! One state of the index, and the cell that holds the latest.

use std::sync::{Arc, PoisonError, RwLock};

use crate::search::{Neighbours, Search};

/// Everything that one state of the index can be asked. A turn asks one generation only.
#[derive(Clone, Debug)]
pub struct Generation {
    /// All are asked at once. At least one, no name twice.
    pub searches: Vec<Arc<dyn Search>>,
    pub neighbours: Arc<dyn Neighbours>,
}

/// Holds the latest generation. Calls in progress keep the one they have.
#[derive(Debug)]
pub struct Live(RwLock<Arc<Generation>>);

impl Live {
    pub fn new(generation: Generation) -> Self {
        Self(RwLock::new(Arc::new(generation)))
    }

    pub fn current(&self) -> Arc<Generation> {
        // The lock guards one assignment, so a poisoned one still guards a whole generation.
        let current = self.0.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&current)
    }

    pub fn replace(&self, generation: Generation) {
        let generation = Arc::new(generation);
        let mut current = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let last = std::mem::replace(&mut *current, generation);
        drop(current);
        // Closing an index may take a while; nobody has to wait for it.
        drop(last);
    }
}
